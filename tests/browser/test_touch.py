"""A finger on a phone draws and does not scroll; a second finger does not disturb it."""

import numpy as np
import pytest

from tests.browser.conftest import PHONE
from tests.browser.hand import lay_out, number, wait_until_ready
from tests.browser.ink import coverage

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
    for _ in range(50):
        if scrolled(page) > 20:
            break
        page.evaluate("new Promise(requestAnimationFrame)")
    assert scrolled(page) > 20


def test_a_second_finger_draws_nothing(page, hand):
    hand.touch("Start", (200, 100))
    hand.touch("Start", (200, 100), (200, 300))
    hand.touch("Move", (300, 100), (300, 300))
    hand.touch("Move", (400, 100), (400, 300))
    hand.touch("End")
    ink = coverage(page)
    assert ink[100, 300] > 0.9
    assert not ink[200:].any()


def test_a_touch_that_the_device_takes_away_leaves_no_ink(page, hand):
    hand.draw_with_finger([[(200, 100), (400, 100)]])
    before = coverage(page)
    hand.touch("Start", (200, 300))
    hand.touch("Move", (400, 300))
    hand.touch("Cancel")
    assert np.array_equal(coverage(page), before)
    hand.draw_with_finger([[(200, 300), (400, 300)]])
    assert coverage(page)[300, 300] > 0.9  # and the next finger draws again
