"""A person's visit to the page, in whatever browser: what they do with mouse, finger and keys, and what it shows them.

A test says what a person does in these words, once, and runs in each browser that can (conftest.py). Each browser has a
Visit of its own in a file named after it, which says how that one is driven; what only some of them can is said there.
"""

import json
import time

from tests.browser.hand import PAD

SECONDS = 30  # for anything on the page but its start
START_SECONDS = 90
OFTEN = 0.02  # s between two looks

# Where to press something, or null where something else lies over it.
MIDDLE = """selector => {
  const element = document.querySelector(selector);
  element.scrollIntoView({block: "nearest", behavior: "instant"});
  const box = element.getBoundingClientRect();
  const x = Math.round(box.x + box.width / 2), y = Math.round(box.y + box.height / 2);
  return element.contains(document.elementFromPoint(x, y)) ? [x, y] : null;
}"""

PAD_BOX = """(() => {
  pad.scrollIntoView({block: "nearest", behavior: "instant"});
  const {x, y, width} = pad.getBoundingClientRect();
  return [x, y, width];
})()"""

# A file dragged or pasted, by events that a script makes: a headless browser has neither a desktop to drag it from nor
# pictures on its clipboard. Drags go where a person sees them go. (tests/browser/pictures drags and pastes for real.)
HAND_OVER = """(kind, point, words, ...files) => {
  const options = {bubbles: true, cancelable: true};
  const event = kind === "paste" ? new ClipboardEvent(kind, {...options, clipboardData: new DataTransfer()})
    : new DragEvent(kind, {...options, dataTransfer: new DataTransfer()});
  const data = event.clipboardData ?? event.dataTransfer;
  if (words) data.setData("text/plain", words);
  for (const [name, type, bytes] of files) data.items.add(new File([new Uint8Array(bytes)], name, {type}));
  const target = kind === "paste" ? document.activeElement : document.elementFromPoint(...point);
  return !target.dispatchEvent(event);
}"""


# One pointer along a trail of [x, y]. No engine captures one that a script has made, so all events go to the pad.
POINTER = """(trail, pointerType, pressure, erases) => {
  const [button, down] = erases ? [5, 32] : [0, 1]; // of a pen that is held the other way round
  const tell = (kind, [clientX, clientY], buttons) => pad.dispatchEvent(new PointerEvent(kind, {
    bubbles: true, cancelable: true, isPrimary: true, pointerId: 7, pointerType, clientX, clientY, buttons,
    button: kind === "pointermove" ? -1 : button, pressure: buttons ? pressure : 0,
  }));
  tell("pointerdown", trail[0], down);
  trail.slice(1).forEach(point => tell("pointermove", point, down));
  tell("pointerup", trail.at(-1), 0);
}"""


class NoPage(Exception):
    """The browser is between two pages and can run no script just now."""


class Visit:
    """`complaints` are what the browser said against the page, `requests` the addresses that the page asked for, as far as
    the browser tells either; `downloads` is the folder that it saves to."""

    has_http_cache = True

    def __init__(self, downloads):
        self.complaints = []
        self.requests = []
        self.downloads = downloads

    # --- what each browser does in its own way -------------------------------------------------

    def navigate(self, url):
        raise NotImplementedError

    def run_script(self, script):
        """The JSON text of an async function's value. NoPage where there is none to run it."""
        raise NotImplementedError

    def set_window(self, size):
        """{"width", "height"} of the page in CSS px, or None for that of the beginning."""
        raise NotImplementedError

    def point(self, trail):
        """The mouse goes down where the trail begins, along it, and up."""
        raise NotImplementedError

    def touch(self, trail):
        """As a finger does, with events of the type "touch"."""
        raise NotImplementedError

    def draw_with_pen(self, stroke, pressure, erases=False):
        """Along points of the pad. pressure: 0..1. erases: with its other end."""
        raise NotImplementedError

    def key(self, name, *held):
        """Presses a key while others are held."""
        raise NotImplementedError

    def choose_file(self, selector, path):
        """As its file chooser would."""
        raise NotImplementedError

    # --- the page ------------------------------------------------------------------------------

    def open(self, url):
        """Until it can read."""
        self.navigate(url)
        self.wait_until_ready()

    def reload(self):
        self.leave(lambda: self.evaluate("void setTimeout(() => location.reload())"))

    def leave(self, act):
        """Does what ends with another page in this one's place, and waits until that can read."""
        self.evaluate("void (window.isOld = true)")
        act()
        end = time.monotonic() + SECONDS
        while not self._is_next_page():
            assert time.monotonic() < end, f"no other page in {SECONDS} s"
            time.sleep(OFTEN)
        self.wait_until_ready()

    def _is_next_page(self):
        try:
            return self.evaluate("!window.isOld && document.readyState === 'complete'")
        except NoPage:
            return False

    def wait_until_ready(self):
        self.wait_for("document.body.dataset.app !== 'loading'", seconds=START_SECONDS)
        assert self.evaluate("document.body.dataset.app") == "ready", self.text("#status")

    def what_was_said(self):
        """(complaints, requests) since this was last asked."""
        said = self.complaints, self.requests
        self.complaints, self.requests = [], []
        return said

    def evaluate(self, script, *arguments):
        """The value of an expression, or of a function of `arguments`; a promise's when it is settled."""
        if arguments:
            script = f"({script})({', '.join(map(json.dumps, arguments))})"
        return json.loads(self.run_script(f"JSON.stringify(await ({script}) ?? null)"))

    def text(self, selector):
        return self.evaluate("selector => document.querySelector(selector).textContent", selector)

    def is_seen(self, selector):
        return self.evaluate("selector => document.querySelector(selector).checkVisibility()", selector)

    def wait_for(self, condition, seconds=SECONDS):
        """Until the expression is true."""
        end = time.monotonic() + seconds
        while not self.evaluate(condition):
            assert time.monotonic() < end, f"not in {seconds} s: {condition}"
            time.sleep(OFTEN)

    def wait_for_text(self, selector, text):
        end = time.monotonic() + SECONDS
        while (shown := self.text(selector)) != text:
            assert time.monotonic() < end, f"{selector} says {shown!r}, not {text!r}; {self.text('#status')}"
            time.sleep(OFTEN)

    def number(self):
        """The text read, once the reading of the latest ink is shown."""
        self.wait_for("document.getElementById('number').dataset.state !== 'reading'")
        return self.text("#number")

    # --- the hand ------------------------------------------------------------------------------

    def press(self, selector):
        """Once it lies still, and nothing over it."""
        middle = self.settled(MIDDLE, selector)
        assert middle, f"something lies over {selector}"
        self.point([middle])

    def settled(self, script, *arguments):
        """What two looks in a row agree on, if they do so in time, and it is something: a hand would wait as long."""
        end = time.monotonic() + SECONDS
        seen, before = self.evaluate(script, *arguments), None
        while (seen is None or seen != before) and time.monotonic() < end:
            time.sleep(OFTEN)
            seen, before = self.evaluate(script, *arguments), seen
        return seen

    def on_screen(self, trail):
        """Points of the pad's own 800 x 400 in the window."""
        left, top, width = self.settled(PAD_BOX)
        scale = width / PAD["width"]
        return [(left + x * scale, top + y * scale) for x, y in trail]

    def to_pad(self):
        """Where a picture stands in its place, whoever writes asks for the pad first."""
        if self.evaluate("document.body.dataset.place") == "picture":
            self.press("#write")

    def draw(self, strokes):
        self.to_pad()
        for stroke in strokes:
            self.point(self.on_screen(stroke))

    def made_by_script(self, trail, kind, pressure, erases=False):
        """What no protocol of this browser has words for: a pointer of that kind along points of the window, as events that
        a script dispatches on the pad."""
        self.evaluate(POINTER, trail, kind, pressure, erases)

    def hand_over(self, kind, *files, words="", point=(200, 200)):
        """kind: "paste", "dragenter", "dragover" or "drop". files: (name, type, bytes). Whether the page took it."""
        return self.evaluate(HAND_OVER, kind, point, words, *((name, form, list(data)) for name, form, data in files))

    def saved_file(self, name="number.png"):
        """The path of what the page saved under that name, once it is there whole."""
        file = self.downloads / name
        end = time.monotonic() + SECONDS
        while not (file.is_file() and file.stat().st_size) or list(self.downloads.glob("*.part")):
            assert time.monotonic() < end, f"nothing is saved in {self.downloads}"
            time.sleep(OFTEN)
        return file


def pointer_actions(trail, kind="mouse", name="pointer"):
    """One pointer's part in W3C WebDriver's actions, which both of its protocols share: down, along the trail, up."""
    first, *rest = [{"type": "pointerMove", "x": round(x), "y": round(y), "duration": 0} for x, y in trail]
    down, up = {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}
    return {"type": "pointer", "id": name, "parameters": {"pointerType": kind}, "actions": [first, down, *rest, up]}


# What WebDriver calls the keys that write nothing.
KEYS = {
    "Enter": "\ue007", "Shift": "\ue008", "Control": "\ue009", "Meta": "\ue03d", "ArrowUp": "\ue013", "ArrowDown": "\ue015",
}  # fmt: skip


def key_actions(name, *held):
    """Likewise a key that is pressed while others are held."""
    keys = [KEYS.get(each, each) for each in (*held, name)]
    down = [{"type": "keyDown", "value": each} for each in keys]
    up = [{"type": "keyUp", "value": each} for each in reversed(keys)]
    return {"type": "key", "id": "keyboard", "actions": down + up}
