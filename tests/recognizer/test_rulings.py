"""rulings.py: lines are found where they were printed, against scikit-image's Hough transform too, and ink survives."""

import numpy as np
import pytest
from skimage.transform import hough_line, hough_line_peaks

from recognizer import image, rulings
from tests.recognizer import hand
from training.paper import photograph
from training.strokes import draw

COURSE = 1.5  # px that a line may be found beside its true course
SHAPE = (300, 400)


def sheet(lines, depth=0.2, width=2.0, seed=0):
    """Grey paper with straight lines, (y at the left, y at the right)."""
    w = SHAPE[1]
    strokes = [np.array([np.linspace(0, w, 30), np.linspace(left, right, 30)]).T for left, right in lines]
    coverage = draw(strokes, width, SHAPE)
    return (0.9 - depth * coverage + np.random.default_rng(seed).normal(0, 0.01, SHAPE)).astype(np.float32)


def family(rise, apart=30):
    return [(y, y + rise) for y in range(-60, 400, apart)]


@pytest.mark.parametrize("rise", [0, -13, 40])
@pytest.mark.parametrize("depth", [0.05, 0.2, 0.6])
def test_every_line_is_found_on_its_course(rise, depth):
    inside = [(y0, y1) for y0, y1 in family(rise) if min(y0, y1) > 3 and max(y0, y1) < SHAPE[0] - 3]
    found = np.array([(line[0], line[-1]) for line in rulings.find_lines(sheet(family(rise), depth))])
    for line in inside:
        assert np.abs(found - line).max(axis=1).min() <= COURSE


def test_slopes_are_those_of_scikit_images_hough_transform():
    values = sheet(family(20))
    angles = np.linspace(np.pi / 2 - 0.15, np.pi / 2 + 0.15, 121)
    _, best, _ = hough_line_peaks(*hough_line(values < 0.8, theta=angles), num_peaks=5)
    slopes = [(line[-1] - line[0]) / SHAPE[1] for line in rulings.find_lines(values)]
    assert np.median(slopes) == pytest.approx(np.median(-1 / np.tan(best)), abs=0.005)


def test_paper_without_lines_comes_back_untouched():
    for digit in hand.DIGITS:
        plain = sheet([]) - 0.5 * hand.ink(digit, shape=SHAPE)
        assert rulings.remove_rulings(plain) is plain
    noise = np.random.default_rng(1).random(SHAPE, np.float32)
    assert rulings.remove_rulings(noise) is noise


def test_lines_of_one_digit_are_no_rulings():
    for digit in (1, 4, 7):  # as high as the picture
        ink = 0.9 - 0.6 * hand.ink(digit, height=280, brush=8, at=(10, 60), shape=SHAPE)
        assert rulings.remove_rulings(ink) is ink


@pytest.mark.parametrize("ground", [False, True], ids=["dark lines", "light lines"])
@pytest.mark.parametrize("rise", [0, 25])
def test_rulings_vanish_and_ink_that_crosses_them_stays(rise, ground):
    for digit in hand.DIGITS:
        clean = sheet([]) - 0.5 * hand.ink(digit, brush=8, shape=SHAPE)
        ruled = clean - (sheet([]) - sheet(family(rise)))
        found = rulings.remove_rulings(1 - ruled) if ground else rulings.remove_rulings(ruled)
        found = 1 - found if ground else found
        ink, expected = found < 0.65, clean < 0.65
        assert (ink & expected).sum() / (ink | expected).sum() > 0.85


@pytest.mark.parametrize(("paper", "at_least"), [("squared in light blue", 9), ("squared as dark as pencil", 8)])
def test_pencil_is_read_on_squares(recognizer, paper, at_least):
    right = 0
    for digit in hand.DIGITS:
        strokes = [np.array(stroke) for stroke in hand.DIGITS[digit]]
        photo = photograph(strokes, np.random.default_rng(digit), paper=paper, pen="pencil", turn=2, height=14)
        right += recognizer.read(photo).text == str(digit)
    assert right >= at_least


@pytest.mark.parametrize("y", [-60, 360])
def test_a_line_beside_the_picture_is_papered_over_nowhere(y):
    values = sheet(family(0))
    before = values.copy()
    rulings._paper_over(values, np.full(SHAPE[1], float(y)))
    np.testing.assert_array_equal(values, before)


def test_small_pictures_are_left_alone():
    small = image.grey(hand.dark_on_light(hand.ink(3)))[::2, ::2]
    assert rulings.remove_rulings(small) is small
