"""normalize.py against scikit-image: resampling, and where a digit ends up in its glyph."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from skimage.measure import moments
from skimage.transform import AffineTransform, downscale_local_mean, resize, warp

from number_reader.classification.normalize import LONGER, SIDE, extent, glyph, resampling
from number_reader.segmentation.pieces import InkPieces

EXACT = 1e-5
AREA_TOLERANCE = 0.01  # mean difference to the same area mean taken on SUBSAMPLES x SUBSAMPLES points
SUBSAMPLES = 8
RESIZE_TOLERANCE = 0.06  # mean difference to skimage's resize, whose Gaussian is softer than a box
CENTRE_TOLERANCE = 0.1  # px


def crops(ink_maps):
    """Digits of at least 3 px both ways, cut to their extent."""
    for ink in ink_maps:
        pieces = InkPieces(ink)
        for number in range(len(pieces.boxes)):
            _, part = pieces.ink([number])
            top, left, bottom, right = extent(part)
            if min(bottom - top, right - left) >= 3:
                yield part[top:bottom, left:right]


def resampled(crop, scale, out):
    rows, columns = (resampling(size, scale, 0, n) for size, n in zip(crop.shape, out))
    return rows @ crop @ columns.T


@pytest.mark.parametrize("factor", [2, 3, 8])
def test_shrinking_by_a_whole_factor_is_the_local_mean(ink_maps, factor):
    for ink in ink_maps:
        out = tuple(side // factor for side in ink.shape)
        whole = ink[: out[0] * factor, : out[1] * factor]
        expected = downscale_local_mean(whole, (factor, factor))
        np.testing.assert_allclose(resampled(whole, 1 / factor, out), expected, atol=EXACT)


def test_shrinking_is_about_scikit_images_antialiased_resize(ink_maps):
    for crop in crops(ink_maps):
        longer = max(crop.shape)
        if longer > 1.2 * LONGER:
            out = tuple(max(round(side * LONGER / longer), 1) for side in crop.shape)
            rows, columns = (resampling(size, n / size, 0, n) for size, n in zip(crop.shape, out))
            theirs = resize(crop, out, order=1, anti_aliasing=True)
            assert np.abs(rows @ crop @ columns.T - theirs).mean() <= RESIZE_TOLERANCE


@pytest.mark.parametrize("scale", [1.5, 2, 3.7])
def test_enlarging_is_bilinear(ink_maps, scale):
    for crop in list(crops(ink_maps))[:20]:
        crop = crop[:40, :40].astype(float)
        out = tuple(int(side * scale) for side in crop.shape)
        inverse = np.array([[1 / scale, 0, 0.5 / scale - 0.5], [0, 1 / scale, 0.5 / scale - 0.5], [0, 0, 1]])
        expected = warp(crop, AffineTransform(matrix=inverse), order=1, output_shape=out, cval=0)
        np.testing.assert_allclose(resampled(crop, scale, out), expected, atol=EXACT)


def glyph_by_scikit_image(crop):
    """The same normalisation by warp: area means by many samples when shrinking, bilinear when enlarging."""
    scale = LONGER / max(crop.shape)
    m = moments(crop.astype(float), order=1)
    cy, cx = m[1, 0] / m[0, 0] + 0.5, m[0, 1] / m[0, 0] + 0.5
    fine, order = (SUBSAMPLES, 0) if scale < 1 else (1, 1)
    step = 1 / (scale * fine)
    inverse = np.array(
        [
            [step, 0, 0.5 * step - SIDE / 2 / scale + cx - 0.5],
            [0, step, 0.5 * step - SIDE / 2 / scale + cy - 0.5],
            [0, 0, 1],
        ]
    )
    size = (SIDE * fine, SIDE * fine)
    out = warp(crop.astype(float), AffineTransform(matrix=inverse), order=order, output_shape=size, cval=0)
    out = downscale_local_mean(out, (fine, fine))
    return out / out.max()


def test_glyphs_are_scikit_images(ink_maps):
    for crop in crops(ink_maps):
        difference = glyph(crop) / 255 - glyph_by_scikit_image(crop)
        assert np.abs(difference).mean() <= AREA_TOLERANCE


def test_the_longer_side_is_20_and_the_centre_of_mass_in_the_middle(ink_maps):
    for crop in crops(ink_maps):
        result = glyph(crop)
        assert result.shape == (SIDE, SIDE)
        assert result.dtype == np.uint8
        assert result.max() == 255
        m = moments(result.astype(float), order=1)
        centre = np.array([m[1, 0], m[0, 1]]) / m[0, 0]
        # A digit with its mass at one end reaches over the frame, and what is cut off moves the centre.
        if not (result[[0, -1]].any() or result[:, [0, -1]].any()):
            np.testing.assert_allclose(centre, (SIDE - 1) / 2, atol=CENTRE_TOLERANCE)
            top, left, bottom, right = extent(result / 255, 0.02)
            assert LONGER - 1 <= max(bottom - top, right - left) <= LONGER + 2


@pytest.mark.parametrize("factor", [2, 5])
def test_size_does_not_matter(ink_maps, factor):
    for crop in list(crops(ink_maps))[:10]:
        if max(crop.shape) >= LONGER:
            larger = np.kron(crop, np.ones((factor, factor), np.float32))
            assert np.abs(glyph(larger).astype(int) - glyph(crop)).max() <= 1


def test_paper_around_the_ink_does_not_matter(ink_maps):
    for crop in list(crops(ink_maps))[:10]:
        np.testing.assert_array_equal(glyph(np.pad(crop, ((3, 50), (20, 1)))), glyph(crop))


def test_no_ink_is_an_empty_glyph():
    assert not glyph(np.zeros((5, 9), np.float32)).any()
    assert extent(np.zeros((5, 9))) is None


@pytest.mark.parametrize("box", [(2, 3, 5, 8), (0, 0, 9, 12), (8, 11, 9, 12), (4, 0, 5, 12)])
def test_an_extent_is_tight_and_half_open(box):
    ink = np.full((9, 12), 0.05)
    ink[box[0] : box[2], box[1] : box[3]] = 0.5
    assert extent(ink) == box


@pytest.mark.parametrize("shape", [(1, 300), (300, 1), (2, 1000)])
def test_the_thinnest_line_stays_full_ink(shape):
    result = glyph(np.ones(shape, np.float32))
    assert result.max() == 255
    rows, columns = result.any(axis=1).sum(), result.any(axis=0).sum()
    longer, shorter = (columns, rows) if shape[1] >= shape[0] else (rows, columns)
    assert LONGER <= longer <= LONGER + 2
    assert shorter <= 2


def test_a_single_pixel_is_a_round_dot():
    result = glyph(np.ones((1, 1), np.float32))
    assert result.max() == 255
    np.testing.assert_array_equal(result, result.T)
    np.testing.assert_array_equal(result, result[::-1, ::-1])


@given(
    arrays(
        np.float32,
        array_shapes(min_dims=2, max_dims=2, max_side=40),
        elements=st.integers(0, 255).map(lambda v: np.float32(v / 255)),
    )
)
def test_any_ink_gives_a_glyph(ink):
    result = glyph(ink)
    assert result.shape == (SIDE, SIDE)
    assert result.dtype == np.uint8
    assert result.any() == (extent(ink) is not None)
