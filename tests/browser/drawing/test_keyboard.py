"""Drawing with the keyboard: every digit can be written with it, and shortcuts work where they say."""

import numpy as np
import pytest

from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.hand import number
from tests.browser.ink import coverage

CELL = 20  # px
COLUMNS, ROWS = 40, 20
WAYS = {
    (-1, 0): "ArrowLeft", (1, 0): "ArrowRight", (0, -1): "ArrowUp", (0, 1): "ArrowDown",
    (-1, -1): "Home", (1, -1): "PageUp", (-1, 1): "End", (1, 1): "PageDown",
}  # fmt: skip

# Strokes in cells, in a box of 7 x 11; each goes straight or aslant from one point to the next.
DIGITS = {
    "0": [[(2, 0), (4, 0), (6, 2), (6, 8), (4, 10), (2, 10), (0, 8), (0, 2), (2, 0)]],
    "1": [[(1, 2), (3, 0), (3, 10)]],
    "2": [[(0, 2), (2, 0), (4, 0), (6, 2), (6, 4), (0, 10), (6, 10)]],
    "3": [[(0, 1), (1, 0), (4, 0), (6, 2), (6, 3), (4, 5), (2, 5), (4, 5), (6, 7), (6, 8), (4, 10), (1, 10), (0, 9)]],
    "4": [[(5, 0), (0, 5), (0, 6), (6, 6)], [(4, 3), (4, 10)]],
    "5": [[(6, 0), (0, 0), (0, 4), (4, 4), (6, 6), (6, 8), (4, 10), (0, 10)]],
    "6": [[(5, 0), (4, 0), (0, 4), (0, 8), (2, 10), (4, 10), (6, 8), (6, 7), (4, 5), (2, 5), (0, 7)]],
    "7": [[(0, 0), (6, 0), (6, 1), (2, 5), (2, 10)]],
    "8": [[(4, 5), (6, 3), (6, 2), (4, 0), (2, 0), (0, 2), (0, 3), (2, 5), (4, 5), (6, 7), (6, 8), (4, 10), (2, 10),
           (0, 8), (0, 7), (2, 5)]],
    "9": [[(6, 3), (4, 5), (2, 5), (0, 3), (0, 2), (2, 0), (4, 0), (6, 2), (6, 10)]],
}  # fmt: skip


class Keys:
    """Writes with the keyboard, from the middle of the pad on."""

    def __init__(self, page):
        self.page = page
        self.place = None

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def corner(self):
        """Goes to the first column and row, wherever the cursor is."""
        self.press(*["Shift+ArrowLeft"] * (COLUMNS // 5), *["Shift+ArrowUp"] * (ROWS // 5))
        self.place = 0, 0

    def go(self, column, row):
        while self.place != (column, row):
            gap = column - self.place[0], row - self.place[1]
            step = tuple((side > 0) - (side < 0) for side in gap)
            cells = min(abs(side) for side in gap if side)
            leaps, rest = divmod(cells, 5)
            self.press(*[f"Shift+{WAYS[step]}"] * leaps, *[WAYS[step]] * rest)
            self.place = self.place[0] + cells * step[0], self.place[1] + cells * step[1]

    def write(self, digit, column, row=4):
        for stroke in DIGITS[digit]:
            self.go(column + stroke[0][0], row + stroke[0][1])
            self.press("Space")
            for x, y in stroke[1:]:
                self.go(column + x, row + y)
            self.press("Space")


def at(column, row):
    """The pixel in the middle of a cell: (y, x)."""
    return row * CELL + CELL // 2, column * CELL + CELL // 2


def said(page):
    return page.text_content("#pad-says")


@pytest.fixture
def keys(page):
    """The focus comes to the pad by Tab, and the cursor to the first cell."""
    page.locator("#undo").focus()
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.id") == "pad"
    keys = Keys(page)
    keys.corner()
    yield keys
    if page.get_attribute("#eraser", "aria-pressed") == "true":
        page.click("#eraser")
    page.set_viewport_size(LAPTOP)


# --- writing ----------------------------------------------------------------------------------


@pytest.mark.parametrize("digit", sorted(DIGITS))
def test_every_digit_can_be_written(page, keys, digit):
    keys.write(digit, 15)
    assert number(page) == digit


def test_a_number_is_written_on_a_phone_with_a_keyboard(page, keys):
    page.set_viewport_size(PHONE)
    for i, digit in enumerate("2047"):
        keys.write(digit, 2 + 10 * i)
    assert number(page) == "2047"


def test_a_stroke_shows_as_it_is_drawn_and_is_read_when_the_pen_is_up(page, keys):
    keys.go(20, 5)
    keys.press("Space")
    assert page.get_attribute("#number", "data-state") == "reading"
    keys.go(20, 15)
    assert coverage(page)[at(20, 10)] > 0.9
    assert page.get_attribute("#number", "data-state") == "reading"
    keys.press("Space")
    assert number(page) == "1"
    keys.go(30, 15)
    assert coverage(page)[at(25, 15)] == 0  # the pen is up


def test_enter_lifts_the_pen_and_reads(page, keys):
    keys.go(20, 5)
    keys.press("Space")
    keys.go(20, 15)
    keys.press("Enter")
    assert number(page) == "1"
    assert said(page) == "Pen up"


def test_enter_reads_once_more_for_who_wants_to_hear_it_again(page, keys):
    """A second one would add it to the sheet: see tests/browser/sheet/."""
    keys.go(20, 5)
    keys.press("Space")
    keys.go(20, 15)
    keys.press("Space")
    assert number(page) == "1"
    page.evaluate("""() => { window.states = []; new MutationObserver(() => states.push(number.dataset.state))
        .observe(number, {attributeFilter: ["data-state"]}); }""")
    keys.press("Enter")
    page.wait_for_selector("#number[data-state=done]")
    page.wait_for_timeout(100)
    assert page.evaluate("states") == ["reading", "done"]


def test_escape_drops_the_stroke_and_what_was_there_is_read_again(page, keys):
    keys.write("7", 5)
    assert number(page) == "7"
    before = coverage(page)
    keys.go(30, 5)
    keys.press("Space")
    keys.go(30, 15)
    keys.press("Escape")
    assert np.array_equal(coverage(page), before)
    assert number(page) == "7"
    assert "dropped" in said(page)
    keys.go(35, 15)
    assert np.array_equal(coverage(page), before)  # the pen is up
    keys.press("Control+Shift+Z")  # it was no mere touch, so it can be had back
    assert number(page).replace(" ", "") == "71"


def test_tapping_space_leaves_a_dot(page, keys):
    keys.go(20, 10)
    keys.press("Space", "Space")
    assert coverage(page)[at(20, 10)] == 1
    assert coverage(page).sum() < 400


def test_leaving_the_pad_keeps_the_stroke(page, keys):
    keys.go(20, 5)
    keys.press("Space")
    keys.go(20, 15)
    keys.press("Tab")
    assert number(page) == "1"


def test_the_pad_has_edges(page, keys):
    keys.press("ArrowLeft")
    assert said(page) == "Edge: column 1, row 1, pen up"
    keys.go(COLUMNS - 3, ROWS - 1)
    keys.press("Shift+ArrowRight")  # as far as it goes
    assert said(page) == f"column {COLUMNS}, row {ROWS}, pen up"
    keys.press("Shift+PageUp", "Shift+PageUp")
    assert said(page) == f"Edge: column {COLUMNS}, row {ROWS}, pen up"
    keys.press("Shift+Home")
    assert said(page) == f"column {COLUMNS - 5}, row {ROWS - 5}, pen up"


def test_what_is_said_of_the_pen(page, keys):
    keys.go(1, 0)
    assert said(page) == "column 2, row 1, pen up"
    keys.press("Space")
    assert said(page) == "Pen down"
    keys.go(1, 1)
    assert said(page) == "column 2, row 2, pen down"
    keys.press("Space")
    assert said(page) == "Pen up"
    assert page.get_attribute("#pad-says", "aria-live") == "polite"


def test_screen_readers_are_told_what_the_pad_is(page):
    tree = page.locator(".drawing").aria_snapshot()
    assert 'application "Drawing pad' in tree
    text = page.evaluate("document.getElementById(pad.getAttribute('aria-describedby')).textContent")
    for key in ("Arrow keys", "Space", "Enter"):
        assert key in text


# --- the cursor -------------------------------------------------------------------------------


def test_the_cursor_is_seen_where_the_keyboard_is_and_is_no_ink(page, keys):
    keys.go(30, 5)
    cursor = page.locator("#cursor")
    assert cursor.is_visible()
    box, sheet = cursor.bounding_box(), page.locator("#pad").bounding_box()
    scale = sheet["width"] / 800
    assert box["x"] + box["width"] / 2 == pytest.approx(sheet["x"] + at(30, 5)[1] * scale, abs=1)
    assert box["y"] + box["height"] / 2 == pytest.approx(sheet["y"] + at(30, 5)[0] * scale, abs=1)
    assert not coverage(page).any()
    keys.press("Tab")
    assert not cursor.is_visible()


def test_the_cursor_gives_way_to_the_mouse(page, keys, hand):
    assert page.locator("#cursor").is_visible()
    hand.draw([[(400, 200)]])
    assert not page.locator("#cursor").is_visible()
    assert page.evaluate("document.activeElement.id") == "pad"
    keys.press("ArrowLeft")
    assert page.locator("#cursor").is_visible()


def test_the_cursor_shows_whether_the_pen_is_down(page, keys):
    def look():
        return page.evaluate("getComputedStyle(document.getElementById('cursor')).backgroundColor")

    up = look()
    keys.press("Space")
    assert look() != up
    keys.press("Control+Z")  # ends the stroke
    assert look() == up


# --- the mouse and the focus ------------------------------------------------------------------


def test_clicking_the_pad_gives_it_the_focus_and_does_not_scroll(page, hand):
    page.set_viewport_size({"width": 390, "height": 420})
    page.evaluate("scrollTo(0, pad.getBoundingClientRect().top + scrollY + 60)")
    before = page.evaluate("scrollY")
    page.locator("#undo").evaluate("button => button.focus({preventScroll: true})")
    page.mouse.click(*hand.on_screen((400, 250)))  # hand.draw would scroll the pad into view
    assert page.evaluate("document.activeElement.id") == "pad"
    assert coverage(page)[250, 400] == 1
    assert page.evaluate("scrollY") == before > 0
    page.set_viewport_size(LAPTOP)


def test_arrows_on_the_pad_do_not_scroll_the_page(page, keys):
    page.set_viewport_size({"width": 390, "height": 420})
    page.evaluate("scrollTo(0, 50)")
    before = page.evaluate("scrollY")
    keys.press("ArrowDown", "PageDown", "End", "Space", "Space")
    assert page.evaluate("scrollY") == before


def test_the_mouse_ends_the_stroke_of_the_keyboard_and_keeps_it(page, keys, hand):
    keys.go(5, 5)
    keys.press("Space")
    keys.go(5, 15)
    hand.draw([[(600, 100), (600, 300)]])
    assert number(page).replace(" ", "") == "11"
    keys.go(10, 15)
    assert coverage(page)[at(8, 15)] == 0


# --- shortcuts --------------------------------------------------------------------------------


@pytest.mark.parametrize("focused", ["#pad", "#clear", "#brush", "body"])
@pytest.mark.parametrize("modifier", ["Control", "Meta"])
def test_undo_and_redo_work_anywhere(page, hand, focused, modifier):
    hand.draw([[(200, 200), (600, 200)]])
    drawn = coverage(page)
    page.evaluate("name => { document.activeElement.blur(); document.querySelector(name).focus(); }", focused)
    page.keyboard.press(f"{modifier}+z")
    assert not coverage(page).any()
    page.keyboard.press(f"{modifier}+Shift+z")
    assert np.array_equal(coverage(page), drawn)
    page.keyboard.press(f"{modifier}+z")
    page.keyboard.press("Control+y")
    assert np.array_equal(coverage(page), drawn)


def test_in_a_text_field_the_keys_are_the_field_s_own(page, hand):
    hand.draw([[(200, 200), (600, 200)]])
    page.evaluate("document.body.append(Object.assign(document.createElement('textarea'), {id: 'notes'}))")
    page.locator("#notes").press_sequentially("ab")
    page.keyboard.press("Control+z")
    assert coverage(page).any()
    assert page.input_value("#notes") != "ab"
    page.evaluate("document.getElementById('notes').remove()")


def test_single_keys_work_on_the_pad(page, keys, hand):
    keys.press("e")
    assert page.get_attribute("#eraser", "aria-pressed") == "true"
    assert said(page) == "Eraser on"
    keys.press("E")
    assert page.get_attribute("#eraser", "aria-pressed") == "false"
    before = float(page.input_value("#brush"))
    keys.press("]")
    assert float(page.input_value("#brush")) == before + 4
    assert said(page) == f"Brush {before + 4:.0f}"
    keys.press("[", "[")
    assert float(page.input_value("#brush")) == before - 4
    keys.press(*["["] * 20)
    assert page.input_value("#brush") == page.get_attribute("#brush", "min")
    hand.draw([[(200, 200), (600, 200)]])
    assert coverage(page)[:, 400].sum() == pytest.approx(8, abs=0.1)


@pytest.mark.parametrize("key", ["Delete", "Backspace"])
def test_delete_clears(page, keys, hand, key):
    hand.write("4")
    assert number(page) == "4"
    keys.press(key)
    assert page.get_attribute("#number", "data-state") == "empty"
    assert not coverage(page).any()
    keys.press("Control+z")
    assert number(page) == "4"


def test_single_keys_do_nothing_elsewhere(page, hand):
    """Someone who speaks to the computer may press them by chance (WCAG 2.1.4)."""
    hand.write("4")
    assert number(page) == "4"
    drawn = coverage(page)
    page.locator("#undo").focus()
    for key in ("e", "[", "]", "Delete", "Backspace", "ArrowLeft", "Escape"):
        page.keyboard.press(key)
    assert np.array_equal(coverage(page), drawn)
    assert page.get_attribute("#eraser", "aria-pressed") == "false"
    assert page.input_value("#brush") == "20"


def test_what_the_keyboard_erases(page, keys, hand):
    hand.draw([[(210, 210), (610, 210)]])
    keys.press("e")
    keys.go(15, 10)
    keys.press("Space")
    keys.go(20, 10)
    keys.press("Space")
    ink = coverage(page)
    assert not ink[:, 310:410].any()
    assert ink[210, 250] > 0.9
    keys.press("Control+z")
    assert coverage(page)[210, 350] > 0.9


def test_escape_drops_the_stroke_of_the_mouse(page, hand):
    page.mouse.move(*hand.on_screen((200, 200)))
    page.mouse.down()
    page.mouse.move(*hand.on_screen((400, 200)))
    page.keyboard.press("Escape")
    page.mouse.move(*hand.on_screen((600, 200)))
    page.mouse.up()
    assert not coverage(page).any()
    assert number(page) == ""
    hand.draw([[(200, 300), (600, 300)]])
    assert coverage(page)[300, 400] > 0.9


@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_the_keys_are_listed_on_the_page(page, size):
    page.set_viewport_size(size)
    page.locator("#keys summary").click()
    shown = page.locator("#keys").inner_text()
    for key in ("Ctrl", "Space", "Home", "Enter", "Esc", "E", "[", "Delete"):
        assert key in shown
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("#keys summary").click()
    page.set_viewport_size(LAPTOP)
