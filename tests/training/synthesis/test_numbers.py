"""numbers.py: numbers made of single digits of one writer."""

import numpy as np
import pytest

from training.data import splits
from training.data.datasets import StrokeSet
from training.data.strokes import PAD
from training.synthesis.numbers import MARKS, MadeNumbers, compose

BOX = [np.array([(0, 0), (0.5, 0), (0.5, 1), (0, 1)], np.float32)]  # a digit half as wide as high


@pytest.fixture(scope="module")
def digits(shared_data):
    return StrokeSet(shared_data / "real" / "strokes-digits.jsonl.gz")


def composed(count, seed=1, tight=False, mark=""):
    strokes = compose([BOX] * count, np.random.default_rng(seed), tight, mark)
    return strokes, np.concatenate(strokes)


@pytest.mark.parametrize("tight", [False, True])
@pytest.mark.parametrize("count", [1, 2, 6])
def test_the_whole_has_a_longer_side_of_1(tight, count):
    strokes, points = composed(count, tight=tight)
    assert len(strokes) == count
    assert all(stroke.dtype == np.float32 for stroke in strokes)
    np.testing.assert_allclose(points.min(axis=0), 0, atol=1e-6)
    assert np.ptp(points, axis=0).max() == pytest.approx(1)


@pytest.mark.parametrize("seed", range(5))
def test_digits_come_from_left_to_right_and_apart(seed):
    strokes, _ = composed(5, seed)
    for left, right in zip(strokes, strokes[1:]):
        assert left[:, 0].max() < right[:, 0].min()


def test_tight_digits_touch_or_overlap():
    gaps = []
    for seed in range(20):
        strokes, _ = composed(4, seed, tight=True)
        gaps += [right[:, 0].min() - left[:, 0].max() for left, right in zip(strokes, strokes[1:])]
        middles = [stroke[:, 0].mean() for stroke in strokes]
        assert middles == sorted(middles)
    assert 0.2 < np.mean(np.array(gaps) < 0) < 0.8


def test_digits_are_about_of_a_height_and_stand_on_a_line():
    heights, bottoms = [], []
    for seed in range(20):
        strokes, _ = composed(4, seed)
        heights.append([np.ptp(stroke[:, 1]) for stroke in strokes])
        bottoms.append([stroke[:, 1].max() for stroke in strokes])
    scale = np.mean(heights, axis=1)
    assert 0.05 < np.mean(np.std(heights, axis=1) / scale) < 0.2
    assert np.mean(np.std(bottoms, axis=1) / scale) < 0.1


@pytest.mark.parametrize("mark", MARKS)
def test_a_mark_stands_before_the_last_digit(mark):
    strokes, _ = composed(3, mark=mark)
    assert len(strokes) == 4
    before, own, last = strokes[1], strokes[2], strokes[3]
    assert before[:, 0].max() < own[:, 0].min()
    assert own[:, 0].max() < last[:, 0].min()
    height = np.ptp(before[:, 1])
    size = np.ptp(own, axis=0).max() / height
    assert size > 1 if mark == "/" else size < 0.5


def test_a_digit_without_any_height_is_borne():
    strokes = compose([[np.zeros((1, 2), np.float32)], BOX], np.random.default_rng(1), False)
    assert all(np.isfinite(stroke).all() for stroke in strokes)


# The data set.


@pytest.mark.parametrize("split", [splits.TRAIN, splits.VALIDATION])
def test_numbers_are_of_the_writers_of_one_side(digits, split):
    made = MadeNumbers(digits, split, 40, seed=1)
    assert len(made) == 40
    assert set(made.split) == {split}
    assert split in made.name
    assert set(made.groups) <= set(digits.groups[digits.split == split])
    assert not set(made.groups) & set(digits.groups[digits.split != split])
    assert all(text.isdecimal() and 2 <= len(text) <= 6 for text in made.texts)
    assert (made.labels == 255).all()


def test_the_text_is_that_of_the_digits(digits):
    """Each digit's strokes, moved and scaled, stand in the number in the order of its text."""
    made = MadeNumbers(digits, splits.TRAIN, 30, seed=2)
    for i in range(len(made)):
        counts = {
            label: {
                len(digits.strokes[k])
                for k in np.flatnonzero((digits.groups == made.groups[i]) & (digits.labels == int(label)))
            }
            for label in set(made.texts[i])
        }
        fewest, most = (sum(choose(counts[label]) for label in made.texts[i]) for choose in (min, max))
        assert fewest <= len(made.strokes[i]) <= most + 1  # and a mark


def test_the_same_seed_makes_the_same_numbers(digits):
    one, same, other = (MadeNumbers(digits, splits.VALIDATION, 10, seed) for seed in (3, 3, 4))
    assert one.texts.tolist() == same.texts.tolist() != other.texts.tolist()
    for a, b in zip(one.strokes, same.strokes):
        assert all(np.array_equal(x, y) for x, y in zip(a, b, strict=True))


def test_the_longest_number_may_be_chosen(digits):
    lengths = [len(text) for text in MadeNumbers(digits, splits.TRAIN, 40, 5, longest=3).texts]
    assert set(lengths) == {2, 3}


def test_some_digits_touch_and_some_numbers_hold_a_mark(digits):
    made = MadeNumbers(digits, splits.TRAIN, 200, seed=6)
    rest = [len(strokes) - len(text) for strokes, text in zip(made.strokes, made.texts)]
    assert max(rest) > 0


def test_strokes_lie_in_the_picture_and_are_where_it_is_dark(digits):
    made = MadeNumbers(digits, splits.VALIDATION, 12, seed=8)
    for i in range(len(made)):
        for variant in range(len(made.variants)):
            image, strokes = made.picture(i, variant), made.pen(i, variant)
            assert image.dtype == np.uint8
            assert image.shape[1] <= PAD["width"]
            assert len(strokes) == len(made.strokes[i])
            for stroke in strokes:
                x, y = np.floor(stroke).astype(int).T
                assert (image[y, x, 3] == 255).all()
