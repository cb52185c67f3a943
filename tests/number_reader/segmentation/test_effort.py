"""effort.py: what may be spent on one picture, and what becomes of a picture that would take more."""

import numpy as np
import pytest

from number_reader.segmentation import effort
from number_reader.segmentation.effort import Effort, TooMuch
from number_reader.segmentation.pen import PenPieces
from number_reader.segmentation.pieces import InkPieces
from tests.number_reader import hand
from training.data.strokes import draw


def test_all_of_it_can_be_spent_and_no_more():
    left = Effort(10)
    left.spend(4)
    left.spend(6)
    with pytest.raises(TooMuch):
        left.spend(0.1)


def test_once_it_is_spent_nothing_is_left_for_less():
    left = Effort(10)
    with pytest.raises(TooMuch):
        left.spend(11)
    with pytest.raises(TooMuch):
        left.spend(0.5)


def test_each_picture_may_spend_as_much():
    Effort().spend(effort.MOST)
    with pytest.raises(TooMuch):
        Effort().spend(effort.MOST + 1)


def test_what_is_too_much_from_strokes_is_read_from_pixels_and_what_is_too_much_at_all_is_nothing(
    recognizer, monkeypatch
):
    ink = hand.row("71", shape=(240, 400))
    strokes = [np.array(s) * 150 + (40 + 180 * k, 40) for k, digit in enumerate((7, 1)) for s in hand.DIGITS[digit]]
    picture = hand.black_in_alpha(ink)

    def spends_all(self, numbers):
        self._effort.spend(effort.MOST + 1)

    monkeypatch.setattr(PenPieces, "ink", spends_all)
    assert recognizer.read(picture, strokes).text == "71"
    monkeypatch.setattr(InkPieces, "ink", spends_all)
    nothing = recognizer.read(picture, strokes)
    assert (nothing.text, nothing.digits) == ("", [])


def test_a_larger_piece_and_a_longer_stroke_cost_more():
    def spent(pieces):
        before = pieces._effort.left
        pieces.ink([0])
        return before - pieces._effort.left

    small, large = (hand.ink(0, height, 20, shape=(800, 800)) for height in (100, 700))
    assert spent(InkPieces(small)) + 1 < spent(InkPieces(large))
    down = np.array([[20, 20], [20, 180]])
    zigzag = np.array([[20 + 160 * (k % 2), 20 + 16 * k] for k in range(11)])
    few, many = (PenPieces(draw([stroke], 6, (200, 200)), [stroke]) for stroke in (down, zigzag))
    assert 1 < spent(few) < spent(many) - 1
