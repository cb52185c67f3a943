"""segment.py: which components are marks, and the lines that they stand in."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from number_reader.ink.image import INK_LEVEL
from number_reader.segmentation.segment import MAX_MARKS, MAX_MINOR, components, hull, lines, lone_mark, overlap
from tests.number_reader import hand


def test_boxes_share_or_lie_apart():
    a, b = (0, 0, 10, 4), (6, 9, 20, 12)
    assert overlap(a, b, 0) == overlap(b, a, 0) == 4
    assert overlap(a, b, 1) == overlap(b, a, 1) == -5
    assert hull([a, b]) == (0, 0, 20, 12)


# Marks.


def test_no_ink_is_no_mark():
    labels, numbers, boxes = components(np.zeros((20, 30), np.float32))
    assert labels.shape == (20, 30)
    assert not labels.any()
    assert numbers == []
    assert boxes == []


def test_a_box_is_tight_around_its_digit():
    ink = hand.row("25")
    labels, numbers, boxes = components(ink)
    assert len(numbers) == len(boxes) == 2
    for digit, at, number, box in zip((2, 5), (40, 220), numbers, boxes):
        alone = hand.ink(digit, 150, 16, (40, at), ink.shape) > INK_LEVEL
        np.testing.assert_array_equal(labels == number, alone)
        ys, xs = np.nonzero(alone)
        assert box == (ys.min(), xs.min(), ys.max() + 1, xs.max() + 1)


@pytest.mark.parametrize(("top", "left"), [(10, 10), (10, 260), (260, 10), (265, 265)])
@pytest.mark.parametrize("size", [1, 3, 8])
def test_dust_is_no_mark(size, top, left):
    ink = hand.ink(6)
    ink[top : top + size, left : left + size] = 1
    assert len(components(ink)[1]) == 1


@pytest.mark.parametrize(("size", "marks"), [(4, 1), (10, 2)])
def test_dust_beside_a_line_is_small_against_half_its_length(size, marks):
    ink = np.zeros((60, 300), np.float32)
    ink[20:25, 40:240] = 1
    ink[40 : 40 + size, 5 : 5 + size] = 1
    assert len(components(ink)[1]) == marks


def test_a_point_is_a_mark():
    ink = hand.ink(6)
    ink[230:250, 200:220] = 1
    assert len(components(ink)[1]) == 2


def test_nothing_but_dust_is_still_one_mark():
    ink = np.zeros((9, 9), np.float32)
    ink[2, 2] = ink[6, 6] = 1
    assert len(components(ink)[1]) == 1


@given(arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, max_side=24)))
def test_whatever_is_a_mark_lies_inside_and_shows_ink(values):
    ink = values.astype(np.float32) / 255
    labels, numbers, boxes = components(ink)
    assert bool(numbers) == bool((ink > INK_LEVEL).any())
    for number, box in zip(numbers, boxes, strict=True):
        assert all(type(side) is int for side in box)
        ys, xs = np.nonzero(labels == number)
        assert box == (ys.min(), xs.min(), ys.max() + 1, xs.max() + 1)


# Lines.


def boxes_of(ink):
    return components(ink)[2]


def test_no_marks_stand_in_no_line():
    assert lines([]) == []


def test_lines_come_from_the_top():
    boxes = boxes_of(np.concatenate([hand.row("31"), hand.row("42")]))
    rows = lines(boxes)
    assert [len(row) for row in rows] == [2, 2]
    assert all(boxes[i][2] <= 240 for i in rows[0])
    assert all(boxes[i][0] >= 240 for i in rows[1])


def test_the_order_of_the_marks_does_not_matter():
    boxes = boxes_of(np.concatenate([hand.row("3170"), hand.row("2862")]))
    expected = [{boxes[i] for i in row} for row in lines(boxes)]
    assert [{boxes[::-1][i] for i in row} for row in lines(boxes[::-1])] == expected


@pytest.mark.parametrize("slope", [-0.15, -0.05, 0.05, 0.15])
def test_a_line_may_rise_or_fall(slope):
    boxes = [(300 + int(120 * k * slope), 120 * k, 400 + int(120 * k * slope), 120 * k + 60) for k in range(6)]
    assert [sorted(row) for row in lines(boxes)] == [list(range(6))]


def test_digits_of_different_size_stand_in_one_line():
    boxes = [(0, 0, 100, 60), (45, 80, 100, 110), (5, 130, 60, 160)]
    assert [sorted(row) for row in lines(boxes)] == [[0, 1, 2]]


@pytest.mark.parametrize("gap", [0, 5, 40])
def test_lines_may_stand_close(gap):
    boxes = [(0, 0, 100, 60), (0, 80, 95, 140), (100 + gap, 0, 200 + gap, 60), (105 + gap, 80, 205 + gap, 140)]
    assert [sorted(row) for row in lines(boxes)] == [[0, 1], [2, 3]]


def test_a_flag_that_rises_beside_its_digit_opens_no_line():
    five, flag = (73, 8, 217, 102), (5, 105, 79, 227)
    assert [sorted(row) for row in lines([five, flag])] == [[0, 1]]
    assert len(lines([five, (0, 105, 70, 227)])) == 2, "it has to reach down beside it"


@pytest.mark.parametrize(("top", "left"), [(0, 0), (40, 500), (500, 40)])
@pytest.mark.parametrize(("gap", "aside", "rows"), [(10, 0, 1), (10, 32, 1), (20, 0, 2), (10, 40, 2), (-10, 0, 1)])
@pytest.mark.parametrize("swapped", [False, True])
def test_the_halves_of_a_broken_digit_stand_in_one_line_if_they_nearly_touch(top, left, gap, aside, rows, swapped):
    upper = (top, left, top + 60, left + 50)
    lower = (top + 60 + gap, left + aside, top + 125 + gap, left + aside + 70)
    assert len(lines([lower, upper] if swapped else [upper, lower])) == rows
    beside = (top, left + 200, top + 125, left + 260)
    assert len(lines([upper, lower, beside])) == 1, "what stands beside both is their line"


def test_small_marks_go_to_the_nearest_line():
    digits = [(0, 0, 100, 60), (0, 100, 100, 160), (180, 0, 280, 60), (180, 100, 280, 160)]
    point, flag = (90, 75, 105, 90), (170, 150, 182, 190)
    assert [sorted(row) for row in lines([*digits, point, flag])] == [[0, 1, 4], [2, 3, 5]]


def test_small_marks_alone_stand_in_lines_too():
    assert [sorted(row) for row in lines([(50, 0, 52, 40), (50, 60, 53, 100)])] == [[0, 1]]


def test_too_many_marks_are_no_lines():
    boxes = [(0, 10 * k, 20, 10 * k + 8) for k in range(MAX_MARKS + 1)]
    assert lines(boxes) == []
    assert [len(row) for row in lines(boxes[:-1])] == [MAX_MARKS]


@pytest.mark.parametrize(("top", "rows"), [(45, 1), (65, 1), (85, 2), (100, 2)])
@pytest.mark.parametrize("beside", [120, 300])
def test_a_stroke_begun_well_within_another_stands_in_its_line(top, rows, beside):
    boxes = [(0, 0, 100, 60), (top, 10, top + 95, 70), (0, beside, 100, beside + 60)]
    assert len(lines(boxes)) == rows


@pytest.mark.parametrize(
    ("height", "gap", "shared", "rows"),
    [(95, 5, 0.1, 2), (95, 5, 0.3, 1), (50, 5, 0.1, 1), (50, 5, -0.1, 2), (50, 30, 0.1, 2), (50, 30, 0.3, 1)],
)
def test_beside_a_digit_stands_what_shares_its_height_or_is_low_and_close(height, gap, shared, rows):
    top = int(100 - shared * height)
    assert len(lines([(0, 0, 100, 60), (top, 60 + gap, top + height, 100 + gap)])) == rows


def test_too_many_minor_marks_are_no_lines():
    dots = [(50, 60 + 10 * k, 60, 65 + 10 * k) for k in range(MAX_MINOR + 1)]
    assert lines([(0, 0, 100, 50), *dots]) == []
    assert [len(row) for row in lines([(0, 0, 100, 50), *dots[:-1]])] == [MAX_MINOR + 1]


some_boxes = st.lists(
    st.builds(
        lambda top, left, height, width: (top, left, top + height, left + width),
        *(st.integers(0, 60), st.integers(0, 60), st.integers(1, 40), st.integers(1, 40)),
    ),
    max_size=12,
)


@given(some_boxes)
def test_every_mark_stands_in_one_line(boxes):
    rows = lines(boxes)
    assert all(rows)
    assert sorted(i for row in rows for i in row) == list(range(len(boxes)))


@given(some_boxes, st.integers(0, 500), st.integers(0, 500))
def test_where_the_marks_stand_in_the_picture_does_not_matter(boxes, down, right):
    moved = [(top + down, left + right, bottom + down, end + right) for top, left, bottom, end in boxes]
    assert lines(moved) == lines(boxes)
    assert not boxes or lone_mark(moved) == lone_mark(boxes)


# One digit known to stand alone.


def test_the_bar_of_a_five_belongs_to_a_lone_five():
    body, bar, far = (60, 40, 220, 180), (20, 130, 32, 180), (60, 260, 72, 300)
    assert lone_mark([body, bar]) == [0, 1]
    assert lone_mark([body, far]) == [0]


def test_halves_of_a_lone_digit_belong_together():
    assert lone_mark([(0, 0, 100, 20), (0, 200, 80, 220)]) == [0, 1]


@given(some_boxes.filter(bool))
def test_the_tallest_mark_is_part_of_a_lone_digit(boxes):
    found = lone_mark(boxes)
    assert found == sorted(set(found))
    assert set(found) <= set(range(len(boxes)))
    assert max(range(len(boxes)), key=lambda i: boxes[i][2] - boxes[i][0]) in found
