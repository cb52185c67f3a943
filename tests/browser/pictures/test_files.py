"""Files in and out: the drawing saved, pictures of every kind opened, and files that cannot be."""

import io
import struct

import numpy as np
import pytest
from PIL import Image, ImageOps

from tests.browser.hand import PAD, lay_out, number
from tests.browser.ink import coverage
from tests.browser.picture_files import encoded, handwriting, open_picture, png_of_grey, reading_of, status

CHUNK = 1 << 22  # as in app/files/checking.py
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
    assert page.get_attribute("body", "data-place") == "picture"


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
    assert page.evaluate("raw.width") <= 1600


@pytest.mark.parametrize(("width", "height"), [(8_000, 6_000), (12_240, 16_320)])
def test_a_photograph_of_a_phone_with_very_many_pixels_is_read(page, width, height):
    """48 and 200 million, which are decoded at reduced size: in Chromium 200 take some 80 MB."""
    photo = Image.new("L", (width, height), 255)
    photo.paste(Image.fromarray(handwriting("4071")).resize((width // 2, width // 4)), (width // 4, height // 3))
    open_picture(page, encoded(photo, "JPEG"), f"{width}.jpg", "image/jpeg")
    assert reading_of(page, f"{width}.jpg") == "4071"
    assert page.evaluate("raw.width / raw.height") == pytest.approx(width / height, rel=0.01)
    assert page.text_content("#status") == "Ready"


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_large_photograph_is_turned_upright(page, orientation):
    large = Image.fromarray(handwriting("247")).resize((6000, 3000))
    turned = large if orientation == 1 else large.transpose(TURNED_BY[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    name = f"large, orientation {orientation}.jpg"
    open_picture(page, encoded(turned, "JPEG", exif=exif), name, "image/jpeg")
    assert reading_of(page, name) == "247"
    assert page.evaluate("raw.width / raw.height") == pytest.approx(2, rel=0.01)


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
    assert page.get_attribute("body", "data-place") == "pad"


def box(kind, brand, *compatible):
    """The beginning of a file of the ISO family: HEIC, AVIF, MP4."""
    body = brand + bytes(4) + b"".join(compatible)
    return struct.pack(">I", 8 + len(body)) + kind + body + bytes(100)


def jpeg_of(width, height, **options):
    """Its header speaks of so many pixels, which it has not."""
    content = bytearray(encoded(Image.new("L", (16, 16)), "JPEG", **options))
    frame = content.index(b"\xff\xc2" if options else b"\xff\xc0")
    content[frame + 5 : frame + 9] = struct.pack(">HH", height, width)
    return bytes(content)


SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><circle r="9"/></svg>'
INCOMPLETE = "did not come whole: its end is missing. Copy or download it again, then open it."
REFUSED = {
    "none.png": (b"", "none.png is empty."),
    "text.png": (b"This is not a picture.", "text.png is a text file, not a picture. Open a photo or a screenshot"),
    "page.jpg": (b"<!DOCTYPE html><p>404", "page.jpg is a web page, not a picture."),
    "unknown.png": (b"\0\1\2\3", "This browser cannot open unknown.png as a picture."),
    "damaged.png": (png_of_grey(300, 200, b""), "This picture could not be decoded. Save it as JPEG or PNG"),
    "header.gif": (encoded(handwriting("1"), "GIF")[:8], "is a GIF picture, but a damaged one"),
    "phone.heic": (box(b"ftyp", b"heic", b"mif1", b"heic"), "is a HEIC photo, which cannot be opened here. Save it as"),
    "heic.jpg": (box(b"ftyp", b"heic", b"mif1", b"heic"), "heic.jpg is a HEIC photo, which cannot be opened here."),
    "scan.tif": (encoded(handwriting("1"), "TIFF"), "is a TIFF or raw camera picture"),
    "paper.pdf": (
        encoded(handwriting("1"), "PDF"),
        "is a PDF document, which cannot be opened here. Take a screenshot of",
    ),
    "pdf.jpg": (encoded(handwriting("1"), "PDF"), "pdf.jpg is a PDF document"),
    "film.mp4": (box(b"ftyp", b"isom", b"iso2", b"mp41"), "is a video"),
    "plan.svg": (SVG, "is an SVG drawing, which cannot be opened here. Take a screenshot of it"),
    "letter.docx": (b"PK\3\4" + bytes(60), "is an office document or an archive"),
    "huge.png": (png_of_grey(10_000, 10_000), "huge.png has 100 million pixels; at most 80 million can be read here."),
    # The same without its pixels: the size is known before any is decoded.
    "hollow.png": (png_of_grey(15_000, 15_000, b""), "hollow.png has 225 million pixels; at most 80 million"),
    "camera.jpg": (
        jpeg_of(20_000, 15_000),
        "at most 250 million can be read here. Take it in a camera mode with fewer",
    ),
    "scans.jpg": (jpeg_of(13_000, 10_000, progressive=True), "has 130 million pixels; at most 120 million can be read"),
}
CUT = {
    "cut.jpg": encoded(handwriting("19624"), "JPEG"),
    "cut in scans.jpg": encoded(handwriting("19624"), "JPEG", progressive=True),
    "cut.png": encoded(handwriting("19624")),
    "cut.webp": encoded(Image.fromarray(handwriting("19624")), "WEBP"),
    "cut.bmp": encoded(handwriting("19624"), "BMP"),
}


@pytest.mark.parametrize("share", [0.01, 0.3, 0.6, 0.8, 0.95])
@pytest.mark.parametrize("name", CUT)
def test_a_picture_that_did_not_come_whole_is_not_read(page, hand, name, share):
    """At 0.6 of the first Firefox read 19671."""
    hand.write("2")
    assert number(page) == "2"
    open_picture(page, CUT[name][: int(len(CUT[name]) * share)], name)
    if share == 0.01 and name != "cut.jpg":
        status(page, name)  # too little to tell
    else:
        status(page, f"{name} {INCOMPLETE}")
    assert number(page) == "2"
    assert page.text_content("#source") == "Your drawing"


def film(size):
    """As a phone appends one to a photograph that moves."""
    return struct.pack(">I", 24) + b"ftypmp42" + bytes(12) + np.random.default_rng(0).bytes(size)


@pytest.mark.parametrize("name", ["moves.jpg", "moves on.jpg", "second.jpg", "thumbnail.jpg", "more.png"])
def test_a_whole_picture_with_more_in_its_file_is_read(page, tmp_path, name):
    photo = encoded(handwriting("19624"), "JPEG")
    content = {
        "moves.jpg": photo + film(3_000),
        "moves on.jpg": photo + film(9_000_001),  # more than is searched at once
        "second.jpg": photo + encoded(handwriting("5"), "JPEG"),
        "thumbnail.jpg": encoded(handwriting("19624"), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0" + photo),
        "more.png": encoded(handwriting("19624")) + film(5_000_000),
    }[name]
    (tmp_path / name).write_bytes(content)
    page.set_input_files("#image", tmp_path / name)
    assert reading_of(page, name) == "19624"
    assert page.text_content("#status") == "Ready"


def test_a_long_file_is_searched_for_its_end(page, tmp_path):
    """Some megabytes at a time, from which a pair of bytes may stick out."""
    photo = encoded(handwriting("19624"), "JPEG")
    longer = photo[:-2] + b"\xff\0\x12\x34" * 2_500_000
    (tmp_path / "long.jpg").write_bytes(longer)
    page.set_input_files("#image", tmp_path / "long.jpg")
    status(page, f"long.jpg {INCOMPLETE}")
    begin = longer.index(b"\xff\xda") + 14  # of what is searched: after the segment that begins the scan
    for where in (2, 1, 0, -1):
        at = begin + CHUNK - where
        (tmp_path / f"ends {where}.jpg").write_bytes(longer[:at] + b"\xff\xd9")
        page.set_input_files("#image", tmp_path / f"ends {where}.jpg")
        reading_of(page, f"ends {where}.jpg")


WRONG_NAMES = [("JPEG", "photo.heic", "image/heic"), ("JPEG", "photo.png", "image/png"), ("PNG", "scan.jpg", "image/jpeg"),
               ("WEBP", "photo.jpg", "image/jpeg"), ("JPEG", "photo.pdf", "application/pdf")]  # fmt: skip


@pytest.mark.parametrize(("form", "name", "kind"), WRONG_NAMES)
def test_what_a_picture_is_its_content_says(page, form, name, kind):
    open_picture(page, encoded(Image.fromarray(handwriting("35")), form), name, kind)
    assert reading_of(page, name) == "35"
    assert page.text_content("#status") == "Ready"


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
    for words in ("PNG, JPEG, WebP, GIF, BMP", "100 MB", "80 million pixels"):
        assert words in ways


def test_the_file_input_offers_camera_and_gallery(page):
    """On Android a list of picture types alone opens a chooser without a camera; `capture` one without a gallery."""
    kinds = page.get_attribute("#image", "accept").split(",")
    assert "image/*" in kinds
    assert any(not kind.startswith(("image/", "video/")) for kind in kinds)
    assert page.get_attribute("#image", "capture") is None
