"""printed.py: lines across a mask go, level and aslant; strokes on them, rows of digits and dashes stay."""

import numpy as np
import pytest

from number_reader.ink.printed import ASLANT, THICKEST, printed_lines

SHAPE = (50, 150)


def line(row, rise=0, thick=2):
    """A mask with a line from `row` at the left, `rise` px higher at the right."""
    mask = np.zeros(SHAPE, bool)
    for column in range(SHAPE[1]):
        top = round(row - rise * column / (SHAPE[1] - 1))
        mask[max(top, 0) : top + thick, column] = True
    return mask


def strokes(bottom, count=4):
    mask = np.zeros(SHAPE, bool)
    for k in range(count):
        mask[10:bottom, 15 + 30 * k : 18 + 30 * k] = True
    return mask


@pytest.mark.parametrize("rise", [0, 3, -3, ASLANT - 1, 1 - ASLANT])
@pytest.mark.parametrize("thick", [1, 2, 4])
def test_a_line_goes_wholly(rise, thick):
    mask = line(25, rise, thick)
    assert np.array_equal(printed_lines(mask), mask)


def test_several_lines_go():
    mask = line(2) | line(30) | line(46)
    assert np.array_equal(printed_lines(mask), mask)


def test_strokes_that_end_on_a_line_lose_no_more_than_it_is_thick():
    mask = strokes(40) | line(40)
    left = mask & ~printed_lines(mask)
    assert not left[40:].any()
    assert np.array_equal(left[:38], strokes(40)[:38])


def test_strokes_that_cross_a_line_stay_whole():
    mask = strokes(45) | line(25)
    left = mask & ~printed_lines(mask)
    assert np.array_equal(left, strokes(45))


def test_what_is_no_line_stays():
    rings = np.zeros(SHAPE, bool)  # as a row of 0s: its lowest row is set along much of it
    for left in range(3, 140, 24):
        rings[10:40, left : left + 20] = True
        rings[13:37, left + 3 : left + 17] = False
    dash = np.zeros(SHAPE, bool)
    dash[24:27, 60:110] = True
    for mask in (rings, dash, strokes(40), line(20, thick=THICKEST + 3), line(20, rise=4 * ASLANT)):
        assert not printed_lines(mask).any()


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (40, 1), (3, 3)])
@pytest.mark.parametrize("value", [False, True])
def test_tiny_masks_are_no_trouble(shape, value):
    found = printed_lines(np.full(shape, value))
    assert found.shape == shape
    assert found.dtype == bool
    assert value or not found.any()
