"""Ink map -> marks and the lines that they stand in.

Joined pixels form components; what is far smaller than the rest is dust. Which marks, or which parts of one, are
a digit is for `lattice` to say.
"""

import numpy as np

from number_reader.ink.image import INK_LEVEL
from number_reader.segmentation.components import label_components
from number_reader.segmentation.cuts import stroke_width

MINOR = 0.4  # a mark lower than this share of the tallest cannot open a line
SPECK = 0.06  # smaller than this share of the tallest, both ways, is dust
POINT, PEN = 0.025, 0.75  # where points count, dust is smaller than this share, or than this of the strokes' width
REACH = 0.25  # how far, in heights of the tallest, a minor mark may lie from a digit that it is part of
MAX_MARKS = 200  # more than these are a pattern or a page of text, not numbers, and none is read;
MAX_MINOR = 500  # nor is any where there are more than these, dots and bars among them
SAME_LINE = 0.5  # marks of one line share this much of the lower one's height,
ENTWINED = 0.25  # or this much with a mark that they lie over or under: a stroke begun within another,
ASIDE = 0.2  # or this much if none of the line lies over or under it,
FLAG, CLOSE = 0.6, 0.1  # or any of it, if it is lower than FLAG of the line's and no farther than CLOSE from a mark
# or, where all marks stand in one column, each as wide as COLUMN of it, if it shares STACKED of a mark's width, and the gap is
# BROKEN of their common height: a digit in pieces.
COLUMN, STACKED, BROKEN = 0.45, 0.3, 0.1


def overlap(a, b, axis):
    """Length that boxes a and b share on an axis (0 is down); negative is the gap between them."""
    return min(a[axis + 2], b[axis + 2]) - max(a[axis], b[axis])


def hull(boxes):
    """The box around boxes."""
    tops, lefts, bottoms, rights = zip(*boxes)
    return min(tops), min(lefts), max(bottoms), max(rights)


def components(ink, points=False):
    """Components of an ink map that are more than dust: (labels int32 (h, w), their numbers, their boxes), a box being
    (top, left, bottom, right), half-open. ([], [] if there is no ink.) points: whether a point counts that is as small as the
    pen is broad."""
    labels, boxes, areas = label_components(ink > INK_LEVEL)
    if areas.size == 0:
        return labels, [], []
    heights, widths = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    tallest = max(heights.max(), 0.5 * widths.max())
    least = SPECK * tallest
    if points:
        least = min(least, max(POINT * tallest, PEN * stroke_width(ink)))
    speck = (np.maximum(heights, widths) < least) | (areas < 3)
    if speck.all():
        speck[areas.argmax()] = False
    kept = np.flatnonzero(~speck)
    return labels, (kept + 1).tolist(), [tuple(box) for box in boxes[kept].tolist()]


def lines(boxes):
    """Sort marks into lines, top first.

    boxes: of marks. Returns a list of lists of indices; [] for more than MAX_MARKS or MAX_MINOR. Marks of some height
    open the lines, the tallest first; minor ones (bars, dots, flags) go to the line that is nearest.
    """
    if not 0 < len(boxes) <= MAX_MARKS + MAX_MINOR:
        return []
    heights = np.array([bottom - top for top, _, bottom, _ in boxes])
    widths = np.array([right - left for _, left, _, right in boxes])
    tallest = max(heights.max(), 0.5 * widths.max())
    major = heights >= MINOR * tallest
    if not major.any():
        major[:] = True
    if major.sum() > MAX_MARKS or (~major).sum() > MAX_MINOR:
        return []
    whole = hull([boxes[i] for i in np.flatnonzero(major)])
    lone = all(overlap(boxes[i], whole, 1) > COLUMN * (whole[3] - whole[1]) for i in np.flatnonzero(major))
    found = []  # (box of the line, its marks)
    for i in sorted(np.flatnonzero(major).tolist(), key=lambda i: -heights[i]):
        for line in found:
            height = line[0][2] - line[0][0]
            shared = overlap(line[0], boxes[i], 0) / min(heights[i], height)
            astride = [j for j in line[1] if overlap(boxes[j], boxes[i], 1) > 0]
            entwined = any(overlap(boxes[j], boxes[i], 0) > ENTWINED * min(heights[i], heights[j]) for j in astride)
            free = not astride
            near = min(_distance(boxes[j], boxes[i]) for j in line[1]) <= CLOSE * height
            least = SAME_LINE if not free else 0 if near and heights[i] < FLAG * height else ASIDE
            if shared > least or entwined or (lone and any(_stacked(boxes[j], boxes[i]) for j in line[1])):
                line[0] = hull([line[0], boxes[i]])
                line[1].append(i)
                break
        else:
            found.append([boxes[i], [i]])
    for i in np.flatnonzero(~major).tolist():
        nearest = min(found, key=lambda line: min(_distance(boxes[j], boxes[i]) for j in line[1] if major[j]))
        nearest[1].append(i)
    found.sort(key=lambda line: line[0][0])
    return [line[1] for line in found]


def lone_mark(boxes):
    """Which marks belong to a digit that is known to stand alone: all but minor ones out of REACH. Returns indices."""
    heights = [bottom - top for top, _, bottom, _ in boxes]
    major = [i for i, height in enumerate(heights) if height >= MINOR * max(heights)]
    reach = REACH * max(heights)
    return [i for i in range(len(boxes)) if i in major or min(_distance(boxes[j], boxes[i]) for j in major) <= reach]


def _stacked(a, b):
    """Whether one box lies over the other and next to touches it: a broken digit, not another line."""
    beside = overlap(a, b, 1) > STACKED * min(a[3] - a[1], b[3] - b[1])
    return beside and -overlap(a, b, 0) <= BROKEN * (max(a[2], b[2]) - min(a[0], b[0]))


def _distance(a, b):
    return max(-overlap(a, b, 0), 0) + max(-overlap(a, b, 1), 0)
