"""app/symbols.py: the page's own table of labels is that of the reader, and each mark has a name that can be heard."""

import runpy
from pathlib import Path

import pytest

from number_reader import labels

PAGE = runpy.run_path(str(Path(__file__).parents[2] / "site" / "app" / "symbols.py"))


def test_labels_characters_and_modes_are_those_of_the_reader():
    assert PAGE["CHARACTERS"] == labels.CHARACTERS
    assert PAGE["MODES"] == labels.MODES
    assert (PAGE["DIGITS"], PAGE["MARKS"]) == (labels.DIGITS, labels.MARKS)
    assert PAGE["CALLED"].keys() == labels.MODES.keys()


def test_each_mark_has_a_name_of_its_own():
    names = [PAGE["name"](label) for label in labels.MARKS]
    assert len(set(names)) == len(names)
    assert PAGE["NAMES"].keys() == {labels.CHARACTERS[label] for label in labels.MARKS}
    assert all(name.replace(" ", "").isalpha() for name in names)


@pytest.mark.parametrize(
    ("label", "one", "several"),
    [(4, "a 4", "4s"), (8, "an 8", "8s"), (13, "a point", "points"), (17, "a slash", "slashes"),
     (20, "an opening bracket", "opening brackets"), (23, "an equals sign", "equals signs")],
)  # fmt: skip
def test_sentences_call_it_by_its_name(label, one, several):
    assert PAGE["a"](label) == one
    assert PAGE["many"](label) == several


def test_how_many_digits_and_marks_there_are():
    counted = PAGE["counted"]
    assert [counted(each) for each in ([], [1], [1, 2], [13], [13, 3], [13, 14, 3, 3])] == [
        "0 digits", "1 digit", "2 digits", "1 mark", "1 digit and 1 mark", "2 digits and 2 marks",
    ]  # fmt: skip


def test_a_text_is_spoken_with_its_marks():
    spoken = PAGE["spoken"]
    assert spoken("17") == "17"
    assert spoken("-3.14 50%\n?") == "minus sign 3 point 14 50 percent sign, ?"
