"""Made photographs of sheets: the camera's view, and that they can be made again."""

import numpy as np
import pytest

from training.synthesis.sheets import TABLES, View, photograph_sheet

STROKE = np.array([(0.1, 0), (0.6, 0.1), (0.2, 0.9)], np.float32)


def photo(seed=1, **more):
    return photograph_sheet([([STROKE], "7")] * 3, np.random.default_rng(seed), size=(240, 320), **more)


def test_a_camera_sees_what_it_sees_back():
    view = View((240, 320), 500, 20, 35, 70)
    points = view(np.array([(0, 0), (30, -20), (-40, 10)], float))
    x, y = view.plane((240, 320))
    assert np.allclose(points[0], (159.5, 119.5))
    for (column, row), (at_x, at_y) in zip(points, ((0, 0), (30, -20), (-40, 10))):
        assert abs(x[round(row), round(column)] - at_x) < 2
        assert abs(y[round(row), round(column)] - at_y) < 2


@pytest.mark.parametrize("table", sorted(TABLES))
def test_a_sheet_lies_whole_in_the_picture_and_is_bright(table):
    sheet = photo(3, table=table, tilt=35)
    assert sheet.image.shape == (240, 320, 3)
    assert sheet.image.dtype == np.uint8
    assert (sheet.corners > 0).all()
    assert (sheet.corners < (320, 240)).all()
    assert sheet.digits == ["7"] * 3
    middle = sheet.corners.mean(axis=0).astype(int)
    around = sheet.image[middle[1] - 9 : middle[1] + 9, middle[0] - 9 : middle[0] + 9]
    assert np.percentile(around.min(axis=2), 90) > np.median(
        np.concatenate([sheet.image[0], sheet.image[-1]]).min(axis=1)
    )


def test_the_same_seed_makes_the_same_photograph():
    assert (photo(2).image == photo(2).image).all()
    assert (photo(2).image != photo(4).image).any()


def test_a_tilted_sheet_is_no_parallelogram():
    def skewness(sheet):
        first, second, third, fourth = sheet.corners
        return np.abs(first - second + third - fourth).max()

    assert skewness(photo(5, tilt=0)) < 1e-6
    assert skewness(photo(5, tilt=35)) > 5
