"""Pieces of a line -> digits: of all ways to put neighbouring pieces together, the one that costs least.

A segment is a run of neighbouring pieces taken for one digit, or for no mark at all (a point, a dash). Its cost is linear
in a few measures, above all in what the neighbours say of it; the cheapest way along the line is found by dynamic
programming. It is a semi-Markov conditional random field (Sarawagi and Cohen 2004), learned from numbers whose text is
known (training/learning/reading.py).
"""

import math
from dataclasses import dataclass

import numpy as np

from number_reader.classification.normalize import extent
from number_reader.labels import NOT_A_DIGIT, PART, SEVERAL
from number_reader.segmentation.segment import hull, overlap
from number_reader.segmentation.slashes import slashes

# A piece may be several digits if its doubt comes as near to the limit as this, and wide ones even with less doubt:
UNSURE = 0.6
WIDE, UNSURE_WIDE = 0.8, 1.1  # wider than this share of the height
WIDER = 1.2  # wider than this whatever the doubt
SURE = 0.8  # two pieces so far below the limit, with paper between them, are not one digit
FULL = 0.6  # if they are higher than this share of the line
FOREIGN = 0.75  # a refused piece is no digits that touch if it is so much nearer to letters, symbols and scribbles
CUTS = 4  # seams tried in one piece, more in one that is wider than high
WIDEST = 1.7  # a digit is at most this many times as wide as high
TOGETHER = 6  # pieces of one digit at most
NEAR = 0.35  # and no wider gap between them than this share of the line's height
MOST_OVER = 0.4  # digits side by side share no more of the wider one's width
BESIDE = 1.0  # heights of the line: how far a digit's neighbours are
SHRUNK = 0.5  # a line becomes no lower than this share of its height
MARK = 0.42  # what is dropped is smaller than this share of the line's height,
TINY = 0.25  # a digit's shape is a circle for a point only if it is smaller than this
FLAT, FILLED = 0.4, 0.4  # or a dash: lower than this share of its width, and it fills so much of its box

MEASURES = (
    "digit",  # 1 for a digit
    "doubt",  # doubt above the limit, from -1 to 2
    "refused",  # the same where it is positive
    "margin",  # evidence of the label against the runner-up, 0 to 2
    "several",  # how much nearer to several digits than to one, 0 to 2
    "part",  # the same to parts of digits
    "wide",  # how much wider than high
    "low",  # log of how much lower than the line near it
    "joined",  # gaps of white paper joined across
    "gap",  # their sum, in heights of the line
    "shared",  # share of their widths by which joined pieces overlie each other
    "inside",  # share of the larger box that both cover
    "cut",  # 1 if it begins at a seam
    "price",  # of that seam, in strokes crossed
    "split",  # how far a piece lies over one that is another segment's: five times what MOST_OVER leaves of the share of
    # the wider one's width
    "torn",  # the share of the larger one's box
    "late",  # pen-downs between its first and last that are another segment's
    "dropped",  # 1 for no mark at all
    "lost",  # size of what is dropped, in heights of the line
)

# Learned by `python -m training.reading`; one for each measure, a cost.
WEIGHTS = np.array(
    [-0.23, 1.39, -0.61, -0.02, 1.22, 2.06, 3.07, 5.22, 0.64, 1.19, -1.12, 2.35, -0.74, 1.13, 0.41, 2.28, 1.17, -0.28, 4.11],
    np.float32,
)  # fmt: skip


@dataclass
class Segment:
    """Pieces start..end (half-open) of a line, as one digit or, where `digit` is None, as no mark at all."""

    start: int
    end: int
    measures: np.ndarray
    box: tuple
    digit: object


def _size(box):
    return box[2] - box[0], box[3] - box[1]


def _shared(a, b):
    """Share of the narrower box's width that both boxes cover, 0..1."""
    return max(overlap(a, b, 1), 0) / max(min(_size(a)[1], _size(b)[1]), 1)


def _common(a, b):
    """Share of the larger box that both boxes cover, 0..1."""
    both = max(overlap(a, b, 0), 0) * max(overlap(a, b, 1), 0)
    return both / max(_size(a)[0] * _size(a)[1], _size(b)[0] * _size(b)[1], 1)


def astride(boxes, owners):
    """How far pieces lie over one another: two float (n, n), the share of the wider one's width and that of the larger one's
    box that both cover; 0 for parts of one piece, which have the same owner."""
    low, high = np.array(boxes)[:, :2], np.array(boxes)[:, 2:]
    both = np.minimum(high[:, None], high) - np.maximum(low[:, None], low)
    both = np.maximum(both, 0) * (np.not_equal.outer(owners, owners))[..., None]
    sides = np.maximum(high - low, 1)
    areas = sides.prod(axis=1)
    return both[..., 1] / np.maximum.outer(sides[:, 1], sides[:, 1]), both.prod(axis=2) / np.maximum.outer(areas, areas)


def _within(value, low, high):
    return min(max(float(value), low), high)  # numpy's own takes ten times as long for a single number


def _nearer(near, label):
    """How much nearer something is to the wrong segments of a kind than to any digit: 0 (far less) to 2."""
    return _within(math.log(min(near[:NOT_A_DIGIT]) / near[label]) + 1, 0, 2)


def line_height(boxes):
    """Height of a line's digits, px: that of the tallest mark, but a lone dash is not tall."""
    heights, widths = zip(*(_size(box) for box in boxes))
    return max(max(heights), 0.5 * max(widths), 1)


class Lattice:
    """All segments that a line may consist of.

    pieces: InkPieces or PenPieces. line: numbers of its pieces. judge: function from crops of ink, gone through once, to
    a list of digits (with .doubt and .margin). limit: the doubt beyond which a digit is refused. A slash is part of no digit.
    """

    def __init__(self, pieces, line, judge, limit):
        self.pieces, self.limit = pieces, limit
        self.boxes = [pieces.boxes[i] for i in line]  # before any is cut
        self.height = line_height(self.boxes)
        line = sorted(line, key=lambda i: pieces.boxes[i][1] + pieces.boxes[i][3])
        dashes = set()
        alone = judge(self._alone(line, dashes))
        self.slashes = slashes(pieces, line)
        self.order, self.prices, owners, known = [], [], [], {}
        self.sure = {
            i
            for i, digit in zip(line, alone)
            if digit.doubt < limit - SURE and _size(pieces.boxes[i])[0] > FULL * self.height
        }
        for i, digit in zip(line, alone):
            parts, prices = ([i], []) if i in dashes | self.slashes else self._cut(i, digit)
            start = len(self.order)
            self.order += parts
            owners += [i] * len(parts)
            self.prices += [None, *prices]
            known[start, len(self.order)] = digit
        self.astride = astride([pieces.boxes[i] for i in self.order], owners)
        runs = []
        judged = judge(self._together(known, runs))
        known |= dict(zip(runs, judged))
        self.segments = [
            self._segment(start, end, digit)
            for (start, end), digit in sorted(known.items())
            if self.slashes.isdisjoint(self.order[start:end])
        ]
        for k, i in enumerate(self.order):
            if i in dashes | self.slashes or self._is_mark(i, known.get((k, k + 1))):
                self.segments.append(self._segment(k, k + 1, None))

    def _alone(self, line, dashes):
        """The ink of each piece of a line, one by one, as all at once could fill the memory. Notes which are dashes."""
        for i in line:
            ink = self.pieces.ink([i])[1]
            if self._is_dash(i, ink):
                dashes.add(i)
            yield ink

    def _together(self, known, runs):
        """The ink of each run of pieces that is not known, one by one. Notes the runs."""
        for run in self._runs():
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
        size = max(_size(self.pieces.boxes[i])) / self._height_at(self.pieces.boxes[i])
        sure = digit is not None and digit.winner != 1 and digit.doubt < self.limit - SURE
        return size < (TINY if sure else MARK)

    def _is_dash(self, i, ink):
        height, width = _size(self.pieces.boxes[i])
        if height >= FLAT * width:
            return False
        box = extent(ink)
        if box is None:  # a pen-down of which only two far ends were left; drawn anew, they are too thin to be seen
            return False
        top, left, bottom, right = box
        return ink.sum() > FILLED * (bottom - top) * (right - left)

    def _cut(self, i, digit):
        height, width = _size(self.pieces.boxes[i])
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
                height, width = _size(whole)
                if joined >= TOGETHER or width > WIDEST * max(height, 0.7 * self.height):
                    break
                yield start, end

    def _segment(self, start, end, digit):
        numbers = self.order[start:end]
        boxes = [self.pieces.boxes[i] for i in numbers]
        box = hull(boxes)
        height, width = _size(box)
        usual = self._height_at(box)
        values = dict.fromkeys(MEASURES, 0.0)
        if digit is None:
            values |= {"dropped": 1, "lost": min(max(height, width) / usual, 1)}
        else:
            doubt, near = _within(digit.doubt - self.limit, -1, 2), digit.near.tolist()
            joins = [k for k in range(1, len(boxes)) if self.prices[start + k] is None]
            gaps = [max(min(-overlap(other, boxes[k], 1) for other in boxes[:k]), 0) for k in joins]
            values |= {
                "digit": 1,
                "doubt": doubt,
                "refused": max(doubt, 0),
                "margin": _within(digit.margin, 0, 2),
                "several": _nearer(near, SEVERAL),
                "part": _nearer(near, PART),
                "wide": max(width / max(height, 1) - 1, 0),
                "low": max(math.log(usual / max(height, 1)) - 0.2, 0),
                "joined": len(joins),
                "gap": sum(gaps) / self.height,
                "shared": sum(max(_shared(other, boxes[k]) for other in boxes[:k]) for k in joins),
                "inside": sum(max(_common(other, boxes[k]) for other in boxes[:k]) for k in joins),
                "late": self.pieces.late(numbers),
            }
        if self.prices[start] is not None:
            values |= {"cut": 1, "price": self.prices[start]}
        over, common = (
            max(each[start:end, :start].max(initial=0), each[start:end, end:].max(initial=0)) for each in self.astride
        )
        values |= {"split": max(5 * (over - MOST_OVER), 0), "torn": common}
        return Segment(start, end, np.array([values[name] for name in MEASURES], np.float32), box, digit)

    def best(self, weights):
        """The cheapest way along the line: its digits' Segments, from left to right. weights: (len(MEASURES),)."""
        costs = np.array([segment.measures for segment in self.segments]) @ weights
        best = [(0.0, None)] + [(np.inf, None)] * len(self.order)
        for k in np.argsort([segment.start for segment in self.segments], kind="stable").tolist():
            segment = self.segments[k]
            cost = best[segment.start][0] + costs[k]
            if cost < best[segment.end][0]:
                best[segment.end] = cost, segment
        way, at = [], len(self.order)
        while at:
            way.append(best[at][1])
            at = way[-1].start
        return [segment for segment in self._refuse(way[::-1]) if segment.digit is not None]

    def _refuse(self, way):
        """The way, with marks whole again whose cuts did not make digits of all their parts: scribbles, above all."""
        whole = {(segment.start, segment.end): segment for segment in self.segments if segment.digit is not None}
        found = []
        for segment in way:
            if self.prices[segment.start] is None:
                found.append([])
            found[-1].append(segment)
        kept = []
        for parts in found:
            refused = any(part.digit is not None and part.digit.doubt > self.limit for part in parts)
            one = whole.get((parts[0].start, parts[-1].end))
            kept += [one] if refused and one else parts
        return kept
