"""What is struck out is refused, and its neighbours are read; bars of digits strike nothing out."""

import numpy as np
import pytest

from number_reader.page.struck import is_struck
from tests.number_reader.test_numbers import written
from training.data.strokes import draw

HIGH, PEN, LEFT = 60, 4, 20


def digit(text, lines=()):
    """Ink of a number HIGH px high, and lines across it (shares of its height) that stick out by 10 px."""
    strokes = written(text)[0]
    points = np.concatenate(strokes)
    scale = HIGH / np.ptp(points[:, 1])
    strokes = [(stroke - points.min(axis=0)) * scale + LEFT for stroke in strokes]
    wide = np.ptp(points[:, 0]) * scale
    across = [np.array([(LEFT - 10, LEFT + y * HIGH), (LEFT + wide + 10, LEFT + y * HIGH)]) for y in lines]
    return draw([np.asarray(stroke, np.float32) for stroke in strokes + across], PEN, (100, int(wide) + 2 * LEFT))


@pytest.mark.parametrize("text", "0123456789")
def test_digits_are_not_struck(text):
    assert not is_struck(digit(text), int(text))


@pytest.mark.parametrize("text", "0235689")
@pytest.mark.parametrize("lines", [(0.5,), (0.4, 0.6)])
def test_lines_through_a_digit_strike_it_out(text, lines):
    assert is_struck(digit(text, lines), int(text))


def test_a_dash_and_a_blank_are_not_struck():
    dash = np.zeros((30, 60), np.float32)
    dash[13:17, 5:55] = 1
    assert not is_struck(dash, 1)
    assert not is_struck(np.zeros((30, 60), np.float32), 1)
    assert not is_struck(np.zeros((0, 5), np.float32), 1)


def test_a_struck_digit_on_a_page_is_refused_and_its_neighbours_are_read(recognizer):
    ink = np.concatenate([digit("2"), digit("6", (0.5,)), digit("5")], axis=1)
    page = recognizer.read_page(np.rint(235 - 200 * ink).astype(np.uint8), symbols="digits")
    assert page.text.replace(" ", "") == "2?5"
    assert all(cell.confidence == 0 for row in page.rows for cell in row if "?" in cell.text)


def test_a_plus_is_not_struck_out(recognizer):
    plus = np.zeros((100, 70), np.float32)
    plus[48:52, 15:55] = plus[30:70, 33:37] = 1
    ink = np.concatenate([digit("2"), plus, digit("5")], axis=1)
    page = recognizer.read_page(np.rint(235 - 200 * ink).astype(np.uint8), symbols="sums")
    assert page.text.replace(" ", "") == "2+5"
