"""Ways along a line: the cheapest one, and how likely each segment is over all of them.

Both are dynamic programming over the places between pieces (Viterbi 1967; the forward-backward sums of Rabiner 1989), a way's
probability being in proportion to exp(-cost).
"""

import math

import numpy as np


def cheapest(segments, costs, end):
    """The segments of the cheapest way from 0 to `end`, from left to right. costs: (len(segments),)."""
    best = [(0.0, None)] + [(np.inf, None)] * end
    for k in np.argsort([segment.start for segment in segments], kind="stable").tolist():
        segment = segments[k]
        cost = best[segment.start][0] + costs[k]
        if cost < best[segment.end][0]:
            best[segment.end] = cost, segment
    way, at = [], end
    while at:
        way.append(best[at][1])
        at = way[-1].start
    return way[::-1]


def chances(segments, costs, end):
    """How likely each segment is to be part of the way: a list of floats, 0..1."""
    costs = costs.tolist()
    order = np.argsort([segment.start for segment in segments], kind="stable").tolist()
    ahead, behind = [0.0] + [-math.inf] * end, [-math.inf] * end + [0.0]
    for k in order:
        at, to = segments[k].start, segments[k].end
        ahead[to] = _log_sum(ahead[to], ahead[at] - costs[k])
    for k in reversed(order):
        at, to = segments[k].start, segments[k].end
        behind[at] = _log_sum(behind[at], behind[to] - costs[k])
    return [
        math.exp(min(ahead[segment.start] - cost + behind[segment.end] - ahead[end], 0.0))
        for segment, cost in zip(segments, costs)
    ]


def _log_sum(a, b):
    """log(exp(a) + exp(b)); either may be -inf."""
    low, high = (a, b) if a < b else (b, a)
    return high if low == -math.inf else high + math.log1p(math.exp(low - high))
