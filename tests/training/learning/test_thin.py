"""thin.py: what is left out decides nothing."""

import numpy as np
import pytest

from training.learning import thin


@pytest.fixture
def two_classes():
    """Vectors of two labels that meet at x = 0: labels sorted."""
    rng = np.random.default_rng(0)
    vectors = rng.uniform(-1, 1, (1200, 2)).astype(np.float32)
    labels = (vectors[:, 0] > 0).astype(np.uint8)
    order = np.argsort(labels, kind="stable")
    return vectors[order], labels[order]


def test_insideness_is_the_ratio_of_its_docstring(two_classes):
    vectors, labels = two_classes
    squared = ((vectors[:, None] - vectors) ** 2).sum(axis=2)
    other = np.where(labels[:, None] != labels, squared, np.inf).min(axis=1)
    own = np.sort(np.where(labels[:, None] == labels, squared, np.inf), axis=1)[:, : thin.NEAREST + 1].mean(axis=1)
    np.testing.assert_allclose(thin.insideness(vectors, labels), other / own, rtol=1e-2)


def test_half_of_what_lies_inside_goes_and_the_border_stays(two_classes, monkeypatch):
    monkeypatch.setattr(thin, "ENOUGH", 100)
    vectors, labels = two_classes
    kept = thin.kept(vectors, labels, np.random.default_rng(1))
    assert (~kept).sum() == int(thin.INSIDE * 1200) // 2
    assert kept[np.abs(vectors[:, 0]) < 0.05].all()
    np.testing.assert_array_equal(kept, thin.kept(vectors, labels, np.random.default_rng(1)))


def test_where_there_are_few_all_stay(two_classes):
    assert thin.kept(*two_classes, np.random.default_rng(1)).all()
