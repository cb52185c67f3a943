"""Picture files -> pixels for `Recognizer.read`, upright as their EXIF orientation says."""

import io

from PIL import Image, ImageOps, UnidentifiedImageError
from skimage.io import imread

from number_reader.command import as_bytes
from training.data.errors import DataError
from training.data.files import read_bytes

ORIENTATION = 0x0112  # the EXIF tag
FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF")  # Pillow knows others, some of which run other programs
# Endings of their files. Windows and browsers save JPEGs as .jfif and .pjp, too.
PICTURE_TYPES = {
    ".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".pjpeg", ".pjp", ".bmp", ".gif", ".webp", ".tif", ".tiff",
}  # fmt: skip
# What files of other kinds begin with, from a place on: a wrong ending is told from damage.
OTHER_KINDS = (
    (4, b"ftypavi", "AVIF"), (4, b"ftyphei", "HEIC"), (4, b"ftypmif1", "HEIC"),
    (4, b"ftyp", "a film"), (0, b"%PDF", "PDF"), (0, b"PK\3\4", "ZIP or an office document"),
    (0, b"\0\5\x16\7", "what a Mac keeps beside a file"), (0, b"<", "SVG or HTML"), (0, b"8BPS", "Photoshop"),
    (0, b"II", "a TIFF of a kind that is not read"), (0, b"MM", "a TIFF of a kind that is not read"),
)  # fmt: skip
MAX_PICTURE_BYTES = 50_000_000
MAX_PIXELS = 25_000_000  # that are decoded: phones take no more unless they are told to
START_OF_SCAN = b"\xff\xda"
MAX_SCANS = 30  # of a JPEG, with those of its thumbnails; a scan of no bytes takes as long as one of millions


def decode(data, name):
    """Bytes of a picture file -> uint8 (H, W), (H, W, 3) or (H, W, 4), the first frame of an animation.

    DataError, naming the file, on anything that is no picture of FORMATS or has more than MAX_PIXELS pixels (known
    before it is decoded, which takes up to 30 bytes of memory a pixel). A JPEG of up to four times as many comes at half
    its width and height, which its decoder does at once: a photograph of 48 million pixels can be learnt from.
    scikit-image reads plain pictures; what its reader would hand over undone (orientation, palettes, CMYK, frames, 16 bits)
    is put right first.
    """
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            width, height = picture.size
            is_jpeg = picture.format in ("JPEG", "MPO")
            if is_jpeg and width * height > MAX_PIXELS:
                picture.draft(None, (width // 2, height // 2))
            if picture.width * picture.height > MAX_PIXELS:
                reason = (
                    f"has {width * height / 1e6:.0f} million pixels; at most {MAX_PIXELS // 10**6} million can be read. "
                    "Scale it down first."
                )
                raise DataError(f"{name} {reason}", reason)
            if is_jpeg and data.count(START_OF_SCAN) > MAX_SCANS:
                raise _fault(name, f"it has more than {MAX_SCANS} scans.")
            turned = picture.getexif().get(ORIENTATION, 1) != 1
            plain = picture.format in ("PNG", "JPEG", "BMP") and picture.mode in ("L", "RGB", "RGBA")
            whole = picture.size == (width, height) and getattr(picture, "n_frames", 1) == 1
            if plain and whole and not turned and "transparency" not in picture.info:
                return imread(io.BytesIO(data))
            ImageOps.exif_transpose(picture, in_place=True)
            return as_bytes(picture)
    except DataError:
        raise
    except UnidentifiedImageError:
        raise _fault(name, _what_it_is(data)) from None
    except Exception as error:  # each decoder raises its own kind
        reason = (str(error).splitlines() or ["no reason given"])[0]
        raise _fault(name, reason) from None


def _fault(name, reason):
    return DataError(f"{name} can't be read as a picture: {reason}", reason)


def _what_it_is(data):
    """What the bytes are that no decoder knows."""
    if not data:
        return "it is empty."
    for place, begin, kind in OTHER_KINDS:
        if data.startswith(begin, place):
            return f"it is {kind}. Save it as PNG or JPEG."
    return f"it is none of {', '.join(FORMATS)}, or its beginning is damaged."


def read_picture(path):
    """Read a picture file; see `decode`."""
    return decode(read_bytes(path, MAX_PICTURE_BYTES), path)
