"""Picture files -> pixels for `Recognizer.read`, upright as their EXIF orientation says."""

import io

import numpy as np
from PIL import Image, ImageOps
from skimage.io import imread

from training.data.errors import DataError
from training.data.files import read_bytes

ORIENTATION = 0x0112  # the EXIF tag
FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF")  # Pillow knows others, some of which run other programs
PICTURE_TYPES = {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff"}  # endings of their files
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
                raise DataError(
                    f"{name} has {width * height / 1e6:.0f} million pixels; at most {MAX_PIXELS // 10**6} million can be read. "
                    "Scale it down first."
                )
            if is_jpeg and data.count(START_OF_SCAN) > MAX_SCANS:
                raise DataError(f"{name} can't be read as a picture: it has more than {MAX_SCANS} scans.")
            turned = picture.getexif().get(ORIENTATION, 1) != 1
            plain = picture.format in ("PNG", "JPEG", "BMP") and picture.mode in ("L", "RGB", "RGBA")
            whole = picture.size == (width, height) and getattr(picture, "n_frames", 1) == 1
            if plain and whole and not turned and "transparency" not in picture.info:
                return imread(io.BytesIO(data))
            ImageOps.exif_transpose(picture, in_place=True)
            return as_bytes(picture)
    except DataError:
        raise
    except Exception as error:  # each decoder raises its own kind
        reason = (str(error).splitlines() or ["no reason given"])[0]
        raise DataError(f"{name} can't be read as a picture: {reason}") from None


def as_bytes(picture):
    """A PIL picture of any mode -> uint8 (H, W), (H, W, 3) or (H, W, 4); 16 bits are cut to 8."""
    if picture.mode[0] in "IF":
        values = np.asarray(picture)
        if values.dtype.kind == "f":
            return np.clip(values, 0, 255).astype(np.uint8)
        return (np.clip(values, 0, 65535).astype(np.uint16) >> 8).astype(np.uint8)
    if picture.mode in ("1", "L") and "transparency" not in picture.info:
        return np.asarray(picture.convert("L"))
    see_through = picture.has_transparency_data
    return np.asarray(picture.convert("RGBA" if see_through else "RGB"))


def read_picture(path):
    """Read a picture file; see `decode`."""
    return decode(read_bytes(path, MAX_PICTURE_BYTES), path)
