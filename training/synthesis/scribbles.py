"""Scribbles: made-up marks that are no digit, so that a model knows more of those than any data set holds.

Every model learns them beside its data: tangles, coils, zigzags, hatchings and blots, drawn like pen strokes.
"""

import numpy as np

from training.data import splits
from training.data.datasets import PenSet

COUNT = 600
SEED = 11


def tangle(rng):
    """A pen that jumps between random places."""
    return [rng.random((rng.integers(9, 60), 2))]


def coil(rng):
    """Three to eight turns that widen from a point, as no 0 or 6 does, and drift."""
    t = np.linspace(0, rng.uniform(3, 8) * 2 * np.pi, 200)
    radius = np.linspace(rng.uniform(0, 0.2), 1, t.size)
    drift = np.outer(t / t[-1], rng.uniform(-1.5, 1.5, 2))
    return [np.stack([radius * np.cos(t), radius * np.sin(t)], axis=1) + drift]


def zigzag(rng):
    """Five to twelve turns of about the same reach, upright or lying."""
    n = rng.integers(6, 14)
    points = np.stack([np.arange(n) * rng.uniform(0.1, 0.4), np.arange(n) % 2 + rng.normal(0, 0.1, n)], axis=1)
    return [points[:, ::-1] if rng.random() < 0.5 else points]


def hatching(rng):
    """Parallel lines, sometimes crossed by others."""
    strokes = []
    for direction in range(rng.integers(1, 3)):
        for at in np.linspace(0, 1, rng.integers(3, 7)):
            ends = np.array([[at, 0], [at, 1]]) + rng.normal(0, 0.04, (2, 2))
            strokes.append(ends[:, ::-1] if direction else ends)
    return strokes


def blot(rng):
    """A patch filled to and fro."""
    y = np.linspace(0, 1, 30)
    half = np.sqrt(np.maximum(0.25 - (y - 0.5) ** 2, 0.003)) * rng.uniform(0.6, 1.4) + rng.normal(0, 0.02, y.size)
    return [np.stack([half * (-1) ** np.arange(y.size), y], axis=1)]


KINDS = (tangle, coil, zigzag, hatching, blot)


def scribble(rng):
    """Strokes of one scribble, in 0..1 of the longer side: a list of float32 (n, 2) arrays, turned and stretched."""
    strokes = KINDS[rng.integers(len(KINDS))](rng)
    turn = rng.normal(0, 0.3)
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) * rng.uniform(0.6, 1, 2)
    strokes = [stroke @ matrix for stroke in strokes]
    points = np.concatenate(strokes)
    low, size = points.min(axis=0), np.ptp(points, axis=0).max()
    return [((stroke - low) / size).astype(np.float32) for stroke in strokes]


class ScribbleSet(PenSet):
    """COUNT scribbles, the same ones every time; one in five validates, one in five tests."""

    kind = "scribbles"

    def __init__(self):
        super().__init__(None)
        self.name = "scribbles"
        rng = np.random.default_rng(SEED)
        self.strokes = [scribble(rng) for _ in range(COUNT)]
        sides = np.array([splits.TEST, splits.VALIDATION, splits.TRAIN, splits.TRAIN, splits.TRAIN])
        self._settle([""] * COUNT, [""] * COUNT, sides[np.arange(COUNT) % 5])
