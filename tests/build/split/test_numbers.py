"""LEB128: what is written is read again, and nothing is read beyond the end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from building.split.numbers import Reader, SplitError, signed, unsigned, vector


@given(st.integers(0, 2**32 - 1))
def test_what_is_written_is_read_again(value):
    at = Reader(unsigned(value))
    assert (at.unsigned(), at.has_more) == (value, False)


@pytest.mark.parametrize(
    ("value", "data"), [(0, "00"), (63, "3f"), (64, "c000"), (-64, "40"), (-65, "bf7f"), (128, "8001")]
)
def test_signed_numbers(value, data):
    assert signed(value).hex() == data


@pytest.mark.parametrize("data", ["", "80", "ffffffff7f", "808080808000"])
def test_what_is_no_number_below_2_to_the_32_is_refused(data):
    with pytest.raises(SplitError):
        Reader(bytes.fromhex(data)).unsigned()


def test_nothing_is_taken_beyond_the_end():
    with pytest.raises(SplitError):
        Reader(b"\5abc").sized()
    with pytest.raises(SplitError):
        Reader(b"\xff" * 20).skip_number()
    assert vector([b"a", b"bc"]) == b"\2abc"
