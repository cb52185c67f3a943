"""Turned pictures: the pixels, and that nothing is turned that says nothing. Oracle: scikit-image."""

import numpy as np
import pytest
from skimage.transform import rotate

from number_reader.page.turn import find_turn, rotated, turned


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
