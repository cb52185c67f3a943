"""Scores of sheets on tables: digits line by line, corners from whichever on."""

import numpy as np

from training.measuring.sheets import Sheets, is_found
from training.synthesis.sheets import Photographed

CORNERS = np.array([(10, 10), (90, 12), (88, 70), (12, 68)], float)
SHEET = Photographed(np.zeros((80, 100, 3), np.uint8), CORNERS, ["12", "345"], "wood", 20.0)


def test_corners_are_found_from_whichever_on_but_not_further_off():
    assert is_found(SHEET, np.roll(CORNERS, 2, axis=0) + 1.9)
    assert not is_found(SHEET, CORNERS + (2.1, 0))
    assert not is_found(SHEET, None)


def test_digits_and_sheets_are_counted():
    scores = Sheets()
    scores.add(SHEET, [["12"], ["3", "45"]], CORNERS)
    scores.add(SHEET, [["12"], ["346"]], None)
    assert (scores.count, scores.right, scores.total, scores.exact, scores.found) == (2, 9, 10, 1, 1)
    assert scores.missed == {"wood": 1}
