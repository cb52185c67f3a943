"""Sheets on tables: their corners, what is on them, and pictures that are all sheet. Oracle: scikit-image draws them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage.draw import polygon2mask

from number_reader.sheet.sheet import darkest_colour, find_sheet, flattened, stands_out
from training.synthesis.sheets import TABLES, photograph_sheet

SHAPE = (480, 640)
SHEET = np.array([(130, 90), (520, 130), (500, 400), (100, 360)], float)


def photo(corners=SHEET, paper=215, table=70, shape=SHAPE, noise=5):
    """uint8 (H, W): a quadrilateral of paper on a table."""
    inside = polygon2mask(shape, np.array(corners)[:, ::-1])
    values = np.where(inside, paper, table) + np.random.default_rng(3).normal(0, noise, shape)
    return np.rint(np.clip(values, 0, 255)).astype(np.uint8)


def off(corners, true):
    """How far the worst corner is off, as a share of the picture's longer side."""
    return np.abs(corners - true).max() / max(SHAPE)


@pytest.mark.parametrize("table", sorted(TABLES))
def test_the_corners_of_a_made_photograph_are_found(table):
    stroke = np.array([(0.1, 0), (0.6, 0.1), (0.2, 0.9)], np.float32)
    sheet = photograph_sheet([([stroke], "7")] * 4, np.random.default_rng(5), table, SHAPE, tilt=35, turn=15)
    _, corners = find_sheet(sheet.image)
    assert off(corners, sheet.corners) < 0.02


@pytest.mark.parametrize("degrees", range(1, 90, 11))
def test_sheets_at_any_angle(degrees):
    turn = np.deg2rad(degrees)
    edges = np.array([(-150, -100), (150, -100), (150, 100), (-150, 100)])
    true = edges @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]) + (320, 240)
    flat, corners = find_sheet(photo(true))
    assert min(off(np.roll(corners, k, axis=0), true) for k in range(4)) < 0.004
    along = corners[1] - corners[0]
    assert along[0] >= abs(along[1]) - 5  # the side at the top is nearest to level
    assert abs(max(flat.shape) / min(flat.shape) - 1.5) < 0.05


def test_a_shadow_across_sheet_and_table_moves_nothing():
    image = photo()
    beyond = (np.arange(640) - 300) / 8
    image = (image * (1 - 0.5 / (1 + np.exp(-np.clip(beyond, -30, 30))))).astype(np.uint8)
    assert off(find_sheet(image)[1], SHEET) < 0.02


def test_a_shadow_is_no_side():
    # Other paper hides half of the sheet's lower side, and the shadow is as long as the sheet is wide.
    image = photo(noise=2)
    image[photo([(300, 370), (640, 400), (640, 480), (300, 480)], noise=0) > 200] = 215
    y, x = np.mgrid[:480, :640]
    image = (image * (1 - 0.5 / (1 + np.exp(-np.clip((y - 0.1 * x - 260) / 5, -30, 30))))).astype(np.uint8)
    assert off(find_sheet(image)[1], SHEET) < 0.02


def test_a_hand_on_a_side_moves_nothing_but_two_hands_hide_the_sheet():
    image = photo()
    image[60:150, 200:340] = 70
    assert off(find_sheet(image)[1], SHEET) < 0.02
    y, x = np.mgrid[:480, :640]
    for column, row in SHEET[::2]:
        image[np.hypot(y - row, x - column) < 190] = 70
    assert find_sheet(image)[1] is None


def test_what_is_on_the_sheet_is_there_upright_and_the_table_is_not():
    image = photo(noise=0)
    middle = SHEET.mean(axis=0).astype(int)
    image[middle[1] - 8 : middle[1] + 8, middle[0] - 8 : middle[0] + 8] = 20
    flat, _ = find_sheet(image)
    assert flat.dtype == np.uint8
    y, x = np.nonzero(flat < 100)
    assert abs(y.mean() / flat.shape[0] - 0.5) < 0.05
    assert abs(x.mean() / flat.shape[1] - 0.5) < 0.05
    assert np.ptp(y) < 25  # it alone is dark: nothing of the table is left
    assert np.ptp(x) < 25


def test_the_sheet_is_as_large_as_it_is_seen():
    flat, corners = find_sheet(np.kron(photo(), np.ones((2, 2), np.uint8)))
    assert off(corners / 2, SHEET) < 0.01
    assert 0.93 * 2 * 402 < flat.shape[1] < 2 * 402  # its lower side is 402 px long
    huge = find_sheet(np.kron(photo(), np.ones((5, 5), np.uint8)))[0]
    assert 1100 < max(huge.shape) <= 1200


def test_a_sheet_that_the_picture_cuts_has_corners_outside():
    _, corners = find_sheet(photo()[:330])
    assert off(corners[:2], SHEET[:2]) < 0.01
    assert (corners[2:, 1] > 320).all()
    assert corners[2:, 1].max() > 329
    top, bottom = corners[1] - corners[0], corners[2] - corners[3]
    assert abs(np.arctan2(*top) - np.arctan2(*bottom)) < 0.01


@pytest.mark.parametrize("channels", [3, 4])
def test_colours_and_a_full_alpha_are_a_photograph(channels):
    image = np.repeat(photo()[..., None], channels, axis=2)
    image[..., 3:] = 255
    assert off(find_sheet(image)[1], SHEET) < 0.01


def test_paper_is_told_from_a_table_as_bright_by_its_colour():
    image = np.stack([np.full(SHAPE, 200, np.uint8), np.full(SHAPE, 200, np.uint8), photo(paper=200)], axis=-1)
    assert off(find_sheet(image)[1], SHEET) < 0.01


def lines(thick, shape=SHAPE):
    """A drawn table of two by three cells."""
    image = photo(paper=215, table=215, shape=shape)
    for y in np.linspace(60, shape[0] - 60, 3).astype(int):
        image[y - thick : y + thick, 60:-60] = 40
    for x in np.linspace(60, shape[1] - 60, 4).astype(int):
        image[60 - thick : shape[0] - 60 + thick, x - thick : x + thick] = 40
    return image


NONE = {
    "paper": photo(table=215),
    "black": np.zeros(SHAPE, np.uint8),
    "white": np.full(SHAPE, 255, np.uint8),
    "noise": np.random.default_rng(4).integers(0, 256, SHAPE).astype(np.uint8),
    "a thin grid": lines(2),
    "a thick grid": lines(9),
    "a very thick grid": lines(17),
    "something dark": photo(paper=60, table=220),
    "two sides": photo([(-10, -10), (400, -10), (430, 300), (-10, 280)]),
    "one side": photo([(-10, -10), (700, -10), (700, 300), (-10, 280)]),
    "a shadow": np.rint(215 - 100 / (1 + np.exp(-(np.hypot(*(np.mgrid[:480, :640] - 250)) - 150) / 9))).astype(
        np.uint8
    ),
    "something small": photo([(300, 200), (340, 200), (340, 240), (300, 240)]),
    "a triangle": photo([(320, 60), (560, 420), (80, 420)]),
    "something round": photo([(320 + 180 * np.cos(t), 240 + 180 * np.sin(t)) for t in np.linspace(0, 6.2, 60)]),
    "a drawing": np.dstack([photo()] * 3 + [photo()]),
    "a small cut": photo(SHEET * 0.4, noise=0, shape=(199, 260)),
}


@pytest.mark.parametrize("name", NONE)
def test_what_is_no_sheet_is_left_as_it_is(name):
    image = NONE[name]
    flat, corners = find_sheet(image)
    assert corners is None
    assert flat is image


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 700), st.integers(1, 700), st.sampled_from([None, 3, 4]), st.integers(0, 2**32), st.booleans()
)  # fmt: skip
def test_pictures_of_any_size_and_kind(height, width, channels, seed, blocks):
    rng = np.random.default_rng(seed)
    shape = (height, width) if channels is None else (height, width, channels)
    image = rng.integers(0, 256, shape).astype(np.uint8)
    if blocks:  # four grounds with corners
        image[: height // 2], image[:, width // 3 :] = image[0, 0], image[-1, -1]
    if channels == 4:
        image[..., 3] = 255
    flat, corners = find_sheet(image)
    if corners is None:
        assert flat is image
    else:
        assert np.isfinite(corners).all()
        assert flat.dtype == np.uint8
        assert min(flat.shape) > 0


@given(st.lists(st.floats(-50, 700), min_size=8, max_size=8))
def test_any_corners_are_flattened_or_refused(numbers):
    flat = flattened(NONE["paper"], np.array(numbers).reshape(4, 2), 2.0)
    assert flat is None or (flat.ndim == 2 and flat.dtype == np.uint8)


@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (900, 2), (401, 399, 3), (1201, 37, 4)])
def test_the_small_copy_is_the_darkest_colour(shape):
    image = np.full(shape, 100, np.uint8)
    if len(shape) == 3:
        image[..., 2] = 51
    small, factor = darkest_colour(image)
    assert small.shape == (shape[0] // factor, shape[1] // factor)
    assert np.allclose(small, 51 / 255 if len(shape) == 3 else 100 / 255)


def test_around_a_table_is_the_same_paper():
    """Thick lines have sudden sides, with more of them beyond: what tells them from a sheet's is the paper beside them."""
    page = np.full((900, 900), 240, np.uint8)
    for k in range(10):
        page[100 + 75 * k : 106 + 75 * k, 100:781] = page[100:781, 100 + 75 * k : 106 + 75 * k] = 60
    assert find_sheet(page)[1] is None
    corners = np.array([(60, 60), (340, 60), (340, 340), (60, 340)], float)
    desk = np.full((400, 400), 0.6, np.float32)
    desk[60:341, 60:341] = 0.9
    assert stands_out(desk, corners)
    desk[:, 341:] = 0.9  # one side is none
    assert not stands_out(desk, corners)
