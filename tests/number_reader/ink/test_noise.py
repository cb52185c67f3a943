"""noise.py against scikit-image on real pictures: impulses, dilation, coherence, the level of noise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from skimage import filters, morphology
from skimage.util import random_noise, view_as_windows

from number_reader.ink import image, noise
from tests.number_reader import hand

SOFT_EDGE_SHARE = 0.001  # of a clean drawing's pixels may be taken for impulses: its softest edges
NOISE_TOLERANCE = 0.1  # of the standard deviation
SQUARE = np.ones((3, 3))
CONSTANT = np.full((9, 7), 0.4, np.float32)

small_greys = arrays(
    np.float32,
    array_shapes(min_dims=2, max_dims=2, max_side=12),
    elements=st.integers(0, 255).map(lambda v: np.float32(v / 255)),
)


def test_removed_impulses_are_the_median_and_the_rest_stays(greys):
    before = after = 0
    for seed, values in enumerate(greys):
        noisy = random_noise(values, "s&p", rng=seed, amount=0.05).astype(np.float32)
        cleaned = noise.remove_impulses(noisy)
        changed = cleaned != noisy
        np.testing.assert_array_equal(cleaned[changed], filters.median(noisy, SQUARE)[changed])
        before += np.abs(noisy - values).sum()
        after += np.abs(cleaned - values).sum()
    assert after < before / 2


def test_impulses_are_just_the_pixels_unlike_all_but_one_neighbour(greys):
    jump = 0.25
    for seed, values in enumerate(greys[:20]):
        noisy = random_noise(values, "s&p", rng=seed, amount=0.1).astype(np.float32)
        windows = view_as_windows(np.pad(noisy, 1, mode="edge"), (3, 3)).reshape(*noisy.shape, 9)
        differences = np.sort(np.abs(np.delete(windows, 4, axis=2) - noisy[..., None]), axis=2)
        expected = np.where(differences[..., 1] > jump, np.median(windows, axis=2), noisy)
        np.testing.assert_array_equal(noise.remove_impulses(noisy, jump), expected)


@pytest.mark.parametrize("brush", [3, 8, 20])
def test_clean_drawings_keep_all_but_a_few_soft_edges(brush):
    for digit in hand.DIGITS:
        clean = image.grey(hand.dark_on_light(hand.ink(digit, brush=brush)))
        assert (noise.remove_impulses(clean) != clean).mean() <= SOFT_EDGE_SHARE


def test_dilation_is_scikit_images(ink_maps):
    for ink in ink_maps:
        mask = ink > image.INK_LEVEL
        np.testing.assert_array_equal(noise.dilate(mask), morphology.dilation(mask, SQUARE))


@given(small_greys)
def test_every_step_keeps_shape_and_range_on_anything(values):
    cleaned = noise.remove_impulses(values)
    assert cleaned.shape == values.shape
    assert cleaned.dtype == np.float32
    assert values.min() <= cleaned.min()
    assert cleaned.max() <= values.max()
    np.testing.assert_array_equal(noise.dilate(values > 0.5), morphology.dilation(values > 0.5, SQUARE))
    corners = morphology.erosion(np.pad(values > 0.5, 1), np.ones((2, 2)))
    assert noise.squares(values > 0.5).sum() == corners.sum()
    assert noise.noise_level(values) >= 0


def test_a_constant_picture_has_no_noise():
    np.testing.assert_array_equal(noise.remove_impulses(CONSTANT), CONSTANT)
    assert noise.noise_level(CONSTANT) == 0


@pytest.mark.parametrize("sigma", [0.01, 0.05])
def test_the_level_of_noise_is_found_under_a_drawing(sigma):
    values = random_noise(np.full((200, 200), 0.5), rng=1, var=sigma**2)
    assert noise.noise_level(values) == pytest.approx(sigma, rel=NOISE_TOLERANCE)
    drawn = random_noise(0.25 + 0.5 * hand.ink(8), rng=1, var=sigma**2)
    assert noise.noise_level(drawn) == pytest.approx(sigma, rel=2 * NOISE_TOLERANCE)


def test_grain_does_not_hang_together_and_ink_does():
    grain = np.random.default_rng(0).random((200, 200)) > 0.9
    assert abs(noise.coherence(grain)) < 0.05
    for digit in hand.DIGITS:
        assert noise.coherence(hand.ink(digit) > 0.5) > 0.7
    area = np.arange(400 * 400).reshape(400, 400) < 120_000  # three quarters of it: chance would have much of it joined
    assert noise.coherence(area) > 0.98
    lines = np.repeat(np.arange(400)[:, None] % 2 == 0, 400, axis=1)  # every second row: joined across, never down
    assert noise.coherence(lines) == pytest.approx(0, abs=0.01)
    assert noise.coherence(np.zeros((9, 9), bool)) == noise.coherence(np.ones((9, 9), bool)) == 0
