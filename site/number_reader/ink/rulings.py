"""Printed lines of ruled and squared paper: found as straight ridges across the picture, and papered over.

Ink that crosses a line is carried on from one side of it to the other.
"""

import numpy as np

from number_reader.ink.median import median, percentile
from number_reader.ink.noise import noise_level
from number_reader.ink.polynomial import fitted, value_at

MIN_SIDE = 200  # px of a side below which no rulings are looked for
STRIPS = 64  # the picture is looked at in this many strips across the lines
STEEPEST = 0.16  # slope of a line, either way
THIN = 0.006  # of the longer side: thicker lines are no rulings
FAINTEST = 0.012  # grey by which a ruling must differ from the paper beside it
FAMILY = 4  # so many lines are rulings
SEEN = 0.5  # if each is seen in this share of the strips
ALIKE = 0.015  # and its slope is theirs
ALONE = 0.9  # a line of smaller families must be seen in this share
WINDOW = 8  # px either side of a line in which its profile is taken
EDGE = 0.15  # of a ruling's depth: where its profile ends
DEEPER = 1.1  # what is so many times as dark as the ruling's darkest tenth is ink on it


def remove_rulings(values):
    """Paper over rulings, dark or light, across and upright.

    values: float32 (h, w), 0..1. Returns an array of the same shape; the same one if there are none.
    """
    if min(values.shape) < MIN_SIDE:
        return values
    for negative in (False, True):
        for upright in (False, True):
            view = values.T if upright else values
            view = 1 - view if negative else view
            lines = find_lines(view)
            if lines:
                cleaned = view.copy()
                for line in lines:
                    _paper_over(cleaned, line)
                cleaned = 1 - cleaned if negative else cleaned
                values = cleaned.T if upright else cleaned
    return values


def ridges(values, thin):
    """Where dark ridges at most `thin` px thick run across: bool (strips, h), and the strips' middles in px."""
    h, w = values.shape
    wide = max(w // STRIPS, 1)
    count = w // wide
    profile = np.ascontiguousarray(values[:, : count * wide].reshape(h, count, wide).mean(axis=2).T)
    beside = np.pad(profile, ((0, 0), (thin, thin)), mode="edge")
    depth = np.minimum(beside[:, : -2 * thin], beside[:, 2 * thin :]) - profile
    threshold = max(FAINTEST, 4 * noise_level(profile.T))
    return depth > threshold, (np.arange(count) + 0.5) * wide


def find_lines(values):
    """Find the dark rulings that run across a float32 (h, w) picture.

    A Hough transform (Duda & Hart 1972) of the ridges in narrow strips: a line is counted in the strips where it
    shows. Returns a list of lines, each its height y at every column, float (w,), which may leave the picture.
    """
    h, w = values.shape
    thin = max(3, round(THIN * max(h, w)))
    seen, middles = ridges(values, thin)
    slopes, heights, share, inside = _vote(seen, middles, w)
    found = _peaks(np.where(inside > 0.5, share, 0), slopes, heights, w, thin, SEEN)
    if len(found) >= FAMILY:
        # Lines of the family that cross only a corner: their slope is the family's, which perspective lets
        # change steadily from line to line.
        bend = fitted([y for _, _, y in found], [slope for _, slope, _ in found], 1)
        alike = np.abs(slopes[:, None] - value_at(heights, bend)) < ALIKE
        found = _peaks(np.where(alike & (inside * len(middles) > 2), share, 0), slopes, heights, w, thin, SEEN)
    else:
        found = [line for line in found if line[0] >= ALONE]
    if len(found) > h / (2 * thin):
        return []
    return [_follow(seen, middles, slope, y, w, thin) for _, slope, y in found]


def _vote(seen, middles, w):
    """Of the strips that each line crosses inside the picture, the share in which it is seen.

    Returns slopes (m,), heights (n,) at the middle column, share float32 (m, n), and the part of each line that
    lies inside, (m, n).
    """
    strips, h = seen.shape
    near = seen.copy()  # a pixel off is near enough
    near[:, 1:] |= seen[:, :-1]
    near[:, :-1] |= seen[:, 1:]
    reach = int(STEEPEST * w / 2) + 2
    slopes = np.arange(-STEEPEST, STEEPEST + 1 / w, 2 / w)
    heights = np.arange(-reach, h + reach)
    shifts = np.rint(np.outer(slopes, middles - w / 2)).astype(np.intp)
    both = []
    for marks in (near, np.ones_like(near)):
        padded = np.pad(marks, ((0, 0), (2 * reach, 2 * reach))).astype(np.uint8)
        votes = np.zeros((len(slopes), heights.size), np.uint8)
        for strip in range(strips):
            for k, shift in enumerate(shifts[:, strip]):
                votes[k] += padded[strip, reach + shift : reach + shift + heights.size]
        both.append(votes)
    count, crossed = both
    return slopes, heights, count / np.maximum(crossed, 1).astype(np.float32), crossed / np.float32(strips)


def _peaks(share, slopes, heights, w, thin, least):
    """The best lines, (share, slope, height), one for each bundle of lines that lie within a few px of it."""
    share, found = share.copy(), []
    while (best := share.max(initial=0)) >= least:
        k, i = np.unravel_index(share.argmax(), share.shape)
        found.append((float(best), float(slopes[k]), int(heights[i])))
        # Lines that meet it inside the picture, or nearly: rulings never do.
        apart = np.abs(heights - heights[i])
        share[apart <= np.abs(slopes - slopes[k])[:, None] * w / 2 + 2 * thin] = 0
    return found


def _follow(seen, middles, slope, y, width, thin):
    """The course of a line: a parabola through the ridges within `thin` px of the straight line; where it is seen in
    a corner only, a parallel of the straight line."""
    columns = np.arange(width)
    straight = y + slope * (columns - width / 2)
    xs, ys = [], []
    for strip, middle in enumerate(middles):
        expected = y + slope * (middle - width / 2)
        low, high = (max(round(expected) + side, 0) for side in (-thin, thin + 1))
        rows = np.flatnonzero(seen[strip, low:high])
        if rows.size:
            xs.append((middle - width / 2) / width)
            ys.append(rows.mean() + low - expected)
    if len(xs) < 6:
        return straight
    xs, ys = np.array(xs), np.array(ys)
    degree = 2 if len(xs) > len(middles) / 2 else 0
    for _ in range(2):  # the second time without what lay off: strokes beside the line
        bend = fitted(xs, ys, degree)
        off = np.abs(value_at(xs, bend) - ys)
        kept = off <= max(1.0, 1.5 * float(median(off)))
        if kept.sum() < 6:
            break
        xs, ys = xs[kept], ys[kept]
    return straight + value_at((columns - width / 2) / width, bend)


def _paper_over(values, line):
    """Fill the band of one dark line, in place, from what lies above and below it."""
    h = values.shape[0]
    rows = np.rint(line).astype(np.intp)
    columns = np.flatnonzero((rows > -WINDOW // 2) & (rows < h + WINDOW // 2))
    rows = rows[columns] + np.arange(-WINDOW, WINDOW + 1)[:, None]
    within = (rows >= 0) & (rows < h)
    at = np.clip(rows, 0, h - 1)
    band = values[at, columns]
    # Relative to the paper at each column, as light may change along the line.
    paper = band.max(axis=0)
    relative = band / np.maximum(paper, FAINTEST)
    profile = np.array([median(row[seen]) if seen.any() else 1.0 for row, seen in zip(relative, within)])
    level = max(median(profile[:3]), median(profile[-3:]))
    depth = level - profile[WINDOW - 1 : WINDOW + 2].min()
    if depth <= 0:
        return
    dark = level - profile > EDGE * depth
    first = last = WINDOW - 1 + int(profile[WINDOW - 1 : WINDOW + 2].argmin())
    while first > 3 and dark[first - 1]:
        first -= 1
    while last < 2 * WINDOW - 3 and dark[last + 1]:
        last += 1
    first, last = first - 1, last + 1  # its soft edge
    thick = last - first + 1
    if thick > 2 * WINDOW - 6:
        return
    above = (band[first - 1] + band[first - 2]) / 2
    below = (band[last + 1] + band[last + 2]) / 2
    # At the picture's edge there is paper on one side only.
    top, bottom = ~within[first - 2], ~within[last + 2]
    above, below = np.where(top, below, above), np.where(bottom, above, below)
    share = (np.arange(thick, dtype=np.float32)[:, None] + 1) / (thick + 1)
    fill = (1 - share) * above + share * below
    margin = 4 * float(noise_level(above[None]))
    # Slanting ink: what is dark above and, some columns on, dark below was dark in between.
    reach = 2 * thick
    wide_above, wide_below = (np.pad(side, 2 * reach, mode="edge") for side in (above, below))
    x = np.arange(columns.size) + 2 * reach
    for slant in range(-reach, reach + 1):
        up, down = np.rint(slant * share).astype(np.intp), np.rint(slant * (1 - share)).astype(np.intp)
        through = np.maximum(wide_above[x - up], wide_below[x + down])
        fill = np.minimum(fill, through + margin)
    inside = band[first : last + 1]
    # What is clearly darker than nearly all of the ruling is ink on it.
    darkest = min(percentile(row[seen], 10) if seen.any() else 1.0 for row, seen in zip(relative, within))
    ink = inside < paper * (darkest - (DEEPER - 1) * (level - darkest)) - margin
    filled = np.where(ink, np.minimum(fill, inside), fill)
    cells = within[first : last + 1]
    values[at[first : last + 1][cells], np.broadcast_to(columns, cells.shape)[cells]] = filled[cells]
