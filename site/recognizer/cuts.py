"""Where touching digits may be cut: seams, paths from top to bottom that cross as little ink as they can.

Seams are found by dynamic programming, as in seam carving (Avidan and Shamir 2007), on a small copy of the ink.
"""

import numpy as np

ROWS = 40  # the small copy has about so many rows
LEAN = 0.03  # price of a step aside, in pixels of ink: a seam may follow the slant of the digits
APART = 0.12  # seams lie at least this share of the height from each other
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


def _cheapest(ink):
    """Price of the cheapest path from the top to every pixel, float32 (h, w)."""
    cost = ink.astype(np.float32).copy()
    far = np.full(1, np.inf, np.float32)
    for y in range(1, len(cost)):
        above = cost[y - 1]
        aside = np.minimum(np.concatenate([far, above[:-1]]), np.concatenate([above[1:], far])) + LEAN
        cost[y] += np.minimum(above, aside)
    return cost


def _follow(cost, x):
    """The path that led to (last row, x), from there upwards: column per row, int (h,), top first."""
    path = [x]
    for row in cost[-2::-1]:
        low, high = max(x - 1, 0), min(x + 2, len(row))
        prices = row[low:high] + LEAN * (np.arange(low, high) != x)
        x = low + int(np.argmin(prices))
        path.append(x)
    return np.array(path[::-1])


def seams(ink, most):
    """Places to cut a mark.

    ink: float (h, w), 0..1, of one mark. Returns up to `most` pairs (price, path) from left to right: price in widths of a
    stroke crossed, path int (h,), for every row the column where the right part begins. Seams never cross.
    """
    small, factor = shrink(ink)
    h, w = small.shape
    if w < 4 or not small.any():
        return []
    width = stroke_width(small)
    down, up = _cheapest(small), _cheapest(small[::-1])[::-1]
    middle = h // 2
    through = (down + up - small)[middle]
    across = small.max(axis=0)
    columns = np.flatnonzero(across > 0.3 * across.max())  # a hairline has faded in the small copy
    left, right = columns[0] + width, columns[-1] - width
    padded = np.pad(through, 2, mode="edge")
    valley = through <= np.min([padded[k : k + w] for k in range(5)], axis=0)
    chosen = []
    for x in np.argsort(through, kind="stable").tolist():
        if len(chosen) == most or through[x] > MOST * width:
            break
        if valley[x] and left <= x <= right and all(abs(x - other) >= APART * h for other in chosen):
            chosen.append(x)
    found, mass, total = [], 0.0, float(small.sum())
    for x in sorted(chosen):
        path = np.concatenate([_follow(down[: middle + 1], x), _follow(up[middle:][::-1], x)[::-1][1:]])
        before = float(small[np.arange(w) < path[:, None]].sum())
        # A seam that runs around all ink, or along another one, cuts nothing off.
        if min(before - mass, total - before) < LEAST * total:
            continue
        mass = before
        rows = np.minimum(np.arange(ink.shape[0]) // factor, h - 1)
        found.append((float(through[x]) / width, path[rows] * factor + factor // 2))
    return found
