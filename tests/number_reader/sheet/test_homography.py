"""Homographies: the map of four points and the picture seen through it. Oracle: scikit-image."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from skimage.transform import ProjectiveTransform, warp

from number_reader.sheet.homography import MAX_OUTPUT, adjugate, homography, mapped, warped

SQUARE = np.array([(0, 0), (40, 0), (40, 30), (0, 30)], float)
TILTED = np.array([(5, 3), (52, 9), (44, 41), (1, 33)], float)


def theirs(source, target):
    return ProjectiveTransform.from_estimate(source, target).params


def test_the_same_map_as_scikit_image():
    ours = homography(SQUARE, TILTED)
    assert np.allclose(ours / ours[2, 2], theirs(SQUARE, TILTED), atol=1e-9)


@given(st.lists(st.floats(-10, 10), min_size=16, max_size=16))
def test_four_points_come_to_where_they_should(shifts):
    shifts = np.array(shifts).reshape(2, 4, 2)
    source, target = SQUARE + shifts[0], TILTED + 0.5 * shifts[1]
    try:
        matrix = homography(source, target)
    except ValueError:
        assume(False)
    area = np.linalg.det(matrix / np.sqrt(np.square(matrix).sum()))
    assume(abs(area) > 1e-7)  # nearly on one line
    assert np.allclose(mapped(matrix, source), target, atol=1e-4)


def test_three_points_on_a_line_are_no_map():
    line = np.array([(0, 0), (1, 1), (2, 2), (0, 5)], float)
    for source, target in ((line, SQUARE), (SQUARE, line), (np.zeros((4, 2)), SQUARE)):
        with pytest.raises(ValueError, match="one line"):
            homography(source, target)


def test_the_adjugate_is_the_inverse_but_for_its_scale():
    matrix = np.arange(9.0).reshape(3, 3) ** 2 + np.eye(3)
    assert np.allclose(adjugate(matrix), np.linalg.inv(matrix) * np.linalg.det(matrix))


def test_a_picture_is_seen_as_scikit_image_sees_it():
    values = np.random.default_rng(1).random((45, 60)).astype(np.float32)
    matrix = homography(SQUARE, TILTED)
    expected = warp(values, ProjectiveTransform(theirs(SQUARE, TILTED)), output_shape=(31, 41), order=1, mode="edge")
    assert np.abs(warped(values, matrix, (31, 41)) - expected).max() < 1e-4


def test_its_edge_goes_on_around_it():
    values = np.arange(12, dtype=np.uint8).reshape(3, 4)
    moved = np.array([[1, 0, -2], [0, 1, -2], [0, 0, 1.0]])
    assert (warped(values, moved, (7, 8)) == np.pad(values, 2, mode="edge")).all()


def test_strips_do_not_show():
    values = np.random.default_rng(2).random((300, 500)).astype(np.float32)
    assert np.allclose(warped(values, np.eye(3), values.shape), values)


def test_points_at_infinity_do_no_harm():
    horizon = np.array([[1, 0, 0], [0, 1, 0], [0, 1, -2.0]])
    assert np.isfinite(warped(np.ones((4, 4), np.float32), horizon, (5, 5))).all()


@pytest.mark.parametrize("shape", [(0, 5), (5, 0), (MAX_OUTPUT, 2)])
def test_no_picture_without_pixels_nor_with_too_many(shape):
    with pytest.raises(ValueError, match="pixels"):
        warped(np.ones((4, 4), np.float32), np.eye(3), shape)
