"""Walking a body: where it names functions, and what is refused because it is not known."""

import pytest

from building.split.numbers import SplitError
from building.split.opcodes import named


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ("00 10 05 0b", [(0x10, 5, 2, 3)]),
        ("01 02 7f 41 10 1a 12 85 01 0b", [(0x12, 133, 7, 9)]),  # the 10 is a number
        ("00 d2 03 1a 0b", [(0xD2, 3, 2, 3)]),
        ("00 44 1010101010101010 1a 0b", []),
        ("00 0e 02 10 10 10 0b", []),  # br_table
        ("00 1f 40 02 00 10 10 02 10 10 01 0b 0b", [(0x10, 1, 10, 11)]),  # a try_table of two handlers
        ("00 fc 08 07 00 0b", [(0xFC, 7, 3, 4)]),  # memory.init
        ("00 28 02 10 1a 1c 01 10 0b", []),  # a load, a select with its type
    ],
)
def test_named(body, places):
    assert list(named(bytes.fromhex(body))) == places


@pytest.mark.parametrize(
    "body",
    [
        "00 fd 00 0b",  # vectors
        "00 fe 00 0b",  # threads
        "00 fc 30 0b",
        "00 14 00 0b",  # call_ref
        "00 28 42 00 00 0b",  # of another memory
        "00 1f 40 01 09 00 0b",  # a handler of no kind
        "00 10",
        "00 10 05",
        "00 44 00 0b",
        "",
    ],
)
def test_what_is_not_known_is_refused(body):
    with pytest.raises(SplitError):
        list(named(bytes.fromhex(body)))
