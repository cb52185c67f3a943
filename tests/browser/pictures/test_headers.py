"""app/files/headers.py without a browser: sizes and ends of files that Pillow makes, cut and with more behind them."""

import importlib.util
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from building.common import ROOT
from tests.browser.picture_files import encoded, png_chunk

spec = importlib.util.spec_from_file_location("headers", ROOT / "site" / "app" / "files" / "headers.py")
headers = importlib.util.module_from_spec(spec)
spec.loader.exec_module(headers)


def header(content):
    """As app/files/checking.py has it, of bytes instead of a file."""
    looking = headers.look(len(content))
    try:
        start, wanted = next(looking)
        while True:
            assert start >= 0
            if isinstance(wanted, bytes):
                answer = content.find(wanted, start)
            else:
                assert wanted > 0
                answer = content[start : start + wanted]
            start, wanted = looking.send(answer)
    except StopIteration as end:
        return end.value


def scribble(width, height, mode="RGB"):
    """What does not pack to nothing, the same each time."""
    noise = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)
    return Image.fromarray(noise).convert(mode)


def exif_with_thumbnail():
    """An EXIF part whose thumbnail is a JPEG of its own, with an end of its own."""
    thumbnail = encoded(scribble(40, 30), "JPEG")
    assert b"\xff\xd9" in thumbnail
    return b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0" + thumbnail


LARGE_PROFILE = bytes(range(256)) * 900  # four parts of a JPEG, with every pair of bytes
FORMS = {
    "baseline": ("JPEG", {}),
    "progressive": ("JPEG", {"progressive": True}),
    "optimised": ("JPEG", {"optimize": True, "quality": 30}),
    "with a thumbnail": ("JPEG", {"exif": exif_with_thumbnail()}),
    "progressive with a thumbnail": ("JPEG", {"progressive": True, "exif": exif_with_thumbnail()}),
    "with a profile": ("JPEG", {"icc_profile": LARGE_PROFILE}),
    "with a comment": ("JPEG", {"comment": b"\xff\xd9" * 20}),
    "PNG": ("PNG", {}),
    "PNG with a profile": ("PNG", {"icc_profile": LARGE_PROFILE}),
    "lossy WebP": ("WEBP", {}),
    "lossless WebP": ("WEBP", {"lossless": True}),
    "WebP with more": ("WEBP", {"icc_profile": LARGE_PROFILE}),
    "BMP": ("BMP", {}),
}
SIZES = st.tuples(st.integers(1, 90), st.integers(1, 90))


@given(st.sampled_from(sorted(FORMS)), SIZES, st.sampled_from(["L", "RGB"]), st.binary(max_size=80))
def test_size_and_end_of_a_whole_file(form, size, mode, after):
    """Whatever a camera appends to it."""
    kind, options = FORMS[form]
    found = header(encoded(scribble(*size, mode), kind, **options) + after)
    assert (found.size, found.whole) == (size, True)
    assert found.is_jpeg == (kind == "JPEG")
    assert found.in_scans == ("progressive" in form)


@given(st.sampled_from(sorted(FORMS)), SIZES, st.sampled_from([0.3, 0.6, 0.8, 0.95]))
def test_a_cut_file_is_not_whole(form, size, share):
    kind, options = FORMS[form]
    content = encoded(scribble(*size), kind, **options)
    found = header(content[: int(len(content) * share)])
    if (
        len(content) * share > 60 and len(content) * (1 - share) > 8
    ) or kind == "JPEG":  # of a PNG less: its last check sum
        assert found.whole is False
    assert found.size in (None, size)


@pytest.mark.parametrize("form", FORMS)
def test_no_cut_anywhere_is_whole(form):
    kind, options = FORMS[form]
    content = encoded(scribble(31, 23), kind, **options)
    last = {"JPEG": 2, "PNG": 8, "WEBP": 1, "BMP": 4}[
        kind
    ]  # what a PNG lacks then are check sums, a BMP what fills a row
    for end in range(0, len(content) - last, 1 + len(content) // 3000):
        assert not header(content[:end]).whole, end


def test_a_film_behind_a_photograph_and_a_second_one_change_nothing():
    photo = encoded(scribble(64, 48), "JPEG")
    film = b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 40
    for after in (film, photo, photo[:300], b"\xff\xd9", bytes(100)):
        assert header(photo + after).whole is True
    assert header(photo[:-2] + film).whole is False


def test_fill_bytes_before_markers_are_passed_over():
    photo = encoded(scribble(64, 48), "JPEG")
    assert header(photo[:2] + b"\xff\xff\xff" + photo[2:]).size == (64, 48)


def test_other_bitmaps():
    for mode in ("1", "L", "P", "RGB", "RGBA"):
        for width in (1, 7, 8, 9, 33):
            content = encoded(Image.new(mode, (width, 5)), "BMP")
            assert (header(content).size, header(content).whole) == ((width, 5), True)
    file = io.BytesIO(content)
    upside_down = bytearray(file.getvalue())
    upside_down[22:26] = (-5).to_bytes(4, "little", signed=True)
    assert header(bytes(upside_down)).size == (33, 5)
    old = b"BM" + bytes(8) + (26).to_bytes(4, "little") + (12).to_bytes(4, "little") + bytes([7, 0, 5, 0, 1, 0, 24, 0])
    assert header(old + bytes(5 * 24)).size == (7, 5)


def test_a_gif_has_a_size():
    found = header(encoded(scribble(70, 20), "GIF"))
    assert (found.size, found.whole) == ((70, 20), None)


def test_a_png_that_begins_otherwise_is_left_to_the_browser():
    """As Xcode writes it."""
    content = encoded(scribble(9, 9))
    found = header(content[:8] + png_chunk(b"CgBI", b"\x50\0\x20\x02") + content[8:])
    assert (found.size, found.whole) == (None, None)


STARTS = [
    b"",
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    b"GIF89a",
    b"BM",
    b"RIFF\0\0\0\0WEBPVP8 ",
    b"RIFF    WEBPVP8L\0\0\0\0/",
]


@given(st.sampled_from(STARTS), st.binary(max_size=300))
def test_any_bytes_have_a_header(start, rest):
    found = header(start + rest)
    assert found.whole in (True, False, None)
    assert found.size is None or (len(found.size) == 2 and min(found.size) > 0)
    assert found.pixels >= 0


@given(st.sampled_from(sorted(FORMS)), st.data())
def test_a_damaged_file_has_one_too(form, data):
    kind, options = FORMS[form]
    content = bytearray(encoded(scribble(20, 20), kind, **options))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, min(len(content), 700) - 1))] = data.draw(st.integers(0, 255))
    assert header(bytes(content)).whole in (True, False, None)


def test_endless_parts_come_to_an_end():
    assert header(b"\xff\xd8" + b"\xff\xe1\0\2" * 100_000).whole is None
    assert header(b"\xff\xd8" + b"\xff" * 100_000).whole is None
