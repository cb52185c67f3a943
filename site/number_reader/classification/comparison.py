"""What the training vectors say of a glyph, before it is put into words."""

from dataclasses import dataclass

from number_reader.labels import DIGITS, MARKS

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


def vouched(trained: "NDArray[np.floating]", near: "NDArray[np.floating]") -> int | None:
    """The label to which something is nearest as it was taught, of closeness before and after `Neighbors.vouch`."""
    label = int(near.argmin())
    return label if near[label] < trained[label] and (label in DIGITS or label in MARKS) else None
