"""cuts.py: seams against scipy's shortest paths, and what every seam promises."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy.sparse import lil_matrix
from scipy.sparse.csgraph import dijkstra

from number_reader.segmentation.cuts import LEAN, LEAST, LENGTH, MOST, _cheapest, seams, shrink, stroke_width
from tests.number_reader import hand
from training.data.strokes import draw

EXACT = 1e-4
WIDTH_TOLERANCE = 0.12  # share of a line's width


def shortest_paths(ink, enter):
    """What the cheapest path from the top costs to each pixel of the last row, by Dijkstra's algorithm."""
    h, w = ink.shape
    graph = lil_matrix((h * w + 1, h * w + 1))  # the last node stands above the top row
    tiny = 1e-9  # scipy takes 0 for "no edge"
    for x in range(w):
        graph[h * w, x] = (LENGTH + enter) * ink[0, x] + tiny
    for y in range(1, h):
        for x in range(w):
            for other in range(max(x - 1, 0), min(x + 2, w)):
                darker = max(ink[y, x] - ink[y - 1, other], 0)
                step = LENGTH * ink[y, x] + enter * darker + LEAN * (other != x) + tiny
                graph[(y - 1) * w + other, y * w + x] = step
    return dijkstra(graph.tocsr(), indices=h * w)[-1 - w : -1]


def price_along(ink, path, enter):
    crossed = ink[np.arange(len(path)), path]
    darker = np.maximum(np.diff(crossed, prepend=0), 0).sum()
    return LENGTH * crossed.sum() + enter * darker + LEAN * np.count_nonzero(np.diff(path))


@given(arrays(np.uint8, st.tuples(st.integers(1, 7), st.integers(1, 7))), st.sampled_from([0, 1, 5]))
def test_the_cheapest_path_is_the_shortest(values, enter):
    ink = values.astype(np.float32) / 255
    prices, paths = _cheapest(ink, enter)
    np.testing.assert_allclose(prices, shortest_paths(ink, enter), atol=EXACT)
    assert paths.shape == ink.shape
    assert np.abs(np.diff(paths, axis=0)).max(initial=0) <= 1
    for x, price in enumerate(prices):
        assert paths[-1, x] == x
        assert price_along(ink, paths[:, x], enter) == pytest.approx(price, abs=EXACT)


def two_digits(left, right, gap, height=150, brush=16):
    """Masks of two digits set side by side, `gap` px of paper between their boxes; less than 0 where they overlap."""
    shape = (height + 40, 400)
    a, b = (hand.ink(digit, height, brush, (20, 20), shape) > 0.5 for digit in (left, right))
    end, start = np.flatnonzero(a.any(axis=0))[-1] + 1, np.flatnonzero(b.any(axis=0))[0]
    return a, np.roll(b, end - start + gap, axis=1)


def apart(a, b, path):
    """The share of each of two masks that a seam leaves on its own side, the worse of both."""
    first = np.arange(a.shape[1]) < path[:, None]
    return min((a & first).sum() / a.sum(), (b & ~first).sum() / b.sum())


@pytest.mark.parametrize("gap", [0, -8, -20])
@pytest.mark.parametrize(("left", "right"), [(3, 5), (2, 8), (6, 9), (8, 3), (4, 1), (7, 2), (0, 0), (0, 8)])
def test_a_seam_tells_two_touching_digits_apart(left, right, gap):
    a, b = two_digits(left, right, gap)
    found = seams((a | b).astype(np.float32), 5)
    price, path = max(found, key=lambda seam: apart(a, b, seam[1]))
    assert apart(a, b, path) > 0.85
    assert price < 2.5


@pytest.mark.parametrize("factor", [1, 4, 9])
def test_a_seam_lies_in_the_middle_of_the_narrowest_gap_that_it_can_see(factor):
    ink = np.zeros((40 * factor, 21 * factor), np.float32)
    ink[:, : 10 * factor] = ink[:, 11 * factor :] = 1
    [(price, path)] = seams(ink, 1)
    assert price == 0
    assert (path == 10 * factor + factor // 2).all()


def assert_good_seams(ink, found, most):
    small, factor = shrink(ink)
    assert len(found) <= most
    paths = [path for _, path in found]
    for price, path in found:
        assert isinstance(price, float)
        assert 0 <= price <= MOST
        assert path.shape == (ink.shape[0],)
        assert path.dtype.kind == "i"
        assert (path >= 0).all()
        assert (path < small.shape[1] * factor).all()
        assert np.abs(np.diff(path)).max(initial=0) <= factor, "a seam does not jump"
    for left, right in zip(paths, paths[1:]):
        assert (left <= right).all(), "seams never cross"
        assert (left < right).any(), "they come from left to right"
    columns = np.arange(ink.shape[1])
    masses = [float(ink[columns < path[:, None]].sum()) for path in paths]
    shares = np.diff([0, *masses, float(ink.sum())]) / max(float(ink.sum()), 1e-9)
    assert shares.min() > 0.5 * LEAST  # LEAST of the small copy, which is coarser


@pytest.mark.parametrize("text", ["35", "82", "700", "4444", "9999"])
@pytest.mark.parametrize("most", [0, 3, 8])
def test_seams_of_drawn_numbers_are_good(text, most):
    ink = np.maximum.reduce([hand.ink(int(c), 150, 20, (30, 30 + int(90 * i)), (220, 460)) for i, c in enumerate(text)])
    found = seams(ink, most)
    assert bool(found) == bool(most)
    assert_good_seams(ink, found, most)


def test_the_cheapest_seams_are_chosen():
    ink = np.maximum.reduce([hand.ink(3, 150, 20, (30, 30 + 90 * i), (220, 460)) for i in range(4)])
    few, many = seams(ink, 2), seams(ink, 20)
    assert len(few) == 2 < len(many)
    assert sorted(price for price, _ in few) == sorted(price for price, _ in many)[:2]


def test_the_price_counts_strokes_crossed():
    ink = np.zeros((120, 200), np.float32)
    for y in (20, 60, 100):
        ink[y - 5 : y + 5, 20:180] = 1  # three bars, which every seam must cross
    for price, _ in seams(ink, 4):
        assert price == pytest.approx(3, abs=0.9)


@pytest.mark.parametrize("height", [200, 400, 900])
def test_a_hairline_can_be_cut(height):
    """It is hardly to be seen in the small copy."""
    ink = np.zeros((height, height), np.float32)
    ink[height // 2] = ink[: height // 2, height // 4] = 1
    assert_good_seams(ink, seams(ink, 3), 3)
    assert seams(ink, 3)


any_ink = arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, max_side=60)).map(lambda v: v.astype(np.float32) / 255)
sparse_ink = arrays(bool, array_shapes(min_dims=2, max_dims=2, min_side=20, max_side=100), fill=st.just(False)).map(
    lambda v: v.astype(np.float32)
)


@given(any_ink | sparse_ink, st.integers(0, 9))
def test_any_ink_has_good_seams_or_none(ink, most):
    found = seams(ink, most)
    paths = [path for _, path in found]
    assert len(found) <= most
    for price, path in found:
        assert np.isfinite(price)
        assert price >= 0
        assert path.shape == (ink.shape[0],)
        assert (path >= 0).all()
    for left, right in zip(paths, paths[1:]):
        assert (left <= right).all()


@pytest.mark.parametrize("shape", [(0, 0), (0, 9), (9, 0), (1, 1), (1, 50), (50, 1), (1, 500), (500, 1), (3, 3)])
@pytest.mark.parametrize("value", [0.0, 0.2, 1.0])
def test_the_smallest_pieces_can_be_asked_for_seams(shape, value):
    found = seams(np.full(shape, value, np.float32), 5)
    assert all(path.shape == shape[:1] for _, path in found)


# Small copies and strokes.


@pytest.mark.parametrize("shape", [(1, 1), (39, 50), (40, 40), (79, 10), (80, 33), (81, 7), (400, 801), (1200, 1200)])
def test_a_small_copy_keeps_the_ink(shape):
    ink = np.random.default_rng(6).random(shape).astype(np.float32)
    small, factor = shrink(ink)
    assert small.shape == (-(-shape[0] // factor), -(-shape[1] // factor))
    assert small.shape[0] <= 80
    assert small.sum() * factor**2 == pytest.approx(ink.sum(), rel=1e-4)
    assert small.dtype == np.float32
    assert factor == 1 or small.shape[0] >= 40, "no smaller than it need be"


@pytest.mark.parametrize("width", [3, 6, 12, 20])
@pytest.mark.parametrize("angle", [0, 15, 30, 45, 70, 90])
def test_the_width_of_a_line(width, angle):
    way = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))]) * 200
    ink = draw([np.array([(150, 150) - way / 2, (150, 150) + way / 2])], width, (300, 300))
    # Straight along the grid, an outline is not longer than a smooth one.
    assert stroke_width(ink) == pytest.approx(width, rel=0.3)


@pytest.mark.parametrize("width", [4, 8, 16, 24])
def test_the_width_of_the_strokes_of_digits(width):
    found = [stroke_width(hand.ink(digit, 200, width)) for digit in hand.DIGITS]
    assert np.mean(found) == pytest.approx(width, rel=WIDTH_TOLERANCE)


def test_no_ink_has_the_least_width():
    assert stroke_width(np.zeros((5, 5), np.float32)) == 1
