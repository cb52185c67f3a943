"""A digit's strokes as 154 numbers: which way its lines run and where, where the pen came down and went up, its shape.

Strokes may come in any order and direction: the numbers are the same. Plain Python that CPython and the page's MicroPython
both run, with the same numbers: what examples are made of in training is what the page compares.
"""

from math import atan2, log, pi, sqrt  # no hypot: MicroPython has none

GRID, DIRECTIONS, ENDS = 6, 4, 3  # cells a side, undirected directions in each; cells a side for the ends of strokes
COUNT = GRID * GRID * DIRECTIONS + ENDS * ENDS + 1
PIECES = 64  # even pieces that all strokes together are cut into, about
SPAN = 5.0  # cells that four standard deviations of the longer side take
LEVEL = 0.04  # of the variance along x that is added to that along y: the slant of a level line is nobody's
MOST_SLANT = 1.0  # along x for each one along y
NARROWEST, NARROWING = 0.1, 0.7  # widths below this share of the height count as it; the power that evens widths out
END_WEIGHT, SHAPE_WEIGHT = 0.5, 0.15  # against the directions, which together have length 1
MOST_SHAPE = 1.5  # of half the logarithm of width over height, squared


def features(strokes):
    """The 154 numbers of one digit: 6 x 6 x 4 line directions (row by row; level, falling, upright, rising: y points down),
    3 x 3 ends of strokes, and how wide it is.

    strokes: lists of (x, y), one for each pen-down, y down, in any unit, |x| and |y| below 1e100 and no NaN. A stroke of one
    point, or of one place, is a dot: it has ends alone. Without a point all are 0. Slant, width and size are taken out by
    moments, length being mass.
    """
    points, size = _unit([stroke for stroke in strokes if len(stroke)])
    found = [0.0] * COUNT
    if not points:
        return found
    x0, y0, slant, across, down, shape = _frame(_pieces(points, size), points)
    placed = []
    for stroke in points:
        placed.append([((x - x0 - slant * (y - y0)) * across, (y - y0) * down) for x, y in stroke])
    _directions(found, placed)
    _ends(found, placed)
    found[-1] = SHAPE_WEIGHT * shape
    return found


def _unit(strokes):
    """(strokes cut into even pieces with the longer side of their box as unit, their length together)."""
    if not strokes:
        return [], 0.0
    xs = [point[0] for stroke in strokes for point in stroke]
    ys = [point[1] for stroke in strokes for point in stroke]
    left, top = min(xs), min(ys)
    side = max(max(xs) - left, max(ys) - top) or 1.0
    moved = [[((point[0] - left) / side, (point[1] - top) / side) for point in stroke] for stroke in strokes]
    lengths = [_lengths(stroke) for stroke in moved]
    whole = sum([sum(each) for each in lengths])
    return [_even(stroke, each, whole / PIECES) for stroke, each in zip(moved, lengths)], whole


def _lengths(stroke):
    lengths = []
    x0, y0 = stroke[0]
    for x, y in stroke:
        lengths.append(sqrt((x - x0) * (x - x0) + (y - y0) * (y - y0)))
        x0, y0 = x, y
    return lengths


def _even(stroke, lengths, step):
    """Points along a stroke about `step` apart, its ends among them; the first alone if it has no length."""
    whole = sum(lengths)
    if not whole:
        return stroke[:1]
    count = max(1, int(whole / step + 0.5))
    gap = whole / count
    even = [stroke[0]]
    passed, wanted = 0.0, gap
    for k in range(1, len(stroke)):
        length = lengths[k]
        if not length:
            continue
        (x0, y0), (x, y) = stroke[k - 1], stroke[k]
        while wanted <= passed + length and len(even) < count:
            share = (wanted - passed) / length
            even.append((x0 + share * (x - x0), y0 + share * (y - y0)))
            wanted += gap
        passed += length
    even.append(stroke[-1])
    return even


def _pieces(points, whole):
    """(x, y, length) of the middle of each piece; of each dot, as a piece of length 1, where nothing has any length."""
    pieces = []
    for stroke in points:
        x0, y0 = stroke[0]
        if not whole:
            pieces.append((x0, y0, 1.0))
        for x, y in stroke[1:]:
            pieces.append(((x0 + x) / 2, (y0 + y) / 2, sqrt((x - x0) * (x - x0) + (y - y0) * (y - y0))))
            x0, y0 = x, y
    return pieces


def _frame(pieces, points):
    """(centre x, centre y, slant, cells for each unit across and down, half the logarithm of its variances' ratio)."""
    mass = sum([piece[2] for piece in pieces])
    if not mass:  # every piece came back to where it began
        pieces, mass = [(x, y, 1.0) for stroke in points for x, y in stroke], sum([len(stroke) for stroke in points])
    x0 = sum([x * m for x, y, m in pieces]) / mass
    y0 = sum([y * m for x, y, m in pieces]) / mass
    xx, xy, yy = 1e-9, 0.0, 1e-9
    for x, y, m in pieces:
        x, y = x - x0, y - y0
        xx += x * x * m / mass
        xy += x * y * m / mass
        yy += y * y * m / mass
    slant = min(max(xy / (yy + LEVEL * xx), -MOST_SLANT), MOST_SLANT)
    wide = sqrt(max(xx - 2 * slant * xy + slant * slant * yy, 1e-9))
    high = sqrt(yy)
    scale = SPAN / (4 * max(wide, high))
    evened = max(min(wide, high) / max(wide, high), NARROWEST) ** (NARROWING - 1)
    shape = min(max(log(wide / high), -MOST_SHAPE), MOST_SHAPE)
    return x0, y0, slant, scale * (evened if wide < high else 1), scale * (1 if wide < high else evened), shape


def _directions(found, placed):
    """Adds each piece's length to the four cells around its middle and the two directions beside its own."""
    total = 0.0
    last = GRID - 1
    for stroke in placed:
        x0, y0 = stroke[0]
        for x, y in stroke[1:]:
            length = sqrt((x - x0) * (x - x0) + (y - y0) * (y - y0))
            towards = atan2(y - y0, x - x0) * (DIRECTIONS / pi) + DIRECTIONS
            first = int(towards)
            towards -= first
            first %= DIRECTIONS
            second = (first + 1) % DIRECTIONS
            column = min(max((x0 + x) / 2 + last / 2, 0.0), last)
            row = min(max((y0 + y) / 2 + last / 2, 0.0), last)
            i, j = min(int(row), last - 1), min(int(column), last - 1)
            row -= i
            column -= j
            at = (i * GRID + j) * DIRECTIONS
            for cell, share in (
                (at, (1 - row) * (1 - column)),
                (at + DIRECTIONS, (1 - row) * column),
                (at + GRID * DIRECTIONS, row * (1 - column)),
                (at + GRID * DIRECTIONS + DIRECTIONS, row * column),
            ):
                share *= length
                found[cell + first] += share * (1 - towards)
                found[cell + second] += share * towards
            total += length
            x0, y0 = x, y
    if total:
        total = sqrt(total)
        for k in range(GRID * GRID * DIRECTIONS):  # roots of shares: together they have length 1
            found[k] = sqrt(found[k]) / total


def _ends(found, placed):
    """Adds both ends of each stroke to the four cells around them."""
    last = ENDS - 1
    base = GRID * GRID * DIRECTIONS
    narrow = last / (GRID - 1)
    for stroke in placed:
        for x, y in (stroke[0], stroke[-1]):
            column = min(max(x * narrow + last / 2, 0.0), last)
            row = min(max(y * narrow + last / 2, 0.0), last)
            i, j = min(int(row), last - 1), min(int(column), last - 1)
            row -= i
            column -= j
            at = base + i * ENDS + j
            found[at] += (1 - row) * (1 - column)
            found[at + 1] += (1 - row) * column
            found[at + ENDS] += row * (1 - column)
            found[at + ENDS + 1] += row * column
    for k in range(base, base + ENDS * ENDS):
        found[k] = END_WEIGHT * min(found[k], 2.0) / 2
