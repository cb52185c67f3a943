"""Reads a photographed page: sheet, turn, rulings, rows and columns, cells. See `read_page`."""

import numpy as np

from number_reader.ink.image import INK_LEVEL, check, ink_map
from number_reader.labels import MODES, REFUSED
from number_reader.page.cells import Cell, Page, Step
from number_reader.page.grid import without_lines
from number_reader.page.rows import MAJOR, rows_of, usual_height, writing
from number_reader.page.sheet import find_sheet
from number_reader.page.table import table, without_words
from number_reader.page.turn import find_turn, turned
from number_reader.segmentation.components import label_components
from number_reader.segmentation.segment import MAX_MARKS, hull

MOST_CELLS = 700  # more are a pattern
PLAIN = 0.8  # of MAX_MARKS: as many marks are read as `read` does
MIN_SIDE = 200  # px; smaller pictures are read as one
CLEAN = 0.1  # share of refused symbols up to which a reading of the whole picture is taken
SPILL = 1.6  # cells that a component may be high or wide, as one that hangs together with the grid is


def whole(image):
    """The sheet of a picture that is all sheet: (picture, None), as `find_sheet` returns it."""
    return image, None


def read_page(recognizer, image, symbols="numbers", decimal=None, turn=None, sheet=find_sheet):
    """The Page that the last of `steps` is."""
    *_, page = steps(recognizer, image, symbols, decimal, turn, sheet)
    return page


def steps(recognizer, image, symbols="numbers", decimal=None, turn=None, sheet=find_sheet):
    """Read a photographed page, step by step: whoever asks may stop between two, or do something else.

    recognizer: a Recognizer. image: uint8 (H, W), (H, W, 3) or (H, W, 4); ImageError otherwise. symbols, decimal: as in
    `Recognizer.read`; ValueError for others. turn: degrees clockwise that make it upright, None to find out. sheet: function
    from a picture to (flattened sheet, corners or None), `whole` for pictures that are known to be all sheet. Yields Steps, and last of all the Page, in bounded time and memory
    whatever the picture shows.
    """
    if symbols not in MODES or decimal not in (None, ".", ","):
        raise ValueError(f'symbols must be one of {", ".join(MODES)}, and decimal "." or "," or None.')
    image = check(image)
    yield Step("sheet")
    flat, corners = sheet(image)
    yield Step("turn")
    seen = None
    if turn is None:
        seen = _Seen(flat)
        turn = find_turn(recognizer, seen.ink, seen.labels, seen.boxes, seen.kept, seen.usual)
    if turn:
        flat, seen = turned(flat, turn), None
    yield Step("lines", picture=flat)
    rows, left_out = yield from _read_upright(recognizer, flat, seen or _Seen(flat), symbols, decimal)
    yield Page(rows, corners, turn, left_out, flat)


class _Seen:
    """What is seen of a picture: its ink, the lines in it, and the components that may be writing."""

    def __init__(self, image):
        self.ink, self.factor = ink_map(image, rulings=True)
        rest, self.grid = without_lines(self.ink > INK_LEVEL)
        if not self.grid.across:  # faint ones, in grey, perhaps
            self.ink, self.factor = ink_map(image)
            rest = self.ink > INK_LEVEL
        self.labels, self.boxes, areas = label_components(rest)
        self.usual = usual_height(self.boxes, rest.shape)
        self.kept = (
            np.flatnonzero(writing(self.boxes, areas, self.usual, rest.shape)).tolist() if len(self.boxes) else []
        )


def _read_upright(recognizer, image, seen, symbols, decimal):
    """Yields Steps; returns (rows of Cells, what was left out) of an upright picture."""
    grid, boxes, kept, usual = seen.grid, seen.boxes, seen.kept, seen.usual
    plain = None
    if not grid.across and len(kept) <= PLAIN * MAX_MARKS:
        plain = _cells(recognizer.read(image, symbols=symbols, decimal=decimal), (0, 0), 1)
        if min(seen.ink.shape) < MIN_SIDE or _refused(plain) <= CLEAN:
            return without_words(plain)
    reader = _CellReader(recognizer, seen.ink, seen.labels, boxes, seen.factor, symbols, decimal)
    if grid.is_table:
        places = _places(grid, boxes, kept, usual)
        found = {}
        rows = sorted({row for row, _ in places})
        for k, row in enumerate(rows):
            own = {at: reader.cell(places[at]) for at in sorted(at for at in places if at[0] == row)}
            found |= {at: cell for at, cell in own.items() if cell}
            yield Step("lines", k + 1, len(rows), [cell for cell in own.values() if cell])
        return table(found)
    lines = rows_of([tuple(boxes[i].tolist()) for i in kept], usual)[:MOST_CELLS]
    found = []
    for k, line in enumerate(lines):
        row = reader.row([kept[i] for i in line])
        if row:
            found.append(row)
        yield Step("lines", k + 1, len(lines), row)
    if plain and _refused(plain) <= _refused(found):
        found = plain
    return without_words(found)


def _refused(rows):
    """The share of symbols that are refused; 1.0 if there are none."""
    text = "".join(cell.text for row in rows for cell in row)
    return text.count(REFUSED) / len(text) if text else 1.0


def _places(grid, boxes, kept, usual):
    """{(row, column) of a cell: numbers of the components in it}, without cells where nothing is as high as writing."""
    high, wide = (_spacing(lines) for lines in (grid.across, grid.upright))
    places = {}
    for i in kept:
        top, left, bottom, right = boxes[i]
        if bottom - top <= SPILL * high and right - left <= SPILL * wide:
            places.setdefault(grid.place((top + bottom) / 2, (left + right) / 2), []).append(i)
    full = {at for at, own in places.items() if max(boxes[i][2] - boxes[i][0] for i in own) >= MAJOR * usual}
    return {at: places[at] for at in sorted(full)[:MOST_CELLS]}


def _spacing(lines):
    middles = [float(line.course.mean()) for line in lines]
    return float(np.median(np.diff(middles)))


class _CellReader:
    """Reads some of the components of an ink map at a time, by themselves."""

    def __init__(self, recognizer, ink, labels, boxes, factor, symbols, decimal):
        self.recognizer, self.ink, self.labels, self.boxes = recognizer, ink, labels, boxes
        self.factor, self.symbols, self.decimal = factor, symbols, decimal

    def row(self, numbers):
        """The Cells of a row; [] if nothing is in it."""
        top, left, bottom, right = hull([self.boxes[i].tolist() for i in numbers])
        top, left = max(top - 1, 0), max(left - 1, 0)
        here = slice(top, bottom + 1), slice(left, right + 1)
        names = np.zeros(len(self.boxes) + 1, bool)
        names[np.add(numbers, 1)] = True
        crop = np.where(names[self.labels[here]], self.ink[here], np.float32(0))
        readings = read_lines(self.recognizer, crop, self.symbols, self.decimal)
        return [cell for _, _, reading in readings for cell in _cells(reading, (top, left), self.factor)]

    def cell(self, numbers):
        """One Cell of all that is written in it; None for nothing."""
        cells = self.row(numbers)
        if not cells:
            return None
        return Cell(
            " ".join(cell.text for cell in cells),
            [number for cell in cells for number in cell.numbers],
            hull([cell.box for cell in cells]),
            min(cell.confidence for cell in cells),
            [symbol for cell in cells for symbol in cell.digits],
        )


def _cells(reading, origin, factor):
    """A Reading -> rows of Cells, parted at its spaces; boxes moved by `origin`, then enlarged by `factor`."""
    symbols, rows = iter(reading.symbols), []
    numbers = iter(reading.numbers)
    for line in filter(None, reading.text.split("\n")):
        row, of_line = [], next(numbers, [])
        for word in line.split():
            own = [next(symbols) for _ in word]
            box = hull([symbol.box for symbol in own])
            inside = [number for number in of_line if box[1] <= (number.box[1] + number.box[3]) / 2 < box[3]]
            for each in [*own, *inside]:
                each.box = _moved(each.box, origin, factor)
            sure = 0.0 if REFUSED in word else min(symbol.confidence for symbol in own)
            row.append(Cell(word, inside, _moved(box, origin, factor), sure, own))
        rows.append(row)
    return rows


def _moved(box, origin, factor):
    top, left = origin
    return tuple(int(end) for end in np.multiply(np.add(box, (top, left, top, left)), factor))
