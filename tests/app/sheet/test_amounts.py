"""What a cell is worth: exactly, never otherwise than the reader says, and nothing in doubt."""

from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.sheet import amounts
from app.sheet.amounts import Amount, parse, plain, why_not, written
from number_reader.numbers import numbers

SIGNS = st.sampled_from([".", ",", None])
# Texts near those that are numbers, and what people write.
NUMBERS = st.from_regex(
    r"\(?[-+]?\$? ?[-+]?[0-9]{0,4}([.,'][0-9]{2,3}){0,3}([.,][0-9]{0,3})? ?[%$]?\)?[-.,]?",
    fullmatch=True,
    alphabet=" -~",
)
MARKED = st.text("0123456789.,-+/:%()$=×? ", max_size=12)
AMOUNTS = st.builds(Amount, st.integers(-(10**20), 10**20), st.integers(0, 8), st.sampled_from(["", *amounts.UNITS]))


def read(text, decimal):
    """What the reader finds in a text that is all of a line."""
    return numbers([(each, None if each == " " else (0, i, 1, i + 1)) for i, each in enumerate(text)], decimal)


def worth(amount):
    return Decimal(amount.value).scaleb(-amount.scale)


@given(st.one_of(NUMBERS, MARKED), SIGNS)
@example("(5)", None)
@example("1.234", None)
@example("12 -5", ".")
@example("24.12.", ",")
@example("5-", ".")
@settings(max_examples=600)
def test_a_cell_is_worth_what_the_reader_says_or_nothing(text, decimal):
    ours, theirs = parse(text, decimal), read(text, decimal)
    if ours is None:
        assert why_not(text, decimal)
        return
    assert why_not(text, decimal) == ""
    [number] = theirs
    if text.strip()[0] == "(":  # a line with it may mean anything, a cell does not
        assert number.value is None
        assert worth(ours) == -worth(parse(text.strip()[1:-1], decimal))
        return
    assert number.text == text.strip()
    assert number.value == worth(ours)
    assert number.kind == {"": "number", "%": "percent"}.get(ours.unit, "money")


@given(
    st.from_regex(r"[-+]?\$?([0-9]{1,6}|[1-9][0-9]{0,2}([.,][0-9]{3}){1,3})([.,][0-9]{1,3})?%?", fullmatch=True), SIGNS
)
@settings(max_examples=200)
def test_what_the_reader_values_has_an_amount(text, decimal):
    [number] = read(text, decimal)
    amount = parse(text, decimal)
    assert (None if amount is None else worth(amount)) == number.value


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("7", (7, 0, "")), ("007", (7, 0, "")), ("-5", (-5, 0, "")), ("+5", (5, 0, "")), ("\u22125", (-5, 0, "")),
        ("(12)", (-12, 0, "")), ("($1.50)", (-150, 2, "$")), ("( 12 )", (-12, 0, "")), ("(5%)", (-5, 0, "%")),
        ("$5", (5, 0, "$")), ("5 $", (5, 0, "$")), ("-$5", (-5, 0, "$")), ("$-5", (-5, 0, "$")), ("$ 5", (5, 0, "$")),
        ("1.234,50 €", (123450, 2, "€")), ("50%", (50, 0, "%")), ("5 %", (5, 0, "%")), ("-2.5%", (-25, 1, "%")),
        ("0.10", (10, 2, "")), (".5", (5, 1, "")), ("-.5", (-5, 1, "")), (",5", (5, 1, "")),
        ("1,234.5", (12345, 1, "")), ("1.234.567", (1234567, 0, "")), ("12,34,567", (1234567, 0, "")),
        ("1'234.50", (123450, 2, "")), ("1’234", (1234, 0, "")), ("1'234.567", (1234567, 3, "")),
        ("1\u00a0234,5", (12345, 1, "")), ("1\u202f234\u202f567", (1234567, 0, "")), ("5\u00a0%", (5, 0, "%")),
        (" 12\t", (12, 0, "")), ("123456789012345678901234567890", (123456789012345678901234567890, 0, "")),
    ],
)  # fmt: skip
def test_amounts(text, amount):
    assert parse(text, None) == amount


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "12/27/93", "27.12.93", "2026-11-29", "12:30", "23:59:59", "974-3145", "(408) 974-3145", "+49 30 1234567",
        "1?2", "?", "12 34", "1 234", "5-3", "1/2", "2 1/2", "12+7", "12+7=19", "5-", "5,-", "- 5", "+ 5", "--5", "+-5",
        "(-5)", "((5))", "(5", "5)", "()", "$", "%", "-", "%5", "$5$", "$5%", "5%%", "5%$", "$ -5", "5.", "5,", "1,,2",
        "1.2.3", "1,23,4", "0,123,456", "1'23", "1'234'5", "'5", "5'", "1'234,567.8", "1e5", "0x10", "½", "²", "٣", "five",
        "5 apples", "1_000", "inf", "NaN", "1" * 61, "12,345,67", "5\u00a0\u00a0%", "\ufeff5",
    ],
)  # fmt: skip
def test_no_amounts(text):
    for decimal in (".", ",", None):
        assert parse(text, decimal) is None
        assert why_not(text, decimal).endswith(".")


def test_in_doubt_the_sign_before_decimals_decides():
    assert [parse("1.234", sign) for sign in (".", ",", None)] == [(1234, 3, ""), (1234, 0, ""), None]
    assert why_not("1.234", None) == "It can be read two ways: 1.234 or 1234."
    assert why_not("1,234", None) == "It can be read two ways: 1234 or 1,234."
    assert parse("3.14", ",") == (314, 2, "")  # one way only


@pytest.mark.parametrize(
    ("text", "why"),
    [("", "It is empty."), ("1?", "A symbol in it could not be read."), ("12:30", "It is not a single number."),
     ("1" * 61, "It has more than 60 characters.")],
)  # fmt: skip
def test_a_sentence_says_why_there_is_none(text, why):
    assert why_not(text, ".") == why


@given(AMOUNTS, SIGNS)
def test_what_is_written_is_read_again(amount, decimal):
    again = parse(written(amount, decimal), decimal or ".")
    assert again == amount


def test_an_amount_keeps_its_decimals_and_its_mark():
    assert written(Amount(30, 2, ""), ".") == "0.30"
    assert written(Amount(-30, 2, "$"), ",") == "-$0,30"
    assert written(Amount(80, 0, "%"), None) == "80%"
    assert [written(Amount(-30, 2, "€"), sign) for sign in (".", ",", None)] == ["-€0.30", "-0,30 €", "-€0.30"]


@pytest.mark.parametrize(
    ("text", "decimal", "expected"),
    [("1,234.50", ".", "1234.50"), ("1.234,50", ",", "1234,50"), ("(12)", ".", "-12"), ("\u22125", ".", "-5"),
     ("+5", ".", "5"), ("1.234", None, "1.234"), ("12:30", ".", "12:30"), ("3.14", ",", "3,14"), (" 5 %", ".", "5%"),
     ("1.234,50 €", ",", "1234,50 €"), ("€1,234.50", ".", "€1234.50"), ("€1.234,50", ",", "€1234,50"),
     ("(1,000$)", ".", "-1000$"), ("5\u00a0€", ",", "5 €"), ("$-5", ".", "-$5")],
)  # fmt: skip
def test_plain_texts_have_no_groups(text, decimal, expected):
    assert plain(text, decimal) == expected


@given(st.text(max_size=70), SIGNS)
def test_any_text_is_an_amount_or_has_a_reason(text, decimal):
    assert (parse(text, decimal) is None) == bool(why_not(text, decimal))
