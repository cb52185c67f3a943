"""Photographed pages: rows come while the reader works; it can be stopped; a picture is turned on; tables keep cells."""

import numpy as np
import pytest
from PIL import Image

from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.hand import number, wait_for, wait_until_ready
from tests.browser.picture_files import (
    AS_PHONE,
    ROWS,
    encoded,
    handwriting,
    open_picture,
    page_of,
    press,
    reading_of,
    status,
)
from tests.number_reader.page.made import grid

SCREENS = {"laptop": {"viewport": LAPTOP}, "phone": {"viewport": PHONE, **AS_PHONE}}

# Keeps what the page shows after each step that the worker tells.
WATCH = """() => {
  window.watched = [];
  if (window.watching) return;
  window.watching = true;
  addEventListener("stepped", ({detail}) => {
    const text = document.getElementById("number").textContent;
    const {value} = document.getElementById("progress");
    watched.push({stage: detail.stage, k: detail.k, n: detail.n, text, value});
  });
}"""


@pytest.fixture(scope="module", params=SCREENS)
def visit(visits, request):
    visit = visits(**SCREENS[request.param], permissions=["clipboard-read", "clipboard-write"])
    wait_until_ready(visit.page)
    visit.page.evaluate(WATCH)
    return visit


def watched(page):
    """What was kept since it was last asked for."""
    return page.evaluate("watched.splice(0)")


def begin(page, name, rows):
    """Opens a page of so many rows, and waits until the first of them are read."""
    open_picture(page, encoded(page_of(rows)), name)
    wait_for(page, "watched.some(step => step.k > 1)")


def test_rows_come_one_after_the_other(page):
    rows = ROWS * 4
    open_picture(page, encoded(page_of(rows)), "page.png")
    assert reading_of(page, "page.png") == "\n".join(rows)
    steps = watched(page)
    assert [step["stage"] for step in steps[:3]] == ["sheet", "turn", "lines"]
    assert [step["k"] for step in steps[2:]] == list(range(len(rows) + 1))
    assert all(step["n"] == len(rows) for step in steps[3:])
    values = [step["value"] for step in steps]
    assert values == sorted(values)
    assert values[-1] == 100
    assert steps[10]["text"] == "\n".join(rows[:8])
    assert not page.is_visible("#progress")
    assert not page.is_visible("#cancel")


def test_a_page_is_cancelled_by_its_button(page, hand):
    hand.write("5")
    assert number(page) == "5"
    begin(page, "long.png", ROWS * 6)
    page.wait_for_selector("#cancel:visible")
    press(page, "#cancel")
    assert status(page, "Cancelled") == "Cancelled."
    assert number(page) == "5"
    assert page.text_content("#source") == "Your drawing"
    assert not page.is_visible("#progress")
    assert not page.is_visible("#cancel")
    assert watched(page)[-1]["k"] < len(ROWS * 6)  # it did not go on to the end
    page.wait_for_timeout(500)  # the worker lets go of it: no function of the rest may be called there (conftest.py)


def test_a_page_that_is_cancelled_over_a_blank_pad_leaves_nothing(page):
    begin(page, "long.png", ROWS * 6)
    page.wait_for_selector("#cancel:visible")
    press(page, "#cancel")
    status(page, "Cancelled")
    assert page.get_attribute("#number", "data-state") == "empty"
    assert page.get_attribute("#number", "aria-busy") is None
    watched(page)


def test_what_was_read_stays_where_another_reading_of_it_is_cancelled(page):
    open_picture(page, encoded(page_of(ROWS * 4)), "page.png")
    text = reading_of(page, "page.png")
    watched(page)
    press(page, "#mode-digits")
    page.wait_for_selector("#cancel:visible")
    press(page, "#cancel")
    assert status(page, "Cancelled") == "Cancelled. What was read before is shown."
    assert number(page) == text
    assert page.text_content("#source") == "page.png"
    press(page, "#mode-numbers")
    assert number(page) == text


def test_the_page_that_was_read_comes_back_as_it_was_where_another_is_cancelled_or_refused(page):
    open_picture(page, encoded(np.rot90(page_of(ROWS), 2)), "first.png")  # a hand has it turned
    reading_of(page, "first.png")
    press(page, "#turn")
    wait_for(page, "document.querySelector('#note').textContent.includes('to the left')")
    text, note = number(page), page.text_content("#note")
    for _ in range(2):
        watched(page)
        begin(page, "long.png", ROWS * 6)
        page.wait_for_selector("#cancel:visible")
        press(page, "#cancel")
        status(page, "Cancelled")
        assert reading_of(page, "first.png") == text
        assert page.text_content("#note") == note
    watched(page)
    open_picture(page, b"no picture", "none.png")
    status(page, "is a text file")
    assert reading_of(page, "first.png") == text
    assert page.text_content("#note") == note
    assert not any(step["stage"] == "sheet" for step in watched(page))  # it was not read again for that
    press(page, "#turn")
    page.wait_for_selector("#number[data-state=done]")
    assert page.text_content("#source") == "first.png"


def test_a_turn_that_is_cancelled_leaves_the_page_as_it_was(page):
    open_picture(page, encoded(page_of(ROWS * 6)), "page.png")
    text = reading_of(page, "page.png")
    watched(page)
    press(page, "#turn")
    wait_for(page, "watched.some(step => step.stage === 'turn')")
    page.evaluate("cancel.click()")
    status(page, "Cancelled")
    assert reading_of(page, "page.png") == text
    assert page.text_content("#note") == ""


def test_going_back_to_the_pad_cancels(page, hand):
    begin(page, "long.png", ROWS * 6)
    press(page, "#write")
    hand.write("3")
    assert number(page) == "3"
    assert page.text_content("#source") == "Your drawing"
    assert not page.is_visible("#cancel")
    assert watched(page)[-1]["k"] < len(ROWS * 6)


def test_another_picture_cancels_by_itself(page):
    begin(page, "long.png", ROWS * 6)
    open_picture(page, encoded(handwriting("47")), "47.png")
    assert reading_of(page, "47.png") == "47"
    assert page.evaluate("watched.some(step => step.stage === 'lines' && step.k === step.n && step.n > 8)") is False
    watched(page)


def test_what_was_cancelled_is_read_when_it_is_opened_again(page):
    begin(page, "again.png", ROWS * 6)
    press(page, "#cancel")
    status(page, "Cancelled")
    watched(page)
    open_picture(page, encoded(page_of(ROWS)), "again.png")
    assert reading_of(page, "again.png") == "\n".join(ROWS)


def test_a_picture_is_turned_on_by_hand(page):
    open_picture(page, encoded(np.rot90(handwriting("1"))), "1.png")  # a 1 on its side may be a dash
    reading_of(page, "1.png")
    assert page.evaluate("raw.height > raw.width")
    press(page, "#turn")
    wait_for(page, "raw.width > raw.height && document.querySelector('#number').dataset.state === 'done'")
    assert page.text_content("#number") == "1"
    assert page.text_content("#note") == "It was turned by 90°."
    for quarters, turned in ((2, "by 180°"), (3, "by 90° to the left")):
        press(page, "#turn")
        wait_for(page, f"document.querySelector('#note').textContent.includes('{turned}')", timeout=30_000)
        assert page.evaluate("raw.height > raw.width") is (quarters == 2)
    press(page, "#turn")
    wait_for(page, "!document.querySelector('#note').textContent")


@pytest.mark.parametrize(
    ("quarters", "exif", "said"), [(1, 1, "by 90°"), (2, None, "by 180°"), (3, 6, "by 90° to the left")]
)
def test_a_page_is_turned_upright_whatever_its_exif_says(page, quarters, exif, said):
    picture = Image.fromarray(handwriting("2745"))
    lying = picture.rotate(90 * quarters, expand=True)
    options = {}
    if exif:
        options["exif"] = Image.Exif()
        options["exif"][0x0112] = exif
        if exif == 6:  # it has the page turned a quarter to the right: wrongly, as it was turned before it was stored
            lying = lying.rotate(90, expand=True)
    open_picture(page, encoded(lying, "JPEG", **options), "lying.jpg", "image/jpeg")
    assert reading_of(page, "lying.jpg") == "2745"
    assert page.text_content("#note") == f"It was turned {said}."


def test_a_table_keeps_its_cells_and_is_copied_as_cells(page):
    cells = [["12", "40", "", "7"], ["", "35", "9", "26"], ["68", "", "24", "3"], ["5", "71", "", "84"]]
    open_picture(page, encoded(grid(cells)), "table.png")
    text = "\n".join("\t".join(row) for row in cells)
    assert reading_of(page, "table.png") == text
    press(page, "#copy")
    status(page, "Copied")
    assert page.evaluate("navigator.clipboard.readText()") == text


def test_the_drawing_has_nothing_to_turn(page, hand):
    hand.write("5")
    assert number(page) == "5"
    assert not page.is_visible("#turn")
    assert page.text_content("#note") == ""
