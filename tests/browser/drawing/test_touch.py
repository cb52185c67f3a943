"""A finger on a phone draws and does not scroll; two fingers scroll and zoom, and leave no ink."""

import numpy as np
import pytest

from tests.browser.conftest import PHONE
from tests.browser.hand import lay_out, number, wait_until_ready
from tests.browser.ink import coverage
from tests.browser.picture_files import encoded, handwriting

SHORT = {"width": 390, "height": 500}  # so that the page is longer than its window


@pytest.fixture(scope="module")
def phone(visits):
    visit = visits(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2)
    wait_until_ready(visit.page)
    return visit


@pytest.fixture
def page(phone):
    phone.page.set_viewport_size(PHONE)
    phone.page.locator("#clear").dispatch_event("click")  # Chromium swallows a tap right after so quick a swipe
    phone.page.evaluate("scrollTo(0, 0)")
    yield phone.page
    assert phone.complaints == []


@pytest.fixture
def hand(page, phone):
    return phone.hand


def scrolled(page):
    return page.evaluate("scrollY")


def wait_for_scrolling(page):
    for _ in range(50):
        if scrolled(page) > 20:
            break
        page.evaluate("new Promise(requestAnimationFrame)")
    assert scrolled(page) > 20


def swipe_with_two(hand):
    """Two fingers come down one after the other, as fingers do, and go up together."""
    hand.touch("Start", (300, 380))
    hand.touch("Move", (302, 376))
    hand.touch("Start", (302, 376), (500, 380))
    start = hand.on_screen((302, 376)), hand.on_screen((500, 380))
    for i in range(1, 16):  # in pixels of the window: the pad moves along with the fingers
        fingers = [{"x": x, "y": y - 8 * i, "id": k} for k, (x, y) in enumerate(start)]
        hand.session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": fingers})
    hand.touch("End")


def pinch_together(hand):
    middle, height = PHONE["width"] / 2, PHONE["height"] / 2
    for i in range(12):
        places = middle - 150 + 12 * i, middle + 150 - 12 * i
        fingers = [{"x": x, "y": height, "id": k} for k, x in enumerate(places)]
        for some in [fingers[:1], fingers] if i == 0 else [fingers]:
            kind = "touchMove" if i else "touchStart"
            hand.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": some})
    hand.touch("End")


def test_on_a_phone_the_pad_is_a_picture_that_a_screen_reader_announces_and_passes(page):
    """VoiceOver and TalkBack know no "application"."""
    pad = page.locator("#pad")
    assert pad.get_attribute("role") == "img"
    assert pad.get_attribute("aria-label")
    assert page.locator("#" + pad.get_attribute("aria-describedby")).count() == 1


def test_a_finger_writes_a_number(page, hand):
    hand.draw_with_finger(lay_out("27"))
    assert number(page) == "27"


@pytest.mark.parametrize(("text", "spacing"), [("25", 1), ("253", 0.55)])
def test_digits_that_a_finger_wrote_into_each_other_are_read(page, hand, text, spacing):
    hand.draw_with_finger(lay_out(text, spacing=spacing))
    assert number(page) == text


def test_drawing_with_a_finger_does_not_scroll_the_page(page, hand):
    page.set_viewport_size(SHORT)
    upwards = [(400, 380 - 10 * i) for i in range(36)]
    hand.draw_with_finger([upwards])
    assert scrolled(page) == 0
    assert coverage(page)[200, 400] > 0.9


def test_the_same_swipe_beside_the_pad_scrolls(page, hand):
    """So the test above could fail."""
    page.set_viewport_size(SHORT)
    below = page.locator("#brush-dot").bounding_box()["y"] - page.locator("#pad").bounding_box()["y"]
    start = below * 800 / 358
    hand.draw_with_finger([[(60, start - 10 * i) for i in range(36)]])
    wait_for_scrolling(page)


def test_two_fingers_scroll_the_page_and_leave_no_ink(page, hand):
    page.set_viewport_size(SHORT)
    hand.draw_with_finger(lay_out("4"))
    assert number(page) == "4"
    before = coverage(page)
    swipe_with_two(hand)
    wait_for_scrolling(page)
    assert np.array_equal(coverage(page), before)
    assert number(page) == "4"
    page.evaluate("scrollTo(0, 0)")
    page.locator("#redo").dispatch_event("click")  # nor is there anything to be had back
    assert np.array_equal(coverage(page), before)
    hand.draw_with_finger([[(700, 100), (700, 300)]])
    assert number(page) == "41"  # and one finger draws again


def test_two_fingers_over_a_blank_pad_leave_it_blank(page, hand):
    page.set_viewport_size(SHORT)
    swipe_with_two(hand)
    wait_for_scrolling(page)
    assert page.get_attribute("#number", "data-state") == "empty"
    assert page.get_attribute("#sheet", "data-blank") is not None


def test_two_fingers_leave_what_was_undone_to_be_redone(page, hand):
    page.set_viewport_size(SHORT)
    hand.draw_with_finger([[(400, 100), (400, 300)]])
    drawn = coverage(page)
    page.locator("#undo").dispatch_event("click")
    swipe_with_two(hand)
    wait_for_scrolling(page)
    page.locator("#redo").dispatch_event("click")
    assert np.array_equal(coverage(page), drawn)


# What the page reads of files waits until opened() is called.
HOLD = """() => {
  const read = Blob.prototype.arrayBuffer, gate = new Promise(resolve => window.opened = resolve);
  Blob.prototype.arrayBuffer = async function () { await gate; return read.call(this); };
}"""


def test_two_fingers_on_the_pad_leave_a_picture_awaited(page, hand):
    """Until it can be shown, the pad is there, and a stroke would cancel it."""
    page.set_viewport_size(SHORT)
    hand.draw_with_finger(lay_out("3"))
    assert number(page) == "3"
    picture = {"name": "58.png", "mimeType": "image/png", "buffer": encoded(handwriting("58"))}
    page.evaluate(HOLD)
    page.set_input_files("#image", picture)  # no tap: see the fixture `page`
    swipe_with_two(hand)
    wait_for_scrolling(page)
    assert page.get_attribute("body", "data-place") == "pad"
    page.evaluate("opened()")
    page.wait_for_selector("body[data-place=picture]")
    assert number(page) == "58"


def test_two_fingers_zoom_the_page_and_leave_no_ink(page, hand):
    hand.touch("Start", (350, 200))
    hand.touch("Start", (350, 200), (450, 200))
    for i in range(15):
        hand.touch("Move", (350 - 15 * i, 200), (450 + 15 * i, 200))
    hand.touch("End")
    zoomed = page.evaluate("visualViewport.scale")
    for _ in range(15):  # back
        pinch_together(hand)
        if page.evaluate("visualViewport.scale") == 1:
            break
    assert zoomed > 1.5
    assert page.evaluate("visualViewport.scale") == 1
    assert not coverage(page).any()


def test_a_finger_never_scrolls_in_any_direction(page, hand):
    page.set_viewport_size(SHORT)
    page.evaluate("scrollTo(0, 40)")
    for stroke in ([(400, 380 - 10 * i) for i in range(36)], [(400, 20 + 10 * i) for i in range(36)]):
        hand.draw_with_finger([stroke])
        page.wait_for_timeout(100)
        assert scrolled(page) == 40


@pytest.mark.parametrize("spread", [0, 30], ids=["beside it", "away from it"])
def test_a_finger_that_comes_late_does_not_disturb_a_stroke(page, hand, spread):
    """Moved along with the first, or away from it as if to zoom: the page stays as it is, and the stroke goes on."""
    page.set_viewport_size(SHORT)
    for i in range(20):
        hand.touch("Move" if i else "Start", (200, 380 - 10 * i))
    hand.touch("Start", (200, 180), (400, 300))
    for i in range(12):
        hand.touch("Move", (200, 180 - 10 * i), (400 + spread * i, 300 - 10 * i))
    hand.touch("End")
    page.wait_for_timeout(100)
    assert scrolled(page) == 0
    assert page.evaluate("visualViewport.scale") == 1
    ink = coverage(page)
    assert (ink[80:370, 200] > 0.9).all()
    assert not ink[:, 250:].any()
    page.locator("#undo").dispatch_event("click")
    assert not coverage(page).any()  # it was one stroke


def test_a_touch_that_the_device_takes_away_leaves_no_ink(page, hand):
    hand.draw_with_finger([[(200, 100), (400, 100)]])
    before = coverage(page)
    hand.touch("Start", (200, 300))
    hand.touch("Move", (400, 300))
    hand.touch("Cancel")
    assert np.array_equal(coverage(page), before)
    hand.draw_with_finger([[(200, 300), (400, 300)]])
    assert coverage(page)[300, 300] > 0.9  # and the next finger draws again


def test_a_long_stroke_that_the_device_takes_away_can_be_had_back(page, hand):
    hand.touch("Start", (200, 300))
    for x in range(210, 600, 10):
        hand.touch("Move", (x, 300))
    hand.touch("Cancel")
    assert not coverage(page).any()
    page.locator("#redo").dispatch_event("click")
    assert coverage(page)[300, 400] > 0.9
