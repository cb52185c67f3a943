"""A picture read as a page, step by step: the page is told of each, and can cancel between two.

A worker that computes hears nothing, so it gives way after each step. SharedArrayBuffer, through which it could be told at any
time, needs headers that static hosts do not send.
"""

import asyncio
import time

import js
import numpy as np
from pyodide.ffi import JsException, to_js

from number_reader import ImageError
from number_reader.page.cells import Page
from number_reader.page.page import steps
from served.canvases import are_readable, canvas_of, decoded, preview, scaled
from served.plain import brief, symbols_of

HIDDEN = (
    "This browser hides the pixels of pictures from pages, to protect against fingerprinting. Allow this site to read them "
    "(canvas data) and open the picture again. What you draw is read all the same."
)

_cancelled = 0  # readings up to this number are


def cancel(number):
    """Ends the reading of this number at its next step, and those before it."""
    global _cancelled
    _cancelled = max(_cancelled, number)


async def read(picture, number, symbols, decimal, turn, recognizer, size=None):
    """The reading of a picture, a Blob or an ImageBitmap, as plain values, with a small copy of the upright page.

    number: of this reading: it stands in what `stepped` (boot/pyodide.mjs) tells the page, and `cancel` takes it; later
    readings have larger ones. symbols, decimal, turn: as in `number_reader.page.page.steps`. size: as in `decoded`. {"error":
    why} if it can't be read, {"cancelled": True} if it was cancelled.
    """
    if not are_readable():
        return {"error": HIDDEN}
    try:
        canvas = await decoded(picture, size)
    except JsException:
        return {"error": "This picture could not be decoded. Save it as JPEG or PNG and open that."}
    pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data
    image = np.asarray(pixels.to_py()).reshape(canvas.height, canvas.width, 4)
    started, page, small = time.perf_counter(), None, None
    try:
        for step in steps(recognizer, image, symbols, decimal, turn):
            if isinstance(step, Page):
                page = step
                break
            if step.picture is not None:
                small = preview(canvas if step.picture is image else canvas_of(step.picture))
            _tell(step, number, small)
            await asyncio.sleep(0)
            if number <= _cancelled:
                return {"cancelled": True}
    except ImageError as error:
        return {"error": str(error)}
    return _page(page, recognizer) | {
        "milliseconds": (time.perf_counter() - started) * 1000,
        "picture": small.transferToImageBitmap(),
    }


def _page(page, recognizer):
    """What the page is told of a Page."""
    height, width = page.picture.shape[:2]
    return {
        "text": page.text,
        "symbols": symbols_of([symbol for row in page.rows for cell in row for symbol in cell.digits], recognizer),
        "rows": [[_cell(cell) for cell in row] for row in page.rows],
        "known": recognizer.known,
        "width": width,
        "height": height,
        "turn": float(page.turn),
        "sheet": page.corners is not None,
        "left_out": len(page.left_out),
    }


def _cell(cell):
    """Its place and how many of the symbols, which stand in the order of the cells, are its own."""
    return {"text": cell.text, "box": [int(side) for side in cell.box], "count": len(cell.digits)}


def _tell(step, number, small):
    told = {
        "number": number,
        "stage": step.stage,
        "k": step.k,
        "n": step.n,
        "text": " ".join(cell.text for cell in step.cells),
        "cells": [_cell(cell) for cell in step.cells],
        "symbols": [brief(symbol) for cell in step.cells for symbol in cell.digits],
    }
    transferred = []
    if step.picture is not None:
        bitmap = scaled(small, 1).transferToImageBitmap()  # a canvas is empty once that is taken from it
        height, width = step.picture.shape[:2]
        told |= {"picture": bitmap, "width": width, "height": height}
        transferred.append(bitmap)
    js.stepped(to_js(told, dict_converter=js.Object.fromEntries), to_js(transferred))
