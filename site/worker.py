"""The worker's door: pixels or a picture file in, one plain reading out; and what is taught.

Runs in Pyodide, in a web worker, and never touches the page. Only typed arrays, blobs, bitmaps
and plain values cross. What a person can do something about comes back as
{"error": a plain sentence}; anything else is a fault of ours and raises.
"""

import asyncio
import io
import time

import js
import numpy as np

__export__ = ["ping", "read", "read_picture", "cancel", "teach", "forget", "exemplars", "pack", "unpack"]

MODEL = "model/digits.npz"
GLYPH = (28, 28)

_recognizer = None


def recognizer():
    """The recognizer, loaded when first asked for: ping can then say why it does not load."""
    global _recognizer
    if _recognizer is None:
        from number_reader import Recognizer

        _recognizer = Recognizer.load(MODEL)
        js.reached("model")  # boot/pyodide.mjs: the page is told
    return _recognizer


async def ping():
    """{"ready": True}, {"missing": why the model's file did not come} or {"error": why it cannot read}: an answer of any kind
    proves life."""
    missing = await js.modelIsWritten  # boot/pyodide.mjs
    if missing:
        return {"missing": missing}
    try:
        recognizer()
    except Exception as error:  # whatever is wrong, the page must be able to say it
        return {"error": f"The recogniser's files could not be used: {error}"}
    js.reached("answered")
    return {"ready": True}


def read(rgba, width, height, pen=None, symbols="numbers", decimal=None):
    """The reading of the pad. `rgba` is the typed array of its ImageData or, where that has not all of its ink, a Float32Array
    of its strokes (served/outlines.py); `pen` is its lines as a Float32Array, x and y of each point in pixels, a pair of NaN
    after each; `symbols` and `decimal` are as in Recognizer.read."""
    from number_reader import ImageError
    from served.plain import symbols_of

    image, beyond = _pixels(np.asarray(rgba.to_py()), width, height)
    strokes = None if pen is None else _strokes(np.asarray(pen.to_py()).reshape(-1, 2) + beyond)
    started = time.perf_counter()
    try:
        reading = recognizer().read(image, strokes, symbols, decimal or None)  # None of the page is JavaScript's null
    except ImageError as error:
        return {"error": str(error)}
    return {
        "text": reading.text,
        "milliseconds": (time.perf_counter() - started) * 1000,
        "symbols": symbols_of(reading.symbols, recognizer(), beyond),
        "known": recognizer().known,
    }


async def read_picture(picture, number, symbols="numbers", decimal=None, turn=None, size=None):
    """The reading of a picture (served/pictures.py), which `cancel(number)` ends; turn: degrees, or None to find out; size:
    [width, height] of a JPEG too large to be read as it is."""
    from served import pictures  # what only pages need is loaded with the first one

    size = size.to_py() if hasattr(size, "to_py") else size or None
    return await pictures.read(picture, number, symbols, decimal or None, _or_none(turn), recognizer(), size)


def cancel(number):
    from served import pictures

    pictures.cancel(number)


# --- teaching -----------------------------------------------------------------------------


def teach(glyphs, labels):
    """The rows under which glyphs are taught: a Uint8Array of 784 bytes for each of a list of labels, of digits or marks."""
    return recognizer().teach_all(_glyphs(glyphs), labels.to_py())


def forget(rows):
    """Takes taught rows out again; whoever has none of them has a fault."""
    recognizer().forget(*rows.to_py())


def pack(glyphs, labels):
    """The bytes of a file of taught examples."""
    from number_reader.storage import taught

    return taught.pack(_glyphs(glyphs), labels.to_py())


def unpack(content):
    """{"glyphs": 784 bytes for each, "labels": a list} of such a file, or {"error": why it is none}."""
    from number_reader.storage import taught

    if content.byteLength > taught.MAX_FILE:  # before it is copied
        return {"error": "It is too large to be a file of taught digits."}
    try:
        glyphs, labels = taught.unpack(io.BytesIO(content.to_bytes()))
    except taught.TaughtError as error:
        return {"error": str(error)}
    return {"glyphs": glyphs.tobytes(), "labels": labels.tolist()}


def _glyphs(data):
    return np.asarray(data.to_py()).reshape(-1, *GLYPH)


# --- why ----------------------------------------------------------------------------------


async def exemplars(rows, url):
    """The pictures of these rows of the model (served/exemplars.py); their file is at `url`."""
    from served import exemplars

    return await exemplars.glyphs(rows.to_py(), url, recognizer())


def _pixels(data, width, height):
    """The image, and how many px it goes beyond the pad on each side."""
    from served import outlines

    if data.dtype != np.float32 or not outlines.are(data):
        return data.reshape(height, width, 4), 0
    return outlines.rasterised(data, width, height), outlines.BEYOND


def _strokes(points):
    """float (n, 2) points with a row of NaN after each stroke -> a list of strokes."""
    ends = np.flatnonzero(np.isnan(points[:, 0]))
    return [points[start + 1 : end] for start, end in zip([-1, *ends[:-1].tolist()], ends.tolist())]


def _or_none(value):
    """A number of the page; its None is JavaScript's null."""
    return float(value) if isinstance(value, (int, float)) else None


def _load():
    """What ping would do first, while the page is still being told that there is someone to ask."""
    try:
        recognizer()
    except Exception:  # ping says why
        pass


asyncio.get_event_loop().call_soon(_load)
