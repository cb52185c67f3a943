"""How well a few marks read in each way that they may lie. See `turn`."""

import numpy as np

from number_reader.classification.normalize import glyph
from number_reader.lattice.lattice import Lattice
from number_reader.lattice.ways import cheapest
from number_reader.page.rotation import rotated
from number_reader.segmentation.effort import TooMuch
from number_reader.segmentation.pieces import InkPieces
from number_reader.segmentation.segment import lines

HIGH = 60  # px: ink is shrunk to about this size of a mark before it is read in many ways
DOUBT = 1.0  # what doubt costs beside what it costs in a lattice: that of one digit in place of three is less there
MOST_DOUBT = 1.5
LINE = 0.4  # what one more line costs
NOTHING = 10.0  # what it costs that nothing is read


class Marks:
    """Some marks of a page, which are read in one way after another.

    recognizer: a Recognizer. ink: float32 (h, w) of these marks alone. size: of one of them, px.
    """

    def __init__(self, recognizer, ink, size):
        self._recognizer = recognizer
        self.ink = shrunk(ink, max(1, round(size / HIGH)))
        self._read = {}

    def read(self, degrees):
        """(cost, digits, refused ones, lines) of the marks turned clockwise so."""
        if degrees not in self._read:
            self._read[degrees] = self._reading(degrees)
        return self._read[degrees]

    def cost(self, degrees):
        return self.read(degrees)[0]

    def _reading(self, degrees):
        ink = np.rot90(self.ink, -round(degrees / 90)) if degrees % 90 == 0 else rotated(self.ink, degrees, "zero")
        cost, digits, refused, found = 0.0, 0, 0, []
        try:
            pieces = InkPieces(ink)
            found = lines(pieces.boxes)
            for line in found:
                lattice = Lattice(pieces, line, self._judge, self._recognizer.refuse_above)
                way = cheapest(lattice.segments, lattice.costs(), len(lattice.order))
                cost += sum(float(segment.measures @ lattice.weights) for segment in way)
                doubts = [segment.digit.doubt - lattice.limit for segment in way if segment.digit is not None]
                cost += DOUBT * float(np.clip(doubts, -MOST_DOUBT, MOST_DOUBT).sum())
                digits, refused = digits + len(doubts), refused + sum(doubt > 0 for doubt in doubts)
        except TooMuch:
            digits = 0
        return (cost + LINE * (len(found) - 1) if digits else NOTHING), digits, refused, len(found)

    def _judge(self, inks):
        glyphs = [glyph(ink) for ink in inks]
        return self._recognizer.compare(np.array(glyphs)) if glyphs else []


def shrunk(ink, factor):
    """float32 (h, w) -> means of squares of factor x factor px, the rest padded with paper."""
    if factor == 1:
        return ink
    h, w = (-(-side // factor) * factor for side in ink.shape)
    padded = np.zeros((h, w), np.float32)
    padded[: ink.shape[0], : ink.shape[1]] = ink
    return padded.reshape(h // factor, factor, w // factor, factor).mean(axis=(1, 3))
