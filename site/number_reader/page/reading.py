"""Reads an ink map, whole or some of its components by themselves: rows of cells, parted at their spaces."""

import numpy as np

from number_reader.ink.frames import trim
from number_reader.ink.image import INK_LEVEL, ink_map
from number_reader.labels import DIGITS, REFUSED
from number_reader.page.cells import Cell, empty
from number_reader.page.struck import is_struck
from number_reader.segmentation.components import label_components
from number_reader.segmentation.effort import PageEffort, TooMuch
from number_reader.segmentation.segment import hull


class CellReader:
    """Reads what is seen (`page.page.Seen`) of a picture. symbols, decimal: as in `Recognizer.read`."""

    def __init__(self, recognizer, image, seen, symbols, decimal):
        self.recognizer, self.image, self.seen = recognizer, image, seen
        self.symbols, self.decimal = symbols, decimal
        self.effort = PageEffort()
        self.too_much = []  # Cells without text, of rows that are no numbers, as they would take too long
        # Where what is left of a line, or of a pattern, looks like one through a digit, nothing is taken for struck out.
        self.strikes = not (seen.grid.upright or seen.is_textured)

    def whole(self):
        """The picture read as one, as `Recognizer.read` does: yields k, n and the rows of Cells of line k of n. From the ink
        of what is seen, where that is the same. TooMuch where it is a pattern."""
        trimmed, top, left = trim(self.image)
        if trimmed.shape == self.image.shape:
            ink, factor = self.seen.plain(), self.seen.factor
        else:
            ink, factor = ink_map(trimmed)
        struck = None if self.seen.is_textured else ink
        for k, n, reading in self.recognizer.read_lines(ink, self.symbols, self.decimal, self.effort):
            yield k, n, _cells(reading, struck, (0, 0), factor, (top, left))

    def row(self, numbers):
        """The Cells of a row of components, of these numbers; [] if nothing is in it."""
        seen = self.seen
        top, left, bottom, right = hull([seen.boxes[i].tolist() for i in numbers])
        top, left = max(top - 1, 0), max(left - 1, 0)
        here = slice(top, bottom + 1), slice(left, right + 1)
        names = np.zeros(len(seen.boxes) + 1, bool)
        names[np.add(numbers, 1)] = True
        crop = np.where(names[seen.labels[here]], seen.ink[here], np.float32(0))
        struck = crop if self.strikes else None
        lines = self.recognizer.read_lines(crop, self.symbols, self.decimal, self.effort)
        try:
            readings = [reading for _, _, reading in lines]
        except TooMuch:
            self.too_much.append(empty(_moved((0, 0, *crop.shape), (top, left), seen.factor, (0, 0))))
            return []
        rows = [row for reading in readings for row in _cells(reading, struck, (top, left), seen.factor)]
        return [cell for row in rows for cell in row]

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


def _cells(reading, ink, origin, factor, offset=(0, 0)):
    """A Reading -> rows of Cells, parted at its spaces; what is struck out is refused. ink: the map that was read; None where
    nothing is struck out. Boxes are moved by `origin`, enlarged by `factor`, moved by `offset`."""
    symbols, rows = iter(reading.symbols), []
    numbers = iter(reading.numbers)
    for line in filter(None, reading.text.split("\n")):
        row, of_line = [], next(numbers, [])
        for word in line.split():
            own = [next(symbols) for _ in word]
            box = hull([symbol.box for symbol in own])
            inside = [number for number in of_line if box[1] <= (number.box[1] + number.box[3]) / 2 < box[3]]
            if ink is not None and _strike(own, ink):
                word, inside = "".join(symbol.character for symbol in own), []
            for each in [*own, *inside]:
                each.box = _moved(each.box, origin, factor, offset)
            sure = 0.0 if REFUSED in word else min(symbol.confidence for symbol in own)
            row.append(Cell(word, inside, _moved(box, origin, factor, offset), sure, own))
        rows.append(row)
    return rows


def _strike(symbols, ink):
    """Refuse the symbols of a word that are struck out, in place; whether there are any. The boxes of symbols may leave out
    the ends of a line through them: the whole component is looked at, if it is nothing else's."""
    if not symbols:
        return False
    top, left, bottom, right = hull([symbol.box for symbol in symbols])
    beside = bottom - top
    here = ink[max(top, 0) : bottom + 1, max(left - beside, 0) : right + beside]
    origin = max(top, 0), max(left - beside, 0)
    labels, boxes, _ = label_components(here > INK_LEVEL)
    own = []
    for symbol in symbols:
        top, left, bottom, right = symbol.box
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


def _moved(box, origin, factor, offset):
    moved = np.multiply(np.add(box, (*origin, *origin)), factor) + (*offset, *offset)
    return tuple(int(end) for end in moved)
