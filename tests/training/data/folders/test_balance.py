"""balance.py: labels with few examples are named, with how many there are."""

import numpy as np
import pytest

from training.data.folders.balance import notes
from training.data.opening import open_dataset


def labels(counts):
    return np.repeat(list(counts), list(counts.values()))


def test_a_digit_with_few_examples_is_named_with_the_counts():
    (note,) = notes(labels(dict.fromkeys(range(10), 500) | {1: 5}))
    assert note.startswith("few examples of some digits: 5 of 1, where a digit has 500 at the median")
    (note,) = notes(labels(dict.fromkeys(range(10), 5000) | {1: 5, 7: 999}))
    assert "5 of 1, 999 of 7, where a digit has 5,000" in note


@pytest.mark.parametrize(
    "counts",
    [
        dict.fromkeys(range(10), 500),
        dict.fromkeys(range(10), 500) | {1: 100},
        dict.fromkeys(range(10), 4) | {1: 1},
        dict.fromkeys(range(5), 500),
        {10: 500, 3: 1, 255: 7},
        {255: 3},
        dict.fromkeys(range(10), 500) | {13: 5, 24: 90},
    ],
    ids=["even", "a fifth", "tiny", "five digits", "others", "numbers", "enough marks"],
)
def test_what_is_even_enough_is_not_noted(counts):
    assert notes(labels(counts)) == []


def test_rare_marks_are_named_as_they_are_written():
    (note,) = notes(labels(dict.fromkeys(range(10), 500) | {13: 4, 24: 1}))
    assert note.startswith("few examples of some marks: 4 of ., 1 of ×")


def test_the_shared_data_have_no_such_note(shared_data):
    for name in ("mnist.npz", "real/strokes-digits.jsonl.gz", "real/strokes-numbers.jsonl.gz", "real/photos.json"):
        assert open_dataset(shared_data / name).notes == []
