"""What is said of the line under a column, and that it is seldom said where no sum is meant."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sheet.column import compared, sentence


def said(*texts, decimal=".", ruled=False):
    found = compared(texts, decimal, ruled)
    return found and (found.equal, sentence(found, decimal))


def test_a_sum_is_right():
    assert said("12", "15", "27") == (True, "written 27, adds up to 27")
    assert said("0.10", "0.20", "0.3") == (True, "written 0.3, adds up to 0.30")
    assert said("$5", "3", "$8") == (True, "written $8, adds up to $8")
    assert said("1,5", "2", "3,5", decimal=",") == (True, "written 3,5, adds up to 3,5")
    assert said("Milk", "12", "", "(2)", "10") == (True, "written 10, adds up to 10")


@pytest.mark.parametrize("last", ["276", "277", "367", "26.7", "=300", "= 300"])
def test_a_sum_is_wrong(last):
    expected = None if last == "26.7" else (False, f"written {last.lstrip('= ')}, adds up to 267")
    assert said("100", "167", last) == expected


def test_known_to_be_one():
    assert said("1", "2", "9") is None
    assert said("1", "2", "9", ruled=True) == (False, "written 9, adds up to 3")


@pytest.mark.parametrize(
    "texts",
    [[], ["5"], ["5", "5"], ["1", "?", "3"], ["1", "1.2.3", "3"], ["12:30", "1", "2", "3"], ["1", "5%", "6"], ["1", "2+3", "6"],
     ["1", "2", "="], ["1", "2", "3?"], ["Milk", "1", "1"]],
)  # fmt: skip
def test_nothing_is_said_in_doubt(texts):
    assert compared(texts, ".") is None


def test_of_a_text_in_doubt_neither():
    assert compared(["1.234", "1", "1235"], None) is None
    assert compared(["1.234", "1", "1235"], ",").equal


def test_columns_without_a_sum_are_mostly_left_alone():
    rng = random.Random(0)
    columns = [[str(rng.randrange(10, 1000)) for _ in range(rng.choice((3, 4, 5)))] for _ in range(2000)]
    assert sum(compared(column, ".") is not None for column in columns) < 30  # 1.5 %


@given(st.lists(st.integers(-(10**6), 10**6), min_size=2, max_size=20))
def test_every_right_sum_is_seen(values):
    assert compared([*map(str, values), str(sum(values))], ".").equal


@given(st.lists(st.text("0123456789.,-+?%$= ()a", max_size=8), max_size=8), st.sampled_from([".", ",", None]))
def test_any_column(texts, decimal):
    found = compared(texts, decimal)
    assert found is None or sentence(found, decimal)
