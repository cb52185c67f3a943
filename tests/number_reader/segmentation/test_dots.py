"""dots.py: drawings of a dotted or dashed pen, and drawings that only have many marks."""

import numpy as np
import pytest

from number_reader.segmentation.dots import MOST, REACH, _grown, close, gap_of
from number_reader.segmentation.pen import PenPieces
from number_reader.segmentation.segment import components
from tests.number_reader import hand
from training.data.strokes import draw


def boxes_of(ink):
    return components(ink)[2]


def dotted(text, dot, gap, height=150, pitch=180):
    """Ink of digits written in dots, and the dots as strokes of one point."""
    points = []
    for k, c in enumerate(text):
        for stroke in hand.DIGITS[int(c)]:
            line = np.array(stroke) * height
            along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
            at = np.arange(0, along[-1] + 1, dot + gap)
            points.append(np.stack([np.interp(at, along, line[:, k]) for k in (0, 1)], axis=1) + (40 + pitch * k, 40))
    strokes = [point[None] for point in np.concatenate(points)]
    return draw(strokes, dot, (height + 90, pitch * len(text) + 60)), strokes


@pytest.mark.parametrize(("dot", "gap"), [(6, 3), (8, 8), (10, 5), (12, 10)])
def test_the_gaps_of_a_dotted_digit_are_closed(dot, gap):
    ink, strokes = dotted("2", dot, gap)
    found = gap_of(ink, boxes_of(ink))
    assert gap <= found < 3 * gap + dot
    closed = close(ink, found)
    assert len(boxes_of(closed)) == 1 < len(strokes)
    assert closed.shape == ink.shape
    assert closed.dtype == np.float32
    assert (closed >= ink).all()


@pytest.mark.parametrize("gap", [4, 9, 20])
@pytest.mark.parametrize("slant", [0, 1])
def test_gaps_are_closed_up_to_their_width_and_no_wider_ones(gap, slant):
    brush = 6
    for apart, marks in ((gap, 1), (2 * gap + 2, 2)):
        across = 60 + (brush + apart) / np.sqrt(1 + slant**2)
        ends = [[(20, 20), (60, 20 + 40 * slant)], [(across, 20 + (across - 20) * slant), (120, 20 + 100 * slant)]]
        closed = close(draw([np.array(line) for line in ends], brush, (140, 140)), gap)
        assert len(boxes_of(closed)) == marks


def test_a_mask_grows_in_all_directions_alike():
    mask = np.zeros((41, 41), bool)
    mask[20, 20] = True
    assert all(_grown(mask, k)[20, 20] for k in (0, 1)), "and loses nothing"
    for k in range(12):
        mask = _grown(mask, k)
    y, x = np.nonzero(mask) - np.array([[20], [20]])
    assert 12 <= np.hypot(y, x).max() <= 13.5
    assert np.hypot(*np.nonzero(~mask) - np.array([[20], [20]])).min() >= 11.5
    assert (mask == mask[::-1]).all()
    assert (mask == mask[:, ::-1]).all()
    assert (mask == mask.T).all()


@pytest.mark.parametrize("dot", [6, 10])
@pytest.mark.parametrize("text", ["2574", "31", "9", "1"])
@pytest.mark.parametrize("pen", [False, True])
def test_dotted_numbers_are_read(recognizer, text, dot, pen):
    ink, strokes = dotted(text, dot, dot)
    assert recognizer.read(hand.black_in_alpha(ink), strokes if pen else None).text == text


@pytest.mark.parametrize("text", ["2574", "31", "9", "08"])
def test_dashed_numbers_are_read_though_each_dash_is_a_pen_down(recognizer, text):
    lines = [np.array(s) * 150 + (40 + 180 * k, 40) for k, c in enumerate(text) for s in hand.DIGITS[int(c)]]
    strokes = []
    for line in lines:
        along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
        for start in np.arange(0, along[-1], 22):
            at = np.linspace(start, min(start + 12, along[-1]), 5)
            strokes.append(np.stack([np.interp(at, along, line[:, k]) for k in (0, 1)], axis=1))
    ink = draw(strokes, 4, (240, 180 * len(text) + 60))
    assert recognizer.read(hand.black_in_alpha(ink), strokes).text == text
    assert PenPieces(ink, strokes).boxes == [], "dashes are no pieces of digits"
    whole = draw(lines, 4, ink.shape)
    assert len(PenPieces(whole, lines).boxes) == len(lines), "the same strokes undashed are"


@pytest.mark.parametrize("brush", [8, 20, 30])
@pytest.mark.parametrize("texts", [["0000000"], ["1111111"], ["25", "74", "13"], ["1111", "1111"]])
def test_digits_are_no_dots(texts, brush):
    ink = np.concatenate([hand.row(text, 120, brush, shape=(200, 1300)) for text in texts])
    assert gap_of(ink, boxes_of(ink)) == 0


def test_digits_of_real_pictures_are_no_dots(ink_maps):
    assert not any(gap_of(ink, boxes_of(ink)) for ink in ink_maps)


def test_points_in_a_row_are_no_digit():
    boxes = [(50, 20 * k, 60, 20 * k + 10) for k in range(12)]
    ink = np.zeros((100, 300), np.float32)
    for top, left, bottom, right in boxes:
        ink[top:bottom, left:right] = 1
    assert gap_of(ink, boxes) == 0


def test_a_pattern_of_hundreds_is_no_digit():
    boxes = [(20 * j, 20 * k, 20 * j + 10, 20 * k + 10) for j in range(20) for k in range(20)]
    ink = np.zeros((400, 400), np.float32)
    for top, left, bottom, right in boxes:
        ink[top:bottom, left:right] = 1
    assert len(boxes) > MOST
    assert gap_of(ink, boxes) == 0
    assert gap_of(ink, boxes[:100]) > 0
    assert gap_of(ink, boxes[:MOST]) > 0


@pytest.mark.parametrize(("other", "dotted"), [(12, True), (20, True), (30, False), (8, True), (4, False)])
def test_dots_are_nearly_all_of_a_size(other, dotted):
    sizes = [other if (j + k) % 5 < 2 else 12 for j in range(8) for k in range(8)]
    boxes = [(40 * j, 40 * k, 40 * j + size, 40 * k + size) for (j, k), size in zip(np.ndindex(8, 8), sizes)]
    ink = np.zeros((330, 330), np.float32)
    for top, left, bottom, right in boxes:
        ink[top:bottom, left:right] = 1
    assert (gap_of(ink, boxes) > 0) == dotted


def row_of_dots(gap):
    """Ink and boxes of 20 dots, one under the other."""
    ink, boxes = np.zeros((20 * (12 + gap), 30), np.float32), []
    for top in range(0, len(ink), 12 + gap):
        boxes.append((top, 9, top + 12, 21))
        ink[top : top + 12, 9:21] = 1
    return ink, boxes


@pytest.mark.parametrize("gap", [9, 40, 120])
def test_gaps_are_measured_from_dot_to_dot(gap):
    assert gap_of(*row_of_dots(gap)) == REACH * gap


def test_gaps_too_wide_for_a_pen_stay_open():
    assert gap_of(*row_of_dots(140)) == 0


def test_no_marks_have_no_gaps():
    assert gap_of(np.zeros((9, 9), np.float32), []) == 0
