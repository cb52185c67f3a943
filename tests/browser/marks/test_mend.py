"""What was read is mended where it stands: said to be another, none, or typed; gone through; taught in one go."""

import numpy as np
import pytest

from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.hand import lay_out, number, wait_for, wait_until_ready
from tests.browser.picture_files import (
    AS_PHONE,
    ROWS,
    doubtful_lines,
    encoded,
    open_picture,
    page_of,
    press,
    reading_of,
    status,
)

SCREENS = {"laptop": {"viewport": LAPTOP}, "phone": {"viewport": PHONE, **AS_PHONE}}
TEXT = "\n".join(ROWS)


@pytest.fixture(scope="module", params=SCREENS)
def visit(visits, request):
    visit = visits(**SCREENS[request.param], permissions=["clipboard-read", "clipboard-write"])
    wait_until_ready(visit.page)
    return visit


@pytest.fixture
def page(page):
    page.evaluate("scrollTo(0, 0)")
    yield page
    page.evaluate("document.getElementById('forget').click(); document.getElementById('forget-yes').click()")


@pytest.fixture
def sheet(page):
    """The shared page with a page of eight numbers."""
    open_picture(page, encoded(page_of(ROWS)), "page.png")
    assert reading_of(page, "page.png") == TEXT
    return page


@pytest.fixture
def doubtful(page):
    open_picture(page, encoded(doubtful_lines()), "doubtful.png")
    assert reading_of(page, "doubtful.png") == "907?\n31?"
    return page


def tap_over(page, label, share=0.5):
    """On the number that reads so in the picture, so far along it."""
    spot = page.locator("#spots button", has=page.locator(f"span:text-is('{label}')"))
    box = spot.bounding_box()
    x, y = box["x"] + box["width"] * share, box["y"] + box["height"] / 2
    (page.touchscreen.tap if page.evaluate("navigator.maxTouchPoints") else page.mouse.click)(x, y)
    wait_for(page, "label => mend.value === label", label)  # a tap becomes a click a little later


def labels(page):
    return page.locator("#spots button:not(.gone) span").all_text_contents()


def say_it_is(page, label):
    press(page, f"#labels button >> nth={label}")


def type_number(page, text):
    page.locator("#mend").fill(text)
    page.locator("#mend").press("Enter")


def taught(page):
    return page.text_content("#taught-count")


# --- chosen -----------------------------------------------------------------------------------


def test_a_tap_on_a_digit_in_the_picture_chooses_it(sheet):
    tap_over(sheet, "528", 0.15)
    assert sheet.text_content("#candidates button") == "Digit 1: 5 Why?"
    assert sheet.input_value("#mend") == "528"
    assert sheet.locator("#number [data-meant]").text_content() == "5"
    tap_over(sheet, "2385", 0.95)
    assert sheet.text_content("#candidates button") == "Digit 4: 5 Why?"
    assert sheet.input_value("#mend") == "2385"
    assert sheet.evaluate("document.activeElement.id") == "chosen"
    marked, spot = (sheet.locator(each).bounding_box() for each in ("#chosen-mark", "#spots button >> nth=4"))
    assert spot["x"] + spot["width"] / 2 < marked["x"] + marked["width"] / 2 < spot["x"] + spot["width"]


def test_a_screen_reader_chooses_a_number_by_its_button(sheet):
    sheet.locator("#spots button").nth(3).evaluate("button => button.click()")
    assert sheet.input_value("#mend") == "67"


def test_candidates_bars_and_why_are_those_of_the_chosen_digit_alone(sheet):
    assert sheet.locator("#candidates > li").count() == 1
    sheet.locator("#number > span").nth(4).click()
    assert sheet.text_content("#candidates button") == "Digit 1: 5 Why?"
    sheet.locator("#next").click()
    assert sheet.text_content("#candidates button") == "Digit 2: 2 Why?"
    sheet.locator("#previous").click()
    assert sheet.text_content("#candidates button") == "Digit 1: 5 Why?"
    press(sheet, "#candidates button")
    assert sheet.text_content("#why-title") == "Why digit 1 is read as 5"
    press(sheet, "#why-close")


# --- the next unsure one ----------------------------------------------------------------------


@pytest.mark.parametrize("by", ["button", "key"])
def test_the_next_unsure_one_is_one_tap_or_key_away(doubtful, by):
    def go_on():
        if by == "key":
            doubtful.keyboard.press("n")
        else:
            press(doubtful, "#next-unsure")

    doubtful.locator("#picture").focus()
    go_on()
    assert status(doubtful, "Not sure") == "Not sure. 1 more to look at."
    assert doubtful.input_value("#mend") == "907?"
    frame, mark = (doubtful.locator(each).bounding_box() for each in ("#picture", "#chosen-mark"))
    assert frame["x"] <= mark["x"] <= frame["x"] + frame["width"]
    assert frame["y"] <= mark["y"] <= frame["y"] + frame["height"]
    go_on()
    assert doubtful.input_value("#mend") == "31?"
    say_it_is(doubtful, 4)
    go_on()
    assert status(doubtful, "Not sure") == "Not sure: the only one left."
    assert doubtful.input_value("#mend") == "907?"
    press(doubtful, "#leave-out")
    assert doubtful.get_attribute("#next-unsure", "aria-disabled") == "true"
    go_on()
    assert status(doubtful, "None is left") == "None is left that is not sure."


def test_the_view_follows_to_an_unsure_one_that_is_out_of_sight(visits):
    visit = visits(viewport=PHONE, **AS_PHONE)
    wait_until_ready(visit.page)
    page = visit.page
    rows = np.concatenate([page_of(ROWS), doubtful_lines()[400:, ::2][::2, :400], page_of(ROWS)])
    open_picture(page, encoded(rows), "long.png")
    reading_of(page, "long.png")
    assert page.locator("#spots .doubtful").count() >= 1
    for _ in range(6):
        press(page, "#zoom-in")
    press(page, "#next-unsure")
    frame, mark = (page.locator(each).bounding_box() for each in ("#picture", "#chosen-mark"))
    assert frame["x"] <= mark["x"] + mark["width"] / 2 <= frame["x"] + frame["width"]
    assert frame["y"] <= mark["y"] + mark["height"] / 2 <= frame["y"] + frame["height"]


# --- said -------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["tap", "key"])
def test_saying_what_a_digit_is_changes_it_where_it_stands_without_reading_again(sheet, by):
    sheet.evaluate("window.steps = 0; addEventListener('stepped', () => steps++)")
    tap_over(sheet, "528", 0.15)
    if by == "tap":
        say_it_is(sheet, 6)
    else:
        sheet.keyboard.press("6")
    text = TEXT.replace("528", "628")
    assert sheet.text_content("#number") == text
    assert labels(sheet)[1] == "628"
    assert status(sheet, "now") == "This is a 6 now. Undo"
    assert sheet.text_content("#candidates button") == "Digit 1 is 6, you say Why?"
    press(sheet, "#copy")
    status(sheet, "Copied")
    assert sheet.evaluate("navigator.clipboard.readText()") == text
    assert sheet.evaluate("steps") == 0
    assert taught(sheet) == "nothing", "it is offered, not done"


def test_it_is_taken_back_step_by_step(sheet, visit):
    tap_over(sheet, "528", 0.15)
    say_it_is(sheet, 6)
    say_it_is(sheet, 9)
    assert "928" in sheet.text_content("#number")
    press(sheet, "#status button")
    assert "628" in sheet.text_content("#number")
    sheet.keyboard.press("Control+z")
    assert sheet.text_content("#number") == TEXT
    sheet.keyboard.press("Control+z")
    assert sheet.text_content("#number") == TEXT
    assert not sheet.is_visible("#teach")


def test_what_is_no_digit_is_left_out(doubtful):
    press(doubtful, "#next-unsure")
    press(doubtful, "#leave-out")
    assert doubtful.text_content("#number") == "907\n31?"
    assert doubtful.input_value("#mend") == "907"
    assert labels(doubtful) == ["907", "31?"]
    press(doubtful, "#next-unsure")
    doubtful.locator("#chosen").focus()
    doubtful.keyboard.press("Delete")
    assert doubtful.text_content("#number") == "907\n31"
    assert doubtful.locator("#spots .doubtful").count() == 0
    assert not doubtful.text_content("#verdict").startswith("Not quite")


# --- typed ------------------------------------------------------------------------------------


def test_a_number_is_typed_digit_for_digit(sheet):
    tap_over(sheet, "2385")
    type_number(sheet, "2485")
    assert sheet.text_content("#number") == TEXT.replace("2385", "2485")
    assert labels(sheet)[4] == "2485"
    assert sheet.text_content("#teach") == "Teach 1", "only what changed"


def test_a_number_is_typed_that_has_more_digits_than_were_read(sheet):
    tap_over(sheet, "2385")
    type_number(sheet, "12385")
    assert sheet.text_content("#number") == TEXT.replace("2385", "12385")
    assert labels(sheet)[4] == "12385"
    assert sheet.text_content("#candidates") == "As you typed it"
    assert not sheet.is_visible("#correct")
    assert not sheet.is_visible("#teach"), "nobody knows which digit is which"
    press(sheet, "#status button")
    assert sheet.text_content("#number") == TEXT


def test_escape_drops_what_was_typed(sheet):
    tap_over(sheet, "67")
    sheet.locator("#mend").fill("99")
    sheet.locator("#mend").press("Escape")
    assert sheet.input_value("#mend") == "67"
    assert sheet.text_content("#number") == TEXT
    assert sheet.is_visible("#picture")


def test_what_is_typed_is_no_shortcut(sheet):
    tap_over(sheet, "67")
    sheet.locator("#mend").focus()
    sheet.keyboard.press("End")
    sheet.keyboard.type("n8")
    assert sheet.input_value("#mend") == "67n8"
    sheet.keyboard.press("Escape")


def test_on_the_pad_a_number_is_typed_too(page, hand):
    hand.write("47")
    assert number(page) == "47"
    type_number(page, "41")
    assert number(page) == "41"
    assert page.text_content("#teach") == "Teach 1"
    hand.draw(lay_out("472")[3:])
    assert number(page) == "472"
    assert page.text_content("#status") == "The drawing was read anew: what you typed is gone."


# --- taught -----------------------------------------------------------------------------------


def test_all_that_changed_is_taught_in_one_go_and_stays_mended(sheet):
    tap_over(sheet, "528", 0.15)
    say_it_is(sheet, 6)
    tap_over(sheet, "67", 0.9)
    say_it_is(sheet, 1)
    text = TEXT.replace("528", "628").replace("\n67", "\n61")
    assert sheet.text_content("#teach") == "Teach 2"
    press(sheet, "#teach")
    assert status(sheet, "Taught") == "Taught: 2 examples. They vote from the next reading on."
    assert taught(sheet) == "2 digits"
    assert not sheet.is_visible("#teach")
    sheet.wait_for_timeout(300)
    assert sheet.text_content("#number") == text, "it is not read anew by itself"
    assert sheet.get_attribute("#number", "data-state") == "done"


def test_what_was_mended_comes_back_where_it_was_read_anew(sheet):
    tap_over(sheet, "528", 0.15)
    say_it_is(sheet, 6)
    press(sheet, "#turn")
    assert status(sheet, "Read anew") == "Read anew, not mended. Bring it back"
    press(sheet, "#status button")
    wait_for(sheet, "number.dataset.state === 'done' && number.textContent.includes('628')")
    assert labels(sheet)[1] == "628"
    press(sheet, "#mode-digits")
    status(sheet, "Read anew")
    assert number(sheet) == TEXT
    press(sheet, "#mode-numbers")
    number(sheet)


def test_what_was_mended_comes_back_from_the_pad(sheet):
    tap_over(sheet, "528", 0.15)
    say_it_is(sheet, 6)
    press(sheet, "#write")
    assert number(sheet) == ""
    press(sheet, "#status button")
    assert reading_of(sheet, "page.png") == TEXT.replace("528", "628")
