"""net.py: what is learned from, that it is learned, and what is written."""

import importlib.util

import numpy as np
import pytest

import number_reader
from number_reader.classification.features import FEATURES
from number_reader.labels import CHARACTERS
from number_reader.lattice.net import AT, GEOMETRY, WRONG
from tests.number_reader.hand import black_in_alpha
from tests.number_reader.test_numbers import written
from training.data.strokes import draw
from training.learning import lattices, net


@pytest.fixture(scope="module")
def recognizer():
    return number_reader.load()


def drawn(text):
    """A line as `pieces_of` takes it: image and strokes."""
    strokes = written(text)[0]
    shape = tuple(int(side) for side in np.ceil(np.concatenate(strokes).max(axis=0) + 60)[::-1])
    return black_in_alpha(draw(strokes, 14, shape)), strokes


@pytest.mark.parametrize("pen", [True, False], ids=["pen", "pixels"])
def test_pieces_are_called_by_the_text_that_they_are_part_of(recognizer, pen):
    image, strokes = drawn("3-14")
    seen = net.pieces_of(recognizer, image, strokes if pen else None, "3-14")
    assert {CHARACTERS.index(c) for c in "3-14"} <= set(seen.labels.tolist())
    assert WRONG in seen.labels  # the dash and the digit beside it together, among others
    assert seen.features.shape == (len(seen.labels), FEATURES)
    assert seen.geometry.shape == (len(seen.labels), len(GEOMETRY))


def test_a_text_that_no_way_reads_names_nothing(recognizer):
    assert net.pieces_of(recognizer, *drawn("3"), "3" * 20) is None
    assert net.pieces_of(recognizer, np.zeros((50, 50, 4), np.uint8), [], "3") is None


def test_a_line_is_slanted_and_stretched_as_a_whole():
    rng = np.random.default_rng(0)
    strokes = [np.float32([[0, 0], [0, 1]]), np.float32([[0.5, 0], [0.5, 1]])]
    first, second = net.distorted(strokes, rng)
    points = np.concatenate([first, second])
    assert points.min() == 0
    assert points.max() == pytest.approx(1)
    assert np.diff(first, axis=0) == pytest.approx(np.diff(second, axis=0), abs=1e-6)  # still parallel


def test_what_can_be_told_is_learned_and_written(tmp_path, monkeypatch):
    rng = np.random.default_rng(1)
    labels = rng.choice([3, WRONG, CHARACTERS.index("+")], 600)
    features, geometry = rng.normal(0, 0.1, (600, FEATURES)), rng.normal(0, 0.1, (600, len(GEOMETRY)))
    features[labels == 3, :20] += 1
    geometry[labels == WRONG, 2] += 1
    learned = net.learn(net.Seen(features.astype(np.float16), geometry, labels), progress=False)
    said = learned.says(learned.sees(features), geometry)
    assert np.mean(said.argmax(axis=1) == [AT[label] for label in labels.tolist()]) > 0.95
    file = tmp_path / "net_weights.py"
    monkeypatch.setattr(net.net_weights, "__file__", str(file))
    net.write(learned)
    spec = importlib.util.spec_from_file_location("net_weights", file)
    weights = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(weights)
    shape, biases = net.net.unpacked(*weights.FROM_SHAPE), net.net.numbers_of(weights.BIASES)
    np.testing.assert_allclose(shape, learned.shape, atol=0.6 * np.abs(learned.shape).max() / net.net.COARSE)
    np.testing.assert_allclose(biases, learned.biases[1], rtol=1e-3)
    lattices.keep(tmp_path, 1, learned)
    kept = lattices.kept(tmp_path, 1)
    np.testing.assert_array_equal(kept.shape, shape)  # rounded as what is shipped
    np.testing.assert_array_equal(kept.biases[1], learned.biases[1])
