"""A column's total, mean, smallest and largest are exact, however amounts come and go."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sheet import totals
from app.sheet.amounts import Amount, parse, written
from app.sheet.totals import Mean, Running, written_mean

ALIKE = st.lists(st.builds(Amount, st.integers(-(10**12), 10**12), st.integers(0, 6), st.just("")), max_size=20)
MIXED = st.lists(
    st.builds(Amount, st.integers(-99, 99), st.integers(0, 2), st.sampled_from(["", "%", "$", "€"])), max_size=5
)


def of(*texts):
    return [parse(text, ".") for text in texts]


def exact(amount):
    return Fraction(amount.value, 10**amount.scale)


@given(ALIKE)
def test_they_are_those_of_fractions(amounts):
    exacts = [exact(amount) for amount in amounts]
    found = [totals.total(amounts), totals.mean(amounts), totals.smallest(amounts), totals.largest(amounts)]
    if not amounts:
        assert found == [None] * 4
        return
    assert exact(found[0]) == sum(exacts)
    assert found[0].scale == max(amount.scale for amount in amounts)
    assert Fraction(found[1].above, found[1].below) == sum(exacts) / len(exacts)
    assert [exact(each) for each in found[2:]] == [min(exacts), max(exacts)]


@given(st.one_of(ALIKE, MIXED), st.data())
def test_what_is_taken_away_leaves_nothing_behind(amounts, data):
    running = Running(amounts)
    left = list(amounts)
    for _ in range(data.draw(st.integers(0, len(amounts)))):
        running.take(left.pop(data.draw(st.integers(0, len(left) - 1))))
    assert (running.count, running.total(), running.mean()) == (len(left), totals.total(left), totals.mean(left))


def test_the_finest_decimals_stay():
    assert written(totals.total(of("0.10", "0.20")), ".") == "0.30"
    running = Running(of("1", "0.10"))
    running.take(parse("0.10", "."))
    assert written(running.total(), ".") == "1"


def test_what_was_not_added_cannot_be_taken():
    for other in ("0.1", "$1"):
        with pytest.raises(KeyError, match="not added"):
            Running(of("1")).take(parse(other, "."))


@pytest.mark.parametrize(
    ("texts", "total"),
    [(["50%", "30%"], "80%"), (["$5", "3"], "$8"), (["-$5", "$3"], "-$2"), (["5", "3%"], None), (["$5", "3%"], None),
     (["$5", "€3"], None), ([], None)],
)  # fmt: skip
def test_units_that_do_not_go_together_have_no_total(texts, total):
    amounts = of(*texts)
    found = totals.total(amounts)
    assert (found and written(found, ".")) == total
    assert (totals.smallest(amounts) is None) == (totals.mean(amounts) is None) == (total is None)


@pytest.mark.parametrize(
    ("texts", "decimal", "shown"),
    [(["1", "2"], ".", "1.5"), (["1", "1", "2"], ".", "≈1.333333"), (["1", "1", "2"], ",", "≈1,333333"),
     (["$1", "0", "0"], None, "≈$0.333333"), (["-$2", "0", "0"], ".", "≈-$0.666667"), (["0.10", "0.30"], ".", "0.2"),
     (["1%", "0", "0%"], ".", None), (["0.01", "0", "0"], ".", "≈0.00333333"), (["50%", "30%"], ".", "40%")],
)  # fmt: skip
def test_a_mean_that_never_ends_is_marked(texts, decimal, shown):
    mean = totals.mean(of(*texts))
    assert (mean and written_mean(mean, decimal)) == shown


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**6))
def test_means_are_rounded_half_to_even(above, below):
    pair = Fraction(above, below)
    text = written_mean(Mean(pair.numerator, pair.denominator, ""), ".")
    number = Decimal(text.lstrip("≈"))
    if text[0] != "≈":
        assert Fraction(number) == pair
        return
    places = -number.as_tuple().exponent
    assert number == Decimal(round(pair * 10**places)).scaleb(-places)  # Fraction.__round__ is half to even
    assert abs(pair) >= Fraction(1, 10 ** (places - 5))  # six that count
