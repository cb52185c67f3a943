"""pictures.py: files of every kind become the pixels that a person sees; anything else is a DataError."""

import io
import struct
import zlib

import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from training.data.errors import DataError
from training.data.pictures import decode, read_picture

JPEG_TOLERANCE = 12  # mean difference that JPEG's losses may make
PALETTE_TOLERANCE = 12
CMYK_TOLERANCE = 16

# Four smooth patches: red, green, blue and white, so that a channel or a corner out of place shows.
COLOURS = np.zeros((32, 48, 3), np.uint8)
COLOURS[:16, :24], COLOURS[:16, 24:], COLOURS[16:, :24], COLOURS[16:, 24:] = (
    (220, 30, 20),
    (20, 200, 40),
    (30, 40, 210),
    (255, 255, 255),
)
GREYS = np.linspace(0, 255, 32 * 48).reshape(32, 48).astype(np.uint8)
TURNS = {
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: np.swapaxes(a, 0, 1),
    6: lambda a: np.rot90(a, -1),
    7: lambda a: np.swapaxes(a[::-1, ::-1], 0, 1),
    8: np.rot90,
}


def encoded(image, kind, orientation=None, **options):
    out = io.BytesIO()
    image = image if isinstance(image, Image.Image) else Image.fromarray(image)
    if orientation:
        exif = Image.Exif()
        exif[0x0112] = orientation
        options["exif"] = exif
    image.save(out, kind, **options)
    return out.getvalue()


def difference(ours, expected):
    assert ours.shape == expected.shape
    assert ours.dtype == np.uint8
    return np.abs(ours.astype(int) - expected).mean()


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "WEBP", "GIF"])
def test_lossless_kinds_keep_grey(kind):
    ours = decode(encoded(GREYS, kind, **({"lossless": True} if kind == "WEBP" else {})), "x")
    expected = GREYS if ours.ndim == 2 else np.dstack([GREYS] * 3)
    assert difference(ours, expected) == 0


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "WEBP"])
def test_lossless_kinds_keep_colours(kind):
    ours = decode(encoded(COLOURS, kind, **({"lossless": True} if kind == "WEBP" else {})), "x")
    assert difference(ours, COLOURS) == 0


def test_jpeg_keeps_colours_nearly():
    assert difference(decode(encoded(COLOURS, "JPEG", quality=95), "x"), COLOURS) < JPEG_TOLERANCE
    assert difference(decode(encoded(GREYS, "JPEG", quality=95), "x"), GREYS) < JPEG_TOLERANCE


def test_transparency_is_kept():
    rgba = np.dstack([COLOURS, GREYS])
    assert difference(decode(encoded(rgba, "PNG"), "x"), rgba) == 0


def test_grey_with_alpha_becomes_rgba():
    ours = decode(encoded(Image.fromarray(np.dstack([GREYS, 255 - GREYS])), "PNG"), "x")
    assert difference(ours, np.dstack([GREYS, GREYS, GREYS, 255 - GREYS])) == 0


def test_black_and_white_become_0_and_255():
    ours = decode(encoded(Image.fromarray(GREYS > 100), "PNG"), "x")
    assert difference(ours, np.where(GREYS > 100, 255, 0)) == 0


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bits_are_cut_to_eight(kind):
    deep = GREYS.astype(np.uint16) * 256 + 77
    assert difference(decode(encoded(deep, kind), "x"), GREYS) == 0


def test_sixteen_bits_are_cut_to_eight_in_either_byte_order():
    for order in "<>":
        out = io.BytesIO()
        tifffile.imwrite(out, GREYS.astype(np.uint16) * 100, byteorder=order)
        assert difference(decode(out.getvalue(), "x"), GREYS.astype(int) * 100 >> 8) == 0


def test_a_palette_becomes_its_colours():
    ours = decode(encoded(Image.fromarray(COLOURS).quantize(16), "PNG"), "x")
    assert difference(ours[..., :3], COLOURS) < PALETTE_TOLERANCE


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk_becomes_rgb(kind):
    ours = decode(encoded(Image.fromarray(COLOURS).convert("CMYK"), kind), "x")
    assert difference(ours, COLOURS) < CMYK_TOLERANCE


@pytest.mark.parametrize("orientation", TURNS)
def test_a_picture_is_turned_upright_as_its_exif_says(orientation):
    expected = TURNS[orientation](COLOURS)
    assert difference(decode(encoded(COLOURS, "PNG", orientation), "x"), expected) == 0
    assert difference(decode(encoded(COLOURS, "JPEG", orientation, quality=95), "x"), expected) < JPEG_TOLERANCE


@pytest.mark.parametrize(
    ("image", "tolerance"),
    [
        (Image.fromarray(COLOURS).quantize(16), PALETTE_TOLERANCE),
        (Image.fromarray(COLOURS).convert("RGBA"), 0),
        (Image.fromarray(GREYS), 0),
        (Image.fromarray(GREYS > 100), 0),
        (Image.fromarray(np.dstack([GREYS, GREYS])), 0),
    ],
    ids=["palette", "RGBA", "grey", "black and white", "grey with alpha"],
)
def test_turned_pictures_of_every_kind_look_like_unturned_ones(image, tolerance):
    upright, turned = (decode(encoded(image, "PNG", orientation), "x") for orientation in (None, 6))
    assert difference(turned, np.rot90(upright, -1)) <= tolerance


def test_a_turned_cmyk_photo_becomes_rgb():
    ours = decode(encoded(Image.fromarray(COLOURS).convert("CMYK"), "JPEG", 6), "x")
    assert difference(ours, TURNS[6](COLOURS)) < CMYK_TOLERANCE


@pytest.mark.parametrize("kind", ["GIF", "TIFF", "WEBP", "PNG"])
def test_of_many_frames_the_first_counts(kind):
    frames = [Image.fromarray(frame) for frame in (GREYS, 255 - GREYS, GREYS[::-1], GREYS[:, ::-1])]
    options = {"lossless": True} if kind == "WEBP" else {}
    for count in (2, 3, 4):
        ours = decode(encoded(frames[0], kind, save_all=True, append_images=frames[1:count], **options), "x")
        expected = GREYS if ours.ndim == 2 else np.dstack([GREYS] * 3)
        assert difference(ours[..., :3] if ours.ndim == 3 else ours, expected) == 0


def test_a_picture_of_one_pixel_is_read():
    assert decode(encoded(np.full((1, 1), 9, np.uint8), "PNG"), "x").tolist() == [[9]]


@pytest.mark.parametrize("shape", [(1, 2), (5, 3), (7, 4), (3, 3)])
def test_narrow_grey_pictures_are_not_taken_for_colours(shape):
    grey = np.arange(shape[0] * shape[1], dtype=np.uint8).reshape(shape)
    assert decode(encoded(grey, "PNG"), "x").tolist() == grey.tolist()


# What is no picture.


def bare_png(width, height):
    """A PNG header that claims a size, and no pixels."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "content", [b"", b"no picture", bytes(100), b"\x89PNG\r\n\x1a\n", b"GIF89a", b"<svg/>", b"\xff\xd8\xff\xe0"]
)
def test_what_is_no_picture_is_a_data_error_that_names_it(content):
    with pytest.raises(DataError, match="this one.*can't be read as a picture"):
        decode(content, "this one")


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("size", [(10_000, 10_000), (25_000_001, 1), (5_000, 5_001), (100_000, 100_000)])
def test_too_many_pixels_are_a_data_error_before_they_are_decoded(size):
    with pytest.raises(DataError, match="this one"):
        decode(bare_png(*size), "this one")


HALF = COLOURS.reshape(16, 2, 24, 2, 3).mean(axis=(1, 3))


@pytest.mark.parametrize(("orientation", "expected"), [(None, HALF), (6, TURNS[6](HALF))])
def test_a_jpeg_of_more_pixels_comes_at_half_its_size(orientation, expected, monkeypatch):
    monkeypatch.setattr("training.data.pictures.MAX_PIXELS", 32 * 48 - 1)
    assert difference(decode(encoded(COLOURS, "JPEG", orientation), "x"), expected) <= JPEG_TOLERANCE


def test_a_jpeg_of_as_many_pixels_as_can_be_read_comes_whole(monkeypatch):
    monkeypatch.setattr("training.data.pictures.MAX_PIXELS", 32 * 48)
    assert difference(decode(encoded(COLOURS, "JPEG"), "x"), COLOURS) <= JPEG_TOLERANCE


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_jpeg_too_large_at_half_its_size_is_refused_with_the_size_that_it_has():
    small = bytearray(encoded(np.full((16, 16), 200, np.uint8), "JPEG"))
    frame = small.index(b"\xff\xc0")
    small[frame + 5 : frame + 9] = struct.pack(">HH", 10_000, 10_400)
    with pytest.raises(DataError, match="104 million pixels; at most 25 million"):
        decode(bytes(small), "x")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP", "BMP", "GIF"])
def test_a_picture_cut_in_half_is_a_data_error(kind):
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3)).astype(np.uint8)
    content = encoded(noise, kind)
    with pytest.raises(DataError):
        decode(content[: len(content) // 2], "x")


def test_no_file_is_a_data_error_that_names_it(tmp_path):
    with pytest.raises(DataError, match="missing.png"):
        read_picture(tmp_path / "missing.png")
    with pytest.raises(DataError):
        read_picture(tmp_path)


def test_a_file_is_read(tmp_path):
    (tmp_path / "a.png").write_bytes(encoded(GREYS, "PNG"))
    assert difference(read_picture(tmp_path / "a.png"), GREYS) == 0
    assert difference(read_picture(str(tmp_path / "a.png")), GREYS) == 0


def assert_picture_or_data_error(content):
    try:
        image = decode(content, "x")
    except DataError:
        return
    assert image.dtype == np.uint8
    assert image.ndim == 2 or (image.ndim == 3 and image.shape[2] in (3, 4))


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_any_bytes_are_a_picture_or_a_data_error(content):
    assert_picture_or_data_error(content)


@pytest.mark.filterwarnings("ignore")  # decoders grumble about what was damaged
@given(kind=st.sampled_from(["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"]), data=st.data())
@settings(deadline=None)
def test_damaged_pictures_are_a_picture_or_a_data_error(kind, data):
    content = bytearray(encoded(COLOURS[::4, ::4], kind))
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert_picture_or_data_error(bytes(content))
