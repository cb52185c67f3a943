"""The way up of a few marks: they are read as lines of digits in each way that they may lie.

What a reading costs is that of the cheapest way through its lattices, a negative log-likelihood up to a constant (a
semi-Markov conditional random field, see `lattice`), so that ways, cuts and numbers of digits can be held against one another.
The way that costs least wins if it is likely by itself and every way that is more than 45 degrees from it costs clearly more;
else the marks stay as they lie. Where their ink is long, its axis says which ways there are; else they are tried all around,
coarsely first.
"""

from dataclasses import dataclass

import numpy as np

from number_reader.classification.normalize import glyph
from number_reader.ink.image import INK_LEVEL
from number_reader.lattice.lattice import Lattice
from number_reader.lattice.ways import cheapest
from number_reader.page.rotation import rotated
from number_reader.segmentation.effort import Effort, TooMuch
from number_reader.segmentation.pieces import InkPieces

HIGH = 60  # px: ink is shrunk to about this size of a mark before it is read in many ways
DOUBT = 1.5  # what doubt costs beside what it costs in a lattice: that of one digit in place of three is less there
MOST_DOUBT = 1.5
SHORT = 2  # so few marks may be more digits than marks, and are cut as often as reading cuts them,
CUTS = 2  # and more of them so often each
LOOKS, LOOKS_OF_SHORT = 80, 150  # so much is looked at in one way, see `effort`; more is a pattern
LINE = 1.5  # what one more line costs: bars of 5s seen from aside are lines of 1s
NOTHING = 10.0  # what it costs that nothing is read
LEAST, SMALLEST = 8, 0.006  # px, and of the longer side of the picture: what is smaller is no mark
LOW, LARGE = 0.45, 3.0  # of the usual size: so large are marks,
WHOLE = 0.6  # and what is no bar of a 5
SMALL, REACH = 0.1, 0.3  # of it: what is read beside them is as large, and no farther out
FEWEST = 2  # digits that must be read
LIKELY, REFUSED = -0.4, 0.1  # what each digit costs at most, and the share of them refused, in a way that is turned to
CONVINCING = -2.2  # what each digit costs at most where no angle but right ones need be tried, and none for a line
MAY_BE, MUCH_BETTER = 0.5, 2.5  # the share of them refused where no other way is likely at all, as of joined digits
NEAR = 3.0  # by how much less the angles around another way may be thought to cost
BETTER = 1.6  # by how much the best way must cost less than all that are not like it
RIGHT = [0.0, 90.0, 180.0, -90.0]
SLANT = 20.0  # degrees by which digits may lean
COARSE, FINE = 30, 5.0  # degrees between ways
LENGTHY = 0.42  # of its spread along its axis: what ink spreads at most across it that lies in rows
LONG = 3.0  # times as far apart along a row as across it, before it is levelled
STRAIGHT, CLIMBS, CLIMBING = 3.0, 6.0, 60.0  # degrees by which a row may climb, its ink may, and at most does
SKEWED, FEWER = 1.0, 3.0  # by how much an angle must be better than the right angle near it; where it has fewer digits
ROW, NARROW = 5, 0.15  # so many marks are a row if they lie so much less far apart across it than along


def marks_of(boxes, shape):
    """Components that may be digits whichever way the page lies: (their numbers, list; their usual longer side, px).

    boxes: int (n, 4). shape: of the picture: what lies on its edge is left out. The usual side is the median of all pixels
    of sides, so that specks do not count.
    """
    if not len(boxes):
        return [], 0.0
    sides = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
    inside = (boxes[:, :2] > 1).all(axis=1) & (boxes[:, 2:] < np.subtract(shape, 1)).all(axis=1)
    real = np.flatnonzero(inside & (sides >= max(LEAST, SMALLEST * max(shape))))
    if not real.size:
        return [], 0.0
    order = real[np.argsort(sides[real], kind="stable")]
    along = np.cumsum(sides[order])
    usual = float(sides[order[np.searchsorted(along, along[-1] / 2)]])
    return [int(i) for i in real if LOW * usual <= sides[i] <= LARGE * usual], usual


def turn_of_few(recognizer, ink, labels, boxes, numbers, size):
    """By how many degrees clockwise a picture of a few marks must be turned to be upright, -180..180; 0.0 where that is not
    clear. See `turn.find_turn`. numbers, size: of its marks, as `marks_of` gives them."""
    marks = Marks(recognizer, around(ink, labels, boxes, numbers, size), size, len(numbers))
    whole = [i for i in numbers if max(boxes[i][2] - boxes[i][0], boxes[i][3] - boxes[i][1]) >= WHOLE * size]
    middles = (boxes[whole, :2] + boxes[whole, 2:]) / 2
    is_block = len(numbers) >= ROW and not is_long(middles, NARROW)
    level = None if is_block else _level_of(marks.ink)  # rows of unlike length have a long axis, but not along them
    climbs = level is not None and CLIMBS < abs(level) <= CLIMBING  # the end of a number that climbs may be misread
    if not climbs and marks.convinces(0.0) and marks.read(0.0).lines == 1:
        return 0.0
    ways = RIGHT if is_block and marks.convinces(0.0) else _ways(marks, level)
    best = min(ways, key=marks.cost)
    turn = _level(marks, best, middles, level)
    return float(within(turn)) if _wins(marks, turn) or _wins(marks, best) else 0.0


def _wins(marks, way):
    """Whether a way is clearly better than all that are more than 45 degrees from it."""
    found = marks.read(way)
    if found.digits < FEWEST or not (found.is_likely or found.may_be):
        return False
    least = found.cost + (BETTER if found.is_likely else MUCH_BETTER)
    apart = [other for other in marks.tried if abs(within(other - way)) > 45]
    rival = min(apart, key=lambda other: marks.cost(other, found.digits))
    # The best way was read at angles around it, and so is what comes near to it.
    around = (0, -FINE, FINE) if marks.cost(rival, found.digits) < least + NEAR else (0,)
    return all(marks.cost(rival + aside, found.digits) >= least for aside in around)


def _level_of(ink):
    """The angle, degrees clockwise in -90..90, at which the axis of long ink, float32 (h, w), is level; None if it is not
    long: joined digits have as good an axis as others."""
    points = np.argwhere(ink > INK_LEVEL)
    if not is_long(points, LENGTHY):
        return None
    axis = _axes(points)[1][:, 1]
    return float((90 - np.rad2deg(np.arctan2(axis[0], axis[1]))) % 180 - 90)


def _ways(marks, level):
    """Angles, degrees clockwise, at which marks are to be compared: those along and across their ink, where it is long, and
    else all around, coarsely, and finer near the best two."""
    if level is not None:
        return [0.0, *(within(level + way) for way in RIGHT)]
    ways = [float(way) for way in range(-180, 180, COARSE)]
    best = min(ways, key=marks.cost)
    other = min((way for way in ways if abs(within(way - best)) > 45), key=marks.cost)
    near = (best, other) if marks.cost(other) < marks.cost(best) + 2 * NEAR else (best,)
    return ways + [within(way + aside) for way in near for aside in (-COARSE / 2, COARSE / 2)]


def is_long(points, share):
    """Whether points, float (n, 2), spread at most such a share as far across their axis as along it."""
    if len(points) < 2:
        return False
    spread = _axes(points)[0]
    return bool(spread[0] <= share**2 * spread[1])


def _level(marks, way, middles, level):
    """The angle near a way at which marks are to be read, degrees clockwise. middles: float (n, 2), y and x. level: see
    `_level_of`."""
    right = 90.0 * round(way / 90)
    if len(middles) >= ROW and (climb := _climb(middles, way)) is not None:
        return right if abs(way + climb - right) <= STRAIGHT else way + climb
    # The axis of few digits is not as sure as that they can be read.
    around = [way + aside for aside in (0, -FINE, FINE, -2 * FINE, 2 * FINE)]
    if level is not None and marks.read(way).lines > 1:
        level = None
    if level is not None:
        level = min((level + turn for turn in RIGHT), key=lambda angle: abs(within(angle - way)))
        around = [level + aside for aside in (0, -FINE, FINE)]
    turn = min(around, key=marks.cost)
    found, lying = marks.read(turn), marks.read(right)
    if lying.lines > found.lines or (level is not None and abs(within(level - right)) > CLIMBS):
        return turn
    as_good = lying.refused <= found.refused and lying.digits == found.digits
    if not right and abs(turn) <= SLANT and as_good:  # so far many people's digits lean
        return right
    # What is no digit may vanish in one, turned.
    skewed = FEWER if lying.digits > found.digits and lying.cost <= LIKELY * lying.digits else SKEWED
    return right if lying.cost < found.cost + skewed else turn


def _axes(middles):
    """Second moments of middles, float (n, 2), y and x, the smaller one first, and their axes (Pearson 1901)."""
    offsets = middles - middles.mean(axis=0)
    return np.linalg.eigh(offsets.T @ offsets)


def _climb(middles, degrees):
    """By how many degrees more marks must be turned to be level, -20..20; None where they are no row. middles: float (n, 2)."""
    angle = np.deg2rad(degrees)
    y, x = middles.T
    y, x = y * np.cos(angle) + x * np.sin(angle), x * np.cos(angle) - y * np.sin(angle)
    if np.ptp(x) < LONG * np.ptp(y):
        return None
    slope = np.polyfit(x, y, 1)[0]
    return float(np.clip(-np.rad2deg(np.arctan(slope)), -20, 20))


def around(ink, labels, boxes, numbers, size):
    """The ink of marks and of what is small and lies among them, as points and bars do: float32 (h, w), cropped."""
    top, left = boxes[numbers, :2].min(axis=0)
    bottom, right = boxes[numbers, 2:].max(axis=0)
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    sides = (boxes[:, 2:] - boxes[:, :2]).max(axis=1)
    reach = REACH * size
    among = ((middles > (top - reach, left - reach)) & (middles < (bottom + reach, right + reach))).all(axis=1)
    own = np.zeros(len(boxes) + 1, bool)
    own[1:] = among & (sides >= SMALL * size) & (sides <= LARGE * size)
    own[np.add(numbers, 1)] = True
    all_of_them = np.flatnonzero(own[1:])
    top, left = np.maximum(boxes[all_of_them, :2].min(axis=0) - 1, 0)
    bottom, right = boxes[all_of_them, 2:].max(axis=0) + 1
    here = slice(top, bottom), slice(left, right)
    return np.where(own[labels[here]] | (labels[here] == 0), ink[here], np.float32(0))


class _Pieces(InkPieces):
    """Pieces that are cut in few places: turned aside, each digit is doubted and would be cut in many."""

    def cut(self, number, most):
        return super().cut(number, min(most, CUTS))


@dataclass
class Found:
    """What marks read as: what it costs, how many digits, how many of them refused, in how many lines."""

    cost: float
    digits: int
    refused: int
    lines: int

    @property
    def is_likely(self):
        """Whether these may well be lines of digits."""
        many = self.digits >= FEWEST * self.lines or self.lines == 1
        return many and self.refused <= REFUSED * self.digits and self.cost <= LIKELY * self.digits

    @property
    def may_be(self):
        """Whether these may be a line of digits, some of them joined."""
        return self.lines == 1 and self.refused <= MAY_BE * self.digits and self.cost <= 0


class Marks:
    """Some marks of a page, which are read in one way after another.

    recognizer: a Recognizer. ink: float32 (h, w) of these marks alone. size: of one of them, px. count: of them.
    """

    def __init__(self, recognizer, ink, size, count):
        self._recognizer, self._is_short = recognizer, count <= SHORT
        self.ink = shrunk(ink, max(1, round(size / HIGH)))
        self._read = {}

    def read(self, degrees):
        """The Found of the marks turned clockwise so."""
        degrees = within(degrees)
        if degrees not in self._read:
            self._read[degrees] = self._reading(degrees)
        return self._read[degrees]

    @property
    def tried(self):
        """The ways that were read, degrees clockwise."""
        return list(self._read)

    def convinces(self, degrees):
        """Whether so turned they are digits that nobody doubts."""
        found = self.read(degrees)
        return found.is_likely and found.cost <= CONVINCING * found.digits

    def cost(self, degrees, digits=None):
        """What they cost turned so. digits: how many; where others are read and believed, these count as so many: of a 5 in
        two pieces both would say something otherwise, and of its bar alone that it is a 1."""
        found = self.read(degrees)
        return found.cost * digits / found.digits if digits and found.cost < 0 else found.cost

    def _reading(self, degrees):
        ink = np.rot90(self.ink, -round(degrees / 90)) if degrees % 90 == 0 else rotated(self.ink, degrees, "zero")
        cost, digits, refused, found = 0.0, 0, 0, []
        try:
            effort = Effort(LOOKS_OF_SHORT if self._is_short else LOOKS)
            pieces = (InkPieces if self._is_short else _Pieces)(ink, effort=effort)
            found = pieces.lines()
            for line in found:
                lattice = Lattice(pieces, line, self._judge, self._recognizer.refuse_above)
                way = cheapest(lattice.segments, lattice.costs(), len(lattice.order))
                cost += sum(float(segment.measures @ lattice.weights) for segment in way)
                doubts = [segment.digit.doubt - lattice.limit for segment in way if segment.digit is not None]
                cost += DOUBT * float(np.clip(doubts, -MOST_DOUBT, MOST_DOUBT).sum())
                digits, refused = digits + len(doubts), refused + sum(doubt > 0 for doubt in doubts)
        except TooMuch:
            digits = 0
        return Found(cost + LINE * (len(found) - 1) if digits else NOTHING, digits, int(refused), len(found))

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


def within(degrees):
    """An angle in -180..180."""
    return (degrees + 180) % 360 - 180
