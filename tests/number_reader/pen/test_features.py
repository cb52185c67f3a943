"""A digit's strokes as numbers: free of order, direction, size and slant, and never at a loss."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from number_reader.pen.features import COUNT, DIRECTIONS, features
from tests.browser.hand import DIGITS

coordinate = st.floats(-1e9, 1e9) | st.floats(-1, 1) | st.sampled_from([0.0, 1e99, -1e99, 5e-324]) | st.integers(-3, 3)
stroke = st.lists(st.tuples(coordinate, coordinate), min_size=1, max_size=8)
any_strokes = st.lists(stroke | st.just([]), max_size=5)


@given(any_strokes)
def test_any_strokes_have_finite_numbers_of_bounded_length(strokes):
    found = features(strokes)
    assert len(found) == COUNT
    assert all(math.isfinite(each) for each in found)
    assert math.sqrt(sum(each * each for each in found)) < 3


@given(any_strokes)
def test_strokes_are_left_as_they_were(strokes):
    before = [list(each) for each in strokes]
    features(strokes)
    assert strokes == before


@pytest.mark.parametrize("digit", DIGITS)
@given(data=st.data())
def test_order_direction_place_size_and_slant_do_not_matter(digit, data):
    expected = np.array(features(DIGITS[digit]))
    strokes = [data.draw(st.sampled_from([each, each[::-1]])) for each in data.draw(st.permutations(DIGITS[digit]))]
    x0, y0, size = data.draw(st.tuples(st.floats(-9, 9), st.floats(-9, 9), st.floats(0.1, 900)))
    slant, wide = data.draw(st.floats(-0.1, 0.1)), data.draw(st.floats(0.97, 1.03))
    moved = [[(x0 + size * (wide * x + slant * y), y0 + size * y) for x, y in each] for each in strokes]
    same = [[(x0 + size * x, y0 + size * y) for x, y in each] for each in strokes]
    assert np.allclose(features(same), expected, atol=1e-6)
    others = [np.abs(features(DIGITS[each]) - expected).sum() for each in DIGITS if each != digit]
    assert np.abs(features(moved) - expected).sum() < 0.6 * min(others)


def test_dense_points_change_nothing():
    sparse = [[(0, 0), (1, 0), (0.4, 2)]]
    dense = [[(k / 50, 0) for k in range(50)] + [(1 - 0.6 * k / 50, 2 * k / 50) for k in range(51)]]
    assert np.allclose(features(sparse), features(dense), atol=1e-9)


@pytest.mark.parametrize(
    ("direction", "end"),
    [(0, (1, 0)), (1, (1, 1)), (2, (0, 1)), (3, (1, -1))],
    ids=["level", "falling", "upright", "rising"],
)
def test_each_direction_has_its_own_numbers(direction, end):
    # A frame whose moments leave it as it is, and a stroke in its middle.
    frame = [[(-5, -5), (5, -5), (5, 5), (-5, 5), (-5, -5)]]
    x, y = end
    plain = np.array(features(frame))[: 36 * DIRECTIONS].reshape(-1, DIRECTIONS)
    crossed = np.array(features(frame + [[(-x, -y), (x, y)]]))[: 36 * DIRECTIONS].reshape(-1, DIRECTIONS)
    middle = [14, 15, 20, 21]
    assert plain[middle].sum() == 0
    assert crossed[middle].sum(0).argmax() == direction


def test_a_dot_has_ends_alone_and_nothing_is_nothing():
    dot = features([[(3, 4)]])
    assert sum(dot[: 36 * DIRECTIONS]) == 0
    assert sum(dot) == pytest.approx(0.5)
    assert features([]) == features([[]]) == [0.0] * COUNT
    assert features([[(3, 4), (3, 4)]]) == dot
