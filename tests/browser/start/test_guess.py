"""The first guess: what the page reads itself while the recogniser loads, or where it never comes."""

import threading

import pytest

from tests.browser.conftest import PHONE
from tests.browser.hand import lay_out, number, wait_for, wait_until_ready
from tests.browser.picture_files import encoded, handwriting, open_picture
from tests.browser.serving import held, refused

GUESS = "#number .guess"


@pytest.fixture
def early(visits, gate):
    """A visit whose recogniser is still awaited."""
    visit = visits()
    visit.page.wait_for_selector("body[data-python=up]")
    return visit


def guessed(page, text):
    """Waits until this is guessed."""
    wait_for(page, "text => document.querySelector('#number .guess')?.textContent === text", text)


def test_digits_are_guessed_until_they_are_read(early, gate):
    page = early.page
    early.hand.write("64")
    guessed(page, "64")
    assert page.get_attribute("body", "data-app") == "loading"
    assert page.get_attribute("#number", "data-state") == "reading"
    assert page.text_content("#verdict") == "First guess"
    for each in (GUESS, "#verdict .guess"):  # no screen reader is told
        assert page.get_attribute(each, "aria-hidden") == "true"
        assert page.locator(each).evaluate("each => getComputedStyle(each).fontStyle") == "italic"
    places = [page.locator(each).bounding_box() for each in ("#pad", "#number", "#mode")]
    gate.set()
    wait_until_ready(page)
    assert number(page) == "64"
    assert page.locator(".guess").count() == 0
    assert [page.locator(each).bounding_box() for each in ("#pad", "#number", "#mode")] == places
    early.hand.press("#clear")
    early.hand.write("5")  # nothing is guessed any more
    page.wait_for_selector("#number:not([data-state=reading])")
    assert page.locator(".guess").count() == 0
    assert early.complaints == []


def test_the_next_stroke_takes_the_guess_away(early):
    page = early.page
    early.hand.write("4")
    guessed(page, "4")
    first, *rest = early.hand.all_on_screen([(640, 134), (700, 90), (700, 310)])  # a 1
    page.mouse.move(*first)
    page.mouse.down()
    assert page.locator(".guess").count() == 0
    for point in rest:
        page.mouse.move(*point)
    page.mouse.up()
    guessed(page, "41")
    early.hand.press("#undo")
    guessed(page, "4")
    early.hand.press("#clear")
    assert number(page) == ""
    assert page.locator(".guess").count() == 0
    assert early.complaints == []


def test_a_guess_is_not_copied_added_or_chosen(early):
    page = early.page
    early.hand.write("52")
    guessed(page, "52")
    for button in ("copy", "add"):
        assert page.get_attribute(f"#{button}", "aria-disabled") == "true"
    page.locator(GUESS).click()
    assert page.locator("#chosen").is_hidden()
    page.locator("#pad").press("Enter")  # twice on the pad puts what is read into the sheet
    page.locator("#pad").press("Enter")
    guessed(page, "52")
    assert page.locator("#lines [role=row] .shown, #lines [role=gridcell]:not(:empty)").count() == 0
    page.evaluate("getSelection().selectAllChildren(number)")
    assert page.evaluate("getSelection().toString()") == ""
    assert page.evaluate("JSON.stringify({...sessionStorage, ...localStorage})").find("First guess") == -1
    assert early.complaints == []


def test_what_is_no_digit_is_left_open(early):
    page = early.page
    early.hand.write("3+4")
    page.wait_for_selector(GUESS)
    text = page.text_content(GUESS)
    assert (text[0], text[-1]) == ("3", "4")
    sure = page.locator(f"{GUESS} > span:not(.unsure)").all_text_contents()
    assert set(sure) <= {"3", "4"}
    assert page.locator(f"{GUESS} .unsure").first.evaluate("e => getComputedStyle(e).textDecorationLine") == "underline"


def test_a_drawing_that_was_kept_is_guessed_after_a_reload(early):
    page = early.page
    early.hand.write("29")
    guessed(page, "29")
    page.reload()
    page.wait_for_selector("body[data-python=up]")
    guessed(page, "29")
    assert page.get_attribute("body", "data-app") == "loading"


def test_digits_are_guessed_where_the_recogniser_never_comes(visits, site):
    site.faults["runtime/pyodide/numpy.packed"] = refused
    visit = visits()
    page = visit.page
    page.wait_for_selector("body[data-app=error]")
    assert "recogniser is not working" in page.text_content("#status")
    wait_for(page, "document.querySelector('#status').textContent.includes('digits are only guessed')")
    visit.hand.write("38")
    guessed(page, "38")
    assert page.get_attribute("#number", "data-state") == "reading"
    site.faults.clear()
    visit.hand.press("#retry")
    page.wait_for_selector("body[data-app=ready]", timeout=60_000)
    assert number(page) == "38"
    assert page.locator(".guess").count() == 0


def test_that_the_recogniser_is_not_working_stands_whatever_is_said(visits, site):
    site.faults["runtime/pyodide/numpy.packed"] = refused
    page = visits().page
    page.wait_for_selector("body[data-app=error]")
    open_picture(page, encoded(handwriting("27")), "page.png")
    wait_for(page, "document.querySelector('#status').textContent.startsWith('page.png is read once')")
    assert page.text_content("#status").endswith("The recogniser is not working.")
    site.faults.clear()
    page.click("#retry")
    wait_until_ready(page)
    assert "not working" not in page.text_content("#status")


def test_without_its_file_the_page_waits_for_the_recogniser(visits, site):
    site.faults["pen.packed"] = refused
    visit = visits()
    visit.hand.draw(lay_out("8"))
    wait_until_ready(visit.page)
    assert number(visit.page) == "8"
    site.faults.clear()


def test_where_its_file_stalls_the_recogniser_comes_all_the_same(visits, site):
    end = threading.Event()
    site.faults["pen.packed"] = held(end)
    visit = visits()
    visit.hand.draw(lay_out("8"))
    wait_until_ready(visit.page)
    assert number(visit.page) == "8"
    end.set()
    site.faults.clear()


def test_a_long_guess_on_a_phone_moves_nothing(visits, gate):
    visit = visits(viewport=PHONE)
    page = visit.page
    page.wait_for_selector("body[data-python=up]")
    places = [page.locator(each).bounding_box() for each in ("#pad", "#number")]
    visit.hand.write("1234568")
    page.wait_for_selector(GUESS)
    assert [page.locator(each).bounding_box() for each in ("#pad", "#number")] == places
    assert page.evaluate("number.scrollWidth <= number.clientWidth")


def test_however_much_is_left_open_the_next_stroke_lands_where_the_pen_is(visits, gate):
    visit = visits(viewport=PHONE)
    page, hand = visit.page, visit.hand
    page.wait_for_selector("body[data-python=up]")
    places = [page.locator(each).bounding_box() for each in ("#pad", "#number")]
    rising = [[(60 + 75 * k, 330), (100 + 75 * k, 90), (60 + 75 * k, 90), (100 + 75 * k, 330)] for k in range(8)]
    hand.draw(rising)
    page.wait_for_selector(GUESS)
    assert [page.locator(each).bounding_box() for each in ("#pad", "#number")] == places
    hand.press("#clear")
    hand.draw([[(70 * k, 200)] for k in range(1, 9)])
    page.wait_for_selector(GUESS)
    assert "……" not in page.text_content(GUESS)
    assert [page.locator(each).bounding_box() for each in ("#pad", "#number")] == places
    assert page.evaluate("number.scrollWidth <= number.clientWidth")


def test_a_picture_that_is_opened_meanwhile_is_said_to_be_read_later(early, gate):
    open_picture(early.page, encoded(handwriting("407")), "late.png")
    early.page.wait_for_selector("#status:has-text('late.png is read once the recogniser is there.')")
    gate.set()
    wait_until_ready(early.page)
    assert number(early.page) == "407"


@pytest.mark.thorough
def test_where_the_recogniser_dies_no_number_of_other_ink_stays(visits):
    """It is noticed after some twenty seconds."""
    visit = visits()
    page = visit.page
    wait_until_ready(page)
    visit.hand.write("35")
    assert number(page) == "35"
    page.evaluate("document.querySelector('script[type=py][worker]').xworker.terminate()")
    visit.hand.draw([[(680, 60), (680, 330)]])
    page.wait_for_selector("body[data-app=error]", timeout=60_000)
    page.wait_for_selector(GUESS)
    assert page.text_content("#number").startswith("35"), "it is a guess now, of all that is there"
    assert page.text_content("#verdict") == "First guess"
    assert page.get_attribute("#copy", "aria-disabled") == "true"
    visit.hand.press("#clear")
    visit.hand.write("4")
    guessed(page, "4")
