"""Ink map -> digits in reading order.

Joined pixels form components; components that lie over one another belong to one digit; what is far smaller
than the digits beside it (dust, points, dashes) is dropped. Whether two near parts are one broken digit is for the
recognizer to say. Touching digits are not cut apart yet.
"""

import numpy as np

from .image import INK_LEVEL

MINOR = 0.4  # a component lower than this share of the tallest cannot start a digit of its own
SPECK = 0.06  # smaller than this share of the tallest, both ways, is dust
MAX_MARKS = 200  # more than these are a pattern or a page of text, not numbers, and none is read
FAINT = 0.1  # nor can one with less than this share of the largest area
STACKED = 0.1  # parts over one another are one digit if their gap is at most this share of their height
ASIDE = 0.3  # parts beside one another may be one digit if their gap is at most this share of their height
WIDEST = 1.6  # and if together they are at most this many times as wide as high
REACH = 0.25  # how far, in heights of the tallest, a minor part may lie from its digit


def label_components(mask):
    """Label 8-connected components of a bool (h, w) mask.

    Returns int32 (h, w) labels, 0 for background, 1..n in order of their first pixel, and n. Works on runs of
    pixels: runs of neighbouring rows that touch are joined by minimum-label propagation.
    """
    h, w = mask.shape
    padded = np.zeros((h, w + 2), np.int8)
    padded[:, 1:-1] = mask
    edges = np.diff(padded, axis=1)
    rows, starts = np.nonzero(edges == 1)
    ends = np.nonzero(edges == -1)[1]  # half-open
    labels = np.zeros((h, w), np.int32)
    n_runs = rows.size
    if n_runs == 0:
        return labels, 0
    # Runs of the row above whose [start, end] touches this run, diagonals included, are consecutive. Keys
    # that grow with row and column let one searchsorted find them for all runs at once.
    stride = w + 2
    first = np.searchsorted(rows * stride + ends, (rows - 1) * stride + starts, "left")
    last = np.searchsorted(rows * stride + starts, (rows - 1) * stride + ends, "right")
    count = np.maximum(last - first, 0)
    below = np.repeat(np.arange(n_runs), count)
    above = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + np.repeat(first, count)
    root = np.arange(n_runs)
    while below.size:
        a, b = root[below], root[above]
        if (a == b).all():
            break
        np.minimum.at(root, np.maximum(a, b), np.minimum(a, b))
        while True:
            parent = root[root]
            if (parent == root).all():
                break
            root = parent
    _, number = np.unique(root, return_inverse=True)
    lengths = ends - starts
    flat = np.repeat(rows * w + starts, lengths) + (
        np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    )
    labels.ravel()[flat] = np.repeat(number + 1, lengths)
    return labels, int(number.max()) + 1


def component_boxes(labels, n):
    """Boxes (n, 4) int of labels 1..n: top, left, bottom, right, half-open; and areas (n,) in px."""
    ys, xs = np.nonzero(labels)
    owner = labels[ys, xs] - 1
    boxes = np.empty((n, 4), np.int64)
    boxes[:, :2] = np.iinfo(np.int64).max
    boxes[:, 2:] = 0
    np.minimum.at(boxes[:, 0], owner, ys)
    np.minimum.at(boxes[:, 1], owner, xs)
    np.maximum.at(boxes[:, 2], owner, ys + 1)
    np.maximum.at(boxes[:, 3], owner, xs + 1)
    return boxes, np.bincount(owner, minlength=n)


def _overlap(a, b, low, high):
    """Length that boxes a and b share on one axis; negative is the gap between them."""
    return min(a[high], b[high]) - max(a[low], b[low])


def _hull(a, b):
    return (min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3]))


def _belong(a, b):
    """Whether two boxes are parts of one digit: one over the other, and next to touching in height."""
    height = max(a[2], b[2]) - min(a[0], b[0])
    narrower = min(a[3] - a[1], b[3] - b[1])
    return _overlap(a, b, 1, 3) > 0.3 * narrower and -_overlap(a, b, 0, 2) <= STACKED * height


def _gather(parts):
    """Join parts that belong together until none do. A part is (box, component numbers)."""
    parts = sorted(parts, key=lambda part: part[0][1])
    i = 0
    while i < len(parts):
        box, members = parts[i]
        other = next((j for j in range(i + 1, len(parts)) if _belong(box, parts[j][0])), None)
        if other is None:
            i += 1
            continue
        other_box, other_members = parts.pop(other)
        parts[i] = (_hull(box, other_box), members + other_members)
        i = 0  # the grown box may reach parts that were passed over
    return parts


def lines(parts):
    """Sort parts, (box, anything), into lines, top first, each from left to right: a part joins the line that it
    shares half its height with. Returns a list of lists of parts."""
    found = []
    for part in sorted(parts, key=lambda part: part[0][0] - part[0][2]):  # the tallest lead
        for line in found:
            box = line[0]
            lower = min(part[0][2] - part[0][0], box[2] - box[0])
            if _overlap(box, part[0], 0, 2) > 0.5 * lower:
                line[0] = _hull(box, part[0])
                line[1].append(part)
                break
        else:
            found.append([part[0], [part]])
    found.sort(key=lambda line: line[0][0])
    return [sorted(line[1], key=lambda part: part[0][1]) for line in found]


def _attach(parts, minor, tallest):
    """Give each minor part (bar, dot, flag) to the nearest digit within reach; drop it if there is none."""
    cores = [box for box, _ in parts]
    for box, members in minor:
        gaps = [max(-_overlap(core, box, 0, 2), 0) + max(-_overlap(core, box, 1, 3), 0) for core in cores]
        nearest = int(np.argmin(gaps))
        beside = _overlap(cores[nearest], box, 1, 3) <= 0
        if gaps[nearest] <= REACH * tallest * (0.5 if beside else 1):
            parts[nearest] = (_hull(parts[nearest][0], box), parts[nearest][1] + members)
    return parts


def segment(ink):
    """Find the digits of an ink map, each in one part or, if it is broken, in several.

    ink: float32 (h, w), 0..1. Returns a list of (box, ink): box = (top, left, bottom, right) half-open and ink
    the float32 crop of that box with every other component's ink taken out. More than MAX_MARKS marks are no
    numbers: nothing is found.
    """
    labels, n = label_components(ink > INK_LEVEL)
    if n == 0:
        return []
    boxes, areas = component_boxes(labels, n)
    heights, widths = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    tallest = max(heights.max(), 0.5 * widths.max())
    speck = (np.maximum(heights, widths) < SPECK * tallest) | (areas < 3)
    if speck.all():
        speck[areas.argmax()] = False
    major = ~speck & (heights >= MINOR * tallest) & (areas >= FAINT * areas.max())
    if not major.any():
        major = ~speck
    if major.sum() > MAX_MARKS:
        return []
    part = {True: [], False: []}
    for i in np.flatnonzero(~speck):
        part[bool(major[i])].append((tuple(int(side) for side in boxes[i]), [int(i) + 1]))
    parts = _attach(_gather(part[True]), part[False], tallest)
    return [_cut(ink, labels, *part) for part in parts]


def _cut(ink, labels, box, members):
    """Crop a part's box, one pixel wider for the soft edge, without the other components' ink."""
    top, left, bottom, right = box
    top, left = max(top - 1, 0), max(left - 1, 0)
    bottom, right = min(bottom + 1, ink.shape[0]), min(right + 1, ink.shape[1])
    inside = labels[top:bottom, left:right]
    own = (inside == 0) | np.isin(inside, members)
    return (top, left, bottom, right), np.where(own, ink[top:bottom, left:right], 0)


def near_pairs(boxes):
    """Pairs (i, j), i < j, of boxes near enough, and narrow enough together, to be one broken digit."""
    pairs = []
    for i, a in enumerate(boxes):
        for j in range(i + 1, len(boxes)):
            b = boxes[j]
            top, left, bottom, right = _hull(a, b)
            height = bottom - top
            near = -_overlap(a, b, 1, 3) <= ASIDE * height and -_overlap(a, b, 0, 2) <= STACKED * height
            if near and right - left <= WIDEST * height:
                pairs.append((i, j))
    return pairs


def join(a, b):
    """Two parts (box, ink) as one."""
    whole = _hull(a[0], b[0])
    ink = np.zeros((whole[2] - whole[0], whole[3] - whole[1]), np.float32)
    for (top, left, bottom, right), part in (a, b):
        inside = ink[top - whole[0] : bottom - whole[0], left - whole[1] : right - whole[1]]
        np.maximum(inside, part, out=inside)
    return whole, ink
