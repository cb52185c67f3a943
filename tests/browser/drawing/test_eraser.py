"""The eraser wipes ink away with the brush, and is undone and redone as ink is."""

import numpy as np
import pytest

from number_reader import Recognizer
from tests.browser.hand import PAD, lay_out, number
from tests.browser.ink import coverage, pixels

LINE = [(200, 200), (400, 200), (600, 200)]
ACROSS = [(400, 100), (400, 300)]


@pytest.fixture(autouse=True)
def pen_in_hand(page):
    yield
    if page.get_attribute("#eraser", "aria-pressed") == "true":
        page.click("#eraser")


def wipe(page, hand, strokes, brush=PAD["brush"]):
    page.fill("#brush", str(brush))
    hand.press("#eraser")
    hand.draw(strokes)
    hand.press("#eraser")
    page.fill("#brush", str(PAD["brush"]))


def rubbed(left, top, right, bottom, step=30):
    """A stroke to and fro over a box."""
    rows = range(top, bottom + step, step)
    return [(x, y) for i, y in enumerate(rows) for x in ((left, right) if i % 2 == 0 else (right, left))]


def test_the_button_says_whether_the_eraser_is_chosen(page, hand):
    assert page.get_attribute("#eraser", "aria-pressed") == "false"
    hand.press("#eraser")
    assert page.get_attribute("#eraser", "aria-pressed") == "true"
    hand.press("#eraser")
    assert page.get_attribute("#eraser", "aria-pressed") == "false"


@pytest.mark.parametrize("brush", [PAD["brush_min"], PAD["brush_max"]])
def test_it_wipes_as_wide_as_the_brush(page, hand, brush):
    hand.draw([LINE])
    before = coverage(page)[200].sum()
    wipe(page, hand, [ACROSS], brush)
    ink = coverage(page)
    assert before - ink[200].sum() == pytest.approx(brush + 2, abs=0.5)  # one pixel of rim on either side
    assert not ink[:, 400].any()
    assert ink[200, 300] > 0.9
    assert ink[200, 500] > 0.9


def test_wiping_along_a_line_leaves_no_rim(page, hand):
    hand.draw([LINE])
    wipe(page, hand, [LINE])
    assert not coverage(page).any()


def test_undo_and_redo_walk_through_what_was_wiped(page, hand):
    hand.draw([LINE])
    whole = coverage(page)
    wipe(page, hand, [ACROSS])
    cut = coverage(page)
    hand.draw([[(400, 200), (420, 220)]])
    mended = coverage(page)
    for press, expected in (("undo", cut), ("undo", whole), ("redo", cut), ("redo", mended)):
        hand.press(f"#{press}")
        assert np.array_equal(coverage(page), expected)


def test_when_all_is_wiped_the_pad_is_blank(page, hand):
    hand.write("4")
    assert number(page) == "4"
    written = coverage(page)
    wipe(page, hand, [rubbed(200, 60, 600, 340)], PAD["brush_max"])
    assert page.get_attribute("#number", "data-state") == "empty"
    assert number(page) == ""
    assert page.get_attribute("#sheet", "data-blank") is not None
    assert page.get_attribute("#save", "data-idle") is not None
    assert not coverage(page).any()
    hand.press("#undo")
    assert number(page) == "4"
    assert np.array_equal(coverage(page), written)
    assert page.get_attribute("#sheet", "data-blank") is None


def test_what_is_left_beside_the_lines_still_counts(page, hand):
    """A fine eraser along the middle of a broad line leaves two thin ones, and the pad is not blank."""
    page.fill("#brush", str(PAD["brush_max"]))
    hand.draw([LINE])
    wipe(page, hand, [[(150, 200), (650, 200)]], PAD["brush_min"])
    assert coverage(page)[:, 400].sum() > 30
    assert page.get_attribute("#sheet", "data-blank") is None
    assert page.get_attribute("#save", "data-idle") is None


def test_on_a_blank_pad_there_is_nothing_to_wipe(page, hand):
    wipe(page, hand, [LINE])
    assert page.get_attribute("#number", "data-state") == "empty"
    assert not coverage(page).any()
    hand.draw([LINE])
    assert coverage(page)[200, 300] > 0.9


def test_the_state_turns_reading_as_soon_as_the_eraser_touches(page, hand):
    hand.write("7")
    number(page)
    hand.press("#eraser")
    page.mouse.move(*hand.on_screen((400, 200)))
    page.mouse.down()
    assert page.get_attribute("#number", "data-state") == "reading"
    page.mouse.up()
    number(page)


def test_a_digit_that_was_wiped_away_is_no_longer_read(page, hand):
    hand.write("27")
    assert number(page) == "27"
    wipe(page, hand, [rubbed(420, 70, 640, 330)], PAD["brush_max"])
    assert number(page) == "2"


@pytest.mark.parametrize(("old", "new"), [("3", "7"), ("5", "7"), ("6", "7"), ("8", "1")])
def test_a_digit_written_over_a_wiped_one_is_read(page, hand, old, new):
    """Of the strokes wiped away nothing may be taken for strokes of the ink that lies there now."""
    before, after = lay_out("4" + old), lay_out("4" + new)
    hand.draw(before)
    wipe(page, hand, [rubbed(420, 70, 640, 330)], PAD["brush_max"])
    assert number(page) == "4"
    hand.draw(after[2:])
    assert number(page) == "4" + new


def test_half_an_eight_is_a_three(page, hand):
    hand.write("8")
    assert number(page) == "8"
    left, top = 345, 90  # of its box, 110 x 220
    wipe(page, hand, [[(left + 20, top + y) for y in (30, 75)], [(left + 20, top + y) for y in (150, 190)]], 32)
    assert number(page) == "3"


def test_the_rest_of_what_runs_together_is_read_by_its_strokes(page, hand, site):
    """After a wipe the strokes are still handed over, as far as there is ink: by its pixels it would read otherwise."""
    hand.draw([*lay_out("53", spacing=0.5), [(40, 40), (40, 360)]])
    assert number(page).replace(" ", "") == "153"
    wipe(page, hand, [[(40, 20), (40, 380)]], PAD["brush_max"])
    assert number(page) == "53"
    assert Recognizer.load(site.model).read(pixels(page)).text != "53"


def test_the_end_of_a_pen_that_erases_needs_no_button(page, hand):
    """Windows tells of a pen held the other way round by button 5; nothing that drives a browser can press it."""
    hand.draw([LINE])
    page.evaluate("""() => {
        const box = pad.getBoundingClientRect();
        const send = (kind, y) => pad.dispatchEvent(new PointerEvent("pointer" + kind, {
            pointerId: 5, pointerType: "pen", clientX: box.x + box.width / 2, clientY: box.y + y * box.width / 800,
            pressure: 0.5, button: kind === "move" ? -1 : 5, buttons: kind === "up" ? 0 : 32, bubbles: true}));
        send("down", 100);
        for (let y = 100; y <= 300; y += 10) send("move", y);
        send("up", 300);
    }""")
    ink = coverage(page)
    assert not ink[:, 400].any()
    assert ink[200, 300] > 0.9
    assert page.get_attribute("#eraser", "aria-pressed") == "false"
    hand.press("#undo")
    assert coverage(page)[200, 400] > 0.9
