"""Pieces of a line -> digits: of all ways to put neighbouring pieces together, the one that costs least.

A segment is a run of neighbouring pieces taken for one digit, or for no mark at all (a point, a dash). Its cost is linear
in a few measures, above all in what the neighbours say of it; the cheapest way along the line is found by dynamic
programming. It is a semi-Markov conditional random field (Sarawagi and Cohen 2004), learned from numbers whose text is
known (training/learning/reading.py).
"""

from dataclasses import dataclass

import numpy as np

from number_reader.classification.normalize import extent
from number_reader.labels import NOT_A_DIGIT, SEVERAL
from number_reader.lattice.measures import COLUMN, MEASURES, MOST_OVER, WEIGHTS, astride, line_height, of_digit, size
from number_reader.lattice.slashes import slashes
from number_reader.lattice.ways import cheapest
from number_reader.segmentation.segment import hull, overlap

# A piece may be several digits if its doubt comes as near to the limit as this, and wide ones even with less doubt:
UNSURE = 0.3
WIDE, UNSURE_WIDE = 0.8, 0.8  # wider than this share of the height
WIDER = 1.2  # wider than this whatever the doubt
SURE = 0.8  # two pieces so far below the limit, with paper between them, are not one digit
FULL = 0.6  # if they are higher than this share of the line
FOREIGN = 0.75  # a refused piece is no digits that touch if it is so much nearer to letters, symbols and scribbles
CUTS = 4  # seams tried in one piece, more in one that is wider than high
WIDEST = 1.7  # a digit is at most this many times as wide as high
TOGETHER = 6  # pieces of one digit at most
NEAR = 0.35  # and no wider gap between them than this share of the line's height
BESIDE = 1.0  # heights of the line: how far a digit's neighbours are
SHRUNK = 0.5  # a line becomes no lower than this share of its height
MARK = 0.42  # what is dropped is smaller than this share of the line's height,
TINY = 0.25  # a digit's shape is a circle for a point only if it is smaller than this
FLAT, FILLED = 0.4, 0.4  # or a dash: lower than this share of its width, and it fills so much of its box


@dataclass
class Segment:
    """Pieces start..end (half-open) of a line, as the symbol `label` or, where that is None, as nothing. digit: what the
    neighbours say of them, None for nothing."""

    start: int
    end: int
    measures: np.ndarray
    box: tuple
    digit: object
    label: object = None


class Lattice:
    """All segments that a line may consist of, digits only: what may be a mark between them may be left out.

    pieces: InkPieces or PenPieces. line: numbers of its pieces. judge: function from crops of ink, gone through once, to
    a list of digits (with .doubt and .margin). limit: the doubt beyond which a digit is refused. A slash is part of no digit.
    """

    measures: tuple = MEASURES
    columns: dict = COLUMN  # {name: number}, of the measures
    weights = WEIGHTS

    def __init__(self, pieces, line, judge, limit):
        self.pieces, self.limit = pieces, limit
        self.boxes = [pieces.boxes[i] for i in line]  # before any is cut
        self.whole = dict(zip(line, self.boxes))
        self.patch_of = dict(zip(line, pieces.touching(line)))
        self.height = line_height(self.boxes)
        line = sorted(line, key=lambda i: pieces.boxes[i][1] + pieces.boxes[i][3])
        self.dashes = set()
        alone = judge(self._alone(line))
        self.slashes = self._slashes(line)
        self.order, self.prices, owners, known = [], [], [], {}
        self.sure = {
            i
            for i, digit in zip(line, alone)
            if digit.doubt < limit - SURE and size(pieces.boxes[i])[0] > FULL * self.height
        }
        for i, digit in zip(line, alone):
            parts, prices = ([i], []) if i in self.dashes | self.slashes else self._cut(i, digit)
            start = len(self.order)
            self.order += parts
            owners += [i] * len(parts)
            self.prices += [None, *prices]
            known[start, len(self.order)] = digit
        self.owners = owners
        self.astride = astride([pieces.boxes[i] for i in self.order], owners)
        self.patches = self._patches()
        runs = []
        judged = judge(self._together(known, runs))
        known |= dict(zip(runs, judged))
        self.segments = self._segments(known)

    def _slashes(self, line):
        return slashes(self.pieces, line)

    def _segments(self, known):
        """The Segments of runs of pieces, {(start, end): what the neighbours say}."""
        found = [
            self._segment(start, end, digit)
            for (start, end), digit in sorted(known.items())
            if self.slashes.isdisjoint(self.order[start:end])
        ]
        for k, i in enumerate(self.order):
            if i in self.dashes | self.slashes or self._is_mark(i, known.get((k, k + 1))):
                found.append(self._segment(k, k + 1, None))
        return found

    def _alone(self, line):
        """The ink of each piece of a line, one by one, as all at once could fill the memory. Notes which are dashes."""
        for i in line:
            ink = self.pieces.ink([i])[1]
            if self._is_dash(i, ink):
                self.dashes.add(i)
            yield ink

    def _together(self, known, runs):
        """The ink of each run of pieces that is not known, one by one. Notes the runs."""
        for run in dict.fromkeys([*self._runs(), *self.patches]):
            if run not in known:
                runs.append(run)
                yield self.pieces.ink(self.order[slice(*run)])[1]

    def _height_at(self, box):
        """Height of the line near a box, px: handwriting may grow or shrink along it, but a speck makes no line."""
        near = [other for other in self.boxes if -overlap(box, other, 1) < BESIDE * self.height]
        return max(line_height(near or [box]), SHRUNK * self.height)

    def _is_mark(self, i, digit):
        """Whether a piece may be no more than a mark between digits: small, and if it is not tiny, then no digit that
        is sure; a 1 is like any stroke."""
        longer = max(size(self.pieces.boxes[i])) / self._height_at(self.pieces.boxes[i])
        sure = digit is not None and digit.winner != 1 and digit.doubt < self.limit - SURE
        return longer < (TINY if sure else MARK)

    def _is_dash(self, i, ink):
        height, width = size(self.pieces.boxes[i])
        if height >= FLAT * width:
            return False
        box = extent(ink)
        if box is None:  # a pen-down of which only two far ends were left; drawn anew, they are too thin to be seen
            return False
        top, left, bottom, right = box
        return ink.sum() > FILLED * (bottom - top) * (right - left)

    def _cut(self, i, digit):
        height, width = size(self.pieces.boxes[i])
        near = UNSURE if width <= WIDE * height else UNSURE_WIDE
        if height < 0.4 * self.height or (width <= WIDER * height and digit.doubt <= self.limit - near):
            return [i], []
        if digit.doubt > self.limit and digit.near[NOT_A_DIGIT] < FOREIGN * digit.near[SEVERAL]:
            return [i], []
        self.sure.discard(i)
        return self.pieces.cut(i, CUTS + int(2 * width / height))

    def _runs(self):
        """Runs (start, end) of the pieces that could be one digit."""
        boxes = [self.pieces.boxes[i] for i in self.order]
        for start in range(len(boxes)):
            whole, joined = boxes[start], 0
            for end in range(start + 1, len(boxes) + 1):
                if end > start + 1:
                    box = boxes[end - 1]
                    if self.prices[end - 1] is None:
                        joined += 1
                        near = min(-overlap(other, box, 1) for other in boxes[start : end - 1])
                        if near > NEAR * self.height or (near > 0 and self.sure.issuperset(self.order[start:end])):
                            break
                    whole = hull([whole, box])
                height, width = size(whole)
                if joined >= TOGETHER or width > WIDEST * self.height:
                    break
                if width <= WIDEST * max(height, 0.7 * self.height):  # what comes next may be its upright: a 4's
                    yield start, end

    def _patches(self):
        """Runs of all the pieces of several pen-downs that touch, from pixels one piece: whatever their shape, they may be
        one digit."""
        inside = {}
        for k, owner in enumerate(self.owners):
            inside.setdefault(self.patch_of[owner], []).append(k)
        runs = [(ks[0], ks[-1] + 1) for ks in inside.values() if len(ks) == ks[-1] + 1 - ks[0]]
        return [run for run in runs if 1 < len(set(self.owners[slice(*run)])) <= TOGETHER]

    def _segment(self, start, end, digit):
        boxes = [self.pieces.boxes[i] for i in self.order[start:end]]
        box = hull(boxes)
        usual = self._height_at(box)
        values = self._breaks(start, end)
        if digit is None:
            values |= {"dropped": 1, "lost": min(max(size(box)) / usual, 1)}
        else:
            values |= of_digit(digit, self.limit, boxes, self._joins(start, end), usual, self.height)
            values["late"] = self.pieces.late(self.order[start:end])
        label = None if digit is None else digit.winner
        return Segment(start, end, self._vector(values), box, digit, label)

    def _joins(self, start, end):
        """Which of a run's pieces, but the first, paper parts from the one before."""
        return [k - start for k in range(start + 1, end) if self.prices[k] is None]

    def _breaks(self, start, end):
        """Measures of what a run of pieces is torn from: {name: value}."""
        over, common = (
            max(each[start:end, :start].max(initial=0), each[start:end, end:].max(initial=0)) for each in self.astride
        )
        values = {"split": max(5 * (over - MOST_OVER), 0), "torn": common}
        return values if self.prices[start] is None else values | {"cut": 1, "price": self.prices[start]}

    def _vector(self, values):
        """Measures by name, as an array; what is not named is 0."""
        return self._fill(np.zeros(len(self.measures), np.float32), values)

    def _fill(self, measures, values):
        for name, value in values.items():
            measures[self.columns[name]] = value
        return measures

    def best(self, weights=None):
        """The cheapest way along the line: its symbols' Segments, from left to right. weights: (len(measures),)."""
        way = cheapest(self.segments, self.costs(weights), len(self.order))
        return [segment for segment in self._refuse(way) if segment.digit is not None]

    def costs(self, weights=None):
        """What each segment costs, float (len(segments),)."""
        return np.array([segment.measures for segment in self.segments]) @ (
            self.weights if weights is None else weights
        )

    def _refuse(self, way):
        """The way, with marks whole again whose cuts did not make digits of all their parts: scribbles, above all."""
        whole = {}
        for segment in self.segments:
            if segment.digit is not None:
                whole.setdefault((segment.start, segment.end), segment)
        found = []
        for segment in way:
            if self.prices[segment.start] is None:
                found.append([])
            found[-1].append(segment)
        kept = []
        for parts in found:
            refused = any(part.digit is not None and self.is_refused(part) for part in parts)
            one = whole.get((parts[0].start, parts[-1].end))
            kept += [one] if len(parts) > 1 and refused and one else parts
        return kept

    def is_refused(self, segment):
        return segment.digit.doubt > self.limit
