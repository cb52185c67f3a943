"""What the training vectors say of a glyph, before it is put into words."""

from dataclasses import dataclass

from number_reader.classification import certainty
from number_reader.classification.neighbors import Neighbors, closeness
from number_reader.labels import DIGITS, MARKS

AT_ONCE = 8  # glyphs compared in one go: more would not fit the processor's caches

TYPE_CHECKING = False  # as typing's own, which the worker would have to import
if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass
class Comparison:
    """What the training vectors say of a glyph, not yet put into words: see `certainty` and `neighbors`."""

    glyph: "NDArray[np.uint8]"
    winner: int
    margin: float
    doubt: float
    shares: "NDArray[np.floating]"
    near: "NDArray[np.floating]"
    voters: "NDArray[np.intp]"
    squared: "NDArray[np.floating]"
    seen: "NDArray[np.floating]"  # by the network, see `Net.sees`
    taught: int | None  # the label of the nearest vector of all, if that was taught
    strokes: int | None = None  # the digit that its strokes are most like, where they were asked


def compared(
    glyphs: "NDArray[np.uint8]",
    vectors: "NDArray[np.float32]",
    seen: "NDArray[np.floating]",
    known: Neighbors,
    room: "NDArray[np.float32]",
) -> list[Comparison]:
    """A Comparison of each glyph with the training vectors.

    glyphs: uint8 (n, 28, 28); vectors: float32 (n, d), theirs in the learned metric; seen: what the network says of them,
    (n, outputs); known: the training vectors; room: float32 (AT_ONCE, training vectors), which distances are written to.
    """
    found = []
    for start in range(0, len(glyphs), AT_ONCE):
        some = vectors[start : start + AT_ONCE]
        squared = known.squared_distances(some, room[: len(some)])
        smallest = known.smallest(squared)
        near = trained = closeness(smallest)
        if len(known.vectors) > known.n_trained:
            known.vouch(near := trained.copy(), squared)
        for k in range(len(squared)):
            shares, voters = known.votes(squared[k], smallest[k])
            winner, (margin, doubt) = certainty.evidence(shares, near[k])
            taught = vouched(trained[k], near[k])
            of_voters = squared[k][voters]
            glyph, sees = glyphs[start + k], seen[start + k]
            found.append(Comparison(glyph, winner, margin, doubt, shares, near[k], voters, of_voters, sees, taught))
    return found


def vouched(trained: "NDArray[np.floating]", near: "NDArray[np.floating]") -> int | None:
    """The label to which something is nearest as it was taught, of closeness before and after `Neighbors.vouch`."""
    label = int(near.argmin())
    return label if near[label] < trained[label] and (label in DIGITS or label in MARKS) else None
