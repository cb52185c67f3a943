"""site/served/outlines.py: ink from strokes alone is what a canvas would have, by an oracle of many smaller pixels."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from skimage.draw import disk, polygon
from skimage.transform import downscale_local_mean

SPEC = importlib.util.spec_from_file_location("outlines", Path(__file__).parents[2] / "site" / "served" / "outlines.py")
outlines = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(outlines)

WIDTH, HEIGHT, FINER = 80, 40, 8
MARGIN = outlines.BEYOND


def on_the_pad(image):
    return image[MARGIN:-MARGIN, MARGIN:-MARGIN]


def numbers(*strokes):
    """What the page sends: (erases, [(x, y, radius)]) of each stroke."""
    return np.array(
        [each for erases, points in strokes for each in (len(points), erases, *np.ravel(points))], np.float32
    )


def oracle(points):
    """The coverage of one stroke, discs and the quadrilaterals between them, drawn FINER times as large."""
    fine = np.zeros((HEIGHT * FINER, WIDTH * FINER))
    scaled = [(x * FINER - 0.5, y * FINER - 0.5, radius * FINER) for x, y, radius in points]
    for x, y, radius in scaled:
        fine[disk((y, x), radius, shape=fine.shape)] = 1
    for (x, y, radius), (end_x, end_y, end_radius) in zip(scaled, scaled[1:], strict=False):
        length = np.hypot(end_x - x, end_y - y)
        aside = np.array([-(end_y - y), end_x - x]) / length
        corners = [np.add((x, y), radius * aside), np.add((end_x, end_y), end_radius * aside),
                   np.subtract((end_x, end_y), end_radius * aside), np.subtract((x, y), radius * aside)]  # fmt: skip
        fine[polygon([y for _, y in corners], [x for x, _ in corners], fine.shape)] = 1
    return downscale_local_mean(fine, (FINER, FINER))


@pytest.mark.parametrize(
    "points",
    [
        [(40, 20, 5)],
        [(10, 10, 4), (60, 30, 4)],
        [(10, 20, 2), (30, 22, 5), (70, 18, 3)],
        [(-10, 20, 6), (90, 20, 6)],
    ],
    ids=["dot", "line", "pressed", "beyond the edges"],
)
def test_a_stroke_covers_what_the_oracle_says(points):
    made = on_the_pad(outlines.rasterised(numbers((0, points)), WIDTH, HEIGHT))
    assert made.shape == (HEIGHT, WIDTH, 4)
    assert not made[..., :3].any()
    expected = oracle(points)
    assert np.abs(made[..., 3] / 255 - expected).max() < 0.25
    assert np.abs(made[..., 3] / 255 - expected).sum() < 0.03 * expected.sum()


def test_the_eraser_wipes_what_lies_below_it_and_not_what_comes_after():
    line, across = [(10, 20, 4), (70, 20, 4)], [(40, 5, 6), (40, 35, 6)]
    wiped = on_the_pad(outlines.rasterised(numbers((0, line), (1, across)), WIDTH, HEIGHT))[..., 3]
    assert wiped[20, 15] == 255
    assert not wiped[:, 36:44].any()
    again = on_the_pad(outlines.rasterised(numbers((0, line), (1, across), (0, line)), WIDTH, HEIGHT))[..., 3]
    assert again[20, 40] == 255


def test_nothing_is_nothing():
    assert not outlines.rasterised(np.zeros(0, np.float32), WIDTH, HEIGHT).any()
    assert not outlines.rasterised(numbers((0, [(-500, -500, 3)])), WIDTH, HEIGHT).any()


def test_what_lies_beyond_the_pad_is_there():
    made = outlines.rasterised(numbers((0, [(-20, 20, 4)])), WIDTH, HEIGHT)
    assert made[MARGIN + 20, MARGIN - 20, 3] == 255
    assert not on_the_pad(made).any()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ([], True),
        ([1, 0, 5, 5, 3], True),
        ([1, 0, 5, 5, 3, 2, 1, 0, 0, 1, 9, 9, 1], True),
        ([0, 0], False),
        ([1, 0, 5, 5], False),
        ([1, 0, 5, 5, float("nan")], False),
        ([float("nan")], False),
        ([1e30, 0, 1, 1, 1], False),
        ([0] * 24, False),
    ],
)
def test_what_is_no_list_of_strokes_is_told(data, expected):
    assert outlines.are(np.array(data, np.float32)) == expected
