"""Pages made for tests."""

import numpy as np

from tests.number_reader.test_numbers import written
from training.data.strokes import draw


def grid(rows, pitch=(150, 190)):
    """A uint8 page with a drawn grid around rows of numbers, grey on white."""
    high, wide = pitch
    ink = np.zeros((len(rows) * high + 40, len(rows[0]) * wide + 40), np.float32)
    for r, row in enumerate(rows):
        for c, text in ((c, text) for c, text in enumerate(row) if text):
            strokes = written(text)[0]
            points = np.concatenate(strokes)
            scale = 80 / np.ptp(points[:, 1])
            corner = np.array([20 + c * wide + 35, 20 + r * high + 35])
            ink = np.maximum(ink, draw([(s - points.min(axis=0)) * scale + corner for s in strokes], 7, ink.shape))
    for r in range(len(rows) + 1):
        ink[20 + r * high - 2 : 20 + r * high + 2, 20:-20] = 1
    for c in range(len(rows[0]) + 1):
        ink[20:-20, 20 + c * wide - 2 : 20 + c * wide + 2] = 1
    return np.rint(245 - 220 * ink).astype(np.uint8)
