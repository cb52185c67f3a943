"""Keeping what was read, on a laptop and on a phone: the number copied, the glyphs saved, the readings of a visit."""

import numpy as np
import pytest
from PIL import Image

from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.hand import lay_out, number, wait_until_ready
from tests.browser.ink import pixels
from tests.browser.picture_files import (
    AS_PHONE,
    encoded,
    handwriting,
    open_picture,
    press,
    put_on_clipboard,
    reading_of,
    status,
)

SCREENS = {"laptop": {"viewport": LAPTOP}, "phone": {"viewport": PHONE, **AS_PHONE}}
REFUSE_CLIPBOARD = """() => {
  navigator.clipboard.writeText = () => Promise.reject(new DOMException("no", "NotAllowedError"));
}"""
REFUSE_COMMAND = "() => { document.execCommand = () => false; }"


@pytest.fixture(scope="module", params=SCREENS)
def visit(visits, request):
    visit = visits(**SCREENS[request.param], permissions=["clipboard-read", "clipboard-write"])
    wait_until_ready(visit.page)
    press(visit.page, "#history summary")
    return visit


@pytest.fixture
def page(page):
    """With nothing on record and something else on the clipboard."""
    press(page, "#forget-readings")
    put_on_clipboard(page, b"something else", "text/plain")
    page.evaluate("scrollTo(0, 0)")
    return page


def write(page, hand, text):
    """Writes a number on the blank pad and waits until it is read."""
    page.evaluate("scrollTo(0, 0)")
    hand.write(text)
    assert number(page) == text


def clear(page):
    press(page, "#clear")
    assert number(page) == ""


def on_clipboard(page):
    return page.evaluate("navigator.clipboard.readText()")


def readings(page):
    return page.locator("#readings b").all_text_contents()


# --- the number ---------------------------------------------------------------------------


def test_the_number_is_copied(page, hand):
    write(page, hand, "407")
    press(page, "#copy")
    assert status(page, "Copied") == "Copied 407."
    assert on_clipboard(page) == "407"


def test_several_lines_are_copied_as_lines(page):
    two = np.concatenate([handwriting("12"), handwriting("34")])
    open_picture(page, encoded(two), "two.png")
    assert reading_of(page, "two.png") == "12\n34"
    press(page, "#copy")
    assert status(page, "Copied") == "Copied 12, 34."
    assert on_clipboard(page) == "12\n34"


def test_with_nothing_read_there_is_nothing_to_copy(page, hand):
    assert page.get_attribute("#copy", "aria-disabled") == "true"
    press(page, "#copy")
    page.wait_for_timeout(200)
    assert on_clipboard(page) == "something else"
    write(page, hand, "1")
    assert page.get_attribute("#copy", "aria-disabled") == "false"


def test_where_the_clipboard_is_refused_the_older_way_copies(visits, hand):
    visit = visits(permissions=["clipboard-read", "clipboard-write"])
    wait_until_ready(visit.page)
    visit.page.evaluate(REFUSE_CLIPBOARD)
    write(visit.page, visit.hand, "52")
    visit.page.locator("#copy").focus()
    visit.page.keyboard.press("Enter")
    assert status(visit.page, "Copied") == "Copied 52."
    assert on_clipboard(visit.page) == "52"
    assert visit.page.evaluate("document.activeElement.id") == "copy"
    assert visit.page.locator("textarea").count() == 0
    visit.page.evaluate(REFUSE_COMMAND)
    visit.page.keyboard.press("Enter")
    assert status(visit.page, "did not let the page copy").endswith("copy it yourself: 52")


# --- the glyphs ---------------------------------------------------------------------------


def test_the_glyphs_are_saved_enlarged_on_white(page, hand):
    write(page, hand, "58")
    press(page, "#seen summary")
    page.wait_for_function("processed.width > 28")
    glyphs = pixels(page, "#processed")[..., 3]
    with page.expect_download() as download:
        press(page, "#save-glyphs")
    assert download.value.suggested_filename == "glyphs.png"
    saved = np.asarray(Image.open(download.value.path()).convert("L"))
    assert saved.shape == (280, 600)
    expected = 255 - np.kron(glyphs, np.ones((10, 10), np.uint8))
    assert np.abs(saved.astype(int) - expected).max() <= 1
    assert (saved < 50).any()
    press(page, "#seen summary")


# --- the readings -------------------------------------------------------------------------


def test_a_drawing_that_grows_is_one_reading(page, hand):
    for stroke in lay_out("17"):
        hand.draw([stroke])
        number(page)
    assert readings(page) == ["17"]
    assert page.text_content("#readings .source") == "Your drawing"
    assert page.text_content("#history summary") == "Earlier readings: 1"


def test_the_next_drawing_and_each_picture_are_readings_of_their_own_newest_first(page, hand):
    write(page, hand, "17")
    clear(page)
    write(page, hand, "3")
    for name in ("a.png", "b.png"):
        open_picture(page, encoded(handwriting("86")), name)
        assert reading_of(page, name) == "86"
    assert readings(page) == ["86", "86", "3", "17"]
    assert page.locator("#readings .source").all_text_contents() == ["b.png", "a.png", "Your drawing", "Your drawing"]


def test_a_drawing_gone_back_to_is_still_the_same_reading(page, hand):
    hand.draw(lay_out("17")[:1])
    assert number(page) == "1"
    open_picture(page, encoded(handwriting("86")), "a.png")
    assert reading_of(page, "a.png") == "86"
    page.evaluate("scrollTo(0, 0)")
    hand.draw(lay_out("17")[1:])
    assert number(page) == "17"
    assert readings(page) == ["17", "86"]
    clear(page)
    press(page, "#undo")
    assert number(page) == "17"
    assert readings(page) == ["17", "86"]


def test_a_picture_that_cannot_be_read_leaves_no_reading(page, hand):
    write(page, hand, "4")
    open_picture(page, b"no picture", "none.png")
    status(page, "none.png is a text file")
    assert number(page) == "4"
    assert readings(page) == ["4"]
    open_picture(page, encoded(handwriting("86")), "a.png")
    assert reading_of(page, "a.png") == "86"
    open_picture(page, b"no picture", "none.png")
    status(page, "none.png is a text file")
    assert reading_of(page, "a.png") == "86"
    assert readings(page) == ["86", "4"]  # what was gone back to is no other picture


def test_each_reading_has_a_small_picture_of_what_was_read(page, hand):
    write(page, hand, "1")
    clear(page)
    write(page, hand, "8")
    inks = page.evaluate("""[...document.querySelectorAll("#readings canvas")].map(canvas => {
        const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        return data.filter((value, i) => i % 4 === 3).reduce((sum, alpha) => sum + alpha / 255, 0);
    })""")
    assert inks[0] > 1.5 * inks[1] > 15  # an 8 has more ink than a 1
    box = page.locator("#readings canvas").nth(0).bounding_box()
    assert 20 <= box["height"] <= 100


def test_a_reading_is_copied_from_the_list(page, hand):
    write(page, hand, "17")
    clear(page)
    write(page, hand, "3")
    older = page.get_by_role("button", name="Copy 17", exact=True)
    box = older.bounding_box()
    assert min(box["width"], box["height"]) >= 44
    press(page, "#readings li:nth-child(2) button")
    assert status(page, "Copied") == "Copied 17."
    assert on_clipboard(page) == "17"


def test_the_last_ten_are_kept(page, hand):
    for digit in "012345678":
        write(page, hand, digit)
        clear(page)
    for digit in "901":
        write(page, hand, digit)
        clear(page)
    assert readings(page) == list("1098765432")
    assert page.text_content("#readings-count") == "10"


def test_readings_are_forgotten_when_asked(page, hand):
    write(page, hand, "6")
    clear(page)
    press(page, "#forget-readings")
    assert status(page, "forgotten") == "The earlier readings are forgotten."
    assert readings(page) == []
    assert page.text_content("#history summary") == "Earlier readings: none"


def test_readings_are_in_memory_only(page, hand):
    write(page, hand, "6")
    clear(page)
    page.reload()
    wait_until_ready(page)
    assert readings(page) == []
    page.evaluate("document.getElementById('history').open = true")
