"""A pen that feels pressure draws a line of the width that it is pressed with; mice and fingers draw an even one."""

import numpy as np
import pytest

from tests.browser.hand import PAD, lay_out, number
from tests.browser.ink import coverage

ROW = [(100 + 10 * i, 200) for i in range(61)]  # 100..700
BRUSH = PAD["brush"]


def width_at(page, x):
    return coverage(page)[:, x].sum()


@pytest.mark.parametrize(("pressure", "share"), [(0.1, 0.6), (0.5, 1), (1, 1.5)])
def test_the_width_follows_the_pressure(page, hand, pressure, share):
    hand.draw_with_pen([ROW], [[pressure] * len(ROW)])
    for x in (150, 400, 650):
        assert width_at(page, x) == pytest.approx(share * BRUSH, abs=0.3)


def test_a_pen_that_feels_nothing_draws_with_the_brush(page, hand):
    hand.draw_with_pen([ROW], [[0] * len(ROW)])
    assert width_at(page, 400) == pytest.approx(BRUSH, abs=0.3)


def test_the_width_changes_softly(page, hand):
    """Where the pressure leaps, the line takes several points to follow."""
    hand.draw_with_pen([ROW], [[0.1] * 30 + [0.9] * 31])
    widths = coverage(page)[:, 150:650].sum(axis=0)
    assert widths[0] == pytest.approx(0.6 * BRUSH, abs=0.3)
    assert widths[-1] == pytest.approx(1.4 * BRUSH, abs=0.5)
    assert np.diff(widths).min() > -0.2  # never narrower
    assert np.diff(widths).max() < 1  # px for each px of way


def test_every_redraw_gives_the_same_pixels(page, hand):
    pressures = [0.5 + 0.4 * np.sin(i / 5) for i in range(61)]
    hand.draw_with_pen([ROW], [pressures])
    drawn = coverage(page)
    hand.draw([[(400, 100), (400, 300)]])
    hand.press("#undo")
    assert np.array_equal(coverage(page), drawn)
    hand.press("#undo")
    hand.press("#redo")
    assert np.array_equal(coverage(page), drawn)


def test_a_finger_and_a_mouse_draw_an_even_line(page, hand):
    hand.draw([ROW])
    widths = coverage(page)[:, 150:650].sum(axis=0)
    assert widths == pytest.approx(BRUSH, abs=0.1)


@pytest.mark.parametrize("brush", [PAD["brush_min"], PAD["brush"]])
def test_a_number_written_with_changing_pressure_is_read(page, hand, brush):
    """Its digits touch, so that they are told apart by their strokes: those are taken for what made the ink."""
    page.fill("#brush", str(brush))
    strokes = []
    for stroke in lay_out("253", spacing=0.55):
        points = np.array(stroke)
        at = np.linspace(0, len(points) - 1, 8 * len(points))
        strokes.append(np.stack([np.interp(at, range(len(points)), points[:, k]) for k in (0, 1)], axis=1).tolist())
    hand.draw_with_pen(strokes, [0.5 + 0.35 * np.sin(np.linspace(0, 6, len(stroke))) for stroke in strokes])
    assert number(page) == "253"


def test_the_pen_that_comes_down_beside_the_palm_draws(page, hand):
    """The palm of the hand that holds the pen often comes first."""
    page.evaluate("""() => {
        const box = pad.getBoundingClientRect();
        const send = (kind, id, type, x, y) => pad.dispatchEvent(new PointerEvent("pointer" + kind, {
            pointerId: id, pointerType: type, clientX: box.x + x * box.width / 800, clientY: box.y + y * box.width / 800,
            pressure: 0.5, button: kind === "move" ? -1 : 0, buttons: kind === "up" ? 0 : 1, bubbles: true}));
        send("down", 7, "touch", 600, 350);
        send("move", 7, "touch", 610, 350);
        send("down", 8, "pen", 100, 100);
        for (let x = 100; x <= 500; x += 20) send("move", 8, "pen", x, 100);
        send("move", 7, "touch", 700, 350);
        send("up", 8, "pen", 500, 100);
        send("up", 7, "touch", 700, 350);
    }""")
    ink = coverage(page)
    assert ink[100, 300] > 0.9
    assert not ink[300:].any()
