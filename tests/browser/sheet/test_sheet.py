"""The sheet: numbers added, put right, moved and taken back, by pointer, touch and keys."""

import pytest

from tests.browser.conftest import PHONE
from tests.browser.hand import lay_out, number, wait_for
from tests.browser.picture_files import AS_PHONE, encoded, page_of, press

TABLE = "12\t7\n30\t\n5\t4"


# --- in ---------------------------------------------------------------------------------------


def test_add_puts_the_number_in_and_clears_the_pad(sheet):
    sheet.add("407")
    assert sheet.page.text_content("#status").startswith("Added 407. 1 entry, sum 407.")
    assert number(sheet.page) == ""
    assert sheet.texts() == [["407"]]
    sheet.add("-3")
    assert sheet.page.text_content("#status").startswith("Added -3. 2 entries, sum 404.")
    assert sheet.texts() == [["407"], ["-3"]]
    sheet.sums("2 numbers, sum 404, mean 202, smallest -3, largest 407.")
    sheet.hand.press("#undo")
    assert number(sheet.page) == "-3", "the pad brings back what was cleared"


def test_each_entry_keeps_a_small_picture_of_its_ink(sheet):
    sheet.add("88")
    picture = sheet.page.locator("#cells img:visible")
    picture.wait_for()
    size = picture.evaluate("""async each => {
      await each.decode();
      return [each.naturalWidth, each.naturalHeight];
    }""")
    assert 20 <= size[1] <= 48
    assert size[0] <= 96


def test_with_nothing_read_there_is_nothing_to_add(sheet):
    assert sheet.page.get_attribute("#add", "aria-disabled") == "true"
    sheet.write("1")
    assert sheet.page.get_attribute("#add", "aria-disabled") == "false"


def test_a_second_enter_on_the_pad_adds(sheet):
    sheet.write("52")
    sheet.page.locator("#pad").focus()
    sheet.page.keyboard.press("Enter")
    assert number(sheet.page) == "52"
    assert sheet.texts() == [], "the first one reads"
    sheet.page.keyboard.press("Enter")
    sheet.says("Added 52.")
    assert sheet.texts() == [["52"]]
    assert sheet.page.evaluate("document.activeElement.id") == "pad"
    sheet.page.keyboard.press("Enter")
    sheet.page.keyboard.press("Enter")
    sheet.page.wait_for_timeout(100)
    assert sheet.texts() == [["52"]], "of a blank pad there is nothing to add"


def test_what_is_drawn_with_keys_is_read_by_the_first_enter_and_added_by_the_second(sheet):
    page = sheet.page
    page.locator("#pad").focus()
    for key in ["Shift+ArrowUp", "Space", *["Shift+ArrowDown"] * 2, "Enter"]:
        page.keyboard.press(key)
    assert number(page) == "1"
    page.keyboard.press("Enter")
    sheet.says("Added 1.")


def test_adding_is_taken_back_from_the_status_line(sheet):
    sheet.add("4")
    sheet.add("17")
    sheet.hand.press("#status button")
    sheet.says("Taken out of the sheet again.")
    assert sheet.texts() == [["4"]]


def test_what_is_refused_is_marked_and_not_counted(sheet):
    sheet.add("5")
    sheet.hand.draw([[(100 + 30 * i, 60 + 280 * (i % 2)) for i in range(8)], [(90, 100 + 40 * i) for i in range(5)]])
    assert "?" in number(sheet.page)
    sheet.hand.press("#add")
    assert "2 entries, sum 5. 1 not counted." in sheet.says("Added")
    cell = sheet.cell("A2")
    assert "doubtful" in cell.get_attribute("class")
    assert "not sure" in cell.get_attribute("aria-label")
    sheet.sums("1 not counted")


# --- put right ----------------------------------------------------------------------------------


def test_a_cell_is_edited_by_keys(sheet):
    sheet.fill(TABLE)
    page = sheet.page
    assert sheet.texts() == [["12", "7"], ["30", ""], ["5", "4"]]
    assert sheet.here() == "A1"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("9")
    page.keyboard.press("Enter")
    assert sheet.here() == "B3"
    assert sheet.texts()[1] == ["30", "9"]
    page.keyboard.press("F2")
    page.keyboard.press("End")
    page.keyboard.type("4")
    page.keyboard.press("Tab")
    assert sheet.texts()[2] == ["5", "44"]
    page.keyboard.type("8")
    page.keyboard.press("Escape")
    assert sheet.texts()[2] == ["5", "44"]
    assert sheet.here() == "B3"


def test_what_was_doubtful_is_sure_once_a_person_has_looked(sheet):
    sheet.hand.draw([[(100 + 30 * i, 60 + 280 * (i % 2)) for i in range(8)], [(90, 100 + 40 * i) for i in range(5)]])
    assert "?" in number(sheet.page)
    sheet.add()
    sheet.cell("A1").dblclick()
    sheet.page.keyboard.press("Control+a")
    sheet.page.keyboard.type("77")
    sheet.page.keyboard.press("Enter")
    assert sheet.texts() == [["77"]]
    assert not sheet.cell("A1").get_attribute("class")
    sheet.page.locator("#cells img:visible").first.wait_for()  # its picture stays
    assert sheet.page.locator("#cells img:visible").count() == 1


@pytest.mark.parametrize("elsewhere", ["A3", "row head", "#rows-down"])
def test_what_was_typed_stays_in_its_cell_wherever_a_person_clicks_next(sheet, elsewhere):
    sheet.fill("12\n30\n5")
    sheet.cell("A1").dblclick()
    sheet.page.keyboard.press("Control+a")
    sheet.page.keyboard.type("99")
    if elsewhere == "A3":
        sheet.cell("A3").click()
    elif elsewhere == "row head":
        sheet.page.locator(".row-head").nth(2).click()
    else:
        sheet.page.locator(elsewhere).click()
    assert sheet.texts() == ([["30"], ["99"], ["5"]] if elsewhere.startswith("#") else [["99"], ["30"], ["5"]])


def test_what_is_typed_stays_in_its_cell_while_pictures_come_in(sheet):
    page = sheet.page
    sheet.fill("12\n30")
    picture = {"name": "page.png", "mimeType": "image/png", "buffer": encoded(page_of(["4713", "528"]))}
    page.locator("#image").set_input_files([picture, picture])
    sheet.cell("A1").dblclick()
    page.keyboard.press("Control+a")
    page.keyboard.type("9")
    sheet.says("All 2 pictures are in the sheet.")
    page.keyboard.type("9")
    page.keyboard.press("Enter")
    assert sheet.texts() == [[text] for text in ("99", "30", "4713", "528", "4713", "528")]
    page.click("#write")


def test_what_was_taken_out_can_be_added_again(sheet):
    page = sheet.page
    picture = {"name": "page.png", "mimeType": "image/png", "buffer": encoded(page_of(["4713", "528"]))}
    page.locator("#image").set_input_files(picture)
    wait_for(page, "document.getElementById('number').textContent.includes('528')")
    sheet.add()
    page.click("#add")
    sheet.says("This is in the sheet already.")
    page.click("#table-undo")
    sheet.tells("Undone")
    sheet.add()
    assert sheet.texts() == [["4713"], ["528"]]
    page.click("#write")


def test_a_row_gets_no_more_cells_and_a_cell_no_more_text_than_its_own_file_may_hold(sheet):
    page = sheet.page
    sheet.fill("\t".join(["1"] * 50))
    page.keyboard.press("Control+End")
    sheet.paste("1\t2")
    sheet.tells("A row would have more than 50 cells.")
    assert page.get_attribute("#cells", "aria-colcount") == "51"
    page.keyboard.press("F2")
    page.keyboard.insert_text("7" * 1500)
    page.keyboard.press("Enter")
    assert len(sheet.texts()[0][49]) == 1000


def test_a_field_that_was_opened_by_mistake_leaves_what_was_doubtful_so(sheet):
    table = '[[["7", true, "", 0]]]'
    file = f"number-reader-sheet 1 {len(table)}\n{table}".encode()
    sheet.page.locator("#table-file").set_input_files({"name": "my.numbers", "mimeType": "", "buffer": file})
    sheet.tells("1 row from my.numbers.")
    sheet.cell("A1").dblclick()
    sheet.page.click("h1")
    sheet.page.locator(".editor").wait_for(state="detached")
    assert sheet.cell("A1").get_attribute("class") == "doubtful"
    sheet.cell("A1").dblclick()
    sheet.page.keyboard.press("Enter")
    assert not sheet.cell("A1").get_attribute("class")


def test_cells_are_emptied_rows_deleted_and_moved_and_all_of_it_undone(sheet):
    page = sheet.page
    sheet.fill(TABLE)
    page.keyboard.press("Control+Home")
    page.keyboard.press("Delete")
    assert sheet.texts()[0] == ["", "7"]
    page.keyboard.press("Alt+ArrowDown")
    assert sheet.tells("Moved down to row 2.")
    assert sheet.texts() == [["30", ""], ["", "7"], ["5", "4"]]
    assert sheet.here() == "A2"
    page.keyboard.press("Control+Delete")
    assert sheet.tells("Deleted row 2.")
    assert sheet.texts() == [["30", ""], ["5", "4"]]
    for _ in range(3):
        page.keyboard.press("Control+z")
    assert sheet.texts() == [["12", "7"], ["30", ""], ["5", "4"]]
    page.keyboard.press("Control+y")
    assert sheet.texts()[0] == ["", "7"]
    page.keyboard.press("Control+Shift+z")
    assert sheet.texts()[0] == ["30", ""]


def test_undo_is_the_sheets_only_where_the_focus_is_in_it(sheet):
    sheet.add("4")
    sheet.write("9")
    sheet.page.locator("#pad").focus()
    sheet.page.keyboard.press("Control+z")
    assert sheet.texts() == [["4"]]
    assert number(sheet.page) == ""
    sheet.page.locator("[role=gridcell][tabindex='0']").focus()
    sheet.page.keyboard.press("Control+z")
    assert sheet.texts() == []


def test_undo_on_a_button_of_the_sheet_takes_back_what_it_did(sheet):
    sheet.fill("1\n2")
    sheet.write("9")
    sheet.page.click("#rows-remove")
    assert sheet.texts() == []
    sheet.page.keyboard.press("Control+z")
    sheet.tells("Undone: Deleted 2 rows.")
    assert sheet.texts() == [["1"], ["2"]]
    assert number(sheet.page) == "9", "the pad is left as it is"
    sheet.page.keyboard.press("Control+y")
    assert sheet.texts() == []


def test_of_a_page_that_was_mended_after_it_was_added_it_is_said_that_it_is_there_twice(sheet):
    page = sheet.page
    picture = {"name": "page.png", "mimeType": "image/png", "buffer": encoded(page_of(["4713", "528"]))}
    page.locator("#image").set_input_files(picture)
    wait_for(page, "document.getElementById('number').textContent.includes('528')")
    sheet.add()
    page.fill("#mend", "9")
    page.press("#mend", "Enter")
    page.click("#add")
    sheet.says("It is there twice now, as it was and as you mended it.")
    page.click("#status button")
    assert sheet.texts() == [["4713"], ["528"]]
    page.click("#write")


def test_blocks_rows_and_columns_are_selected(sheet):
    page = sheet.page
    sheet.fill(TABLE)
    page.keyboard.press("Control+Home")
    page.keyboard.press("Shift+ArrowDown")
    assert sheet.selected() == ["12", "30"]
    sheet.sums("Selected: 2 numbers, sum 42,")
    page.keyboard.press("Control+Space")
    sheet.sums("Column A: 3 numbers, sum 47,")
    page.keyboard.press("Shift+Space")
    assert sheet.selected() == ["30", ""]
    page.keyboard.press("Control+a")
    assert len(sheet.selected()) == 6
    sheet.cell("A1").click()
    sheet.cell("B3").click(modifiers=["Shift"])
    assert len(sheet.selected()) == 6
    page.locator("[role=columnheader]", has_text="B").click()
    assert sheet.selected() == ["7", "", "4"]
    page.locator(".row-head").nth(2).click()
    assert sheet.selected() == ["5", "4"]


def test_cells_are_selected_by_dragging(sheet):
    sheet.fill(TABLE)
    one, other = sheet.cell("A1").bounding_box(), sheet.cell("B2").bounding_box()
    mouse = sheet.page.mouse
    mouse.move(one["x"] + 20, one["y"] + 20)
    mouse.down()
    mouse.move(other["x"] + 20, other["y"] + 20, steps=4)
    mouse.up()
    assert len(sheet.selected()) == 4


def test_a_sum_below_a_column_is_compared_with_what_stands_above(sheet):
    sheet.fill("120\n90\n57\n276")
    sheet.page.keyboard.press("Control+Home")
    wait_for(sheet.page, "document.getElementById('sums').textContent.includes('adds up to')")
    sheet.sums("Written 276, adds up to 267.")


@pytest.mark.parametrize("says", [("12+7=", "12+7 = 19"), ("12+7=20", "12+7 is 19, not 20.")])
def test_a_sum_in_a_cell_shows_what_it_comes_to(sheet, says):
    sheet.fill(says[0])
    wait_for(sheet.page, "document.getElementById('sums').textContent.includes('19')")
    assert says[1] in sheet.page.text_content("#sums")


# --- with a thumb -----------------------------------------------------------------------------------


def test_on_a_phone_a_tap_selects_a_second_one_edits_and_the_buttons_act(start):
    sheet = start(viewport=PHONE, **AS_PHONE)
    for text in ("17", "5"):
        sheet.hand.draw_with_finger(lay_out(text), rests=True)
        assert number(sheet.page) == text
        press(sheet.page, "#add")
        sheet.says(f"Added {text}.")
    sheet.cell("A1").tap()
    assert sheet.selected() == ["17"]
    assert sheet.page.locator(".editor").count() == 0
    sheet.cell("A1").tap()
    sheet.page.locator(".editor").wait_for()
    sheet.page.keyboard.press("Control+a")
    sheet.page.keyboard.type("18")
    sheet.page.keyboard.press("Enter")
    assert sheet.texts() == [["18"], ["5"]]
    press(sheet.page, "#rows-up")
    assert sheet.texts() == [["5"], ["18"]]
    sheet.cell("A2").tap()
    press(sheet.page, "#cells-extend")
    sheet.cell("A1").tap()
    assert sheet.selected() == ["5", "18"]
    press(sheet.page, "#rows-remove")
    assert sheet.texts() == []
    press(sheet.page, "#table-undo")
    assert sheet.texts() == [["5"], ["18"]]


# --- thousands of rows --------------------------------------------------------------------------------


def test_of_thousands_of_rows_only_some_are_elements_and_all_are_reached(sheet):
    page = sheet.page
    sheet.fill("\n".join(str(i) for i in range(1, 1501)))
    assert page.locator("#lines [role=row]").count() < 40
    assert page.get_attribute("#cells", "aria-rowcount") == "1502"
    page.keyboard.press("Control+End")
    assert sheet.here() == "A1500"
    assert page.evaluate("document.activeElement.textContent") == "1500"
    page.evaluate("document.getElementById('cells').scrollTop = 20000")
    wait_for(page, "document.querySelector('#lines').textContent.includes('455')")
    assert sheet.here() == "A1500", "what has the focus keeps it out of sight, too"
    page.keyboard.press("ArrowUp")
    assert sheet.here() == "A1499"
    indexes = page.evaluate("[...document.querySelectorAll('#lines [role=row]')].map(row => +row.ariaRowIndex)")
    assert indexes == sorted(indexes)
    assert sum(range(1, 1501)) == 1125750
    wait_for(page, "document.getElementById('sums').textContent.includes('sum 1125750')")
