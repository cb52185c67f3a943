"""Leave out vectors that decide nothing: those deep inside their own class, where others stand as near.

After Hart's condensed neighbours (1968) and the review by Wilson and Martinez (2000), but only every other of the
vectors that are far from any other class goes, so that distances to a class stay what they are, nearly: doubt rests
on them. What stays are real items.
"""

import numpy as np

INSIDE = 0.6  # share of the digits that counts as inside; half of these go
ENOUGH = 20_000  # fewer vectors than these are all kept
NEAREST = 5  # of the own class
TOGETHER = 500  # vectors compared at once


def insideness(vectors, labels):
    """How much farther the nearest vector of another label is than the nearest of the own one: float32 (n,).

    vectors: float32 (n, d), labels: (n,), sorted. The mean squared distance to the NEAREST own ones divides.
    """
    starts = np.searchsorted(labels, np.arange(labels.max() + 2))
    squares = (vectors * vectors).sum(axis=1)
    out = np.empty(len(vectors), np.float32)
    for start in range(0, len(vectors), TOGETHER):
        some = slice(start, start + TOGETHER)
        squared = squares[some, None] + squares - 2 * vectors[some] @ vectors.T
        for row, label in enumerate(labels[some]):
            own = squared[row, starts[label] : starts[label + 1]]
            count = min(NEAREST + 1, own.size)  # itself is among them
            near = max(float(np.partition(own, count - 1)[:count].mean()), 1e-9)
            own[:] = np.inf
            out[start + row] = squared[row].min() / near
    return out


def kept(vectors, labels, rng):
    """Which digits to keep: bool (n,). vectors: float32 (n, d), labels: (n,), sorted."""
    out = np.ones(len(vectors), bool)
    if len(vectors) <= ENOUGH:
        return out
    inside = np.argsort(-insideness(vectors, labels), kind="stable")[: int(INSIDE * len(vectors))]
    out[rng.permutation(inside)[: len(inside) // 2]] = False
    return out
