"""image.py: grey and area means against scikit-image, trimming, frames, and the ink of every kind of picture."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from skimage.color import rgb2gray, rgba2rgb
from skimage.transform import downscale_local_mean
from skimage.util import img_as_float
from sklearn.datasets import load_digits

from number_reader.ink import frames, image
from number_reader.ink.image import ImageError
from tests.number_reader import hand
from training.synthesis.paper import compressed, photograph

GREY_TOLERANCE = 1e-6  # float32 against float64
MEAN_TOLERANCE = 1e-6
MEMORY = 80_000_000  # bytes beside the picture itself, of any size

anything = st.tuples(
    st.sampled_from([(), (3,), (4,)]), array_shapes(min_dims=2, max_dims=2, max_side=24), st.integers(1, 12)
).flatmap(lambda drawn: arrays(np.uint8, drawn[1] + drawn[0]).map(lambda a: np.repeat(a, drawn[2], axis=1)))


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


def test_a_constant_picture_has_no_ink():
    for shape in ((9, 7), (9, 7, 3), (300, 400, 4)):
        assert not image.ink_map(np.full(shape, 100, np.uint8))[0].any()


@pytest.mark.parametrize("paper", hand.PAPERS, ids=lambda paper: paper.__name__)
def test_ink_is_full_on_the_line_and_nothing_on_the_paper(paper):
    coverage = hand.ink(4)
    ink, factor = image.ink_map(paper(coverage))
    assert factor == 1
    assert ink.dtype == np.float32
    assert ink.shape == coverage.shape
    assert 0 <= ink.min()
    assert ink.max() <= 1
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


@pytest.mark.filterwarnings("error")
@given(anything)
def test_any_pixels_end_in_an_ink_map(picture):
    ink, factor = image.ink_map(picture)
    assert factor == 1
    assert ink.shape == picture.shape[:2]
    assert ink.dtype == np.float32
    assert (ink >= 0).all()
    assert (ink <= 1).all()


def test_trimming_looks_at_whole_pixels_of_any_layout():
    sheet = np.full((90, 120, 4), 255, np.uint8)
    sheet[40, 70, 1] = 254
    for picture in (sheet, np.asfortranarray(sheet), sheet[..., :3], sheet[..., 1]):
        view, top, left = frames.trim(picture)
        assert (top, left) == (32, 62)
        assert view.shape[:2] == (17, 17)


def like(ink, other):
    """Share of ink that two ink maps have in common."""
    both, either = np.minimum(ink, other).sum(), np.maximum(ink, other).sum()
    return both / either


@pytest.fixture(scope="module")
def photo():
    """Real paper, light and grain around a drawn number."""
    strokes = [np.array(stroke) + (1.2 * i, 0) for i, digit in enumerate((2, 6, 8)) for stroke in hand.DIGITS[digit]]
    rng = np.random.default_rng(1)
    return photograph(strokes, rng, light="shadow edge", paper="ruled in light blue", size=(480, 640))


def test_a_turned_or_mirrored_photo_has_the_same_ink(photo):
    ink, _ = image.ink_map(photo)
    assert like(ink, np.rot90(image.ink_map(np.rot90(photo))[0], -1)) > 0.95
    assert like(ink, image.ink_map(photo[:, ::-1])[0][:, ::-1]) > 0.95


def test_a_negative_has_the_same_ink():
    for digit in hand.DIGITS:
        strokes = [np.array(stroke) for stroke in hand.DIGITS[digit]]
        photo = photograph(strokes, np.random.default_rng(digit), light="vignette", pen="marker", size=(240, 320))
        assert like(image.ink_map(photo)[0], image.ink_map(255 - photo)[0]) > 0.85


def test_jpeg_changes_little(photo):
    assert like(image.ink_map(photo)[0], image.ink_map(compressed(photo, 40))[0]) > 0.8


@pytest.mark.parametrize("border", [1, 3, 30])
@pytest.mark.parametrize("lossy", [False, True], ids=["exact", "JPEG"])
def test_a_frame_is_no_ink_and_says_nothing_about_the_paper(border, lossy):
    for drawing in (hand.dark_on_light(hand.ink(5)), hand.light_on_dark(hand.ink(5))):
        framed = np.pad(drawing, border, constant_values=255 - drawing[0, 0])
        if lossy:
            framed = compressed(np.dstack([framed] * 3), 90)
        inside = (slice(border, -border), slice(border, -border))
        ink, _ = image.ink_map(framed)
        assert like(ink[inside], hand.ink(5)) > 0.9
        assert not ink[0].any()
        assert not ink[:, -1].any()


def test_a_bar_is_a_digit_and_no_frame():
    bar = np.full((100, 60), 255, np.uint8)
    bar[10:90, 25:35] = 0
    assert (image.ink_map(bar)[0] == (bar == 0)).all()


@pytest.mark.parametrize("light", ["even", "gradient", "vignette", "shadow edge"])
def test_a_blank_sheet_has_no_ink(light):
    beside = [np.array([[0, 0], [0, 1]])]
    for paper in ("plain", "ruled in light blue", "squared in grey"):
        blank = photograph(beside, np.random.default_rng(0), at=(500, 500), paper=paper, light=light)
        assert image.ink_map(blank)[0].mean() < 1e-3
    if light != "shadow edge":  # over the corner of a sheet it leaves a wedge of light like a mark
        blank = photograph(beside, np.random.default_rng(0), at=(500, 500), light=light, table="dark table")
        assert image.ink_map(blank)[0].mean() < 1e-3


@pytest.mark.parametrize("alpha", [False, True])
def test_memory_stays_far_below_the_picture(alpha):
    large = np.full((3000, 4000, 4 if alpha else 3), 230, np.uint8)
    large[::8] += np.random.default_rng(0).integers(0, 20, large[::8].shape, np.uint8)
    large[1200:1800, 2000:2060, :3] = 30
    tracemalloc.start()
    try:
        assert image.ink_map(large)[0].any()
        assert tracemalloc.get_traced_memory()[1] < MEMORY
    finally:
        tracemalloc.stop()
