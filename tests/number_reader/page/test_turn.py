"""Turned pictures: the pixels, the way up of a few digits, and that nothing is turned that says nothing.

Oracle: scikit-image, which turns pictures by any angle.
"""

import numpy as np
import pytest
from skimage.transform import rotate

from number_reader.page.few import Found, Marks, _level_of, _wins, marks_of
from number_reader.page.rotation import rotated
from number_reader.page.turn import find_turn, turned
from tests.number_reader.test_numbers import written
from training.data.strokes import draw


@pytest.mark.parametrize("degrees", [10, -37, 120])
def test_turned_as_scikit_image_turns(degrees):
    values = np.zeros((60, 90), np.float32)
    values[20:35, 30:70] = 1
    ours, theirs = rotated(values, degrees, "zero"), rotate(values, -degrees, resize=True)
    assert abs(ours.shape[0] - theirs.shape[0]) <= 1
    assert abs(ours.sum() - theirs.sum()) < 0.02 * theirs.sum()
    height, width = (min(pair) for pair in zip(ours.shape, theirs.shape))
    assert np.abs(ours[:height, :width] - theirs[:height, :width]).mean() < 0.03


def test_right_angles_lose_nothing():
    image = np.arange(12, dtype=np.uint8).reshape(3, 4)
    assert (turned(image, 90) == np.rot90(image, -1)).all()
    assert (turned(turned(image, 90), -90) == image).all()
    assert (turned(image, 180) == image[::-1, ::-1]).all()


def test_next_to_nothing_is_not_turned(small_recognizer):
    labels, boxes = np.ones((9, 9), np.int32), np.array([[0, 0, 9, 9]])
    assert find_turn(small_recognizer, np.ones((9, 9), np.float32), labels, boxes, [0], 9.0) == 0.0


def paper(text, margin=60):
    """A number on grey paper, 80 px high, uint8 (H, W)."""
    strokes = written(text)[0]
    points = np.concatenate(strokes)
    scale = 80 / np.ptp(points[:, 1])
    high, wide = (int(np.ptp(points[:, axis]) * scale) + 2 * margin for axis in (1, 0))
    ink = draw([(stroke - points.min(axis=0)) * scale + margin for stroke in strokes], 7, (high, wide))
    return np.rint(235 - 195 * ink).astype(np.uint8)


def lying(image, degrees):
    """It turned clockwise, on more of its paper, uint8."""
    return rotate(image, -degrees, resize=True, cval=235, preserve_range=True).astype(np.uint8)


@pytest.mark.parametrize(("text", "degrees"), [("23", 90), ("34", 180), ("752", -63), ("45", 140), ("123456789", 207)])
def test_a_number_is_turned_upright(recognizer, text, degrees):
    page = recognizer.read_page(lying(paper(text), degrees), symbols="digits")
    assert page.text == text
    assert abs((page.turn + degrees + 180) % 360 - 180) <= 25  # handwriting leans


@pytest.mark.parametrize("text", ["5", "7", "23", "609", "81", "4072"])
def test_what_is_upright_stays(recognizer, text):
    page = recognizer.read_page(paper(text), symbols="digits")
    assert (page.turn, page.text) == (0.0, text)


@pytest.mark.parametrize("text", ["2", "4", "96", "808", "1001"])
def test_what_says_nothing_is_never_turned_upside_down(recognizer, text):
    """A lone digit may be two in another way, and 6, 8, 9, 0 and 1 are digits both ways."""
    assert recognizer.read_page(lying(paper(text), 180), symbols="digits").turn == 0.0


def test_the_pad_is_never_turned(recognizer):
    upside_down = np.rot90(paper("23"), 2)
    assert recognizer.read_page(upside_down, symbols="digits").text == "23"
    assert recognizer.read(upside_down, symbols="digits").text != "23"


def test_bars_and_specks_do_not_say_how_large_marks_are():
    boxes = np.array([[14, 30, 106, 86], [17, 100, 94, 119], [24, 409, 30, 439], [60, 200, 63, 203]])
    assert marks_of(boxes, (120, 600)) == ([0, 1], 77.0)
    assert marks_of(boxes[:0], (120, 600)) == ([], 0.0)


def page_of(*texts):
    """Numbers in rows on one grey paper, uint8 (H, W)."""
    rows = [paper(text, 20) for text in texts]
    wide = max(row.shape[1] for row in rows)
    return np.pad(
        np.vstack([np.pad(row, ((0, 0), (0, wide - row.shape[1])), constant_values=235) for row in rows]),
        60,
        constant_values=235,
    )


@pytest.mark.parametrize("degrees", [0, 90, 180, 25])
def test_a_page_of_many_marks_is_turned_upright(recognizer, degrees):
    texts = ("2345735", "7534275", "4375432")
    page = recognizer.read_page(lying(page_of(*texts), degrees), symbols="digits")
    assert page.text == "\n".join(texts)
    assert abs((page.turn + degrees + 180) % 360 - 180) <= 4


def test_of_a_page_that_says_little_rows_are_read(recognizer):
    texts = ("2691806", "0198263")  # too few telling digits for a sample of single ones
    page = recognizer.read_page(lying(page_of(*texts), 180), symbols="digits")
    assert (page.turn, page.text) == (-180.0, "\n".join(texts))


def test_a_number_that_climbs_is_levelled_although_it_can_be_read(recognizer):
    page = recognizer.read_page(lying(paper("24735"), -14), symbols="digits")
    assert page.text == "24735"
    assert 8 <= page.turn <= 20


@pytest.mark.parametrize("degrees", [0, 30, -50, 90])
def test_long_ink_has_a_level(degrees):
    ink = np.zeros((20, 90), np.float32)
    ink[5:15, 5:85] = 1
    assert abs((_level_of(rotated(ink, degrees, "zero")) + degrees + 90) % 180 - 90) < 1


def test_a_block_has_no_level():
    assert _level_of(np.ones((40, 60), np.float32)) is None


@pytest.mark.parametrize(
    ("found", "rival", "wins"),
    [
        (Found(-9.0, 3, 0, 1), Found(1.0, 1, 0, 1), True),
        (Found(-9.0, 3, 0, 1), Found(-8.5, 3, 0, 1), False),
        (Found(-9.0, 3, 0, 1), Found(-14.0, 10, 0, 4), True),  # bars of 5s are 1s seen from aside
        (Found(-9.0, 3, 0, 1), Found(-3.0, 1, 0, 1), False),  # one digit as likely as each of three
        (Found(-2.0, 4, 2, 1), Found(5.0, 1, 1, 1), True),  # joined digits, and no other way is likely
        (Found(-2.0, 4, 2, 1), Found(0.0, 1, 1, 1), False),
        (Found(-2.0, 4, 2, 2), Found(5.0, 1, 1, 1), False),
        (Found(-5.0, 1, 0, 1), Found(9.0, 1, 1, 1), False),
    ],
)
def test_a_way_wins_that_is_clearly_better(found, rival, wins):
    marks = Marks(None, np.zeros((9, 9), np.float32), 9.0, 3)
    marks._read = {way: found for way in (0.0, 5.0, -5.0)} | {way: rival for way in (175.0, -180.0, -175.0)}
    assert _wins(marks, 0.0) is wins
