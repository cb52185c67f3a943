"""Four straight sides around something brighter than what lies outside: the outline of a sheet, in a small picture.

A side is a step of light that follows one line, and not a thin line, a ruling or a shadow's soft edge. Lines come from a
Hough transform whose pixels vote only for the direction of their own gradient (Duda & Hart 1972; O'Gorman & Clowes 1976),
whose sign tells the bright side; four of them that go around once are tried, all combinations at a time. Steps are ratios
of light, which are as large in a shadow as beside it.
"""

from itertools import combinations

import numpy as np

from number_reader.ink.light import box_blur

DARK = 0.08  # of full light, added before logarithms: below it a ratio is noise
EDGE = 0.03  # least gradient of the logarithm, a pixel, that votes
VOTERS = 12_000  # pixels that vote at most
TURNS = 120  # directions that are told apart
SPREAD = 2  # of these to each side of its own that a pixel votes for
APART = 2.0  # px between lines that are told apart
LINES = 22  # that are looked at
NEAR_TURN, NEAR = 4, 4  # directions and distances within which only the best line is looked at
CORNER = (50.0, 130.0)  # degrees by which the outline turns at a corner
REACH = 0.02  # of the picture by which a corner may lie outside
INNER, OUTER, BEYOND = (2, 6), (2, 6), (20, 28)  # px from a side, of the bands that are compared
STEP = 0.10  # of the logarithm of light between the bands: a side is there
SUDDEN = 0.6  # of it, between the bands' near ends: else it is a soft shadow
SHIFT = 2  # px by which a side may lie off its line, as that of curved paper does
LEAST_AREA, MOST_AREA = 0.05, 0.98  # of the picture
LEAST_SIDE = 24  # px
ALL_SHOWN, SIDE_SHOWN = 0.8, 0.4  # how much of the outline must show, and of each of its sides;
REST_SHOWN = 0.9  # of the outline where the picture cuts it
MOST_CUT = 2.0  # times that a cut side may be longer than the other
ON_TABLE = 0.5  # how much of it must still have something darker beside it BEYOND, where a drawn line has paper again


def outline(values):
    """The corners of a sheet: float64 (4, 2), x and y in px (the middle of the first at 0, 0), clockwise as seen, from its top
    left; None where none is clear. One side may be the picture's: the corners then lie outside, so that it is parallel to
    the opposite one.

    values: float32 (h, w), light as a camera encodes it, 0..1; up to some 400 px, of which noise should be averaged away.
    """
    if min(values.shape) < 2 * LEAST_SIDE:
        return None
    light = np.log(box_blur(values) + np.float32(DARK))
    lines = _lines(light)
    lines, edges = np.concatenate([lines, _edges(light.shape)]), len(lines)
    quads, members = _quads(lines, edges, light.shape)
    if not len(quads):
        return None
    shown = _Shown(light, lines, edges)
    sides, lengths = shown.of(quads, members)
    real = members < edges
    lengths = lengths * real
    # What shows, less what doesn't: the longest outline wins that is there.
    worth = (lengths * (2 * sides - 1)).sum(axis=1)
    mean = (lengths * sides).sum(axis=1) / lengths.sum(axis=1)
    good = (sides.min(axis=1) >= SIDE_SHOWN) & (mean >= np.where(real.all(axis=1), ALL_SHOWN, REST_SHOWN))
    good &= shown.on_table(quads, members) >= ON_TABLE
    if not good.any():
        return None
    best = int(np.argmax(np.where(good, worth, -np.inf)))
    corners = shown.refined(quads[best], real[best])
    if not real[best].all():
        corners = _completed(np.roll(corners, -int(np.argmin(real[best])), axis=0))
    return None if corners is None else _from_top_left(corners)


def _edges(shape):
    """The picture's own sides as lines, (4, 3)."""
    down, aside = (shape[0] - 1) / 2, (shape[1] - 1) / 2
    return np.array([(0, 1, -down), (-1, 0, -aside), (0, -1, -down), (1, 0, -aside)], float)


def _completed(corners):
    """A sheet that the picture cuts between its first two corners, with that side as far out as the farther of them and
    parallel to the opposite one; None if that is much further than the nearer one."""
    first, second, third, fourth = corners
    along = fourth - third
    normal = np.array([-along[1], along[0]]) / np.hypot(*along)
    high = np.array([(first - fourth) @ normal, (second - third) @ normal])
    if not min(high * np.sign(high[0])) * MOST_CUT >= max(abs(high)):
        return None
    far = high[np.argmax(np.abs(high))]
    return np.array(
        [fourth + (first - fourth) * far / high[0], third + (second - third) * far / high[1], third, fourth]
    )


def _lines(light):
    """(n, 3) float: cos and sin of the direction towards the bright side, and the distance along it from the middle, px."""
    down, aside = np.zeros_like(light), np.zeros_like(light)
    down[1:-1] = (light[2:] - light[:-2]) / 2
    aside[:, 1:-1] = (light[:, 2:] - light[:, :-2]) / 2
    size = np.hypot(down, aside)
    size[[0, -1]] = 0
    size[:, [0, -1]] = 0
    limit = EDGE
    if np.count_nonzero(size > limit) > VOTERS:
        limit = max(limit, float(np.partition(size.ravel(), -VOTERS)[-VOTERS]))
    y, x = np.nonzero(size > limit)
    own = np.arctan2(down[y, x], aside[y, x]) * (TURNS / (2 * np.pi))
    weight = np.minimum(size[y, x], 4 * EDGE)
    y, x = y - (light.shape[0] - 1) / 2, x - (light.shape[1] - 1) / 2
    reach = float(np.hypot(*light.shape)) / 2
    bins = int(2 * reach / APART) + 3
    turns = np.arange(TURNS) * (2 * np.pi / TURNS)
    cos, sin = np.cos(turns), np.sin(turns)
    votes = np.zeros(TURNS * bins)
    for off in range(-SPREAD, SPREAD + 1):
        turn = (np.rint(own).astype(np.intp) + off) % TURNS
        at = (x * cos[turn] + y * sin[turn] + reach) / APART + 1
        low = at.astype(np.intp)
        part = at - low
        votes += np.bincount(turn * bins + low, weight * (1 - part), TURNS * bins)
        votes += np.bincount(turn * bins + low + 1, weight * part, TURNS * bins)
    votes = votes.reshape(TURNS, bins)
    found = []
    for _ in range(LINES):
        turn, at = np.unravel_index(int(np.argmax(votes)), votes.shape)
        if votes[turn, at] < LEAST_SIDE * EDGE:
            break
        found.append((cos[turn], sin[turn], (at - 1) * APART - reach))
        around = np.arange(turn - NEAR_TURN, turn + NEAR_TURN + 1) % TURNS
        votes[around, max(at - NEAR, 0) : at + NEAR + 1] = 0
    return np.array(found).reshape(-1, 3)


def _quads(lines, edges, shape):
    """Outlines that four lines make, at most one of them an edge of the picture, which come from number `edges` on: corners
    (n, 4, 2), and the numbers of the lines that join each to the next (n, 4)."""
    turns = np.arctan2(lines[:, 1], lines[:, 0])
    lines, order = lines[np.argsort(turns)], np.argsort(turns)
    turns = turns[order]
    four = np.array(list(combinations(range(len(lines)), 4)))
    four = four[(order[four] >= edges).sum(axis=1) <= 1]
    gaps = np.rad2deg(np.diff(turns[four], axis=1, append=turns[four[:, :1]] + 2 * np.pi))
    four = four[((gaps > CORNER[0]) & (gaps < CORNER[1])).all(axis=1)]
    one, other = lines[four], lines[np.roll(four, -1, axis=1)]
    area = one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0]
    x = (one[..., 2] * other[..., 1] - other[..., 2] * one[..., 1]) / area
    y = (one[..., 0] * other[..., 2] - other[..., 0] * one[..., 2]) / area
    ends = np.stack([x, y], axis=-1)  # of each line with the next one
    quads = np.roll(ends, 1, axis=1) + ((shape[1] - 1) / 2, (shape[0] - 1) / 2)
    size = np.array([shape[1], shape[0]])
    inside = ((quads > -REACH * size) & (quads < (1 + REACH) * size)).all(axis=(1, 2))
    quads, four = quads[inside], four[inside]
    following = np.roll(quads, -1, axis=1) - quads
    # Clockwise, so that the bright side of each line is at the right hand: else it is something dark.
    normals = lines[four]
    ahead = following[..., 1] * normals[..., 0] - following[..., 0] * normals[..., 1]
    area = _area(quads) / (shape[0] * shape[1])
    good = (ahead <= -LEAST_SIDE).all(axis=1) & (area >= LEAST_AREA) & (area <= MOST_AREA)
    return quads[good], order[four[good]]


def _area(quads):
    """Of polygons (..., n, 2): px, positive where they go clockwise as seen."""
    x, y = quads[..., 0], quads[..., 1]
    return (x * np.roll(y, -1, axis=-1) - y * np.roll(x, -1, axis=-1)).sum(axis=-1) / 2


class _Shown:
    """How much of a side shows, for all lines at once."""

    def __init__(self, light, lines, edges):
        self.light, self.lines = light, lines
        self.reach = int(np.hypot(*light.shape) / 2) + 2
        along = np.arange(-self.reach, self.reach + 1)
        cos, sin, at = (lines[:, k, None] for k in range(3))
        found = self._steps(at * cos - along * sin, at * sin + along * cos, cos, sin)
        found[0][edges:] = True  # what cuts a sheet shows
        self.steps, self.goes_on, self.on = (np.pad(np.cumsum(each, axis=1), ((0, 0), (1, 0))) for each in found)

    def _steps(self, x, y, cos, sin):
        """At each point from the middle, bool: whether there is a step from dark to bright in the direction cos, sin; whether
        there is one, and the picture goes on BEYOND; whether it is still dark there."""
        offsets = np.arange(-BEYOND[1], INNER[1] + SHIFT + 1)
        middle_y, middle_x = (self.light.shape[0] - 1) / 2, (self.light.shape[1] - 1) / 2
        columns = np.rint(x[..., None] + cos[..., None] * offsets + middle_x).astype(np.intp)
        rows = np.rint(y[..., None] + sin[..., None] * offsets + middle_y).astype(np.intp)
        within = (rows >= 0) & (rows < self.light.shape[0]) & (columns >= 0) & (columns < self.light.shape[1])
        seen = self.light[rows.clip(0, self.light.shape[0] - 1), columns.clip(0, self.light.shape[1] - 1)]
        zero = BEYOND[1]
        found = np.zeros(x.shape, bool)
        for shift in range(-SHIFT, SHIFT + 1):
            inner = seen[..., zero + shift + INNER[0] : zero + shift + INNER[1] + 1].max(axis=-1)
            outer = _mean(seen, within, zero + shift - OUTER[1], zero + shift - OUTER[0])
            sudden = seen[..., zero + shift + INNER[0]] - seen[..., zero + shift - OUTER[0]]
            found |= (inner - outer > STEP) & (sudden > SUDDEN * (inner - outer))
        found &= within[..., zero]
        inner = seen[..., zero + INNER[0] : zero + INNER[1] + 1].max(axis=-1)
        beyond = _mean(seen, within, zero - BEYOND[1], zero - BEYOND[0])
        return found, found & ~np.isnan(beyond), found & (inner - beyond > STEP / 2)

    def of(self, quads, members):
        """Shares 0..1 of the sides that show, and their lengths in px: (n, 4) each."""
        lengths, first, last = self._ends(quads, members)
        return (self.steps[members, last] - self.steps[members, first]) / np.maximum(lengths, 1), lengths

    def on_table(self, quads, members):
        """Shares 0..1 of the outlines that have something dark BEYOND, of what shows and has anything there: (n,); 1 if
        nothing has."""
        _, first, last = self._ends(quads, members)
        some = (self.goes_on[members, last] - self.goes_on[members, first]).sum(axis=1)
        dark = (self.on[members, last] - self.on[members, first]).sum(axis=1)
        return np.where(some > 0, dark / np.maximum(some, 1), 1.0)

    def _ends(self, quads, members):
        """Lengths of sides, px, and their ends along the lines, as indices of the sums: (n, 4) each."""
        cos, sin = self.lines[members, 0], self.lines[members, 1]
        middle = np.array([(self.light.shape[1] - 1) / 2, (self.light.shape[0] - 1) / 2])
        ends = []
        for corners in (quads, np.roll(quads, -1, axis=1)):
            corners = corners - middle
            ends.append(corners[..., 1] * cos - corners[..., 0] * sin)
        first, last = (np.rint(each).astype(np.intp) for each in (np.minimum(*ends), np.maximum(*ends)))
        lengths = last - first
        return lengths, *(np.clip(each + self.reach, 0, self.steps.shape[1] - 1) for each in (first, last))

    def refined(self, corners, real):
        """Corners with each `real` side laid through where the light changes most beside it, float64 (4, 2)."""
        ends = zip(corners, np.roll(corners, -1, axis=0), real)
        fitted = [self._fitted(one, other) if fit else (one, other - one) for one, other, fit in ends]
        refined = corners.copy()
        for k in range(4):
            (one, along), (other, next_along) = fitted[k - 1], fitted[k]
            area = along[0] * next_along[1] - along[1] * next_along[0]
            apart = other - one
            corner = one + along * ((apart[0] * next_along[1] - apart[1] * next_along[0]) / area)
            if np.abs(corner - corners[k]).max() < 4 * SHIFT:
                refined[k] = corner
        return refined

    def _fitted(self, one, other):
        """(a point, a direction): the line through the steepest points beside a side, by least squares, twice, the second
        time without those that lie off it."""
        length = float(np.hypot(*(other - one)))
        along = (other - one) / length
        normal = np.array([-along[1], along[0]])  # inwards
        offsets = np.arange(-2 * SHIFT - 1, 2 * SHIFT + 2)
        t = np.arange(0.04 * length, 0.96 * length)
        points = one + t[:, None, None] * along + offsets[:, None] * normal
        columns = np.rint(points[..., 0]).astype(np.intp).clip(0, self.light.shape[1] - 1)
        rows = np.rint(points[..., 1]).astype(np.intp).clip(0, self.light.shape[0] - 1)
        steps = self.light[rows, columns]
        steps = steps[:, 2:] - steps[:, :-2]
        rises = np.maximum(steps, 0)
        total = rises.sum(axis=1)
        at = rises @ offsets[1:-1] / np.maximum(total, 1e-6)
        weight = np.minimum(total, 1.0) * (total > STEP)
        slope = start = 0.0
        for limit in (np.inf, 1.5):
            own = weight * (np.abs(at - start - slope * t) <= limit)
            if np.count_nonzero(own) < LEAST_SIDE // 2:
                break
            mean_t, mean_at = float(own @ t / own.sum()), float(own @ at / own.sum())
            slope = float(own @ ((t - mean_t) * (at - mean_at)) / (own @ (t - mean_t) ** 2))
            start = mean_at - slope * mean_t
        return one + start * normal, along + slope * normal


def _mean(seen, within, first, last):
    """Mean over offsets first..last of what lies in the picture; NaN, which nothing is less than, if nothing does."""
    part, own = seen[..., first : last + 1], within[..., first : last + 1]
    with np.errstate(invalid="ignore"):
        return (part * own).sum(axis=-1) / own.sum(axis=-1)


def _from_top_left(corners):
    """Clockwise corners from the one at the top left: the side after it is the one that is nearest to level."""
    along = np.roll(corners, -1, axis=0) - corners
    first = int(np.argmax(along[:, 0] / np.hypot(along[:, 0], along[:, 1])))
    return np.roll(corners, -first, axis=0)
