"""Brackets that have no fellow, and those of them that stand where nobody writes one."""

from dataclasses import dataclass

import pytest

from number_reader.labels import CHARACTERS
from number_reader.lattice.brackets import torn, unpaired


@dataclass
class Segment:
    label: int | None


def way_of(text):
    return [Segment(None if each == "?" else CHARACTERS.index(each)) for each in text]


@pytest.mark.parametrize(
    ("text", "lone", "inside"),
    [
        ("(12)", [], []),
        ("28(0", [2], [2]),
        ("28)0", [2], [2]),
        ("(28", [0], []),
        ("28)", [2], []),
        ("5(3+2)", [], []),
        ("((1)2", [0], []),
        ("1-(2", [2], []),
        ("1(?", [1], []),
        ("", [], []),
    ],
)
def test_which_have_no_fellow_and_which_stand_between_digits(text, lone, inside):
    way = way_of(text)
    places = {id(segment): k for k, segment in enumerate(way)}
    assert sorted(places[id(segment)] for segment in unpaired(way)) == lone
    assert sorted(places[each] for each in torn(way)) == inside
