"""Reads a photographed page: sheet, turn, rulings, rows and columns, cells. See `read_page`."""

import numpy as np

from number_reader.ink.frames import trim
from number_reader.ink.image import INK_LEVEL, check, page_ink
from number_reader.labels import DIGITS, MODES, REFUSED
from number_reader.page.cells import Cell, Page
from number_reader.page.grid import parted, without_lines
from number_reader.page.rows import MAJOR, rows_of, usual_height, writing
from number_reader.page.struck import is_struck
from number_reader.page.table import in_columns, table, without_words
from number_reader.page.turn import find_turn, turned
from number_reader.segmentation.components import label_components
from number_reader.segmentation.segment import MAX_MARKS, hull

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


def read_page(recognizer, image, symbols="numbers", decimal=None, progress=None, sheet=whole):
    """Read a photographed page.

    recognizer: a Recognizer. image: uint8 (H, W), (H, W, 3) or (H, W, 4); ImageError otherwise. symbols, decimal: as in
    `Recognizer.read`; ValueError for others. progress: function of (stage, k, n), called with "sheet", "turn" and "lines",
    then for each row k of n; what it raises ends the reading. sheet: function from a picture to (flattened sheet, corners
    or None). Returns a Page, in bounded time and memory whatever the picture shows.
    """
    if symbols not in MODES or decimal not in (None, ".", ","):
        raise ValueError(f'symbols must be one of {", ".join(MODES)}, and decimal "." or "," or None.')
    say = progress or (lambda stage, k, n: None)
    image = check(image)
    say("sheet", 0, 1)
    flat, corners = sheet(image)
    say("turn", 0, 1)
    seen = _Seen(flat)
    turn = find_turn(recognizer, seen.ink, seen.labels, seen.boxes, seen.kept, seen.usual)
    if turn:
        flat = turned(flat, turn)
        seen = _Seen(flat)
    say("lines", 0, 1)
    rows, left_out = _read_upright(recognizer, flat, seen, symbols, decimal, say)
    return Page(rows, corners, turn, left_out, tuple(flat.shape[:2]))


class _Seen:
    """What is seen of a picture: its ink, the lines in it, and the components that may be writing; in a table, `places`, the
    (row, column) of each."""

    def __init__(self, image):
        self.ink, self.factor, plain = page_ink(image)
        rest, self.grid, full = without_lines(self.ink)
        self.ink = np.minimum(self.ink * np.float32(1 / full), np.float32(1))
        self.plain = None  # the ink as `read` sees it, where that has been made
        if not self.grid.across:  # faint lines, in grey, perhaps
            self.ink = self.plain = plain()
            rest = self.ink > INK_LEVEL
        self.labels, self.boxes, areas = label_components(rest)
        self.places = None
        self.is_table = self.grid.is_table and _fits(self.boxes, self.grid)
        if self.is_table:
            self.labels, self.boxes, areas, self.places = parted(self.grid, self.labels, self.boxes)
        self.usual = usual_height(self.boxes, rest.shape)
        self.kept = (
            np.flatnonzero(writing(self.boxes, areas, self.usual, rest.shape)).tolist() if len(self.boxes) else []
        )


def _fits(boxes, grid):
    """Whether most of what is written, boxes int (n, 4), fits the cells of a grid: on squared paper it does not."""
    heights = boxes[:, 2] - boxes[:, 0]
    heights = heights[heights >= WRITTEN * grid.cell[0]]
    return not heights.size or float(np.median(heights)) <= FITS * grid.cell[0]


def _read_upright(recognizer, image, seen, symbols, decimal, say):
    """(rows of Cells, what was left out) of an upright picture."""
    grid, boxes, kept, usual = seen.grid, seen.boxes, seen.kept, seen.usual
    plain = None
    small = min(seen.ink.shape) < MIN_SIDE
    if (small or not grid.across) and not seen.is_table and len(kept) <= PLAIN * MAX_MARKS:
        plain = _whole(recognizer, image, seen, symbols, decimal)
        if (small and (not grid.across or len(kept) < SEVERAL)) or _refused(plain) <= CLEAN:
            rows, left_out = without_words(plain)
            return in_columns(rows), left_out
    reader = _CellReader(recognizer, seen, symbols, decimal)
    if seen.is_table:
        places = _places(seen)
        found = {}
        rows = sorted({row for row, _ in places})
        for k, row in enumerate(rows):
            for at in sorted(at for at in places if at[0] == row):
                if cell := reader.cell(places[at]):
                    found[at] = cell
            say("lines", k + 1, len(rows))
        rows, left_out = table(found)
        if rows or left_out:
            return rows, left_out
        return without_words(_whole(recognizer, image, seen, symbols, decimal))  # a figure of lines, as a square 8
    lines = rows_of([tuple(boxes[i].tolist()) for i in kept], usual)[:MOST_CELLS]
    found = []
    for k, line in enumerate(lines):
        if row := reader.row([kept[i] for i in line]):
            found.append(row)
        say("lines", k + 1, len(lines))
    if plain and _refused(plain) <= _refused(found):
        found = plain
    rows, left_out = without_words(found)
    return in_columns(rows), left_out


def _whole(recognizer, image, seen, symbols, decimal):
    """Rows of Cells of a picture read as one, as `read` does: from the ink that is made already, where that is the same."""
    if seen.plain is None or trim(image)[0].shape != image.shape:
        return _cells(recognizer.read(image, symbols=symbols, decimal=decimal), seen.ink, (0, 0), 1, seen.factor)
    return _cells(recognizer.read_ink(seen.plain, symbols, decimal), seen.plain, (0, 0), seen.factor)


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


class _CellReader:
    """Reads some of the components of an ink map at a time, by themselves."""

    def __init__(self, recognizer, seen, symbols, decimal):
        self.recognizer, self.ink, self.labels, self.boxes = recognizer, seen.ink, seen.labels, seen.boxes
        self.factor, self.symbols, self.decimal = seen.factor, symbols, decimal
        self.strikes = not seen.grid.upright  # where what is left of a line looks like one through a digit

    def row(self, numbers):
        """The Cells of a row; [] if nothing is in it."""
        top, left, bottom, right = hull([self.boxes[i].tolist() for i in numbers])
        top, left = max(top - 1, 0), max(left - 1, 0)
        here = slice(top, bottom + 1), slice(left, right + 1)
        names = np.zeros(len(self.boxes) + 1, bool)
        names[np.add(numbers, 1)] = True
        crop = np.where(names[self.labels[here]], self.ink[here], np.float32(0))
        reading = self.recognizer.read_ink(crop, self.symbols, self.decimal)
        return [
            cell for row in _cells(reading, crop if self.strikes else None, (top, left), self.factor) for cell in row
        ]

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


def _cells(reading, ink, origin, factor, scale=1):
    """A Reading -> rows of Cells, parted at its spaces; what is struck out is refused. ink: the map that was read, smaller by
    `scale`; None where nothing is struck out. Boxes are moved by `origin`, then enlarged by `factor`."""
    symbols, rows = iter(reading.symbols), []
    numbers = iter(reading.numbers)
    for line in filter(None, reading.text.split("\n")):
        row, of_line = [], next(numbers, [])
        for word in line.split():
            own = [next(symbols) for _ in word]
            box = hull([symbol.box for symbol in own])
            inside = [number for number in of_line if box[1] <= (number.box[1] + number.box[3]) / 2 < box[3]]
            if ink is not None and _strike(own, ink, scale):
                word, inside = "".join(symbol.character for symbol in own), []
            for each in [*own, *inside]:
                each.box = _moved(each.box, origin, factor)
            sure = 0.0 if REFUSED in word else min(symbol.confidence for symbol in own)
            row.append(Cell(word, inside, _moved(box, origin, factor), sure, own))
        rows.append(row)
    return rows


def _strike(symbols, ink, scale):
    """Refuse the symbols of a word that are struck out, in place; whether there are any. The boxes of symbols may leave out
    the ends of a line through them: the whole component is looked at, if it is nothing else's."""
    if not symbols:
        return False
    top, left, bottom, right = (int(end) // scale for end in hull([symbol.box for symbol in symbols]))
    beside = bottom - top
    here = ink[max(top, 0) : bottom + 1, max(left - beside, 0) : right + beside]
    origin = max(top, 0), max(left - beside, 0)
    labels, boxes, _ = label_components(here > INK_LEVEL)
    own = []
    for symbol in symbols:
        top, left, bottom, right = (int(end) // scale for end in symbol.box)
        within = labels[top - origin[0] : bottom - origin[0], left - origin[1] : right - origin[1]]
        own.append(int(np.bincount(within.ravel())[1:].argmax()) if within.any() else -1)
    found = False
    for symbol, name in zip(symbols, own):
        if name >= 0 and own.count(name) == 1 and symbol.label in DIGITS:
            top, left, bottom, right = boxes[name]
            mark = np.where(labels == name + 1, here, 0)[top:bottom, left:right]
            if is_struck(mark, symbol.label):
                symbol.label, found = None, True
    return found


def _moved(box, origin, factor):
    top, left = origin
    return tuple(int(end) for end in np.multiply(np.add(box, (top, left, top, left)), factor))
