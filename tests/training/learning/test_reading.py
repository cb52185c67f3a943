"""reading.py: sums over all ways against brute force, the gradient against differences, and what is written."""

import importlib.util
import math

import numpy as np
import pytest

from number_reader.labels import CHARACTERS
from number_reader.lattice import marks
from training.learning import reading
from training.learning.lattices import Example

N = len(marks.KINDS) + 1
COLUMNS = 5
SIZE = 4
LABELS = (1, 2, 13, 15)


def made(text=(1, 13, 2), seed=0, weight=1.0):
    """A little lattice: every piece may be left out, and one piece or two may be any of LABELS."""
    rng = np.random.default_rng(seed)
    rows = []
    for start in range(SIZE):
        rows += [(start, end, label) for end in range(start + 1, min(start + 3, SIZE + 1)) for label in LABELS]
        rows.append((start, start + 1, -1))
    starts, ends, labels = np.array(sorted(rows)).T
    kinds = np.array([marks.KIND.get(label, -1) for label in labels.tolist()])
    return Example(
        "made",
        np.array(text),
        SIZE,
        np.stack([starts, ends], 1),
        rng.normal(size=(len(labels), COLUMNS)),
        labels,
        kinds,
        np.zeros(len(labels), bool),
        weight,
    )


def values_of(seed):
    return np.random.default_rng(seed).normal(size=COLUMNS + N * N) * 0.5


def all_ways(lattice, place=0):
    """Every way, as lists of numbers of edges."""
    if place == lattice.size:
        yield []
    for k, (start, end) in enumerate(lattice.edges.tolist()):
        if start == place:
            for rest in all_ways(lattice, end):
                yield [k, *rest]


def labels_on(lattice, way):
    return [label for label in lattice.labels[way].tolist() if label >= 0]


def steps_on(lattice, way):
    kinds = [kind for kind in lattice.kinds[way].tolist() if kind >= 0]
    return list(zip([N - 1, *kinds], [*kinds, N - 1]))


def brute_force(lattice, values, reads=None):
    """The same as `reading.all_ways`, of ways with these labels or, for None, of all: weighed by exp(-cost), not by
    `arrivals`, which share out a factor that all ways have in common."""
    costs, steps = lattice.measures @ values[:COLUMNS], values[COLUMNS:].reshape(N, N)
    total, probability, expected = 0.0, np.zeros(len(costs)), np.zeros((N, N))
    for way in all_ways(lattice):
        if reads is None or labels_on(lattice, way) == reads:
            taken = steps_on(lattice, way)
            share = math.exp(-costs[way].sum() - sum(steps[step] for step in taken))
            total += share
            probability[way] += share
            for step in taken:
                expected[step] += share
    return total, probability / total, expected / total


@pytest.mark.parametrize("seed", range(3))
def test_the_sums_are_those_over_all_ways(seed):
    lattice, values = made(seed=seed), values_of(seed + 10)
    likely = np.exp(-values[COLUMNS:].reshape(N, N))
    arriving = reading.arrivals(lattice, lattice.measures @ values[:COLUMNS])
    every, *all_found = reading.all_ways(lattice, arriving, likely)
    some, *found = reading.ways_that_read(lattice, arriving, likely)
    every_true, *all_true = brute_force(lattice, values)
    some_true, *true = brute_force(lattice, values, lattice.text.tolist())
    assert some / every == pytest.approx(some_true / every_true)
    for each, right in zip(all_found + found, all_true + true):
        np.testing.assert_allclose(each, right, atol=1e-9)


def test_a_text_that_no_way_reads_says_nothing():
    before = np.zeros(COLUMNS + N * N)
    for text in ((7,), (1,) * (SIZE + 1)):
        lattice = made(text)
        arriving = reading.arrivals(lattice, np.zeros(len(lattice.edges)))
        assert reading.ways_that_read(lattice, arriving, np.ones((N, N))) == (0.0, None, None)
        total, gradient = reading.loss(before, [lattice])
        assert total == 0
        assert not gradient.any()


def test_the_loss_is_the_likelihood_of_the_text_and_the_prior():
    lattice, values = made(weight=3.0), values_of(1)
    before = np.zeros_like(values)
    before[0] = 1
    likelihood = math.log(brute_force(lattice, values)[0] / brute_force(lattice, values, [1, 13, 2])[0])
    prior = reading.PRIOR * (values[0] - 1) ** 2 + reading.NEW * (values[1:] ** 2).sum()
    found = reading.loss(values, [lattice])
    assert found[0] == pytest.approx(3 * likelihood)
    assert reading.with_prior([found, found], values, before)[0] == pytest.approx(6 * likelihood + prior)


@pytest.mark.parametrize("steps", [True, False], ids=["with what steps cost", "without"])
def test_the_gradient_is_that_of_the_loss(steps):
    examples = [made(), made((2,), 1, 2.5)]
    values = values_of(2)[: None if steps else COLUMNS]
    if not steps:
        for example in examples:
            example.kinds = np.minimum(example.labels, 0)
    before = np.where(np.arange(len(values)) % 2, 0.3, 0)

    def whole(values):
        return reading.with_prior([reading.loss(values, examples)], values, before)

    gradient, near = whole(values)[1], 1e-5
    for k in range(len(values)):
        step = near * np.eye(len(values))[k]
        up, down = (whole(at)[0] for at in (values + step, values - step))
        assert gradient[k] == pytest.approx((up - down) / (2 * near), abs=1e-5)


def test_learning_makes_the_texts_likelier():
    examples = [made(seed=seed) for seed in range(6)]
    before = np.zeros(COLUMNS + N * N)
    learned = reading.learn(examples, before, few=3, steps=8)
    assert learned.shape == before.shape
    assert reading.loss(learned, examples)[0] < 0.8 * reading.loss(before, examples)[0]


def test_the_text_read_is_that_of_the_cheapest_way():
    lattice, values = made(seed=4), values_of(5)
    costs, steps = lattice.measures @ values[:COLUMNS], values[COLUMNS:].reshape(N, N)
    best = min(
        all_ways(lattice), key=lambda way: costs[way].sum() + sum(steps[step] for step in steps_on(lattice, way))
    )
    text = "".join(CHARACTERS[label] for label in labels_on(lattice, best))
    assert text
    assert reading.text_read(lattice, values) == text
    lattice.refused[:] = True
    assert reading.text_read(lattice, values) == "?" * len(text)


def test_readings_are_counted_by_kind():
    lattice, values = made(seed=4), values_of(5)
    text = reading.text_read(lattice, values)
    right = made([CHARACTERS.index(c) for c in text], 4)
    wrong = made([*right.text, 1], 4)
    other = made(wrong.text, 4)
    other.kind = "other"
    assert reading.exact([right, wrong, other], values) == {"made": 50.0, "other": 0.0}


def test_what_is_written_is_read_back_and_stands_as_ruff_would_leave_it(tmp_path, monkeypatch):
    path = tmp_path / "written.py"
    monkeypatch.setattr(reading.mark_weights, "__file__", str(path))
    values = np.random.default_rng(0).normal(0, 5, len(marks.ALL) + N * N).round(2)
    reading.write(values)
    spec = importlib.util.spec_from_file_location("written", path)
    written = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(written)
    np.testing.assert_array_equal(written.WEIGHTS, values[: len(marks.ALL)].astype(np.float32))
    np.testing.assert_array_equal(written.STEPS, values[len(marks.ALL) :].reshape(N, N).astype(np.float32))
    lines = path.read_text().splitlines(keepends=True)
    assert lines[-1].endswith("# fmt: skip\n")
    assert max(map(len, lines)) <= 128 + 1
    assert all(line.rstrip() + "\n" == line for line in lines)
    assert len(lines) < 100


def test_learning_begins_with_the_weights_of_digits():
    values = reading.starting()
    assert len(values) == len(marks.ALL) + N * N
    np.testing.assert_array_equal(values[: len(reading.measures.WEIGHTS)], reading.measures.WEIGHTS)
    assert not values[len(reading.measures.WEIGHTS) :].any()
