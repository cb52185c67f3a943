"""Scores readings of made photographs of sheets on tables: digits line by line, and how many sheets were found."""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from training.data import splits
from training.data.opening import open_dataset
from training.measuring.tables import CHOOSE, Read
from training.synthesis.sheets import photograph_sheet

COUNT, SEED = 100, 20261130
FEWEST, MOST = 3, 5  # lines of a sheet
LENGTHS = (2, 8)  # digits of a number
NEAR = 0.02  # of the longer side of the picture: a corner that is no further off is found


@dataclass
class Sheets:
    """What readings of sheets come to. right, total: digits. found: sheets whose corners all are. missed: {name of a table:
    sheets on it that aren't}."""

    count: int = 0
    right: int = 0
    total: int = 0
    exact: int = 0
    found: int = 0
    missed: Counter = field(default_factory=Counter)

    def add(self, sheet, rows, corners):
        """Counts a Photographed of which `rows` of texts were read, and `corners`, (4, 2) or None, found."""
        read = Read({"digits": "\n".join(sheet.digits)}, rows)
        right, total = read.right
        self.count, self.right, self.total = self.count + 1, self.right + right, self.total + total
        self.exact += read.is_exact
        if is_found(sheet, corners):
            self.found += 1
        else:
            self.missed[sheet.table] += 1


def sheets(path, part, count=COUNT):
    """Yields `count` Photographed sheets with numbers of validation writers to choose, of test writers to report. Each
    sheet has a seed of its own, so that fewer are the first of many."""
    dataset = open_dataset(path)
    side = splits.VALIDATION if part == CHOOSE else splits.TEST
    own = [
        i
        for i in np.flatnonzero(dataset.split == side)
        if str(dataset.texts[i]).isdigit() and LENGTHS[0] <= len(str(dataset.texts[i])) <= LENGTHS[1]
    ]
    for k in range(count if own else 0):
        rng = np.random.default_rng([SEED, int(part != CHOOSE), k])
        chosen = rng.choice(own, int(rng.integers(FEWEST, MOST + 1)))
        yield photograph_sheet([(dataset.strokes[i], str(dataset.texts[i])) for i in chosen], rng)


def is_found(sheet, corners):
    """Whether corners, float (4, 2) from whichever on, or None, are those of a Photographed sheet."""
    if corners is None:
        return False
    off = min(np.abs(np.roll(corners, k, axis=0) - sheet.corners).max() for k in range(4))
    return bool(off <= NEAR * max(sheet.image.shape))
