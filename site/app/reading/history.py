"""Keeping what was read: the number to the clipboard, the glyphs as a PNG, and the readings of this visit.

The readings are in memory only, and gone with the page.
"""

import asyncio

from pyscript import document

from app import saving
from app.clipboard import copy
from app.dom import by_id, element, enable, on, on_items, say
from app.symbols import spoken

KEPT = 10  # readings
SAID = 3  # lines of a copied text that are said
THUMBNAIL = (96, 48)  # px
GLYPHS_NAME = "glyphs.png"
GLYPH_ZOOM = 10  # 28x28 pixels are too few for any use but looking at them very closely


class Entry:
    """The reading of one drawing or picture, which follows the drawing while it grows."""

    def __init__(self, key):
        self.key = key
        self.text = ""
        self.thumbnail = document.createElement("canvas")
        self.thumbnail.width, self.thumbnail.height = THUMBNAIL
        self.thumbnail.setAttribute("aria-hidden", "true")
        self.number = element("b")
        self.source = element("span", kind="source")
        self.button = element("button", "Copy")
        self.button.type = "button"
        self.item = element("li")
        text = element("div")
        text.append(self.number, self.source)
        self.item.append(self.thumbnail, text, self.button)

    def show(self, text, picture, source):
        self.text = text
        self.number.textContent = text
        self.source.textContent = source
        self.button.setAttribute("aria-label", "Copy " + spoken(text))
        width, height = THUMBNAIL
        scale = min(width / picture.width, height / picture.height)
        wide, high = picture.width * scale, picture.height * scale
        context = self.thumbnail.getContext("2d")
        context.clearRect(0, 0, width, height)
        context.drawImage(picture, (width - wide) / 2, (height - high) / 2, wide, high)


class History:
    """Listens to the desk; newest first."""

    def __init__(self, desk, view):
        self.desk, self.view = desk, view
        self.entries = []
        desk.on_reading.append(self._read)
        on("copy", "click", lambda event: copy_text(desk.reading.text if desk.reading else ""))
        on_items("readings", lambda index: copy_text(self.entries[index].text))
        on("save-glyphs", "click", self._save_glyphs)
        on("forget-readings", "click", lambda event: self._forget())
        self._read(None)
        self._show()

    def _read(self, reading):
        enable("copy", reading and reading.text)
        if not (reading and reading.text):
            return
        key = self._key()
        # A stroke stands for the same drawing even where something else was read in between.
        entries = [entry for entry in self.entries if entry.key is key]
        entry = entries[0] if entries else Entry(key)
        entry.show(reading.text, reading.picture, reading.source)
        if self.entries[:1] != [entry]:
            self.entries = ([entry] + [each for each in self.entries if each is not entry])[:KEPT]
            self._show()

    def _key(self):
        """What tells a picture or drawing from the next: its file, or its first stroke."""
        return self.desk.file or self.desk.pad.strokes[0]

    def _show(self):
        by_id("readings").replaceChildren(*[entry.item for entry in self.entries])
        by_id("readings-count").textContent = str(len(self.entries) or "none")
        enable("forget-readings", self.entries)

    def _forget(self):
        self.entries = []
        self._show()
        say("The earlier readings are forgotten.")

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
