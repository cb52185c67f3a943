"""What is said of a line of the mode Sums: exactly, in a plain sentence, and nothing where nothing is asked."""

import re
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.sheet import expressions
from app.sheet.expressions import evaluate

KINDS = {"answer", "right", "rounded", "wrong", "unsure", "refused", "offered", "nothing"}


def said(text, decimal="."):
    verdict = evaluate(text, decimal)
    return verdict.kind, verdict.said


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("12+7=", "19"), ("12 + 7 =", "19"), ("5=", "5"), ("2+3×4=", "14"), ("(2+3)×4=", "20"), ("8:2×4=", "16"),
        ("12/6/2=", "1"), ("7-2-3=", "2"), ("-5+3=", "-2"), ("5--3=", "8"), ("5×-3=", "-15"), ("-(2+3)=", "-5"),
        ("+5+5=", "10"), ("1/3=", "≈0.333333"), ("-2/3=", "≈-0.666667"), ("1/2+1/3=", "≈0.833333"), ("1/3×3=", "1"),
        ("0.1+0.2=", "0.3"), (".5+.5=", "1"), ("1,234.5+1=", "1235.5"), ("1/8=", "0.125"), ("12:30=", "0.4"),
        ("50%=", "0.5"), ("50%×200=", "100"), ("200×10%=", "20"), ("10%+20%=", "0.3"), ("-50%=", "-0.5"), ("(5+5)%=", "0.1"),
        ("200+10%×200=", "220"), ("$5+$3=", "8"), ("5$×2=", "10"), ("2*3=", "6"), ("2x3=", "6"), ("6÷3=", "2"),
        ("6\u22122=", "4"), ("((((2))))=", "2"), ("1/1024=", "0.0009765625"), ("1/300=", "≈0.00333333"), ("0/5=", "0"),
    ],
)  # fmt: skip
def test_what_is_asked_is_answered(text, shown):
    verdict = evaluate(text, ".")
    assert (verdict.kind, verdict.shown) == ("answer", shown)
    assert verdict.said == f"{text.strip('= ')} {'≈' if '≈' in shown else '='} {shown.strip('≈')}"


def test_an_exact_fraction_is_kept():
    assert evaluate("2/6=", ".").value == (1, 3)


@pytest.mark.parametrize(
    "text", ["12+7=19", "19=12+7", "2+3=5=5", "2+3=4+1", "1/2=0.5", "1/3=2/6", "50%=0.5", "5=5=", "7=7"]
)
def test_what_is_right_is_called_so(text):
    assert said(text) == ("right", "Right.")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("12+7=20", "12+7 is 19, not 20."), ("20=12+7", "12+7 is 19, not 20."), ("2+3=5+1=6", "2+3 is 5, and 5+1 is 6."),
        ("2/3=0.66", "2/3 is ≈0.666667, not 0.66."), ("10/3=3", "10/3 is ≈3.333333, not 3."), ("5=6", "5 is not 6."),
        ("2.5×3.33=8.3", "2.5×3.33 is 8.325, not 8.3."), ("50%=50", "50% is 0.5, not 50."), ("2+3=5=6", "2+3 is 5, not 6."),
        ("1/3=-0.33", "1/3 is ≈0.333333, not -0.33."), ("1/2=0.6", "1/2 is 0.5, not 0.6."),
        ("1/2=0.50001", "1/2 is 0.5, not 0.50001."),
        ("1/3=33%", "1/3 is ≈0.333333, and 33% is 0.33."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_put_right(text, sentence):
    assert said(text) == ("wrong", sentence)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("1/3=0.33", "Right to 2 decimal places: 1/3 ≈ 0.333333"), ("2/3=0.7", "Right to 1 decimal place: 2/3 ≈ 0.666667"),
     ("1/8=0.13", "Right to 2 decimal places: 1/8 = 0.125"), ("1/8=0.12", "Right to 2 decimal places: 1/8 = 0.125"),
     ("-0.33=-1/3", "Right to 2 decimal places: -1/3 ≈ -0.333333")],
)  # fmt: skip
def test_what_was_rounded_is_right_to_its_places(text, sentence):
    assert said(text) == ("rounded", sentence)


@pytest.mark.parametrize("text", ["3+4", "2×3", "(1+2)"])
def test_a_sum_that_is_not_asked_for_is_offered(text):
    assert evaluate(text, ".").kind == "offered"


@pytest.mark.parametrize(
    "text",
    ["", " ", "12:30", "12/27/93", "27.12.93", "974-3145", "5-3", "7/8", "2:1", "50%", "-5", "+5", "$5", "5 6", "3+", "3+?",
     "3+4/0", "(3+4", "hello"],
)  # fmt: skip
def test_without_an_equals_sign_nothing_is_said_of_the_rest(text):
    assert evaluate(text, ".") == ("nothing", "", None, "")


@pytest.mark.parametrize(
    ("text", "kind", "sentence"),
    [
        ("3+?=7", "unsure", "A symbol in it could not be read."), ("?=", "unsure", "A symbol in it could not be read."),
        ("1.234+1=", "unsure", "1.234 can be read two ways: 1.234 or 1234."),
        ("5/0=", "refused", "Nothing can be divided by zero."), ("5/(2-2)=5", "refused", "Nothing can be divided by zero."),
        ("0/0=", "refused", "Nothing can be divided by zero."),
        ("2++=", "refused", "A number is missing at its end."), ("2+=5", "refused", "A number is missing at its end."),
        ("=5", "refused", "One side of an equals sign is empty."), ("=", "refused", "One side of an equals sign is empty."),
        ("1==1", "refused", "One side of an equals sign is empty."),
        ("200+10%=", "refused", expressions.PERCENT), ("200+(10%)=220", "refused", expressions.PERCENT),
        ("2(3)=", "refused", '"(" cannot stand where it does.'), ("(2)3=", "refused", '"3" cannot stand where it does.'),
        ("2+×3=", "refused", '"×" stands where a number is expected.'), ("5%%=", "refused", '"%" cannot stand where it does.'),
        ("1 2+3=", "refused", "Two numbers stand side by side."), ("2 1/2=", "refused", "Two numbers stand side by side."),
        ("(1+2=3", "refused", "A bracket is not closed."), ("1+2)=3", "refused", '")" cannot stand where it does.'),
        ("1.2.3+1=", "refused", '"1.2.3" stands where a number is expected.'),
        ("2+3.=", "refused", '"3." stands where a number is expected.'),
        ("a+1=", "refused", '"a" belongs in no sum.'), ("1'=", "refused", '"1\'" stands where a number is expected.'),
        ("()=", "refused", '")" stands where a number is expected.'),
        ("(" * 30 + "1" + ")" * 30 + "=", "refused", "There are too many brackets in brackets."),
        ("1+" * 150 + "1=", "refused", "A sum may have 200 characters."),
        ("×".join(["9999999"] * 20) + "=", "refused", "The result has more than 40 digits."),
        ("/".join(["9999999"] * 20) + "=", "refused", "The result is too close to zero to be written here."),
    ],
)  # fmt: skip
def test_a_sentence_says_why_nothing_sure_can_be_said(text, kind, sentence):
    assert said(text, None) == (kind, sentence)


def test_the_decimal_sign_is_the_persons():
    assert evaluate("1,5+1=", ",").shown == "2,5"
    assert evaluate("1,5+1=", None).shown == "2,5"
    assert evaluate("1/2=", ",").shown == "0,5"
    assert evaluate("1.234+1=", ",").shown == "1235"
    assert evaluate("1/3=0,33", ",").said == "Right to 2 decimal places: 1/3 ≈ 0,333333"


EXPRESSIONS = st.recursive(
    st.integers(0, 9999).map(str) | st.decimals(0, 999, places=2).map(str),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-×/"), inner).map(lambda parts: "({}{}{})".format(*parts)),
        inner.map("(-{})".format),
    ),
    max_leaves=8,
)


@given(EXPRESSIONS, st.sampled_from(["", "+1", "×3", "-0.5"]))
@settings(max_examples=150)
def test_values_are_those_of_fractions(text, more):
    text += more
    python = re.sub(r"[0-9.]+", r"Fraction('\g<0>')", text.replace("×", "*"))
    verdict = evaluate(text + "=", ".")
    try:
        value = eval(python)
    except ZeroDivisionError:
        assert verdict.said == "Nothing can be divided by zero."
        return
    if verdict.kind == "answer":
        assert Fraction(*verdict.value) == value
        assert evaluate(f"{text}={text}", ".").kind in ("right", "refused")  # too long for a line
        assert evaluate(f"{text}=({text}+1)", ".").kind in ("wrong", "refused")
    else:
        assert verdict.kind == "refused"
        assert abs(value) >= 10**40 or len(text) >= 200


@given(
    st.text("0123456789.,-+/:%()$=×? '€*xa\n", max_size=40) | st.text(max_size=250), st.sampled_from([".", ",", None])
)
@settings(max_examples=200)
def test_any_text_ends_in_a_verdict(text, decimal):
    verdict = evaluate(text, decimal)
    assert verdict.kind in KINDS
    assert (verdict.value is None) == (verdict.shown == "")
    assert (verdict.said == "") == (verdict.kind == "nothing")
    assert (verdict.kind in ("nothing", "offered")) or "=" in text
