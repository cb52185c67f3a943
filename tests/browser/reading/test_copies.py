"""Keeping what was read, on a laptop and on a phone: the number copied, the glyphs saved."""

import numpy as np
import pytest
from PIL import Image

from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.hand import number, wait_for, wait_until_ready
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
    return visit


@pytest.fixture
def page(page):
    """With something else on the clipboard."""
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
    wait_for(page, "processed.width > 28")
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
