"""tokens.py: a line is cut into amounts and single symbols, and nothing of it is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from number_reader.tokens import KNOWN, Tokens


def tokens_of(text):
    return Tokens([(each, None) for each in text])


@given(st.text(KNOWN + "?x", max_size=40))
def test_the_tokens_joined_are_the_line(text):
    line = tokens_of(text)
    assert "".join(line.tokens) == line.text
    assert line.text.replace(" ", "") == text.replace("x", "?").replace(" ", "")
    assert "  " not in line.text
    assert not line.text.startswith(" ")
    assert len(line.boxes) == len(line.unread) == len(line.text) == line.starts[-1]
    assert [line.text[start:].startswith(each) for start, each in zip(line.starts, line.tokens)] == [True] * len(
        line.tokens
    )


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("1,234.5.", ["1,234.5", "."]),
        ("-.5%", ["-", ".5", "%"]),
        ("?3 4", ["?3", " ", "4"]),
        ("1..2...", ["1..2", "..."]),
        ("(3+4)", ["(", "3", "+", "4", ")"]),
        ("  7  ", ["7", " "]),
    ],
)
def test_an_amount_is_one_token(text, tokens):
    assert tokens_of(text).tokens == tokens


@pytest.mark.parametrize(("text", "is_sum"), [("3+4", True), ("3 + 4", True), ("3=", True), ("3×4", True), ("5%+1", True)]
    + [("+1", False), ("$+1", False), ("3-4", False), ("7/8", False), ("", False)])  # fmt: skip
def test_a_sum_has_an_operator_that_is_no_sign(text, is_sum):
    assert tokens_of(text).sum is is_sum


def test_what_is_unread_reaches_to_the_next_operator_or_space():
    assert tokens_of("12-?3=4 5").unread == [True] * 5 + [False] * 4


def test_a_chain_ends_where_no_amount_is_linked():
    line = tokens_of("12-26/70- 5")
    assert line.chain(0) == 5
    assert not line.alone(0)
    assert line.alone(4)
