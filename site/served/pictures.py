"""A picture read as a page, step by step: the page is told of each, and can cancel between two.

A worker that computes hears nothing, so it gives way after each step. SharedArrayBuffer, through which it could be told at any
time, needs headers that static hosts do not send.
"""

import asyncio
import math
import time

import js
import numpy as np
from js import OffscreenCanvas, createImageBitmap
from pyodide.ffi import JsException, to_js

from number_reader import ImageError
from number_reader.page.cells import Page
from number_reader.page.page import steps
from served.plain import brief, symbols_of

PIXELS_READ = 16_000_000  # a larger picture is shrunk first: 16 megapixels are 64 MB of RGBA
SIDE_READ = 16_384  # px; so is a longer one, as browsers have no longer canvas
PREVIEW_SIDE = 1024  # px, the longer side of the copy that the page shows

_cancelled = 0  # readings up to this number are


def cancel(number):
    """Ends the reading of this number at its next step, and those before it."""
    global _cancelled
    _cancelled = max(_cancelled, number)


async def read(picture, number, symbols, decimal, turn, recognizer):
    """The reading of a picture, a Blob or an ImageBitmap, as plain values, with a small copy of the upright page.

    number: of this reading: it stands in what `stepped` (boot/pyodide.mjs) tells the page, and `cancel` takes it; later
    readings have larger ones. symbols, decimal, turn: as in `number_reader.page.page.steps`. {"error": why} if it can't be read,
    {"cancelled": True} if it was.
    """
    try:
        canvas = await _decoded(picture)
    except JsException:
        return {"error": "This picture could not be decoded. Save it as JPEG or PNG and open that."}
    pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data
    image = np.asarray(pixels.to_py()).reshape(canvas.height, canvas.width, 4)
    started, preview = time.perf_counter(), None
    try:
        for step in steps(recognizer, image, symbols, decimal, turn):
            if isinstance(step, Page):
                break
            if step.picture is not None:
                preview = _preview(canvas if step.picture is image else _canvas(step.picture))
            _tell(step, number, preview if step.picture is not None else None)
            await asyncio.sleep(0)
            if number <= _cancelled:
                return {"cancelled": True}
    except ImageError as error:
        return {"error": str(error)}
    return _page(step, recognizer) | {
        "milliseconds": (time.perf_counter() - started) * 1000,
        "picture": preview.transferToImageBitmap(),
    }


def _page(page, recognizer):
    """What the page is told of a Page."""
    height, width = page.picture.shape[:2]
    return {
        "text": page.text,
        "symbols": symbols_of([symbol for row in page.rows for cell in row for symbol in cell.digits], recognizer),
        "known": recognizer.known,
        "width": width,
        "height": height,
        "turn": float(page.turn),
        "sheet": page.corners is not None,
        "left_out": len(page.left_out),
    }


def _tell(step, number, preview):
    told = {
        "number": number,
        "stage": step.stage,
        "k": step.k,
        "n": step.n,
        "text": " ".join(cell.text for cell in step.cells),
        "symbols": [brief(symbol) for cell in step.cells for symbol in cell.digits],
    }
    transferred = []
    if preview is not None:
        bitmap = _copy(preview).transferToImageBitmap()
        height, width = step.picture.shape[:2]
        told |= {"picture": bitmap, "width": width, "height": height}
        transferred.append(bitmap)
    js.stepped(to_js(told, dict_converter=js.Object.fromEntries), to_js(transferred))


async def _decoded(picture):
    """A canvas with the picture: the browser decodes it and turns it upright (EXIF); it is shrunk only where memory asks for
    it, because the recognizer's own area mean is what the model was trained with. JsException if the browser can't."""
    bitmap = await createImageBitmap(picture, imageOrientation="from-image")
    width, height = bitmap.width, bitmap.height
    canvas = _scaled(bitmap, min(1, math.sqrt(PIXELS_READ / (width * height)), SIDE_READ / max(width, height)))
    bitmap.close()
    return canvas


def _preview(canvas):
    return _scaled(canvas, min(1, PREVIEW_SIDE / max(canvas.width, canvas.height)))


def _copy(canvas):
    return _scaled(canvas, 1)


def _canvas(picture):
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


def _scaled(source, scale):
    """A new canvas with `source` drawn at `scale`, at least 1 px to a side."""
    width, height = (max(1, int(side * scale)) for side in (source.width, source.height))
    canvas = OffscreenCanvas.new(width, height)
    context = canvas.getContext("2d", willReadFrequently=True)
    context.imageSmoothingQuality = "high"
    context.drawImage(source, 0, 0, width, height)
    return canvas
