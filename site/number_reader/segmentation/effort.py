"""How much is looked at in one picture. What would take longer is a pattern or a page of text, not numbers."""

MOST = 1_200  # looks: half a millisecond each, natively. A number of eight digits that run into each other takes 100
MOST_OF_A_PAGE = 10 * MOST
PIXELS = 100_000  # of ink that is looked at count as a look
POINTS = 100  # of strokes that are drawn anew do too


class TooMuch(Exception):
    """There is more to look at than numbers have."""


class Effort:
    """What may still be spent."""

    def __init__(self, most=MOST):
        self.left = most

    def spend(self, looks):
        self.left -= looks
        if self.left < 0:
            raise TooMuch
