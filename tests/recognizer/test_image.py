"""image.py against scikit-image on real pictures: grey, area means, Otsu, noise removal, dilation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy.ndimage import uniform_filter
from skimage import filters, morphology
from skimage.color import rgb2gray, rgba2rgb
from skimage.transform import downscale_local_mean
from skimage.util import img_as_float, random_noise, view_as_windows
from sklearn.datasets import load_digits

from recognizer import image
from recognizer.image import ImageError
from tests.recognizer import hand

GREY_TOLERANCE = 1e-6  # float32 against float64
MEAN_TOLERANCE = 1e-6
OTSU_TOLERANCE = 1.01  # bins: two splits can be equally good
BOX_TOLERANCE = 1e-6
SOFT_EDGE_SHARE = 0.001  # of a clean drawing's pixels may be taken for impulses: its softest edges
SQUARE = np.ones((3, 3))
CONSTANT = np.full((9, 7), 0.4, np.float32)

small_greys = arrays(
    np.float32,
    array_shapes(min_dims=2, max_dims=2, max_side=12),
    elements=st.integers(0, 255).map(lambda v: np.float32(v / 255)),
)


def on_paper(picture, paper):
    """scikit-image's grey of any picture; the transparent lies on `paper`, 0..1."""
    if picture.ndim == 2:
        return img_as_float(picture)
    if picture.shape[2] == 4:
        picture = rgba2rgb(picture, background=(paper,) * 3)
    return rgb2gray(picture)


def test_grey_is_scikit_images_on_white_or_on_black_paper(pictures):
    for picture in pictures:
        ours = image.grey(picture)
        differences = [np.abs(ours - on_paper(picture, paper)).max() for paper in (1, 0)]
        assert min(differences) <= GREY_TOLERANCE


@pytest.mark.parametrize(
    ("paper", "expected"), [(hand.black_in_alpha, 1), (hand.white_in_alpha, 0)], ids=["black ink", "white ink"]
)
def test_transparent_paper_contrasts_with_the_ink(paper, expected):
    picture = paper(hand.ink(3))
    np.testing.assert_allclose(image.grey(picture), on_paper(picture, expected), atol=GREY_TOLERANCE)


def test_a_hole_in_an_opaque_rgba_picture_shows_its_paper():
    picture = hand.opaque_rgba(hand.ink(5))
    paper = image.grey(picture)[0, 0]
    picture[:30, :30, 3] = 0
    np.testing.assert_allclose(image.grey(picture)[:30, :30], paper, atol=GREY_TOLERANCE)


@pytest.mark.parametrize("factor", [2, 3, 7])
def test_shrunk_grey_is_the_local_mean(pictures, factor):
    for picture in pictures:
        full = image.grey(picture)
        height, width = (side // factor * factor for side in full.shape)
        expected = downscale_local_mean(full[:height, :width], (factor, factor))
        np.testing.assert_allclose(image.grey(picture, factor), expected, atol=MEAN_TOLERANCE)


def test_grey_of_a_large_picture_is_the_same_strip_by_strip():
    tile = hand.blue_on_cream(hand.ink(2))
    large = np.tile(tile, (9, 9, 1))
    assert large.shape[0] * large.shape[1] > 2 * 2_000_000  # more than one strip
    np.testing.assert_array_equal(image.grey(large), np.tile(image.grey(tile), (9, 9)))


def test_otsu_is_scikit_images(greys, ink_maps):
    for values in [*greys, *ink_maps]:
        if np.ptp(values):
            bins = abs(image.otsu(values) - filters.threshold_otsu(values)) / np.ptp(values) * 256
            assert bins <= OTSU_TOLERANCE


@given(small_greys)
def test_otsu_splits_as_well_as_scikit_images_on_anything(values):
    if np.ptp(values) == 0:
        assert image.otsu(values) == values.flat[0]
        return

    def between(threshold):
        low, high = values[values <= threshold], values[values > threshold]
        return low.size * high.size * (low.mean(dtype=float) - high.mean(dtype=float)) ** 2

    assert between(image.otsu(values)) >= between(filters.threshold_otsu(values)) * 0.99


def test_removed_impulses_are_the_median_and_the_rest_stays(greys):
    before = after = 0
    for seed, values in enumerate(greys):
        noisy = random_noise(values, "s&p", rng=seed, amount=0.05).astype(np.float32)
        cleaned = image.remove_impulses(noisy)
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
        np.testing.assert_array_equal(image.remove_impulses(noisy, jump), expected)


@pytest.mark.parametrize("brush", [3, 8, 20])
def test_clean_drawings_keep_all_but_a_few_soft_edges(brush):
    for digit in hand.DIGITS:
        clean = image.grey(hand.dark_on_light(hand.ink(digit, brush=brush)))
        assert (image.remove_impulses(clean) != clean).mean() <= SOFT_EDGE_SHARE


def test_box_mean_is_the_mean_of_the_window_inside_the_picture(greys):
    for values in greys:
        for radius in (1, 5, max(values.shape) // 6 + 1):
            total = uniform_filter(values.astype(float), 2 * radius + 1, mode="constant")
            share = uniform_filter(np.ones(values.shape), 2 * radius + 1, mode="constant")
            np.testing.assert_allclose(image.box_mean(values, radius), total / share, atol=BOX_TOLERANCE)


def test_dilation_is_scikit_images(ink_maps):
    for ink in ink_maps:
        mask = ink > image.INK_LEVEL
        np.testing.assert_array_equal(image.dilate(mask), morphology.dilation(mask, SQUARE))


@given(small_greys)
def test_every_step_keeps_shape_and_range_on_anything(values):
    for result in (image.remove_impulses(values), image.box_mean(values, 2)):
        assert result.shape == values.shape and result.dtype == np.float32
        assert values.min() - 1e-6 <= result.min() and result.max() <= values.max() + 1e-6
    np.testing.assert_array_equal(
        image.dilate(values > 0.5), morphology.dilation(values > 0.5, SQUARE)
    )


def test_a_constant_picture_passes_every_step_unchanged():
    assert image.otsu(CONSTANT) == pytest.approx(0.4)
    np.testing.assert_array_equal(image.remove_impulses(CONSTANT), CONSTANT)
    np.testing.assert_allclose(image.box_mean(CONSTANT, 3), CONSTANT, atol=BOX_TOLERANCE)
    assert not image.ink_map(np.full((9, 7), 100, np.uint8))[0].any()


@pytest.mark.parametrize("paper", hand.PAPERS, ids=lambda paper: paper.__name__)
def test_ink_is_full_on_the_line_and_nothing_on_the_paper(paper):
    coverage = hand.ink(4)
    ink, factor = image.ink_map(paper(coverage))
    assert factor == 1 and ink.dtype == np.float32 and ink.shape == coverage.shape
    assert 0 <= ink.min() and ink.max() <= 1
    assert np.abs(ink - coverage).mean() < 0.005
    assert (ink[coverage == 1] > 0.9).mean() > 0.99
    assert ink[coverage == 0].max() < 0.1


def test_the_smallest_pictures_are_not_taken_for_grain():
    for picture in load_digits().images:  # 8x8
        ink, _ = image.ink_map(np.rint(picture * (255 / 16)).astype(np.uint8))
        assert ink.any()


def test_ink_is_found_under_a_shadow():
    coverage = hand.ink(6)
    light = np.linspace(0.7, 1, coverage.shape[1])[None, :]  # the left side lies in the shade
    photo = np.rint(255 * light * (0.9 - 0.7 * coverage)).astype(np.uint8)
    found = image.ink_map(photo)[0] > image.INK_LEVEL
    drawn = coverage > 0.5
    assert (found & drawn).sum() / (found | drawn).sum() > 0.9


def test_large_pictures_are_scaled_down_by_a_whole_factor():
    large = np.kron(hand.dark_on_light(hand.ink(3)), np.ones((9, 9), np.uint8))
    ink, factor = image.ink_map(large)
    assert max(ink.shape) <= image.WORKING_SIDE < max(ink.shape) * (factor + 1)
    assert ink.shape == tuple(side // factor for side in large.shape)


def test_a_long_strip_keeps_its_short_side():
    strip = np.full((3, 5000), 255, np.uint8)
    strip[1, 1000:4000] = 0
    ink, _ = image.ink_map(strip)
    assert min(ink.shape) >= 1


@pytest.mark.parametrize(
    ("picture", "reason"),
    [
        ([[1, 2], [3, 4]], "numpy array, not list"),
        (None, "not NoneType"),
        (np.zeros((4, 4)), "uint8.*float64"),
        (np.zeros((4, 4), np.int8), "uint8.*int8"),
        (np.zeros((4, 4), bool), "uint8.*bool"),
        (np.zeros((), np.uint8), r"shape \(\)"),
        (np.zeros(4, np.uint8), r"shape \(4,\)"),
        (np.zeros((4, 4, 1), np.uint8), r"shape \(4, 4, 1\)"),
        (np.zeros((4, 4, 2), np.uint8), r"shape \(4, 4, 2\)"),
        (np.zeros((4, 4, 5), np.uint8), r"shape \(4, 4, 5\)"),
        (np.zeros((1, 4, 4, 3), np.uint8), r"shape \(1, 4, 4, 3\)"),
        (np.zeros((0, 4), np.uint8), "no pixels"),
        (np.zeros((4, 0, 4), np.uint8), "no pixels"),
    ],
)
def test_what_is_no_picture_is_refused_with_the_reason(picture, reason):
    with pytest.raises(ImageError, match=reason):
        image.ink_map(picture)
