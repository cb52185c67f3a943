"""Drawing with the keyboard: keys move a cursor over the pad, Space puts the pen down and lifts it.

The cursor is an element that lies over the pad, so it never becomes ink.
"""

from pyscript import window

from app.dom import by_id, on
from app.drawing.strokes import EVEN

CELL = 20  # px of the canvas: how far a key moves the cursor
FAR = 5  # cells, with Shift
WAYS = {  # (columns, rows); the last four lie around the arrows of a number block
    "ArrowLeft": (-1, 0),
    "ArrowRight": (1, 0),
    "ArrowUp": (0, -1),
    "ArrowDown": (0, 1),
    "Home": (-1, -1),
    "PageUp": (1, -1),
    "End": (-1, 1),
    "PageDown": (1, 1),
}


def tell(sentence):
    """Says something briefly to who can't see the pad."""
    by_id("pad-says").textContent = sentence


class Cursor:
    """`on_enter(was_down)` is called when Enter asks for a reading; one with the pen down ends its stroke, which is read."""

    def __init__(self, pad, on_enter):
        self.pad = pad
        self.on_enter = on_enter
        self.columns, self.rows = pad.canvas.width // CELL, pad.canvas.height // CELL
        self.column, self.row = self.columns // 2, self.rows // 2
        self.stroke = None  # what it draws; no longer the pad's if it was ended from elsewhere
        # On phones there is no keyboard to pass on, and screen readers there announce no "application", nor let a person by.
        if window.matchMedia("(pointer: coarse) and (hover: none)").matches:
            pad.canvas.setAttribute("role", "img")
        on(pad.canvas, "keydown", self._key)
        on(pad.canvas, "focus", self._focus)
        on(pad.canvas, "blur", self._blur)
        on(pad.canvas, "pointerdown", lambda event: self._appear(False))
        self.show()

    @property
    def drawing(self):
        return self.stroke is not None and self.stroke is self.pad.stroke

    def show(self):
        """Shows where the cursor is, and whether its pen is down."""
        style = by_id("cursor").style
        x, y, _ = self._sample()
        style.setProperty("--x", str(x / self.pad.canvas.width))
        style.setProperty("--y", str(y / self.pad.canvas.height))
        by_id("cursor").toggleAttribute("data-down", self.drawing)

    def _appear(self, there):
        by_id("cursor").hidden = not there

    def _focus(self, event):
        self._appear(self.pad.canvas.matches(":focus-visible"))

    def _blur(self, event):
        self._appear(False)
        if self.drawing:
            self.pad.settle()

    # --- keys ----------------------------------------------------------------------------

    def _key(self, event):
        if event.ctrlKey or event.metaKey or event.altKey:
            return
        if event.key in WAYS:
            self._move(*WAYS[event.key], FAR if event.shiftKey else 1)
        elif event.key == " ":
            if not event.repeat:
                self._turn_pen()
        elif event.key == "Enter":
            if not event.repeat:
                self._enter()
        elif event.key == "Escape" and self.pad.stroke:
            self.pad.drop()
            tell("Stroke dropped, pen up")
        else:
            return
        event.preventDefault()
        self._appear(True)
        self.show()

    def _move(self, across, down, cells):
        """Moves as far as the pad goes in this very direction."""
        for along, place, count in ((across, self.column, self.columns), (down, self.row, self.rows)):
            if along:
                cells = min(cells, place if along < 0 else count - 1 - place)
        self.column += across * cells
        self.row += down * cells
        if self.drawing:
            self.pad.extend([self._sample()])
        edge = "" if cells else "Edge: "
        tell(f"{edge}column {self.column + 1}, row {self.row + 1}, pen {'down' if self.drawing else 'up'}")

    def _turn_pen(self):
        if self.drawing:
            self.pad.settle()
            tell("Pen up")
            return
        self.stroke = self.pad.begin(self._sample())
        what = "Eraser" if self.pad.erasing else "Pen"
        tell(f"{what} down" if self.stroke else "Nothing to erase")

    def _enter(self):
        was_down = self.drawing
        if was_down:
            self._turn_pen()  # what is settled is read
        self.on_enter(was_down)

    def _sample(self):
        return (self.column + 0.5) * CELL, (self.row + 0.5) * CELL, EVEN
