"""Mouse, finger and pen on the pad.

One finger draws. Two scroll and zoom the page: the pad's style has `touch-action: pinch-zoom`.
"""

from pyscript.ffi import to_js

from app.dom import on
from app.drawing.contact import Contact
from app.drawing.strokes import EVEN

SLOP = 16  # px of the screen: a finger that has moved less when a second one comes down is not drawing yet
ERASER = 5, 32  # `button` and `buttons` of a pen that is held the other way round


class Pointer:
    def __init__(self, pad):
        self.pad = pad
        self.stroke = None  # what it draws; no longer the pad's if it was ended from elsewhere
        self.id = None  # of the pointer that draws
        self.kind = None  # "mouse", "touch" or "pen"
        self.pressure = EVEN  # the last that was told
        self.contact = Contact()
        for name, handler in (
            ("pointerdown", self._down),
            ("pointermove", self._move),
            ("pointerup", self._up),
            ("lostpointercapture", self._up),
            ("pointercancel", self._cancel),
            ("touchstart", self._fingers),
            ("contextmenu", self._menu),
        ):
            on(pad.canvas, name, handler)
        # Quick strokes count as double clicks, which select the text around the pad; a stroke that starts on a
        # selection would drag it instead.
        for name in ("mousedown", "dragstart"):
            on(pad.canvas, name, lambda event: event.preventDefault())

    @property
    def drawing(self):
        return self.stroke is not None and self.stroke is self.pad.stroke

    def _mine(self, event):
        return self.drawing and event.pointerId == self.id

    def _down(self, event):
        self.contact.felt(event)
        if self.drawing:
            if event.pointerType != "pen" or self.kind != "touch":
                return  # a second finger or another button does not disturb the stroke
            self.pad.drop()  # that was the palm of the hand that holds the pen
        reversed_ = event.pointerType == "pen" and event.button == ERASER[0] and event.buttons & ERASER[1]
        if event.button != 0 and not reversed_:
            return
        canvas = self.pad.canvas
        canvas.focus(to_js({"preventScroll": True, "focusVisible": False}))  # the mouse event that would is prevented
        if event.isTrusted:  # one made by a script has no pointer to capture
            canvas.setPointerCapture(event.pointerId)
        self.id = event.pointerId
        self.kind = event.pointerType
        self.pressure = EVEN
        self.contact.touched(event)
        lost = None if reversed_ else self.contact.goes_on(event)
        self.stroke = lost and self.pad.resume(lost)
        if self.stroke:
            self.pad.extend(self._samples([event]))
        else:
            self.stroke = self.pad.begin(self._samples([event])[0], bool(reversed_), self.kind == "pen")

    def _move(self, event):
        self.contact.felt(event)
        if self._mine(event):
            self.contact.touched(event)
            events = event.getCoalescedEvents() if hasattr(event, "getCoalescedEvents") else None
            self.pad.extend(self._samples(events if events and events.length else [event]))

    def _up(self, event):
        self.contact.felt(event)
        if not self._mine(event):
            return
        if event.type == "pointerup":
            self.pad.extend(self._samples([event]))
        if self.kind == "touch" and self.contact.is_palm(self.stroke.side * self._scale()):
            self.pad.drop()
            return
        if self.kind == "pen":
            self.contact.ended(self.stroke, event)
        self.pad.settle()

    def _cancel(self, event):
        """The device took the touch for something else, a palm or a swipe: it was not meant. A pen's was: Scribble, which
        makes text of what is written on an iPad, ends quick strokes so."""
        if not self._mine(event):
            return
        if self.kind == "pen":
            self._up(event)
        else:
            self.pad.drop()

    def _menu(self, event):
        """A finger or pen that rests opens the menu of a long press or of the right button, and the stroke would end."""
        if self.drawing or self.kind != "mouse":
            event.preventDefault()

    def _fingers(self, event):
        if not self.drawing or event.touches.length < 2:
            return
        if self.kind == "touch" and self.stroke.side * self._scale() < SLOP:
            self.pad.drop()  # this is how scrolling or zooming begins
        elif event.cancelable:
            event.preventDefault()  # not under a stroke

    def _scale(self):
        """Pixels of the screen to a pixel of the canvas."""
        return self.pad.canvas.getBoundingClientRect().width / self.pad.canvas.width

    def _samples(self, events):
        """(x, y, pressure) of pointer events: canvas pixels, outside the canvas while a stroke goes on there, and
        0..1."""
        rect = self.pad.canvas.getBoundingClientRect()
        scale = self._scale()
        samples = []
        for event in events:
            self.pressure = event.pressure or self.pressure  # 0: none was felt
            samples.append(((event.clientX - rect.left) / scale, (event.clientY - rect.top) / scale, self.pressure))
        return samples
