"""segment.py: components against scikit-image, and the reading order of what is found."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from skimage.measure import label, regionprops

from recognizer.image import INK_LEVEL
from recognizer.segment import component_boxes, label_components, lines, segment
from tests.recognizer import hand

masks = arrays(bool, array_shapes(min_dims=2, max_dims=2, max_side=16))


def assert_same_partition(mask):
    ours, n = label_components(mask)
    theirs, count = label(mask, connectivity=2, return_num=True)
    assert ours.shape == mask.shape and ours.dtype == np.int32 and n == count
    np.testing.assert_array_equal(ours > 0, mask)
    pairs = set(zip(ours[mask].tolist(), theirs[mask].tolist()))
    assert len(pairs) == n, "a component is split, or two are joined"
    return ours, n


def test_components_are_scikit_images(ink_maps):
    for ink in ink_maps:
        assert_same_partition(ink > INK_LEVEL)


@given(masks)
def test_components_are_scikit_images_on_any_mask(mask):
    assert_same_partition(mask)


@pytest.mark.parametrize("density", [0.3, 0.4, 0.5, 0.6])
def test_components_are_scikit_images_in_a_maze(density):
    assert_same_partition(np.random.default_rng(3).random((150, 170)) < density)


def test_components_are_numbered_by_their_first_pixel():
    mask = np.random.default_rng(4).random((40, 40)) < 0.2
    labels, n = label_components(mask)
    _, first = np.unique(labels[mask], return_index=True)
    assert (np.diff(first) > 0).all() and first.size == n


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (5, 5)])
@pytest.mark.parametrize("value", [False, True])
def test_empty_and_full_masks(shape, value):
    labels, n = label_components(np.full(shape, value))
    assert n == int(value) and (labels == int(value)).all()


def assert_same_boxes(mask):
    labels, n = label_components(mask)
    boxes, areas = component_boxes(labels, n)
    regions = regionprops(labels)
    assert boxes.tolist() == [list(region.bbox) for region in regions]
    assert areas.tolist() == [region.area for region in regions]


def test_boxes_and_areas_are_scikit_images(ink_maps):
    for ink in ink_maps:
        if (ink > INK_LEVEL).any():
            assert_same_boxes(ink > INK_LEVEL)


@given(masks.filter(np.any))
def test_boxes_and_areas_are_scikit_images_on_any_mask(mask):
    assert_same_boxes(mask)


def test_no_ink_is_no_digit():
    assert segment(np.zeros((20, 30), np.float32)) == []


def test_a_box_holds_its_ink_and_nothing_of_its_neighbour():
    ink = hand.row("25")
    ((left, right),) = lines(segment(ink))
    for (box, crop), alone in zip((left, right), ("2", "5")):
        top, start, bottom, end = box
        assert crop.shape == (bottom - top, end - start)
        placed = np.zeros_like(ink)
        placed[top:bottom, start:end] = crop
        at = 40 if alone == "2" else 40 + 180
        only = hand.ink(int(alone), 150, 16, (40, at), ink.shape)
        np.testing.assert_array_equal(placed > INK_LEVEL, only > INK_LEVEL)


def test_digits_come_line_by_line_and_from_left_to_right():
    ink = np.concatenate([hand.row("31"), hand.row("42")])
    rows = lines(segment(ink))
    assert [len(row) for row in rows] == [2, 2]
    boxes = [box for row in rows for box, _ in row]
    assert all(box[2] <= 240 for box in boxes[:2]) and all(box[0] >= 240 for box in boxes[2:])
    assert boxes[0][1] < boxes[1][1] and boxes[2][1] < boxes[3][1]


def test_the_bar_of_a_five_belongs_to_its_five():
    ink = hand.ink(5)
    bar = np.zeros_like(ink)
    bar[20:32, 130:180] = 1  # a flag that does not touch
    (_,) = segment(np.maximum(ink, bar))


@st.composite
def ink_of_any_kind(draw):
    values = draw(arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, max_side=24)))
    return values.astype(np.float32) / 255


@given(ink_of_any_kind())
def test_whatever_is_found_lies_inside_and_shows_ink(ink):
    for line in lines(segment(ink)):
        assert line
        for (top, left, bottom, right), crop in line:
            assert 0 <= top < bottom <= ink.shape[0] and 0 <= left < right <= ink.shape[1]
            assert crop.shape == (bottom - top, right - left)
            assert (crop <= ink[top:bottom, left:right]).all() and (crop > INK_LEVEL).any()
