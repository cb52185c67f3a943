"""The pad: a canvas, the strokes drawn on it, and what was undone of them.

Ink is opaque black on a transparent canvas of the size that pad.json names; the page's style scales it. Strokes are
kept as points, so undo, redo, a reload and every other redraw give the same pixels.
"""

import json

from pyscript import document, window
from pyscript.ffi import to_js

from app.drawing import readback
from app.drawing.eraser import is_blank, lines_beside, lines_left
from app.drawing.strokes import PressedStroke, Stroke

INK = "#000"
CLEARED = None  # stands among the actions for "everything before this was wiped away"
UNDOABLE = 500  # actions; a visit may last for ever
MEANT = 40  # px: a longer stroke that is dropped can be brought back; a shorter one was but a touch


def load_format():
    """The pad's size, brush and line style: training rasterises strokes by the same file."""
    with open("pad.json") as file:
        return json.load(file)


class Pad:
    """A pointer or the keyboard begins a stroke, extends it, and settles or drops it.

    `on_change()` is called at once when ink changes, `on_settled()` when the pen is up again and the ink can be read,
    `on_dropped()` in its place when the stroke is taken back: the ink is what it was before.
    """

    def __init__(self, canvas, pad_format, on_change, on_settled, on_dropped):
        self.canvas = canvas
        self.brush = pad_format["brush"]  # px
        self.erasing = False  # the eraser is chosen
        self.on_change = on_change
        self.on_settled = on_settled
        self.on_dropped = on_dropped
        self.actions = []  # strokes and CLEARED, oldest first
        self.undone = []  # what redo brings back, newest last
        self.stroke = None  # the one being drawn
        self.on_paint = lambda: None  # called when what is to be seen has changed
        self.readback = readback.kind()
        self.context = _context(canvas, pad_format)
        # Holds what is settled, so that the end of a stroke does not draw all others again.
        self.settled = _context(document.createElement("canvas"), pad_format)

    # --- the ink -------------------------------------------------------------------------

    @property
    def strokes(self):
        """What is to be seen: strokes of ink and of the eraser, oldest first; none if the pad is blank."""
        strokes = _since_blank(self.actions)
        return strokes + [self.stroke] if self.stroke else strokes

    def pixels(self):
        """The RGBA pixels as a JavaScript typed array, ink in alpha. Or strokes as a Float32Array (served/outlines.py) where
        the browser hides pixels or the pen went beyond the pad: a 2 without its foot is a 7."""
        if self.readback == readback.HIDDEN or any([self._is_cut(stroke) for stroke in self.strokes]):
            return window.Float32Array.new(to_js([number for stroke in self.strokes for number in stroke.outline()]))
        return self.context.getImageData(0, 0, self.canvas.width, self.canvas.height).data

    def _is_cut(self, stroke):
        left, top, right, bottom = stroke.box
        return min(left, top) < 0 or right > self.canvas.width or bottom > self.canvas.height

    def lines(self):
        """The lines of ink, each a list of its (x, y) in canvas pixels."""
        return [line.points for line in _lines(self.strokes)]

    def pen(self):
        """The lines of ink as a JavaScript Float32Array: x and y of each point in canvas pixels, a pair of NaN after
        each line. Touching digits are told apart by them."""
        parts = [line.numbers() for line in _lines(self.strokes)]
        whole = window.Float32Array.new(sum(part.length for part in parts))
        end = 0
        for part in parts:
            whole.set(part, end)
            end += part.length
        return whole

    # --- what was done -------------------------------------------------------------------

    def undo(self):
        self.settle()
        if self.actions:
            self.undone.append(self.actions.pop())
            self._changed()

    def redo(self):
        self.settle()
        if self.undone:
            self.actions.append(self.undone.pop())
            self._changed()

    def clear(self):
        self.settle()
        if self.strokes:
            self._act(CLEARED)
            self._changed()

    def history(self):
        """What is kept over a reload: the strokes since the pad was last blank, and what redo would bring back."""
        return _since_blank(self.actions), self.undone

    def restore(self, actions, undone):
        """Puts a history before what was drawn since the page came."""
        self.settle()
        self.undone = self.undone if self.actions else undone
        self.actions = actions + self.actions
        self._changed()

    def _act(self, action):
        self.actions.append(action)
        self.undone = []
        if len(self.actions) > UNDOABLE:
            self._forget_oldest()

    def _forget_oldest(self):
        """The oldest drawing can't be brought back any more, unless it is the one that was wiped away just now."""
        first = 0
        while not _blanks(self.actions[first]):
            first += 1
            if first == len(self.actions) - 1:
                return
        del self.actions[: first + 1]

    def _changed(self):
        self._replay()
        self.on_change()
        self.on_settled()

    def _replay(self):
        _wipe(self.settled)
        self._lay(_since_blank(self.actions), [])

    # --- a stroke ------------------------------------------------------------------------

    def begin(self, sample, erases=False, pressed=False):
        """The pen comes down at a sample (x, y, pressure 0..1): the stroke, or None where there is nothing to erase.

        erases: it is the pen's other end, whatever is chosen. pressed: the width follows the pressure.
        """
        self.settle()
        erases = erases or self.erasing
        if erases and not self.strokes:
            return None
        self.stroke = PressedStroke(self.brush, erases) if pressed else Stroke(self.brush, erases)
        self.extend([sample])
        self.on_change()
        return self.stroke

    def extend(self, samples):
        """The pen has passed samples (x, y, pressure)."""
        trail = self.stroke.extend(samples)
        if trail is not None:
            self.stroke.draw(self.context, trail)
            self.on_paint()

    def resume(self, stroke):
        """The pen was lost for a moment only: a stroke of ink goes on. None if it is not what was settled last."""
        if self.stroke or stroke.erases or not self.actions or self.actions[-1] is not stroke:
            return None
        self.actions.pop()
        self._replay()
        stroke.reopen()
        stroke.draw(self.context)
        self.stroke = stroke
        self.on_change()
        return stroke

    def settle(self):
        """The pen is up, and the stroke counts. It is drawn whole: piece by piece it has rougher edges."""
        stroke, self.stroke = self.stroke, None
        if stroke:
            self._lay([stroke], _lines(self.strokes))
            self._act(stroke)
            self.on_settled()

    def drop(self):
        """The stroke was not meant."""
        stroke, self.stroke = self.stroke, None
        if stroke:
            if stroke.side > MEANT:
                self.undone.append(stroke)
            self._show()
            self.on_dropped()

    def _lay(self, strokes, lines):
        """Draws strokes over what is settled, of which `lines` are the ink."""
        for stroke in strokes:
            stroke.draw(self.settled)
            if stroke.erases and stroke.left is None:
                self._erase(lines, stroke)
            if stroke.blanks:
                _wipe(self.settled)
            lines = _with(lines, stroke)
        self._show()

    def _erase(self, lines, stroke):
        """What is left of lines and picture when an eraser's stroke has wiped over it."""
        if self.readback == readback.EXACT:
            stroke.left = lines_left(lines, stroke.box, self.settled)
            stroke.blanks = not stroke.left and is_blank(self.settled.canvas)
        else:
            stroke.left = lines_beside(lines, stroke)
            stroke.blanks = not stroke.left

    def _show(self):
        _wipe(self.context)
        self.context.drawImage(self.settled.canvas, 0, 0)
        self.on_paint()


def _since_blank(actions):
    """From the end, as all that was drawn in this visit may lie before."""
    first = len(actions)
    while first and not _blanks(actions[first - 1]):
        first -= 1
    return actions[first:]


def _blanks(action):
    return action is CLEARED or action.blanks


def _lines(strokes):
    """The lines of ink that these strokes make and leave."""
    lines = []
    for stroke in strokes:
        lines = _with(lines, stroke)
    return lines


def _with(lines, stroke):
    if stroke.erases:
        return lines if stroke.left is None else stroke.left  # None: it is still being drawn
    return lines + [stroke.line]


def _context(canvas, pad_format):
    canvas.width = pad_format["width"]
    canvas.height = pad_format["height"]
    # Every reading reads the pixels back, which is slow from a canvas kept on a GPU.
    context = canvas.getContext("2d", {"willReadFrequently": True})
    context.lineCap = pad_format["cap"]
    context.lineJoin = pad_format["join"]
    context.strokeStyle = context.fillStyle = INK
    return context


def _wipe(context):
    context.clearRect(0, 0, context.canvas.width, context.canvas.height)
