"""What touched the pad: a finger that means to write, or the hand that holds the pen; a pen that was lost for a moment.

Browsers tell of a palm as of a finger, and where a tablet takes it for one at all it ends it as it likes. So once a pen has
been used, a touch has to look like a finger's: narrow, longer than a dab, and not while the pen is near.
"""

PALM = 40  # px of the screen: a contact this wide or high is no finger's tip
DAB = 24  # px of the screen: a hand that is laid down slides less
NEAR = 400  # ms before a touch in which the pen was last felt, on the pad or above it
AWAY = 50, 12  # ms and px of the screen: a pen that is back so soon and so near was never lifted


class Contact:
    """Listens to what `Pointer` hears. Times are the events' own, in ms."""

    def __init__(self):
        self.pen = None  # when a pen was last felt
        self.began = None  # of the touch that draws: when,
        self.width = 0  # and its widest contact so far, px
        self.lost = None  # the last stroke of a pen that ended: (stroke, when, x, y)

    def felt(self, event):
        """Any event on the pad."""
        if event.pointerType == "pen":
            self.pen = event.timeStamp

    def touched(self, event):
        """A touch begins to draw, or goes on."""
        if event.type == "pointerdown":
            self.began, self.width = event.timeStamp, 0
        self.width = max(self.width, event.width or 0, event.height or 0)

    def is_palm(self, side):
        """Whether the touch that draws is the hand's. `side`: px of the screen, of what it has drawn."""
        if self.pen is None:
            return False
        return self.width >= PALM or side < DAB or self.began - self.pen < NEAR

    def ended(self, stroke, event):
        """A pen's stroke has."""
        self.lost = stroke, event.timeStamp, event.clientX, event.clientY

    def goes_on(self, event):
        """The stroke that a pen which comes down goes on with, or None."""
        if self.lost is None or event.pointerType != "pen":
            return None
        stroke, when, x, y = self.lost
        self.lost = None
        soon, near = AWAY
        is_back = event.timeStamp - when <= soon and max(abs(event.clientX - x), abs(event.clientY - y)) <= near
        return stroke if is_back else None
