"""expressions.py: readings held against what was written, symbol by symbol."""

import functools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.measuring.expressions import Written, aligned, figures

texts = st.text("12.-?", max_size=7)


@functools.cache
def distance(a, b):
    """Levenshtein's, as it is defined."""
    if not a or not b:
        return len(a) + len(b)
    return min(distance(a[1:], b[1:]) + (a[0] != b[0]), distance(a[1:], b) + 1, distance(a, b[1:]) + 1)


@given(texts, texts)
def test_strings_stand_side_by_side_with_the_fewest_edits(truth, read):
    pairs = aligned(truth, read)
    assert "".join(a for a, _ in pairs) == truth
    assert "".join(b for _, b in pairs) == read
    assert ("", "") not in pairs
    assert sum(a != b for a, b in pairs) == distance(truth, read)


@pytest.mark.parametrize(
    ("truth", "read", "pairs"),
    [
        ("", "", []),
        ("1.5", "15", [("1", "1"), (".", ""), ("5", "5")]),
        ("15", "1.5", [("1", "1"), ("", "."), ("5", "5")]),
        ("1-5", "175", [("1", "1"), ("-", "7"), ("5", "5")]),
    ],
)
def test_what_was_lost_gained_or_taken_for_another_is_seen(truth, read, pairs):
    assert aligned(truth, read) == pairs


def found(*pairs, writers=None):
    writers = writers or ["w"] * len(pairs)
    return figures([Written(writer, truth, read) for writer, (truth, read) in zip(writers, pairs)])


@pytest.mark.parametrize(
    ("truth", "read", "gained", "lost"),
    [
        ("1.5", "1.5", False, False),
        ("1.5", "15", False, True),
        ("1.5", "115", True, False),  # a mark read as a digit is not unsaid
        ("1.5", "1?5", False, False),
        ("15", "1.5", False, False),
        ("15", "125", True, False),
        ("15", "17", False, False),  # a digit for a digit is none gained
        ("15", "1", False, False),
        ("1?5", "125", True, False),  # what is neither is no digit
        ("1?5", "15", False, False),  # and no mark
    ],
)
def test_digits_gained_and_marks_lost(truth, read, gained, lost):
    figures_of_one = found((truth, read))
    assert figures_of_one["gained"] == 100 * gained
    assert figures_of_one["lost"] == 100 * lost
    assert figures_of_one["exact"] == 100 * (truth == read)


def test_symbols_are_those_that_stand_there_less_what_was_added():
    assert found(("1.5", "1.5"))["symbols"] == 100
    assert found(("1.50", "1.5"))["symbols"] == 75
    assert found(("1.50", "1.570"))["symbols"] == 75
    assert found(("12", "345678"))["symbols"] == -200


def test_each_writer_counts_alike_in_the_mean_over_writers():
    result = found(("12", "12"), ("12", "12"), ("12", "13"), writers=["a", "a", "b"])
    assert result["symbols"] == pytest.approx(100 * 5 / 6, abs=0.01)
    assert result["symbols_over_writers"] == 75
    assert (result["strings"], result["writers"]) == (3, 2)


def test_marks_are_counted_each():
    assert found(("1.5", "1.5"), ("2.5-", "25-"), ("1", "1+"))["marks"] == {".": (50, 2), "-": (100, 1)}


def test_long_strings_are_no_short_ones():
    assert found(("1" * 21, "1" * 21), ("1" * 22, "2"))["short_exact"] == 100
    assert found(("1" * 22, "2"))["short_exact"] is None
    assert found(("1" * 22, "2"), ("12", "1?"))["exact"] == 0


def test_what_is_refused_is_unsure():
    assert found(("12", "1?"), ("34", "34"))["unsure"] == 25
