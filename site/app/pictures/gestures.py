"""What moves and zooms the picture: fingers, mouse, wheel and keys. Only over the picture: elsewhere they are the page's."""

from pyscript.ffi import create_proxy

from app.dom import on
from app.pictures.viewer import STEP

SLOP = 6  # px of the screen that a pointer moves before it is no tap any more
WHEEL = 1.0015  # times as large for each px that a wheel turns
PER_LINE = 20  # px, where a wheel counts lines
ARROWS = {"ArrowLeft": (-1, 0), "ArrowRight": (1, 0), "ArrowUp": (0, -1), "ArrowDown": (0, 1)}


class Gestures:
    def __init__(self, viewer):
        self.viewer = viewer
        self.frame = viewer.frame
        self.pointers = {}  # where each that is down was last, by id
        self.start = None  # where the first came down; None once it has moved
        self.has_moved = False
        for name, handler in (
            ("pointerdown", self._down),
            ("pointermove", self._move),
            ("pointerup", self._up),
            ("pointercancel", self._up),
            ("touchstart", self._fingers),
            ("touchmove", self._fingers),
            ("wheel", self._wheel),
            ("keydown", self._key),
            ("dragstart", lambda event: event.preventDefault()),
        ):
            on(self.frame, name, handler)
        # On the way down, before the viewer hears of it: a click that ends a move chooses nothing.
        self.frame.addEventListener("click", create_proxy(self._click), True)

    def _down(self, event):
        if event.button != 0:
            return
        if not self.pointers:
            self.start, self.has_moved = (event.clientX, event.clientY), False
        self.pointers[event.pointerId] = event.clientX, event.clientY
        if len(self.pointers) == 2:
            self._begin_moving(event)

    def _move(self, event):
        before = self.pointers.get(event.pointerId)
        if before is None:
            return
        x, y = event.clientX, event.clientY
        if self.start:
            if max(abs(x - self.start[0]), abs(y - self.start[1])) < SLOP:
                return
            self._begin_moving(event)
        others = [place for number, place in self.pointers.items() if number != event.pointerId]
        self.pointers[event.pointerId] = x, y
        if not others:
            self.viewer.move_by(x - before[0], y - before[1])
            return
        other = others[0]
        was, now = distance(before, other), distance((x, y), other)
        self.viewer.move_by((x - before[0]) / 2, (y - before[1]) / 2)  # as far as the middle between the two
        if was and now:
            rect = self.frame.getBoundingClientRect()
            self.viewer.zoom_by(now / was, (x + other[0]) / 2 - rect.left, (y + other[1]) / 2 - rect.top)

    def _begin_moving(self, event):
        self.start, self.has_moved = None, True
        # A finger is captured where it came down; a pointer that a script has made can't be.
        if event.isTrusted and event.pointerType == "mouse":
            self.frame.setPointerCapture(event.pointerId)

    def _up(self, event):
        self.pointers.pop(event.pointerId, None)

    def _click(self, event):
        if self.has_moved and event.detail:
            event.stopPropagation()
            event.preventDefault()
        self.has_moved = False

    def _fingers(self, event):
        """Two zoom the picture, not the page; one moves the page where there is nothing of the picture to move."""
        if event.touches.length > 1 and event.cancelable:
            event.preventDefault()

    def _wheel(self, event):
        turned = event.deltaY * (PER_LINE if event.deltaMode else 1)
        rect = self.frame.getBoundingClientRect()
        times = WHEEL ** -max(
            -400, min(400, turned * (4 if event.ctrlKey else 1))
        )  # a touchpad's pinch tells small steps
        changed = self.viewer.zoom_by(times, event.clientX - rect.left, event.clientY - rect.top)
        if changed or event.ctrlKey:
            event.preventDefault()  # else the page scrolls on

    def _key(self, event):
        if event.ctrlKey or event.metaKey or event.altKey:
            return
        if event.key in ARROWS:
            self.viewer.move(*ARROWS[event.key])
        elif event.key in ("+", "="):
            self.viewer.zoom_by(STEP)
        elif event.key == "-":
            self.viewer.zoom_by(1 / STEP)
        elif event.key == "0":
            self.viewer.fit()
        else:
            return
        event.preventDefault()


def distance(one, other):
    return ((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5
