"""Labels of which there are too few beside the others: a model knows them less well, and what is measured of them says less."""

import numpy as np

from number_reader.labels import CHARACTERS, MARKS

SHARE = 0.2  # of the digits' median: below it a digit is few
ENOUGH = 10  # examples of a digit at the median; of fewer nobody expects much
LEAST_MARKS = 5  # of a mark: one for each fifth of the split


def notes(labels):
    """What a person should know about how many items there are of each label, (n,) ints: a list of sentences without a full
    stop, that name the labels and their counts. A digit that is not there at all is not few: that is for fit to say."""
    counts = np.bincount(np.asarray(labels, int), minlength=len(CHARACTERS))
    digits = counts[:10]
    usual = int(np.median(digits[digits > 0])) if digits.any() else 0
    few = [label for label in range(10) if usual >= ENOUGH and 0 < digits[label] < SHARE * usual]
    said = []
    if few:
        named = ", ".join(f"{counts[label]:,} of {label}" for label in few)
        said.append(f"few examples of some digits: {named}, where a digit has {usual:,} at the median; more would help")
    rare = [label for label in MARKS if 0 < counts[label] < LEAST_MARKS]
    if rare:
        named = ", ".join(f"{counts[label]} of {CHARACTERS[label]}" for label in rare)
        said.append(f"few examples of some marks: {named}; a mark needs at least {LEAST_MARKS}")
    return said
