"""image.py step by step: messages, trimming, paper under transparency, strips, sheets, and what counts as ink."""

from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from number_reader.ink import frames, image
from number_reader.ink.frames import FRAMES, MARGIN, MIN_CONTRAST
from number_reader.ink.image import (
    EVEN,
    INK_LEVEL,
    LEVELS,
    LUMA,
    MIN_GRAINS,
    MIN_SQUARES,
    ImageError,
)
from number_reader.ink.light import darkness, darkness_by_threshold
from number_reader.ink.noise import remove_impulses
from number_reader.ink.rulings import remove_rulings
from tests.number_reader import hand


def darkness_of(values, denoise):
    return image._darkness(values, image._cleaned(values, denoise), denoise)


# What is no picture.


@pytest.mark.parametrize(
    ("picture", "sentence"),
    [
        ([1], "A picture must be a numpy array, not list."),
        (np.zeros((4, 4)), "A picture must hold bytes (uint8), not float64."),
        (
            np.zeros((4, 4, 2), np.uint8),
            "A picture must be grey (height, width), RGB (height, width, 3) or RGBA (height, width, 4), "
            "not of shape (4, 4, 2).",
        ),
        (np.zeros((4, 0), np.uint8), "The picture has no pixels."),
        (
            np.broadcast_to(np.uint8(0), (8001, 10_000)),
            "The picture has 80 million pixels; at most 64 million can be read. Scale it down first.",
        ),
    ],
    ids=["list", "floats", "two channels", "nothing", "too much"],
)
def test_a_reason_is_a_sentence(picture, sentence):
    with pytest.raises(ImageError) as caught:
        image.check(picture)
    assert str(caught.value) == sentence


def test_the_largest_picture_is_one():
    large = np.broadcast_to(np.uint8(0), (8000, 8000))
    assert image.check(large).shape == (8000, 8000)
    with pytest.raises(ImageError, match="64 million pixels; at most 64 million"):
        image.check(np.broadcast_to(np.uint8(0), (8000, 8001)))


def test_a_kind_of_array_becomes_a_plain_one():
    masked = np.ma.masked_array(np.zeros((3, 4), np.uint8), mask=True)
    assert type(image.check(masked)) is np.ndarray


# Trimming.


@st.composite
def sheets(draw):
    """Even pictures with some pixels that differ, seldom at the edge."""
    channels = draw(st.sampled_from([(), (3,), (4,)]))
    height, width = draw(st.integers(1, 40)), draw(st.integers(1, 40))
    picture = np.full((height, width, *channels), draw(st.integers(0, 255)), np.uint8)
    inset = draw(st.sampled_from([0, 1, 1, 1, 12]))
    if min(height, width) > 2 * inset:
        for _ in range(draw(st.integers(0, 3))):
            y, x = draw(st.integers(inset, height - 1 - inset)), draw(st.integers(inset, width - 1 - inset))
            if channels:
                picture[y, x, draw(st.integers(0, channels[0] - 1))] ^= 1
            else:
                picture[y, x] ^= 1
    return draw(st.sampled_from([np.asarray, np.asfortranarray]))(picture)


def trimmed(picture):
    differs = picture != picture[0, 0]
    if picture.ndim == 3:
        differs = differs.any(axis=2)
    rows, columns = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
    if not rows.size or differs[[0, -1]].any() or differs[:, [0, -1]].any():
        return picture, 0, 0
    top, left = max(rows[0] - MARGIN, 0), max(columns[0] - MARGIN, 0)
    return picture[top : rows[-1] + MARGIN + 1, left : columns[-1] + MARGIN + 1], top, left


@given(sheets(), st.sampled_from([1, 5, 64, frames.STRIP]))
def test_an_even_frame_is_cut_away_and_nothing_else(picture, strip):
    with mock.patch.object(frames, "STRIP", strip):
        view, top, left = frames.trim(picture)
    expected, *corner = trimmed(picture)
    assert [top, left] == corner
    assert view.shape == expected.shape
    assert view.size == 0 or np.shares_memory(view, picture)
    np.testing.assert_array_equal(view, expected)
    assert type(top) is type(left) is int


@pytest.mark.parametrize("strip", [1, 4, frames.STRIP])
@pytest.mark.parametrize("channels", [(), (3,), (4,)], ids=["grey", "RGB", "RGBA"])
def test_a_frame_with_one_other_pixel_is_not_even(channels, strip):
    edge = [(y, x) for y in range(30) for x in range(40) if y in (0, 29) or x in (0, 39)]
    with mock.patch.object(frames, "STRIP", strip):
        for y, x in edge:
            picture = np.full((30, 40, *channels), 200, np.uint8)
            picture[15, 20] = 7
            assert frames.trim(picture)[1:] == (15 - MARGIN, 20 - MARGIN)
            picture[(y, x, -1) if channels else (y, x)] += 1
            view, top, left = frames.trim(picture)
            assert (top, left) == (0, 0)
            assert view.shape == picture.shape


# Transparency.


def half_covered(share, *lumas):
    """RGBA of 100 x 100: greys of equal or given shares, (grey, share), opaque on so much of it; elsewhere alpha is 0 and
    the colour odd."""
    picture = np.full((100, 100, 4), (9, 7, 5, 0), np.uint8)
    covered = picture[: round(100 * share)]
    flat = covered.reshape(-1, 4)
    flat[:, 3] = 255
    begin = 0.0
    for grey, part in lumas:
        flat[round(begin * len(flat)) : round((begin + part) * len(flat)), :3] = round(grey * 255)
        begin += part
    return picture


@pytest.mark.parametrize(
    ("picture", "paper"),
    [
        (half_covered(0.6, (0.8, 0.9), (0.2, 0.1)), 0.8),  # a photograph with a hole
        (half_covered(0.6, (0.2, 0.9), (0.8, 0.1)), 0.2),
        (half_covered(0.6, (0.6, 0.94), (0.2, 0.06)), 0.6),  # just ink enough, dark or light
        (half_covered(0.6, (0.4, 0.94), (0.8, 0.06)), 0.4),
        (half_covered(0.6, (0.6, 0.96), (0.2, 0.04)), 0),  # hardly any ink: it is the drawing
        (half_covered(0.6, (0.4, 0.96), (0.8, 0.04)), 1),
        (half_covered(0.6, (0.5, 0.55), (0.71, 0.45)), 0.5),
        (half_covered(0.6, (0.5, 0.55), (0.69, 0.45)), 0),
        (half_covered(0.4, (0.8, 0.9), (0.2, 0.1)), 0),  # a drawing
        (half_covered(0.4, (0.2, 0.9), (0.8, 0.1)), 1),
        (half_covered(0.6, (0.9, 1)), 0),
        (half_covered(0.6, (0.1, 1)), 1),
        (half_covered(0, (0.1, 1)), 1),  # nothing to be seen
    ],
)
def test_the_paper_under_a_picture(picture, paper):
    assert image._paper_under(picture) == pytest.approx(paper, abs=0.02 if 0 < paper < 1 else 0)


def test_colours_count_by_their_luma():
    for channel in range(3):
        picture = np.zeros((10, 10, 4), np.uint8)
        picture[..., 3] = 255
        picture[..., channel] = 255
        assert image._paper_under(picture) == (1.0 if LUMA[channel] < 0.5 else 0.0)


@pytest.mark.parametrize("grey", [2, 253])
@pytest.mark.parametrize("alpha", [1, 127, 128, 255])
def test_faint_pixels_are_the_drawing_where_there_are_no_others(grey, alpha):
    picture = np.full((20, 20, 4), 100, np.uint8)
    picture[..., 3] = 0
    picture[5:9, 5:9] = (grey, grey, grey, alpha)
    assert image._paper_under(picture) == (1.0 if grey < 128 else 0.0)
    picture[15:, :] = (255 - grey, 255 - grey, 255 - grey, 127)  # more of them, but fainter
    if alpha > 127:
        assert image._paper_under(picture) == (1.0 if grey < 128 else 0.0)


@pytest.mark.parametrize(("shape", "step"), [((990, 1000), 1), ((1990, 2000), 1), ((2000, 2000), 2), ((1000, 9000), 3)])
def test_of_millions_of_pixels_some_are_looked_at(shape, step):
    for apart in (1, 2, 3, 4):
        picture = np.full((*shape, 4), 255, np.uint8)
        picture[..., :3] = 51
        picture[::apart, ::apart, :3] = 153
        assert image._paper_under(picture) == pytest.approx(
            0.0 if step % apart == 0 else 0.2
        )  # all the same, or a median


# Grey.

pixels = st.tuples(st.sampled_from([(), (3,), (4,)]), st.integers(1, 20), st.integers(1, 20)).flatmap(
    lambda drawn: arrays(np.uint8, (*drawn[1:], *drawn[0]))
)


@given(pixels, st.integers(1, 4), st.integers(1, 60))
def test_strips_make_no_difference(picture, factor, strip):
    factor = min(factor, *picture.shape[:2])
    whole = image.grey(picture, factor)
    with mock.patch.object(image, "STRIP", strip):
        np.testing.assert_allclose(image.grey(picture, factor), whole, atol=1e-6)


@given(pixels, st.floats(0, 1, width=32))
def test_see_through_pixels_are_laid_on_paper(picture, under):
    if picture.ndim == 3 and picture.shape[2] == 4:
        alpha = picture[..., 3] / 255
        expected = (picture[..., :3] / 255) @ LUMA.astype(float) * alpha + under * (1 - alpha)
        np.testing.assert_allclose(image._laid_on(picture, np.float32(under)), expected, atol=1e-5)


@pytest.mark.parametrize("channel", range(4))
def test_black_is_without_any_colour(channel):
    picture = np.zeros((6, 7, 4), np.uint8)
    assert image._is_black(picture)
    picture[3, 4, channel] = 1
    assert image._is_black(picture) == (channel == 3)


@pytest.mark.parametrize("factor", [1, 2, 256, 257, 258, 300, 600])
def test_sums_of_large_blocks_do_not_overflow(factor):
    for shape in ((600, 601), (600, 601, 3)):
        white = image.grey(np.full(shape, 255, np.uint8), factor)
        assert white.shape == (600 // factor, 601 // factor)
        assert white.dtype == np.float32
        np.testing.assert_allclose(white, 1, atol=2e-6)


# Scale and contrast.


@pytest.mark.parametrize(("side", "factor"), [(1, 1), (1199, 1), (1200, 1), (1201, 2), (2400, 2), (2401, 3), (4801, 5)])
def test_the_longer_side_says_how_far_a_picture_is_scaled_down(side, factor):
    for shape in ((side, 40), (40, side), (side, 40, 3), (40, side, 4)):
        picture = np.full(shape, 255, np.uint8)
        picture[8:32, 8:32] = 0
        ink, scale = image.ink_map(picture)
        assert scale == factor
        assert ink.shape == tuple(each // factor for each in shape[:2])
        assert ink.dtype == np.float32
        assert ink.any() == (side > 8)


@pytest.mark.parametrize("shape", [(2, 3601, 3), (3601, 2, 4), (2, 3601), (3601, 2), (1, 1201), (3, 60_000)])
def test_a_picture_too_narrow_to_be_scaled_down_has_no_ink(shape):
    picture = np.zeros(shape, np.uint8)
    picture[:, ::2] = 255
    ink, factor = image.ink_map(picture)
    assert factor > min(shape[:2])
    assert not ink.any()
    assert ink.dtype == np.float32
    assert ink.shape == tuple(max(side // factor, 1) for side in shape[:2])


@pytest.mark.parametrize(("step", "seen"), [(15, False), (17, True)])
def test_the_least_contrast(step, seen):
    assert 15 / 255 < MIN_CONTRAST < 17 / 255
    picture = np.full((120, 120), 200, np.uint8)
    picture[40:80, 50:60] -= step
    for side in (picture, 255 - picture):
        ink, _ = image.ink_map(side)
        assert (ink > INK_LEVEL).sum() == (400 if seen else 0)
        assert ink.dtype == np.float32


# The sheet within borders and frames.


def framed(*boxes, shape=(100, 120), mark=True):
    """Light paper with rectangles one pixel thick, (top, left, bottom, right), and a mark."""
    values = np.full(shape, 0.9, np.float32)
    for top, left, bottom, right in boxes:
        values[[top, bottom - 1], left:right] = 0.1
        values[top:bottom, [left, right - 1]] = 0.1
    if mark:
        values[45:60, 55:60] = 0.2
    return values


def sides(found):
    return tuple((part.start, part.stop) for part in found)


def test_a_sheet_is_what_a_frame_holds():
    whole = ((0, 100), (0, 120))
    assert sides(frames.find_sheet(framed())) == whole
    assert sides(frames.find_sheet(framed((10, 15, 81, 101)))) == ((12, 79), (17, 99))
    assert sides(frames.find_sheet(framed((10, 15, 81, 101), (20, 30, 70, 90)))) == ((22, 68), (32, 88))
    assert sides(frames.find_sheet(framed((0, 0, 100, 120)))) == ((3, 97), (3, 117))
    assert sides(frames.find_sheet(framed((10, 15, 81, 101), mark=False))) == whole, "nothing in it"
    assert sides(frames.find_sheet(1 - framed((10, 15, 81, 101)))) == ((12, 79), (17, 99))


def test_an_even_border_is_cut_off():
    values = np.pad(framed(shape=(90, 100)), ((3, 9), (20, 0)), constant_values=0.2)
    assert sides(frames.find_sheet(values)) == ((0, 102), (0, 120)), "the sheet goes to the edge"
    values = np.pad(framed(shape=(90, 100)), ((3, 9), (20, 1)), constant_values=0.2)
    assert sides(frames.find_sheet(values)) == ((5, 91), (22, 118))


@pytest.mark.parametrize("gap", [4, 6])
@pytest.mark.parametrize("side", ["top", "bottom", "left", "right"])
def test_a_frame_with_a_large_gap_is_none(side, gap):
    values = framed((0, 0, 100, 100), shape=(104, 104))
    values = np.pad(values[:100, :100], 2, constant_values=0.9)
    at = {
        "top": np.s_[2, 30 : 30 + gap],
        "bottom": np.s_[101, 30 : 30 + gap],
        "left": np.s_[30 : 30 + gap, 2],
        "right": np.s_[30 : 30 + gap, 101],
    }
    values[at[side]] = 0.9
    assert sides(frames.find_sheet(values)) == (((4, 100), (4, 100)) if gap < 5 else ((0, 104), (0, 104)))


def test_the_smallest_frame_has_eight_pixels_of_a_side():
    for height, width in ((8, 30), (30, 8), (7, 30), (30, 7)):
        values = np.full((60, 60), 0.9, np.float32)
        values[20 : 20 + height, 20 : 20 + width] = 0.1
        values[22 : 18 + height, 22 : 18 + width] = 0.9
        values[23 : 17 + height, 23 : 17 + width] = 0.3
        inner = ((22, 18 + height), (22, 18 + width))
        assert sides(frames.find_sheet(values)) == (inner if min(height, width) == 8 else ((0, 60), (0, 60)))


def test_where_the_edge_has_contrast_is_no_frame():
    values = framed((10, 15, 81, 101))
    values[0, 50] = 0.9 - MIN_CONTRAST - 0.02
    assert sides(frames.find_sheet(values)) == ((0, 100), (0, 120))
    values[0, 50] = 0.9 - MIN_CONTRAST + 0.02
    assert sides(frames.find_sheet(values)) == ((12, 79), (17, 99))


def test_more_frames_than_anyone_draws_are_a_pattern():
    nested = [(4 * k, 4 * k, 240 - 4 * k, 240 - 4 * k) for k in range(1, FRAMES + 6)]
    values = framed(*nested, shape=(240, 240), mark=False)
    values[118:122, 118:122] = 0.3
    assert sides(frames.find_sheet(values)) == ((4 * FRAMES + 2, 238 - 4 * FRAMES),) * 2


# Darkness: which way for which picture.


def drawing(paper=0.9, ink=0.2, shape=(150, 150)):
    values = np.full(shape, paper, np.float32)
    values[shape[0] // 3 : shape[0] * 2 // 3, shape[1] // 2 - 3 : shape[1] // 2 + 3] = ink
    return values


def speckled(values):
    values = values.copy()
    values[20, 20] = 1 - values[20, 20]
    return values


def test_what_is_drawn_on_a_screen_is_taken_as_it_is():
    values = speckled(drawing())
    for denoise in (True, False):
        dark, photo = darkness_of(values, denoise)
        assert not photo
        np.testing.assert_allclose(dark, 0.9 - np.minimum(values, 0.9), atol=1e-6)


@pytest.mark.parametrize("sides_", [(99, 100), (100, 100)])
def test_of_a_small_frame_without_a_flaw_impulses_are_removed(sides_):
    values = speckled(drawing(shape=sides_))
    dark, photo = darkness_of(values, True)
    assert (dark[20, 20] > 0.5) == (sum(sides_) == 200)
    assert not photo
    assert darkness_of(values, False)[0][20, 20] > 0.5


@pytest.mark.parametrize("share", [EVEN - 0.05, EVEN + 0.05])
@pytest.mark.parametrize("denoise", [True, False])
def test_paper_is_even_if_most_of_the_frame_is(share, denoise):
    values = speckled(drawing())
    for side in (values[0], values[-1], values[:, 0], values[:, -1]):
        side[round(len(side) * share) :] -= 0.05
    cleaned = remove_rulings(remove_impulses(values) if denoise else values)
    dark, photo = darkness_of(values, denoise)
    assert photo == (share < EVEN)
    expected = darkness(cleaned) if photo else np.maximum(0.9 - cleaned, 0)
    np.testing.assert_allclose(dark, expected, atol=1e-6)


@pytest.mark.parametrize(("step", "same"), [(0.0015, True), (0.0025, False)])
def test_greys_half_a_step_apart_are_the_same_paper(step, same):
    values = drawing(shape=(90, 90))
    uneven = 0.9 + np.arange(90, dtype=np.float32) % 3 * np.float32(step)
    values[0], values[-1], values[:, 0], values[:, -1] = (uneven,) * 4
    assert darkness_of(values, True)[1] != same


@pytest.mark.parametrize("side", [63, 64])
@pytest.mark.parametrize("denoise", [True, False])
def test_small_pictures_with_grain_have_a_threshold(side, denoise):
    values = drawing(shape=(side, 90)) + np.random.default_rng(1).normal(0, 0.02, (side, 90)).astype(np.float32)
    values[20, 20] = 0.1
    dark, photo = darkness_of(values, denoise)
    cleaned = remove_impulses(values) if denoise else values
    assert photo == (side == 64)
    level = np.float32(np.median(np.concatenate([values[0], values[-1], values[:, 0], values[:, -1]])))
    expected = (
        darkness(cleaned) if photo else darkness_by_threshold(cleaned) if denoise else np.maximum(level - cleaned, 0)
    )
    np.testing.assert_allclose(dark, expected, atol=1e-6)


def test_contrast_is_on_the_side_where_more_ink_lies():
    values = np.array([[0.5, 0.5, 0.1], [0.9, 0.9, 0.5]], np.float32)
    np.testing.assert_allclose(image._contrast(values, 0.5), [[0, 0, 0], [0.4, 0.4, 0]], atol=1e-6)
    np.testing.assert_allclose(image._contrast(1 - values, 0.5), [[0, 0, 0], [0.4, 0.4, 0]], atol=1e-6)
    assert image._contrast(values, 0.5).dtype == np.float32


# Ink.


def marks(*levels, shape=(60, 60)):
    """Darkness: bars of 6 x 40 px, each so dark."""
    dark = np.zeros(shape, np.float32)
    for k, level in enumerate(levels):
        dark[10:50, 4 + 9 * k : 10 + 9 * k] = level
    return dark


@pytest.mark.parametrize("level", [0.07, 0.4, 0.9, 1])
def test_what_is_as_dark_as_most_marks_is_full_ink(level):
    dark = marks(level, level, 0.5 * level)
    ink = image._ink(dark, True, True)
    assert ink.dtype == np.float32
    full = (int(level * (LEVELS - 0.5)) + 0.5) / (LEVELS - 0.5)
    np.testing.assert_allclose(ink, np.minimum(dark / full, 1), atol=1e-5)


def test_full_ink_is_that_of_three_quarters_of_the_marks():
    for count, level in ((1, 0.6), (2, 0.8)):  # of five bars the darker ones
        dark = marks(*[0.6] * (5 - count), *[0.8] * count)
        full = (int(level * (LEVELS - 0.5)) + 0.5) / (LEVELS - 0.5)
        assert image._ink(dark, False, True).max() == pytest.approx(min(0.8 / full, 1), abs=1e-5)
        assert image._ink(dark, False, True)[20, 5] == pytest.approx(0.6 / full, abs=0.005)


def test_faint_marks_do_not_say_what_full_ink_is():
    dark = marks(0.9, 0.1, 0.1, 0.1, 0.1)
    dark[10:50, 13:] *= np.linspace(0.7, 1.3, 40, dtype=np.float32)[:, None]
    ink = image._ink(dark, False, True)
    assert ink[20, 5] == pytest.approx(1, abs=0.005)
    np.testing.assert_allclose(ink[:, 13:], dark[:, 13:] / 0.9, atol=0.005)


@pytest.mark.parametrize("level", [0, 0.05])
def test_marks_of_no_contrast_are_no_ink(level):
    ink = image._ink(marks(level), False, True)
    assert not ink.any()
    assert ink.dtype == np.float32
    assert ink.shape == (60, 60)


@pytest.mark.parametrize("count", [MIN_GRAINS - 1, MIN_GRAINS])
def test_grain_is_no_ink(count):
    dark = np.zeros((60, 60), np.float32)
    dark[::3, ::3].flat[:] = np.arange(400).reshape(20, 20) < count
    assert bool(image._ink(dark, False, True).any()) == (count < MIN_GRAINS)
    assert image._ink(dark, False, True).shape == dark.shape
    assert image._ink(dark, False, False).any(), "it is asked for"
    assert image._ink(dark + marks(1), False, True).any(), "a mark beside it"


@pytest.mark.parametrize("count", [MIN_SQUARES - 1, MIN_SQUARES])
def test_a_photograph_has_dust(count):
    dark = np.zeros((60, 60), np.float32)
    dark[20:22, 20 : 21 + count] = 1
    assert bool(image._ink(dark, True, True).any()) == (count == MIN_SQUARES)
    assert image._ink(dark, True, True).shape == dark.shape
    assert image._ink(dark, False, True).any()


def test_noise_is_removed_unless_it_is_asked_for():
    speckled_ = np.full((90, 90), 200, np.uint8)
    speckled_[30:60, 40:46] = 20
    grains = speckled_.copy()
    speckled_[5:85:10, 5:85:10] = 0
    grains[:] = 200
    grains[::3, ::3].flat[1::2] = 0
    static = np.full((90, 90), 200, np.uint8)
    static[1:-1, 1:-1] -= 150 * np.random.default_rng(1).integers(
        0, 2, (88, 88), np.uint8
    )  # as many as no median removes
    for picture, is_dirt in ((static, np.s_[:]), (speckled_, np.s_[5:85:10, 5]), (grains, np.s_[:])):
        assert not image.ink_map(picture)[0][is_dirt].any()
        assert not image.ink_map(picture, denoise=True)[0][is_dirt].any()
        assert image.ink_map(picture, denoise=False)[0][is_dirt].any()


def test_ink_maps_of_frames_hold_what_is_in_them_and_nothing_else():
    coverage = hand.ink(5)
    framed_ = np.pad(hand.dark_on_light(coverage), ((7, 9), (5, 11)), constant_values=20)
    ink, _ = image.ink_map(framed_)
    assert ink.shape == framed_.shape
    assert not ink[:9].any()
    assert not ink[-11:].any()
    assert not ink[:, :7].any()
    assert not ink[:, -13:].any()
    np.testing.assert_allclose(ink[9:-11, 7:-13], coverage[2:-2, 2:-2], atol=0.02)
