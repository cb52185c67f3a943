"""The worker's door: pixels or a picture file in, one plain reading out.

Runs in Pyodide, in a web worker, and never touches the page. Only typed arrays, blobs, bitmaps
and plain values cross. What a person can do something about comes back as
{"error": a plain sentence}; anything else is a fault of ours and raises.
"""

import math
import time

import numpy as np
from js import OffscreenCanvas, createImageBitmap
from pyodide.ffi import JsException, jsnull

__export__ = ["ping", "read", "read_picture"]

MODEL = "model/digits.npz"
PIXELS_READ = 16_000_000  # a larger picture is shrunk first: 16 megapixels are 64 MB of RGBA
PREVIEW_SIDE = 1024  # px, the longer side of the copy that the page shows

_recognizer = None


def recognizer():
    """The recognizer, loaded when first asked for: ping can then say why it does not load."""
    global _recognizer
    if _recognizer is None:
        from recognizer import Recognizer

        _recognizer = Recognizer.load(MODEL)
    return _recognizer


def ping():
    """{"ready": True}, or {"error": why it cannot read}: an answer of either kind proves life."""
    try:
        recognizer()
    except Exception as error:  # noqa: BLE001, whatever is wrong, the page must be able to say it
        return {"error": f"The recogniser's files could not be used: {error}"}
    return {"ready": True}


def read(rgba, width, height, pen=None):
    """The reading of the pad: `rgba` is the typed array of its ImageData; `pen` is its strokes as a Float32Array, x and
    y of each point in pixels, a pair of NaN after each stroke."""
    image = np.asarray(rgba.to_py()).reshape(height, width, 4)
    return _reading(image, None if pen is None else _strokes(np.asarray(pen.to_py()).reshape(-1, 2)))


async def read_picture(blob):
    """The reading of a picture file, with a small copy of it to show and the size that was read.

    The browser decodes and turns it upright (EXIF); it is shrunk only where memory asks for it,
    because the recognizer's own area mean is what the model was trained with.
    """
    try:
        bitmap = await createImageBitmap(blob, imageOrientation="from-image")
    except JsException:
        return {"error": "This file could not be opened as a picture."}
    scale = min(1, math.sqrt(PIXELS_READ / (bitmap.width * bitmap.height)))
    canvas = _scaled(bitmap, scale)
    bitmap.close()
    width, height = canvas.width, canvas.height
    data = canvas.getContext("2d").getImageData(0, 0, width, height).data
    answer = read(data, width, height)
    if "error" not in answer:
        preview = _scaled(canvas, min(1, PREVIEW_SIDE / max(width, height)))
        answer |= {"width": width, "height": height, "picture": preview.transferToImageBitmap()}
    return answer


def _scaled(source, scale):
    """A new canvas with `source` drawn at `scale`, at least 1 px to a side."""
    width, height = (max(1, int(side * scale)) for side in (source.width, source.height))
    canvas = OffscreenCanvas.new(width, height)
    context = canvas.getContext("2d", willReadFrequently=True)
    context.imageSmoothingQuality = "high"
    context.drawImage(source, 0, 0, width, height)
    return canvas


def _strokes(points):
    """float (n, 2) points with a row of NaN after each stroke -> a list of strokes."""
    ends = np.flatnonzero(np.isnan(points[:, 0]))
    return [points[start + 1 : end] for start, end in zip([-1, *ends[:-1].tolist()], ends.tolist())]


def _reading(image, strokes=None):
    """What the recognizer reads in `image`, uint8 (H, W, 4), as plain values for the page."""
    from recognizer import ImageError

    started = time.perf_counter()
    try:
        reading = recognizer().read(image, strokes)
    except ImageError as error:
        return {"error": str(error)}
    return {
        "text": reading.text,
        "milliseconds": (time.perf_counter() - started) * 1000,
        "digits": [_digit(digit) for digit in reading.digits],
    }


def _digit(digit):
    return {
        "label": jsnull if digit.label is None else int(digit.label),
        "confidence": float(digit.confidence),
        "candidates": [[int(label), float(share)] for label, share in digit.candidates],
        "box": [int(side) for side in digit.box],
        "glyph": _rgba(digit.glyph),
        "neighbors": [
            {
                "label": int(neighbor.label),
                "distance": float(neighbor.distance),
                "index": int(neighbor.index),
                "taught": bool(neighbor.taught),
            }
            for neighbor in digit.neighbors
        ],
    }


def _rgba(glyph):
    """A glyph as the bytes of an ImageData: black ink, as opaque as it is dark."""
    pixels = np.zeros((*glyph.shape, 4), np.uint8)
    pixels[..., 3] = glyph
    return pixels.tobytes()
