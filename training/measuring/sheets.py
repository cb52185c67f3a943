"""Scores readings of made photographs of sheets on tables: digits line by line, and how many sheets were found."""

from dataclasses import dataclass

import numpy as np

from training.data import splits
from training.data.opening import open_dataset
from training.measuring.tables import CHOOSE, line_edits, only_digits
from training.synthesis.sheets import photograph_sheet

COUNT, SEED = 100, 20261130
FEWEST, MOST = 3, 5  # lines of a sheet
LENGTHS = (2, 8)  # digits of a number
NEAR = 0.02  # of the longer side of the picture: a corner that is no further off is found


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
