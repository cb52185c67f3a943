"""reading.py: what a symbol reads, and where a line has spaces."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from number_reader import Reading, Symbol
from number_reader.labels import CHARACTERS, DIGITS, MARKS
from number_reader.reading import FAR, NARROWEST, SMALL, USUAL, spaced, without_specks

GLYPH = np.zeros((28, 28), np.uint8)
POINT = CHARACTERS.index(".")


def symbol(label, left=0, width=20, height=30, likest=None):
    """A Symbol whose best candidate is `likest`, its label if that is None."""
    best = label if likest is None else likest
    return Symbol(label, 0.9, [(best, 0.9), (8, 0.05)], (0, left, height, left + width), GLYPH, [], 0.0)


@pytest.mark.parametrize("label", [*DIGITS, *MARKS])
def test_a_symbol_reads_its_character(label):
    assert symbol(label).character == CHARACTERS[label]
    assert symbol(label).is_mark == (label in MARKS)


def test_what_is_refused_reads_as_a_question_mark_whatever_it_is_like():
    assert symbol(None, likest=3).character == symbol(None, likest=POINT).character == "?"
    assert [symbol(None, likest=label).is_mark for label in (3, POINT)] == [False, True]


def test_digits_and_marks_share_out_the_symbols():
    row = [symbol(1), symbol(POINT), symbol(None, likest=POINT), symbol(None, likest=7), symbol(5)]
    reading = Reading("1.??5", row, [])
    assert reading.digits == [row[0], row[3], row[4]]
    assert reading.marks == [row[1], row[2]]


def text_of(row):
    return "".join(character for character, _ in spaced(row))


ROOM = 20 * (1 + USUAL)  # for one more digit, where a line says nothing of its own gaps


@pytest.mark.parametrize(("gap", "text"), [(ROOM - 1, "12"), (ROOM, "1 2"), (90, "1 2"), (-5, "12")])
def test_a_gap_with_room_for_one_more_digit_is_one_space(gap, text):
    assert text_of([symbol(1), symbol(2, round(20 + gap))]) == text


@pytest.mark.parametrize("gap", [5, 25, 60])
def test_digits_that_stand_as_far_apart_as_all_in_their_line_are_one_number(gap):
    lefts = [k * (20 + gap) for k in range(5)]
    assert text_of([symbol(8, left) for left in lefts]) == "88888"
    lefts[3:] = [left + 30 for left in lefts[3:]]
    assert text_of([symbol(8, left) for left in lefts]) == "888 88"


def test_digits_that_touch_leave_no_less_than_a_digit_for_a_space():
    row = [symbol(1, 0), symbol(2, 10), symbol(3, 20), symbol(4, 60)]
    assert text_of(row) == "123 4"
    assert text_of([*row[:3], symbol(4, 59)]) == "1234"


def test_a_digit_counts_as_no_narrower_than_a_share_of_its_height():
    narrow = NARROWEST * 30  # each counts as so wide, and the gap is counted from there
    pitch = narrow * (2 + USUAL)
    assert text_of([symbol(1, 0, 2), symbol(1, int(pitch) - 1, 2)]) == "11"
    assert text_of([symbol(1, 0, 2), symbol(1, int(pitch) + 1, 2)]) == "1 1"


def test_a_point_far_from_all_else_says_nothing():
    near, far = symbol(POINT, 25, 2, 2), symbol(POINT, 70, 2, 2)
    assert without_specks([symbol(1), near]) == [symbol(1), near]
    assert without_specks([symbol(1), far]) == [symbol(1)]
    assert without_specks([far]) == []
    assert without_specks([far, symbol(1, 75)]) == [far, symbol(1, 75)]
    assert without_specks([symbol(None, likest=POINT)]) == [symbol(None, likest=POINT)], "what is refused stays"


@pytest.mark.parametrize("label", [CHARACTERS.index("-"), None])
def test_a_small_rest_of_something_far_from_all_else_says_nothing(label):
    digit = symbol(3, 0, 20, 30)

    def rest(left, high=4):
        return symbol(label, left, 4, high, likest=CHARACTERS.index("-"))

    assert without_specks([digit, rest(20 + FAR * 20 + 1)]) == [digit]
    assert without_specks([digit, near := rest(20 + FAR * 20 - 1)]) == [digit, near]
    assert without_specks([digit, large := rest(200, 30 * SMALL + 1)]) == [digit, large]
    assert without_specks([alone := rest(0)]) == [alone], "what stands alone is what a person drew"


def test_a_gap_is_measured_from_what_reaches_farthest_to_the_right():
    assert text_of([symbol(1, 0, 60), symbol(POINT, 20, 3), symbol(2, 70), symbol(3, 95)]) == "1.23"


def test_marks_say_nothing_of_how_wide_a_digit_is():
    row = [symbol(1), symbol(POINT, 21, 2, 2), symbol(POINT, 24, 2, 2), symbol(POINT, 27, 2, 2), symbol(2, 40)]
    assert text_of(row) == "1...2"


def test_a_line_of_marks_alone_has_no_spaces():
    assert text_of([symbol(POINT, 0, 2), symbol(POINT, 500, 2)]) == ".."


@given(st.lists(st.tuples(st.sampled_from([*DIGITS, *MARKS]), st.integers(0, 300), st.integers(1, 60)), min_size=1))
def test_spaces_stand_between_symbols_and_all_symbols_stay(drawn):
    row = [symbol(label, left, width) for label, left, width in sorted(drawn, key=lambda each: each[1])]
    written = spaced(row)
    assert [each for each in written if each[0] != " "] == [(each.character, each.box) for each in row]
    assert "  " not in text_of(row)
    assert text_of(row).strip() == text_of(row)
    assert all(box is None for character, box in written if character == " ")
