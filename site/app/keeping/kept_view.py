"""What a person had chosen and unfolded is kept over a reload, for its tab alone: brush, eraser, panels, how far the page was
scrolled. Android may end a page in the background, most of all while the camera that it has asked for is open.
"""

import asyncio
import json

from pyscript import document, window

from app.dom import on, say_once_ready

NAME = "view"
ENDED = (
    "The system ended this page while a picture was chosen. What you drew is here; if it happens again, take the picture with "
    "the camera app first, and open it from there."
)


class KeptView:
    def __init__(self, pad, tools, tab):
        self.pad, self.tools, self.tab = pad, tools, tab
        self.choosing = False  # the file chooser, or the camera, lies over the page
        on("image", "click", lambda event: self._choose(True))
        on("image", "change", lambda event: self._choose(False))
        on("image", "cancel", lambda event: self._choose(False))
        on(document, "visibilitychange", lambda event: self._keep())  # the last that a page hears which is ended later
        on(document.defaultView, "pagehide", lambda event: self._keep())

    async def restore(self):
        """To be called before the drawing is put back."""
        text = await self.tab.recall(NAME)
        self.tab.remember(NAME, None)  # until the page is left again
        try:
            kept = json.loads(text or "null")
            if kept:
                self._show(kept["brush"], kept["erases"], kept["open"], kept["top"])
                if kept["choosing"]:
                    asyncio.create_task(say_once_ready(ENDED))
        except (ValueError, TypeError, KeyError):  # not what this version of the page wrote
            pass

    def _choose(self, choosing):
        self.choosing = choosing
        self._keep()

    def _keep(self):
        self.tab.remember(
            NAME,
            json.dumps(
                {
                    "brush": self.pad.brush,
                    "erases": self.pad.erasing,
                    "open": [each.id for each in _panels() if each.open],
                    "top": window.scrollY,
                    "choosing": self.choosing,
                }
            ),
        )

    def _show(self, brush, erases, unfolded, top):
        self.tools.widen(brush - self.pad.brush)
        self.tools.choose_eraser(bool(erases))
        for each in _panels():
            each.open = each.open or each.id in unfolded
        # The browser has scrolled already, as far as the page went without its panels; not under a pen that draws.
        if window.scrollY < top and not self.pad.strokes:
            window.scrollTo(0, top)


def _panels():
    found = document.querySelectorAll("details")
    return [found.item(i) for i in range(found.length)]
