"""Writes on the page's pad as a hand does: pointer events along strokes, with mouse or finger.

Strokes are lists of (x, y). The tests and benchmarks/browser.py share this.
"""

import json
import time
from pathlib import Path

from playwright.sync_api import Error as PlaywrightError

REST = 120  # ms
OFTEN = 20  # ms between two looks
PAD = json.loads((Path(__file__).parents[2] / "site" / "pad.json").read_text())

# The tests' own handwriting: each digit as strokes in a box of 0..1, y down.
DIGITS = {
    "0": [[(0.5, 0), (0.25, 0.08), (0.1, 0.35), (0.1, 0.65), (0.25, 0.92), (0.5, 1), (0.75, 0.92),
           (0.9, 0.65), (0.9, 0.35), (0.75, 0.08), (0.5, 0)]],
    "1": [[(0.3, 0.2), (0.55, 0), (0.55, 1)]],
    "2": [[(0.1, 0.25), (0.2, 0.07), (0.45, 0), (0.75, 0.05), (0.88, 0.25), (0.8, 0.45), (0.5, 0.7),
           (0.1, 1), (0.95, 1)]],
    "3": [[(0.12, 0.08), (0.45, 0), (0.78, 0.08), (0.85, 0.25), (0.72, 0.42), (0.4, 0.48), (0.75, 0.55),
           (0.9, 0.75), (0.78, 0.94), (0.45, 1), (0.1, 0.92)]],
    "4": [[(0.55, 0), (0.08, 0.65), (0.95, 0.65)], [(0.68, 0.3), (0.68, 1)]],
    "5": [[(0.2, 0), (0.15, 0.45), (0.45, 0.38), (0.75, 0.45), (0.9, 0.68), (0.78, 0.92), (0.45, 1),
           (0.1, 0.92)], [(0.2, 0), (0.85, 0)]],
    "6": [[(0.75, 0), (0.4, 0.22), (0.18, 0.55), (0.2, 0.85), (0.45, 1), (0.75, 0.92), (0.85, 0.72),
           (0.7, 0.55), (0.4, 0.58), (0.2, 0.75)]],
    "7": [[(0.1, 0), (0.9, 0), (0.6, 0.45), (0.4, 1)]],
    "8": [[(0.8, 0.15), (0.5, 0), (0.2, 0.12), (0.22, 0.35), (0.5, 0.48), (0.8, 0.65), (0.82, 0.88),
           (0.5, 1), (0.18, 0.88), (0.2, 0.65), (0.5, 0.48), (0.78, 0.33), (0.8, 0.15)]],
    "9": [[(0.82, 0.2), (0.6, 0.02), (0.3, 0.06), (0.17, 0.27), (0.35, 0.47), (0.65, 0.45), (0.82, 0.2),
           (0.8, 0.6), (0.7, 1)]],
}  # fmt: skip
# Likewise its marks.
MARKS = {
    ".": [[(0.42, 0.96), (0.52, 0.96), (0.52, 1.0), (0.44, 1.0)]],
    ",": [[(0.5, 0.92), (0.52, 1.0), (0.3, 1.22)]],
    "-": [[(0.1, 0.55), (0.5, 0.55), (0.9, 0.55)]],
    "+": [[(0.05, 0.55), (0.95, 0.55)], [(0.5, 0.3), (0.5, 0.8)]],
    "/": [[(0.95, -0.1), (0.5, 0.5), (0.05, 1.1)]],
    ":": [[(0.45, 0.36), (0.53, 0.36), (0.53, 0.4)], [(0.45, 0.8), (0.53, 0.8), (0.53, 0.84)]],
    "%": [[(0.2, 0.05), (0.02, 0.18), (0.18, 0.34), (0.36, 0.2), (0.2, 0.05)], [(0.95, 0), (0.05, 1)],
          [(0.8, 0.66), (0.64, 0.8), (0.8, 0.96), (0.98, 0.82), (0.8, 0.66)]],
    "(": [[(0.7, -0.1), (0.42, 0.15), (0.3, 0.5), (0.42, 0.85), (0.7, 1.1)]],
    ")": [[(0.3, -0.1), (0.58, 0.15), (0.7, 0.5), (0.58, 0.85), (0.3, 1.1)]],
    "$": [[(0.85, 0.15), (0.5, 0.05), (0.18, 0.2), (0.3, 0.44), (0.7, 0.56), (0.85, 0.78), (0.5, 0.95), (0.12, 0.85)],
          [(0.5, -0.1), (0.5, 1.1)]],
    "=": [[(0.1, 0.42), (0.9, 0.42)], [(0.1, 0.68), (0.9, 0.68)]],
    "×": [[(0.12, 0.35), (0.88, 0.75)], [(0.88, 0.35), (0.12, 0.75)]],
}  # fmt: skip


def lay_out(text, width=PAD["width"], height=PAD["height"], spacing=1.6):
    """The strokes of `text` in this file's handwriting, in pixels, in the middle of a pad. spacing: in widths of a
    digit; digits closer than one width run into each other."""
    tall = 0.55 * height
    wide = min(0.5 * tall, 0.55 * width / len(text))
    pitch = spacing * wide
    left = (width - pitch * len(text) + pitch - wide) / 2
    top = (height - tall) / 2
    return [
        [(left + i * pitch + x * wide, top + y * tall) for x, y in stroke]
        for i, character in enumerate(text)
        for stroke in (DIGITS | MARKS)[character]
    ]


def place(strokes, side=0.65 * PAD["height"]):
    """Strokes given in 0..1, their longer side made `side` px, in the middle of the pad."""
    points = [point for stroke in strokes for point in stroke]
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, bottom = min(y for _, y in points), max(y for _, y in points)
    x0 = (PAD["width"] - side * (right - left)) / 2 - side * left
    y0 = (PAD["height"] - side * (bottom - top)) / 2 - side * top
    return [[(x0 + side * float(x), y0 + side * float(y)) for x, y in stroke] for stroke in strokes]


class Hand:
    """Draws on the pad of a Playwright page; points are in pixels of the pad's own 800 x 400."""

    def __init__(self, page):
        self.page = page
        self._session = None

    def on_screen(self, point):
        """Where a point of the pad is in the window."""
        return self.all_on_screen([point])[0]

    def all_on_screen(self, points):
        box = self.page.locator("#pad").bounding_box()
        scale = box["width"] / PAD["width"]
        return [(box["x"] + float(x) * scale, box["y"] + float(y) * scale) for x, y in points]

    def to_pad(self):
        """Where a picture stands in its place, whoever writes asks for the pad first."""
        if self.page.get_attribute("body", "data-place") == "picture":
            self.page.locator("#write").click()

    def draw(self, strokes):
        """With the mouse."""
        self.to_pad()
        mouse = self.page.mouse
        # Playwright's own would wait for two frames until nothing moves.
        self.page.locator("#pad").evaluate("pad => pad.scrollIntoViewIfNeeded()")
        for stroke in strokes:
            trail = self.all_on_screen(stroke)
            mouse.move(*trail[0])
            mouse.down()
            for point in trail[1:]:
                mouse.move(*point)
            mouse.up()

    def write(self, text):
        self.draw(lay_out(text))

    @property
    def session(self):
        """Chromium's own protocol, for what Playwright has no words for."""
        if self._session is None:
            self._session = self.page.context.new_cdp_session(self.page)
        return self._session

    def touch(self, kind, *points):
        """One touch event: "Start", "Move", "End" or "Cancel", with the fingers that are down."""
        fingers = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(self.all_on_screen(points))]
        self.session.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": fingers})

    def draw_with_finger(self, strokes, rests=False):
        """rests: it lies still for a moment before it is lifted. Chromium's emulation takes one that is lifted in its way for
        a fling, and makes no click of the next tap, wherever it is and however long it lasts; so it does of a bare canvas
        without scripts, also where touchmove and touchend are prevented, so no page can help it."""
        for stroke in strokes:
            self.touch("Start", stroke[0])
            for point in stroke[1:]:
                self.touch("Move", point)
            if rests:
                self.page.wait_for_timeout(REST)
                self.touch("Move", (stroke[-1][0] + 1, stroke[-1][1]))
            self.touch("End")

    def draw_with_pen(self, strokes, pressures, up=True):
        """With a pen that feels how hard it is pressed, 0..1 at each point; up=False leaves it down at the end."""
        for stroke, forces in zip(strokes, pressures, strict=True):
            places = [dict(zip("xy", point, strict=True)) for point in self.all_on_screen(stroke)]
            kinds = ["mousePressed"] + ["mouseMoved"] * (len(stroke) - 1)
            for kind, place, force in zip(kinds, places, forces, strict=True):
                down = {"type": kind, "button": "left", "buttons": 1, "force": force, "pointerType": "pen"}
                self.session.send("Input.dispatchMouseEvent", down | place)
            if up:
                lifted = {"type": "mouseReleased", "button": "left", "buttons": 0, "pointerType": "pen"}
                self.session.send("Input.dispatchMouseEvent", lifted | places[-1])

    def press(self, control):
        """Also what is greyed: Playwright would wait until it is not, a person need not."""
        target = self.page.locator(control)
        if not target.is_visible():  # a picture stands in the place of the pad and its tools
            self.to_pad()
        target.click(force=target.get_attribute("aria-disabled") == "true")


def wait_until_ready(page):
    page.wait_for_selector("body:not([data-app=loading])", timeout=60_000)
    assert page.get_attribute("body", "data-app") == "ready", page.text_content("#status")


def number(page):
    """The text read, once the reading of the latest ink is shown."""
    page.wait_for_selector("#number:not([data-state=reading])")
    return page.locator("#number").text_content()


def wait_for(page, script, *arguments, timeout=30_000):
    """Until an expression, or a function of `arguments`, is true on the page or the next one; timeout in ms. Playwright's
    own wait_for_function makes code of a text there, which the page's policy refuses."""
    end = time.monotonic() + timeout / 1000
    while True:
        try:
            if page.evaluate(script, *arguments):
                return
            why = "it is not true"
        except PlaywrightError as error:  # between two pages
            why = error
        assert time.monotonic() < end, f"not in {timeout} ms: {script}: {why}"
        page.wait_for_timeout(OFTEN)
