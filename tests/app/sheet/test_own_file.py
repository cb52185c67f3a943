"""The sheet's own file: what is saved opens the same; whatever else comes is refused with a sentence."""

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.sheet.keeping import own_file
from app.sheet.keeping.own_file import FileError, first_part, start_of, table_of

ENTRY = st.none() | st.tuples(st.text(max_size=5), st.booleans(), st.text(max_size=5), st.integers(0, 50))
ROWS = st.lists(st.lists(ENTRY, max_size=3), max_size=4)
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3), lambda inner: st.lists(inner, max_size=4)
)


def opened(data):
    start, end = start_of(data[: own_file.HEAD], len(data))
    return table_of(data[start:end].decode("utf-8", "replace"), len(data) - end)


def whole(rows):
    size = sum(each[3] for row in rows for each in row if each)
    return first_part(rows).encode() + bytes(size)


@given(ROWS)
@settings(max_examples=200, deadline=None)
def test_what_is_saved_opens_the_same(rows):
    table = opened(whole(rows))
    assert [[each and each[:3] for each in row] for row in table] == [
        [each and each[:3] for each in row] for row in rows
    ]
    sizes = [end - start for row in table for each in row if each for start, end in [each[3:]]]
    assert sizes == [each[3] for row in rows for each in row if each]


@given(ROWS, st.data())
@settings(max_examples=200, deadline=None)
def test_a_damaged_file_is_refused_or_is_a_table(rows, data):
    content = bytearray(whole(rows))
    place = data.draw(st.integers(0, len(content) - 1))
    if data.draw(st.booleans()):
        del content[place:]
    else:
        content[place] = data.draw(st.integers(0, 255))
    try:
        opened(bytes(content))
    except FileError as error:
        assert str(error)


@given(ANY)
@example([[["1", False, "", True]]])
@example([[["1", False, "", -1]]])
@example([[["1", 0, "", 0]]])
@settings(max_examples=300, deadline=None)
def test_other_json_is_refused(content):
    text = json.dumps(content)
    try:
        table = table_of(text, 0)
    except FileError:
        return
    assert all(each is None or len(each) == 5 for row in table for each in row)


@pytest.mark.parametrize(
    ("head", "size", "sentence"),
    [
        (b"PK\x03\x04", 100, own_file.FOREIGN),
        (b"number-reader-sheet 1 -5\n", 100, own_file.FOREIGN),
        (b"number-reader-sheet 1 99999999999999\n", 100, own_file.FOREIGN),
        (b"number-reader-sheet 1 9999999\n", 100, own_file.TOO_LARGE),
        (b"number-reader-sheet 2 5\n", 100, own_file.TOO_NEW),
        (b"number-reader-sheet 1 500\n", 100, own_file.DAMAGED),
        (b"number-reader-sheet 1 5\n", 10**9, own_file.TOO_LARGE),
    ],
)
def test_a_first_line_that_is_wrong_is_refused(head, size, sentence):
    with pytest.raises(FileError, match=sentence):
        start_of(head, size)


def test_json_that_is_too_deep_is_refused():
    with pytest.raises(FileError):
        table_of("[" * 100_000, 0)


def test_what_is_too_large_is_refused():
    for rows in (
        [[]] * (own_file.MOST_ROWS + 1),
        [[None] * (own_file.MOST_COLUMNS + 1)],
        [[["1" * 2_000, False, "", 0]]],
        [[["1", False, "", own_file.LARGEST_PICTURE + 1]]],
    ):
        with pytest.raises(FileError, match=own_file.TOO_LARGE):
            table_of(json.dumps(rows), own_file.LARGEST_PICTURE + 1)
