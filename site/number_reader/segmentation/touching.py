"""Which pen-downs touch: from pixels they would be one piece, so that what they make together has to be tried, and is not to
be torn for nothing."""

from functools import cached_property

import numpy as np

from number_reader.segmentation.segment import hull

ROW = 1 << 20  # cells in a row of the grid: more than there are
HIGHER = 1.5  # times as high as its highest pen-down: what touches and is higher is two lines that touch


def patches(parts, boxes, reach):
    """Which patch of ink each pen-down is part of: a list of numbers, equal where pen-downs touch, by others too.

    parts: of each pen-down its float (n, 2) points. boxes: theirs. reach: px between two points that touch.
    """
    found = list(range(len(parts)))
    sides = np.array(boxes, int).reshape(-1, 4)
    grids = [_Grid(points, reach) for points in parts]
    for i in range(1, len(parts)):
        both = np.minimum(sides[i, 2:], sides[:i, 2:]) - np.maximum(sides[i, :2], sides[:i, :2])
        for j in np.flatnonzero((both >= 0).all(axis=1)).tolist():
            if found[i] != found[j] and grids[i].touches(grids[j]):
                found = [found[j] if patch == found[i] else patch for patch in found]
    return found


class _Grid:
    """Points in cells as wide as the reach: only those in cells side by side can touch, so that a hundred pen-downs on one
    spot do not cost the square of all their points."""

    def __init__(self, points, reach):
        self.points, self.reach = points, reach

    @cached_property
    def cells(self):
        """Of each point the number of its cell."""
        x, y = (self.points // self.reach).astype(np.int64).T
        return (x * ROW + y).tolist()

    @cached_property
    def own(self):
        return set(self.cells)

    @cached_property
    def around(self):
        """The cells in which what touches this lies."""
        return {cell + x * ROW + y for cell in self.own for x in (-1, 0, 1) for y in (-1, 0, 1)}

    def _within(self, cells):
        return self.points[[cell in cells for cell in self.cells]]

    def touches(self, other):
        shared = self.own & other.around
        if not shared:
            return False
        points, others = self._within(shared), other._within(self.around)
        x, y = points[:, None, 0] - others[:, 0], points[:, None, 1] - others[:, 1]
        return bool((x * x + y * y).min() <= self.reach * self.reach)


def with_caps(lines, patch_of, boxes):
    """Lines, lists of numbers, with those put back that are the cap of a 5 or the bar of a 7: all that stands in them touches
    what stands in one other, and is hardly higher with it. patch_of: of each number, from `patches`."""
    lines = [list(line) for line in lines]
    for line in sorted(lines, key=len):
        for other in lines:
            own, theirs = ({patch_of[i] for i in each} for each in (line, other))
            if other is not line and own <= theirs and all(_is_low(patch, patch_of, boxes) for patch in own):
                other += line
                line.clear()
                break
    return [line for line in lines if line]


def _is_low(patch, patch_of, boxes):
    inside = [box for box, of in zip(boxes, patch_of) if of == patch]
    top, _, bottom, _ = hull(inside)
    return bottom - top <= HIGHER * max(box[2] - box[0] for box in inside)
