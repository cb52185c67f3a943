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


def test_all_who_wrote_enough_are_measured_by_a_model_that_is_new_to_them(digits):
    names = teaching.writers(digits)
    assert len(names) == 22
    folds = teaching.folds(digits)
    new_to_shipped = teaching.writers(digits, splits.TEST)
    assert sorted(sum(folds, new_to_shipped)) == sorted(names)
    assert all(splits.load()["writers"][name] != splits.TEST for fold in folds for name in fold)
    sizes = [sum((digits.groups == name).sum() for name in fold) for fold in folds]
    assert max(sizes) < 2 * min(sizes)


def test_a_model_for_others_learns_nothing_of_theirs(shared_data, monkeypatch):
    names = ["digits", "numbers", "not-digits"]
    sets = [open_dataset(shared_data / "real" / f"strokes-{name}.jsonl.gz") for name in names]
    as_they_were = [each.split.copy() for each in sets]
    left_out = teaching.folds(sets[0])[0]
    given = []
    monkeypatch.setattr("training.measuring.teaching.fit", lambda *arguments: given.append(arguments))
    teaching.fit_without(left_out, sets, "out.npz", progress=False)
    assert given == [(sets, "out.npz", False)]
    for each, before in zip(sets, as_they_were):
        theirs = np.isin(each.groups, left_out)
        assert (each.split[theirs] == splits.TEST).all()
        assert (each.split[~theirs] == before[~theirs]).all()
    assert np.isin(sets[0].groups, left_out).sum() > 1000


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
