"""What tells a digit from what is none, in numbers: the measures of a segment, and what each of them costs.

A cost is linear in the measures. The weights are learned from numbers whose text is known (training/learning/reading.py).
"""

import math

import numpy as np

from number_reader.labels import NOT_A_DIGIT, PART, SEVERAL
from number_reader.segmentation.segment import overlap

MOST_OVER = 0.4  # digits side by side share no more of the wider one's width

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
COLUMN = {name: k for k, name in enumerate(MEASURES)}

# Learned by `python -m training.learning.reading`; one for each measure, a cost.
WEIGHTS = np.array(
    [-0.23, 1.39, -0.61, -0.02, 1.22, 2.06, 3.07, 5.22, 0.64, 1.19, -1.12, 2.35, -0.74, 1.13, 0.41, 2.28, 1.17, -0.28, 4.11],
    np.float32,
)  # fmt: skip


def size(box):
    return box[2] - box[0], box[3] - box[1]


def shared(a, b):
    """Share of the narrower box's width that both boxes cover, 0..1."""
    return max(overlap(a, b, 1), 0) / max(min(size(a)[1], size(b)[1]), 1)


def common(a, b):
    """Share of the larger box that both boxes cover, 0..1."""
    both = max(overlap(a, b, 0), 0) * max(overlap(a, b, 1), 0)
    return both / max(size(a)[0] * size(a)[1], size(b)[0] * size(b)[1], 1)


def astride(boxes, owners):
    """How far pieces lie over one another: two float (n, n), the share of the wider one's width and that of the larger one's
    box that both cover; 0 for parts of one piece, which have the same owner."""
    low, high = np.array(boxes)[:, :2], np.array(boxes)[:, 2:]
    both = np.minimum(high[:, None], high) - np.maximum(low[:, None], low)
    both = np.maximum(both, 0) * (np.not_equal.outer(owners, owners))[..., None]
    sides = np.maximum(high - low, 1)
    areas = sides.prod(axis=1)
    return both[..., 1] / np.maximum.outer(sides[:, 1], sides[:, 1]), both.prod(axis=2) / np.maximum.outer(areas, areas)


def within(value, low, high):
    return min(max(float(value), low), high)  # numpy's own takes ten times as long for a single number


def nearer(near, label):
    """How much nearer something is to the wrong segments of a kind than to any digit: 0 (far less) to 2."""
    return within(math.log(min(near[:NOT_A_DIGIT]) / near[label]) + 1, 0, 2)


def line_height(boxes):
    """Height of a line's digits, px: that of the tallest mark, but a lone dash is not tall."""
    heights, widths = zip(*(size(box) for box in boxes))
    return max(max(heights), 0.5 * max(widths), 1)


def of_digit(compared, limit, boxes, joins, usual, height):
    """Measures of pieces taken for a digit, {name: value}; what is not among them is 0.

    compared: what the neighbours say of the pieces together. limit: the doubt beyond which a digit is refused. boxes: of the
    pieces, from left to right. joins: positions of those that paper parts from the piece before. usual, height: of the line,
    near the pieces and everywhere, px.
    """
    tops, lefts, bottoms, rights = zip(*boxes)
    high, wide = max(bottoms) - min(tops), max(rights) - min(lefts)
    doubt, near = within(compared.doubt - limit, -1, 2), compared.near.tolist()
    return {
        "digit": 1,
        "doubt": doubt,
        "refused": max(doubt, 0),
        "margin": within(compared.margin, 0, 2),
        "several": nearer(near, SEVERAL),
        "part": nearer(near, PART),
        "wide": max(wide / max(high, 1) - 1, 0),
        "low": max(math.log(usual / max(high, 1)) - 0.2, 0),
        **of_joins(boxes, joins, height),
    }


def of_joins(boxes, joins, height):
    """Measures of pieces that are joined across paper; see `of_digit`."""
    gaps = [max(min(-overlap(other, boxes[k], 1) for other in boxes[:k]), 0) for k in joins]
    return {
        "joined": len(joins),
        "gap": sum(gaps) / height,
        "shared": sum(max(shared(other, boxes[k]) for other in boxes[:k]) for k in joins),
        "inside": sum(max(common(other, boxes[k]) for other in boxes[:k]) for k in joins),
    }
