"""Files in and out: the drawing saved, pictures opened, and pictures that cannot be."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from tests.browser.hand import PAD, lay_out, number
from tests.browser.ink import coverage, pixels
from training.strokes import draw


def handwriting(text):
    """Dark ink on white paper, uint8 (height, width)."""
    strokes = [np.array(stroke, np.float32) for stroke in lay_out(text)]
    ink = draw(strokes, PAD["brush"], (PAD["height"], PAD["width"]))
    return np.uint8(255 - 255 * ink)


def encoded(image, form="PNG", **options):
    file = io.BytesIO()
    Image.fromarray(image).save(file, form, **options)
    return file.getvalue()


def open_picture(page, content, name="picture.png", kind="image/png"):
    page.set_input_files("#image", {"name": name, "mimeType": kind, "buffer": content})


def huge_png(width, height):
    """A PNG of one grey level: few bytes, many pixels."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((1 + (width + 7) // 8) * height), 1)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_the_drawing_is_saved_as_dark_ink_on_white(page, hand):
    hand.write("36")
    with page.expect_download() as download:
        hand.press("#save")
    assert download.value.suggested_filename == "number.png"
    saved = np.asarray(Image.open(download.value.path()))
    assert saved.shape == (PAD["height"], PAD["width"], 4)
    assert (saved[..., 3] == 255).all()
    assert np.abs(saved[..., :3] / 255 - (1 - coverage(page)[..., None])).max() <= 1 / 255


def test_a_picture_is_read_and_shown(page):
    open_picture(page, encoded(handwriting("407")))
    assert number(page) == "407"
    assert page.text_content("#source") == "picture.png"
    assert pixels(page, "#raw").shape[:2] == (PAD["height"], PAD["width"])
    assert not coverage(page).any()  # the pad is left alone
    assert page.get_attribute("#sheet", "data-aside") is not None


def test_a_photograph_lying_on_its_side_is_turned_upright(page):
    sideways = np.rot90(handwriting("24"))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees clockwise
    open_picture(page, encoded(sideways, "JPEG", quality=92, exif=exif), "p.jpg", "image/jpeg")
    assert number(page) == "24"


def test_a_large_photograph_is_read(page):
    large = np.asarray(Image.fromarray(handwriting("58")).resize((5600, 2800)))
    open_picture(page, encoded(large, "JPEG"), "large.jpg", "image/jpeg")
    assert number(page) == "58"
    assert page.evaluate("raw.width") <= 1024


def test_the_same_file_can_be_opened_again(page, hand):
    content = encoded(handwriting("6"))
    open_picture(page, content)
    assert number(page) == "6"
    hand.write("1")
    assert number(page) == "1"
    open_picture(page, content)
    assert number(page) == "6"


def test_drawing_returns_to_the_pad(page, hand):
    hand.draw(lay_out("17")[:1])
    assert number(page) == "1"
    open_picture(page, encoded(handwriting("9")))
    assert number(page) == "9"
    hand.draw(lay_out("17")[1:])
    assert number(page) == "17"
    assert page.text_content("#source") == "Your drawing"
    assert page.get_attribute("#sheet", "data-aside") is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "cannot open"),
        (b"This is not a picture.", "cannot open"),
        (encoded(handwriting("1"))[:200], "could not be opened|cannot open"),
        (huge_png(10_000, 10_000), "100 million pixels"),
    ],
    ids=["empty", "text", "truncated", "huge"],
)
def test_what_cannot_be_read_is_said_and_the_drawing_stays(page, hand, content, message):
    hand.write("2")
    assert number(page) == "2"
    drawn = coverage(page)
    open_picture(page, content, "broken.png")
    page.wait_for_selector(f"#status:text-matches('{message}')")
    assert number(page) == "2"
    assert np.array_equal(coverage(page), drawn)
    hand.draw([[(700, 350)]])
    assert page.text_content("#status") == "Ready"  # the complaint goes with the next stroke


def test_a_picture_of_one_pixel_holds_no_digit(page):
    open_picture(page, encoded(np.zeros((1, 1, 3), np.uint8)), "dot.png")
    page.wait_for_selector("#source:text('dot.png')")
    assert number(page) == ""
    assert page.text_content("#verdict") == "No digit found."
