"""What a picture says: symbols, each with its candidates, its box and its neighbours, and the numbers that they make."""

from dataclasses import dataclass

from number_reader.labels import CHARACTERS, MARKS, REFUSED
from number_reader.numbers import Number

TYPE_CHECKING = False  # as typing's own, which the worker would have to import
if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    Glyphs = NDArray[np.uint8]
    Box = tuple[int, int, int, int]

NARROWEST = 0.66  # of its height: a digit counts as no narrower where gaps are held against it
FAR, SMALL = 3.0, 0.35  # digits and heights of one: what is as far from all others, and smaller, is no part of a number
USUAL = 0.35  # widths of a digit: the gap that most people leave, counted in where a line says little of its own


@dataclass
class Neighbor:
    """A training vector near a glyph: its label, its distance, its row, and whether it was taught."""

    label: int
    distance: float
    index: int
    taught: bool


@dataclass
class Symbol:
    """A digit or a mark that was read.

    label: 0..9, one of `labels.MARKS`, or None if it is refused. confidence: 0..1, that of the best label. candidates:
    (label, confidence), best first, of all ten digits and of the marks that it could be; what they leave of 1 is the
    chance that it is neither. box: (top, left, bottom, right) px of the picture, half-open. glyph: uint8 (28, 28), 255 for
    ink. neighbors: the examples that voted, nearest first. doubt: refused where it exceeds the model's limit. strokes: the
    digit that its pen strokes are most like, where they were asked beside the glyph.
    """

    label: int | None
    confidence: float
    candidates: list[tuple[int, float]]
    box: "Box"
    glyph: "Glyphs"
    neighbors: list[Neighbor]
    doubt: float
    strokes: int | None = None

    @property
    def character(self) -> str:
        """What it reads: a digit, a mark, or "?" if it is refused."""
        return REFUSED if self.label is None else CHARACTERS[self.label]

    @property
    def is_mark(self) -> bool:
        """Whether it is a mark or, where it is refused, most like one."""
        return bool(self.candidates) and self.candidates[0][0] in MARKS


Digit = Symbol  # what it was called when there were digits only


@dataclass
class Reading:
    """What a picture says.

    text: lines joined by newlines, "?" for what is refused, a space where there is room for a digit (`spaced`); "" for
    blank. symbols: what `text` is made of, spaces and newlines aside. numbers: for each line its Numbers.
    """

    text: str
    symbols: list[Symbol]
    numbers: list[list[Number]]

    @property
    def digits(self) -> list[Symbol]:
        """The digits alone, with what is refused and is most like one."""
        return [symbol for symbol in self.symbols if not symbol.is_mark]

    @property
    def marks(self) -> list[Symbol]:
        """The marks alone, with what is refused and is most like one."""
        return [symbol for symbol in self.symbols if symbol.is_mark]


def without_specks(row: list[Symbol]) -> list[Symbol]:
    """The symbols of a line less those that say nothing: points that stand a digit or more from all others; and marks and what
    is refused, if they are small and stand FAR digits from all that is not, as rests of ruled lines and stains do."""
    gaps, least = _gaps(row)
    high = max((symbol.box[2] - symbol.box[0] for symbol in _digits(row)), default=0)
    large = [symbol.box for symbol in row if not _is_small(symbol, high)]
    kept = []
    for symbol, before, after in zip(row, gaps, [*gaps[1:], float("inf")]):
        apart = min((max(box[1] - symbol.box[3], symbol.box[1] - box[3]) for box in large), default=0)
        is_rest = apart >= FAR * least and _is_small(symbol, high)
        if not is_rest and (symbol.character != "." or min(before, after) < least):
            kept.append(symbol)
    return kept


def _is_small(symbol: Symbol, high: int) -> bool:
    top, left, bottom, right = symbol.box
    is_digit = symbol.label is not None and not symbol.is_mark
    return not is_digit and max(bottom - top, right - left) < SMALL * high


def in_whole_pixels(box: "Sequence[float]") -> "Box":
    top, left, bottom, right = box
    return int(top), int(left), int(bottom), int(right)


def spaced(row: list[Symbol]) -> "list[tuple[str, Box | None]]":
    """The characters of a line with their boxes, and (" ", None) where a gap has room for one more digit, with the gap that is
    usual in this line: some people write all their digits far apart."""
    gaps, least = _gaps(row)
    own = sorted([*gaps[1:], USUAL * least])
    room = least + max(own[(len(own) - 1) // 2], 0)
    written: list[tuple[str, Box | None]] = []
    for symbol, gap in zip(row, gaps):
        if written and float("inf") > gap >= room:
            written.append((" ", None))
        written.append((symbol.character, symbol.box))
    return written


def _digits(row: list[Symbol]) -> list[Symbol]:
    """The digits of a line that are read or, if none is, those that are refused."""
    digits = [symbol for symbol in row if not symbol.is_mark]
    return [symbol for symbol in digits if symbol.label is not None] or digits


def _gaps(row: list[Symbol]) -> tuple[list[float], float]:
    """The gap before each symbol of a line, px, and how wide a digit is, infinite where there is none. A digit that is
    narrower, a 1, counts as so wide, around its middle: it may stand in a place of its own. Before the first there is a gap."""
    digits = [symbol.box for symbol in _digits(row)]
    if not digits:
        return [float("inf")] * len(row), float("inf")
    widths, heights = sorted(box[3] - box[1] for box in digits), sorted(box[2] - box[0] for box in digits)
    least = max(widths[len(widths) // 2], NARROWEST * heights[len(heights) // 2])
    gaps, right = [], float("-inf")
    for symbol in row:
        spare = 0 if symbol.is_mark else max(least - (symbol.box[3] - symbol.box[1]), 0) / 2
        gaps.append(symbol.box[1] - spare - right)
        right = max(right, symbol.box[3] + spare)
    return gaps, least
