"""Digits drawn by a dotted or dashed pen: the gaps between the dots are closed before marks are told apart.

A drawing is dotted if it has many marks, nearly all of a size, that are not much longer than the pen is broad, and
stand in several rows. Digits are longer, or stand in one row, or are few.
"""

import numpy as np

from number_reader.ink.median import median
from number_reader.ink.noise import dilate
from number_reader.segmentation.cuts import stroke_width

FEWEST, MOST = 6, 300  # marks; more are a pattern
LONG = 5.5  # a dash is at most so many times as long as the pen is broad,
TIMES = 2  # and of dashes there are so many times more
ALIKE = 0.7  # of the marks are from half to twice as long as the median
ROWS = 2.5  # the drawing is at least so many dashes high
REACH = 1.5  # gaps up to so many times the usual one are closed,
FARTHEST = 200  # px, unless they are wider than this: then it is no pen's line


def gap_of(ink, boxes):
    """How wide gaps are to be closed, px; 0 if the drawing is not dotted. ink: float (h, w). boxes: of its marks."""
    if not FEWEST <= len(boxes) <= MOST:
        return 0
    tops, lefts, bottoms, rights = sides = np.array(boxes).T
    sizes = np.maximum(bottoms - tops, rights - lefts)
    usual = median(sizes)
    alike = (sizes >= usual / 2) & (sizes <= usual * 2)
    if alike.mean() < ALIKE or bottoms.max() - tops.min() < ROWS * usual:
        return 0
    pen = stroke_width(ink)
    if usual > min(LONG, len(boxes) / TIMES) * pen:
        return 0
    across = [np.maximum(low[:, None] - high, low - high[:, None]).clip(0) for low, high in (sides[::2], sides[1::2])]
    # A dot in a line has one neighbour on each side.
    second = np.partition(np.hypot(*across), 2, axis=1)[:, 2]
    gap = REACH * max(float(median(second)), 0.5 * pen)
    return gap if gap <= FARTHEST else 0


def close(ink, gap):
    """Ink with gaps up to `gap` px filled, float32 (h, w); lines get a little broader."""
    reach = int(np.ceil(gap / 2))
    mask = np.pad(ink > 0.5, reach)
    for k in range(reach):
        mask = _grown(mask, k)
    for k in range(reach // 2):  # not all the way, or gaps that run aslant would open again
        mask = ~_grown(~mask, k)
    return np.maximum(ink, mask[reach:-reach, reach:-reach])


def _grown(mask, k):
    """A bool mask grown by a pixel, by turns to all eight sides and to four: nearly a circle in the end."""
    if k % 2 == 0:
        return dilate(mask)
    out = mask.copy()
    out[1:] |= mask[:-1]
    out[:-1] |= mask[1:]
    out[:, 1:] |= mask[:, :-1]
    out[:, :-1] |= mask[:, 1:]
    return out
