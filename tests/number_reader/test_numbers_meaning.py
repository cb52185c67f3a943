"""numbers.py: what the symbols of a line mean; a value is right, or there is none."""

import time
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from number_reader.numbers import numbers

ALPHABET = "0123456789.,-+/:%()$=×? "
KINDS = {"number", "percent", "money", "fraction", "date", "time", "telephone", "other"}
decimals = st.sampled_from([None, ".", ","])
amounts = st.decimals(min_value=-(10**15), max_value=10**15, places=4) | st.decimals(
    allow_nan=False, allow_infinity=False
)


def line(text):
    """Each symbol is 10 px wide."""
    return [(each, None if each == " " else (i % 3, 10 * i, 20 + i % 5, 10 * i + 10)) for i, each in enumerate(text)]


def meaning(text, decimal=None):
    """[(text, value as a text, kind)]"""
    found = numbers(line(text), decimal)
    return [(each.text, None if each.value is None else str(each.value), each.kind) for each in found]


def one(text, decimal=None):
    (found,) = numbers(line(text), decimal)
    return found


# --- a single number --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("-49.8920", "-49.8920", "number"),
        ("+1", "1", "number"),
        ("1,234.50", "1234.50", "number"),
        ("1.234,50", "1234.50", "number"),
        (".5", "0.5", "number"),
        ("1.2.3", None, "other"),
        ("15.08%", "15.08", "percent"),
        ("5 %", "5", "percent"),
        ("-4%", "-4", "percent"),
        ("5%%", None, "percent"),
        ("$12,738.50", "12738.50", "money"),
        ("$90,187,236.54", "90187236.54", "money"),
        ("238$", "238", "money"),
        ("$ 5", "5", "money"),
        ("-$5", "-5", "money"),
        ("$-5", "-5", "money"),
        ("5$6", None, "other"),
        ("7/8", "0.875", "fraction"),
        ("-7/8", "-0.875", "fraction"),
        ("30/1", "30", "fraction"),
        ("1/3", None, "fraction"),
        ("5/0", None, "fraction"),
        ("$7/8", None, "fraction"),
        ("2 1/2", None, "fraction"),
        ("09/18", None, "date"),
        ("12/27/93", None, "date"),
        ("12-26-70", None, "date"),
        ("1993-12-27", None, "date"),
        ("27.12.93", None, "date"),
        ("8/2/2", None, "other"),
        ("4:30", None, "time"),
        ("23:59:59", None, "time"),
        ("24:00", None, "other"),
        ("2:1", None, "other"),
        ("12: 30", None, "other"),
        ("12: ?0", None, "other"),
        ("4 / 10 / 94", None, "other"),
        ("974-3145", None, "telephone"),
        ("800-901-4678", None, "telephone"),
        ("1-800-5729", None, "telephone"),
        ("(408) 974-3145", None, "telephone"),
        ("(408)974-8980", None, "telephone"),
        ("1 (408) 974-3145", None, "telephone"),
        ("+1 (408) 974 3145", None, "telephone"),
        ("+44 20 7946 0958", None, "telephone"),
        ("+1-800-555-1234", None, "telephone"),
        ("030-1234567", None, "telephone"),
        ("408 974 3145", None, "other"),
        ("123-45-6789", None, "other"),
        ("10-3-2", None, "other"),
        ("-12-26-70", None, "other"),
        ("1 234 567", None, "number"),
        ("$1 234,50", None, "money"),
        ("+1 234 567", None, "number"),
        ("3. 14", None, "other"),
        ("3 .14", None, "other"),
        ("3 . 14", None, "other"),
        ("24.12.", None, "other"),
        ("- 5", None, "number"),
        ("+ 5", "5", "number"),
        ("--5", None, "number"),
        ("(5)", None, "number"),
        ("5,00-", None, "number"),
        ("(5-)", None, "number"),
        ("5.-", "5", "number"),
        ("($1,234.50)", None, "money"),
        ("?", None, "other"),
        ("?4", None, "other"),
        ("2-?", None, "other"),
        ("?$5", None, "other"),
    ],
)  # fmt: skip
def test_what_a_text_means(text, value, kind):
    found = one(text)
    assert (None if found.value is None else str(found.value), found.kind) == (value, kind)


@pytest.mark.parametrize("text", ["1.234", "-49,892", "$1,234", "12.345%"])
def test_what_can_be_read_in_two_ways_has_no_value_until_somebody_says_which(text):
    assert one(text).value is None
    assert one(text).kind != "other"
    assert {abs(one(text, ".").value), abs(one(text, ",").value)} in (
        {Decimal(1234), Decimal("1.234")}, {Decimal(49892), Decimal("49.892")}, {Decimal(12345), Decimal("12.345")}
    )  # fmt: skip


@pytest.mark.parametrize(("decimal", "value", "kind"), [(".", Decimal("24.12"), "number"), (",", None, "date")])
def test_a_day_and_a_month_are_no_decimals_where_a_comma_is_before_those(decimal, value, kind):
    assert (one("24.12.", decimal).value, one("24.12.", decimal).kind) == (value, kind)


# --- several ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("12+7=19", "12 7 19"),
        ("2-(3+4)", "2 3 4"),
        ("3 × 4", "3 4"),
        ("3×-4", "3 -4"),
        ("5-3", "5 3"),
        ("5--3", "5 -3"),
        ("5- 3", "5 3"),
        ("5-(3)", "5 3"),
        ("57-90", "57 90"),
        ("13+57-90", "13 57 90"),
        ("13+12-26-70", "13 12 26 70"),
        ("987 + 456 - 1230 × 76", "987 456 1230 76"),
        ("6 : = ( 3+7 ) - ( 8%2 )", "6 3 7 8 2"),
        ("55 : = ( 16×4 ) -9", "55 16 4 9"),
        ("94/623=15.08%", "None 15.08"),
        ("7/8-1/8=6/8", "0.875 0.125 0.75"),
        ("238$ + 154% = 366.52", "238 154 366.52"),
        ("12:4=3", "12 4 3"),
        ("20:10=2", "None 2"),
        ("8/2/2=2", "8 2 2 2"),
        ("= - 5", "-5"),
        ("2×(5)", "2 5"),
        ("(3)-5", "3 5"),
        ("12 -5", "12 None"),
        ("12 +5", "12 5"),
        ("12 -5 = 7", "12 5 7"),
        ("1, 2, 3", "1 2 3"),
        ("2345, -5", "2345 -5"),
        ("5,- 6", "5 None"),
        ("1234 567", "1234 567"),
        ("0 123", "0 123"),
        ("7 / 8", "7 8"),
        ("2.5/3", "2.5 3"),
        ("5 $6", "5 6"),
        ("12+?=19", "12 None 19"),
        ("? 5", "None None"),
        ("5 ? 3", "5 None 3"),
        ("12 ??", "12 None"),
        ("12 ???", "None"),
        ("3/7 6/4 12/5", "None 1.5 2.4"),
        ("-4.5565 27.3%", "-4.5565 27.3"),
        ("9:30-10:15", "None None"),
        ("4/10/94. 12", "None 12"),
        ("", ""),
        (".-(+)%$:/=×,", ""),
    ],
)  # fmt: skip
def test_what_a_line_is_worth(text, values):
    assert " ".join(str(each.value) for each in numbers(line(text))) == values


def test_texts_are_as_written_without_punctuation_operators_and_parentheses():
    assert meaning("(-5 % + $ 7.), 1,5.") == [
        ("-5 %", "-5", "percent"),
        ("$ 7", "7", "money"),
        ("1,5", "1.5", "number"),
    ]
    assert [text for text, _, _ in meaning("4/10/94. (408) 974-3145")] == ["4/10/94", "(408) 974-3145"]


# --- properties -------------------------------------------------------------------------------


@given(amounts, st.booleans(), st.sampled_from([".", ","]))
@example(Decimal("-0.00"), True, ",")
@example(Decimal("1E+20"), True, ".")
@example(Decimal("1.234"), False, ".")
def test_a_decimal_in_four_styles_is_itself(amount, grouped, decimal):
    plain = Decimal(f"{amount:f}")
    text = f"{plain:,f}" if grouped else f"{plain:f}"
    if decimal == ",":
        text = text.translate({ord("."): ",", ord(","): "."})
    found = one(text, decimal)
    assert (found.text, found.kind, found.value.as_tuple()) == (text, "number", plain.as_tuple())
    unsaid = one(text).value
    assert unsaid in (None, plain)
    for suffix, kind in (("%", "percent"), ("$", "money"), (" %", "percent")):
        assert one(text + suffix, decimal).value.as_tuple() == plain.as_tuple()
        assert one(text + suffix, decimal).kind == kind


@given(st.text(ALPHABET, max_size=30) | st.lists(st.sampled_from(ALPHABET), max_size=300).map("".join), decimals)
@example("5,-6", None)
def test_every_digit_is_in_one_number_and_nothing_is_raised(text, decimal):
    found = numbers(line(text), decimal)
    assert "".join(c for each in found for c in each.text if c in "0123456789?") == "".join(
        c for c in text if c in "0123456789?"
    )
    edge = -1
    for each in found:
        assert each.kind in KINDS
        assert each.value is None or (
            each.kind in ("number", "percent", "money", "fraction") and each.value.is_finite()
        )
        top, left, bottom, right = each.box
        assert edge <= left < right
        assert 0 <= top < bottom
        written = text[left // 10 : right // 10]
        assert " ".join(written.split()) == each.text
        used = [box for _, box in line(text)[left // 10 : right // 10] if box]
        assert (top, bottom) == (min(box[0] for box in used), max(box[2] for box in used))
        edge = right
    if decimal is None:
        said = [numbers(line(text), sign) for sign in ".,"]
        for each in found:
            same = [other for some in said for other in some if other.box == each.box]
            assert each.value is None or any(other.value == each.value for other in same)


@given(st.text(ALPHABET, max_size=20), decimals, st.data())
def test_a_refused_symbol_takes_the_value_of_what_it_may_belong_to(text, decimal, data):
    at = data.draw(st.integers(0, len(text)))
    for each in numbers(line(text[:at] + "?" + text[at:]), decimal):
        assert each.value is None or "?" not in each.text
        if each.box[1] <= 10 * at < each.box[3] + 10 and each.box[3] >= 10 * at:
            assert each.value is None  # it touches it
        if each.box[1] == 10 * at + 10:
            assert each.value is None or each.text[0] in "+"  # that parts sums


@given(st.text("0123456789?x€'", max_size=10))
def test_an_unknown_character_is_as_a_refused_one(text):
    assert meaning(text) == meaning("".join(c if c.isdigit() else "?" for c in text))


@pytest.mark.parametrize(
    "part", [".", "1.", "1,234", "1 ", "1 234 ", "1. ", "1-", "1 - ", "1/", "(", "(123) ", "+1 ", "$", "$-", "1%", "--", "?",
             "12:", "1 .", "+1-", "-", " -", "1 1/2 ", "9"],
)  # fmt: skip
def test_the_time_is_linear(part):
    seconds = []
    for count in (500, 4000):
        symbols = line(part * count)
        tries = []
        for _ in range(3):
            start = time.process_time()
            numbers(symbols, None)
            tries.append(time.process_time() - start)
        seconds.append(min(tries))
    assert seconds[1] <= 24 * seconds[0] + 0.05, seconds  # 64 times if it were quadratic
