"""slashes.py: which strokes between two digits are slashes."""

import numpy as np
import pytest

from number_reader.lattice.slashes import slashes
from training.data.strokes import draw

SHAPE = (200, 400)
BRUSH = 8
DIGIT = (50, 130)  # top and bottom


class Drawn:
    """Pieces drawn one by one, each a list of points (x, y)."""

    def __init__(self, *strokes):
        self._inks = [draw([np.array(stroke, float)], BRUSH, SHAPE) for stroke in strokes]
        self.boxes = []
        for ink in self._inks:
            ys, xs = np.nonzero(ink > 0.5)
            self.boxes.append((int(ys.min()), int(xs.min()), int(ys.max()) + 1, int(xs.max()) + 1))

    def ink(self, numbers):
        [number] = numbers
        return self.boxes[number], self._inks[number]


def upright(x, top=DIGIT[0], bottom=DIGIT[1]):
    return [(x, top), (x, bottom)]


def between(stroke, left=60, right=240):
    """What is a slash of a stroke between two upright ones."""
    return slashes(Drawn(upright(left), stroke, upright(right)), [0, 1, 2])


SLASH = [(120, 150), (170, 30)]


def test_a_straight_stroke_that_leans_to_the_right_and_reaches_beyond_both_neighbours_is_one():
    assert between(SLASH) == {1}
    assert between(SLASH[::-1]) == {1}, "downwards, too"
    assert between([(130, 150), (130 + 120 * np.tan(np.radians(17)), 30)]) == {1}


@pytest.mark.parametrize(
    "stroke",
    {
        "leans to the left": [(170, 150), (120, 30)],
        "upright": [(145, 150), (145, 30)],
        "leans too little": [(140, 150), (140 + 120 * np.tan(np.radians(13)), 30)],
        "a bow": [(120, 150), (131, 110), (144, 70), (175, 30), (215, 20)],
        "bent": [(120, 150), (120, 30), (170, 30)],
        "a curl": [(120, 150), (150, 90), (120, 40), (160, 30), (170, 60)],
        "not above its neighbours": [(120, 150), (165, 52)],
        "not below its neighbours": [(122, 128), (170, 30)],
        "as high as they": [(122, DIGIT[1]), (170, DIGIT[0])],
    }.items(),
    ids=lambda pair: pair[0],
)
def test_others_are_none(stroke):
    assert between(stroke[1]) == set()


def test_it_may_stand_over_a_neighbour_a_little_only():
    def beside(*sides):
        before, after = ([(left, 50), (right, 130)] for left, right in sides)
        return slashes(Drawn(before, SLASH, after), [0, 1, 2])

    assert beside((20, 120), (170, 250)) == {1}
    assert beside((20, 120), (150, 250)) == beside((20, 140), (170, 250)) == set()


@pytest.mark.parametrize(("beyond", "found"), [(4, set()), (7, {1})])
def test_it_reaches_beyond_its_neighbours_by_a_share_of_their_height(beyond, found):
    top, bottom = DIGIT
    stroke = [(120, bottom + beyond), (165, top - beyond)]
    assert between(stroke) == found
    assert (
        slashes(Drawn(*([(x, y + 40) for x, y in line] for line in (upright(60), stroke, upright(240)))), [0, 1, 2])
        == found
    )


def test_what_shows_no_ink_is_none():
    pieces = Drawn(upright(60), SLASH, upright(240))
    pieces._inks[1][:] = 0
    assert slashes(pieces, [0, 1, 2]) == set()
    pieces._inks[1][90, 140] = 1
    assert slashes(pieces, [0, 1, 2]) == set()


@pytest.mark.parametrize("line", [[1, 0, 2], [0, 2, 1], [1, 0], [0, 1], [1]])
def test_it_stands_between_two(line):
    assert slashes(Drawn(upright(60), SLASH, upright(240)), line) == set()


def test_both_neighbours_count():
    low = upright(240, 80, 165)
    assert slashes(Drawn(upright(60), SLASH, low), [0, 1, 2]) == set()
    assert slashes(Drawn(low, SLASH, upright(300)), [0, 1, 2]) == set()


def test_points_are_no_neighbours():
    pieces = Drawn(upright(60), upright(90, 120, 130), SLASH, upright(190, 120, 130), upright(240))
    assert slashes(pieces, [0, 1, 2, 3, 4]) == {2}
    assert slashes(pieces, [1, 2, 3]) == set()


def test_a_date_has_two():
    second = [(x + 120, y) for x, y in SLASH]
    assert slashes(Drawn(upright(60), SLASH, upright(220), second, upright(350)), [0, 1, 2, 3, 4]) == {1, 3}
