"""Reads a line of digits from the pen's strokes alone: a first guess, made where there is no numpy.

It knows digits and nothing else. What is far from all of them is UNREAD, and so are marks; it never cuts one pen-down into
several digits. One line is read: of what stands in several all is UNREAD.
"""

from math import exp, sqrt
from struct import unpack

from .examples import DIGITS, NEAREST, Examples
from .features import features
from .line import MEASURES, Line

UNREAD = "…"
RATIO = 1.25  # the runner-up's distance over the winner's: below this a digit is unsure
SURE = 0.95  # the chance that a group is one digit: below this it is unsure,
SURE_ONE = 0.99  # likewise for a 1, as slashes and brackets look like it
REACH_ONE = 0.2  # heights that a sure 1 reaches beyond the others at most
LEAST = 0.03  # and below this unread
REACH = MEASURES.index("reach")
MOST = 60  # pen-downs that are looked at: a line of digits has fewer


class PenReader:
    """Made of the file's bytes (see examples.py); behind the examples it has the weights of MEASURES, float32. ValueError if
    they are something else. Before the first reading `unpack` is to be gone through."""

    def __init__(self, data):
        size = 4 * len(MEASURES)
        self.examples = Examples(data[:-size])
        self.weights = unpack(f"<{len(MEASURES)}f", data[-size:])
        self.guess, self.groups = [], []
        self._known = {}

    def unpack(self):
        """Yields between steps of some milliseconds."""
        return self.examples.unpack()

    def read(self, strokes):
        """Yields between steps of some milliseconds; at the end `guess` is [(digit or UNREAD, whether it is sure)], from left
        to right, and `groups` the places in `strokes` of what each is made of. strokes: pen-downs, lists of (x, y) as
        `features` takes them, none empty."""
        if len(strokes) > MOST:
            self.guess, self.groups = [(UNREAD, False)], [list(range(len(strokes)))]
            return
        line, known, chances = Line(strokes), {}, {}
        for run in line.runs:
            inside = line.strokes[run[0] : run[1]]
            key = tuple([(id(stroke), len(stroke)) for stroke in inside])
            if key not in self._known:
                self._known[key] = inside, self.examples.nearest(features(inside))
                yield
            known[key] = self._known[key]
            distances = known[key][1]
            measures = line.measures(run, distances)
            score = sum([w * m for w, m in zip(self.weights, measures)])
            chances[run] = score, distances, measures[REACH]
        self._known = known  # strokes that are gone are forgotten
        runs = best(len(strokes), chances)
        self.guess = [self._said(chances[run]) for run in runs]
        self.groups = [line.order[first:end] for first, end in runs]
        if line.is_several(runs):
            self.guess = [(UNREAD, False)] * len(runs)

    def _said(self, scored):
        score, distances, reach = scored
        digit, ratio = winner(distances[:DIGITS])
        chance = 1 / (1 + exp(-min(max(score, -30), 30)))
        if chance < LEAST:
            return UNREAD, False
        sure = chance >= SURE_ONE and reach <= REACH_ONE if digit == 1 else chance >= SURE
        return str(digit), sure and ratio >= RATIO


def best(count, chances):
    """The runs that part `count` pen-downs with the highest sum of scores, a run's once for each pen-down of it.
    chances: {run: (score, ...)}, with a run for each pen-down alone."""
    ways = [(0.0, [])]
    for end in range(1, count + 1):
        ways.append(
            max(
                [
                    (ways[first][0] + chances[(first, end)][0] * (end - first), ways[first][1] + [(first, end)])
                    for first in range(end)
                    if (first, end) in chances
                ],
                key=lambda way: way[0],
            )
        )
    return ways[count][1]


def winner(nearest):
    """(class, ratio): which class most of the nearest vote for, a vote weighing one over its squared distance; how many
    times as far the nearest of another class is. nearest: of each class squared distances, nearest first."""
    all_of_them = sorted([(squared, k) for k, own in enumerate(nearest) for squared in own])[:NEAREST]
    votes = [0.0] * len(nearest)
    for squared, k in all_of_them:
        votes[k] += 1 / squared
    chosen = votes.index(max(votes))
    other = min([own[0] for k, own in enumerate(nearest) if k != chosen])
    return chosen, sqrt(other / nearest[chosen][0])
