"""The pen-downs of a line from left to right, which of them may be one digit together, and what tells of each such run
whether it is one."""

from math import log, sqrt

MOST = 4  # pen-downs of a digit
APART = 0.6  # heights of a digit: pen-downs farther apart than this are never one
LEAST = 1e-6
BEYOND = 0.15
STEEPEST = 2.0  # of what leans: a level line is no slash
ONE_LINE = 0.25  # share of the lower one's height that two digits of a line have in common at least
HALF = 0.5  # of the highest pen-down, or of the line's height: what is lower tells nothing of how high digits are

# What `measures` returns, in this order.
MEASURES = (
    "digit",  # log of the distance to the nearest digits
    "other",  # log of the distance to the nearest parts, pairs and marks
    "small",  # how much lower than the line's digits, as a log
    "large",  # how much higher, likewise
    "gap",  # widest gap inside, in heights of a digit
    "overlap",  # how much of a neighbour lies over it or of it over the neighbour, in shares of the narrower
    "lean",  # of a straight pen-down: how far it leans to the right
    "reach",  # how far it goes beyond the others' tops and bases together, in heights
    "beyond",  # how much farther than BEYOND, of one pen-down
    "shift",  # how far its middle is above or below the others', in heights
    "strokes",  # pen-downs beyond the first
    "one",  # always 1
)


def box(stroke):
    """(left, top, right, bottom) of a pen-down, [(x, y)]."""
    xs, ys = [point[0] for point in stroke], [point[1] for point in stroke]
    return min(xs), min(ys), max(xs), max(ys)


def joined(boxes):
    return (
        min([each[0] for each in boxes]),
        min([each[1] for each in boxes]),
        max([each[2] for each in boxes]),
        max([each[3] for each in boxes]),
    )


class Line:
    """strokes: pen-downs, [(x, y)] with a point at least, in any unit. `order`: their places in `strokes` from left to right,
    by the middles of their boxes. `runs`: (first, end) of `order`, which may be one digit."""

    def __init__(self, strokes):
        boxes = [box(stroke) for stroke in strokes]
        self.order = sorted(range(len(strokes)), key=lambda k: (boxes[k][0] + boxes[k][2], k))
        self.boxes = [boxes[k] for k in self.order]
        self.strokes = [strokes[k] for k in self.order]
        heights = sorted([each[3] - each[1] for each in boxes])
        tall = [height for height in heights if height >= HALF * heights[-1]]
        whole = joined(boxes) if boxes else (0, 0, 0, 0)
        self.height = tall[len(tall) // 2] if tall else 0
        self.height = max(self.height, LEAST * max(whole[2] - whole[0], whole[3] - whole[1]), 1e-30)
        middles = sorted([(each[1] + each[3]) / 2 for each in boxes])
        self.middle = middles[len(middles) // 2] if middles else 0
        tall = [each for each in boxes if each[3] - each[1] >= HALF * self.height]
        self.top, self.base = [sorted([each[k] for each in tall])[len(tall) // 2] if tall else 0 for k in (1, 3)]
        self.runs = []
        for first in range(len(boxes)):
            right = self.boxes[first][2]
            for end in range(first + 1, min(first + MOST, len(boxes)) + 1):
                if self.boxes[end - 1][0] - right > APART * self.height:
                    break
                right = max(right, self.boxes[end - 1][2])
                self.runs.append((first, end))

    def is_several(self, runs):
        """Whether two of the runs, each high enough for a digit, share so little of their height that no line holds both."""
        boxes = [joined(self.boxes[first:end]) for first, end in runs]
        tall = [(top, bottom) for _, top, _, bottom in boxes if bottom - top >= HALF * self.height]
        for top, bottom in tall:
            for other_top, other_bottom in tall:
                least = ONE_LINE * min(bottom - top, other_bottom - other_top)
                if min(bottom, other_bottom) - max(top, other_top) < least:
                    return True
        return False

    def measures(self, run, distances):
        """The numbers of MEASURES for a run. distances: of its features, from `Examples.nearest`."""
        first, end = run
        inside, inside_strokes = self.boxes[first:end], self.strokes[first:end]
        left, top, right, bottom = joined(inside)
        size = log(max(bottom - top, 0.02 * self.height) / self.height)
        gap, reach = 0.0, inside[0][2]
        for each in inside[1:]:
            gap = max(gap, (each[0] - reach) / self.height)
            reach = max(reach, each[2])
        overlap = 0.0
        for k in (first - 1, end):
            if 0 <= k < len(self.boxes):
                other = self.boxes[k]
                shared = min(right, other[2]) - max(left, other[0])
                narrower = max(min(right - left, other[2] - other[0]), 0.05 * self.height)
                overlap = max(overlap, shared / narrower)
        straight, lean = _straight(inside_strokes[0]) if end - first == 1 else (0.0, 0.0)
        reach = (max(self.top - top, 0.0) + max(bottom - self.base, 0.0)) / self.height
        digit = min([each[0] for each in distances[:10]])
        other = min([each[0] for each in distances[10:]])
        return (
            0.5 * log(digit),
            0.5 * log(other),
            max(-size, 0.0),
            max(size, 0.0),
            gap,
            min(overlap, 1.0),
            straight * lean,
            min(reach, 2.0),
            min(max(reach - BEYOND, 0.0), 1.0) if end - first == 1 else 0.0,
            abs((top + bottom) / 2 - self.middle) / self.height,
            end - first - 1.0,
            1.0,
        )


def _straight(stroke):
    """(how straight a pen-down is, 0 to 1; how far its upper end is to the right of the lower, for each one along y)."""
    (x0, y0), (x1, y1) = stroke[0], stroke[-1]
    if y1 < y0:
        x0, y0, x1, y1 = x1, y1, x0, y0
    between = sqrt((x1 - x0) * (x1 - x0) + (y1 - y0) * (y1 - y0))
    length = 0.0
    x, y = stroke[0]
    for u, v in stroke:
        length += sqrt((u - x) * (u - x) + (v - y) * (v - y))
        x, y = u, v
    if not length:
        return 0.0, 0.0
    straight = min(between / length, 1.0)
    return straight * straight * straight * straight, min(max(x0 - x1, 0.0) / max(y1 - y0, LEAST * length), STEEPEST)
