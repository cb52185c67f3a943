"""Picture files -> pixels for `Recognizer.read`, upright as their EXIF orientation says."""

import io
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps
from recognizer.image import MAX_PIXELS
from skimage.io import imread

from .errors import DataError


def decode(data, name):
    """Bytes of a picture file -> uint8 (H, W), (H, W, 3) or (H, W, 4). DataError, naming the file, on
    anything that is no picture or has more than MAX_PIXELS pixels (known before it is decoded)."""
    try:
        with Image.open(io.BytesIO(data)) as header:
            width, height = header.size
            turned = header.getexif().get(0x0112, 1) != 1
            if width * height > MAX_PIXELS:
                raise DataError(f"{name} has {width * height / 1e6:.0f} million pixels; at most {MAX_PIXELS // 10**6} million can be read.")
            image = np.asarray(ImageOps.exif_transpose(header)) if turned else imread(io.BytesIO(data))
    except DataError:
        raise
    except Exception as error:  # each decoder raises its own kind
        raise DataError(f"{name} can't be read as a picture: {(str(error).splitlines() or ['no reason given'])[0]}") from None
    return as_bytes(image)


def as_bytes(image):
    """Any decoder's pixels -> uint8 (H, W), (H, W, 3) or (H, W, 4): the first frame, 16 bits cut to 8."""
    if image.ndim == 4 or image.ndim == 3 and image.shape[2] not in (2, 3, 4):
        image = image[0]
    if image.dtype == bool:
        image = image.astype(np.uint8) * np.uint8(255)
    elif image.dtype == np.uint16:
        image = (image >> 8).astype(np.uint8)
    elif image.dtype != np.uint8:
        low, high = float(image.min()), float(image.max())
        image = ((image - low) * (255 / max(high - low, 1e-9))).astype(np.uint8)
    if image.ndim == 3 and image.shape[2] == 2:  # grey with alpha
        image = image[..., [0, 0, 0, 1]]
    return image


def read_picture(path):
    """Read a picture file; see `decode`."""
    try:
        return decode(Path(path).read_bytes(), path)
    except OSError as error:
        raise DataError(f"{path} can't be read: {error.strerror}") from None
