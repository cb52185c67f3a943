"""Ink map -> digits in reading order.

Joined pixels form components; components that lie over one another belong to one digit; what is far smaller
than the digits beside it (dust, points, dashes) is dropped. Touching digits are not cut apart yet.
"""

import numpy as np

from .image import INK_LEVEL

MINOR = 0.4  # a component lower than this share of the tallest cannot start a digit of its own
SPECK = 0.06  # smaller than this share of the tallest, both ways, is dust
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


def _join(a, b):
    return (min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3]))


def _lines(boxes, order):
    """Gather indices of boxes into lines: a box joins the line that it shares half its height with."""
    lines = []
    for i in order:
        for line in lines:
            shared = _overlap(line["box"], boxes[i], 0, 2)
            if shared > 0.5 * min(boxes[i][2] - boxes[i][0], line["box"][2] - line["box"][0]):
                line["members"].append(i)
                line["box"] = _join(line["box"], boxes[i])
                break
        else:
            lines.append({"members": [i], "box": tuple(boxes[i])})
    return [line["members"] for line in sorted(lines, key=lambda line: line["box"][0])]


def segment(ink):
    """Find the digits of an ink map.

    ink: float32 (h, w), 0..1. Returns a list of lines, top first; a line is a list of (box, ink) from left to
    right, box = (top, left, bottom, right) half-open and ink the float32 crop of that box with every other
    component's ink taken out.
    """
    labels, n = label_components(ink > INK_LEVEL)
    if n == 0:
        return []
    boxes, areas = component_boxes(labels, n)
    heights = boxes[:, 2] - boxes[:, 0]
    widths = boxes[:, 3] - boxes[:, 1]
    tallest = max(heights.max(), 0.5 * widths.max())
    is_speck = (np.maximum(heights, widths) < SPECK * tallest) | (areas < 3)
    if n == 1 or is_speck.all():
        is_speck = areas < min(3, areas.max())
    major = np.flatnonzero(~is_speck & (heights >= MINOR * tallest))
    if major.size == 0:
        major = np.flatnonzero(~is_speck)
    minor = [i for i in np.flatnonzero(~is_speck) if i not in set(major)]

    lines = []
    for members in _lines(boxes, major):
        groups = []
        for i in sorted(members, key=lambda i: boxes[i][1]):
            box = tuple(boxes[i])
            if groups and _overlap(groups[-1]["box"], box, 1, 3) > 0.3 * min(
                box[3] - box[1], groups[-1]["box"][3] - groups[-1]["box"][1]
            ):
                groups[-1]["box"] = _join(groups[-1]["box"], box)
                groups[-1]["members"].append(i)
            else:
                groups.append({"box": box, "members": [i]})
        lines.append(groups)

    everyone = [group for groups in lines for group in groups]
    cores = [group["box"] for group in everyone]
    for i in minor:
        gaps = [
            max(-_overlap(core, boxes[i], 0, 2), 0) + max(-_overlap(core, boxes[i], 1, 3), 0) for core in cores
        ]
        nearest = int(np.argmin(gaps))
        beside = _overlap(cores[nearest], boxes[i], 1, 3) <= 0
        if gaps[nearest] <= REACH * tallest * (0.5 if beside else 1):
            everyone[nearest]["members"].append(i)
            everyone[nearest]["box"] = _join(everyone[nearest]["box"], tuple(boxes[i]))

    return [[_cut(ink, labels, group) for group in groups] for groups in lines]


def _cut(ink, labels, group):
    """Crop a group's box, one pixel wider for the soft edge, without the other components' ink."""
    top, left, bottom, right = group["box"]
    top, left = max(top - 1, 0), max(left - 1, 0)
    bottom, right = min(bottom + 1, ink.shape[0]), min(right + 1, ink.shape[1])
    inside = labels[top:bottom, left:right]
    own = (inside == 0) | np.isin(inside, np.array(group["members"]) + 1)
    return (int(top), int(left), int(bottom), int(right)), np.where(own, ink[top:bottom, left:right], 0)


def candidates_to_join(line):
    """Indices i where parts i and i + 1 of a line are near enough, and narrow enough together, to be one digit."""
    pairs = []
    for i, ((a, _), (b, _)) in enumerate(zip(line, line[1:])):
        whole = _join(a, b)
        height = whole[2] - whole[0]
        if -_overlap(a, b, 1, 3) <= 0.3 * height and whole[3] - whole[1] <= 1.3 * height:
            pairs.append(i)
    return pairs


def join(a, b):
    """Two parts (box, ink) as one."""
    whole = _join(a[0], b[0])
    ink = np.zeros((whole[2] - whole[0], whole[3] - whole[1]), np.float32)
    for (top, left, bottom, right), part in (a, b):
        inside = ink[top - whole[0] : bottom - whole[0], left - whole[1] : right - whole[1]]
        np.maximum(inside, part, out=inside)
    return whole, ink
