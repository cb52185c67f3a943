"""Made-up marks that are no digit."""

import numpy as np

from number_reader import Recognizer
from tests.number_reader.conftest import SHIPPED
from training.data import splits
from training.synthesis.scribbles import COUNT, KINDS, ScribbleSet, scribble

REFUSED = 0.6  # a floor that tells of a break, not the figure: benchmarks/bars.py prints that


def test_scribbles_are_the_same_every_time():
    first, second = ScribbleSet(), ScribbleSet()
    assert len(first) == COUNT
    for one, other in zip(first.strokes, second.strokes):
        assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_every_kind_fits_the_box_that_strokes_are_given_in():
    rng = np.random.default_rng(3)
    for kind in KINDS:
        assert all(np.isfinite(stroke).all() and stroke.shape[1] == 2 for stroke in kind(rng))
    for _ in range(100):
        points = np.concatenate(scribble(rng))
        assert points.dtype == np.float32
        assert points.min() >= 0
        assert np.isclose(points.max(), 1)


def test_a_fifth_of_them_is_kept_for_testing():
    split = ScribbleSet().split
    assert [(split == side).sum() for side in (splits.TEST, splits.VALIDATION)] == [COUNT // 5] * 2


def test_the_shipped_model_refuses_scribbles_that_it_has_not_seen():
    recognizer, dataset = Recognizer.load(SHIPPED), ScribbleSet()
    unseen = np.flatnonzero(dataset.split == splits.TEST)
    readings = [recognizer.read(dataset.picture(index, 1)) for index in unseen]
    refused = [all(digit.label is None for digit in reading.digits) for reading in readings]
    assert np.mean(refused) >= REFUSED
