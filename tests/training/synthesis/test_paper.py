"""paper.py: what is written lands where the camera says, in the tone of its pen, under the light asked for."""

import numpy as np
import pytest

from training.synthesis.paper import LIGHTS, PENS, RULINGS, TABLES, Camera, photograph

BAR = [np.array([[0.0, 0.0], [0.0, 1.0]])]
SIZE = (240, 320)


def test_a_bar_has_its_height_and_place():
    exact = {"size": SIZE, "grain": 0, "quality": None}
    photo = photograph(BAR, np.random.default_rng(0), height=20, pen="marker", at=(10, -5), **exact)
    ys, xs = np.nonzero(photo[..., 0] < 100)
    assert np.ptp(ys) == pytest.approx((20 + 1.8) * 3.2, abs=3)
    assert ys.mean() == pytest.approx(120 - 5 * 3.2, abs=1.5)
    assert xs.mean() == pytest.approx(160 + 10 * 3.2, abs=1.5)


def test_the_camera_turns_and_tilts_about_the_middle():
    camera = Camera((100, 200), 100.0, turn=90)
    np.testing.assert_allclose(camera([(0, 0), (10, 0)]), [(100, 50), (100, 70)], atol=1e-3)
    near, far = Camera((100, 200), 100.0, tilt=0.1)([(10, 20), (10, -20)])
    assert near[0] > far[0]


@pytest.mark.parametrize("light", LIGHTS)
@pytest.mark.parametrize("paper", RULINGS)
def test_every_scene_is_a_picture_and_the_same_for_the_same_seed(paper, light):
    for pen, table in zip(PENS, [None, *TABLES, None]):
        scene = {"pen": pen, "table": table, "paper": paper, "light": light, "size": (60, 80)}
        photos = [photograph(BAR, np.random.default_rng(5), **scene) for _ in range(2)]
        assert photos[0].shape == (60, 80, 3)
        assert photos[0].dtype == np.uint8
        np.testing.assert_array_equal(*photos)


def test_a_shadow_halves_the_light():
    away = {"at": (500, 500), "size": SIZE, "grain": 0, "quality": None}
    lit, shaded = (photograph(BAR, np.random.default_rng(0), light=light, **away) for light in ("even", "shadow edge"))
    share = (shaded / lit.max(axis=(0, 1))).min() ** 2.2
    assert share == pytest.approx(0.5, abs=0.02)
