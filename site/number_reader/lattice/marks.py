"""Marks beside digits: what tells a point from a comma from a small 1, in numbers, for the lattice to weigh.

Shape alone does not: a mark's neighbours say how near its shape is, and its place and size on the line, held against the digits
beside it, say the rest. The weights are learned as those of digits are (training/learning/reading.py).
"""

import math

import numpy as np

from number_reader.classification.certainty import NONE
from number_reader.classification.features import moments
from number_reader.classification.neighbors import FAR
from number_reader.labels import CHARACTERS, DIGITS, MARKS, NOT_A_DIGIT, PART, SEVERAL
from number_reader.lattice.lattice import Lattice, Segment
from number_reader.lattice.mark_weights import STEPS, WEIGHTS
from number_reader.lattice.measures import MEASURES, of_joins, size, within
from number_reader.lattice.ways import cheapest
from number_reader.segmentation.segment import SPECK

LIKELY = 4  # marks tried for a run of pieces, those whose shape is nearest,
LITTLE, SMALL = tuple(CHARACTERS.index(c) for c in ".,-"), 0.5  # and these if it is smaller than this share of a digit
UNLIKE = 3.5  # log of how many times farther than the nearest label a mark may be, and still be tried
TALL = 0.45  # share of the line's height above which a piece says where digits stand
BESIDE = 1.6  # heights of the line: how far such pieces are looked for
POINT, OPEN, CLOSE = (CHARACTERS.index(c) for c in ".()")
ROUND = 1.6  # a point is at most so many times as long as broad
UNPAIRED = 3.0  # what a bracket without its fellow costs; chosen on validation
DUST = 0.16  # heights: what is larger is not dropped

# Of a mark, beside what breaks say of it; see `measures`.
SHAPE = (
    "mark",  # 1 for a mark
    "shape",  # doubt above the limit, as of digits, from -2 to 2
    "strange",  # the same where it is positive
    "behind",  # log of how much farther it is than the nearest other label, digit or mark, where it is, up to 4
    "before",  # and of how much nearer, up to 2
    "mark several",  # how much nearer to several digits
    "mark part",  # and to parts of digits
    "mark joined",
    "mark gap",
    "mark shared",
    "mark inside",
    "mark late",
    "mark over",  # share of its width that lies over or under pieces of other segments
)
# Of what is neither: a letter, an apostrophe.
NEITHER = (
    "neither",  # 1 for it
    "neither doubt",  # the least doubt of any digit or mark above the limit, from -2 to 2
    "neither strange",  # the same where it is positive
    "neither little",  # log of how many times smaller than digits it is, if it is
    "neither off",  # how far its middle is from theirs, in heights
    "neither alone",  # 1 where there are no digits near it
)
# Of each mark, of the digit that is a stroke like many of them, of other digits and of dust: where it stands, how large it is
# and how far it leans, against the digits near it.
PLACE = (
    "kind",
    "high",
    "high squared",
    "wide",
    "wide squared",
    "middle",
    "middle squared",
    "lean",
    "lean squared",
    "alone",
    # Of a mark, how much its shape says depends on its kind, too:
    "shape",
    "lead",  # log of how much nearer it is than the nearest other label, from -4 to 2
)
DIGIT, NOTHING = 0, None
PLACED: dict = {1: "1", DIGIT: "digit", NOTHING: "dust", **{label: CHARACTERS[label] for label in MARKS}}
# What may follow what: kinds of symbols, the last being what is neither.
KINDS = ("0123456789", ".,", "-", "+×", "/:", "%", "(", ")", "$", "=", "?")
KIND = {label: next(k for k, of in enumerate(KINDS) if c in of) for label, c in enumerate(CHARACTERS)}
ALL = MEASURES + SHAPE + NEITHER + tuple(f"{kind} {name}" for kind in PLACED.values() for name in PLACE)
_MARK, _NEITHER = ALL.index("mark"), ALL.index("neither")
_SYMBOLS = (*DIGITS, *MARKS)
_PLACE = {m: len(ALL) - (len(PLACED) - k) * len(PLACE) for k, m in enumerate(PLACED)}


class MarkLattice(Lattice):
    """All segments that a line of digits and marks may consist of. Nothing is left out but dust."""

    measures, weights = ALL, WEIGHTS

    def _slashes(self, line):
        return set()

    def _cut(self, i, digit):
        near = digit.near
        mark = int(near[MARKS.start :].argmin()) + MARKS.start
        if near[mark] < near[: MARKS.start].min() and mark_doubt(near, mark) < self.limit:
            return [i], []
        return super()._cut(i, digit)

    def _segments(self, known):
        found = []
        tall = [i for i, box in self.whole.items() if size(box)[0] >= TALL * self.height]
        self._tall_numbers = np.array(tall, int)
        self._tall = np.array([self.whole[i] for i in tall], int).reshape(-1, 4)
        self._sides = np.array([self.pieces.boxes[i] for i in self.order])[:, 1::2]
        runs = sorted(known.items())
        leans = _leans(np.array([compared.glyph for _, compared in runs]))
        usual = {self.order[start]: lean for ((start, end), _), lean in zip(runs, leans) if end == start + 1}
        for ((start, end), compared), lean in zip(runs, leans):
            digit = self._segment(start, end, compared)
            place = self._place(start, end, digit.box)
            if place:
                others = sorted(usual[i] for i in tall if i in usual and i not in self.order[start:end])
                place = (*place, lean - others[len(others) // 2] if others else 0.0)
            _put(digit.measures, 1 if compared.winner == 1 else DIGIT, place)
            found += [digit, *self._others(digit, place)]
        for k, i in enumerate(self.order):
            box = self.pieces.boxes[i]
            if max(size(box)) <= DUST * self._height_at(box):
                dust = self._segment(k, k + 1, None)
                place = self._place(k, k + 1, box)
                _put(dust.measures, NOTHING, (*place, 0.0) if place else None)
                found.append(dust)
        return found

    def _place(self, start, end, box):
        """Where a box stands against the digits near it: log of its height and of its width in their heights, and how far its
        middle is below theirs, in heights; None where there are none."""
        own = self.owners[start:end]
        others = self._tall[(self._tall_numbers[:, None] != own).all(axis=1)]
        if not len(others):
            return None
        apart = np.maximum(others[:, 1] - box[3], box[1] - others[:, 3])
        near = others[apart < BESIDE * self.height]
        tops, bottoms = np.sort((near if len(near) else others)[:, ::2], axis=0).T.tolist()
        top, bottom = tops[len(tops) // 2], bottoms[(len(bottoms) - 1) // 2]
        unit = max(bottom - top, 1)
        high, wide = size(box)
        return (
            math.log(max(high / unit, 0.02)),
            math.log(max(wide / unit, 0.02)),
            within(((box[0] + box[2]) - (top + bottom)) / (2 * unit), -1.5, 1.5),
        )

    def _others(self, digit, place):
        """The Segments of what the pieces of a digit's Segment may be instead: marks, or neither."""
        near = digit.digit.near.tolist()
        ranked = sorted((near[label], label) for label in _SYMBOLS)
        likely = [label for _, label in ranked if label in MARKS][:LIKELY]
        if place and max(place[:2]) < math.log(SMALL):
            likely += [label for label in LITTLE if label not in likely]
        farthest = ranked[0][0] * math.exp(UNLIKE)
        likely = [m for m in likely if near[m] < FAR and (m in LITTLE or near[m] < farthest)]
        numbers = self.order[digit.start : digit.end]
        joins = of_joins([self.pieces.boxes[i] for i in numbers], self._joins(digit.start, digit.end), self.height)
        values = self._breaks(digit.start, digit.end) | {
            **{f"mark {name}": value for name, value in joins.items()},
            "mark late": self.pieces.late(numbers),
            "mark over": self._over(digit),
        }
        base, found, doubts = self._vector(values), [], [digit.digit.doubt - self.limit]
        for label in likely:
            shape = within(mark_doubt(near, label) - self.limit, -2, 2)
            other = ranked[1][0] if ranked[0][1] == label else ranked[0][0]
            lead = math.log(other / near[label])
            doubts.append(shape)
            measures = base.copy()
            measures[_MARK : _MARK + 7] = (
                1,
                shape,
                max(shape, 0),
                within(-lead, 0, 4),
                within(lead, 0, 2),
                within(math.log(near[label] / near[SEVERAL]) + 1, 0, 2),
                within(math.log(near[label] / near[PART]) + 1, 0, 2),
            )
            _put(measures, label, place)
            measures[_PLACE[label] + 10 : _PLACE[label] + 12] = shape, within(lead, -4, 2)
            found.append(Segment(digit.start, digit.end, measures, digit.box, digit.digit, label))
        doubt, (high, wide, middle, _) = within(min(doubts), -2, 2), place or (0, 0, 0, 0)
        base[_NEITHER : _NEITHER + 6] = (
            1,
            doubt,
            max(doubt, 0),
            max(-max(high, wide), 0),
            abs(middle),
            place is None,
        )
        return [*found, Segment(digit.start, digit.end, base, digit.box, digit.digit, NOT_A_DIGIT)]

    def _over(self, digit):
        """Share of the width of a Segment's box that lies over or under pieces of others."""
        _, left, _, right = digit.box
        shared = np.minimum(self._sides[:, 1], right) - np.maximum(self._sides[:, 0], left)
        widest = max(shared[: digit.start].max(initial=0), shared[digit.end :].max(initial=0))
        return within(widest / max(right - left, 1), 0, 1)

    def is_refused(self, segment):
        if segment.label == NOT_A_DIGIT:
            return True
        if segment.label in LITTLE:
            return False  # their shape says little: what stands where they do is one of them, or neither
        if segment.label in MARKS:
            return mark_doubt(segment.digit.near, segment.label) > self.limit
        return super().is_refused(segment)

    def best(self, weights=None):
        """The Segments of the cheapest way; see `read`."""
        return [segment for segment, _ in self.read()]

    def read(self):
        """The cheapest way: [(Segment, {label: chance})], of each mark, and of NOT_A_DIGIT for neither, that the Segment's
        pieces are it, if they are one symbol."""
        costs, found = self.costs(), []
        way = [segment for segment in self._refuse(self._paired(costs)) if not self._is_nothing(segment)]
        if len(way) == 1 and _is_point(way[0]):
            return []  # a point alone says nothing
        same = {}
        for other, cost in zip(self.segments, costs.tolist()):
            if other.label is not None:
                same.setdefault((other.start, other.end), []).append((other.label, cost))
        kinds = [KIND[segment.label] for segment in way]
        for segment, before, after in zip(way, [len(KINDS), *kinds], [*kinds[1:], len(KINDS)]):
            rivals = {
                label: cost + STEPS[before, KIND[label]] + STEPS[KIND[label], after]
                for label, cost in same[segment.start, segment.end]
            }
            least = min(rivals.values())
            shares = {label: math.exp(least - cost) for label, cost in rivals.items()}
            total = sum(shares.values())
            found.append((segment, {label: share / total for label, share in shares.items() if label >= NOT_A_DIGIT}))
        return found

    def _is_nothing(self, segment):
        """Whether a Segment is dust: the lattice says so, or says that it is neither digit nor mark, and it is a speck."""
        speck = segment.label == NOT_A_DIGIT and max(size(segment.box)) < SPECK * self._height_at(segment.box)
        return segment.label is None or speck

    def _paired(self, costs):
        """The cheapest way where a bracket without its fellow costs UNPAIRED, which is added to costs: float (n,)."""
        kinds = [None if segment.label is None else KIND[segment.label] for segment in self.segments]
        raised, numbers = set(), {id(segment): k for k, segment in enumerate(self.segments)}
        while True:
            way = cheapest(self.segments, costs, len(self.order), kinds, STEPS)
            lone = [k for k in (numbers[id(segment)] for segment in _unpaired(way)) if k not in raised]
            if not lone:
                return way
            raised.update(lone)
            costs[lone] += UNPAIRED


def mark_doubt(near, label):
    """How far something is from a mark, also in relation to what is no symbol; as `certainty.doubt` says it of digits.
    near: what `neighbors.closeness` returns."""
    other = near[NOT_A_DIGIT]
    return math.log(near[label]) - (NONE * math.log(other) if other < FAR else 0)


def _put(measures, label, place):
    """Fill in a kind's measures of place: what `MarkLattice._place` gives, with the lean; None where there are no digits."""
    at = _PLACE[label]
    if place:
        high, wide, middle, lean = place
        lean = within(lean, -1.5, 1.5)
        measures[at : at + 9] = 1, high, high * high, wide, wide * wide, middle, middle * middle, lean, lean * lean
    else:
        measures[at + 9] = 1


def _leans(glyphs):
    """How far glyphs, uint8 (n, 28, 28), lean: the slant of `features.deskew`, a list of floats."""
    if not len(glyphs):
        return []
    _, _, mu_yy, _, mu_xy = moments(glyphs.astype(np.float32))
    return np.clip(mu_xy / mu_yy, -1.5, 1.5).tolist()


def _is_point(segment):
    """Whether a Segment that stands alone is a point: nearest to one, and round; a 1 is like what a pen leaves in a point."""
    nearest = min(_SYMBOLS, key=lambda label: segment.digit.near[label])
    return nearest == POINT and max(size(segment.box)) < ROUND * min(size(segment.box))


def _unpaired(way):
    """The brackets of a way that have no fellow: a list of Segments."""
    opened, lone = [], []
    for segment in way:
        if segment.label == OPEN:
            opened.append(segment)
        elif segment.label == CLOSE and opened:
            opened.pop()
        elif segment.label == CLOSE:
            lone.append(segment)
    return lone + opened
