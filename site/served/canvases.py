"""Pictures as the browser decodes them, on canvases: for the reader in full, for the page small."""

import math

import js
import numpy as np
from js import OffscreenCanvas, createImageBitmap
from pyodide.ffi import JsException, to_js

PIXELS_READ = 16_000_000  # a larger picture is shrunk first: 16 megapixels are 64 MB of RGBA
SIDE_READ = 16_384  # px; so is a longer one, as browsers have no longer canvas
NEAR = 16  # of 255: what a few flipped bits change
PREVIEW_SIDE = 1600  # px, the longer side of the copy that the page shows, where it can be zoomed


async def decoded(picture, size=None):
    """A canvas with a picture, a Blob or an ImageBitmap, upright: the browser turns it as its EXIF says. It is shrunk only
    where memory asks for it, because the recognizer's own area mean is what the model was trained with. JsException if it
    can't be decoded. size: [width, height] in px, upright, of a JPEG too large to be read as it is; None of others."""
    bitmap = await _bitmap(picture, size)
    canvas = scaled(bitmap, _scale(bitmap.width, bitmap.height))
    bitmap.close()
    return canvas


async def _bitmap(picture, size):
    """ImageDecoder decodes a large JPEG at reduced size: 200 megapixels take 80 MB, where createImageBitmap, also when it is
    to shrink it, takes 800 MB. WebKit has none. What it makes of EXIF differs: Firefox asks for the upright size, Chromium
    for so many pixels, of whatever shape."""
    scale = _scale(*size) if size else 1
    if scale == 1:
        return await createImageBitmap(picture, imageOrientation="from-image")
    width, height = (max(1, int(side * scale)) for side in size)
    try:
        decoder = js.ImageDecoder.new(
            data=picture.stream(), type="image/jpeg", desiredWidth=width, desiredHeight=height
        )
        try:
            frame = (await decoder.decode()).image
            bitmap = await createImageBitmap(frame)
            frame.close()
            return bitmap
        finally:
            decoder.close()
    except (AttributeError, JsException):
        # One side alone keeps the shape, whichever way EXIF turns it.
        return await createImageBitmap(picture, imageOrientation="from-image", resizeWidth=width, resizeQuality="high")


def _scale(width, height):
    """By how much a picture of so many px is shrunk before it is read; 1 where it is not."""
    return min(1, math.sqrt(PIXELS_READ / (width * height)), SIDE_READ / max(width, height))


def are_readable():
    """Whether a canvas gives back the pixels that it has: protection against fingerprinting may answer with others."""
    canvas = OffscreenCanvas.new(2, 1)
    context = canvas.getContext("2d", willReadFrequently=True)
    context.fillRect(0, 0, 1, 1)
    black, nothing = np.asarray(context.getImageData(0, 0, 2, 1).data.to_py(), int).reshape(2, 4)
    return bool(abs(black - (0, 0, 0, 255)).max() <= NEAR and nothing[3] <= NEAR)


def preview(canvas):
    return scaled(canvas, min(1, PREVIEW_SIDE / max(canvas.width, canvas.height)))


def canvas_of(picture):
    """A canvas with a uint8 picture (H, W), (H, W, 3) or (H, W, 4), with every k-th pixel of a large one."""
    step = max(1, max(picture.shape[:2]) // (2 * PREVIEW_SIDE))
    picture = picture[::step, ::step]
    height, width = picture.shape[:2]
    rgba = np.full((height, width, 4), 255, np.uint8)
    rgba[..., : picture.shape[2] if picture.ndim == 3 else 3] = picture if picture.ndim == 3 else picture[..., None]
    canvas = OffscreenCanvas.new(width, height)
    pixels = js.Uint8ClampedArray.new(to_js(rgba.reshape(-1)))
    canvas.getContext("2d").putImageData(js.ImageData.new(pixels, width, height), 0, 0)
    return canvas


def scaled(source, scale):
    """A new canvas with `source` drawn at `scale`, at least 1 px to a side."""
    width, height = (max(1, int(side * scale)) for side in (source.width, source.height))
    canvas = OffscreenCanvas.new(width, height)
    context = canvas.getContext("2d", willReadFrequently=True)
    context.imageSmoothingQuality = "high"
    context.drawImage(source, 0, 0, width, height)
    return canvas
