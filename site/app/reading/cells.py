"""What was read as rows of cells of marks: one cell for each of a page, one for each line of a drawing.

A person may mend a cell: say what a mark is, that it is none, or type what the cell says.
"""

from app.reading.words import sureness
from app.symbols import CHARACTERS, is_known


class Mark:
    """A digit or a mark between digits, as it was read. read: the worker's symbol (worker.py). label: None where it is
    refused. text: what it is written as. is_mended: a person says so, hence it counts as sure."""

    is_mended = is_taught = False

    def __init__(self, read):
        self.read = read
        self.label = read.label
        self.confidence = read.confidence
        self.text = "?" if self.label is None else CHARACTERS[self.label]
        self._box = None

    @property
    def box(self):
        """(top, left, bottom, right) in pixels of the answer's picture."""
        if self._box is None:  # most of a page's are never asked for, and asking takes a while
            self._box = tuple(self.read.box)
        return self._box

    @property
    def candidates(self):
        return self.read.candidates

    @property
    def is_corrected(self):
        """Whether a person says it is another than was read."""
        return self.is_mended and self.label != self.read.label

    def said(self, label):
        """The same mark, where a person says what it is."""
        mark = Mark(self.read)
        mark.label, mark.confidence, mark.text, mark.is_mended = label, 1, CHARACTERS[label], True
        return mark


class Typed:
    """All that a cell says, where a person typed what its marks can't be: more or fewer, or other characters."""

    is_mended = True
    is_corrected = is_taught = False
    read = label = None
    confidence = 1
    candidates = ()

    def __init__(self, text, box):
        self.text, self.box = text, box


class Cell:
    """parts: its Marks, or one Typed, and the spaces between them. box: (top, left, bottom, right) in pixels of the answer's
    picture, None where nothing is written."""

    def __init__(self, parts, box):
        self.parts, self.box = parts, box

    @property
    def text(self):
        return "".join([part if part == " " else part.text for part in self.parts])

    @property
    def marks(self):
        return [part for part in self.parts if part != " "]

    @property
    def symbols(self):
        """The Marks that its text is made of; none where it was typed freely."""
        return [mark for mark in self.marks if mark.read]

    @property
    def is_doubtful(self):
        """Whether a person should look at it: something in it is refused or not sure."""
        return any([sureness(mark) != "sure" for mark in self.marks])

    # --- what it would be, as parts ------------------------------------------------------

    def with_label(self, mark, label):
        return [part.said(label) if part is mark else part for part in self.parts]

    def without(self, mark):
        parts = [part for part in self.parts if part is not mark]
        while parts and parts[0] == " ":
            parts.pop(0)
        while parts and parts[-1] == " ":
            parts.pop()
        return parts

    def typed(self, text):
        """Where there is a character for each mark, each mark becomes what was typed for it."""
        marks, labels = self.marks, [CHARACTERS.find(each) for each in text if each != " "]
        if len(marks) != len(labels) or not all([mark.read for mark in marks]) or not all(map(is_known, labels)):
            return [Typed(text, self.box)] if text else []
        rest = iter(zip(marks, labels))
        return [" " if each == " " else _as_typed(*next(rest)) for each in text]


def _as_typed(mark, label):
    return mark if mark.is_mended and mark.label == label else mark.said(label)


def cell_of(text, symbols, box):
    """A Cell with a text, of which each character but the spaces is one of the symbols, an iterator."""
    return Cell([" " if each == " " else Mark(next(symbols)) for each in text], box)


def around(boxes):
    """The smallest box around all."""
    tops, lefts, bottoms, rights = zip(*boxes)
    return min(tops), min(lefts), max(bottoms), max(rights)
