"""Where touching digits may be cut: seams, paths from top to bottom that cross as little ink as they can.

Seams are found by dynamic programming, as in seam carving (Avidan and Shamir 2007), on a small copy of the ink.
"""

import numpy as np

ROWS = 40  # the small copy has about so many rows
ENTER, LENGTH = 0.9, 0.1  # price of crossing a stroke: so much for entering it, so much for its width. A seam may
# then run along where two digits touch, rather than through the hole of one of them.
LEAN = 0.03  # price of a step aside, in pixels of ink: a seam may follow the slant of the digits
ASIDE = np.array([0, -1, 1])
MOST = 8.0  # strokes that a seam may cross
LEAST = 0.08  # share of the ink that a seam must cut off


def shrink(ink):
    """Area means of float (h, w) ink in whole blocks: (small float32 copy of ROWS to 2 ROWS rows, factor)."""
    factor = max(1, ink.shape[0] // ROWS)
    h, w = -(-ink.shape[0] // factor), -(-ink.shape[1] // factor)
    padded = np.zeros((h * factor, w * factor), np.float32)
    padded[: ink.shape[0], : ink.shape[1]] = ink
    return padded.reshape(h, factor, w, factor).mean(axis=(1, 3)), factor


def stroke_width(ink):
    """Mean width of the strokes in ink, float (h, w), px: twice the area over the length of the outline."""
    mask = np.pad(ink > 0.5 * ink.max(initial=0), 1)
    outline = (mask[1:] != mask[:-1]).sum() + (mask[:, 1:] != mask[:, :-1]).sum()
    # An outline on the grid is 4 / pi times as long as a smooth one of any direction.
    return max(1.0, 2 * float(ink.sum()) / max(float(outline) * np.pi / 4, 1))


def _cheapest(ink, enter):
    """The cheapest paths from the top of ink, float32 (h, w), to each column of its last row: (price float32 (w,),
    paths int (h, w), a column each). Ink costs its length, and `enter` times how much darker it gets on the way."""
    h, w = ink.shape
    columns = np.arange(w)
    price, steps = (LENGTH + enter) * ink[0], np.zeros((h, w), np.intp)
    above, before = np.full(w + 2, np.inf, np.float32), np.zeros(w + 2, np.float32)
    options = np.empty((3, w), np.float32)
    for y in range(1, h):
        above[1:-1], before[1:-1] = price, ink[y - 1]
        for k, aside in enumerate((0, -1, 1)):  # straight on first: it is taken where prices are equal
            there = slice(1 + aside, 1 + aside + w)
            options[k] = above[there] + enter * np.maximum(ink[y] - before[there], 0) + LEAN * abs(aside)
        best = options.argmin(axis=0)
        steps[y] = ASIDE[best]
        price = options[best, columns] + LENGTH * ink[y]
    paths = np.empty((h, w), np.intp)
    for y in range(h - 1, -1, -1):
        paths[y] = columns
        columns = columns + steps[y, columns]
    return price, paths


def seams(ink, most):
    """Places to cut a mark.

    ink: float (h, w), 0..1, of one mark. Returns up to `most` pairs (price, path) from left to right: price in strokes
    crossed, path int (h,), for every row the column where the right part begins. Seams never cross. They are the
    cheapest of all that pass the middle row, of which no two cut off the same ink.
    """
    small, factor = shrink(ink)
    h, w = small.shape
    if w < 4 or not small.any():
        return []
    width, middle = stroke_width(small), h // 2
    upper, above = _cheapest(small[: middle + 1], ENTER * width)
    lower, below = _cheapest(small[middle:][::-1], ENTER * width)
    prices = (upper + lower - (LENGTH + ENTER * width) * small[middle]) / width
    paths = np.concatenate([above, below[-2::-1]])
    sums = np.pad(np.cumsum(small, axis=1), ((0, 0), (1, 0)))
    masses = np.take_along_axis(sums, paths, axis=1).sum(axis=0) / sums[:, -1].sum()
    chosen = []
    for x in np.argsort(prices, kind="stable").tolist():
        if len(chosen) == most or prices[x] > MOST:
            break
        if all(abs(masses[x] - other) >= LEAST for other in (0, 1, *masses[chosen])):
            chosen.append(x)
    found, before = [], 0
    rows = np.arange(ink.shape[0]) // factor
    for x in sorted(chosen):
        before = np.maximum(paths[:, x], before)  # two paths may swap places where they step past each other
        found.append((float(prices[x]), before[rows] * factor + factor // 2))
    return found
