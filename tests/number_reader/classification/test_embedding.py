"""embedding.py: patches against scipy's correlation, and the sum of its two ways."""

import numpy as np
import pytest
from scipy.ndimage import correlate

from number_reader.classification.embedding import AROUND, CELLS, MIXED, Embedding, patches
from number_reader.classification.features import DIRECTIONS, FEATURES, GRID


@pytest.fixture
def embedding():
    rng = np.random.default_rng(0)
    return Embedding(
        *(rng.normal(size=shape).astype(np.float32) for shape in ((FEATURES, 6), (AROUND, 3), (3,), (CELLS * 3, 6)))
    )


@pytest.fixture
def vectors():
    return np.random.default_rng(1).random((5, FEATURES)).astype(np.float32)


def test_a_kernel_looks_at_the_3x3_cells_around_each_cell(vectors):
    kernel = np.random.default_rng(2).normal(size=(3, 3, DIRECTIONS))
    assert patches(vectors).dtype == np.float32, "in a browser there is memory for no more"
    said = (patches(vectors) @ kernel.reshape(-1)).reshape(5, GRID, GRID)
    planes = vectors[:, :-2].reshape(5, DIRECTIONS, GRID, GRID)
    for image, answer in zip(planes, said, strict=True):
        expected = sum(correlate(image[k].astype(float), kernel[:, :, k], mode="constant") for k in range(DIRECTIONS))
        np.testing.assert_allclose(answer, expected, atol=1e-4)


def test_an_embedding_is_linear_but_for_what_kernels_answer(embedding, vectors):
    said = embedding.answers(patches(vectors))
    assert said.shape == (5, 3 * CELLS)
    assert (said >= 0).all()
    assert said.any()
    expected = vectors @ embedding.linear + said @ embedding.mixing
    np.testing.assert_allclose(embedding(vectors), expected, rtol=1e-4, atol=1e-4)
    embedding.bias[:] = -1e6
    np.testing.assert_allclose(embedding(vectors), vectors @ embedding.linear, rtol=1e-4, atol=1e-4)


def test_many_vectors_are_embedded_as_each_alone(embedding):
    many = np.random.default_rng(3).random((2 * MIXED + 7, FEATURES)).astype(np.float16)
    together = embedding(many)
    assert together.dtype == np.float32
    assert together.shape == (len(many), embedding.dimensions)
    for at in (0, MIXED - 1, MIXED, len(many) - 1):
        np.testing.assert_allclose(embedding(many[at : at + 1])[0], together[at], rtol=1e-3, atol=1e-3)
    assert embedding(many[:0]).shape == (0, 6)
