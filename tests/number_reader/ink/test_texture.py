"""texture.py: writing on waves is parted from them, the blur is scikit-image's, and all other pictures are left alone."""

import numpy as np
import pytest
from skimage.filters import gaussian
from skimage.measure import label

from number_reader.ink.image import INK_LEVEL, ink_map, page_ink
from number_reader.ink.texture import REACH, SIDES, blurred, ink_on_texture, reached
from number_reader.segmentation.components import label_components
from training.data.strokes import draw

SHAPE = (60, 160)
PAPER, INK, WAVES = 0.65, 0.4, 0.12  # grey of paper, by how much ink is darker, and the pattern's lines
STROKES = [
    np.array([[20.0, 12], [20, 45]]),
    np.array([[40.0, 15], [60, 15], [48, 45]]),
    np.array([[80.0, 14], [100, 14], [100, 44], [80, 44], [80, 14]]),
]


def waves(depth=WAVES, apart=5.0, shape=SHAPE):
    """Lines a pixel or two wide that wind across: by how much they are darker, float (h, w)."""
    y, x = np.mgrid[: shape[0], : shape[1]]
    return depth * np.clip(2 * np.cos(2 * np.pi * (y + 2.5 * np.sin(x / 9)) / apart) - 0.8, 0, 1)


def written(shape=SHAPE):
    return draw(STROKES, 3.5, shape)


def field(pattern, ink=INK, drawn=None, seed=0):
    """A picture, uint8 (h, w), of strokes on a pattern."""
    drawn = written(pattern.shape) if drawn is None else drawn
    grey = PAPER - np.maximum(pattern, ink * drawn) + np.random.default_rng(seed).normal(0, 0.008, pattern.shape)
    return np.rint(np.clip(grey, 0, 1) * 255).astype(np.uint8)


def on_texture(picture):
    return ink_on_texture(picture.astype(np.float32) / 255, INK_LEVEL)


@pytest.mark.parametrize("sigma", [0.7, 1.1, 3.0])
def test_the_blur_is_that_of_scikit_image(greys, sigma):
    for values in greys[:20]:
        ours = blurred(values, sigma)
        assert ours.dtype == np.float32
        np.testing.assert_allclose(ours, gaussian(values, sigma, mode="nearest", truncate=3.0), atol=1e-5)


def test_what_is_reached_is_what_scikit_image_labels():
    values = gaussian(np.random.default_rng(0).random(SHAPE), 1.5)
    low, high = np.percentile(values, [60, 90])
    ours = reached(values > high, values > low)
    labels = label(values > low, connectivity=2)
    assert np.array_equal(ours, np.isin(labels, labels[values > high]))
    assert np.count_nonzero(values > high) < np.count_nonzero(ours) < np.count_nonzero(values > low)


def test_a_maze_takes_no_longer_than_a_stroke():
    way = np.ones((1, 4 * REACH), bool)
    assert reached(np.arange(4 * REACH)[None] == 0, way).sum() == REACH + 1


@pytest.mark.parametrize("depth", [0.08, 0.12, 0.16])
@pytest.mark.parametrize("apart", [4.0, 6.0])
def test_ink_is_the_strokes_and_not_the_waves(depth, apart):
    ink = on_texture(field(waves(depth, apart)))
    assert ink.dtype == np.float32
    assert 0 <= ink.min() < ink.max() <= 1
    found, true = ink > INK_LEVEL, written() > 0.5
    assert np.count_nonzero(found & true) > 0.9 * np.count_nonzero(true)
    far = gaussian(written(), 2) < 0.01
    assert not ink[far].any()


def test_a_printed_line_goes_and_what_stands_over_it_stays():
    pattern = waves()
    pattern[52:54] = INK
    ink = on_texture(field(pattern))
    _, _, areas = label_components(ink[48:] > INK_LEVEL)
    assert (areas <= 8).all(), "specks stay where a wave bends into the line, nothing larger"
    assert areas.sum() <= 0.1 * 2 * SHAPE[1]
    assert np.count_nonzero(ink[:48] > INK_LEVEL) > 0.9 * np.count_nonzero(written()[:48] > 0.5)


def noise(depth):
    return np.random.default_rng(1).normal(0, depth, SHAPE)


OTHERS = {
    "even paper": np.zeros(SHAPE),
    "waves that are hardly there": waves(0.01),
    "noise of single pixels": noise(0.05),
    "a shadow": np.broadcast_to(np.linspace(0, 0.2, SHAPE[1]), SHAPE),
}


@pytest.mark.parametrize("name", OTHERS)
def test_paper_without_a_pattern_is_not_this_modules(name):
    assert on_texture(field(OTHERS[name])) is None


@pytest.mark.parametrize("shape", [(SIDES[0] - 1, 90), (SIDES[1], 160), (160, SIDES[1])])
def test_pictures_of_other_sizes_are_not_this_modules(shape):
    assert on_texture(field(waves(shape=shape))) is None


def test_light_ink_on_a_dark_pattern_is_not_this_modules():
    assert on_texture(255 - field(waves())) is None


@pytest.mark.parametrize("apart", [4.0, 5.0, 7.0])
def test_a_pattern_without_writing_is_not_parted_from_itself(apart):
    assert on_texture(field(waves(apart=apart), drawn=np.zeros(SHAPE))) is None


@pytest.mark.parametrize("value", [0, 128, 255])
def test_one_grey_has_no_ink(value):
    assert on_texture(np.full(SHAPE, value, np.uint8)) is None


def test_pages_and_pictures_have_the_same_ink_and_say_so():
    picture = field(waves())
    ink, factor = ink_map(picture)
    of_page, same, plain, textured = page_ink(picture)
    assert (factor, same, textured) == (1, 1, True)
    np.testing.assert_allclose(ink, on_texture(picture), atol=1e-5)
    assert np.array_equal(of_page, ink)
    assert np.array_equal(plain(), ink)
    assert page_ink(field(np.zeros(SHAPE)))[3] is False


def test_photographs_of_digits_are_not_this_modules(greys):
    assert all(ink_on_texture(values, INK_LEVEL) is None for values in greys)
