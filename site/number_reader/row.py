"""The lattice of a line to its symbols: what is read, how sure that is, and what is refused."""

import numpy as np

from number_reader.classification import certainty
from number_reader.classification.comparison import Comparison
from number_reader.classification.neighbors import K
from number_reader.labels import CHARACTERS, DIGITS, MARKS, NOT_A_DIGIT
from number_reader.lattice.lattice import Lattice
from number_reader.lattice.marks import MarkLattice, mark_doubt
from number_reader.reading import Neighbor, Symbol, without_specks
from number_reader.segmentation.pen import PenPieces

TYPE_CHECKING = False  # as typing's own, which the worker would have to import
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from numpy.typing import NDArray

    Recognizer = Any  # its own module is made of this one
    Box = tuple[int, int, int, int]

# Refused is what is this mark, or a digit and no mark, with less than this chance, or neither with more. Chosen on validation.
CLEAR, NEITHER = 0.6, 0.7


def symbols(
    recognizer: "Recognizer", lattice: Lattice, place: "Callable[[Sequence[float]], Box]", known: str
) -> list[Symbol]:
    """The symbols of a line. place: of the lattice's boxes in the picture. known: the marks that are read."""
    if not isinstance(lattice, MarkLattice):
        return [digit(recognizer, _of(recognizer, lattice, each), place(each.box)) for each in lattice.best()]
    row = []
    for segment, shares in lattice.read():
        box = place(segment.box)
        found = _of(recognizer, lattice, segment)
        deemed = found.winner if segment.label in DIGITS else segment.label
        one = digit(recognizer, found, box)
        neither = shares.pop(NOT_A_DIGIT, 0.0)
        of_digits = max(1 - neither - sum(shares.values()), 0.0)
        sure = [(label, share * of_digits) for label, share in one.candidates] + list(shares.items())
        sure.sort(key=lambda pair: -pair[1])
        label, confidence = sure[0]
        if label in MARKS:
            doubt, neighbors = mark_doubt(segment.digit.near, label), _nearest(recognizer, one.glyph)
            unclear = confidence < CLEAR
        else:
            doubt, neighbors = one.doubt, one.neighbors
            unclear = of_digits < CLEAR * (1 - neither)
        unclear = unclear or neither > NEITHER or deemed not in (label, NOT_A_DIGIT)
        is_read = (
            not unclear and not lattice.is_strange(label, doubt) and (label in DIGITS or CHARACTERS[label] in known)
        )
        row.append(Symbol(label if is_read else None, confidence, sure, box, one.glyph, neighbors, doubt, one.strokes))
    return without_specks(row)


def digit(recognizer: "Recognizer", found: Comparison, box: "Box") -> Symbol:
    """What is found of a glyph, as a digit."""
    sure = certainty.confidence(found.shares, found.near, recognizer.calibration)
    winner = found.winner
    order = [winner] + [int(label) for label in np.argsort(-sure) if label != winner]
    return Symbol(
        label=None if found.doubt > recognizer.refuse_above else winner,
        confidence=float(sure[winner]),
        candidates=[(label, float(sure[label])) for label in order],
        box=box,
        glyph=found.glyph,
        neighbors=_neighbors(recognizer, found.voters, found.squared),
        doubt=float(found.doubt),
        strokes=found.strokes,
    )


def _of(recognizer: "Recognizer", lattice: Lattice, segment: "Any") -> Comparison:
    """What is known of a Segment's pieces: from their glyph and, where that leaves a doubt, from their strokes, too."""
    found: Comparison = segment.digit
    asked, limit = recognizer.strokes, recognizer.refuse_above
    if asked and isinstance(lattice.pieces, PenPieces) and asked.are_asked(found, limit):
        return asked.beside(found, lattice.pieces.strokes(lattice.order[segment.start : segment.end]))
    return found


def _nearest(recognizer: "Recognizer", glyph: "NDArray[np.uint8]") -> list[Neighbor]:
    """The digits and marks nearest to a glyph."""
    known = recognizer.neighbors
    squared = known.squared_distances(recognizer.project(glyph[None]))[0]
    squared[(known.labels >= NOT_A_DIGIT) & (known.labels < MARKS.start)] = np.inf
    nearest = np.argsort(squared, kind="stable")[:K]
    return _neighbors(recognizer, nearest, squared[nearest])


def _neighbors(recognizer: "Recognizer", voters: "NDArray[np.intp]", squared: "NDArray[np.floating]") -> list[Neighbor]:
    known = recognizer.neighbors
    return [
        Neighbor(int(known.labels[i]), float(np.sqrt(far)), int(known.rows[i]), bool(i >= known.n_trained))
        for i, far in zip(voters, squared)
    ]
