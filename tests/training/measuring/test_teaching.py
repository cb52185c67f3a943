"""A writer's own digits, taught, make the rest of theirs read better."""

import numpy as np
import pytest

from number_reader.storage import model as model_file
from training.__main__ import SHIPPED
from training.adding.weight import WEIGHTS
from training.data import splits
from training.data.datasets import NOT_A_DIGIT
from training.data.opening import open_dataset
from training.measuring import teaching
from training.measuring.teaching import Lesson

TEST_WRITER = "val/val02"  # of the four test writers who wrote every digit often, the one who wrote most


@pytest.fixture(scope="module")
def digits(shared_data):
    return open_dataset(shared_data / "real" / "strokes-digits.jsonl.gz")


@pytest.fixture(scope="module")
def model():
    return model_file.load(SHIPPED)


@pytest.mark.thorough
def test_a_few_digits_taught_or_added_help_a_writer_whom_the_model_never_saw(model, digits):
    assert splits.load()["writers"][TEST_WRITER] == splits.TEST
    before = model.vectors.copy()
    lesson = teaching.lesson(model, digits, TEST_WRITER, np.random.default_rng(1), repeats=2, progress=False)
    own = (digits.groups == TEST_WRITER) & (digits.labels < NOT_A_DIGIT)
    assert lesson.split == splits.TEST
    assert all(
        errors.shape == (2, own.sum() - 50)
        for errors in (lesson.before, *lesson.after.values(), *lesson.added.values())
    )
    for way in (lesson.after, lesson.added):
        errors = [lesson.before.mean(), *(way[each].mean() for each in teaching.EACH)]
        assert errors[-1] < 0.9 * errors[0]
        assert errors == sorted(errors, reverse=True)  # more examples, fewer errors
    assert all(set(weights) <= set(WEIGHTS) for weights in lesson.weights.values())
    assert lesson.added[teaching.MOST].mean() <= lesson.after[teaching.MOST].mean()
    assert (model.vectors == before).all()  # nothing stays added


def test_all_who_wrote_enough_are_measured(digits):
    names = teaching.writers(digits)
    assert len(names) == 22
    assert set(teaching.writers(digits, splits.TEST)) < set(names)
    assert TEST_WRITER in teaching.writers(digits, splits.TEST)


def test_a_model_without_a_fold_has_the_limits_of_another(model, tmp_path):
    path = tmp_path / "fold1.npz"
    own = {"refuse_above": model.refuse_above - 1, "calibration": (0.0, 1.0, 2.0)}
    parts = {name: getattr(model, name) for name in ("embedding", "vectors", "step", "labels")}
    model_file.save(path, **parts, **own, about="left out a fold")
    found = teaching.without(path, model)
    assert found.refuse_above == model.refuse_above
    np.testing.assert_array_equal(found.calibration, model.calibration)
    assert found.about == "left out a fold"


def test_gain_is_told_of_all_digits_and_of_the_mean_over_writers():
    def lesson(count, before, after):
        errors = [np.arange(count) < wrong for wrong in (before, after)]
        return Lesson("", "", errors[0][None], {}, {5: errors[1][None]}, {})

    together, over_writers = teaching.gain([lesson(100, 10, 4), lesson(20, 2, 0)], 5, "added")
    assert together[0] == pytest.approx(100 * 8 / 120)
    assert over_writers[0] == pytest.approx((6 + 10) / 2)
    for points, low, high in (together, over_writers):
        assert low == pytest.approx(6)
        assert high == pytest.approx(10)
        assert low <= points <= high


def test_who_reads_worse_is_named():
    few, many = (np.arange(50)[None] < wrong for wrong in (2, 3))
    lessons = [Lesson(name, "", few, {}, {5: after}, {}) for name, after in (("one", few), ("two", many))]
    assert teaching.worse(lessons, 5) == ["two"]


def test_no_gain_is_no_gain():
    errors = np.arange(50)[None] < 3
    for points, low, high in teaching.gain([Lesson("", "", errors, {5: errors}, {}, {})] * 3, 5):
        assert points == low == high == 0
