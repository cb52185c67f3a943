"""Marks written on the pad are read, each in its modes; what is taught as a mark is read as one when it is written again."""

import pytest

from number_reader import Recognizer
from number_reader.labels import MARKS, MODES
from tests.browser.conftest import PHONE
from tests.browser.hand import number, wait_until_ready
from tests.browser.picture_files import AS_PHONE, press

SCRIBBLE = [
    [(150 + 25 * i, 60 + 280 * (i % 2)) for i in range(20)],
    [(625 - 25 * i, 60 + 280 * (i % 2)) for i in range(20)],
]


@pytest.fixture(scope="module", autouse=True)
def model_with_marks(site, skip_or_fail):
    if not (Recognizer.load(site.model).neighbors.labels >= MARKS.start).any():
        skip_or_fail("the model of this page knows no marks")


@pytest.fixture
def page(page):
    """The shared page, reading sums; a first visit's mode again afterwards, and nothing taught."""
    press(page, "#mode-sums")
    yield page
    press(page, "#mode-numbers")
    if page.text_content("#taught-count") != "nothing":
        page.evaluate("taught.open = true")
        page.click("#forget")
        page.click("#forget-yes")
        page.wait_for_selector("#taught-count:text-is('nothing')")


@pytest.mark.parametrize("mark", MODES["sums"])
def test_each_mark_is_read_beside_digits(page, hand, mark):
    text = "(24)" if mark in "()" else f"2{mark}4"
    hand.write(text)
    found = number(page).replace(" ", "")
    assert found == text or (mark == "×" and found == "2?4")  # learned from stars: it may be unsure, but nothing else


def test_what_another_mode_reads_is_said_and_read_there_at_once(page, hand):
    hand.write("5=3")
    assert number(page).replace(" ", "") == "5=3"
    press(page, "#mode-numbers")
    page.wait_for_selector("#number:has-text('?')")
    assert number(page).replace(" ", "") == "5?3"
    assert page.text_content("#verdict") == "(?) may be an equals sign: try “Sums”."
    press(page, "#mode-digits")
    page.wait_for_selector("#number:not(:has-text('?'))")
    assert number(page) == "53"


@pytest.mark.parametrize("by", ["tap", "key"])
def test_what_is_taught_as_a_mark_is_read_as_it_when_written_again(page, hand, by):
    hand.draw(SCRIBBLE)
    assert number(page) == "?"
    if by == "tap":
        page.get_by_role("button", name="percent sign", exact=True).click()
    else:
        page.keyboard.press("%")
    page.wait_for_selector("#number:has-text('%')")
    press(page, "#clear")
    hand.draw(SCRIBBLE)
    assert number(page) == "%"
    page.locator("#candidates button").click()
    assert page.text_content("#why-title") == "Why it is read as a percent sign"
    assert page.text_content("#voters li:first-child .mine") == "taught by you"
    page.locator("#why-close").click()


def test_a_finger_teaches_a_mark_on_a_phone(visits):
    visit = visits(viewport=PHONE, **AS_PHONE)
    wait_until_ready(visit.page)
    visit.hand.draw(SCRIBBLE)
    assert number(visit.page) == "?"
    visit.page.get_by_role("button", name="slash", exact=True).tap()
    visit.page.wait_for_selector("#number:has-text('/')")
    assert visit.complaints == []
