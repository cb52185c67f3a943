"""What a photographed page says: rows of cells."""

from dataclasses import dataclass, field

TYPE_CHECKING = False  # as typing's own, which the worker would have to import
if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from number_reader.numbers import Number
    from number_reader.reading import Symbol

    Box = tuple[int, int, int, int]


@dataclass
class Cell:
    """A cell of a page.

    text: what it says, "?" for what is refused, "" if nothing is in it. numbers: its Numbers. box: (top, left, bottom,
    right) px of the upright page (`Page.picture`), half-open, around what is written in it. confidence: 0..1, that of its
    least sure symbol, 0 where one is refused. digits: its Symbols.
    """

    text: str
    numbers: "list[Number]"
    box: "Box"
    confidence: float
    digits: "list[Symbol]"


@dataclass
class Page:
    """A page: the sheet of a picture, turned upright.

    rows: of Cells, top first; in a table each row has as many, and the empty ones are there. corners: of the sheet in the
    picture, float (4, 2), x and y, outside the picture where it cuts the sheet, or None where the whole picture is it. turn:
    degrees clockwise by which the picture (or sheet) was turned to be upright. left_out: Cells with what seems to be words.
    picture: the upright page, uint8 (H, W), (H, W, 3) or (H, W, 4): boxes are in its pixels.
    """

    rows: list[list[Cell]]
    corners: "NDArray[np.floating] | None" = None
    turn: float = 0.0
    left_out: list[Cell] = field(default_factory=list)
    picture: "NDArray[np.uint8] | None" = None

    @property
    def is_table(self) -> bool:
        """Whether there are several rows, and in each as many cells, more than one."""
        wide = {len(row) for row in self.rows}
        return len(self.rows) > 1 and len(wide) == 1 and wide != {1}

    @property
    def text(self) -> str:
        """Rows joined by newlines, their cells by spaces; in a table by tabs, as spreadsheets take it."""
        return "\n".join(("\t" if self.is_table else " ").join(cell.text for cell in row) for row in self.rows)


@dataclass
class Step:
    """How far the reading of a page has come.

    stage: what begins, "sheet", "turn" or "lines", or where `k` is above 0, that row `k` of `n` was read. cells: the Cells of
    that row; when all are read, some may turn out to be words. picture: as in Page, where "lines" begin.
    """

    stage: str
    k: int = 0
    n: int = 0
    cells: list[Cell] = field(default_factory=list)
    picture: "NDArray[np.uint8] | None" = None


def empty(box: "Box") -> Cell:
    """A cell with nothing in it."""
    return Cell("", [], box, 1.0, [])
