"""A visit in Chromium, driven by Playwright (whose own vocabulary most tests use: tests/browser)."""

from pathlib import Path

from playwright.sync_api import Error as PlaywrightError

from tests.browser.hand import Hand
from tests.visits.visit import SECONDS, NoPage, Visit

WINDOW = {"width": 1280, "height": 800}


class ChromiumVisit(Visit):
    def __init__(self, browser, downloads, proxy):
        super().__init__(downloads)
        self.saved = []
        self.context = browser.new_context(
            viewport=WINDOW, has_touch=True, proxy={"server": proxy, "bypass": "127.0.0.1"}, reduced_motion="reduce",
            permissions=["clipboard-read", "clipboard-write"],
        )  # fmt: skip
        self.page = self.context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("download", lambda download: self.saved.append(download))
        self.context.on("request", lambda request: self.requests.append(request.url))
        self.context.on("requestfailed", lambda request: self.complaints.append(request.url))
        self.hand = Hand(self.page)

    def _hear(self, message):
        if message.type in ("error", "warning") and "willReadFrequently" not in message.text:  # of the tests' own looks
            self.complaints.append(message.text)

    def navigate(self, url):
        self.page.goto(url)

    def run_script(self, script):
        try:
            return self.page.evaluate(f"(async () => {script})()")
        except PlaywrightError as error:
            if "context was destroyed" in error.message:
                raise NoPage from error
            raise

    def set_window(self, size):
        self.page.set_viewport_size(size or WINDOW)

    def point(self, trail):
        mouse = self.page.mouse
        mouse.move(*trail[0])
        mouse.down()
        for place in trail[1:]:
            mouse.move(*place)
        mouse.up()

    def key(self, name, *held):
        self.page.keyboard.press("+".join((*held, name)))

    def touch(self, *trails):
        """A finger for each of the trails over the page; trails are equally long."""
        for kind, step in (("touchStart", 0), *(("touchMove", step) for step in range(1, len(trails[0])))):
            fingers = [{"x": trail[step][0], "y": trail[step][1], "id": finger} for finger, trail in enumerate(trails)]
            self.hand.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})
        self.hand.session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    def draw_with_pen(self, stroke, pressure, erases=False):
        trail = self.on_screen(stroke)
        if erases:
            self.made_by_script(trail, "pen", pressure, erases)
            return
        kinds = ["mousePressed", *["mouseMoved"] * (len(stroke) - 1), "mouseReleased"]
        for kind, (x, y) in zip(kinds, [*trail, trail[-1]], strict=True):
            event = {
                "type": kind,
                "x": x,
                "y": y,
                "pointerType": "pen",
                "force": pressure,
                "button": "left",
                "buttons": 1,
            }
            self.hand.session.send("Input.dispatchMouseEvent", event)

    def saved_file(self, name="number.png"):
        while not self.saved:
            self.page.wait_for_event("download", timeout=1000 * SECONDS)
        download = self.saved.pop(0)
        download.save_as(self.downloads / download.suggested_filename)
        return super().saved_file(name)

    def choose_file(self, selector, path):
        self.page.locator(selector).set_input_files(Path(path))
