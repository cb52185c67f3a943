"""Protection against fingerprinting changes, or hides, what a page reads back of its canvases: the pad is read all the same."""

import numpy as np
import pytest

from tests.browser.conftest import LAPTOP
from tests.browser.hand import lay_out, number, wait_until_ready
from tests.browser.ink import coverage
from tests.browser.picture_files import encoded, handwriting
from tests.browser.serving import replaced_by

pytestmark = pytest.mark.thorough

# How a browser answers instead of the pixels; of page and worker alike. A test that looks itself says so.
ANSWERS = {
    "a bit of half": "for (let i = 0; i < data.length; i++) if (Math.random() < 0.5) data[i] ^= 1;",
    "white": "data.fill(255);",
    "random": "for (let i = 0; i < data.length; i++) data[i] = 256 * Math.random();",
}
HIDDEN = ("white", "random")
SCRIPT = """for (const kind of [globalThis.CanvasRenderingContext2D, globalThis.OffscreenCanvasRenderingContext2D]) {
  if (!kind) continue;
  const real = kind.prototype.getImageData;
  kind.prototype.getImageData = function (...where) {
    const image = real.apply(this, where);
    const { data } = image;
    if (!globalThis.looking) { ANSWER }
    return image;
  };
}
"""


def script(answer):
    return SCRIPT.replace("ANSWER", ANSWERS[answer])


@pytest.fixture
def protected(visits, site):
    """A function that starts a visit with a browser that answers so."""

    def start(answer):
        name = "boot/pyodide.mjs"
        text = site.text(name)
        assert text.count("const post = postMessage;") == 1
        site.faults[name] = replaced_by(
            text.replace("const post = postMessage;", script(answer) + "const post = postMessage;")
        )
        visit = visits(viewport=LAPTOP, script=script(answer))
        wait_until_ready(visit.page)
        return visit

    yield start
    site.faults.clear()


def ink(page):
    """As it is: the tests see behind the protection."""
    page.evaluate("window.looking = true")
    seen = coverage(page)
    page.evaluate("window.looking = false")
    return seen


@pytest.mark.parametrize("answer", ANSWERS)
def test_the_pad_is_read_and_wiped_whatever_the_browser_answers_and_pictures_are_not_guessed(protected, answer):
    visit = protected(answer)
    page, hand = visit.page, visit.hand
    hand.write("17")
    assert number(page) == "17"
    before = ink(page)
    hand.press("#eraser")
    page.fill("#brush", "44")
    hand.draw([stroke for stroke in lay_out("17") if min(x for x, _ in stroke) > 400])
    assert number(page) == "1"
    assert not ink(page)[:, 420:].any()  # no rim
    hand.press("#undo")
    assert np.array_equal(ink(page), before)
    hand.draw(lay_out("17"))
    assert page.get_attribute("#sheet", "data-blank") is not None
    hand.press("#undo")
    hand.press("#undo")
    page.reload()
    wait_until_ready(page)
    assert np.array_equal(ink(page), before)
    assert number(page) == "17"
    if answer in HIDDEN:
        picture = {"name": "58.png", "mimeType": "image/png", "buffer": encoded(handwriting("58"))}
        page.set_input_files("#image", picture)
        page.wait_for_selector("#status:has-text('hides the pixels')")
        assert number(page) == "17"
