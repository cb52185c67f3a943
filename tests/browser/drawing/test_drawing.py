"""Drawing on the pad with a mouse: ink, undo, redo, clear, the brush, and live reading."""

import numpy as np
import pytest

from tests.browser.hand import DIGITS, PAD, lay_out, number, wait_for
from tests.browser.ink import coverage
from tests.browser.start.test_faults import change

LINE = [[(200, 200), (400, 200), (600, 200)]]
OTHER_LINE = [[(200, 300), (600, 300)]]

# Keeps what happens on the page in order: pen down, pen up, and each state of #number.
LOG = """() => {
  if (window.log) {
    log.length = 0;
    return;
  }
  window.log = [];
  const pad = document.getElementById("pad");
  const number = document.getElementById("number");
  for (const name of ["pointerdown", "pointerup"])
    addEventListener(name, () => log.push([name, number.dataset.state, performance.now()]));
  new MutationObserver(() => log.push([number.dataset.state, number.textContent, performance.now()]))
    .observe(number, {attributeFilter: ["data-state"]});
}"""


# How much of its width and of its height a picture has ink in.
INKED = """async (image) => {
  await image.decode();
  const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight), context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height), columns = new Set(), rows = new Set();
  for (let i = 0; i < data.length; i += 4) {
    if (data[i] > 128) continue;
    columns.add((i / 4) % canvas.width);
    rows.add(Math.floor(i / 4 / canvas.width));
  }
  return [columns.size / canvas.width, rows.size / canvas.height];
}"""


@pytest.mark.parametrize("digit", sorted(DIGITS))
def test_a_digit_is_read_once_the_pen_is_up(page, hand, digit):
    hand.write(digit)
    assert number(page) == digit


def test_a_number_is_read_from_left_to_right(page, hand):
    hand.write("2026")
    assert number(page) == "2026"


def test_a_blank_pad_reads_as_nothing(page):
    assert page.get_attribute("#number", "data-state") == "empty"
    assert page.text_content("#number") == ""
    assert page.locator("#candidates li").count() == 0
    assert not coverage(page).any()


def test_the_state_turns_reading_with_the_first_touch_of_the_pen(page, hand):
    page.evaluate(LOG)
    hand.write("1")
    number(page)
    log = [entry[:2] for entry in page.evaluate("log")]
    assert log == [
        ["reading", ""],
        ["pointerdown", "reading"],  # already, when the same event reaches the window
        ["pointerup", "reading"],
        ["done", "1"],
    ]


def test_no_reading_of_older_ink_is_shown_over_newer_ink(page, hand):
    """Strokes follow each other faster than readings; one is shown only when the pen is up."""
    page.evaluate(LOG)
    hand.write("4545")
    assert number(page) == "4545"
    log = page.evaluate("log")
    assert sum(event == "pointerdown" for event, *_ in log) == 8
    pen_down = False
    for event, *_ in log:
        pen_down = event == "pointerdown" or (pen_down and event != "pointerup")
        assert not (pen_down and event == "done")


def test_undo_and_redo_walk_through_the_strokes(page, hand):
    hand.draw(LINE)
    one = coverage(page)
    hand.draw(OTHER_LINE)
    two = coverage(page)
    hand.press("#undo")
    assert np.array_equal(coverage(page), one)
    hand.press("#redo")
    assert np.array_equal(coverage(page), two)
    hand.press("#undo")
    hand.press("#undo")
    assert not coverage(page).any()
    assert number(page) == ""
    assert page.get_attribute("#number", "data-state") == "empty"


def test_undo_reads_what_is_left(page, hand):
    hand.write("17")
    assert number(page) == "17"
    hand.press("#undo")
    assert number(page) == "1"


def test_clear_empties_the_pad_and_can_be_undone(page, hand):
    hand.write("3")
    assert number(page) == "3"
    drawn = coverage(page)
    hand.press("#clear")
    assert page.get_attribute("#number", "data-state") == "empty"
    assert page.text_content("#number") == ""
    assert not coverage(page).any()
    hand.press("#undo")
    assert np.array_equal(coverage(page), drawn)
    assert number(page) == "3"


def test_of_drawings_without_end_the_oldest_are_forgotten_whole(visits, site):
    change(site, "app/drawing/pad.py", "UNDOABLE = 500", "UNDOABLE = 6")
    visit = visits()
    page, hand = visit.page, visit.hand
    page.wait_for_selector("body[data-python=up]")
    for stroke in (LINE, OTHER_LINE) * 3:  # with each wiping away, twice as many actions as are kept
        hand.draw(stroke)
        hand.press("#clear")
    hand.draw(LINE)
    drawn, found = coverage(page), []
    while page.get_attribute("#undo", "data-idle") is None:
        hand.press("#undo")
        found.append(coverage(page).any())
    assert found == [False, True, False, True, False], "two drawings more, each whole"
    for _ in found:
        hand.press("#redo")
    assert np.array_equal(coverage(page), drawn)
    site.faults.clear()


def test_a_drawing_of_more_strokes_than_can_be_undone_is_kept(visits, site):
    change(site, "app/drawing/pad.py", "UNDOABLE = 500", "UNDOABLE = 3")
    visit = visits()
    page, hand = visit.page, visit.hand
    page.wait_for_selector("body[data-python=up]")
    for y in range(100, 350, 50):
        hand.draw([[(200, y), (600, y)]])
    drawn = coverage(page)
    hand.press("#clear")
    hand.press("#undo")
    assert np.array_equal(coverage(page), drawn)
    site.faults.clear()


def test_a_new_stroke_ends_what_could_be_redone(page, hand):
    hand.draw(LINE)
    hand.press("#undo")
    hand.draw(OTHER_LINE)
    drawn = coverage(page)
    assert page.get_attribute("#redo", "data-idle") is not None
    hand.press("#redo")
    assert np.array_equal(coverage(page), drawn)


@pytest.mark.parametrize("brush", [PAD["brush_min"], PAD["brush"], PAD["brush_max"]])
def test_the_brush_is_as_wide_as_it_says(page, hand, brush):
    page.fill("#brush", str(brush))
    hand.draw(LINE)
    assert coverage(page)[:, 400].sum() == pytest.approx(brush, abs=0.1)


def test_a_tap_leaves_a_dot_of_the_brush(page, hand):
    hand.draw([[(400, 200)]])
    ink = coverage(page)
    assert ink.sum() == pytest.approx(np.pi * (PAD["brush"] / 2) ** 2, rel=0.04)
    assert ink[190:210, 390:410].sum() == pytest.approx(ink.sum(), rel=0.02)


def test_a_stroke_that_leaves_the_pad_goes_on_where_it_comes_back(page, hand):
    hand.draw([[(700, 100), (900, 100), (900, 300), (700, 300)]])
    ink = coverage(page)
    assert ink[100, 790] > 0.9
    assert ink[300, 790] > 0.9
    assert ink[200, 790] == 0


def test_only_the_first_mouse_button_draws(page, hand):
    page.mouse.move(*hand.on_screen((300, 200)))
    page.mouse.down(button="right")
    page.mouse.move(*hand.on_screen((500, 200)))
    page.mouse.up(button="right")
    page.keyboard.press("Escape")
    assert not coverage(page).any()


def test_the_candidates_of_the_chosen_digit_stand_beside_the_number_and_glyphs_are_a_tap_away(page, hand):
    hand.write("52")
    assert number(page) == "52"
    for place, digit in enumerate("52"):
        page.locator("#number > span").nth(place).click()
        chosen = page.locator("#candidates > li")
        assert chosen.count() == 1
        best = chosen.locator("li").nth(0)
        assert best.locator("b").text_content() == digit
        assert "%" in best.locator(".share").text_content()
    assert not page.is_visible("#processed")
    page.click("#seen summary")
    assert page.is_visible("#processed")
    wait_for(page, "processed.width === 28 + 4 + 28 && processed.height === 28")
    page.click("#seen summary")


def test_the_pad_stays_where_it_is_while_readings_change(page, hand):
    before = page.locator("#pad").bounding_box()
    for text in ("1", "2345"):
        hand.write(text)
        number(page)
        assert page.locator("#pad").bounding_box() == before


def test_a_scribble_is_not_called_a_digit(page, hand):
    zigzag = [(150 + 25 * i, 60 + 280 * (i % 2)) for i in range(20)]
    hand.draw([zigzag, [(x, 400 - y) for x, y in reversed(zigzag)]])
    assert number(page) == "?"
    assert "does not look like a digit" in page.text_content("#verdict")


@pytest.mark.parametrize(
    ("digit", "way"), [("2", (0, 1)), ("3", (0, 1)), ("9", (0, -1)), ("4", (1, 0)), ("5", (-1, 0))]
)
def test_a_digit_that_goes_beyond_the_pad_is_read_whole(page, hand, digit, way):
    """Where its foot or head is cut off, a 2 would be a 7 and a 9 a 4."""
    strokes = np.concatenate([np.array(stroke) for stroke in lay_out(digit)])
    low, high = strokes.min(axis=0), strokes.max(axis=0)
    part = 0.12 * (high - low)
    edge = np.where(np.array(way) > 0, (PAD["width"], PAD["height"]), (0, 0))
    shift = np.where(np.array(way) > 0, edge - high + part, np.where(np.array(way) < 0, edge - low - part, 0))
    hand.draw([(np.array(stroke) + shift).tolist() for stroke in lay_out(digit)])
    assert number(page) == digit
    if digit == "4":  # and it is known where it stands: its picture in the sheet shows all that the pad does
        hand.press("#add")
        page.locator("#cells img:visible").wait_for()
        assert page.locator("#cells img:visible").evaluate("image => image.naturalWidth > image.naturalHeight / 4")
        assert min(page.locator("#cells img:visible").evaluate(INKED)) > 0.6
