"""Pieces and comparisons that the tests of the lattices make up."""

from dataclasses import dataclass, field

import numpy as np
from hypothesis import strategies as st

from number_reader.labels import LABELS
from number_reader.lattice.net import HIDDEN
from number_reader.segmentation.segment import hull

LIMIT = 0.4  # of doubt


@dataclass
class Judged:
    """What a lattice looks at of a digit."""

    near: np.ndarray = field(default_factory=lambda: np.ones(LABELS))
    doubt: float = LIMIT - 2
    margin: float = 1.0
    winner: int = 1
    glyph: np.ndarray = field(default_factory=lambda: np.eye(28, dtype=np.uint8) * 255)
    seen: np.ndarray = field(default_factory=lambda: np.zeros(HIDDEN, np.float32))
    taught: object = None


class Boxes:
    """Pieces of nothing but boxes, none of which can be cut. cuts: those that were to be. patches: which patch of ink each is
    part of, its own where that is not said."""

    def __init__(self, boxes, patches=None):
        self.boxes, self.cuts, self.patches = list(boxes), [], patches

    def ink(self, numbers):
        top, left, bottom, right = box = hull([self.boxes[i] for i in numbers])
        return box, np.ones((bottom - top, right - left), np.float32)

    def late(self, numbers):
        return 0

    def touching(self, numbers):
        return [self.patches[i] for i in numbers] if self.patches else list(numbers)

    def cut(self, number, most):
        self.cuts.append(number)
        return [number], []


def lists_of_boxes(least_height, least_width, most):
    """A Hypothesis strategy: one to `most` boxes, somewhere beside and over each other."""
    return st.lists(
        st.builds(
            lambda top, left, height, width: (top, left, top + height, left + width),
            *(st.integers(0, 40), st.integers(0, 200), st.integers(least_height, 60), st.integers(least_width, 60)),
        ),
        min_size=1,
        max_size=most,
    )
