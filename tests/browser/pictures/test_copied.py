"""Pictures in copied HTML, as Google Docs, Word, Excel and web pages bring them, pasted and dropped."""

import base64
import importlib.util
import sys
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from building.common import ROOT
from tests.browser.hand import number, wait_until_ready
from tests.browser.ink import coverage
from tests.browser.picture_files import Drag, encoded, handwriting, open_picture, reading_of, status

ON_ANOTHER_SITE = "That picture lies on another site: save it and open the file."
NAME_ALONE = "Only the name of that picture was copied: save it and open the file."
UNUSABLE = "The picture in what was copied cannot be used: save it and open the file."
NONE = "There is no picture on the clipboard. Copy a picture, then paste it here."

# What the clipboard holds at once, as a program puts it there: [[kind, bytes]].
COPY = """async (things) => {
  const blobs = things.map(([kind, bytes]) => [kind, new Blob([new Uint8Array(bytes)], {type: kind})]);
  await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
}"""
# Chromium cleans HTML on its way to the clipboard and makes every picture anew, so what other programs leave there is handed
# over in an event.
PASTE = """([html, files]) => {
  const data = new DataTransfer();
  if (html !== null) data.setData("text/html", html);
  for (const [name, type, bytes] of files) data.items.add(new File([new Uint8Array(bytes)], name, {type}));
  const event = new ClipboardEvent("paste", {bubbles: true, cancelable: true, clipboardData: data});
  document.activeElement.dispatchEvent(event);
}"""


@pytest.fixture(scope="module")
def visit(visits):
    visit = visits(permissions=["clipboard-read", "clipboard-write"])
    wait_until_ready(visit.page)
    return visit


def address(content, kind="image/png"):
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def image(text, form="PNG"):
    return f'<img width="80" src="{address(encoded(handwriting(text), form), "image/" + form.lower())}">'


def paste(page, html, *files):
    page.evaluate(PASTE, [html, [[name, kind, list(content)] for name, kind, content in files]])


def as_lines(html):
    """Base64 as mail programs break it."""
    begin, rest = html.split("base64,")
    return begin + "base64,\n" + "\r\n".join(rest[i : i + 76] for i in range(0, len(rest), 76))


def escaped(picture):
    kind, code = address(encoded(picture)).split(",")
    return kind + "," + code.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")


@pytest.fixture(scope="module")
def source_in():
    """The function of app/pictures/copied.py, without a browser."""
    stubs = {"pyscript": {"window": None}, "pyscript.ffi": {"to_js": None}}
    spec = importlib.util.spec_from_file_location("copied", ROOT / "site" / "app" / "pictures" / "copied.py")
    copied = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        for name, held in stubs.items():
            stub = ModuleType(name)
            stub.__dict__.update(held)
            patch.setitem(sys.modules, name, stub)
        spec.loader.exec_module(copied)
    return copied.source_in


@pytest.mark.parametrize(
    ("tag", "source"),
    [
        ('<img src="abc">', 'abc"'),
        ("<img\nwidth=80 src=abc alt=x>", "abc alt"),
        ("<img alt=\"a > b\" data-src=x hidden / SRC = 'abc'>", "abc'"),
        ("<img/src=abc>", "abc>"),
        ("<img alt=' src=no ' src=abc>", "abc>"),
        ("<img src>", None),
        ("<img alt='src=no", None),
        ("<img>src='no'", None),
        ("<img", None),
    ],
)
def test_where_a_tag_names_its_source(source_in, tag, source):
    at, ends = source_in(tag)
    if source is None:
        assert (at, ends) == (-1, "")
    else:
        assert tag[at:].startswith(source)
        assert not set(source[:3]) & set(ends)
        assert source[3] in ends


@given(st.text("<img scr='\">/= \n", max_size=60))
def test_any_tag_has_a_source_or_none(source_in, rest):
    at, ends = source_in("<img" + rest)
    assert (4 < at <= 4 + len(rest) and ends) or (at, ends) == (-1, "")


PASTED = {
    "of a document": f"<meta charset='utf-8'><b id='docs-internal-guid-1'><p>Total: {image('63')}</p></b>",
    "JPEG": image("63", "JPEG"),
    "in lines": as_lines(image("63")),
    "capitals": image("63").replace("data:image/png;base64", "DATA:Image/PNG;BASE64"),
    "with a charset": image("63").replace("image/png;", "image/png;charset=utf-8;"),
    "escaped": f'<img src="{escaped(handwriting("63"))}">',
    "in other words": image("63")
    .replace("<img", "<IMG alt='a > b' data-src=x\n hidden / class = c")
    .replace("src", "SRC"),
    "without quotation marks": image("63").replace('"', ""),
    "in single ones": image("63").replace('"', "'"),
    "beside smaller ones": f"{image('63')}<img src='{address(encoded(np.zeros((1, 1), np.uint8)))}'>",
    "beside one elsewhere": f"<img src='https://example.org/logo.png'>{image('63')}",
    "of another kind than it says": image("63").replace("image/png", "image/webp"),
}


@pytest.mark.parametrize("name", PASTED)
def test_a_picture_in_html_is_read(page, name):
    paste(page, PASTED[name])
    assert reading_of(page, "Pasted picture") == "63"
    assert page.text_content("#status") == "Ready"


def test_what_the_clipboard_holds_is_read(page):
    """With real keys."""
    page.evaluate(COPY, [["text/html", list(image("81").encode())]])
    page.keyboard.press("Control+V")
    assert reading_of(page, "Pasted picture") == "81"


def test_a_large_one_is_read(page):
    """Some megabytes, with a length that no piece of it divides."""
    noise = np.random.default_rng(0).integers(215, 256, (1400, 2800), np.uint8)
    photo = np.minimum(noise, np.asarray(Image.fromarray(handwriting("528")).resize((2800, 1400))))
    text = "é€<p style='color: red'>" * 9_000  # a tag lies across the end of a piece
    html = f'{text}<img src="{address(encoded(photo) + b"!")}">{text}'
    assert len(html) > 2_000_000
    paste(page, html)
    assert reading_of(page, "Pasted picture") == "528"


def test_an_older_browser_reads_it_too(visits):
    visit = visits(script="delete Uint8Array.fromBase64")
    wait_until_ready(visit.page)
    paste(visit.page, PASTED["in lines"])
    assert reading_of(visit.page, "Pasted picture") == "63"
    paste(visit.page, "<img src='data:image/png;base64,AAAAA'>")
    status(visit.page, UNUSABLE)
    assert visit.complaints == []


NOT_TAKEN = {
    "of another site": ("<p>A <img src='https://example.org/5.png'></p>", ON_ANOTHER_SITE),
    "of another site, in short": ("<img src='//example.org/5.png'>", ON_ANOTHER_SITE),
    "of a file": ("<img src='file:///C:/Users/a/Temp/clip_image001.png'>", NAME_ALONE),
    "of a message": ("<img src='cid:image001.png@01'>", NAME_ALONE),
    "without a picture": ("<table><tr><td>12</td></tr></table>", NONE),
    "without an address": ("<img alt='12'>", NONE),
    "that is no base64": ("<img src='data:image/png;base64,%&!'>", UNUSABLE),
    "cut off": ("<img src='data:image/png;base64,AAAAA'>", UNUSABLE),
    "not in base64": ("<img src='data:image/svg+xml,%3Csvg/%3E'>", UNUSABLE),
    "without bytes": ("<img src='data:image/png;base64,'>", "Pasted picture is empty."),
    "of words": ("<img src='data:image/png;base64,QnV5IG1pbGsu'>", "Pasted picture is a text file"),
    "that would run": ("<img src='x' onerror='document.title = 1'><script>document.title = 2</script>", NAME_ALONE),
    "as style alone": ("<p style='background: url(https://example.org/5.png)'>5</p>", NONE),
}


@pytest.mark.parametrize("name", NOT_TAKEN)
def test_html_without_a_picture_to_take_is_said_and_nothing_is_lost(page, hand, name):
    """Nothing is asked of another site: see `outside`."""
    html, sentence = NOT_TAKEN[name]
    hand.write("5")
    assert number(page) == "5"
    drawn = coverage(page)
    paste(page, html)
    status(page, sentence)
    assert number(page) == "5"
    assert np.array_equal(coverage(page), drawn)
    assert page.title() not in ("1", "2")


def test_a_file_wins_over_html(page):
    """Excel brings a picture of the cells, and the cells."""
    cells = "<table><tr><td>99<img src='https://example.org/5.png'></td></tr></table>"
    paste(page, cells, ("image.png", "image/png", encoded(handwriting("47"))))
    assert reading_of(page, "Pasted picture") == "47"
    files = [("notes.txt", "text/plain", b"Buy milk."), ("none.png", "image/png", b""),
             ("12.png", "image/png", encoded(handwriting("12")))]  # fmt: skip
    paste(page, cells, *files)
    assert reading_of(page, "12.png") == "12"
    assert page.text_content("#status") == "Of 3 files only 12.png is a picture."


def test_an_empty_picture_is_said_and_what_was_read_stays(page):
    open_picture(page, encoded(handwriting("22")), "22.png")
    assert reading_of(page, "22.png") == "22"
    paste(page, None, ("image.png", "image/png", b""))
    status(page, "The copied picture is empty.")
    assert reading_of(page, "22.png") == "22"
    paste(page, image("63"), ("image.png", "image/png", b""))  # the HTML may hold what the file does not
    assert reading_of(page, "Pasted picture") == "63"


@pytest.mark.parametrize(
    ("html", "read", "sentence"),
    [(image("63"), "63", "Ready"), ("<img src='https://example.org/5.png'>", "", ON_ANOTHER_SITE)],
)
def test_a_picture_is_dragged_from_another_page(page, html, read, sentence):
    Drag(page, items=[{"mimeType": "text/html", "data": html}]).drop(100, 200)
    status(page, sentence)
    if read:
        assert reading_of(page, "Dropped picture") == read
    assert number(page) == read


def test_what_is_drawn_meanwhile_stays(page, hand):
    page.evaluate("""() => {
      const text = Blob.prototype.text;
      Blob.prototype.text = async function () {
        await new Promise(resolve => setTimeout(resolve, 300));
        Blob.prototype.text = text;
        return text.call(this);
      };
    }""")
    paste(page, image("63"))
    hand.write("1")
    assert number(page) == "1"
    page.wait_for_timeout(600)
    assert page.text_content("#source") == "Your drawing"
