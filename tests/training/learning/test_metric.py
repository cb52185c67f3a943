"""metric.py and augment.py: the gradient against finite differences, and what learning achieves."""

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from number_reader.classification.embedding import AROUND, CELLS, Embedding, patches
from number_reader.classification.features import FEATURES
from number_reader.classification.normalize import glyph
from tests.number_reader import hand
from training.learning import metric
from training.synthesis.augment import distorted

STEP = 1e-6
GRADIENT_TOLERANCE = 1e-5


@pytest.fixture
def problem():
    """Projected vectors z (b, d), which prototypes are of their class, prototypes (p, d)."""
    rng = np.random.default_rng(0)
    z, prototypes = rng.normal(size=(7, 4)), rng.normal(size=(6, 4))
    same = rng.integers(0, 3, 7)[:, None] == np.array([0, 0, 1, 1, 2, 2])
    return z, same, prototypes


def slope(function, values):
    """Central differences of a scalar function of an array."""
    out = np.zeros_like(values)
    for at in np.ndindex(values.shape):
        step = np.zeros_like(values)
        step[at] = STEP
        out[at] = (function(values + step) - function(values - step)) / (2 * STEP)
    return out


@pytest.mark.parametrize("temperature", [0.1, 1.0, 5.0])
def test_gradients_are_the_slopes_of_the_loss(problem, temperature):
    z, same, prototypes = problem
    _, dz, dp, dt = metric.loss_and_gradient(z, same, prototypes, temperature)
    close = {"atol": GRADIENT_TOLERANCE, "rtol": 1e-4}
    np.testing.assert_allclose(
        dz, slope(lambda v: metric.loss_and_gradient(v, same, prototypes, temperature)[0], z), **close
    )
    np.testing.assert_allclose(
        dp, slope(lambda v: metric.loss_and_gradient(z, same, v, temperature)[0], prototypes), **close
    )
    log_t = np.array([np.log(temperature)])
    by_log_t = slope(lambda v: metric.loss_and_gradient(z, same, prototypes, float(np.exp(v[0])))[0], log_t)
    np.testing.assert_allclose(dt, by_log_t[0], **close)


def test_the_loss_is_the_formula_of_its_docstring(problem):
    z, same, prototypes = problem
    squared = ((z[:, None] - prototypes) ** 2).sum(axis=2)
    likely = np.exp(-2 * squared)
    own = np.where(same, likely, 0).sum(axis=1) / likely.sum(axis=1)
    expected = (-np.log(own + metric.FORGIVEN) + metric.PULL * np.where(same, squared, np.inf).min(axis=1)).mean()
    assert metric.loss_and_gradient(z, same, prototypes, 2.0)[0] == pytest.approx(expected)


def test_far_vectors_and_a_high_temperature_stay_finite(problem):
    z, same, prototypes = problem
    for result in metric.loss_and_gradient(z * 1e3, same, prototypes, 1e4):
        assert np.isfinite(result).all()


def test_a_vector_among_the_prototypes_of_another_class_costs_no_more_than_a_wrong_label_may():
    z, prototypes = np.array([[0.0, 0]]), np.array([[100.0, 0], [0, 0]])
    loss, dz, _, _ = metric.loss_and_gradient(z, np.array([[True, False]]), prototypes, 10)
    assert loss - metric.PULL * 100**2 == pytest.approx(-np.log(metric.FORGIVEN))
    np.testing.assert_allclose(dz, [[-2 * metric.PULL * 100, 0]])


def test_gradients_of_an_embedding_are_the_slopes_of_what_it_gives():
    rng = np.random.default_rng(0)
    x, weights = rng.random((3, FEATURES)), rng.normal(size=(3, 2))
    shapes = {"linear": (FEATURES, 2), "kernels": (AROUND, 2), "bias": (2,), "mixing": (CELLS * 2, 2)}
    parts = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    embedding = Embedding(**parts)
    around = patches(x).astype(float)

    def total():
        return (weights * (x @ embedding.linear + embedding.answers(around) @ embedding.mixing)).sum()

    found = metric.embedding_gradients(embedding, x, around, embedding.answers(around), weights)
    for (name, part), gradient in zip(parts.items(), found, strict=True):
        assert gradient.shape == part.shape, name
        for at in rng.integers(0, part.size, 5):
            kept, steps = part.flat[at], []
            for step in (STEP, -STEP):
                part.flat[at] = kept + step
                steps.append(total())
            part.flat[at] = kept
            assert gradient.flat[at] == pytest.approx((steps[0] - steps[1]) / (2 * STEP), rel=1e-3, abs=1e-3), name


def test_adam_finds_the_bottom_of_a_bowl():
    value = np.array([3.0, -2.0])
    adam = metric.Adam(value, 0.05)
    for _ in range(600):
        adam.update(2 * (value - [1, 1]), 1)
    np.testing.assert_allclose(value, 1, atol=0.01)


def hidden(n, seed):
    """Four classes told apart by 2 of the features; the others are larger and mean nothing."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 4, n)
    vectors = rng.normal(size=(n, FEATURES)) * 0.05
    vectors[:, :2] = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])[labels] * 0.3 + rng.normal(size=(n, 2)) * 0.02
    return vectors.astype(np.float32), labels


def test_learning_finds_the_features_that_matter(monkeypatch):
    monkeypatch.setattr(metric, "RATE", 0.01)
    monkeypatch.setattr(metric, "PROTOTYPES", 4)
    vectors, labels = hidden(1000, 0)
    unseen, truth = hidden(300, 1)
    embedding = metric.learn(vectors, labels, np.ones(1000), seed=1, steps=150, progress=False)
    assert embedding.dimensions == metric.DIMENSIONS
    assert {part.dtype for part in vars(embedding).values()} == {np.dtype(np.float32)}

    def error(train, test):
        return 1 - KNeighborsClassifier(5).fit(train, labels).score(test, truth)

    before, after = error(vectors, unseen), error(embedding(vectors), embedding(unseen))
    assert after < 0.02
    assert after < before / 2


def test_the_seed_fixes_what_is_learned():
    vectors, labels = hidden(300, 0)
    one, same, other = (
        metric.learn(vectors, labels, np.ones(300), seed=seed, steps=5, progress=False) for seed in (1, 1, 2)
    )
    for name in vars(one):
        np.testing.assert_array_equal(getattr(one, name), getattr(same, name))
    assert not np.array_equal(one.linear, other.linear)


def test_a_class_that_is_hardly_ever_drawn_is_learned_all_the_same():
    vectors, labels = hidden(400, 0)
    weights = np.where(labels == 3, 1e-9, 1)
    embedding = metric.learn(vectors, labels, weights, seed=1, steps=3, progress=False)
    assert np.isfinite(embedding(vectors)).all()


# Distorted copies.


@pytest.fixture(scope="module")
def glyphs():
    return np.stack([glyph(hand.ink(digit, brush=brush)) for digit in hand.DIGITS for brush in (12, 20, 30)])


def test_distorted_copies_are_glyphs_of_the_same_digits(glyphs):
    before = glyphs.copy()
    copies = distorted(glyphs, 1, jobs=1, progress=False)
    assert copies.shape == glyphs.shape
    assert copies.dtype == np.uint8
    np.testing.assert_array_equal(glyphs, before)
    assert copies.any(axis=(1, 2)).all(), "no copy is empty"
    assert not (copies == glyphs).all(axis=(1, 2)).any(), "each copy differs from its glyph"
    likeness = [np.corrcoef(a.ravel(), b.ravel())[0, 1] for a, b in zip(copies, glyphs)]
    assert np.mean(likeness) > 0.7


def test_the_seed_fixes_the_copies_on_any_number_of_cores(glyphs, monkeypatch):
    monkeypatch.setattr("training.synthesis.augment.CHUNK", 7)
    alone = distorted(glyphs, 5, jobs=1, progress=False)
    np.testing.assert_array_equal(distorted(glyphs, 5, jobs=2, progress=False), alone)
    assert not np.array_equal(distorted(glyphs, 6, jobs=1, progress=False), alone)


def test_hairlines_survive_distortion():
    line = np.zeros((28, 28), np.uint8)
    line[4:24, 14] = 255
    copies = distorted(np.stack([line] * 40), 3, jobs=1, progress=False)
    assert (copies.max(axis=(1, 2)) > 100).all()
