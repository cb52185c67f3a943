"""Connected components of a mask: their labels, boxes and areas."""

import numpy as np


def label_components(mask):
    """Label 8-connected components of a bool (h, w) mask.

    Returns int32 (h, w) labels, 0 for background, 1..n in order of their first pixel; their boxes, int (n, 4): top,
    left, bottom, right, half-open; and their areas, int (n,), px. Works on runs of pixels: runs of neighbouring rows that
    touch are joined by minimum-label propagation.
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
        return labels, np.empty((0, 4), np.intp), np.empty(0, np.intp)
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
    order = np.argsort(number, kind="stable")  # a component's runs together, from top to bottom
    firsts = np.flatnonzero(np.diff(number[order], prepend=-1))
    rows, starts, ends, lengths = rows[order], starts[order], ends[order], lengths[order]
    sides = (
        rows[firsts],
        np.minimum.reduceat(starts, firsts),
        rows[np.append(firsts[1:], n_runs) - 1] + 1,
        np.maximum.reduceat(ends, firsts),
    )
    return labels, np.stack(sides, axis=1), np.add.reduceat(lengths, firsts)
