"""Printed lines that run across a small picture of a line of writing: above it, below it, or through it.

A line is found in the mask of the ink as the row, level or a little aslant, that is set nearly everywhere (a Hough transform of
few angles), and it goes, except where a stroke crosses it.
"""

import numpy as np

from number_reader.ink.median import percentile

MOST_LINES = 6
ACROSS = 0.85  # of the width that a line is seen in,
THIN = 0.55  # and of the width in which it is alone: thin, no stroke on it
ASLANT = 8  # px that one end may be above or below the other
THICKEST = 5  # px
LENGTH = 0.6  # of the width: no line that is cut by the picture's edge is shorter
USUAL = 40  # percentile of the heights of ink along a line: its own, if strokes stand on a part of it
SPARE = 1.5  # px by which it may be thicker


def printed_lines(mask):
    """Which pixels of a mask, bool (h, w), belong to printed lines across it and to no stroke: bool (h, w)."""
    rest = mask.copy()
    for _ in range(MOST_LINES):
        rows = _line(rest)
        found = None if rows is None else _of_line(rest, rows)
        if found is None or not found.any():
            break
        rest &= ~found
    return mask & ~rest


def _line(mask):
    """The row of the line that is set farthest at each column, int (w,), which may lie outside; None if there is none. A pixel
    above also counts: lines are thicker than that, and pixels have corners."""
    height, width = mask.shape
    near = mask.copy()
    near[1:] |= mask[:-1]
    columns = np.arange(width)
    best, line = ACROSS, None
    for slope in range(-ASLANT, ASLANT + 1):
        shift = np.rint((columns / max(width - 1, 1) - 0.5) * slope).astype(int)
        rows = np.arange(height)[:, None] + shift
        inside = (rows >= 0) & (rows < height)
        seen = np.count_nonzero(near[np.clip(rows, 0, height - 1), columns] & inside, axis=1)
        length = np.count_nonzero(inside, axis=1)
        share = np.where(length >= LENGTH * width, seen / np.maximum(length, 1), 0)
        row = int(share.argmax())
        if share[row] > best:
            best, line = share[row], row + shift
    return line


def _of_line(mask, rows):
    """The pixels of a line, bool (h, w): where it is alone, all ink that hangs together up or down with it, and where a stroke
    ends on it, as much as the line is thick. None if it is no line: too thick, or seldom alone."""
    height, width = mask.shape
    columns = np.arange(width)
    on = np.full(width, -1)
    for near in (1, -1, 0):  # 0 is last, and wins
        beside = rows + near
        inside = (beside >= 0) & (beside < height)
        on = np.where(inside & mask[np.clip(beside, 0, height - 1), columns], beside, on)
    seen = columns[on >= 0]
    top, bottom = _ends(mask, on[seen], seen)
    heights = bottom - top
    usual = float(percentile(heights, USUAL)) if seen.size else 0.0
    alone = heights <= usual + SPARE
    if not seen.size or usual > THICKEST or np.count_nonzero(alone) < THIN * width:
        return None
    thick = int(np.ceil(usual))
    ends, begins = bottom - rows[seen] <= thick + 1, rows[seen] - top <= thick
    first = np.where(alone, top, np.where(ends, np.maximum(bottom - thick, top), top))
    last = np.where(alone | ends, bottom, np.where(begins, np.minimum(top + thick, bottom), top))
    found = np.zeros_like(mask)
    down = np.arange(height)[:, None]
    found[:, seen] = (down >= first) & (down < last)
    return found & mask


def _ends(mask, rows, columns):
    """The ink that hangs together up and down with pixels at (rows, columns), ints (n,): (first rows, last rows + 1)."""
    height = mask.shape[0]
    last_off, next_off = np.empty((2, *mask.shape), int)
    off = np.full(mask.shape[1], -1)
    for row in range(height):
        off = last_off[row] = np.where(mask[row], off, row)
    off = np.full(mask.shape[1], height)
    for row in range(height - 1, -1, -1):
        off = next_off[row] = np.where(mask[row], off, row)
    return last_off[rows, columns] + 1, next_off[rows, columns]
