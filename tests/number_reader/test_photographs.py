"""Recognizer.read on photographs of real handwriting on made paper: shadows, rulings, tables, 12 megapixels."""

import tracemalloc

import numpy as np
import pytest

from training.data import splits
from training.synthesis.paper import photograph

# Light and paper must cost nothing: these writers are known to the model, and drawn on a screen all are read.
ALL_BUT = 1
MEMORY = 100_000_000  # bytes beside the picture itself
SCENES = {
    "pencil under a shadow's edge": {"pen": "pencil", "light": "shadow edge"},
    "ball pen under a hand": {"light": "hand shadow"},
    "marker in a vignette": {"pen": "marker", "light": "vignette"},
    "pencil on ruled paper": {"pen": "pencil", "paper": "ruled in light blue", "turn": 3},
    "ball pen on squares as dark": {"paper": "squared as dark as pencil", "turn": -2, "tilt": 0.05},
    "pencil, sheet on a dark table": {"pen": "pencil", "table": "dark table", "turn": 4, "tilt": 0.05},
    "chalk": {"pen": "chalk", "light": "gradient"},
    "grain": {"grain": 0.08},
    "coarse JPEG": {"quality": 25, "size": (480, 640)},
}


@pytest.fixture(scope="module")
def written(stroke_digits):
    """Strokes, in units of their height, and labels of digits by writers of the validation split."""
    sides = splits.load()["writers"]
    records = [r for r in stroke_digits if sides[r["writer"]] == splits.VALIDATION][::150]
    heights = [max(np.ptp(np.concatenate(r["strokes"])[:, 1]), 0.05) for r in records]
    return [([s / h for s in r["strokes"]], r["label"]) for r, h in zip(records, heights)]


@pytest.mark.parametrize("scene", SCENES)
def test_photographs_are_read(recognizer, written, scene):
    read = [
        recognizer.read(photograph(strokes, np.random.default_rng(seed), **{"size": (720, 960)} | SCENES[scene])).text
        for seed, (strokes, _) in enumerate(written)
    ]
    assert sum(text != label for text, (_, label) in zip(read, written)) <= ALL_BUT


@pytest.fixture(scope="module", params=["ruled in light blue", "squared in grey"])
def large(request, written):
    """A whole sheet on 12 megapixels, a digit of 12 mm on it."""
    strokes, label = written[2]
    sheet = {"size": (3000, 4000), "view": 290.0, "blur": 2.0, "at": (60, -40), "turn": 1.5}
    return photograph(strokes, np.random.default_rng(0), paper=request.param, **sheet), label


def test_a_small_digit_on_12_megapixels_is_read_in_bounded_memory(recognizer, large):
    photo, label = large
    tracemalloc.start()
    try:
        reading = recognizer.read(photo)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert reading.text == label
    assert peak < MEMORY
    top, left, bottom, right = reading.digits[0].box
    middle = np.array([(left + right) / 2 - 2000, (top + bottom) / 2 - 1500]) * (290 / 4000)  # mm
    np.testing.assert_allclose(middle, (60, -40), atol=4)
