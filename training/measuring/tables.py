"""Scores readings of whole pages: digits alone, line by line, and cells of tables, in place."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from skimage.transform import rotate

from training.data import splits
from training.data.errors import DataError
from training.data.files import read_bytes
from training.data.opening import open_dataset
from training.data.pictures import read_picture
from training.synthesis.numbers import MadeNumbers

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
        lines = self.entry["text"].split("\n")
        is_sudoku = self.entry["kind"].startswith("sudoku")  # a character is a cell
        return cells_right([list(line) if is_sudoku else line.split() for line in lines], self.rows)


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
        "silent": sum(not any(map("".join, each.rows)) for each in own),
        "tables": {Path(each.entry["file"]).stem: each.cells for each in found if is_table(each.entry)},
    }


def cheques(path, part):
    """Yields (uint8 picture (H, W), its digits) of a `cheque-amounts.npz`: even indices choose, odd ones report."""
    with np.load(path, allow_pickle=False) as file:
        data, offsets, shapes, labels = (file[name] for name in ("data", "offsets", "shapes", "labels"))
    for k in range(0 if part == CHOOSE else 1, len(shapes), 2):
        yield data[offsets[k] : offsets[k + 1]].reshape(shapes[k]), str(labels[k])


TURNED, TELLING, TELLING_DIGITS = 200, 2, "23457"  # pictures, and how many of these digits each number has
NO_DIGITS, LETTERS = 30, 40  # pages, and letters on each that is not blank
PAPER_GREY, INK_GREY, SEED = 235, 40, 20261129


def turned_picture(image, degrees):
    """uint8 (H, W) turned clockwise, on paper of its own corner's grey: by right angles exactly, else bilinearly."""
    if degrees % 90 == 0:
        return np.rot90(image, -(degrees // 90))
    return rotate(image, -degrees, resize=True, cval=int(image[0, 0]), preserve_range=True).astype(np.uint8)


def numbers_to_turn(folder, part):
    """Yields (uint8 picture (H, W), label), TURNED of them, with TELLING digits that look different upside down: of the
    folder of real strokes, numbers of test writers to report, as often as needed; to choose, those of validation writers
    once each, and numbers put together from single digits of one validation writer, as real ones have few texts."""
    numbers = open_dataset(folder / "strokes-numbers.jsonl.gz")
    side = splits.VALIDATION if part == CHOOSE else splits.TEST
    own = [(numbers, i) for i in np.flatnonzero(numbers.split == side) if _is_telling(numbers.texts[i])]
    if part == CHOOSE:
        made = MadeNumbers(open_dataset(folder / "strokes-digits.jsonl.gz"), side, 2 * TURNED, SEED, marked=0)
        own += [(made, i) for i in range(len(made)) if _is_telling(made.texts[i])]
    for k in range(TURNED if own else 0):
        dataset, i = own[k % len(own)]
        yield on_paper(dataset.picture(i), 40), str(dataset.texts[i])


def _is_telling(text):
    return text.isdigit() and sum(each in TELLING_DIGITS for each in text) >= TELLING


def on_paper(picture, margin):
    """A drawing of the pad, uint8 RGBA or grey, as ink on grey paper with a margin: uint8 (H, W)."""
    ink = (
        picture[..., 3]
        if picture.ndim == 3 and picture.shape[2] == 4
        else 255 - picture.reshape(*picture.shape[:2], -1)[..., 0]
    )
    grey = PAPER_GREY - (PAPER_GREY - INK_GREY) * (ink / 255)
    return np.pad(grey, margin, constant_values=PAPER_GREY).astype(np.uint8)


def pages_without_digits(path):
    """Yields NO_DIGITS uint8 pages (H, W): every third blank paper of some texture, the others rows of letters and symbols
    that nobody takes for digits."""
    dataset, rng = open_dataset(path), np.random.default_rng(SEED)
    for k in range(NO_DIGITS):
        height, width = 700, 1000
        light = np.linspace(0, rng.uniform(-40, 40), width) + np.linspace(0, rng.uniform(-40, 40), height)[:, None]
        page = PAPER_GREY - 20 + light + rng.normal(0, rng.uniform(0, 6), (height, width))
        for n in range(LETTERS if k % 3 else 0):
            ink = on_paper(dataset.picture(int(rng.integers(len(dataset)))), 0)
            step = max(1, max(ink.shape) // 60)
            ink = PAPER_GREY - ink[::step, ::step].astype(float)
            top, left = 60 + 110 * (n // 8), 60 + 110 * (n % 8)
            ink = ink[:100, :100]
            page[top : top + ink.shape[0], left : left + ink.shape[1]] -= ink
        yield np.clip(page, 0, 255).astype(np.uint8)
