"""The pieces that digits are put together from, where the pen's strokes are known: one piece for each pen-down.

The same three things as `pieces.InkPieces` offers. Strokes that touch or cross are told apart without a cut, and are drawn
anew with a brush that suits their size, so that digits too small for the brush are not blots.
"""

import numpy as np

from .cuts import seams
from .image import INK_LEVEL, dilate
from .segment import hull

LONGER = 40  # px of a digit drawn anew
BROADEST = 0.08  # of its longer side: the broadest brush it is drawn with
STEP = 1 / 30  # of the tallest stroke: how far apart points may be
BARE = 0.1  # share of the ink that no stroke explains; beyond it the strokes are not those of the picture


class PenPieces:
    """ink: float32 (h, w). strokes: list of float (n, 2) arrays of x, y, px of the ink map. Where ink was wiped away the
    strokes end. `boxes` is empty if the strokes are not those of the ink."""

    def __init__(self, ink, strokes):
        self.boxes, self._parts, self._times = [], [], []
        strokes = [np.asarray(stroke, np.float32).reshape(-1, 2) for stroke in strokes]
        strokes = [stroke for stroke in strokes if len(stroke) and np.isfinite(stroke).all()]
        if not strokes:
            return
        sizes = [np.ptp(stroke, axis=0).max() for stroke in strokes]
        step = max(max(sizes) * STEP, 1)
        near = dilate(ink > INK_LEVEL)
        for time, stroke in enumerate(strokes):
            lines = _on_ink(_evenly(stroke, step), near)
            if lines:
                self._parts.append(lines)
                self._times.append(time)
        self.brush = _brush(ink, [line for lines in self._parts for line in lines])
        if self._explain(ink):
            self.boxes = [self._box(lines) for lines in self._parts]

    def _explain(self, ink):
        """Whether next to no ink lies away from the strokes."""
        if not self._parts:
            return False
        cell = max(int(self.brush), 2)
        h, w = -(-ink.shape[0] // cell), -(-ink.shape[1] // cell)
        drawn = np.zeros((h, w), bool)
        points = np.concatenate([line for lines in self._parts for line in lines])
        x, y = (points / cell).astype(np.intp).T
        drawn[np.clip(y, 0, h - 1), np.clip(x, 0, w - 1)] = True
        drawn = dilate(dilate(drawn))
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
        return box, _draw(lines, brush, shape)

    def late(self, numbers):
        """How many pen-downs lie between the first and the last of these pieces and belong to none of them."""
        times = {self._times[i] for i in numbers}
        return max(times) - min(times) + 1 - len(times)

    def cut(self, number, most):
        """As InkPieces.cut; the strokes end where a seam crosses them."""
        (top, left, _, _), ink = self.ink([number])
        scale = LONGER / max(self.boxes[number][2] - top, self.boxes[number][3] - left)
        parts, prices = [number], []
        for price, path in seams(ink, most):
            first, rest = [], []
            for line in self._parts[parts[-1]]:
                x, y = ((line - (left, top)) * scale).T
                right = x >= path[np.clip(y.astype(np.intp), 0, len(path) - 1)]
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
        return parts, prices


def _evenly(line, step):
    """Points along a polyline (n, 2), at most `step` apart, and not much nearer to each other."""
    lengths = np.hypot(*np.diff(line, axis=0).T)
    keep = np.concatenate([[True], np.diff(np.floor(np.cumsum(lengths) / (step / 2))) > 0, [True]]) if len(line) > 2 else None
    if keep is not None:
        line = line[keep[: len(line)]]
        lengths = np.hypot(*np.diff(line, axis=0).T)
    counts = np.maximum(np.ceil(lengths / step), 1).astype(np.intp)
    if len(line) < 2:
        return line
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
    return max((-length + np.sqrt(length**2 + 4 * ends * area)) / (2 * ends), 1.0)


def _draw(lines, brush, shape):
    """Coverage float32 (h, w) of polylines drawn by a round brush, px: the union of capsules, one pixel soft."""
    starts = np.concatenate([line[:-1] if len(line) > 1 else line for line in lines]).astype(np.float32)
    steps = np.concatenate([np.diff(line, axis=0) if len(line) > 1 else np.zeros_like(line) for line in lines])
    steps = steps.astype(np.float32)
    x = np.arange(shape[1], dtype=np.float32) + np.float32(0.5) - starts[:, 0, None]
    y = np.arange(shape[0], dtype=np.float32) + np.float32(0.5) - starts[:, 1, None]
    dx, dy = steps[:, 0, None], steps[:, 1, None]
    squared = np.maximum(dx * dx + dy * dy, np.float32(1e-9))
    along = np.clip((x * dx / squared)[:, None, :] + (y * dy / squared)[:, :, None], 0, 1)
    across = (x[:, None, :] - along * dx[..., None]) ** 2 + (y[:, :, None] - along * dy[..., None]) ** 2
    distance = np.sqrt(across.min(axis=0))
    return np.clip(np.float32(brush / 2 + 0.5) - distance, 0, 1)
