"""touching.py: which pen-downs touch, held against the patches that scikit-image finds in what they draw."""

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st
from skimage.measure import label

from number_reader.segmentation.pen import PenPieces
from number_reader.segmentation.touching import HIGHER, patches, with_caps
from training.data.strokes import draw

BRUSH = 8
MARGIN = 0.3  # of the brush: what is so near to touching is left to rounding
SHAPE = (200, 300)
points = st.tuples(st.integers(20, 280), st.integers(20, 180))


@given(st.lists(st.lists(points, min_size=2, max_size=3, unique=True), min_size=1, max_size=6))
def test_pen_downs_touch_where_what_they_draw_is_one_patch(strokes):
    strokes = [np.array(stroke, np.float32) for stroke in strokes]
    partition = drawn_as(strokes, BRUSH)
    assume(partition == drawn_as(strokes, BRUSH * (1 + MARGIN)) == drawn_as(strokes, BRUSH * (1 - MARGIN)))
    dense = [along(stroke) for stroke in strokes]
    boxes = [box(stroke) for stroke in dense]
    assert same(patches(dense, boxes, BRUSH)) == partition


near = st.tuples(*2 * [st.floats(-30, 300, width=32)])


@given(st.lists(st.lists(near, min_size=1, max_size=30), min_size=1, max_size=8), st.floats(1, 60))
def test_the_nearest_two_points_decide(parts, reach):
    parts = [np.array(part, np.float32) for part in parts]
    found = list(range(len(parts)))
    for i, part in enumerate(parts):
        for j, other in enumerate(parts[:i]):
            apart = part[:, None] - other
            if (apart * apart).sum(axis=2).min() <= reach * reach:
                found = [found[j] if patch == found[i] else patch for patch in found]
    assert same(patches(parts, [box(part, reach / 2) for part in parts], reach)) == same(found)


def along(stroke, count=400):
    where = np.linspace(0, len(stroke) - 1, count)
    return np.stack([np.interp(where, np.arange(len(stroke)), stroke[:, k]) for k in (0, 1)], axis=1)


def box(stroke, reach=BRUSH / 2):
    (left, top), (right, bottom) = stroke.min(axis=0) - reach, stroke.max(axis=0) + reach
    return int(np.floor(top)), int(np.floor(left)), int(np.ceil(bottom)), int(np.ceil(right))


def drawn_as(strokes, brush):
    """Of each stroke the first of those in its patch of ink, by scikit-image."""
    found = label(draw(strokes, brush, SHAPE) > 0.5, connectivity=2)
    return same([int(found[int(stroke[0, 1]), int(stroke[0, 0])]) for stroke in strokes])


def same(numbers):
    return [numbers.index(number) for number in numbers]


def test_a_cap_goes_to_the_line_of_what_it_touches():
    boxes = [(20, 0, 100, 60), (0, 10, 24, 90), (20, 120, 100, 180)]
    assert with_caps([[1], [0, 2]], [0, 0, 2], boxes) == [[0, 2, 1]]
    assert with_caps([[1], [0, 2]], [0, 1, 2], boxes) == [[1], [0, 2]], "it touches nothing"


def test_lines_that_touch_stay_two():
    high = int(100 * HIGHER)
    boxes = [(0, 0, 100, 60), (high - 79, 0, high + 1, 60), (high - 79, 80, high + 1, 120)]
    assert with_caps([[0], [1, 2]], [0, 0, 2], boxes) == [[0], [1, 2]]
    assert with_caps([[0], [1, 2]], [0, 0, 2], [(0, 0, 100, 60), (high - 80, 0, high, 60), boxes[2]]) == [[1, 2, 0]]
    two = [(0, 0, 100, 60), (0, 80, 100, 120), (95, 0, 140, 60)]
    assert with_caps([[0, 1], [2]], [0, 1, 0], two) == [[0, 1, 2]]
    assert with_caps([[0, 2], [1, 3]], [0, 1, 1, 3], [*two, (95, 80, 190, 120)]) == [[0, 2], [1, 3]]


def test_parts_of_a_pen_down_touch_and_what_is_far_does_not():
    strokes = [np.array(s, float) for s in ([(20, 20), (20, 120)], [(10, 60), (90, 60)], [(150, 20), (150, 120)])]
    pieces = PenPieces(draw(strokes, BRUSH, SHAPE), strokes)
    assert same(pieces.touching([2, 1, 0])) == [0, 1, 1]
    assert len(pieces.lines()) == 1
