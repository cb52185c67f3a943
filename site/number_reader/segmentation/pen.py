"""The pieces that digits are put together from, where the pen's strokes are known: one piece for each pen-down.

The same three things as `pieces.InkPieces` offers. Strokes that touch or cross are told apart without a cut, and are
drawn anew with a brush that suits their size, so that digits too small for the brush are not blots.
"""

from itertools import islice

import numpy as np

from number_reader.ink.image import INK_LEVEL, ImageError
from number_reader.ink.noise import dilate
from number_reader.segmentation.cuts import seams, stroke_width
from number_reader.segmentation.dots import gap_of
from number_reader.segmentation.effort import POINTS, Effort
from number_reader.segmentation.recent import Recent, key_of
from number_reader.segmentation.segment import hull, lines
from number_reader.segmentation.touching import patches, with_caps

LONGER = 40  # px of a digit drawn anew
BROADEST = 0.08  # of its longer side: the broadest brush it is drawn with
STEP = 1 / 30  # of the tallest stroke: how far apart points are at most
LONGEST = 1000  # points up to STEP apart; a longer stroke is a scribble
MAX_STROKES, MAX_POINTS = (
    1_000,
    100_000,
)  # of a picture; with more, or with MAX_POINTS points STEP apart, only pixels count
FAR_OUT = 4  # sides of the picture that a stroke may reach beyond it
BARE = 0.02  # share of the ink that lies away from all strokes; beyond it they are not those of the picture,
BROADER = 1.2  # nor are they if the brush that made so much ink is so many times as broad as its lines
BRUSHES = 0.5  # px between two brushes that are told apart: a stroke more must not move all others by a hair
AT_ONCE = 256  # pieces of a line drawn in one go


def checked(strokes):
    """Strokes as a list of float (n, 2) arrays; ImageError if they are anything else. Left out are those without points
    and those of which a point is no number (NaN), and all where there are more than MAX_STROKES or MAX_POINTS."""
    found, count = [], 0
    try:
        for stroke in islice(strokes, MAX_STROKES + 1):
            points = _points(stroke)
            count += len(points)
            if len(found) == MAX_STROKES or count > MAX_POINTS:
                return []
            with np.errstate(over="ignore"):  # long doubles may be more than floats hold
                found.append(points.astype(float))
    except Exception:  # what is gone through may be no list, may hold anything, and may fail in its own way
        raise ImageError(
            "Strokes must be a list of arrays (n, 2) of numbers: x and y of the points of a pen-down."
        ) from None
    return [points for points in found if len(points) and np.isfinite(points).all()]


def _points(stroke):
    """One stroke as an array (n, 2) of numbers; an exception if it is none. Nothing is made of it before its size is
    known: a range of a billion is a small thing until then."""
    if isinstance(stroke, (list, tuple)):
        if len(stroke) > MAX_POINTS:
            return np.empty((len(stroke), 0))
        if not all(
            len(point) == 2 and all(isinstance(each, (int, float, np.number)) for each in point) for point in stroke
        ):
            raise ValueError
    elif not (hasattr(stroke, "__array__") or isinstance(stroke, memoryview)):
        raise TypeError
    points = np.asarray(stroke)
    if points.shape == (0,):
        return np.empty((0, 2))
    if points.ndim != 2 or points.shape[1] != 2 or points.dtype.kind not in "iuf":
        raise ValueError
    return points


class PenPieces:
    """ink: float32 (h, w). strokes: list of float (n, 2) arrays of x, y, px of the ink map. Where ink was wiped away the
    strokes end. recent: a Recent for what is drawn, if it is to be drawn only once. `boxes` is empty if the strokes are
    not those of the ink, or no writing."""

    def __init__(self, ink, strokes, recent=None):
        self._recent = recent or Recent()
        self.boxes, self._parts, self._times, self._effort = [], [], [], Effort()
        self._whole = {}  # of pieces that were cut: their parts' numbers, and their lines before that
        if not strokes:
            return
        shape = np.array(ink.shape[::-1])
        strokes = [np.clip(stroke, -FAR_OUT * shape, (FAR_OUT + 1) * shape).astype(np.float32) for stroke in strokes]
        width, height = np.max([np.ptp(stroke, axis=0) for stroke in strokes], axis=0)
        step = max(min(max(height, 0.1 * width), ink.shape[0]) * STEP, 1)
        if sum(float(np.hypot(*np.diff(stroke, axis=0).T).sum()) for stroke in strokes) > MAX_POINTS * step:
            return
        near = dilate(ink > INK_LEVEL)
        for stroke in strokes:
            lines = _on_ink(_evenly(stroke, step), near)
            if sum(map(len, lines)) > LONGEST:
                return
            if lines:
                self._times.append(len(self._parts))
                self._parts.append(lines)
        self.brush = _brush(ink, [line for lines in self._parts for line in lines])
        if self._explain(ink, step):
            self.boxes = [self._box(lines) for lines in self._parts]
        if gap_of(ink, self.boxes):  # each dot is a pen-down: only the pixels can tell
            self.boxes = []

    def _explain(self, ink, step):
        """Whether the strokes can have made the ink, and all of it."""
        if not self._parts or self.brush > BROADER * stroke_width(ink):
            return False
        cell = max(int(self.brush), int(step), 2)
        drawn = np.zeros([-(-side // cell) for side in ink.shape], bool)
        points = np.concatenate([line for lines in self._parts for line in lines])
        x, y = points.astype(np.intp).T // cell
        drawn[y, x] = True
        drawn = dilate(drawn)
        ys, xs = np.nonzero(ink > INK_LEVEL)
        return bool((~drawn[ys // cell, xs // cell]).sum() <= BARE * ys.size)

    def _box(self, lines):
        points = np.concatenate(lines)
        left, top = np.floor(points.min(axis=0) - self.brush / 2).astype(int)
        right, bottom = np.ceil(points.max(axis=0) + self.brush / 2).astype(int)
        return int(top), int(left), int(bottom), int(right)

    def ink(self, numbers):
        """Pieces together, drawn anew: (their box, float32 (h, w) coverage, LONGER px on its longer side)."""
        top, left, bottom, right = box = hull([self.boxes[i] for i in numbers])
        scale = LONGER / max(bottom - top, right - left)
        brush = min(self.brush * scale, BROADEST * LONGER)
        shape = int(np.ceil((bottom - top) * scale)) + 1, int(np.ceil((right - left) * scale)) + 1
        lines = [(line - (left, top)) * scale for i in numbers for line in self._parts[i]]
        self._effort.spend(1 + sum(map(len, lines)) / POINTS)
        key = key_of("drawn", lines, brush, shape)
        drawn = self._recent.find(key)
        if drawn is None:
            drawn = _draw(lines, brush, shape)
            self._recent.keep(key, drawn)
        return box, drawn

    def strokes(self, numbers):
        """The pen's lines of pieces together, list of float (n, 2); whole where all that they were cut into is among them."""
        left, found = set(numbers), []
        for parts, whole in self._whole.values():
            if left.issuperset(parts):
                left.difference_update(parts)
                found += whole
        return found + [line for number in numbers if number in left for line in self._parts[number]]

    def lines(self):
        """As `segment.lines` of the boxes, but what touches is one digit rather than two lines."""
        found = lines(self.boxes)
        return with_caps(found, self.touching(range(len(self.boxes))), self.boxes) if len(found) > 1 else found

    def touching(self, numbers):
        """Of each piece which patch of ink it is part of: a list of numbers, equal where pieces touch."""
        parts = [np.concatenate(self._parts[i]) for i in numbers]
        return patches(parts, [self.boxes[i] for i in numbers], self.brush)

    def late(self, numbers):
        """How many pen-downs lie between the first and the last of these pieces and belong to none of them."""
        times = {self._times[i] for i in numbers}
        return max(times) - min(times) + 1 - len(times)

    def cut(self, number, most):
        """As InkPieces.cut; the strokes end where a seam crosses them."""
        self._effort.spend(most)
        whole = self._parts[number]
        (top, left, _, _), ink = self.ink([number])
        scale = LONGER / max(self.boxes[number][2] - top, self.boxes[number][3] - left)
        parts, prices = [number], []
        for price, path in seams(ink, most):
            first, rest = [], []
            for line in self._parts[parts[-1]]:
                x, y = ((line - (left, top)) * scale).T
                right = x >= path[y.astype(np.intp)]
                for part in np.split(np.arange(len(line)), np.flatnonzero(np.diff(right)) + 1):
                    (rest if right[part[0]] else first).append(line[part])
            if not (first and rest):
                continue
            self._parts[parts[-1]] = first
            self.boxes[parts[-1]] = self._box(first)
            parts.append(len(self.boxes))
            prices.append(price)
            self._parts.append(rest)
            self._times.append(self._times[number])
            self.boxes.append(self._box(rest))
        self._whole[number] = parts, whole
        return parts, prices


def _evenly(line, step):
    """Points along a polyline (n, 2), at most `step` apart, and not much nearer to each other."""
    if len(line) < 2:
        return line
    along = np.cumsum(np.hypot(*np.diff(line, axis=0).T))
    line = line[np.concatenate([[True], np.diff(along // (step / 2)) > 0, [True]])]
    counts = np.maximum(np.ceil(np.hypot(*np.diff(line, axis=0).T) / step), 1).astype(np.intp)
    segment = np.repeat(np.arange(len(counts)), counts)
    share = (np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)) / counts[segment]
    points = line[segment] + (line[segment + 1] - line[segment]) * share[:, None].astype(np.float32)
    return np.concatenate([points, line[-1:]])


def _on_ink(line, near):
    """The parts of a polyline that lie on a bool (h, w) mask."""
    x, y = np.floor(line).astype(np.intp).T
    inside = (x >= 0) & (y >= 0) & (x < near.shape[1]) & (y < near.shape[0])
    on = inside & near[np.where(inside, y, 0), np.where(inside, x, 0)]
    parts = np.split(np.arange(len(line)), np.flatnonzero(np.diff(on)) + 1)
    return [line[part] for part in parts if on[part[0]]]


def _brush(ink, lines):
    """Width of the brush, px: that which gives strokes of this length, with round ends, the area of the ink."""
    length = sum(float(np.hypot(*np.diff(line, axis=0).T).sum()) for line in lines)
    area, ends = float(ink.sum()), np.pi / 4 * max(len(lines), 1)
    brush = (-length + np.sqrt(length**2 + 4 * ends * area)) / (2 * ends)
    return max(round(brush / BRUSHES) * BRUSHES, 1.0)


def _draw(lines, brush, shape):
    """Coverage float32 (h, w) of polylines drawn by a round brush, px: the union of capsules, one pixel soft."""
    starts = np.concatenate([line[:-1] if len(line) > 1 else line for line in lines]).astype(np.float32)
    steps = np.concatenate([np.diff(line, axis=0) if len(line) > 1 else np.zeros_like(line) for line in lines])
    steps = steps.astype(np.float32)
    x, y = (np.arange(side, dtype=np.float32) + np.float32(0.5) for side in shape[::-1])
    squared = np.full(shape, np.inf, np.float32)
    for k in range(0, len(starts), AT_ONCE):
        some = slice(k, k + AT_ONCE)
        np.minimum(squared, _distances(x, y, starts[some], steps[some]).min(axis=0), out=squared)
    return np.clip(np.float32(brush / 2 + 0.5) - np.sqrt(squared), 0, 1)


def _distances(x, y, starts, steps):
    """Squared distance of each pixel from each piece of a line: float32 (n, h, w)."""
    x, y = x - starts[:, 0, None], y - starts[:, 1, None]
    dx, dy = steps[:, 0, None], steps[:, 1, None]
    length = np.maximum(dx * dx + dy * dy, np.float32(1e-9))
    along = np.clip((x * dx / length)[:, None, :] + (y * dy / length)[:, :, None], 0, 1)
    return (x[:, None, :] - along * dx[..., None]) ** 2 + (y[:, :, None] - along * dy[..., None]) ** 2
