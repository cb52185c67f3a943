"""Visits watched from the navigation on: when the pad takes ink, when a number is shown, when all is ready and kept."""

import shutil
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from opened import LAPTOP, chromium_path

from tests.browser.hand import DIGITS
from tests.visits.webkit import WebKitVisit, webkit

# All of ms since the navigation. "pad": it takes ink. "answer": a digit is shown that was written as soon as it did, be it
# a first guess or the reading. "listening", "python", "model": the worker's steps. "kept": it works without a connection.
STEPS = ("pad", "answer", "listening", "python", "model", "ready", "kept")
WRITTEN = "3"  # of one stroke, and like no other to the first guess, either
SETTLE = 2  # s, for the browser's own start, which would slow whatever is opened first
PATIENCE = 180  # s

# A digit is written by events that a script makes: no driver could be there in the same moment.
WATCH = """stroke => {
  window.steps = {};
  const mark = (name) => (steps[name] ??= performance.now());
  addEventListener("reached", ({detail}) => mark(detail));
  const write = () => {
    const {x, y, width, height} = pad.getBoundingClientRect();
    const tell = (kind, [left, top], buttons) => pad.dispatchEvent(new PointerEvent(kind, {
      bubbles: true, cancelable: true, isPrimary: true, pointerId: 7, pointerType: "mouse", buttons,
      button: kind === "pointermove" ? -1 : 0, pressure: buttons ? 0.5 : 0,
      clientX: x + width * (0.44 + 0.12 * left), clientY: y + height * (0.25 + 0.5 * top),
    }));
    tell("pointerdown", stroke[0], 1);
    stroke.slice(1).forEach((point) => tell("pointermove", point, 1));
    tell("pointerup", stroke.at(-1), 0);
  };
  const look = () => {
    if (document.body.dataset.python && !steps.pad) mark("pad"), setTimeout(write);
    if (document.body.dataset.app === "ready") mark("ready");
  };
  const shown = () => {
    if (/\\d/.test(number.textContent)) requestAnimationFrame(() => setTimeout(() => mark("answer")));
  };
  const kept = () => offline.textContent === "Ready to work offline" && mark("kept");
  const [number, offline] = ["number", "offline"].map((id) => document.getElementById(id));
  if (!number) return; // the floor has none
  new MutationObserver(look).observe(document.body, {attributes: true});
  new MutationObserver(shown).observe(number, {childList: true, characterData: true, subtree: true});
  new MutationObserver(kept).observe(offline, {childList: true, characterData: true, subtree: true});
  look();
}"""
STROKE = str([list(point) for point in DIGITS[WRITTEN][0]])


class Opened:
    """A new profile of Chromium."""

    def __init__(self, driver, **context):
        self.folder = tempfile.mkdtemp()
        self.context = driver.chromium.launch_persistent_context(
            self.folder, executable_path=chromium_path(), chromium_sandbox=False, viewport=LAPTOP, **context
        )
        self.context.add_init_script(f'addEventListener("DOMContentLoaded", () => ({WATCH})({STROKE}));')
        time.sleep(SETTLE)

    def visit(self, url, until=("ready",), slowed=1):
        """{step: ms} of STEPS, of the clock that starts with the navigation. until: the steps that are waited for. slowed:
        how many times slower the page's thread is; browsers have no such thing for a worker's."""
        page = self.context.new_page()
        if slowed > 1:
            self.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slowed})
        page.goto(url)
        marks = marks_of(page.evaluate, url, until)
        page.close()
        return marks

    def close(self):
        self.context.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class OpenedInWebKit:
    """A WebKit that knows nothing yet; as Opened."""

    def __init__(self, display):
        self.stack = ExitStack()
        home = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        self.page = WebKitVisit(self.stack.enter_context(webkit(display, home)), home)
        time.sleep(SETTLE)

    def visit(self, url, until=("ready",)):
        self.page.navigate(url)
        self.page.evaluate(f"({WATCH})({STROKE})")  # its driver has no way to be there before the page is
        marks = marks_of(self.page.evaluate, url, until)
        self.page.navigate("about:blank")
        return marks

    def close(self):
        self.stack.close()


def marks_of(evaluate, url, until):
    """{step: ms} of the page that `evaluate` runs scripts in, once it has come as far as `until`."""
    deadline = time.monotonic() + PATIENCE
    while True:
        marks = evaluate("window.steps ?? {}")
        if all(step in marks for step in until):
            break
        if time.monotonic() > deadline:
            sys.exit(f"{url} had only {marks} after {PATIENCE} s: {evaluate('document.body.textContent')[:300]}")
        time.sleep(0.1)
    if "answer" in until and (read := evaluate("number.textContent")) != WRITTEN:
        sys.exit(f"a {WRITTEN} was read as {read!r}")
    return marks
