"""Slashes between digits: straight, leaning to the right, reaching above and below both neighbours.

A slanted 1 is about as high as its neighbours. On numbers of train and validation writers no stroke of a digit was
taken for a slash, and of slashes between digits about half were found; the others are read as 1.
"""

import numpy as np

from number_reader.ink.image import INK_LEVEL
from number_reader.segmentation.segment import overlap

HIGH = 0.4  # marks lower than this share of the highest are no neighbours
BEYOND = 0.06  # of the neighbours' height: how far it reaches above and below each
ASIDE = 0.2  # share of its width that may lie over or under a neighbour; the stem of a 4 crosses one
LEAN = np.tan(np.radians(15))  # least lean
STRAIGHT = 0.15  # its spread across is at most this share of that along


def slashes(pieces, line):
    """Those of a line's pieces that are slashes: a set of numbers. line: numbers from left to right."""
    heights = [pieces.boxes[i][2] - pieces.boxes[i][0] for i in line]
    high = [i for i, height in zip(line, heights) if height > HIGH * max(heights)]
    found = set()
    for before, i, after in zip(high, high[1:], high[2:]):
        box, beside = pieces.boxes[i], (pieces.boxes[before], pieces.boxes[after])
        beyond = BEYOND * sum(bottom - top for top, _, bottom, _ in beside) / 2
        if (
            all(box[0] < other[0] - beyond and box[2] > other[2] + beyond for other in beside)
            and all(overlap(box, other, 1) <= ASIDE * (box[3] - box[1]) for other in beside)
            and _leans_right(pieces.ink([i])[1])
        ):
            found.add(i)
    return found


def _leans_right(ink):
    """Whether ink, float (h, w), is one straight stroke that leans to the right."""
    y, x = np.nonzero(ink > INK_LEVEL)
    if y.size < 2:
        return False
    spread, axes = np.linalg.eigh(np.cov(np.stack([x, y])))
    right, down = axes[:, 1]
    return bool(spread[0] < STRAIGHT**2 * spread[1] and -right * down > LEAN * down**2)
