"""features.py against scikit-image: moments, warp, Sobel; and what a feature vector promises."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra.numpy import arrays
from scipy.ndimage import map_coordinates
from skimage.filters import sobel_h, sobel_v
from skimage.measure import moments as skimage_moments
from skimage.measure import moments_central
from skimage.transform import AffineTransform
from skimage.transform import warp as skimage_warp

from number_reader.classification.features import (
    DIRECTIONS,
    FEATURES,
    GRID,
    SHAPE_WEIGHT,
    SIGMA,
    TARGET,
    deskew,
    direction_histogram,
    features,
    gradients,
    moments,
    sample,
    warp,
)
from number_reader.classification.normalize import SIDE, glyph
from number_reader.segmentation.pieces import InkPieces
from tests.number_reader import hand

MOMENT_TOLERANCE = 2e-5  # px^2
WARP_TOLERANCE = 1e-5
SOBEL_TOLERANCE = 2e-6
HISTOGRAM_TOLERANCE = 1e-4
MIDDLE = (SIDE - 1) / 2
PIXEL = 1 / 12  # variance of one pixel's own extent

DOT = np.zeros((SIDE, SIDE), np.uint8)
DOT[13, 13] = 255
LYING = np.zeros((SIDE, SIDE), np.uint8)
LYING[14, 4:24] = 255
DEGENERATE = {
    "empty": np.zeros((SIDE, SIDE), np.uint8),
    "full": np.full((SIDE, SIDE), 255, np.uint8),
    "dot": DOT,
    "faint dot": DOT // 255,
    "lying hairline": LYING,
    "standing hairline": LYING.T.copy(),
    "slanted hairline": np.eye(SIDE, dtype=np.uint8) * 255,
}


@pytest.fixture(scope="module")
def glyphs():
    return np.stack([glyph(hand.ink(digit, brush=brush)) for digit in hand.DIGITS for brush in (12, 30)])


@pytest.fixture(scope="session")
def real_glyphs(ink_maps):
    """Float32 (n, 28, 28), 0..1, of every digit in the pictures."""
    found = []
    for pieces in map(InkPieces, ink_maps):
        found += [glyph(pieces.ink([number])[1]) for number in range(len(pieces.boxes))]
    return np.stack(found).astype(np.float32) / 255


def test_moments_are_scikit_images(real_glyphs):
    for one, cy, cx, yy, xx, xy in zip(real_glyphs, *moments(real_glyphs)):
        first, second = skimage_moments(one.astype(float), order=1), moments_central(one.astype(float), order=2)
        mass = first[0, 0]
        np.testing.assert_allclose(
            (cy + MIDDLE, cx + MIDDLE), (first[1, 0] / mass, first[0, 1] / mass), atol=MOMENT_TOLERANCE
        )
        expected = second[2, 0] / mass + PIXEL, second[0, 2] / mass + PIXEL, second[1, 1] / mass
        np.testing.assert_allclose((yy, xx, xy), expected, atol=MOMENT_TOLERANCE)


def warp_by_scikit_image(one, cy, cx, y_scale, x_scale, shear):
    from_middle = np.array([[1, 0, -MIDDLE], [0, 1, -MIDDLE], [0, 0, 1]])
    scale = np.array([[x_scale, shear * y_scale, 0], [0, y_scale, 0], [0, 0, 1]])
    to_centre = np.array([[1, 0, MIDDLE + cx], [0, 1, MIDDLE + cy], [0, 0, 1]])
    inverse = AffineTransform(matrix=to_centre @ scale @ from_middle)
    return skimage_warp(one.astype(float), inverse, order=1, cval=0)


@pytest.mark.parametrize(
    "placed",
    [(0, 0, 1, 1, 0), (1.5, -2.25, 1, 1, 0), (0, 0, 0.6, 1.4, 0), (0.5, 1, 1.1, 0.8, 0.4), (9, -9, 2, 2, -1.5)],
    ids=["nothing", "shift", "size", "slant", "far outside"],
)
def test_warp_is_scikit_images(real_glyphs, placed):
    count = len(real_glyphs)
    ours = warp(real_glyphs, *(np.full(count, value, np.float32) for value in placed))
    for one, warped in zip(real_glyphs, ours):
        np.testing.assert_allclose(warped, warp_by_scikit_image(one, *placed), atol=WARP_TOLERANCE)


def test_sampling_is_scipys_with_nothing_outside():
    rng = np.random.default_rng(0)
    images = rng.random((4, 28, 28)).astype(np.float32)
    ys, xs = rng.uniform(-6, 34, (2, 4, 28, 28))
    found = sample(images, ys, xs)
    assert found.dtype == np.float32
    for image, y, x, values in zip(images, ys, xs, found):
        expected = map_coordinates(image, [y, x], order=1, mode="grid-constant")
        np.testing.assert_allclose(values, expected, atol=1e-4)


@pytest.mark.parametrize(("height", "width"), [(20, 4), (20, 10), (16, 14), (20, 1)])
def test_lying_glyphs_are_sized_as_standing_ones(height, width):
    glyph = np.zeros((1, 28, 28), np.float32)
    glyph[0, (28 - height) // 2 :][:height, (28 - width) // 2 :][:, :width] = 1
    standing, (shape,) = deskew(glyph)
    lying, (turned,) = deskew(glyph.transpose(0, 2, 1))
    np.testing.assert_allclose(lying, standing.transpose(0, 2, 1), atol=1e-5)
    assert turned[0] == pytest.approx(-shape[0], abs=1e-5)
    assert shape[0] < 0


def test_deskew_is_scikit_images_warp_by_scikit_images_moments(real_glyphs):
    for one, upright, (aspect, slant) in zip(real_glyphs, *deskew(real_glyphs)):
        first, second = skimage_moments(one.astype(float), order=1), moments_central(one.astype(float), order=2)
        mass = first[0, 0]
        cy, cx = first[1, 0] / mass - MIDDLE, first[0, 1] / mass - MIDDLE
        yy, xx, xy = second[2, 0] / mass + PIXEL, second[0, 2] / mass + PIXEL, second[1, 1] / mass
        shear = np.clip(xy / yy, -1.5, 1.5)
        across = max(xx - xy**2 / yy, PIXEL)
        height, width = 4 * np.sqrt(yy), 4 * np.sqrt(across)
        longer, shorter = TARGET, TARGET * max((min(height, width) / max(height, width)) ** 0.7, 0.2)
        tall, wide = (longer, shorter) if height >= width else (shorter, longer)
        expected = warp_by_scikit_image(one, cy, cx, height / tall, width / wide, shear)
        np.testing.assert_allclose(upright, expected, atol=1e-3)
        np.testing.assert_allclose(aspect, np.clip(np.log(across / yy) / 2, -1.5, 1.5), atol=1e-3)
        np.testing.assert_allclose(slant, shear, atol=1e-3)


def test_gradients_are_scikit_images_sobel(real_glyphs):
    for one, dy, dx in zip(real_glyphs, *gradients(real_glyphs)):
        wide = np.pad(one, 2)  # zero outside, where scikit-image would mirror
        np.testing.assert_allclose(dy, 4 * sobel_h(wide)[2:-2, 2:-2], atol=SOBEL_TOLERANCE)
        np.testing.assert_allclose(dx, 4 * sobel_v(wide)[2:-2, 2:-2], atol=SOBEL_TOLERANCE)


def test_the_histogram_is_what_one_pixel_after_another_adds_up_to(glyphs):
    centres = np.linspace(3, SIDE - 4, GRID)
    near = np.exp(-((np.arange(SIDE)[:, None] - centres) ** 2) / (2 * SIGMA**2))  # (28, 7)
    near /= near.sum(axis=0)
    for one in glyphs[::4].astype(np.float32) / 255:
        expected = np.zeros((DIRECTIONS, GRID, GRID))
        dy, dx = (d[0].astype(float) for d in gradients(one[None]))
        for y, x in zip(*np.nonzero((dy != 0) | (dx != 0))):
            turn = np.arctan2(dy[y, x], dx[y, x]) / (2 * np.pi) * DIRECTIONS
            low = int(np.floor(turn))
            cell = np.hypot(dy[y, x], dx[y, x]) * np.outer(near[y], near[x])
            expected[low % DIRECTIONS] += (low + 1 - turn) * cell
            expected[(low + 1) % DIRECTIONS] += (turn - low) * cell
        expected = np.sqrt(expected.ravel())
        np.testing.assert_allclose(
            direction_histogram(one[None])[0], expected / np.linalg.norm(expected), atol=HISTOGRAM_TOLERANCE
        )


def test_turning_a_glyph_upside_down_turns_its_directions(glyphs):
    upright = direction_histogram(glyphs.astype(np.float32)).reshape(-1, DIRECTIONS, GRID, GRID)
    turned = direction_histogram(glyphs[:, ::-1, ::-1].astype(np.float32)).reshape(upright.shape)
    np.testing.assert_allclose(np.roll(turned, DIRECTIONS // 2, axis=1)[..., ::-1, ::-1], upright, atol=1e-3)


def test_histograms_have_unit_length(glyphs):
    lengths = np.linalg.norm(features(glyphs)[:, :-2], axis=1)
    np.testing.assert_allclose(lengths, 1, atol=1e-5)


def test_the_last_two_features_are_width_and_slant_within_bounds(glyphs):
    last = features(glyphs)[:, -2:]
    assert np.abs(last).max() <= 1.5 * SHAPE_WEIGHT + 1e-6
    one, zero = last[2], last[0]
    assert one[0] < zero[0]  # a 1 is narrower than a 0


def test_a_glyph_has_the_same_features_in_any_company(glyphs):
    together = features(glyphs)
    assert together.dtype == np.float32
    assert together.shape == (len(glyphs), FEATURES)
    alone = np.concatenate([features(one[None]) for one in glyphs])
    np.testing.assert_allclose(alone, together, atol=1e-5)


def test_no_glyphs_have_no_features(glyphs):
    assert features(glyphs[:0]).shape == (0, FEATURES)


def test_slanted_writing_has_nearly_the_features_of_upright_writing():
    def slanted(digit, slant):
        shear = AffineTransform(matrix=np.array([[1, slant, -slant * 140], [0, 1, 0], [0, 0, 1]]))
        return features(glyph(skimage_warp(hand.ink(digit), shear).astype(np.float32))[None])[0, :-2]

    for digit in hand.DIGITS:
        own = slanted(digit, 0) @ slanted(digit, 0.3)
        others = max(slanted(digit, 0) @ slanted(other, 0) for other in hand.DIGITS if other != digit)
        assert own > 0.95
        assert own > others


@pytest.mark.parametrize("name", DEGENERATE)
def test_degenerate_glyphs_have_finite_features(name):
    vector = features(DEGENERATE[name][None])[0]
    assert np.isfinite(vector).all()
    length = np.linalg.norm(vector[:-2])
    assert length == pytest.approx(1, abs=1e-4) if DEGENERATE[name].any() else length == 0


@given(arrays(np.uint8, (2, SIDE, SIDE)))
def test_any_glyph_has_finite_features(glyphs):
    vectors = features(glyphs)
    assert vectors.shape == (2, FEATURES)
    assert np.isfinite(vectors).all()
    assert (np.linalg.norm(vectors[:, :-2], axis=1) <= 1 + 1e-5).all()
