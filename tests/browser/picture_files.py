"""Makes picture files of the tests' own handwriting, and brings them to the page as a person does."""

import io
import re
import struct
import zlib

import numpy as np
from PIL import Image

from tests.browser.hand import PAD, lay_out
from training.data.strokes import draw

AS_PHONE = {"has_touch": True, "is_mobile": True, "device_scale_factor": 2}


def handwriting(text):
    """Dark ink on white paper, uint8 (height, width)."""
    strokes = [np.array(stroke, np.float32) for stroke in lay_out(text)]
    ink = draw(strokes, PAD["brush"], (PAD["height"], PAD["width"]))
    return np.uint8(255 - 255 * ink)


ROWS = ["4713", "528", "30941", "67", "2385", "914", "7046", "152"]


def page_of(rows):
    """A uint8 page, a row of numbers below the other."""
    return np.concatenate([handwriting(text)[50:350] for text in rows])[::2, ::2]


def doubtful_lines():
    """Two lines of digits and a mark that is none at the end of each."""
    lines = np.concatenate([handwriting("907")[:, :800], handwriting("31")[:, :800]])
    y, x = np.mgrid[:130, :130]
    for top in (140, 540):
        lines[top : top + 130, 640:770][(x // 9 + y // 9) % 2 == 0] = 0
    return lines


def encoded(image, form="PNG", **options):
    file = io.BytesIO()
    image = image if isinstance(image, Image.Image) else Image.fromarray(image)
    image.save(file, form, **options)
    return file.getvalue()


def png_chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of_grey(width, height, rows=None):
    """A PNG of one grey level: few bytes, many pixels. rows: its compressed rows, where they are not to be whole."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    whole = zlib.compress(bytes((1 + (width + 7) // 8) * height), 1)
    body = whole if rows is None else rows
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", body) + png_chunk(b"IEND", b"")


def press(page, selector):
    """With the finger on a phone, with the mouse elsewhere."""
    target = page.locator(selector)
    greyed = target.get_attribute("aria-disabled") == "true"  # it can be pressed all the same, and does nothing
    if page.evaluate("navigator.maxTouchPoints"):
        target.tap(force=greyed)
    else:
        target.click(force=greyed)


def open_picture(page, content, name="picture.png", kind="image/png"):
    """Through the file chooser."""
    with page.expect_file_chooser() as chooser:
        press(page, "label[for=image]")
    chooser.value.set_files({"name": name, "mimeType": kind, "buffer": content})


class Drag:
    """Drags files of this machine, or `items` that are none, over the page as a desktop does."""

    def __init__(self, page, *paths, items=()):
        self.session = page.context.new_cdp_session(page)
        self.data = {"items": list(items), "files": [str(path) for path in paths], "dragOperationsMask": 1}

    def _send(self, kind, x, y):
        self.session.send("Input.dispatchDragEvent", {"type": kind, "x": x, "y": y, "data": self.data})

    def over(self, x, y):
        self._send("dragEnter", x, y)
        self._send("dragOver", x, y)

    def leave(self):
        """The window."""
        self._send("dragOver", -20, -20)

    def drop(self, x, y):
        self.over(x, y)
        self._send("drop", x, y)


COPY = """async ([bytes, kind]) => {
  const blob = new Blob([new Uint8Array(bytes)], {type: kind});
  await navigator.clipboard.write([new ClipboardItem({[kind]: blob})]);
}"""


def put_on_clipboard(page, content, kind):
    """As another program would; the page's context needs the clipboard's permissions."""
    page.evaluate(COPY, [list(content), kind])


def status(page, words):
    """The status line, once it says these words."""
    page.locator("#status", has_text=words).wait_for()
    return page.text_content("#status")


def reading_of(page, name):
    """The text read, once it is that of the picture `name`."""
    page.locator("#source", has_text=re.compile(f"^{re.escape(name)}$")).wait_for()
    page.wait_for_selector("#number[data-state=done]")
    return page.text_content("#number")
