"""Pictures of glyphs, whose ink is 28 x 28 bytes, 0 for paper and 255 for ink.

A BMP file may have a palette, so bytes of ink need only its head before them, and the browser paints them: MicroPython
would take milliseconds to turn each glyph into colours.
"""

import asyncio
import struct

from pyscript import document, window
from pyscript.ffi import to_js

from app.dom import element

SIDE = 28
SIZE = SIDE * SIDE  # bytes of a glyph
HEAD, GREYS = 54, 256


def _head():
    head = bytearray(HEAD + 4 * GREYS)
    struct.pack_into("<2sIHHI", head, 0, b"BM", len(head) + SIZE, 0, 0, len(head))
    # A height below 0 tells that the top row comes first.
    struct.pack_into("<IiiHHIIiiII", head, 14, 40, SIDE, -SIDE, 1, 8, 0, SIZE, 0, 0, GREYS, 0)
    for ink in range(GREYS):
        head[HEAD + 4 * ink : HEAD + 4 * ink + 3] = bytes([255 - ink]) * 3
    return window.Uint8Array.new(to_js(list(head)))


_HEAD = _head()


def picture(ink, name):
    """A piece of paper that shows a glyph as soon as the browser has painted it; `name` says what is on it."""
    canvas = document.createElement("canvas")
    canvas.width = canvas.height = SIDE
    canvas.setAttribute("role", "img")
    canvas.setAttribute("aria-label", name)
    asyncio.create_task(_paint(canvas, ink))
    paper = element("span", kind="paper")
    paper.append(canvas)
    return paper


async def _paint(canvas, ink):
    bitmap = await window.createImageBitmap(window.Blob.new(to_js([_HEAD, ink])))
    canvas.getContext("2d").drawImage(bitmap, 0, 0)
    bitmap.close()


def join(glyphs):
    """One Uint8Array of all of them."""
    joined = window.Uint8Array.new(SIZE * len(glyphs))
    for i, glyph in enumerate(glyphs):
        joined.set(glyph, SIZE * i)
    return joined


def split(joined):
    """The glyphs that `join` joined, each with memory of its own: the database would keep all of it with each."""
    return [joined.slice(i, i + SIZE) for i in range(0, joined.length, SIZE)]
