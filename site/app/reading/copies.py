"""Keeping what was read: the number to the clipboard, the glyphs as a PNG."""

import asyncio

from app.dom import enable, on, say
from app.files import saving
from app.files.clipboard import copy

SAID = 3  # lines of a copied text that are said
GLYPHS_NAME = "glyphs.png"
GLYPH_ZOOM = 10  # 28x28 pixels are too few for any use but looking at them very closely


class Copies:
    """Listens to the desk for what there is to copy."""

    def __init__(self, desk, view):
        self.view = view
        desk.on_reading.append(self._read)
        on("copy", "click", lambda event: copy_text(desk.reading.text if desk.reading else ""))
        on("save-glyphs", "click", self._save_glyphs)
        self._read(None)

    def _read(self, reading):
        enable("copy", reading and reading.text)

    def _save_glyphs(self, event):
        asyncio.create_task(saving.save(self.view.processed, GLYPHS_NAME, GLYPH_ZOOM))


def copy_text(text):
    if text:
        asyncio.create_task(_copy(text))


async def _copy(text):
    if await copy(text):
        lines = text.count("\n") + 1
        say(f"Copied {in_one_line(text)}." if lines <= SAID else f"Copied {lines} rows.")
    else:
        say(f"This browser did not let the page copy. Select the number and copy it yourself: {in_one_line(text)}")


def in_one_line(text):
    return text.replace("\n", ", ").replace("\t", " ")
