"""The drawing is kept over a reload, for its tab alone. Clear removes it."""

import json

from pyscript import document

from app.dom import on
from app.drawing.strokes import stroke_of

NAME = "drawing"


class KeptDrawing:
    def __init__(self, pad, tab):
        self.pad = pad
        self.tab = tab
        on(document.defaultView, "pagehide", lambda event: pad.settle())  # a stroke under way is kept, too

    def keep(self):
        """To be called when a stroke was settled or dropped."""
        actions, undone = [[each.text() if each else "null" for each in part] for part in self.pad.history()]
        there = actions or undone
        self.tab.remember(NAME, f"[[{','.join(actions)}], [{','.join(undone)}]]" if there else None)

    async def restore(self):
        """Puts back what is kept, before the first reading."""
        text = await self.tab.recall(NAME)
        try:
            history = [[each and stroke_of(each) for each in part] for part in json.loads(text or "[[], []]")]
        except (ValueError, TypeError):  # not what this version of the page wrote
            history = [[], []]
        if any(history):
            self.pad.restore(*history)
        else:
            self.keep()
