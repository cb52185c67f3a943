"""The sample pictures: what tools/samples.py draws is what the page ships, and the shipped model reads it right."""

import numpy as np
import pytest
from PIL import Image

from building.common import ROOT
from number_reader import Recognizer
from tools.samples import FOLDER, SAMPLES, by_hand, sample


@pytest.fixture(scope="module")
def recognizer():
    return Recognizer.load(ROOT / "site" / "model" / "digits.npz")


def shipped(name):
    return np.asarray(Image.open(FOLDER / name).convert("RGB"))


def test_there_are_these_samples_and_no_others():
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(SAMPLES)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_read_right_by_the_shipped_model(recognizer, name):
    assert recognizer.read(shipped(name)).text == SAMPLES[name][0]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_small(name):
    assert (FOLDER / name).stat().st_size <= 25_000


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_what_the_script_draws(name):
    _, drawn, _ = sample(name)
    difference = np.abs(shipped(name).astype(float) - drawn)
    assert difference.mean() < 5  # of 255, by its compression
    other = next(each for each in SAMPLES if each != name)
    assert np.abs(shipped(other).astype(float) - drawn).mean() > 10  # the measure itself


def test_a_stroke_by_hand_keeps_its_points_and_its_corners():
    stroke = [(0.1, 0), (0.9, 0), (0.6, 0.45), (0.4, 1)]  # a 7
    line = by_hand(stroke)
    for point in stroke:
        assert np.abs(line - point).sum(axis=1).min() < 1e-9
    steps = np.diff(line, axis=0)
    heading = np.degrees(np.arctan2(steps[:, 1], steps[:, 0]))
    turns = np.abs((np.diff(heading) + 180) % 360 - 180)
    assert (turns > 60).sum() == 1  # its corner, and nothing else
