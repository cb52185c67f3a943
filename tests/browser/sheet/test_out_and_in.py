"""The sheet out and in: pages and several pictures taken over, copied, saved, printed, opened again."""

import json

import pytest
from PIL import Image

from tests.browser.hand import wait_for
from tests.browser.picture_files import encoded, handwriting, open_picture, page_of, reading_of

TABLE = "12\t7\n30\t8"


def picture_file(name, text):
    return {"name": name, "mimeType": "image/png", "buffer": encoded(handwriting(text))}


def open_several(sheet, *files):
    sheet.page.set_input_files("#image", list(files))


# --- in -----------------------------------------------------------------------------------------


def test_a_page_is_taken_over_as_rows_and_undone_in_one_step(sheet):
    open_picture(sheet.page, encoded(page_of(["4713", "528", "309"])), "list.png")
    assert reading_of(sheet.page, "list.png") == "4713\n528\n309"
    sheet.hand.press("#add")
    assert sheet.says("Added").startswith("Added 3 rows of list.png. 3 entries, sum 5550.")
    assert sheet.texts() == [["4713"], ["528"], ["309"]]
    assert sheet.selected() == ["4713", "528", "309"]
    sheet.hand.press("#add")
    sheet.says("This is in the sheet already.")
    sheet.hand.press("#table-undo")
    assert sheet.texts() == []


def test_several_pictures_go_in_one_after_the_other_and_one_that_fails_is_named(sheet):
    broken = {"name": "b.png", "mimeType": "image/png", "buffer": encoded(handwriting("5"))[:200]}
    open_several(sheet, picture_file("a.png", "17"), broken, picture_file("c.png", "40"))
    said = sheet.says("2 of 3 pictures are in the sheet.")
    assert "b.png did not come whole" in said
    assert sheet.texts() == [["17"], ["40"]]
    sheet.hand.press("#table-undo")
    assert sheet.texts() == [["17"]], "one picture at a time"


def test_cancel_or_a_stroke_ends_the_rest(sheet):
    pages = [
        {"name": f"{i}.png", "mimeType": "image/png", "buffer": encoded(page_of(["4713", "528", "30941", "67"] * 4))}
        for i in range(3)
    ]
    open_several(sheet, *pages)
    wait_for(sheet.page, "document.getElementById('remaining').textContent.startsWith('Line')")
    sheet.page.evaluate("document.getElementById('cancel').click()")
    assert sheet.says("not read.") == "0 of 3 pictures are in the sheet. 3 not read."
    assert sheet.texts() == []


def test_one_picture_alone_is_not_added_by_itself(sheet):
    open_several(sheet, picture_file("a.png", "17"))
    assert reading_of(sheet.page, "a.png") == "17"
    sheet.page.wait_for_timeout(300)
    assert sheet.texts() == []


def test_two_pictures_of_one_page_are_put_beside_each_other(sheet):
    open_several(sheet, picture_file("a.png", "17"), picture_file("b.png", "40"))
    sheet.says("All 2 pictures are in the sheet.")
    sheet.hand.press("#table-join")
    sheet.tells("beside the one before")
    assert sheet.texts() == [["17", "40"]]
    sheet.hand.press("#table-undo")
    assert sheet.texts() == [["17"], ["40"]]


def test_what_is_pasted_from_a_spreadsheet_goes_over_the_cells_there_and_is_undone(sheet):
    sheet.fill(TABLE)
    page = sheet.page
    page.keyboard.press("Control+Home")
    page.keyboard.press("ArrowRight")
    sheet.paste('1\t2\r\n"a ""b"""\t\r\n')
    assert sheet.texts() == [["12", "1", "2"], ["30", 'a "b"', ""]]
    page.keyboard.press("Control+z")
    assert sheet.texts() == [["12", "7"], ["30", "8"]]


# --- out ----------------------------------------------------------------------------------------


def clipboard(sheet):
    return sheet.page.evaluate("navigator.clipboard.readText()")


def test_what_is_selected_is_copied_as_cells_and_all_of_it_by_the_button(sheet):
    sheet.fill(TABLE)
    page = sheet.page
    page.keyboard.press("Control+Home")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Control+c")
    sheet.tells("Copied 2 cells.")
    assert clipboard(sheet) == "12\n30"
    page.keyboard.press("Control+Home")
    sheet.hand.press("#table-copy")
    sheet.tells("Copied 4 cells.")
    assert clipboard(sheet) == TABLE
    sheet.cell("A1").click()
    page.keyboard.press("Control+x")
    wait_for(sheet.page, "document.querySelector('#lines [role=gridcell]').textContent === ''")
    assert clipboard(sheet) == "12"


NO_CLIPBOARD = """() => {
  navigator.clipboard.writeText = () => Promise.reject(new DOMException("no", "NotAllowedError"));
  document.execCommand = () => false;
}"""


def test_nothing_is_cut_that_the_browser_does_not_copy(start):
    sheet = start()
    sheet.fill(TABLE)
    sheet.page.evaluate(NO_CLIPBOARD)
    sheet.page.keyboard.press("Control+Home")
    sheet.page.keyboard.press("Control+x")
    sheet.tells("did not let the page copy")
    assert sheet.texts() == [["12", "7"], ["30", "8"]]


@pytest.mark.parametrize(
    ("locale", "cells", "expected"), [("en-US", "1.5\t2", "1.5,2"), ("de-DE", "1,5\t2", '"1,5";2')]
)
def test_csv_has_the_separator_of_the_language(start, locale, cells, expected):
    sheet = start(locale=locale)
    sheet.fill(cells)
    with sheet.page.expect_download() as download:
        sheet.hand.press("#table-csv")
    assert download.value.suggested_filename == "numbers.csv"
    assert download.value.path().read_bytes().decode() == expected + "\r\n"


def test_a_saved_sheet_opens_again_with_its_pictures(sheet, start, tmp_path):
    sheet.add("407")
    sheet.add("3")
    with sheet.page.expect_download() as download:
        sheet.hand.press("#table-save")
    assert download.value.suggested_filename == "numbers.numbers"
    file = tmp_path / "mine.numbers"
    download.value.save_as(file)
    other = start()
    other.page.set_input_files("#table-file", file)
    other.tells("2 rows from mine.numbers.")
    assert other.texts() == [["407"], ["3"]]
    other.page.locator("#cells img:visible").nth(1).wait_for()
    assert other.page.locator("#cells img:visible").evaluate_all("all => all.every(each => each.hidden || each.src)")
    assert other.kept(2) == [["407"], ["3"]]
    other.hand.press("#table-undo")
    assert other.texts() == []


def head(rows):
    text = json.dumps(rows).encode()
    return b"number-reader-sheet 1 %d\n" % len(text) + text


BAD = {
    "foreign": (b"PK\x03\x04 something", "is no sheet that this page has saved."),
    "cut": (head([[["1", False, "", 100]]]), "is damaged: not all of its sheet is there."),
    "newer": (head([]).replace(b" 1 ", b" 2 "), "was saved by a later version of this page."),
    "nonsense": (b"number-reader-sheet 1 3\n{}}", "is damaged: not all of its sheet is there."),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_file_that_is_no_sheet_is_refused_with_a_sentence(sheet, kind):
    content, sentence = BAD[kind]
    sheet.fill("5")
    sheet.page.set_input_files("#table-file", {"name": "x.numbers", "mimeType": "", "buffer": content})
    assert sheet.tells("x.numbers") == f"x.numbers {sentence}"
    assert sheet.texts() == [["5"]]


def test_a_csv_file_is_opened_below_what_is_there(sheet):
    sheet.fill("5")
    file = {"name": "more.csv", "mimeType": "text/csv", "buffer": b"1,2\r\n3,4\r\n"}
    sheet.page.set_input_files("#table-file", file)
    sheet.tells("From more.csv")
    assert sheet.texts() == [["5", ""], ["1", "2"], ["3", "4"]]


def test_all_of_the_sheet_is_printed_with_its_pictures_and_nothing_else(sheet, tmp_path):
    page = sheet.page
    sheet.add("88")
    page.evaluate("() => { window.print = () => { window.printed = document.getElementById('paper').innerText; }; }")
    page.locator("[role=gridcell][tabindex='0']").focus()
    page.keyboard.press("Control+End")
    page.keyboard.press("ArrowDown")
    sheet.paste("\n".join(str(i) for i in range(100)))
    sheet.hand.press("#table-print")
    wait_for(page, "window.printed !== undefined")
    page.emulate_media(media="print")
    assert page.locator("#paper tr").count() == 101
    assert page.locator("#paper img").evaluate("each => each.complete && each.naturalWidth > 0")
    assert page.locator("#pad").is_hidden()
    assert page.locator("#paper").is_visible()
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("#paper tr").count() == 0
    assert page.locator("#pad").is_visible()


def test_it_is_shared_as_a_file_where_the_platform_can(start):
    sheet = start(
        script="""
      Navigator.prototype.canShare = () => true;
      Navigator.prototype.share = async ({files}) => { window.shared = [files[0].name, await files[0].text()]; };
    """
    )
    sheet.fill(TABLE)
    sheet.hand.press("#table-share")
    wait_for(sheet.page, "window.shared")
    assert sheet.page.evaluate("shared") == ["numbers.csv", '"12","7"\r\n30,8\r\n']


# --- the whole way --------------------------------------------------------------------------------


def test_a_page_of_120_digits_becomes_a_pasted_table_in_at_most_six_actions(sheet):
    """Beyond mending what is wrong, which is done in the sheet here."""
    page = sheet.page
    rows = ["471352", "528309", "309414", "671528", "238591", "914704", "704615", "152380", "660217", "385049"] * 2
    content = encoded(Image.fromarray(page_of(rows)))
    actions = 0
    open_picture(page, content, "page.png")  # 1: the file is chosen
    actions += 1
    text = reading_of(page, "page.png")
    assert sum(character.isdigit() for character in text) >= 110
    sheet.hand.press("#add")  # 2
    actions += 1
    sheet.says("Added 20 rows of page.png.")
    for i, row in enumerate(rows):  # mending, beyond the six
        if text.split("\n")[i] != row:
            sheet.cell(f"A{i + 1}").dblclick()
            page.keyboard.press("Control+a")
            page.keyboard.type(row)
            page.keyboard.press("Enter")
            page.locator("[role=columnheader]").first.click()
    sheet.hand.press("#table-copy")  # 3
    actions += 1
    sheet.tells("Copied 20 cells.")
    assert clipboard(sheet) == "\n".join(rows)  # 4: and pasted elsewhere
    actions += 1
    assert actions <= 6
