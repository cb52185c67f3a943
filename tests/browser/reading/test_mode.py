"""What is read, digits only or marks too: chosen, remembered, and asked of the worker; marks are shown wherever digits are.

The worker reads for real, but answers with the labels of a text that says what it was asked for: so all that the page
does with marks is seen, whatever the model makes of the ink.
"""

import pytest

from number_reader.labels import MODES
from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.hand import number, wait_until_ready
from tests.browser.picture_files import AS_PHONE, encoded, handwriting, open_picture, press
from tests.browser.serving import replaced_by
from tests.browser.test_accessibility import complaints

# Digits for "digits", the decimal sign for "numbers", a refused = too, as where "=" is not read.
ANSWERS = """

_read, _read_picture = read, read_picture


def read(*asked, symbols=None, decimal=None):
    if len(asked) > 4:
        asked, (symbols, decimal) = asked[:4], asked[4:]
    return meant(_read(*asked, symbols=symbols, decimal=decimal), symbols, decimal)


async def read_picture(picture, number, symbols, decimal, *others):
    return meant(await _read_picture(picture, number, symbols, decimal, *others), symbols, decimal)


def meant(answer, symbols, decimal):
    from number_reader.labels import CHARACTERS
    from pyodide.ffi import jsnull

    text = {"digits": "31", "numbers": f"-3{decimal or '?'}1 %=", "sums": "3+1=4"}[symbols]
    [first, *_] = answer["symbols"]
    answer["symbols"] = []
    for place, character in enumerate(text.replace(" ", "")):
        label = CHARACTERS.rindex(character)
        is_read = label < 10 or character in {"digits": "", "numbers": ".,-%", "sums": "+="}[symbols]
        answer["symbols"].append(first | {
            "label": label if is_read else jsnull,
            "candidates": [[label, 0.99], [7, 0.01]],
            "confidence": 0.99,
            "box": [100, 100 + 90 * place, 300, 180 + 90 * place],
            "neighbors": [near | {"label": label} for near in first["neighbors"]],
        })
    answer["text"] = text.replace("=", "?") if symbols == "numbers" else text
    answer["rows"] = [[{"text": answer["text"], "count": len(answer["symbols"]), "box": [100, 100, 300, 700]}]]
    return answer
"""
SCREENS = {
    "laptop": {"viewport": LAPTOP, "locale": "de-DE", "permissions": ["clipboard-read", "clipboard-write"]},
    "phone": {"viewport": PHONE, "locale": "en-US", "permissions": ["clipboard-read", "clipboard-write"], **AS_PHONE},
}
SIGN = {"laptop": ",", "phone": "."}


@pytest.fixture(scope="module", params=SCREENS)
def screen(request):
    return request.param


@pytest.fixture(scope="module", autouse=True)
def answers(site):
    site.faults["worker.py"] = replaced_by(site.path("worker.py").read_bytes() + ANSWERS.encode())
    yield
    site.faults.clear()


@pytest.fixture(scope="module")
def visit(visits, answers, screen):
    visit = visits(**SCREENS[screen])
    wait_until_ready(visit.page)
    return visit


@pytest.fixture
def page(page):
    """The shared page, in the mode of a first visit."""
    choose(page, "numbers")
    page.evaluate("scrollTo(0, 0)")
    return page


def choose(page, mode):
    press(page, f"#mode-{mode}")
    assert page.locator("#mode :checked").get_attribute("value") == mode


def wait_for_number(page, text):
    """Waits until that is read, of what lay there already."""
    page.wait_for_selector(f"#number[data-state=done]:has-text('{text}')")
    assert number(page) == text


def offered(page):
    return "".join(page.locator("#labels button:not(#leave-out)").all_text_contents())


def test_numbers_are_read_at_first_as_the_browser_s_language_writes_them(page, hand, screen):
    assert page.locator("#mode input").evaluate_all("all => all.map(each => each.defaultChecked)") == [
        False, True, False,
    ]  # fmt: skip
    hand.write("7")
    assert number(page) == f"-3{SIGN[screen]}1 %?"


# As Chromium names it where the system's language is "C": whoever formats by it gets a RangeError.
NO_LANGUAGE = """Object.defineProperty(navigator, "language", {get: () => "en-US@posix"});"""


def test_a_language_that_no_standard_has_leaves_the_sign_open(visits):
    visit = visits(script=NO_LANGUAGE)
    wait_until_ready(visit.page)
    visit.hand.write("7")
    assert number(visit.page) == "-3?1 %?"
    assert visit.complaints == []


def test_another_mode_reads_the_drawing_and_the_picture_again_at_once(page, hand):
    hand.write("7")
    assert number(page).startswith("-3")
    choose(page, "digits")
    wait_for_number(page, "31")
    assert offered(page) == "0123456789"
    assert page.text_content("#candidates button").startswith("Digit ")
    choose(page, "sums")
    wait_for_number(page, "3+1=4")
    assert offered(page) == "0123456789" + MODES["sums"]
    open_picture(page, encoded(handwriting("58")), "a.png")
    page.wait_for_selector("#source:text('a.png')")
    assert number(page) == "3+1=4"
    choose(page, "digits")
    wait_for_number(page, "31")
    assert page.text_content("#source") == "a.png"


def test_the_mode_is_chosen_by_arrow_keys_and_outlasts_a_reload(page, hand):
    page.locator("#mode-numbers").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("#mode-sums").is_checked()
    page.reload()
    wait_until_ready(page)
    assert page.locator("#mode-sums").is_checked()
    assert offered(page) == "0123456789" + MODES["sums"]
    hand.write("7")
    assert number(page) == "3+1=4"
    other = page.context.new_page()  # and is that of later tabs
    other.goto(page.url)
    other.wait_for_selector("body[data-python=up]")
    other.wait_for_selector("#mode-sums:checked")
    other.close()


def test_marks_are_shown_and_named_wherever_digits_are(page, hand, screen):
    sign, name = SIGN[screen], {",": "comma", ".": "point"}[SIGN[screen]]
    hand.write("7")
    assert number(page) == f"-3{sign}1 %?"
    assert page.locator("#number > span").all_text_contents() == ["-", "3", sign, "1", "%", "?"]
    assert page.locator("#number [role=img]").evaluate_all("all => all.map(each => each.ariaLabel)") == [
        "minus sign", name, "percent sign",
    ]  # fmt: skip
    assert page.text_content("#verdict") == "(?) may be an equals sign: try “Sums”."
    titles = []
    for place in (2, 1, 0):
        press(page, f"#number > span >> nth={place}")
        titles.append(page.text_content("#candidates button"))
    assert titles == [f"Symbol 3: {name} Why?", "Symbol 2: 3 Why?", "Symbol 1: minus sign Why?"]
    assert page.locator("#candidates b").all_text_contents()[:2] == ["-", "7"]
    assert page.get_attribute("#candidates b >> nth=0", "aria-label") == "minus sign"
    press(page, "#copy")
    page.wait_for_selector("#status:text('Copied')")
    assert page.evaluate("navigator.clipboard.readText()") == f"-3{sign}1 %?"
    press(page, "#add")
    cell = page.locator("#cells [role=gridcell]", has_text=f"-3{sign}1 %?").last
    assert cell.get_attribute("aria-label") == f"minus sign 3 {name} 1 percent sign ?, not sure"


def test_why_speaks_of_marks_and_of_marks_that_another_mode_reads(page, hand):
    hand.write("7")
    number(page)
    press(page, "#number > span >> nth=0")
    press(page, "#candidates button")
    assert page.text_content("#why-title") == "Why symbol 1 is read as a minus sign"
    words = page.text_content("#why-words")
    assert "known examples are minus signs. With its size and its place on the line, it is 99 % sure." in words
    assert page.locator("#voters b").all_text_contents() == ["-"] * 5
    assert page.get_attribute("#votes b", "aria-label") == "minus sign"
    press(page, "#number > span >> nth=5")
    assert page.text_content("#why-title") == "Why symbol 6 is not read as a digit or mark"
    assert page.text_content("#why-words").startswith(
        "It looks like an equals sign, which is read where “Sums” is chosen. All 5 nearest"
    )
    press(page, "#why-close")


def test_nothing_is_wrong_with_any_mode_for_anybody(page, hand, screen):
    hand.write("7")
    found = []
    for mode in MODES:
        choose(page, mode)
        number(page)
        if screen == "laptop":  # complaints() looks at both sizes
            found += complaints(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size(SCREENS[screen]["viewport"])
    page.emulate_media(color_scheme="light")
    assert found == []
