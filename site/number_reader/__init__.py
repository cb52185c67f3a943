"""Reads handwritten numbers from pixels, by k-nearest neighbours. numpy only.

import number_reader
reading = number_reader.load().read(image)
"""

from pathlib import Path

import numpy as np

from number_reader import row
from number_reader.classification.comparison import AT_ONCE, Comparison, compared
from number_reader.classification.features import features
from number_reader.classification.neighbors import Neighbors
from number_reader.classification.normalize import SIDE, glyph
from number_reader.classification.strokes import Strokes
from number_reader.ink.frames import trim
from number_reader.ink.image import ImageError, check, ink_map
from number_reader.labels import DIGITS, MARKS, MODES, NOT_A_DIGIT
from number_reader.lattice.lattice import Lattice
from number_reader.lattice.marks import MarkLattice, limit_of
from number_reader.numbers import Number, numbers
from number_reader.reading import Digit, Neighbor, Reading, Symbol, in_whole_pixels, spaced
from number_reader.segmentation.effort import PageEffort, TooMuch
from number_reader.segmentation.pen import PenPieces, checked
from number_reader.segmentation.pieces import InkPieces
from number_reader.segmentation.recent import Recent, key_of
from number_reader.storage import model as storage  # not "model": that is the package with the file
from number_reader.storage.model import ModelError

TYPE_CHECKING = False  # as typing's own, which the worker would have to import
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from os import PathLike
    from typing import Any, BinaryIO, Self

    from numpy.typing import NDArray

    from number_reader.page.cells import Page

    Glyphs = NDArray[np.uint8]
    Box = tuple[int, int, int, int]

__all__ = ["Digit", "ImageError", "ModelError", "Neighbor", "Number", "Reading", "Recognizer", "Symbol", "load"]

# Where the shipped model is: in the installed package, or beside it in a checkout and for an editable install.
PLACES = (Path(__file__).parent / "model", Path(__file__).parent.parent / "model")


class Recognizer:
    """Reads numbers; get one with `load`, or with `Recognizer.load` from a file of your own."""

    def __init__(self, loaded: storage.Model, strokes: Strokes | None = None) -> None:
        self.embedding, self.calibration = loaded.embedding, loaded.calibration
        self.refuse_above, self.about = loaded.refuse_above, loaded.about
        self.fingerprint = loaded.fingerprint
        self.neighbors = Neighbors(loaded.vectors, loaded.labels)
        self.strokes = strokes  # asked where the pen's are known, if there are any
        self.recent = Recent()  # what is found in it is what would be found anew
        self._room = np.empty((0, 0), np.float32)  # for distances: memory taken anew would cost as much as they

    @classmethod
    def load(cls, source: "str | PathLike[str] | BinaryIO", strokes: bytes | None = None) -> "Self":
        """Load a model file (a path or a binary file object). strokes: the bytes of a pen.bin, which help where the pen's
        strokes are known; None takes the one that comes with the package, b"" none. ModelError, with a reason, on
        anything wrong."""
        model = storage.load(source)
        if strokes is None:
            strokes = next((file.read_bytes() for place in PLACES if (file := place / "pen.bin").is_file()), b"")
        try:
            return cls(model, Strokes(strokes) if strokes else None)
        except ValueError as error:
            raise ModelError(f"The examples of pen strokes can't be used: {error}.") from None

    def read(
        self,
        image: "NDArray[np.uint8]",
        strokes: "Sequence[NDArray[Any]] | None" = None,
        symbols: str = "numbers",
        decimal: str | None = None,
    ) -> Reading:
        """Read a picture.

        image: uint8 (H, W), (H, W, 3) or (H, W, 4); ImageError otherwise. strokes: optional list of (n, 2)
        arrays of x, y in image pixels, one per pen-down in writing order; they tell touching digits apart. They are
        passed over if the picture's ink is not theirs, or if they are more than a pen draws; ImageError if they are no such
        arrays. symbols: which marks are read, one of `labels.MODES`: "digits" none (points, dashes and slashes between
        digits are left out), "numbers" . , - + / : % ( ) $, "sums" = and × too. decimal: "." or ",", the sign before
        decimals where a number can be read two ways; None if nobody knows. ValueError for another mode or sign. Returns a
        Reading, in bounded time and memory whatever the picture shows: what would take longer than `effort` allows is a
        pattern, and reads as nothing. A model without marks reads digits in every mode.
        """
        if symbols not in MODES or decimal not in (None, ".", ","):
            raise ValueError(f'symbols must be one of {", ".join(MODES)}, and decimal "." or "," or None.')
        marks = self._reads_marks(symbols)
        found, place = self.lattices(image, strokes, marks)
        return self._reading(found, place, symbols, decimal, marks)

    def read_lines(
        self, ink: "NDArray[np.floating]", symbols: str, decimal: str | None, effort: PageEffort
    ) -> "Iterator[tuple[int, int, Reading]]":
        """Read an ink map, float32 (h, w), 0 for paper and 1 for full ink, line by line: yields k, n and the Reading of line k
        of n, boxes in pixels of the map. TooMuch where a line, or all of the page, would take longer than `effort` allows."""
        marks = self._reads_marks(symbols)
        found = (pieces := InkPieces(ink, marks, effort)).lines()
        for k, line in enumerate(found):
            effort.begin_line()
            lattice = [self._lattice(pieces, line, marks)]
            yield k + 1, len(found), self._reading(lattice, in_whole_pixels, symbols, decimal, marks)

    def read_page(
        self,
        image: "NDArray[np.uint8]",
        symbols: str = "numbers",
        decimal: str | None = None,
        turn: float | None = None,
    ) -> "Page":
        """Read a photographed page: a Page, rows of cells; `page.page.steps` says more. turn: degrees clockwise that make it
        upright, None to find out; the other arguments are as in `read`."""
        from number_reader.page.page import read_page  # what only pages need is loaded with the first one

        page: Page = read_page(self, image, symbols, decimal, turn)
        return page

    def _reads_marks(self, symbols: str) -> bool:
        """Whether marks compete in a mode: a model may have none."""
        return symbols != "digits" and bool((self.neighbors.labels >= MARKS.start).any())

    def _reading(
        self,
        found: list[Lattice],
        place: "Callable[[Sequence[float]], Box]",
        symbols: str,
        decimal: str | None,
        marks: bool,
    ) -> Reading:
        """The Reading of the Lattices of a picture's lines. place: of their boxes in it."""
        rows = [row.symbols(self, lattice, place, MODES[symbols]) for lattice in found]
        rows_read = [line for line in rows if line]
        written = [spaced(line) if marks else [(symbol.character, symbol.box) for symbol in line] for line in rows_read]
        return Reading(
            "\n".join("".join(character for character, _ in line) for line in written),
            [symbol for line in rows for symbol in line],
            [numbers(line, decimal) for line in written],
        )

    def lattices(
        self, image: "NDArray[np.uint8]", strokes: "Sequence[NDArray[Any]] | None" = None, marks: bool = False
    ) -> "tuple[list[Lattice], Callable[[Sequence[float]], Box]]":
        """The Lattice of each line of a picture, top first, and a function that places their boxes in it. See `read`. marks:
        whether marks are symbols; then each is a MarkLattice."""
        image = check(image)
        strokes = [] if strokes is None else checked(strokes)
        trimmed, top, left = trim(image)
        ink, factor = ink_map(trimmed)

        def place(box: "Sequence[float]") -> "Box":
            ends = np.clip(np.multiply(box, factor), 0, trimmed.shape[:2] * 2)
            return tuple((ends + (top, left, top, left)).tolist())

        for pieces in self._pieces(ink, [(stroke - (left, top)) / factor for stroke in strokes], marks):
            try:
                return [self._lattice(pieces, line, marks) for line in pieces.lines()], place
            except TooMuch:
                continue
        return [], place

    def _lattice(self, pieces: "Any", line: "list[int]", marks: bool) -> Lattice:
        """That of a line of pieces. TooMuch where it would never end."""
        kind = MarkLattice if marks else Lattice
        judge = self._judge_strokes if isinstance(pieces, PenPieces) else self._judge
        return kind(pieces, line, judge, self.refuse_above)

    def _pieces(self, ink: "NDArray[np.floating]", strokes: "list[Any]", marks: bool) -> "Iterator[Any]":
        """The ways in which ink falls into pieces, the best first."""
        drawn = PenPieces(ink, strokes, self.recent)
        if drawn.boxes:
            yield drawn
        yield InkPieces(ink, points=marks)

    def teach(self, glyph: "Glyphs", label: int) -> int:
        """Add a training vector: glyph uint8 (28, 28), label 0..9 or of `labels.MARKS`. Returns the index for `forget`."""
        return self.teach_all(np.asarray(glyph)[None], [label])[0]

    def teach_all(self, glyphs: "Glyphs", labels: "Sequence[int]") -> list[int]:
        """Add many at once: glyphs uint8 (n, 28, 28), n labels 0..9 or of `labels.MARKS`. Returns their indices, a list."""
        if not isinstance(glyphs, np.ndarray) or glyphs.shape[1:] != (SIDE, SIDE) or glyphs.dtype != np.uint8:
            raise ImageError(f"A glyph must be {SIDE}x{SIDE} bytes.")
        try:
            known = [int(label) for label in labels if label in DIGITS or label in MARKS]
            fits = len(known) == len(labels) == len(glyphs)
        except (TypeError, ValueError):  # no list, or one of lists
            fits = False
        if not fits:
            raise ValueError("Each glyph needs a label, a digit from 0 to 9 or a mark.")
        self.recent.clear()
        rows: list[int] = self.neighbors.teach(self.project(np.asarray(glyphs)), known).tolist()
        return rows

    def forget(self, *indices: int) -> None:
        """Take out what `teach` added. KeyError if nothing that was taught has such an index."""
        self.recent.clear()
        self.neighbors.forget(indices)

    def limit_of(self, symbol: Symbol) -> float:
        """The doubt beyond which a Symbol is not what it is most like: a digit or a mark."""
        limit: float = limit_of(symbol.candidates[0][0], self.refuse_above)
        return limit

    @property
    def known(self) -> int:
        """How many examples of digits it knows, with those taught."""
        return int((self.neighbors.labels < NOT_A_DIGIT).sum())

    def project(self, glyphs: "Glyphs") -> "NDArray[np.float32]":
        """uint8 (n, 28, 28) glyphs -> float32 (n, d) vectors in the learned metric."""
        vectors: NDArray[np.float32] = self.embedding(features(glyphs))
        return vectors

    def recognize(self, glyph: "Glyphs") -> Symbol:
        """Classify one glyph, uint8 (28, 28); returns a Symbol whose box is the glyph itself."""
        return row.digit(self, self.compare(glyph[None])[0], (0, 0, SIDE, SIDE))

    def _judge(self, inks: "Sequence[NDArray[np.floating]]") -> list[Comparison]:
        """Compare crops of ink, each float (h, w), with the training vectors."""
        glyphs = [glyph(ink) for ink in inks]
        return self.compare(np.array(glyphs)) if glyphs else []

    def _judge_strokes(self, inks: "Sequence[NDArray[np.floating]]") -> list[Comparison]:
        """As `_judge`, for crops most of which were there when the number had a stroke less."""
        found, new = [], []
        for ink in inks:
            key = key_of("judged", [ink])
            found.append(self.recent.find(key))
            if found[-1] is None:
                new.append((len(found) - 1, key, ink))
        for (i, key, _), judged in zip(new, self._judge([ink for _, _, ink in new])):
            self.recent.keep(key, judged)
            found[i] = judged
        return found

    def compare(self, glyphs: "Glyphs") -> list[Comparison]:
        """A Comparison of each glyph, uint8 (n, 28, 28), with the training vectors."""
        shapes = features(glyphs)
        vectors, seen = self.embedding(shapes), MarkLattice.net.sees(shapes)
        if self._room.shape[1] != len(self.neighbors.vectors):
            self._room = np.empty((AT_ONCE, len(self.neighbors.vectors)), np.float32)
        return compared(glyphs, vectors, seen, self.neighbors, self._room)


def load() -> Recognizer:
    """The Recognizer of the model that comes with the package. ModelError if the model is missing or damaged."""
    for place in PLACES:
        if (file := place / "digits.npz").is_file():
            return Recognizer.load(file)
    raise ModelError(f"The model that comes with number_reader is missing: there is no {PLACES[0] / 'digits.npz'}.")
