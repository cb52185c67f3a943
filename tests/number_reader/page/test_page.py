"""Pages: what has no structure is read as ever; tables keep rows and columns; a caller can cancel."""

import numpy as np
import pytest

from number_reader.ink import image as image_steps
from number_reader.ink.image import ImageError
from number_reader.page import page as page_steps
from number_reader.page import reading as reading_steps
from number_reader.page.cells import Cell
from number_reader.page.page import read_page, steps, whole
from number_reader.page.table import in_columns, is_word, table, without_words
from number_reader.segmentation.effort import MOST, MOST_OF_A_PAGE, PageEffort, TooMuch
from number_reader.sheet.homography import homography, warped
from tests.browser.picture_files import page_of
from tests.number_reader.ink.test_texture import field, waves
from tests.number_reader.page.made import grid


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


def test_a_page_is_read_in_steps_and_comes_last(small_recognizer):
    picture = np.full((300, 400), 230, np.uint8)
    *told, page = steps(small_recognizer, picture)
    assert [step.stage for step in told] == ["sheet", "turn", "lines"]
    assert (told[-1].picture == picture).all()
    assert (page.picture == picture).all()


def test_a_page_is_turned_as_it_is_told(small_recognizer):
    picture = np.arange(300 * 400, dtype=np.uint32).reshape(300, 400).astype(np.uint8)
    page = small_recognizer.read_page(picture, turn=90)
    assert page.turn == 90
    assert (page.picture == np.rot90(picture, -1)).all()


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


def test_a_drawn_grid_gives_its_cells(recognizer):
    rows = [["12", "45", "7"], ["73", "26", "58"], ["50", "94", "3"], ["64", "2", "37"]]
    page = recognizer.read_page(grid(rows), symbols="digits")
    assert [[cell.text for cell in row] for row in page.rows] == rows
    assert page.turn == 0


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_page_that_lies_wrong_is_turned(recognizer, quarters):
    rows = [["23", "45", "57"], ["72", "35", "24"], ["54", "27", "32"], ["43", "52", "75"]]
    page = recognizer.read_page(np.rot90(grid(rows), quarters), symbols="digits")
    assert [[cell.text for cell in row] for row in page.rows] == rows
    assert page.turn % 360 == 90 * quarters


def test_a_sheet_on_a_table_is_read_flattened(recognizer):
    rows = [["23", "45"], ["72", "35"], ["54", "27"]]
    sheet = grid(rows)[30:-30, 30:-30]  # the grid's own frame is cut off
    high, wide = sheet.shape
    corners = np.array([(140, 90), (560, 130), (600, 480), (60, 430)], float)
    onto = homography(corners, np.array([(0, 0), (wide, 0), (wide, high), (0, high)], float) - 0.5)
    shape = (560, 700)
    inside = warped(np.pad(np.ones_like(sheet), 1), onto + np.outer([1, 1, 0], onto[2]), shape)
    image = np.rint(warped(sheet, onto, shape) * inside + 50 * (1 - inside)).astype(np.uint8)
    page = recognizer.read_page(image, symbols="digits")
    assert ["".join(cell.text for cell in row) for row in page.rows] == ["".join(row) for row in rows]
    assert np.abs(page.corners - corners).max() < 5
    assert max(page.picture.shape) < 560
    unseen = read_page(recognizer, image, symbols="digits", sheet=whole)
    assert unseen.corners is None


def test_a_page_of_print_is_left_out_whole():
    print_ = [[cell("???1??"), cell("?8")], [cell("4????"), cell("??")], [cell("?"), cell("71")]]
    rows, left_out = without_words(print_)
    assert [[each.text for each in row] for row in rows] == [["71"]]
    assert len(left_out) == 5
    numbers = [[cell("???1??"), cell("38")], [cell("4????"), cell("1?")], [cell("907"), cell("71")], [cell("26")]]
    assert [[each.text for each in row] for row in without_words(numbers)[0]] == [["38"], ["1?"], ["907", "71"], ["26"]]


def test_columns_come_from_gaps_that_rows_share():
    def at(text, row, left):
        return Cell(text, [], (40 * row, left, 40 * row + 20, left + 12 * len(text)), 1.0, [])

    rows = [[at("12", 0, 0), at("7", 0, 100)], [at("405", 1, 4)], [at("3", 2, 8), at("88", 2, 96), at("5", 2, 200)]]
    rows += [[at("61", 3, 2), at("9", 3, 98), at("4", 3, 203)]]
    texts = [[each.text for each in row] for row in in_columns(rows)]
    assert texts == [["12", "7", ""], ["405", "", ""], ["3", "88", "5"], ["61", "9", "4"]]
    ragged = [[at("12", row, 30 * row), at("7", row, 30 * row + 70)] for row in range(5)]
    assert in_columns(ragged) is ragged
    assert in_columns(rows[:2]) == rows[:2]
    assert in_columns([]) == []


def test_a_small_framed_table_gives_its_cells(recognizer):
    page = recognizer.read_page(grid([["12", "45"]]), symbols="digits")
    assert [[cell.text for cell in row] for row in page.rows] == [["12", "45"]]


def test_a_page_without_rulings_is_read_from_one_ink_map(small_recognizer, monkeypatch):
    made = []
    own = image_steps._ink

    def counted(*arguments):
        made.append(1)
        return own(*arguments)

    monkeypatch.setattr(image_steps, "_ink", counted)
    page = np.clip(page_of(["4713", "528"]).astype(int) + np.random.default_rng(0).normal(0, 3, (300, 400)), 0, 255)
    small_recognizer.read_page(page.astype(np.uint8))
    assert len(made) == 1


def test_blue_ink_on_a_yellow_note_is_read(recognizer):
    ink = grid([["3058"]], pitch=(170, 400))[60:160, 40:400].astype(float)
    ink = ((245 - ink) / 220)[..., None]
    note = np.array((243, 243, 92)) * (1 - ink) + np.array((31, 111, 176)) * ink
    note = np.clip(note + np.random.default_rng(0).normal(0, 3, note.shape), 0, 255).astype(np.uint8)
    assert recognizer.read_page(note, symbols="digits").text == "3058"


def test_digits_larger_than_the_squares_of_the_paper_stand_in_no_cells(recognizer):
    rows = [["2745", "38"], ["6052", "97"]]
    page = grid(rows, pitch=(150, 400))
    page[18:-18:50, 20:-20] = page[19:-18:50, 20:-20] = page[20:-20, 18:-18:50] = page[20:-20, 19:-18:50] = 120
    ink = grid(rows, pitch=(150, 400))
    read = recognizer.read_page(np.minimum(page, ink), symbols="digits")
    assert read.text.replace(" ", "") == "274538\n605297"


@pytest.mark.parametrize("apart", [50, 100])
def test_rows_on_ruled_paper_are_read_whatever_its_lines_cross(recognizer, apart):
    rows = ["4713", "528", "30941", "67", "2385", "914"]
    page = page_of(rows)
    page[20::apart] = np.minimum(page[20::apart], 165)
    page[21::apart] = np.minimum(page[21::apart], 165)
    assert recognizer.read_page(page, symbols="digits").text.split("\n") == rows


def test_rows_that_would_take_too_long_are_left_out(recognizer, monkeypatch):
    cells = [["12", "45", "7"], ["73", "26", "58"], ["50", "94", "3"], ["64", "2", "37"]]
    whole = recognizer.read_page(grid(cells), symbols="digits")
    monkeypatch.setattr("number_reader.segmentation.effort.MOST_OF_A_PAGE", 12)
    page = recognizer.read_page(grid(cells), symbols="digits")
    assert [cell.text for cell in page.rows[0]] == [cell.text for cell in whole.rows[0]][: len(page.rows[0])]
    assert 0 < sum(len(row) for row in page.rows) < 12
    assert page.left_out
    assert all(cell.text == "" for cell in page.left_out)
    top, left, bottom, right = page.left_out[-1].box
    assert top > whole.rows[-1][0].box[0] - 20
    assert right > left
    assert bottom > top


def test_a_line_may_not_take_all_of_a_pages_effort():
    effort = PageEffort()
    with pytest.raises(TooMuch):
        effort.spend(MOST + 1)
    effort.begin_line()
    effort.spend(MOST)
    for _ in range(MOST_OF_A_PAGE // MOST - 3):
        effort.begin_line()
        effort.spend(MOST)
    effort.begin_line()
    with pytest.raises(TooMuch):
        effort.spend(MOST)


def test_a_field_with_a_pattern_is_neither_turned_nor_struck_out(small_recognizer, monkeypatch):
    picture = field(waves())
    asked = []
    monkeypatch.setattr(page_steps, "find_turn", lambda *_: asked.append("turn") or 180.0)
    monkeypatch.setattr(reading_steps, "is_struck", lambda *_: asked.append("strike") or True)
    assert small_recognizer.read_page(picture).turn == 0
    assert not asked
    upright = small_recognizer.read_page(np.rot90(picture))
    assert (upright.turn, asked[0]) == (180, "turn"), "a picture higher than wide may lie on its side"
