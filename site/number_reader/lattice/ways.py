"""Ways along a line: the cheapest one, by dynamic programming over the places between pieces (Viterbi 1967)."""

import numpy as np


def cheapest(segments, costs, end, kinds=None, steps=None):
    """The segments of the cheapest way from 0 to `end`, from left to right.

    costs: (len(segments),). kinds: of each segment, a number below n, or None for what is left out and changes nothing; steps:
    float (n + 1, n + 1), what it costs that a kind follows another; row n is the beginning, column n the end. Without kinds no
    order costs anything.
    """
    if kinds is None:
        kinds, steps = [0] * len(segments), np.zeros((2, 2), np.float32)
    n = len(steps) - 1
    starting = {}
    for k, segment in enumerate(segments):
        starting.setdefault(segment.start, []).append(k)
    best = np.full((end + 1, n + 1), np.inf)  # by the kind that came last, n for none yet
    best[0, n] = 0
    came = {}  # (place, kind): (segment, kind before it)
    for place in range(end):
        onward = best[place][:, None] + steps
        before = onward.argmin(axis=0).tolist()
        onward = onward.min(axis=0).tolist()
        for k in starting.get(place, ()):
            to, kind = segments[k].end, kinds[k]
            if kind is None:
                for last in np.flatnonzero(best[place] + costs[k] < best[to]).tolist():
                    best[to, last] = best[place, last] + costs[k]
                    came[to, last] = k, last
            elif onward[kind] + costs[k] < best[to, kind]:
                best[to, kind] = onward[kind] + costs[k]
                came[to, kind] = k, before[kind]
    way, place, kind = [], end, int((best[end] + steps[:, n]).argmin())
    while place:
        k, kind = came[place, kind]
        way.append(segments[k])
        place = segments[k].start
    return way[::-1]
