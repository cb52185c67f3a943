"""Where something stands on its line, how large it is and how far it leans, held against the digits beside it."""

import math
from collections import namedtuple

import numpy as np

from number_reader.classification.features import moments
from number_reader.lattice.measures import size, within

TALL = 0.45  # share of the line's height above which a piece says where digits stand
BESIDE = 1.6  # heights of the line: how far such pieces are looked for


Place = namedtuple("Place", "high wide middle lean")
Place.__doc__ = """high, wide: log of height and width in heights of the digits beside it. middle: how far its middle is below
theirs, in heights. lean: how much farther it leans to the left than is usual in its line, a slope."""


class Places:
    """The tall pieces of a line, and what stands where beside them.

    whole: {number: box} of the line's pieces before any is cut. height: of the line, px. usual: {number: how far a piece
    leans}, of those that are not cut.
    """

    def __init__(self, whole, height, usual):
        self.tall = [i for i, box in whole.items() if size(box)[0] >= TALL * height]
        self._numbers = np.array(self.tall, int)
        self._boxes = np.array([whole[i] for i in self.tall], int).reshape(-1, 4)
        self._height, self._usual = height, usual

    def of(self, box, own, lean=0.0):
        """The Place of a box of pieces with the numbers `own` that leans so far; None where no digit is beside it."""
        others = self._boxes[(self._numbers[:, None] != own).all(axis=1)]
        if not len(others):
            return None
        apart = np.maximum(others[:, 1] - box[3], box[1] - others[:, 3])
        near = others[apart < BESIDE * self._height]
        tops, bottoms = np.sort((near if len(near) else others)[:, ::2], axis=0).T.tolist()
        top, bottom = tops[len(tops) // 2], bottoms[(len(bottoms) - 1) // 2]
        unit = max(bottom - top, 1)
        high, wide = size(box)
        leans = sorted(self._usual[i] for i in self.tall if i in self._usual and i not in own)
        return Place(
            math.log(max(high / unit, 0.02)),
            math.log(max(wide / unit, 0.02)),
            within(((box[0] + box[2]) - (top + bottom)) / (2 * unit), -1.5, 1.5),
            within(lean - leans[len(leans) // 2], -1.5, 1.5) if leans else 0.0,
        )


def leans(glyphs):
    """How far glyphs, uint8 (n, 28, 28), lean: the slant of `features.deskew`, a list of floats."""
    if not len(glyphs):
        return []
    _, _, mu_yy, _, mu_xy = moments(glyphs.astype(np.float32))
    return np.clip(mu_xy / mu_yy, -1.5, 1.5).tolist()
