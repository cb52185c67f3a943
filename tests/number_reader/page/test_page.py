"""Pages: what has no structure is read as ever; tables keep rows and columns; a caller can cancel."""

import numpy as np
import pytest

from number_reader.ink.image import ImageError
from number_reader.page.cells import Cell
from number_reader.page.table import is_word, table


def cell(text):
    return Cell(text, [], (0, 0, 1, 1), 1.0, [])


def test_a_blank_page_has_no_rows(small_recognizer):
    page = small_recognizer.read_page(np.full((300, 400), 230, np.uint8))
    assert (page.rows, page.turn, page.corners, page.text) == ([], 0.0, None, "")


def test_what_is_no_picture_is_refused(small_recognizer):
    with pytest.raises(ImageError):
        small_recognizer.read_page(np.zeros((3, 3)))
    with pytest.raises(ValueError, match="symbols"):
        small_recognizer.read_page(np.zeros((3, 3), np.uint8), symbols="letters")


def test_progress_names_the_stages_and_may_cancel(small_recognizer):
    class Cancelled(Exception):
        pass

    stages = []

    def progress(stage, k, n):
        stages.append(stage)
        if stage == "lines":
            raise Cancelled

    with pytest.raises(Cancelled):
        small_recognizer.read_page(np.full((300, 400), 230, np.uint8), progress=progress)
    assert stages == ["sheet", "turn", "lines"]


def test_words_are_many_refused_symbols():
    assert is_word(cell("?4??1"))
    assert not is_word(cell("12?"))
    assert not is_word(cell("?"))


def test_a_table_has_all_its_columns_in_each_row():
    rows, left_out = table({(1, 1): cell("12"), (1, 3): cell("13"), (2, 2): cell("7"), (3, 3): cell("5")})
    assert [[each.text for each in row] for row in rows] == [["12", "", "13"], ["", "7", ""], ["", "", "5"]]
    assert left_out == []


def test_a_column_of_words_is_left_out_whole():
    cells = {(row, 1): cell(text) for row, text in enumerate(("??4??", "?1???", "41", "??8?"))}
    cells |= {(row, 2): cell("5") for row in range(4)}
    rows, left_out = table(cells)
    assert [[each.text for each in row] for row in rows] == [["5"]] * 4
    assert sorted(each.text for each in left_out) == sorted(("??4??", "?1???", "41", "??8?"))
