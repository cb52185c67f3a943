"""What was mended of a picture is kept over a reload, for its tab alone: the picture is read anew then, and if it reads as it
did before, each mended cell says again what a person said.
"""

import asyncio
import json

NAME = "mended"


class KeptMends:
    """Listens to the desk."""

    def __init__(self, desk, tab):
        self.desk, self.tab = desk, tab
        self.text = None  # what the tab remembers
        self.kept = None  # of before the reload: {"read": the text as it was read, "cells": [[place, text]]}
        self.reading = None  # the Reading that is followed,
        self.read = ""  # and its text before anything was mended
        desk.on_reading.append(self._read)

    async def restore(self):
        """To be called before the picture is."""
        try:
            self.text = await self.tab.recall(NAME)
            kept = json.loads(self.text or "null")
            self.kept = kept and (kept["read"], [(int(place), str(text)) for place, text in kept["cells"]])
        except (ValueError, TypeError, KeyError):  # not what this version of the page wrote
            self.kept = None

    def _read(self, reading):
        if not reading:
            return  # it is being read, or there was a fault: what is kept may be asked for again
        if reading is not self.reading:
            self.reading, self.read = reading, "" if reading.is_mended else reading.text
            kept, self.kept = self.kept, None
            if kept and reading.file and kept[0] == self.read:
                asyncio.create_task(self._mend(reading, kept[1]))
                return
        self._keep(reading)

    def _keep(self, reading):
        if not (reading.file and self.read and reading.steps):
            self._remember(None)
            return
        cells = reading.cells
        places = sorted({cells.index(cell) for cell, _ in reading.steps})
        self._remember(json.dumps({"read": self.read, "cells": [[place, cells[place].text] for place in places]}))

    def _remember(self, text):
        if text != self.text:  # most readings are of drawings, and have nothing to forget
            self.text = text
            self.tab.remember(NAME, text)

    async def _mend(self, reading, mended):
        for place, text in mended:
            cells = reading.cells
            if reading is self.desk.reading and place < len(cells) and cells[place].text != text:
                reading.mend(cells[place], cells[place].typed(text))
                self.desk.mended(cells[place])
                await asyncio.sleep(0)
