"""Files in and out: the drawing saved, pictures of every kind opened, and files that cannot be."""

import io
import struct

import numpy as np
import pytest
from PIL import Image, ImageOps

from tests.browser.hand import PAD, lay_out, number
from tests.browser.ink import coverage
from tests.browser.picture_files import encoded, handwriting, open_picture, png_of_grey, reading_of, status

TURNED_BY = {  # EXIF orientation -> what a camera that writes it has done to the upright picture
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


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
    assert page.evaluate("[raw.width, raw.height]") == [PAD["width"], PAD["height"]]
    assert not coverage(page).any()  # the pad is left alone
    assert page.get_attribute("#sheet", "data-aside") is not None


def animated(*texts):
    frames = [Image.fromarray(handwriting(text)) for text in texts]
    return encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=50, loop=0)


def on_transparent(text):
    """Black ink that stands in alpha alone, as drawing programs save it."""
    image = np.zeros((PAD["height"], PAD["width"], 4), np.uint8)
    image[..., 3] = 255 - handwriting(text)
    return image


KINDS = {
    "grey.png": lambda text: encoded(handwriting(text)),
    "transparent.png": lambda text: encoded(on_transparent(text)),
    "palette.png": lambda text: encoded(Image.fromarray(handwriting(text)).quantize(16)),
    "bilevel.png": lambda text: encoded(Image.fromarray(handwriting(text)).convert("1")),
    "photo.jpg": lambda text: encoded(handwriting(text), "JPEG", quality=80),
    "cmyk.jpg": lambda text: encoded(Image.fromarray(handwriting(text)).convert("CMYK"), "JPEG"),
    "photo.webp": lambda text: encoded(Image.fromarray(handwriting(text)).convert("RGB"), "WEBP", quality=70),
    "photo.avif": lambda text: encoded(Image.fromarray(handwriting(text)).convert("RGB"), "AVIF"),
    "still.gif": lambda text: encoded(handwriting(text), "GIF"),
    "animated.gif": lambda text: animated(text, "99", "88"),  # its first frame counts
    "scan.bmp": lambda text: encoded(handwriting(text), "BMP"),
    "named wrongly.txt": lambda text: encoded(handwriting(text)),
}


@pytest.mark.parametrize("name", KINDS)
def test_a_picture_of_any_kind_that_the_browser_knows_is_read(page, name):
    open_picture(page, KINDS[name]("35"), name, "")
    assert reading_of(page, name) == "35"
    assert page.text_content("#status") == "Ready"


@pytest.mark.parametrize("orientation", TURNED_BY)
def test_a_photograph_is_turned_upright(page, orientation):
    upright = Image.fromarray(handwriting("247"))
    turned = upright if orientation == 1 else upright.transpose(TURNED_BY[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    content = encoded(turned, "JPEG", quality=92, exif=exif)
    again = ImageOps.exif_transpose(Image.open(io.BytesIO(content)))
    assert np.abs(np.subtract(again, upright, dtype=float)).mean() < 2  # the table above is right
    name = f"orientation {orientation}.jpg"
    open_picture(page, content, name, "image/jpeg")
    assert reading_of(page, name) == "247"
    assert page.evaluate("[raw.width, raw.height]") == [PAD["width"], PAD["height"]]


def test_a_large_photograph_is_read(page):
    large = np.asarray(Image.fromarray(handwriting("58")).resize((5600, 2800)))
    open_picture(page, encoded(large, "JPEG"), "large.jpg", "image/jpeg")
    assert number(page) == "58"
    assert page.evaluate("raw.width") <= 1024


def test_a_picture_longer_than_any_canvas_is_read(page):
    """It stayed blank, and no browser says so."""
    sheet = Image.new("L", (200, 66_000), 255)
    sheet.paste(Image.fromarray(handwriting("35")).resize((200, 100)), (0, 0))
    open_picture(page, encoded(sheet), "long.png")
    assert reading_of(page, "long.png") == "35"


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


def box(kind, brand, *compatible):
    """The beginning of a file of the ISO family: HEIC, AVIF, MP4."""
    body = brand + bytes(4) + b"".join(compatible)
    return struct.pack(">I", 8 + len(body)) + kind + body + bytes(100)


SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><circle r="9"/></svg>'
REFUSED = {
    "none.png": (b"", "none.png is empty."),
    "text.png": (b"This is not a picture.", "This browser cannot open text.png as a picture."),
    "cut off late.png": (encoded(handwriting("1"))[:200], "This picture could not be decoded. Save it as JPEG or PNG"),
    "cut off early.jpg": (encoded(handwriting("1"), "JPEG")[:20], "is a JPEG picture, but a damaged one"),
    "phone.heic": (box(b"ftyp", b"heic", b"mif1", b"heic"), "is a HEIC photo, which cannot be opened here. Save it as"),
    "scan.tif": (encoded(handwriting("1"), "TIFF"), "is a TIFF or raw camera picture"),
    "paper.pdf": (encoded(handwriting("1"), "PDF"), "is a PDF document"),
    "film.mp4": (box(b"ftyp", b"isom", b"iso2", b"mp41"), "is a video"),
    "plan.svg": (SVG, "is an SVG drawing"),
    "letter.docx": (b"PK\3\4" + bytes(60), "is an office document or an archive"),
    "huge.png": (png_of_grey(10_000, 10_000), "huge.png has 100 million pixels; at most 80 million can be read."),
    # The same without its pixels: the size is known before any is decoded.
    "hollow.png": (png_of_grey(15_000, 15_000, b""), "hollow.png has 225 million pixels; at most 80 million"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_said_and_the_drawing_stays(page, hand, name):
    content, message = REFUSED[name]
    hand.write("2")
    assert number(page) == "2"
    drawn = coverage(page)
    open_picture(page, content, name, "")
    status(page, message)
    assert number(page) == "2"
    assert np.array_equal(coverage(page), drawn)
    hand.draw([[(700, 350)]])
    assert page.text_content("#status") == "Ready"  # the complaint goes with the next stroke


def test_a_complaint_goes_with_the_next_picture(page):
    open_picture(page, b"", "none.png")
    status(page, "is empty")
    open_picture(page, encoded(handwriting("4")))
    assert page.text_content("#status") == "Ready"
    assert reading_of(page, "picture.png") == "4"


def test_a_file_of_too_many_bytes_is_not_loaded(page, tmp_path):
    large = tmp_path / "large.bmp"
    with large.open("wb") as file:
        file.truncate(120_000_000)
    page.set_input_files("#image", large)
    status(page, "large.bmp is 120 MB large; at most 100 MB can be read.")


def test_a_picture_of_one_pixel_holds_no_digit(page):
    open_picture(page, encoded(np.zeros((1, 1, 3), np.uint8)), "dot.png")
    assert reading_of(page, "dot.png") == ""
    assert page.text_content("#verdict") == "No digit found."


def test_the_page_states_its_limits(page):
    ways = page.text_content("#ways")
    for words in ("PNG, JPEG, WebP, GIF, BMP", "80 million pixels", "100 MB"):
        assert words in ways


def test_the_file_input_offers_camera_and_gallery(page):
    """On Android a list of picture types alone opens a chooser without a camera; `capture` one without a gallery."""
    kinds = page.get_attribute("#image", "accept").split(",")
    assert "image/*" in kinds
    assert any(not kind.startswith(("image/", "video/")) for kind in kinds)
    assert page.get_attribute("#image", "capture") is None
