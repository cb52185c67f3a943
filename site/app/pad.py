"""The pad: a canvas that a person draws on, and the strokes drawn.

Ink is opaque black on a transparent canvas of the size that pad.json names; the page's style
scales it. Strokes are kept as points, so undo, redo and every later redraw give the same pixels.
"""

import json
import math

from pyscript import window
from pyscript.ffi import create_proxy, to_js

INK = "#000"
CLEARED = None  # stands among the strokes for "everything before this was wiped away"


def load_format():
    """The pad's size, brush and line style: training rasterises strokes by the same file."""
    with open("pad.json") as file:
        return json.load(file)


class Stroke:
    """One pen-down: a width in canvas pixels and the points (x, y) passed."""

    def __init__(self, width, point):
        self.width = width
        self.points = [point]
        self.path = window.Path2D.new()
        self.path.moveTo(*point)

    def extend(self, point):
        """Adds a point; False when the pen has not moved."""
        if point == self.points[-1]:
            return False
        self.points.append(point)
        self.path.lineTo(*point)
        return True

    def draw(self, context):
        if len(self.points) == 1:
            x, y = self.points[0]
            context.beginPath()
            context.arc(x, y, self.width / 2, 0, 2 * math.pi)
            context.fill()
        else:
            context.lineWidth = self.width
            context.stroke(self.path)


class Pad:
    """Takes pointers on `canvas`, draws, and tells what became of the ink.

    `on_change()` is called at once when ink changes, `on_settled()` when the pen is up again and
    the ink can be read.
    """

    def __init__(self, canvas, pad_format, on_change, on_settled):
        self.canvas = canvas
        self.brush = pad_format["brush"]
        self.on_change = on_change
        self.on_settled = on_settled
        self.actions = []  # strokes and CLEARED, oldest first
        self.undone = []  # what redo brings back, newest last
        self.stroke = None  # the stroke being drawn
        self.pointer = None  # the pointer that draws it
        canvas.width = pad_format["width"]
        canvas.height = pad_format["height"]
        # Every reading reads the pixels back, which is slow from a canvas kept on a GPU.
        self.context = canvas.getContext("2d", {"willReadFrequently": True})
        self.context.lineCap = pad_format["cap"]
        self.context.lineJoin = pad_format["join"]
        self.context.strokeStyle = self.context.fillStyle = INK
        for name, handler in (
            ("pointerdown", self._down),
            ("pointermove", self._move),
            ("pointerup", self._up),
            ("lostpointercapture", self._up),
            ("pointercancel", self._cancel),
        ):
            canvas.addEventListener(name, create_proxy(handler))
        # Quick strokes count as double clicks, which select the text around the pad; a stroke
        # that starts on a selection would drag it instead.
        for name in ("mousedown", "dragstart"):
            canvas.addEventListener(name, create_proxy(lambda event: event.preventDefault()))

    # --- the ink -------------------------------------------------------------------------

    @property
    def strokes(self):
        """The strokes that are to be seen, oldest first."""
        strokes = []
        for action in self.actions:
            if action is CLEARED:
                strokes = []
            else:
                strokes.append(action)
        return strokes

    def pixels(self):
        """The RGBA pixels as a JavaScript typed array; ink is in alpha."""
        return self.context.getImageData(0, 0, self.canvas.width, self.canvas.height).data

    def pen(self):
        """The strokes as a JavaScript Float32Array: x and y of each point in canvas pixels, a pair of NaN after
        each stroke. Touching digits are told apart by them."""
        numbers = []
        for stroke in self.strokes:
            for point in stroke.points:
                numbers.extend(point)
            numbers.extend((math.nan, math.nan))
        return window.Float32Array.new(to_js(numbers))

    def undo(self):
        if self.actions:
            self.undone.append(self.actions.pop())
            self._changed()

    def redo(self):
        if self.undone:
            self.actions.append(self.undone.pop())
            self._changed()

    def clear(self):
        if self.strokes:
            self._act(CLEARED)
            self._changed()

    def _act(self, action):
        self.actions.append(action)
        self.undone = []

    def _changed(self):
        self._drop_pen()
        self._redraw()
        self.on_change()
        self.on_settled()

    def _redraw(self):
        self.context.clearRect(0, 0, self.canvas.width, self.canvas.height)
        for stroke in self.strokes:
            stroke.draw(self.context)

    # --- the pointer ---------------------------------------------------------------------

    def _point(self, event):
        """Where the event is, in canvas pixels; outside the canvas while a stroke goes on there."""
        rect = self.canvas.getBoundingClientRect()
        x = (event.clientX - rect.left) * self.canvas.width / rect.width
        y = (event.clientY - rect.top) * self.canvas.height / rect.height
        return x, y

    def _down(self, event):
        # A second finger or another button does not disturb the stroke being drawn.
        if self.stroke or event.button != 0:
            return
        self.canvas.setPointerCapture(event.pointerId)
        self.pointer = event.pointerId
        self.stroke = Stroke(self.brush, self._point(event))
        self._act(self.stroke)
        self.stroke.draw(self.context)
        self.on_change()

    def _move(self, event):
        if not self.stroke or event.pointerId != self.pointer:
            return
        events = event.getCoalescedEvents() if hasattr(event, "getCoalescedEvents") else None
        start = self.stroke.points[-1]
        trail = []
        for each in events if events and events.length else [event]:
            point = self._point(each)
            if self.stroke.extend(point):
                trail.append(point)
        self.context.lineWidth = self.stroke.width
        self.context.beginPath()
        self.context.moveTo(*start)
        for point in trail:
            self.context.lineTo(*point)
        self.context.stroke()

    def _up(self, event):
        if not self.stroke or event.pointerId != self.pointer:
            return
        if event.type == "pointerup":
            self.stroke.extend(self._point(event))
        self._drop_pen()
        # What was drawn piece by piece has rougher edges than the stroke drawn whole.
        self._redraw()
        self.on_settled()

    def _cancel(self, event):
        """The device took the touch for something else, a palm or a swipe: it was not meant."""
        if self.stroke and event.pointerId == self.pointer:
            self.undo()

    def _drop_pen(self):
        self.stroke = self.pointer = None
