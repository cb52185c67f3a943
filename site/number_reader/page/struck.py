"""Digits that are struck out: a level line through the middle of one, out of it on both sides. Lines aslant are not found."""

import numpy as np

from number_reader.ink.image import INK_LEVEL
from number_reader.ink.median import median
from number_reader.page.lines import runs_of

OVER = 0.07  # of its height, by which a line must stick out of a digit on both sides,
BARRED = {4: 0.25, 7: 0.25}  # and out of these
LEVEL = 0.35  # steepest slope
MIDDLE = 0.2, 0.82  # of its height, between which it must lie: bars of digits are higher or lower
THIN, SHORT = 1.8, 1  # pens, and px: a run across a line that sticks out is no longer
SOLID = 0.96  # of the way through the digit that must be ink
ALONE = 0.75  # of the ink: a line that is more than this is a dash
TWICE = 2  # lines are as good as one; but two on the left of a 4 are its own
OPEN = 4
MIN_HIGH, MIN_WIDE = 24, 10  # px: of smaller marks bars and hooks can not be told apart


def is_struck(ink, label):
    """Whether the mark in an ink map, float32 (h, w), cut to it, is struck out. label: what it was read as: the bars of
    4 and 7 stick out as well, if not as far: nobody can tell a 7 with a bar from one with a short line through it."""
    mask = ink > INK_LEVEL
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not rows.size:
        return False
    mask = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    h, w = mask.shape
    if h < MIN_HIGH or w < MIN_WIDE:
        return False
    runs = runs_of(mask)
    pen = float(median(np.minimum(runs, runs_of(mask.T).T)[mask]))
    starts = np.count_nonzero(np.diff(mask, axis=0, prepend=False) & mask, axis=0)
    thin = (runs.max(axis=0) <= THIN * pen + SHORT) & (starts > 0) & (starts <= (1 if label == OPEN else TWICE))
    ends = np.flatnonzero(~thin)
    least = max(BARRED.get(label, OVER) * max(h, w), 0.8 * pen, 2)
    if not ends.size or ends[0] < least or w - 1 - ends[-1] < least:
        return False
    left, right = _middles(mask, int(ends[0]) // 2), _middles(mask, (int(ends[-1]) + w) // 2)
    across = w - 1
    x = np.arange(w)
    for start in left:
        for end in right:
            course = start + (end - start) * x / across
            inside = MIDDLE[0] * h <= min(start, end) and max(start, end) <= MIDDLE[1] * h
            if not inside or abs(end - start) > LEVEL * across:
                continue
            at = np.clip(np.rint(course).astype(np.intp), 0, h - 1)
            near = mask[at, x] | mask[np.maximum(at - 1, 0), x] | mask[np.minimum(at + 1, h - 1), x]
            on = np.abs(np.arange(h)[:, None] - course) <= pen
            if near.mean() >= SOLID and np.count_nonzero(mask & on) <= ALONE * np.count_nonzero(mask):
                return True
    return False


def _middles(mask, column):
    """Middles of the runs in a column."""
    rows = np.flatnonzero(mask[:, column])
    return [float(run.mean()) for run in np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1) if run.size]
