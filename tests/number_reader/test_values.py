"""values.py: a text is worth what a person meant, exactly, or nothing is said."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from number_reader import values

amounts = st.decimals(min_value=0, max_value=10**30, allow_nan=False, allow_infinity=False).map(abs)


@pytest.mark.parametrize(
    ("text", "point", "comma"),
    [
        ("1.234", "1.234", "1234"),
        ("1,234", "1234", "1.234"),
        ("123.456", "123.456", "123456"),
        ("1.234.567", "1234567", "1234567"),
        ("1,234.5", "1234.5", "1234.5"),
        ("1.234,567", "1234.567", "1234.567"),
        ("0.123", "0.123", "0.123"),
        ("01.234", "01.234", "01.234"),
        ("1234.567", "1234.567", "1234.567"),
        ("12,50", "12.50", "12.50"),
        ("12,34,567", "1234567", "1234567"),
        (".5", "0.5", "0.5"),
        (".500", "0.500", "0.500"),
        ("007", "007", "007"),
    ],
)
def test_the_sign_before_decimals_decides_only_between_two_ways(text, point, comma):
    assert values.ways(text, ".") == [point]
    assert values.ways(text, ",") == [comma]
    assert values.ways(text, None) == sorted({point, comma})


@pytest.mark.parametrize(
    "text", ["1.2.3", "1..2", "..5", "1,234.567,8", "1.23.456", "0,123.5", "1234,567.8", "1,2,3", ""]
)
@pytest.mark.parametrize("decimal", [None, ".", ","])
def test_what_nobody_writes_has_no_way(text, decimal):
    assert values.ways(text, decimal) == []


@given(amounts, st.sampled_from([".", ","]))
def test_no_digit_is_lost(amount, decimal):
    text = f"{amount:f}".replace(".", decimal)
    (way,) = values.ways(text, decimal)
    assert values.decimal_of(way).as_tuple() == Decimal(f"{amount:f}").as_tuple()


@given(st.text("0123456789.,", max_size=12))
def test_there_are_two_ways_at_most_and_each_has_the_digits(text):
    for way in values.ways(text, None):
        assert way.replace(".", "") in (text.replace(".", "").replace(",", ""), "0" + text[1:])
        assert values.decimal_of(way).is_finite()
    assert len(values.ways(text, None)) <= 2


@given(st.integers(0, 10**20 - 1), st.integers(0, 10**20 - 1))
@example(1, 2**66)
@example(10**20 - 1, 5**28)
@example(7, 0)
@example(1, 10**19)
def test_a_fraction_is_exact_or_none(above, below):
    found = values.quotient(str(above), str(below))
    if found is not None:
        assert Fraction(values.decimal_of(found)) == Fraction(above, below)
    else:
        rest = Fraction(above, below or 3).denominator  # whose decimals never end
        while rest % 2 == 0:
            rest //= 2
        while rest % 5 == 0:
            rest //= 5
        assert rest > 1 or not below


def test_a_fraction_that_nobody_writes_is_none():
    assert values.quotient("1" * 21, "1") is None
    assert values.quotient("1", "1" * 10_000) is None


@pytest.mark.parametrize("text", ["12-27-93", "27-12-93", "1-2-2003", "2003-12-27", "29-2-04", "31-12-1999"])
def test_a_date(text):
    assert values.is_date(text.split("-"))


@pytest.mark.parametrize(
    "text", ["13-13-93", "0-1-93", "32-1-93", "1-2-3", "1-2-123", "2003-13-1", "12-27", "123-1-93", "1-1-1-93"]
)
def test_no_date(text):
    assert not values.is_date(text.split("-"))


@pytest.mark.parametrize(
    "text", ["974-3145", "800-901-4678", "1-800-5729", "1-800-901-4678", "0171-123456", "01-23-45-67-89"]
)
def test_a_telephone_number(text):
    assert values.is_telephone(text.split("-"))


@pytest.mark.parametrize("text", ["5-3", "4-5619", "57-90", "123-45-6789", "01-2", "01-2345678901234567"])
def test_no_telephone_number(text):
    assert not values.is_telephone(text.split("-"))
