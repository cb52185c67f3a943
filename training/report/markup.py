"""HTML and SVG from plain values. Whatever is not markup already is escaped, so that no label, name or path can be."""

import base64
import html
import io
from pathlib import Path

from PIL import Image

SPACES = "\n\u00a0"  # that are kept, though str.isprintable knows them not
STYLE = Path(__file__).with_name("style.css")
# Nothing is fetched from anywhere, whatever the content says.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


class Markup(str):
    """Text that is markup."""


def text(value):
    """A value as markup: escaped unless it is markup already; what can't be printed becomes U+FFFD."""
    if isinstance(value, Markup):
        return value
    clean = "".join(c if c.isprintable() or c in SPACES else "\ufffd" for c in str(value))
    return Markup(html.escape(clean))


def join(parts, between=""):
    return Markup(text(between).join(text(part) for part in parts))


def tag(name, /, *children, **attributes):
    """An element. Attributes that are None are left out; `class_` is class, and `_` stands for `-` elsewhere."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{text(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    if not children and name in ("meta", "img", "path", "line", "rect", "circle", "polyline", "polygon"):
        return Markup(f"<{name}{written} />")
    return Markup(f"<{name}{written}>{join(children)}</{name}>")


def table(caption, head, rows, note=None):
    """A table with a caption; the first cell of each row is its heading. Scrolls by itself where it is too wide."""
    if not rows:
        return Markup("")
    body = [
        tag("tr", tag("th", row[0], scope="row"), *(cell if _is_cell(cell) else tag("td", cell) for cell in row[1:]))
        for row in rows
    ]
    made = tag(
        "table",
        tag("caption", caption),
        tag("thead", tag("tr", *(tag("th", each, scope="col") for each in head))),
        tag("tbody", *body),
    )
    return join(
        [
            tag("div", made, class_="scroll", tabindex="0", role="region", aria_label=caption),
            tag("p", note, class_="note") if note else "",
        ]
    )


def _is_cell(value):
    return isinstance(value, Markup) and value.startswith("<td")


def section(name, title, *parts):
    return tag("section", tag("h2", title, id=name), *parts)


def paragraph(*parts):
    return tag("p", *parts)


def picture(pixels, alt, width):
    """An image of uint8 pixels (H, W) or (H, W, 4), with its bytes in the page; `width` px wide."""
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG", optimize=True)
    source = "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()
    height = round(width * pixels.shape[0] / pixels.shape[1])
    return tag("img", src=source, alt=alt, width=width, height=height)


def document(title, lead, sections):
    """The whole page. sections: [(name, title, markup)]."""
    contents = tag(
        "nav",
        tag("ul", *(tag("li", tag("a", title, href=f"#{name}")) for name, title, _ in sections)),
        aria_label="Contents",
    )
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", http_equiv="Content-Security-Policy", content=POLICY),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", title),
        tag("style", Markup(STYLE.read_text("utf-8"))),
    )
    main = tag("main", tag("h1", title), lead, contents, *(section(*each) for each in sections))
    return "<!DOCTYPE html>\n" + tag("html", head, "\n", tag("body", main), lang="en") + "\n"
