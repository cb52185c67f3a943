"""The worker's door: pixels or a picture file in, one plain reading out; and what is taught.

Runs in Pyodide, in a web worker, and never touches the page. Only typed arrays, blobs, bitmaps
and plain values cross. What a person can do something about comes back as
{"error": a plain sentence}; anything else is a fault of ours and raises.
"""

import asyncio
import io
import math
import time

import js
import numpy as np
from js import OffscreenCanvas, createImageBitmap
from pyodide.ffi import JsException, jsnull

__export__ = ["ping", "read", "read_picture", "teach", "forget", "exemplars", "pack", "unpack"]

MODEL = "model/digits.npz"
EXEMPLARS = "exemplars"  # the cache that keeps them in the browser
EXEMPLARS_MILLISECONDS = 120_000  # to fetch three megabytes: a slow line needs a minute
GLYPH = (28, 28)
PIXELS_READ = 16_000_000  # a larger picture is shrunk first: 16 megapixels are 64 MB of RGBA
SIDE_READ = 16_384  # px; so is a longer one, as browsers have no longer canvas
PREVIEW_SIDE = 1024  # px, the longer side of the copy that the page shows

_recognizer = None
_exemplars = None  # the task that fetches them, or has


def recognizer():
    """The recognizer, loaded when first asked for: ping can then say why it does not load."""
    global _recognizer
    if _recognizer is None:
        from number_reader import Recognizer

        _recognizer = Recognizer.load(MODEL)
        js.reached("model")  # boot/pyodide.mjs: the page is told
    return _recognizer


def ping():
    """{"ready": True}, or {"error": why it cannot read}: an answer of either kind proves life."""
    try:
        recognizer()
    except Exception as error:  # whatever is wrong, the page must be able to say it
        return {"error": f"The recogniser's files could not be used: {error}"}
    return {"ready": True}


def read(rgba, width, height, pen=None, symbols="numbers", decimal=None):
    """The reading of the pad: `rgba` is the typed array of its ImageData; `pen` is its strokes as a Float32Array, x and
    y of each point in pixels, a pair of NaN after each stroke; `symbols` and `decimal` are as in Recognizer.read."""
    image = np.asarray(rgba.to_py()).reshape(height, width, 4)
    strokes = None if pen is None else _strokes(np.asarray(pen.to_py()).reshape(-1, 2))
    return _reading(image, strokes, symbols, decimal)


async def read_picture(picture, symbols="numbers", decimal=None, size=None):
    """The reading of a picture, a Blob or an ImageBitmap, with a small copy of it to show and the size that was read;
    `size` is as in decoded.

    The browser decodes and turns it upright (EXIF); it is shrunk only where memory asks for it,
    because the recognizer's own area mean is what the model was trained with.
    """
    try:
        bitmap = await decoded(picture, size)
    except JsException:
        return {"error": "This picture could not be decoded. Save it as JPEG or PNG and open that."}
    width, height = bitmap.width, bitmap.height
    canvas = _scaled(bitmap, _scale(width, height))
    bitmap.close()
    width, height = canvas.width, canvas.height
    data = canvas.getContext("2d").getImageData(0, 0, width, height).data
    answer = read(data, width, height, symbols=symbols, decimal=decimal)
    if "error" not in answer:
        preview = _scaled(canvas, min(1, PREVIEW_SIDE / max(width, height)))
        answer |= {"width": width, "height": height, "picture": preview.transferToImageBitmap()}
    return answer


async def decoded(picture, size=None):
    """The ImageBitmap of a picture, upright. JsException where it can't be decoded.

    `size` is [width, height] in px, upright, of a JPEG too large to be read as it is. ImageDecoder decodes such a one at
    reduced size: 200 megapixels take 80 MB, where createImageBitmap, also when it is to shrink it, takes 800 MB. WebKit
    has none. What it makes of EXIF differs: Firefox asks for the upright size, Chromium for so many pixels, of whatever
    shape.
    """
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
    """{"glyphs": 784 bytes for each of these rows of the model}, or {"error": why there are none just now}.

    Their file, at `url`, is fetched when first asked for; a failure is not for ever.
    """
    global _exemplars
    from number_reader import ModelError

    if _exemplars is None:
        _exemplars = asyncio.ensure_future(_load_exemplars(url))
    try:
        known = await _exemplars
    except (JsException, OSError):
        _exemplars = None
        return {"error": "The pictures of the examples could not be fetched. Check the connection."}
    except ModelError as error:
        _exemplars = None
        return {"error": f"The pictures of the examples could not be used: {error}"}
    return {"glyphs": known.glyphs(rows.to_py()).tobytes()}


async def _load_exemplars(url):
    """The Exemplars, from the browser's cache if those there fit the model, or else fetched, and then kept there."""
    from number_reader import ModelError
    from number_reader.storage.exemplars import Exemplars

    def load(data):
        return Exemplars.load(io.BytesIO(data.to_bytes()), recognizer())

    kept = await _kept(url)
    if kept:
        try:
            return load(kept)
        except ModelError:
            pass  # damaged, or of another version
    answer = await js.fetch(url, cache="no-cache", signal=js.AbortSignal.timeout(EXEMPLARS_MILLISECONDS))
    if not answer.ok:
        raise OSError(f"status {answer.status}")
    copy = answer.clone()
    loaded = load(await answer.arrayBuffer())
    await _keep(url, copy)
    return loaded


async def _kept(url):
    """What the browser's cache has of `url`, or None: it may be empty, forbidden, or missing altogether."""
    try:
        found = await (await js.caches.open(EXEMPLARS)).match(url)
        return await found.arrayBuffer() if found else None
    except (AttributeError, JsException):
        return None


async def _keep(url, answer):
    """Keeps it, and nothing else: what another version of the page kept has another address."""
    try:
        await js.caches.delete(EXEMPLARS)
        await (await js.caches.open(EXEMPLARS)).put(url, answer)
    except (AttributeError, JsException):
        pass  # no room or no right: they are fetched again at the next visit


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


def _reading(image, strokes, symbols, decimal):
    """What the recognizer reads in `image`, uint8 (H, W, 4), as plain values for the page."""
    from number_reader import ImageError

    started = time.perf_counter()
    try:
        reading = recognizer().read(image, strokes, symbols, decimal or None)  # None of the page is JavaScript's null
    except ImageError as error:
        return {"error": str(error)}
    return {
        "text": reading.text,
        "milliseconds": (time.perf_counter() - started) * 1000,
        "symbols": [_symbol(symbol) for symbol in reading.symbols],
        "known": recognizer().known,
    }


def _symbol(symbol):
    return {
        "label": jsnull if symbol.label is None else int(symbol.label),
        "confidence": float(symbol.confidence),
        "candidates": [[int(label), float(share)] for label, share in symbol.candidates],
        "box": [int(side) for side in symbol.box],
        "glyph": _rgba(symbol.glyph),
        "ink": symbol.glyph.tobytes(),
        "nearer": math.exp(min(symbol.doubt - recognizer().limit_of(symbol), 20) / 2),
        "neighbors": [
            {
                "label": int(neighbor.label),
                "distance": float(neighbor.distance),
                "index": int(neighbor.index),
                "taught": bool(neighbor.taught),
            }
            for neighbor in symbol.neighbors
        ],
    }


def _rgba(glyph):
    """A glyph as the bytes of an ImageData: black ink, as opaque as it is dark."""
    pixels = np.zeros((*glyph.shape, 4), np.uint8)
    pixels[..., 3] = glyph
    return pixels.tobytes()


def _load():
    """What ping would do first, while the page is still being told that there is someone to ask."""
    try:
        recognizer()
    except Exception:  # ping says why
        pass


asyncio.get_event_loop().call_soon(_load)
