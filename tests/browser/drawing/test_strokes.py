"""The page hands over the strokes that are to be seen: with them digits are read that run into each other."""

import pytest

from number_reader import Recognizer
from tests.browser.hand import lay_out, number
from tests.browser.ink import pixels

RUN_TOGETHER = [("253", 0.55), ("53", 0.5)]  # text, spacing


@pytest.fixture(scope="module")
def pixels_read_as(site):
    """A function of the page: what its pixels alone are read as."""
    recognizer = Recognizer.load(site.model)
    return lambda page: recognizer.read(pixels(page)).text


def test_touching_digits_are_read(page, hand):
    hand.draw(lay_out("36", spacing=0.95))
    assert number(page) == "36"


@pytest.mark.parametrize(("text", "spacing"), RUN_TOGETHER)
def test_digits_that_run_into_each_other_are_read_by_their_strokes(page, hand, pixels_read_as, text, spacing):
    hand.draw(lay_out(text, spacing=spacing))
    assert number(page) == text
    assert pixels_read_as(page) != text, "so that the test would fail without the strokes"


def test_strokes_are_handed_over_after_undo_and_redo(page, hand, pixels_read_as):
    two = lay_out("53", spacing=0.5)
    hand.draw([*two, [(40, 40), (40, 360)]])
    assert number(page).replace(" ", "") == "153"
    hand.press("#undo")
    assert number(page) == "53" != pixels_read_as(page)
    hand.press("#undo")
    assert number(page) == "5"
    hand.press("#redo")
    assert number(page) == "53"


def test_strokes_are_handed_over_after_clear(page, hand, pixels_read_as):
    hand.draw(lay_out("364"))
    number(page)
    hand.press("#clear")
    hand.draw(lay_out("53", spacing=0.5))
    assert number(page) == "53" != pixels_read_as(page)


def test_undoing_clear_hands_the_strokes_over_again(page, hand, pixels_read_as):
    hand.draw(lay_out("53", spacing=0.5))
    hand.press("#clear")
    assert number(page) == ""
    hand.press("#undo")
    assert number(page) == "53" != pixels_read_as(page)


def test_strokes_of_several_brushes_are_handed_over(page, hand):
    five, two = lay_out("52", spacing=0.6)[:2], lay_out("52", spacing=0.6)[2:]
    hand.draw(five)
    page.fill("#brush", "12")
    hand.draw(two)
    assert number(page) == "52"


def test_a_stroke_that_leaves_the_pad_is_handed_over(page, hand):
    hand.draw([*lay_out("52", spacing=0.6), [(760, 60), (860, 200), (760, 340)]])
    assert number(page).startswith("52")
