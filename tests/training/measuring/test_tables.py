"""Scores of pages: lines, cells, and what does not count."""

from hypothesis import given
from hypothesis import strategies as st

from training.measuring import tables

lines = st.lists(st.text("0123456789", min_size=1, max_size=5), max_size=4)


@given(lines)
def test_what_is_the_same_needs_no_edit(some):
    assert tables.line_edits(some, some) == 0


@given(lines, lines)
def test_edits_are_no_more_than_writing_all_anew(one, other):
    assert tables.line_edits(one, other) <= sum(map(len, one)) + sum(map(len, other))


def test_a_missing_line_costs_its_length():
    assert tables.line_edits(["12", "345"], ["345"]) == 2
    assert tables.line_edits(["12", "345"], ["12", "346"]) == 1


def test_cells_count_in_place_wherever_the_table_stands():
    truth = [["1", "2"], ["3", "."]]
    assert tables.cells_right(truth, [["x", "1", "2"], ["x", "3", ""]]) == (3, 3)
    assert tables.cells_right(truth, [["1", "2"], ["", "3"]]) == (2, 3)


def test_marks_and_words_do_not_count():
    read = tables.Read({"digits": "12\n3", "text": "", "kind": "note", "file": "a"}, [["1-", "2"], ["?"], ["3"]])
    assert read.is_exact
    assert read.right == (3, 3)
