"""Reads a photographed page: sheet, turn, rulings, rows and columns, cells. See `steps`."""

import numpy as np

from number_reader.ink.image import INK_LEVEL, check, page_ink
from number_reader.ink.median import median
from number_reader.labels import MODES, REFUSED
from number_reader.page.cells import Page, Step
from number_reader.page.grid import parted, without_lines
from number_reader.page.reading import CellReader
from number_reader.page.rows import MAJOR, rows_of, usual_height, writing
from number_reader.page.table import in_columns, table, without_words
from number_reader.page.turn import find_turn, turned
from number_reader.segmentation.components import label_components
from number_reader.segmentation.effort import PageEffort, TooMuch
from number_reader.segmentation.segment import MAX_MARKS
from number_reader.sheet.sheet import find_sheet

MOST_CELLS = 700  # more are a pattern
PLAIN = 0.8  # of MAX_MARKS: as many marks are read as `read` does
MIN_SIDE, SEVERAL = 200, 2  # px; smaller pictures are read as one, unless so many marks stand on a line across them
WRITTEN, FITS = 0.3, 1.05  # of a cell's height: what is lower says nothing; what is usually higher stands in no cells
CLEAN = 0.1  # share of refused symbols up to which a reading of the whole picture is taken
SPILL = 1.6  # cells that a component may be high or wide, as one that hangs together with the grid is


def whole(image):
    """The sheet of a picture that is all sheet: (picture, None). What finds sheets has the same form: it returns the
    flattened sheet, uint8, and its corners."""
    return image, None


def read_page(recognizer, image, symbols="numbers", decimal=None, turn=None, sheet=find_sheet):
    """The Page that the last of `steps` is."""
    *_, page = steps(recognizer, image, symbols, decimal, turn, sheet)
    return page


def steps(recognizer, image, symbols="numbers", decimal=None, turn=None, sheet=find_sheet):
    """Read a photographed page, step by step: whoever asks may stop between two, or do something else.

    recognizer: a Recognizer. image: uint8 (H, W), (H, W, 3) or (H, W, 4); ImageError otherwise. symbols, decimal: as in
    `Recognizer.read`; ValueError for others. turn: degrees clockwise that make it upright, None to find out. sheet: function
    from a picture to (flattened sheet, corners or None), `whole` for pictures that are known to be all sheet. Yields Steps,
    and last of all the Page, in bounded time and memory whatever the picture shows.
    """
    if symbols not in MODES or decimal not in (None, ".", ","):
        raise ValueError(f'symbols must be one of {", ".join(MODES)}, and decimal "." or "," or None.')
    image = check(image)
    yield Step("sheet")
    flat, corners = sheet(image)
    yield Step("turn")
    seen = None
    if turn is None:
        seen = Seen(flat)
        high, wide = seen.ink.shape
        if seen.is_textured and wide > high:  # a field cut from a cheque: what is left of a pattern would turn it
            turn = 0.0
        else:
            turn = find_turn(recognizer, seen.ink, seen.labels, seen.boxes, seen.kept, seen.usual)
    if turn:
        flat, seen = turned(flat, turn), None
    yield Step("lines", picture=flat)
    rows, left_out = yield from _read_upright(recognizer, flat, seen or Seen(flat), symbols, decimal)
    yield Page(rows, corners, turn, left_out, flat)


class Seen:
    """What is seen of a picture: its ink, the lines in it, and the components that may be writing; in a table, `places`, the
    (row, column) of each."""

    def __init__(self, image):
        self.ink, self.factor, self._plain, self.is_textured = page_ink(image)
        rest, self.grid, full = without_lines(self.ink)
        self.ink = np.minimum(self.ink * np.float32(1 / full), np.float32(1))
        if not self.grid.across:  # faint lines, in grey, perhaps
            self.ink = self.plain()
            rest = self.ink > INK_LEVEL
        self.labels, self.boxes, areas = label_components(rest)
        self.places = None
        self.is_table = self.grid.is_table and _fits(self.boxes, self.grid)
        self.is_squared = self.grid.is_table and not self.is_table
        if self.is_table:
            self.labels, self.boxes, areas, self.places = parted(self.grid, self.labels, self.boxes)
        self.usual = usual_height(self.boxes, rest.shape)
        self.kept = (
            np.flatnonzero(writing(self.boxes, areas, self.usual, rest.shape)).tolist() if len(self.boxes) else []
        )

    def plain(self):
        """The ink as `read` sees it, float32 (h, w), made when first asked for."""
        if callable(self._plain):
            self._plain = self._plain()
        return self._plain


def _fits(boxes, grid):
    """Whether most of what is written, boxes int (n, 4), fits the cells of a grid: on squared paper it does not."""
    heights = boxes[:, 2] - boxes[:, 0]
    heights = heights[heights >= WRITTEN * grid.cell[0]]
    return not heights.size or float(median(heights)) <= FITS * grid.cell[0]


def _read_upright(recognizer, image, seen, symbols, decimal):
    """Yields Steps; returns (rows of Cells, what was left out) of an upright picture. Where its lines are read anew, one by
    one, they are counted from 1 again."""
    grid, boxes, kept, usual = seen.grid, seen.boxes, seen.kept, seen.usual
    reader = CellReader(recognizer, image, seen, symbols, decimal)
    plain = []
    small = min(seen.ink.shape) < MIN_SIDE
    # Where lines are no table, `read` may know better: strokes that pass for lines, digits that stand on ruled ones.
    if not seen.is_table and len(kept) <= PLAIN * MAX_MARKS:
        try:
            plain = yield from _told(reader.whole())
        except TooMuch:
            reader.effort = PageEffort()  # a pattern as a whole; its rows may be numbers
        if (small and (not grid.across or len(kept) < SEVERAL)) or _refused(plain) <= CLEAN:
            rows, left_out = without_words(plain)
            return in_columns(rows), left_out
    if seen.is_table:
        places = _places(seen)
        found = {}
        rows = sorted({row for row, _ in places})
        for k, row in enumerate(rows):
            own = {at: reader.cell(places[at]) for at in sorted(at for at in places if at[0] == row)}
            found |= {at: cell for at, cell in own.items() if cell}
            yield Step("lines", k + 1, len(rows), [cell for cell in own.values() if cell])
        rows, left_out = table(found)
        left_out += reader.too_much
        if not (rows or left_out):
            try:
                rows, left_out = without_words((yield from _told(reader.whole())))  # a figure of lines, as a square 8
            except TooMuch:
                pass
        return rows, left_out
    lines = rows_of([tuple(boxes[i].tolist()) for i in kept], usual)[:MOST_CELLS]
    found = yield from _told((k + 1, len(lines), [reader.row([kept[i] for i in line])]) for k, line in enumerate(lines))
    if plain and _refused(plain) <= _refused(found):
        found = plain
    rows, left_out = without_words(found)
    return in_columns(rows), left_out + reader.too_much


def _told(lines):
    """Yields a Step for each line, given as k, n and its rows of Cells; returns all rows that are not empty."""
    found = []
    for k, n, rows in lines:
        found += filter(None, rows)
        yield Step("lines", k, n, [cell for row in rows for cell in row])
    return found


def _refused(rows):
    """The share of symbols that are refused; 1.0 if there are none."""
    text = "".join(cell.text for row in rows for cell in row)
    return text.count(REFUSED) / len(text) if text else 1.0


def _places(seen):
    """{(row, column) of a cell: numbers of the components in it}, without cells where nothing is as high as writing."""
    high, wide = seen.grid.cell
    places = {}
    for i in seen.kept:
        top, left, bottom, right = seen.boxes[i]
        if bottom - top <= SPILL * high and right - left <= SPILL * wide:
            places.setdefault(tuple(seen.places[i].tolist()), []).append(i)
    full = {
        at for at, own in places.items() if max(seen.boxes[i][2] - seen.boxes[i][0] for i in own) >= MAJOR * seen.usual
    }
    return {at: places[at] for at in sorted(full)[:MOST_CELLS]}
