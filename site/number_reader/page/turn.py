"""Turns a page upright: the axis of its writing from projection profiles (Postl 1986), the way up from the neighbours.

Of a page, a sample of components is compared in each way. The way whose glyphs the neighbours believe most wins, if it wins
clearly; else the page is at most set straight: 0, 1 and 8 say nothing, and 6 and 9 say the opposite with as good a
conscience. A small sample is asked again by reading rows in each way. Of a few marks there are too few to compare one by one,
and some are joined: they are read, as lines of digits, in each way (`few`).
"""

import numpy as np

from number_reader.classification.normalize import glyph
from number_reader.ink.image import WORKING_SIDE, grey
from number_reader.ink.median import median
from number_reader.page.few import LIKELY, RIGHT, Marks, around, marks_of, turn_of_few, within
from number_reader.page.rotation import rotated
from number_reader.page.rows import MAJOR, rows_of

SAMPLE = 72  # components that are read in each way
FEW_MARKS = 12  # up to so many are read whole, in each way
FEWEST = 2  # components below which nothing is turned
SLENDER = 2.6  # times as long as broad: a 1, a dash, a line: it says nothing
LEAST_DOUBT, MOST_DOUBT = -1.5, 1.5  # of the limit of doubt: beyond these all is alike
# By how much doubt must fall in the mean, in all, and in standard errors of the mean, where there are more than FEW;
BETTER, IN_ALL, DEVIATIONS = 0.35, 2.0, 2.5
MANY, OF_MANY, DEVIATIONS_OF_MANY = 40, 0.15, 3.0  # of so many, less in the mean, but more surely.
FEW = 6
WORSE = 0.25  # by so much more doubt no page is set straight
ROWS, LONGEST = 4, 8  # rows that are read, where that is not clear, and marks of each
ROWS_BETTER, ODD = 4.0, 2.0  # by how much less they must cost in the best way, and what each may cost in any
STEP, FINE = 2.0, 0.25  # degrees between angles that are tried, first and last
STRAIGHT = 3.0  # degrees of skew that are left alone
PEAK = 1.25  # how much sharper the profile must be along the axis than as the page lies
POINTS = 6000  # pixels of ink that make the profile


def find_turn(recognizer, ink, labels, boxes, kept, usual):
    """By how many degrees clockwise a page must be turned to be upright, -180..180; 0.0 where that is not clear.

    ink: float32 (h, w); labels, boxes: its components, int (h, w) and (n, 4); kept: numbers of those that may be writing;
    usual: their height, px.
    """
    marks, size = marks_of(boxes, ink.shape)
    if not marks:
        return 0.0
    if len(marks) <= FEW_MARKS:
        return turn_of_few(recognizer, ink, labels, boxes, marks, size)
    return _turn_of_many(recognizer, ink, labels, boxes, kept, usual)


def _turn_of_many(recognizer, ink, labels, boxes, kept, usual):
    """The same where a sample of components tells, or else some of their rows, which are read."""
    large = [i for i in kept if max(boxes[i][2] - boxes[i][0], boxes[i][3] - boxes[i][1]) >= MAJOR * usual]
    crops = _sample(ink, labels, boxes, large)
    if len(crops) < FEWEST:
        return 0.0
    skew = _skew(labels, large)
    ways = [within(skew + right) for right in RIGHT]
    doubts = {way: _doubts(recognizer, crops, way) for way in ways}
    best = min(ways, key=lambda way: float(doubts[way].mean()))
    if best == skew:  # at most set straight
        return 0.0 if skew and float((_doubts(recognizer, crops, 0.0) - doubts[skew]).mean()) < -WORSE else skew
    if all(_clear(doubts[way] - doubts[best]) for way in ways if way != best):
        return best
    return best if len(crops) < MANY and _by_rows(recognizer, ink, labels, boxes, large, ways, best) else 0.0


def _by_rows(recognizer, ink, labels, boxes, large, ways, best):
    """Whether some rows of components read clearly better in one way, `best`, than in all others. ways: degrees clockwise."""
    size = float(median((boxes[large, 2:] - boxes[large, :2]).max(axis=1)))
    y, x = ((boxes[large, :2] + boxes[large, 2:]) / 2).T
    angle = np.deg2rad(best)
    middles = np.stack([y * np.cos(angle) + x * np.sin(angle), x * np.cos(angle) - y * np.sin(angle)], axis=1)
    lying = np.concatenate([middles - size / 2, middles + size / 2], axis=1).tolist()
    rows = [row for row in rows_of([tuple(box) for box in lying], size) if len(row) >= FEWEST]
    costs, digits = dict.fromkeys(ways, 0.0), 0
    for row in rows[:: max(1, -(-len(rows) // ROWS))]:
        own = [large[k] for k in row[:LONGEST]]
        marks = Marks(recognizer, around(ink, labels, boxes, own, size), size, len(own))
        digits += marks.read(best).digits
        for way in ways:
            costs[way] += min(marks.cost(way), ODD)
    least = costs.pop(best)
    return bool(least <= LIKELY * digits and min(costs.values()) >= least + ROWS_BETTER)


def turned(image, degrees):
    """A picture turned clockwise: uint8. By multiples of 90 degrees nothing is lost; by others it becomes grey (H, W), at
    most WORKING_SIDE px before it is turned, resampled bilinearly, its edge repeated around it."""
    if degrees % 90 == 0:
        return np.rot90(image, -round(degrees / 90))
    factor = max(1, -(-max(image.shape[:2]) // WORKING_SIDE))
    if factor > min(image.shape[:2]):
        return image
    return np.rint(rotated(grey(image, factor), degrees) * 255).astype(np.uint8)


def _clear(falls):
    """Whether doubts fall clearly: float (n,), by how much each does."""
    mean = float(falls.mean())
    error = float(falls.std()) / max(len(falls) - 1, 1) ** 0.5
    if len(falls) >= MANY and mean >= OF_MANY and mean >= DEVIATIONS_OF_MANY * error:
        return True
    return mean >= BETTER and falls.sum() >= IN_ALL and (len(falls) <= FEW or mean >= DEVIATIONS * error)


def _sample(ink, labels, boxes, large):
    """Crops of components that say something, spread over the page."""
    telling = []
    for i in large:
        high, wide = boxes[i][2] - boxes[i][0], boxes[i][3] - boxes[i][1]
        if max(high, wide) < SLENDER * min(high, wide):
            telling.append(i)
    step = max(1, -(-len(telling) // SAMPLE))
    crops = []
    for i in telling[::step]:
        top, left, bottom, right = boxes[i]
        own = labels[top:bottom, left:right] == i + 1
        crops.append(np.where(own, ink[top:bottom, left:right], np.float32(0)))
    return crops


def _doubts(recognizer, crops, degrees):
    """Doubt of each crop turned so, less the limit, float (n,)."""
    if degrees % 90 == 0:
        crops = [np.rot90(crop, -round(degrees / 90)) for crop in crops]
    else:
        crops = [rotated(crop, degrees, "zero") for crop in crops]
    glyphs = np.array([glyph(crop) for crop in crops])
    doubts = np.array([each.doubt for each in recognizer.compare(glyphs)]) - recognizer.refuse_above
    return np.clip(doubts, LEAST_DOUBT, MOST_DOUBT)


def _skew(labels, large):
    """The angle, degrees clockwise in -45..45, that makes the axis of writing level or upright; 0.0 if it is that
    already, or if no angle has a clearly sharper profile."""
    wanted = np.zeros(int(labels.max()) + 1, bool)
    wanted[np.add(large, 1)] = True
    y, x = np.nonzero(wanted[labels])
    step = max(1, len(y) // POINTS)
    y, x = y[::step] - y.mean(), x[::step] - x.mean()
    angles = np.arange(-90, 90, STEP)
    scores = [_sharpness(y, x, angle) for angle in angles]
    best = angles[int(np.argmax(scores))]
    fine = np.arange(best - STEP, best + STEP + FINE, FINE)
    best = float(fine[int(np.argmax([_sharpness(y, x, angle) for angle in fine]))])
    level = within(best) % 90
    skew = level - 90 if level > 45 else level
    asis = max(_sharpness(y, x, 0), _sharpness(y, x, 90))
    return skew if abs(skew) > STRAIGHT and max(scores) > PEAK * asis else 0.0


def _sharpness(y, x, degrees):
    """How unevenly ink is spread over the rows of a page turned clockwise so."""
    angle = np.deg2rad(degrees)
    heights = y * np.cos(angle) + x * np.sin(angle)
    width = max(2.0, float(np.ptp(y) + np.ptp(x)) / 200)
    counts = np.bincount(((heights - heights.min()) / width).astype(np.intp)).astype(float)
    return float(np.square(counts).sum()) / len(y) ** 2
