"""The sheet for everybody: axe-core finds nothing, it is a grid to screen readers, and is announced without flooding."""

import pytest

from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.hand import lay_out, number, wait_for
from tests.browser.test_accessibility import LISTEN, SCRIBBLE, TARGET_SIZE, TOO_WIDE, complaints

STATES = ("empty", "filled", "edited", "to be cleared", "not kept")


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(sheet, state):
    page = sheet.page
    sheet.fill("1")
    page.keyboard.press("Control+Delete")
    if state != "empty":
        sheet.hand.draw(SCRIBBLE)
        number(page)
        sheet.add()
        page.locator("[role=gridcell][tabindex='0']").focus()
        page.keyboard.press("ArrowDown")
        sheet.paste("12\t7\n30\t-8")
    if state == "edited":
        page.keyboard.press("F2")
    if state == "to be cleared":
        sheet.hand.press("#table-clear")
    if state == "not kept":
        page.evaluate("""() => {
          document.getElementById("table-unkept").hidden = false;
          document.getElementById("table-unkept").textContent = "This browser does not let the page keep the sheet.";
        }""")
    found = complaints(page)
    page.set_viewport_size(LAPTOP)
    page.emulate_media(color_scheme="light")
    page.evaluate("""() => {
      document.getElementById("table-unkept").hidden = true;
      document.getElementById("table-clear-no").click();
    }""")
    assert found == []


def test_it_is_a_grid_whose_one_cell_is_in_the_order_of_tab(sheet):
    sheet.fill("12\t7\n30\t8")
    page = sheet.page
    assert page.locator("#cells [tabindex='0']").count() == 1
    assert page.get_attribute("#cells", "aria-rowcount") == "4"
    assert page.get_attribute("#cells", "aria-colcount") == "3"
    cell = sheet.cell("B2")
    assert cell.text_content() == "8"
    assert cell.evaluate("each => each.parentElement.ariaRowIndex") == "3"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "cell-edit"
    page.keyboard.press("Shift+Tab")
    assert sheet.here() == "A1"


def test_a_change_is_announced_once_and_going_about_never(sheet):
    sheet.fill("12\n30\n5")
    page = sheet.page
    page.keyboard.press("Control+Home")
    page.wait_for_timeout(200)
    page.evaluate(LISTEN)
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    page.wait_for_timeout(200)
    assert [each for each in page.evaluate("heard") if each[0] != "sums"] == [], "#sums is aria-live=off"
    assert page.get_attribute("#sums", "aria-live") == "off"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Control+Delete")
    sheet.tells("Deleted row 3.")
    assert [each for each in page.evaluate("heard") if each[0] != "sums"] == [["table-says", "Deleted row 3."]]


def test_what_is_added_is_announced_with_the_sum(sheet):
    sheet.add("4")
    sheet.write("17")
    sheet.page.evaluate(LISTEN)
    sheet.hand.press("#add")
    sheet.says("Added 17. 2 entries, sum 21.")
    heard = [each for each in sheet.page.evaluate("heard") if each[0] == "status"]
    assert len(heard) <= 2
    assert heard[-1][1].startswith("Added 17. 2 entries, sum 21.")


@pytest.mark.parametrize("screen", [LAPTOP, PHONE, {"width": 320, "height": 256}], ids=["laptop", "phone", "400 %"])
def test_it_fits_and_its_buttons_are_large_enough(sheet, screen):
    page = sheet.page
    sheet.fill("12\t7\t8\t9\t10\t11\n30\t8")
    page.set_viewport_size(screen)
    assert page.evaluate(TOO_WIDE) == []
    small = {}
    for target in page.locator("#table :is(button, .button, [role=gridcell])").filter(visible=True).all():
        size = target.evaluate(TARGET_SIZE)
        if min(size) < 43:
            small[target.evaluate("each => each.outerHTML")[:80]] = size
    page.set_viewport_size(LAPTOP)
    assert small == {}


def test_in_sums_the_verdict_says_what_it_comes_to(sheet):
    page = sheet.page
    page.locator("#mode-sums").check()
    sheet.hand.draw(lay_out("2+3="))
    assert number(page) == "2+3="
    wait_for(page, "document.getElementById('verdict').textContent.includes('2+3 = 5.')")
    sheet.hand.press("#clear")
    sheet.hand.draw(lay_out("2+3=6"))
    assert number(page) == "2+3=6"
    wait_for(page, "document.getElementById('verdict').textContent.includes('2+3 is 5, not 6.')")
    page.locator("#mode-numbers").check()
