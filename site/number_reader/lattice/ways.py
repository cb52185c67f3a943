"""Ways along a line: the cheapest one, by dynamic programming over the places between pieces (Viterbi 1967)."""

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
