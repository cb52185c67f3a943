"""Feature vectors -> the learned metric's own space, where distances tell digits apart.

A linear projection of the features, and beside it one layer of small kernels that look at the gradient directions of
neighbouring cells (LeCun et al. 1998 have it in spirit: weights shared by all places), whose answers are projected
too. training/learning/metric.py learns it.
"""

from dataclasses import dataclass

import numpy as np

from number_reader.classification.features import DIRECTIONS, FEATURES, GRID

CELLS = GRID * GRID
AROUND = 9 * DIRECTIONS  # what a kernel sees: the directions of 3x3 cells
MIXED = 1_000  # vectors embedded at once, so that memory stays bounded


def patches(features):
    """What the kernels see of float32 (n, FEATURES): float32 (n * CELLS, AROUND), zero outside the grid.

    A row is 3x3 cells, top left first, each with its directions.
    """
    n = len(features)
    padded = np.zeros((n, GRID + 2, GRID + 2, DIRECTIONS), np.float32)
    cells = features[:, : FEATURES - 2].reshape(n, DIRECTIONS, GRID, GRID)
    padded[:, 1:-1, 1:-1] = cells.transpose(0, 2, 3, 1)
    wide = np.lib.stride_tricks.sliding_window_view(padded.reshape(n, GRID + 2, -1), 3 * DIRECTIONS, axis=2)
    rows = wide[:, :, ::DIRECTIONS]  # (n, GRID + 2, GRID, 3 * DIRECTIONS): three cells side by side
    return np.concatenate([rows[:, y : y + GRID] for y in range(3)], axis=3).reshape(n * CELLS, AROUND)


@dataclass
class Embedding:
    """linear: float32 (FEATURES, d). kernels: float32 (AROUND, c). bias: float32 (c,). mixing: float32
    (CELLS * c, d), cell by cell."""

    linear: np.ndarray
    kernels: np.ndarray
    bias: np.ndarray
    mixing: np.ndarray

    @property
    def dimensions(self):
        return self.linear.shape[1]

    def answers(self, around):
        """What the kernels say to patches (n * CELLS, AROUND), 0 or more: float32 (n, CELLS * c)."""
        said = around @ self.kernels
        said += self.bias
        return np.maximum(said, 0, out=said).reshape(len(around) // CELLS, -1)

    def __call__(self, features):
        """float (n, FEATURES) -> float32 (n, d)."""
        out = np.empty((len(features), self.dimensions), np.float32)
        for start in range(0, len(features), MIXED):
            some = np.asarray(features[start : start + MIXED], np.float32)
            out[start : start + MIXED] = some @ self.linear + self.answers(patches(some)) @ self.mixing
        return out
