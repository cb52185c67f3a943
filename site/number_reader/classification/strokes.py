"""A second opinion on a digit whose pen strokes are known: asked where its glyph leaves a doubt, of the features of the strokes
themselves, which tell a 6 with a loop of two strokes from a 4, and a flat 2 from an 8.

Two classifiers that err differently, their closeness to each label multiplied (Kittler and others, "On combining
classifiers", 1998). The features and their examples are those of the page's first guess (number_reader/pen/).
"""

from dataclasses import replace

import numpy as np

from number_reader.classification import certainty
from number_reader.labels import NOT_A_DIGIT
from number_reader.pen.examples import Examples
from number_reader.pen.features import features
from number_reader.pen.line import MEASURES

TYPE_CHECKING = False  # as typing's own, which the worker would have to import
if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from number_reader.classification.comparison import Comparison

# Chosen on validation writers; see docs/recognition.md.
WEIGHT = 0.3  # of the strokes' closeness; the glyph's has the rest
UNIT = 0.0018  # squared distance of glyphs for one of strokes: as many of those that are no digit are refused as from glyphs
MARGIN, DOUBT = 0.3, 0.3  # asked if the runner-up is so near, or if the doubt comes so near to the limit
NEAREST = 3  # examples of each label
WEIGHTS = 4 * len(MEASURES)  # bytes at the end of the file that are for lines


class Strokes:
    """Made of the bytes of pen.bin. ValueError if they are something else."""

    def __init__(self, data: bytes) -> None:
        self.examples = Examples(data[:-WEIGHTS])
        for _ in self.examples.unpack():
            pass

    def are_asked(self, compared: "Comparison", limit: float) -> bool:
        """Whether a glyph leaves a doubt. limit: of doubt. Nothing is held against what a person taught."""
        unsure = compared.margin < MARGIN or compared.doubt > limit - DOUBT
        return unsure and compared.taught is None

    def beside(self, compared: "Comparison", strokes: "Sequence[NDArray[np.floating]]") -> "Comparison":
        """The Comparison of a glyph, changed by what the strokes that it was drawn with say, (n, 2) arrays of x and y."""
        nearest = self.examples.nearest(features([stroke.tolist() for stroke in strokes]))
        theirs = UNIT * np.array([sum(some[:NEAREST]) / len(some[:NEAREST]) for some in nearest])
        near = compared.near.copy()
        both = slice(NOT_A_DIGIT + 1)
        near[both] = near[both] ** (1 - WEIGHT) * theirs**WEIGHT
        shares = 1 / near[:NOT_A_DIGIT]
        shares /= shares.sum()
        winner, (margin, doubt) = certainty.evidence(shares, near)
        said = int(theirs[:NOT_A_DIGIT].argmin())
        return replace(compared, near=near, shares=shares, winner=winner, margin=margin, doubt=doubt, strokes=said)
