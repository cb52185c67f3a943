"""How much is looked at in one picture. What would take longer is a pattern or a page of text, not numbers."""

MOST = 1_200  # looks: half a millisecond each, natively. A number of eight digits that run into each other takes 100
MOST_OF_A_PAGE = 10 * MOST  # at all its lines, none of which may take more than a picture: some 1,000 digits
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


class PageEffort(Effort):
    """What may still be spent on a page, and on one of its lines."""

    def __init__(self):
        super().__init__(MOST_OF_A_PAGE)
        self.begin_line()

    def begin_line(self):
        self.of_line = MOST

    def spend(self, looks):
        super().spend(looks)
        self.of_line -= looks
        if self.of_line < 0:
            raise TooMuch
