"""net.py: what the network is told, what it answers, and how its matrices are kept."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from number_reader.classification.features import FEATURES
from number_reader.lattice.net import (
    AT,
    CLASSES,
    GEOMETRY,
    HIDDEN,
    SEEN,
    Net,
    coarser,
    geometry,
    packed,
    shipped,
    unpacked,
)
from number_reader.lattice.place import Place


@pytest.fixture(scope="module")
def net():
    return shipped()


def test_its_matrices_fit_what_it_is_told_and_what_it_answers(net):
    assert net.shape.shape == (SEEN, HIDDEN)
    assert net.geometry.shape == (len(GEOMETRY), HIDDEN)
    assert net.hidden.shape == (HIDDEN, len(CLASSES))
    assert [bias.shape for bias in net.biases] == [(HIDDEN,), (len(CLASSES),)]
    assert [CLASSES[at] for at in AT.values()] == list(AT) == list(CLASSES)


@given(st.integers(0, 2**32 - 1), st.integers(1, 5))
def test_its_answers_are_chances(seed, count):
    rng = np.random.default_rng(seed)
    sizes = (SEEN, HIDDEN), (len(GEOMETRY), HIDDEN), (HIDDEN, len(CLASSES))
    net = Net(*(rng.normal(size=size) for size in sizes), (rng.normal(size=HIDDEN), rng.normal(size=len(CLASSES))))
    features, told = rng.normal(size=(count, FEATURES)), rng.normal(size=(count, len(GEOMETRY)))
    said = np.exp(net.says(net.sees(features), told))
    np.testing.assert_allclose(said.sum(axis=1), 1, rtol=1e-5)
    inside = np.maximum(
        np.concatenate([coarser(features), told], axis=1) @ np.concatenate([net.shape, net.geometry]) + net.biases[0], 0
    )
    out = np.exp(inside @ net.hidden + net.biases[1])
    np.testing.assert_allclose(said, out / out.sum(axis=1, keepdims=True), rtol=1e-4, atol=1e-12)


def test_it_sees_fewer_cells_and_directions():
    grid = np.zeros((1, 12, 7, 7), np.float32)
    grid[0, [1, 7], 3, 3] = 1, 2  # in the middle; a direction, and its opposite
    seen = coarser(np.concatenate([grid.reshape(1, -1), [[5, 6]]], axis=1))
    assert seen.shape == (1, SEEN)
    cells = seen[0, :-2].reshape(6, 5, 5)
    assert np.flatnonzero(cells.any(axis=(1, 2))).tolist() == [1]
    assert cells[1, 2, 2] == cells.max() > 0
    assert seen[0, -2:].tolist() == [5, 6]
    np.testing.assert_allclose(coarser(np.ones((1, FEATURES)))[0, :-2], 2, rtol=1e-6)  # of two directions


@given(st.integers(0, 2**32 - 1), st.sampled_from([15, 127]))
def test_what_is_kept_is_within_half_a_step_of_what_was_learned(seed, most):
    matrix = np.random.default_rng(seed).normal(size=(7, 3)) * (1, 0, 100)
    texts = packed(matrix, most)
    assert all(text.isascii() for text in texts)
    steps = np.maximum(np.abs(matrix).max(axis=0) / most, 1e-6)
    # A float16 has eleven bits.
    assert (np.abs(unpacked(*texts) - matrix) <= 0.502 * steps + 1e-3 * np.abs(matrix) + 1e-6).all()


def test_what_it_is_told_is_named():
    place, strokes = Place(0.1, 0.2, 0.3, 0.4), [Place(0.5, 9, 0.2, 0.0), Place(0.7, 9, 0.4, 0.2)]
    told = geometry((0, 10, 20, 50), place, 0.5, 40, (2, 62, 3), strokes, {"gap": 0.7, "late": 1})
    told = dict(zip(GEOMETRY, told, strict=True))
    assert told == pytest.approx(
        dict.fromkeys(GEOMETRY, 0.0)
        | {
            **{"high": 0.1, "wide": 0.2, "middle": 0.3, "lean": 0.4, "slant": 0.5},
            **{"strokes": 2 / 3, "higher": 0.1 - 0.6, "lower": 0.0, "leaning": 0.4 - 0.1},
            **{"aspect": np.log(0.5), "size": 0, "before": 0.2, "after": 0.3, "pieces": 1, "gap": 0.7, "late": 1},
        }
    )


@pytest.mark.parametrize(("place", "strokes"), [(None, [Place(1, 1, 1, 1)]), (Place(1, 1, 1, 1), [])])
def test_without_others_it_is_told_nothing_of_them(place, strokes):
    told = dict(zip(GEOMETRY, geometry((0, 10, 20, 50), place, 0.5, 40, (2, 62, 3), strokes, {}), strict=True))
    assert told["alone"] == (place is None)
    assert [told[name] for name in ("strokes", "higher", "lower", "leaning")] == [0] * 4
