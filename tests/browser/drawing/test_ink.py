"""The pad's ink is the ink that training draws from the same strokes."""

import random

import numpy as np

from tests.browser.hand import PAD, place
from tests.browser.ink import coverage, overlap
from training.data.strokes import draw, read_strokes

SAMPLE = 6  # two with each brush
AGREEMENT = 0.95


def test_real_strokes_make_the_ink_that_training_draws(page, hand, shared_data):
    records = read_strokes(shared_data / "real" / "strokes-digits.jsonl.gz")
    records = [record for record in records if sum(map(len, record["strokes"])) < 60]
    brushes = [PAD["brush_min"], PAD["brush"], PAD["brush_max"]]
    for i, record in enumerate(random.Random(1).sample(records, SAMPLE)):
        brush = brushes[i % 3]
        strokes = place(record["strokes"])
        page.fill("#brush", str(brush))
        hand.draw(strokes)
        arrays = [np.array(stroke, np.float32) for stroke in strokes]
        ideal = draw(arrays, brush, (PAD["height"], PAD["width"]))
        assert overlap(coverage(page), ideal) >= AGREEMENT, (record["label"], brush)
        page.click("#clear")


def test_other_ink_does_not_agree(page, hand):
    """The measure itself: a line two pixels off must not pass."""
    line = np.array([[200, 200], [600, 200]], np.float32)
    hand.draw([line.tolist()])
    for shift, agrees in ((0, True), (2, False)):
        ideal = draw([line + np.float32([0, shift])], PAD["brush"], (PAD["height"], PAD["width"]))
        assert bool(overlap(coverage(page), ideal) >= AGREEMENT) == agrees
