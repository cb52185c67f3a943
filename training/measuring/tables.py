"""Scores readings of whole pages: digits alone, line by line, and cells of tables, in place."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.data.errors import DataError
from training.data.files import read_bytes
from training.data.pictures import read_picture

CHOOSE, REPORT = "choose", "report"
TABLES = ("mark_sheet", "grid", "sudoku")  # kinds whose cells are counted begin or end with one of these
EMPTY = "."  # a cell of the list's text with nothing in it
MAX_LIST = 10_000_000  # bytes


@dataclass
class Read:
    """One picture: its entry in the list, and the rows of cells that were read, each a text ("" for an empty cell)."""

    entry: dict
    rows: list[list[str]]
    seconds: float = 0.0

    @property
    def lines(self):
        """(of the truth, read): rows of digits alone, rows without any left out."""
        read = [digits for row in self.rows if (digits := only_digits("".join(row)))]
        return self.entry["digits"].split("\n"), read

    @property
    def right(self):
        """(digits right, digits): all less the edits that make what was read what is written, 0 at least."""
        truth, read = self.lines
        total = sum(map(len, truth))
        return max(total - line_edits(truth, read), 0), total

    @property
    def is_exact(self):
        truth, read = self.lines
        return truth == read

    @property
    def cells(self):
        """(cells exactly right and in place, cells with something in them) of a table."""
        return cells_right([line.split() for line in self.entry["text"].split("\n")], self.rows)


def only_digits(text):
    """The ASCII digits of a text."""
    return "".join(each for each in text if each in "0123456789")


def edits(one, other):
    """The fewest insertions, deletions and substitutions that make one string the other (Levenshtein 1966)."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row = row, [i]
        for j, b in enumerate(other, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b)))
    return row[-1]


def line_edits(truth, read):
    """The same for lists of lines: a line that is missing or too many costs its length, one for another their edits."""
    row = [0]
    for line in read:
        row.append(row[-1] + len(line))
    for a in truth:
        before, row = row, [row[0] + len(a)]
        for j, b in enumerate(read, 1):
            row.append(min(before[j] + len(a), row[-1] + len(b), before[j - 1] + edits(a, b)))
    return row[-1]


def cells_right(truth, rows):
    """(cells exactly right, cells with something in them). Both are lists of rows of cells. A table may stand anywhere in
    what was read, beside names and headings, but whole: one shift of rows and one of columns hold for all its cells."""
    total = sum(cell != EMPTY for row in truth for cell in row)
    best = 0
    wide = max(map(len, rows), default=0)
    for down in range(-len(truth), len(rows) + 1):
        for right in range(-max(map(len, truth)), wide + 1):
            found = sum(
                cell != EMPTY
                and 0 <= i + down < len(rows)
                and 0 <= j + right < len(rows[i + down])
                and rows[i + down][j + right] == cell
                for i, row in enumerate(truth)
                for j, cell in enumerate(row)
            )
            best = max(best, found)
    return best, total


def is_table(entry):
    return any(entry["kind"].startswith(kind) or entry["kind"].endswith(kind) for kind in TABLES)


def entries(path, part):
    """The entries of a `pages.json` of one part; DataError if it is no such list."""
    try:
        found = json.loads(read_bytes(path, MAX_LIST).decode())
        return [entry for entry in found if entry["part"] == part and isinstance(entry["digits"], str)]
    except (ValueError, RecursionError, TypeError, KeyError) as error:
        raise DataError(f"{path} is no list of pages: {error}") from None


def pictures(path, part):
    """Yields (entry, uint8 picture) of one part of a `pages.json`; the files are named from its own folder."""
    for entry in entries(path, part):
        yield entry, read_picture(Path(path).parent / entry["file"])


def figures(found):
    """What a list of Read comes to: shares in %; `derived` pictures, parts of another, only count as tables."""
    own = [each for each in found if "derived" not in each.entry]
    right = np.array([each.right for each in own], float).reshape(-1, 2)
    return {
        "pictures": len(own),
        "mean": 100 * float((right[:, 0] / right[:, 1]).mean()),
        "pooled": 100 * float(right[:, 0].sum() / right[:, 1].sum()),
        "exact": sum(each.is_exact for each in own),
        "empty": sum(not each.lines[1] for each in own),
        "tables": {Path(each.entry["file"]).stem: each.cells for each in found if is_table(each.entry)},
    }


def cheques(path, part):
    """Yields (uint8 picture (H, W), its digits) of a `cheque-amounts.npz`: even indices choose, odd ones report."""
    with np.load(path, allow_pickle=False) as file:
        data, offsets, shapes, labels = (file[name] for name in ("data", "offsets", "shapes", "labels"))
    for k in range(0 if part == CHOOSE else 1, len(shapes), 2):
        yield data[offsets[k] : offsets[k + 1]].reshape(shapes[k]), str(labels[k])
