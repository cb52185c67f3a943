"""light.py: thresholds and closings against scikit-image, stroke widths and polarity on made paper."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy.ndimage import uniform_filter
from scipy.stats import median_abs_deviation
from skimage import filters, morphology
from skimage.transform import downscale_local_mean
from skimage.util import random_noise

from number_reader.ink import image, light
from tests.number_reader import hand
from training.synthesis.paper import photograph

MEAN_TOLERANCE = 1e-6

small_greys = arrays(
    np.float32,
    array_shapes(min_dims=2, max_dims=2, max_side=12),
    elements=st.integers(0, 255).map(lambda v: np.float32(v / 255)),
)


def strokes_of(*digits):
    return [np.array(stroke) + (1.2 * i, 0) for i, digit in enumerate(digits) for stroke in hand.DIGITS[digit]]


@given(arrays(np.int64, st.integers(2, 40), elements=st.integers(0, 50)))
def test_otsu_splits_a_histogram_as_well_as_scikit_image(counts):
    if np.count_nonzero(counts) < 2:
        return
    values = np.repeat(np.arange(counts.size), counts)

    def between(threshold):
        low, high = values[values <= threshold], values[values > threshold]
        return low.size * high.size * (low.mean() - high.mean()) ** 2

    assert between(light.otsu_bin(counts)) >= between(filters.threshold_otsu(hist=counts)) * 0.999


@given(small_greys, st.integers(1, 15))
def test_closing_is_scikit_images_where_the_picture_goes_on_as_it_ends(values, width):
    around = 2 * width
    padded = np.pad(values, around, mode="edge")
    expected = morphology.closing(padded, np.ones((width, width)))[around:-around, around:-around]
    np.testing.assert_array_equal(light.closing(values, width), expected)


def test_blur_and_shrinking_are_local_means(greys):
    for values in greys[:10]:
        expected = uniform_filter(values.astype(float), 3, mode="nearest")
        np.testing.assert_allclose(light.box_blur(values), expected, atol=MEAN_TOLERANCE)
        height, width = (side // 3 * 3 for side in values.shape)
        expected = downscale_local_mean(values[:height, :width], (3, 3))
        np.testing.assert_allclose(light.shrink(values, 3), expected, atol=MEAN_TOLERANCE)


@pytest.mark.parametrize("noise", [0, 0.004, 0.02])
def test_granulometry_is_what_closings_add_beyond_eight_times_the_noise(noise):
    values, widths = np.random.default_rng(2).random((40, 50)).astype(np.float32), [3, 5, 10]
    for width, found in zip(widths, light.granulometry(values, widths, noise)):
        added = light.closing(values, width).astype(float) - values - 8 * noise
        assert found == pytest.approx((np.maximum(added, 0) ** 4).sum(), rel=1e-5)


@pytest.mark.parametrize(
    ("spectrum", "index"),
    [
        ([0, 10, 10.5, 11], 2),  # it adds next to nothing
        ([10, 10.5, 50, 100], 1),
        ([0.1, 0.1, 50, 52], 3),  # of next to nothing
        ([0.3, 0.3, 50, 100], 3),
        ([0.1, 50, 51, 52], 2),
        ([1, 2, 4, 8], 3),  # never
        ([10, 11.5, 20, 40], 3),
        ([5], 0),
    ],
)
def test_strokes_are_filled_by_the_first_window_that_adds_next_to_nothing(spectrum, index):
    assert light._filled(np.array(spectrum, float)) == index


def bar_on_paper(broad, shape, negative=False):
    values = np.full(shape, 0.9, np.float32)
    values[shape[0] // 4 : shape[0] * 3 // 4, shape[1] // 2 : shape[1] // 2 + broad] = 0.2
    return 1 - values if negative else values


@pytest.mark.parametrize("negative", [False, True])
@pytest.mark.parametrize(
    ("broad", "width"), [(1, 5), (2, 5), (3, 7), (4, 7), (5, 10), (6, 10), (8, 14), (9, 14), (12, 20), (18, 28)]
)
def test_the_window_is_the_next_after_the_one_that_fills_a_stroke(broad, width, negative):
    """They are 3, 5, 7, 10, 14, 20, 28, ... px wide."""
    assert light.strokes(bar_on_paper(broad, (150, 170), negative)) == (not negative, width)


@pytest.mark.parametrize("negative", [False, True])
@pytest.mark.parametrize(("side", "factor"), [(320, 1), (321, 2), (640, 2), (641, 3)])
def test_a_large_picture_is_shrunk_first(side, factor, negative):
    for shape in ((side, 200), (200, side)):
        values = bar_on_paper(6 * factor, shape, negative)
        dark, width = light.strokes(values)
        assert dark == (not negative)
        assert width in (10 * factor, 14 * factor)


def test_of_the_smallest_pictures_no_window_is_wider_than_three_pixels():
    for shape in ((1, 1), (2, 9), (6, 6), (7, 30)):
        assert light.strokes(np.random.default_rng(1).random(shape).astype(np.float32))[1] == 3
    assert light.strokes(bar_on_paper(1, (12, 12)))[1] == 4  # two fifths of a side


LINES = {"pencil": 0.7, "ball pen": 0.5, "marker": 1.8, "chalk": 1.5}  # mm


@pytest.mark.parametrize("illumination", ["even", "gradient", "vignette", "shadow edge"])
@pytest.mark.parametrize("pen", LINES)
def test_light_says_nothing_about_polarity(pen, illumination):
    for seed, digits in enumerate([(1,), (8,), (3, 6), (2, 0, 7, 4)]):
        rng = np.random.default_rng(seed)
        photo = photograph(strokes_of(*digits), rng, pen=pen, light=illumination, size=(240, 320))
        dark, width = light.strokes(image.grey(photo))
        assert dark == (pen != "chalk")
        assert width >= LINES[pen] * 3.2  # px to the mm


@pytest.mark.parametrize("pen", ["ball pen", "marker", "chalk"])
def test_a_hands_shadow_says_nothing_about_polarity(pen):
    for seed, digits in enumerate([(1,), (8,), (3, 6), (2, 0, 7, 4)]):
        rng = np.random.default_rng(seed)
        photo = photograph(strokes_of(*digits), rng, pen=pen, light="hand shadow", size=(480, 640))
        assert light.strokes(image.grey(photo))[0] == (pen != "chalk")


def test_a_table_says_nothing_about_polarity():
    for pen in ("pencil", "ball pen", "marker"):
        photo = photograph(strokes_of(5, 9), np.random.default_rng(4), pen=pen, table="dark table", size=(480, 640))
        assert light.strokes(image.grey(photo))[0]


def test_a_hard_shadow_is_no_ink():
    values = np.full((120, 160), 0.9, np.float32)
    values[:, 70:] = 0.6  # the share of light that is lost, not the difference, counts
    values[40:80, 30:34] *= 0.5
    values[40:80, 120:124] *= 0.5
    dark = light.darkness(values)
    expected = np.zeros_like(values)
    expected[40:80, 30:34] = expected[40:80, 120:124] = 0.5
    np.testing.assert_allclose(dark, expected, atol=1e-6)


@pytest.mark.parametrize("negative", [False, True])
@pytest.mark.parametrize("grain", [0.01, 0.05])
def test_darkness_is_beyond_four_standard_deviations_of_the_paper(grain, negative):
    """Robust ones, from the median of absolute deviations."""
    values = bar_on_paper(5, (150, 170)) + np.random.default_rng(4).normal(0, grain, (150, 170)).astype(np.float32)
    if negative:
        values = 1 - values
    smooth = uniform_filter(values, 3, mode="nearest") if grain > light.GRAIN else values
    dark, width = light.strokes(smooth)
    assert dark != negative
    smooth = 1 - smooth if negative else smooth
    paper = light.closing(smooth, width)
    short = paper - smooth
    noise = np.median(short) + 4 * median_abs_deviation(short, axis=None, scale="normal")
    expected = np.maximum(short - noise, 0) / (paper - noise)
    np.testing.assert_allclose(light.darkness(values), expected, atol=1e-4)
    assert (expected > 0)[:, :80].mean() < 0.01


def test_what_lies_off_the_paper_is_no_ink():
    values = np.full((120, 160), 0.05, np.float32)
    values[20:100, 20:140] = 0.9
    values[50:70, 60:64] = 0.3
    values[5:10, 5:100] = 0.0
    dark = light.darkness(values)
    assert dark[50:70, 60:64].min() > 0.6
    dark[50:70, 60:64] = 0
    assert not dark.any()


@pytest.mark.parametrize("step", [1, -1])
def test_the_least_difference_tells_ink_from_even_paper(step):
    line = np.zeros((28, 28), bool)
    line[6:22, 12:15] = True
    for paper in range(max(step, 0), 256 + min(step, 0)):
        values = np.where(line, np.float32((paper - step) / 255), np.float32(paper / 255))
        darkness = light.darkness_by_threshold(values)
        np.testing.assert_array_equal(darkness > 0, line)
        assert darkness[line] == pytest.approx(1 / 255, abs=1e-6)


PAPER, INK = 230 / 255, 77 / 255
BAR = np.zeros((28, 28), bool)
BAR[5:23, 11:16] = True


def small_darkness(values, negative):
    values = np.rint(np.clip(values, 0, 1) * 255)
    return light.darkness_by_threshold((255 - values if negative else values).astype(np.float32) / np.float32(255))


@pytest.mark.parametrize("negative", [False, True])
def test_grain_is_taken_off_paper_and_little_of_the_ink(negative):
    grain = np.random.default_rng(3).normal(0, 0.03, BAR.shape)
    darkness = small_darkness(np.where(BAR, INK, PAPER) + grain, negative)
    assert (darkness[~BAR] > 0).mean() < 0.03
    assert darkness[BAR].mean() == pytest.approx(PAPER - INK - 1.5 * 1.645 * 0.03, abs=0.02)


@pytest.mark.parametrize("negative", [False, True])
def test_however_coarse_the_grain_half_of_the_ink_stays(negative):
    grain = np.random.default_rng(3).uniform(-0.29, 0.29, BAR.shape)
    darkness = small_darkness(np.where(BAR, INK, PAPER) + grain, negative)
    assert 0.2 < darkness[BAR].mean() < 0.45
    assert darkness[~BAR].mean() < 0.05


@pytest.mark.parametrize("negative", [False, True])
def test_soft_edges_are_no_grain(negative):
    near = np.pad(BAR, 1)[:-2, 1:-1] | np.pad(BAR, 1)[2:, 1:-1] | np.pad(BAR, 1)[1:-1, :-2] | np.pad(BAR, 1)[1:-1, 2:]
    values = np.where(BAR, INK, np.where(near, 190 / 255, PAPER))
    darkness = small_darkness(values, negative)
    np.testing.assert_allclose(darkness, PAPER - values, atol=1e-6)


@pytest.mark.parametrize("negative", [False, True])
def test_where_ink_is_all_about_paper_is_what_is_not_ink(negative):
    stripes = np.zeros((28, 28), bool)
    stripes[1:-1, 1:-1] = (np.arange(26) % 5 < 3)[:, None]
    darkness = small_darkness(np.where(stripes, INK, PAPER), negative)
    np.testing.assert_array_equal(darkness > 0, stripes)


@pytest.mark.parametrize("negative", [False, True])
@pytest.mark.parametrize("noise", [{"mode": "speckle", "var": 0.1}, {"mode": "gaussian", "var": 0.02}])
def test_a_small_noisy_picture_keeps_its_digit(mnist, noise, negative):
    for seed, picture in enumerate(mnist[0][:30]):
        clean = picture / 255
        noisy = random_noise(clean if negative else 1 - clean, rng=seed, **noise).astype(np.float32)
        dark = light.darkness_by_threshold(noisy)
        assert dark.dtype == np.float32
        assert dark.min() >= 0
        assert np.abs(dark / np.percentile(dark, 98) - clean).mean() < 0.15


@given(small_greys)
def test_darkness_is_sound_on_anything(values):
    for step in (light.darkness, light.darkness_by_threshold):
        dark = step(values)
        assert dark.shape == values.shape
        assert dark.dtype == np.float32
        assert (dark >= 0).all()
        assert (dark <= 1).all()
