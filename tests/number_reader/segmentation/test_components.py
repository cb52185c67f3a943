"""components.py against scikit-image: which pixels hang together, their boxes and areas."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra.numpy import array_shapes, arrays
from skimage.measure import label, regionprops

from number_reader.ink.image import INK_LEVEL
from number_reader.segmentation.components import label_components

masks = arrays(bool, array_shapes(min_dims=2, max_dims=2, max_side=16))


def assert_same_partition(mask):
    ours, boxes, _ = label_components(mask)
    n = len(boxes)
    theirs, count = label(mask, connectivity=2, return_num=True)
    assert ours.shape == mask.shape
    assert ours.dtype == np.int32
    assert n == count
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
    labels, boxes, _ = label_components(mask)
    _, first = np.unique(labels[mask], return_index=True)
    assert (np.diff(first) > 0).all()
    assert first.size == len(boxes)


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (5, 5)])
@pytest.mark.parametrize("value", [False, True])
def test_empty_and_full_masks(shape, value):
    labels, boxes, areas = label_components(np.full(shape, value))
    assert len(boxes) == len(areas) == int(value)
    assert (labels == int(value)).all()
    assert boxes.shape[1] == 4
    assert {boxes.dtype, areas.dtype} == {np.dtype(np.intp)}


def assert_same_boxes(mask):
    labels, boxes, areas = label_components(mask)
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
