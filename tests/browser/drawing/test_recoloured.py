"""Extensions that force dark colours on pages: ink and paper stay 3:1 apart, and nothing is lost of what is read."""

import io

import numpy as np
import pytest
from PIL import Image

from tests.browser.conftest import LAPTOP
from tests.browser.hand import Hand, number, wait_until_ready

pytestmark = pytest.mark.thorough

# As such an extension does it: over everything, in a style sheet of its own, whenever it is switched on.
DARK = """() => {
  const style = new CSSStyleSheet();
  style.replaceSync(`* { background-color: #181a1b !important; color: #e8e6e3 !important; border-color: #3c4144 !important }
    :root, :root * { --paper: #181a1b !important; --desk: #181a1b !important; --card: #181a1b !important }`);
  document.adoptedStyleSheets = [style];
  document.documentElement.dataset.darkreaderMode = "dynamic";
}"""
LIGHT = """() => {
  document.adoptedStyleSheets = [];
  delete document.documentElement.dataset.darkreaderMode;
}"""


@pytest.fixture(scope="module", params=["light", "dark"])
def visit(visits, request):
    visit = visits(viewport=LAPTOP, color_scheme=request.param)
    wait_until_ready(visit.page)
    return visit


def luminance(colour):
    linear = np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def contrast(page):
    """Of the darkest and the most frequent colour of the pad as it is seen."""
    picture = np.asarray(Image.open(io.BytesIO(page.locator("#sheet").screenshot())).convert("RGB"))
    picture = picture[20:-20, 20:-20].reshape(-1, 3)
    colours, counts = np.unique(picture, axis=0, return_counts=True)
    paper = luminance(colours[counts.argmax()] / 255)
    return max((paper + 0.05) / (luminance(ink / 255) + 0.05) for ink in colours[counts > 50])


def test_ink_stays_readable_while_colours_are_forced(visit):
    page, hand = visit.page, visit.hand
    hand.press("#clear")
    page.evaluate(DARK)
    hand.write("7")
    assert contrast(page) > 3
    assert number(page) == "7"
    hand.press("#undo")
    assert contrast(page) < 3  # the paper alone
    hand.press("#redo")
    assert contrast(page) > 3
    page.evaluate(LIGHT)
    page.wait_for_selector("#recoloured", state="detached")
    assert contrast(page) > 3


NO_SIGN = DARK.replace("""document.documentElement.dataset.darkreaderMode = "dynamic";""", "")
SIGNS = {
    "another element in the head": lambda page: page.evaluate("document.head.append(document.createElement('meta'))"),
    "none, until the pen comes down": lambda page: Hand(page).draw([[(400, 200)]]),
}


@pytest.mark.parametrize("sign", SIGNS)
def test_it_is_noticed_however_an_extension_goes_about_it(visit, sign):
    page = visit.page
    page.evaluate(NO_SIGN)
    SIGNS[sign](page)
    page.wait_for_selector("#recoloured")
    page.evaluate(LIGHT)
    SIGNS[sign](page)
    page.wait_for_selector("#recoloured", state="detached")


def test_a_page_whose_colours_are_its_own_has_no_second_paper(visit):
    assert visit.page.locator("#recoloured").count() == 0


def test_Dark_Reader_is_asked_to_leave_the_page_alone(visit):
    """It looks for this name: the page has dark colours of its own."""
    assert visit.page.locator("meta[name=darkreader-lock]").count() == 1
