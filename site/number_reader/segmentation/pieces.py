"""The pieces that digits are put together from, where only pixels are known: components of the ink, which can be cut.

Pieces are numbered. A piece has a box (top, left, bottom, right), half-open, px of the ink map; `ink(numbers)` shows
some of them together; `cut(number, most)` cuts one along seams. TooMuch (see `effort`) where that would never end.
"""

import numpy as np

from number_reader.segmentation.cuts import seams
from number_reader.segmentation.dots import close, gap_of
from number_reader.segmentation.effort import PIXELS, Effort
from number_reader.segmentation.segment import components, hull, lines


class InkPieces:
    """Pieces known from pixels alone: connected components, and what seams make of them. points: see `components`. effort: that
    of a picture, or of a page with all its lines."""

    def __init__(self, ink, points=False, effort=None):
        self._ink, self._effort = ink, effort or Effort()
        self._labels, self._names, self.boxes = components(ink, points)
        if gap := gap_of(ink, self.boxes):
            self._ink = close(ink, gap)
            self._labels, self._names, self.boxes = components(self._ink)

    def ink(self, numbers):
        """Pieces together: (box, float32 crop of the ink with all other pieces taken out); the box is a pixel wider
        on all sides, for the soft edge."""
        top, left, bottom, right = hull([self.boxes[i] for i in numbers])
        self._effort.spend(1 + (bottom - top) * (right - left) / PIXELS)
        top, left = max(top - 1, 0), max(left - 1, 0)
        bottom, right = min(bottom + 1, self._ink.shape[0]), min(right + 1, self._ink.shape[1])
        labels = self._labels[top:bottom, left:right]
        own = labels == 0
        for i in numbers:
            own |= labels == self._names[i]
        return (top, left, bottom, right), np.where(own, self._ink[top:bottom, left:right], 0)

    def lines(self):
        """The lines that the pieces stand in; see `segment.lines`."""
        return lines(self.boxes)

    def touching(self, numbers):
        """What touches is one piece: a list of numbers, each of its own."""
        return list(numbers)

    def late(self, numbers):
        """Pixels do not tell in which order they were written."""
        return 0

    def cut(self, number, most):
        """Cut a piece along up to `most` seams: (numbers of the parts from left to right, prices of the seams between
        them). The piece keeps its number for the first part."""
        top, left, bottom, right = self.boxes[number]
        self._effort.spend(most)
        labels = self._labels[top:bottom, left:right]
        own = labels == self._names[number]
        found = seams(np.where(own, self._ink[top:bottom, left:right], 0), most)
        columns = np.arange(right - left)
        parts, prices = [number], []
        for price, path in found:
            rest = own & (columns >= path[:, None])
            first = own & ~rest
            if not (first.any() and rest.any()):
                continue
            self.boxes[parts[-1]] = _box_of(first, top, left)
            parts.append(len(self.boxes))
            prices.append(price)
            self.boxes.append(_box_of(rest, top, left))
            self._names.append(int(self._labels.max()) + 1)
            labels[rest] = self._names[-1]
            own = rest
        return parts, prices


def _box_of(mask, top, left):
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return int(rows[0]) + top, int(columns[0]) + left, int(rows[-1]) + 1 + top, int(columns[-1]) + 1 + left
