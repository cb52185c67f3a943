"""Pens and the hands that hold them: what a tablet does to strokes, and what a palm does beside them.

The events are made by a script, as no driver has a pen that is lost or a palm. So are their times: a slow machine must make no
pause of its own, and nobody has to wait for one.
"""

import numpy as np
import pytest

from tests.browser.conftest import PHONE
from tests.browser.hand import lay_out, number, wait_until_ready
from tests.browser.ink import coverage

# send(kind, id, type, x, y, more): a pointer event at a place of the pad's 800 x 400, a ms after the last; wait(ms): later.
SCRIPT = """window.clock = performance.now();
window.send = (kind, id, type, x, y, more = {}) => {
    const box = pad.getBoundingClientRect();
    const event = new PointerEvent("pointer" + kind, {
        pointerId: id, pointerType: type, clientX: box.x + x * box.width / 800, clientY: box.y + y * box.width / 800,
        pressure: 0.5, button: kind === "move" ? -1 : 0, buttons: kind === "up" ? 0 : 1, bubbles: true, cancelable: true,
        ...more});
    clock += 1;
    pad.dispatchEvent(Object.defineProperty(event, "timeStamp", {value: clock}));
};
window.draw = (id, type, points, end = "up", more = {}) => {
    points.forEach(([x, y], i) => send(i ? "move" : "down", id, type, x, y, more));
    send(end, id, type, ...points.at(-1), more);
};
window.wait = (ms) => { clock += ms; };"""
PALM = {"width": 70, "height": 90}
FINGER = {"width": 12, "height": 14}


@pytest.fixture(scope="module")
def tablet(visits):
    visit = visits(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2)
    wait_until_ready(visit.page)
    visit.page.evaluate(SCRIPT)
    return visit


@pytest.fixture
def page(tablet):
    tablet.page.evaluate("document.getElementById('clear').click()")
    tablet.page.evaluate(
        "draw(1, 'pen', [[10, 10], [60, 10]]); document.getElementById('clear').click()"
    )  # a pen is used
    tablet.page.evaluate("wait(500)")
    yield tablet.page
    assert tablet.complaints == []


def strokes(text):
    return [[[float(x), float(y)] for x, y in stroke] for stroke in lay_out(text)]


def write(page, text, ends=()):
    """With a pen, every stroke a pointer of its own; `ends`: the places of strokes that the system cancels."""
    for i, stroke in enumerate(strokes(text)):
        page.evaluate(
            "([i, points, end]) => draw(20 + i, 'pen', points, end)", [i, stroke, "cancel" if i in ends else "up"]
        )
        page.evaluate("wait(60)")


@pytest.mark.parametrize("text", ["4", "5"])
def test_a_pen_stroke_that_the_system_cancels_keeps_its_ink(page, text):
    write(page, text, ends=[1])
    assert number(page) == text


def test_a_finger_stroke_that_the_system_cancels_leaves_none(page):
    page.evaluate("draw(5, 'touch', [[100, 100], [300, 100], [500, 100]], 'cancel')")
    assert not coverage(page).any()


@pytest.mark.parametrize("end", ["up", "cancel"])
def test_a_pen_that_is_lost_for_a_moment_goes_on_with_its_stroke(page, end):
    page.evaluate(f"draw(5, 'pen', [[100, 200], [300, 200]], '{end}'); draw(6, 'pen', [[310, 200], [500, 200]])")
    ink = coverage(page)
    assert (ink[200, 110:490] > 0.9).all()  # the gap, too
    kept = page.evaluate("JSON.parse(sessionStorage.getItem('drawing of ' + location.pathname))")
    along = kept[0][-1][2][::2]
    assert max(along) == 5 * min(along)  # from 100 to 500, also after a reload
    page.evaluate("document.getElementById('undo').click()")
    assert not coverage(page).any()  # it was one stroke


def test_a_stroke_that_was_undone_meanwhile_does_not_go_on(page):
    page.evaluate("draw(5, 'pen', [[100, 100], [300, 100]])")
    page.evaluate("wait(100)")
    page.evaluate("draw(6, 'pen', [[100, 300], [300, 300]]); document.getElementById('undo').click()")
    page.evaluate("draw(7, 'pen', [[304, 300], [500, 300]]); document.getElementById('undo').click()")
    ink = coverage(page)
    assert ink[100, 200] > 0.9
    assert not ink[200:].any()


@pytest.mark.parametrize(("gap", "pause"), [(45, 0), (10, 120)], ids=["elsewhere", "later"])
def test_a_pen_that_comes_down_again_begins_a_stroke_of_its_own(page, gap, pause):
    """20 px of the screen away, or after a pause that a hand makes."""
    page.evaluate("draw(5, 'pen', [[100, 200], [300, 200]])")
    page.evaluate(f"wait({pause})")
    page.evaluate(f"draw(6, 'pen', [[{300 + gap}, 200], [500, 200]])")
    page.evaluate("document.getElementById('undo').click()")
    ink = coverage(page)
    assert ink[200, 200] > 0.9
    assert not ink[:, 420:].any()


def test_a_palm_between_two_strokes_of_a_pen_leaves_no_ink(page):
    digits = [strokes("173")[:1], strokes("173")[1:2], strokes("173")[2:]]
    for i, digit in enumerate(digits):
        for stroke in digit:
            page.evaluate("([i, points]) => draw(30 + i, 'pen', points)", [i, stroke])
        if i == 1:
            page.evaluate("wait(600)")
            page.evaluate("([more]) => draw(7, 'touch', [[600, 350], [604, 352], [606, 353]], 'up', more)", [PALM])
            page.evaluate("wait(100)")
    assert number(page) == "173"


def test_a_palm_that_no_pen_follows_leaves_no_ink(page):
    page.evaluate("([more]) => draw(7, 'touch', [[600, 300], [640, 350], [690, 390]], 'up', more)", [PALM])
    page.evaluate("([more]) => draw(8, 'touch', [[600, 300], [606, 304]], 'up', more)", [FINGER])  # of its side
    assert not coverage(page).any()


def test_a_touch_beside_the_pen_leaves_no_ink(page):
    """Where the device does not tell how wide it is."""
    page.evaluate(
        "send('move', 9, 'pen', 100, 100, {buttons: 0}); draw(7, 'touch', [[300, 300], [400, 350], [500, 300]])"
    )
    assert not coverage(page).any()


def test_a_finger_still_draws_after_the_pen(page):
    page.evaluate("([more]) => draw(7, 'touch', [[300, 100], [300, 200], [300, 300]], 'up', more)", [FINGER])
    assert coverage(page)[200, 300] > 0.9


@pytest.mark.parametrize("last", ["pen", "touch"])
def test_no_line_joins_palm_and_pen(page, last):
    page.evaluate("send('down', 7, 'touch', 700, 380); send('move', 7, 'touch', 702, 381)")
    page.evaluate("wait(30)")
    page.evaluate("""() => {
        send("down", 8, "pen", 100, 50);
        for (let x = 100; x <= 400; x += 20) {
            send("move", 8, "pen", x, 50);
            send("move", 7, "touch", 700 - x / 100, 380);
        }
    }""")
    ends = [("touch", 7, 700, 380), ("pen", 8, 400, 50)]
    for kind, pointer, x, y in ends if last == "pen" else reversed(ends):
        page.evaluate(f"send('up', {pointer}, '{kind}', {x}, {y})")
    ink = coverage(page)
    assert ink[50, 200] > 0.9
    assert not ink[100:].any()


def test_the_finger_that_moves_draws_while_a_palm_rests(page):
    """A pencil that is told as a touch, on a page that has seen no pen."""
    page.reload()
    wait_until_ready(page)
    page.evaluate(SCRIPT)
    page.evaluate("""() => {
        send("down", 7, "touch", 300, 100);
        send("down", 8, "touch", 700, 380, {width: 70, height: 90});
        for (let y = 100; y <= 300; y += 20) send("move", 7, "touch", 300, y);
        send("up", 8, "touch", 700, 380);
        send("up", 7, "touch", 300, 300);
    }""")
    ink = coverage(page)
    assert ink[200, 300] > 0.9
    assert not ink[:, 600:].any()
    page.evaluate("([more]) => draw(9, 'touch', [[360, 300], [362, 300]], 'up', more)", [PALM])
    assert coverage(page)[300, 361] > 0.9  # who writes with fingers alone makes points, too


@pytest.mark.parametrize("kind", ["pen", "touch"])
def test_a_stroke_that_rests_first_opens_no_menu_and_goes_on(page, kind):
    asked = page.evaluate(
        """async (kind) => {
        send("down", 7, kind, 400, 100, {width: 12, height: 12});
        send("move", 7, kind, 401, 101);
        await wait(900);
        const menu = new MouseEvent("contextmenu", {cancelable: true, bubbles: true});
        const goes = pad.dispatchEvent(menu);
        for (let y = 102; y <= 300; y += 6) send("move", 7, kind, 400, y);
        send("up", 7, kind, 400, 300);
        return goes;
    }""",
        kind,
    )
    assert asked is False  # it was prevented
    assert (coverage(page)[102:298, 400] > 0.9).all()
    assert number(page) == "1"


def test_the_mouse_has_its_menu_between_strokes(page):
    page.evaluate("draw(1, 'mouse', [[400, 100], [400, 300]])")
    menu = "pad.dispatchEvent(new MouseEvent('contextmenu', {cancelable: true, bubbles: true}))"
    assert page.evaluate(menu)


@pytest.mark.parametrize("more", [{"buttons": 0, "button": -1}, {"buttons": 2, "button": 2}], ids=["hover", "barrel"])
def test_a_pen_that_hovers_or_whose_barrel_is_pressed_draws_nothing(page, more):
    page.evaluate(
        """(more) => {
        if (more.button === 2) send("down", 7, "pen", 100, 100, more);
        for (let x = 100; x <= 500; x += 20) send("move", 7, "pen", x, 100, {...more, button: -1});
        if (more.button === 2) send("up", 7, "pen", 500, 100, {...more, buttons: 0});
    }""",
        more,
    )
    assert not coverage(page).any()


def test_a_digit_that_was_scratched_out_comes_back_in_one_step(page):
    write(page, "4")
    before = coverage(page)
    scratch = [[300 + 20 * i, 80 if i % 2 else 320] for i in range(12)]
    page.evaluate("wait(60)")
    page.evaluate("(points) => draw(50, 'pen', points)", scratch)
    page.evaluate("document.getElementById('undo').click()")
    assert np.array_equal(coverage(page), before)
    assert number(page) == "4"


def test_what_was_cleared_before_its_reading_came_is_not_read(page):
    page.evaluate("""() => {
        window.states = [];
        new MutationObserver(() => states.push(number.dataset.state + " " + number.textContent))
            .observe(number, {attributeFilter: ["data-state"]});
    }""")
    stroke = strokes("7")[0]
    page.evaluate("(points) => { draw(5, 'pen', points); document.getElementById('clear').click(); }", stroke)
    page.evaluate("wait(100)")
    write(page, "1")
    assert number(page) == "1"
    assert [state for state in page.evaluate("states") if state.startswith("done")] == ["done 1"]


def test_two_quick_taps_on_a_control_never_zoom(page):
    zoomable = page.evaluate("""() => [...document.querySelectorAll("button, .button, input, label, summary, select")]
        .filter((each) => !["manipulation", "none"].includes(getComputedStyle(each).touchAction))
        .map((each) => each.id || each.className || each.textContent)""")
    assert zoomable == []
