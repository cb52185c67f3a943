"""Extensions that force dark colours on every page make the paper dark, and ink is black. What a canvas shows they leave alone:
then paper and ink are shown by one that lies over the pad."""

from pyscript import document, window
from pyscript.ffi import create_proxy, to_js

from app.dom import by_id, on

PAPER = "#fffdf8"
LEAST = 3  # the contrast of ink and paper
TRANSPARENT = "rgba(0, 0, 0, 0)"


class Recoloured:
    """Looks whenever a style sheet comes or goes, or the pen comes down."""

    def __init__(self, pad):
        self.pad = pad
        self.shown = None  # the canvas over the pad, while it is needed
        look = create_proxy(lambda *_: self._look())
        observer = window.MutationObserver.new(look)
        observer.observe(document.documentElement, to_js({"attributes": True}))
        observer.observe(document.head, to_js({"childList": True}))
        on(pad.canvas, "pointerdown", lambda event: self._look())
        pad.on_paint = self._paint
        self._look()

    def _look(self):
        is_dark = contrast(self._background()) < LEAST
        if is_dark and not self.shown:
            self.shown = document.createElement("canvas")
            self.shown.id = "recoloured"
            self.shown.width, self.shown.height = self.pad.canvas.width, self.pad.canvas.height
            self.shown.setAttribute("aria-hidden", "true")
            self.pad.canvas.after(self.shown)
            self._paint()
        elif self.shown and not is_dark:
            self.shown.remove()
            self.shown = None

    def _background(self):
        """The colour on which the ink stands."""
        for each in (self.pad.canvas, by_id("sheet")):
            colour = window.getComputedStyle(each).backgroundColor
            if colour != TRANSPARENT:
                return colour
        return PAPER

    def _paint(self):
        if self.shown:
            context = self.shown.getContext("2d")
            context.fillStyle = PAPER
            context.fillRect(0, 0, self.shown.width, self.shown.height)
            context.drawImage(self.pad.canvas, 0, 0)


def contrast(colour):
    """Of black ink on a colour, 1 to 21 (WCAG 2.2); `colour`: "rgb(r, g, b)" as browsers compute it. What is written in another
    way counts as light."""
    if not colour.startswith("rgb"):
        return 21
    parts = colour.rstrip(")")[colour.index("(") + 1 :].replace(",", " ").split()[:3]
    linear = [
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in [float(p) / 255 for p in parts]
    ]
    return (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05) / 0.05
