"""A person's visit in Firefox: what they do with mouse, finger and keys, and what the page shows them."""

import json
import time

from tests.browser.hand import PAD
from tests.firefox.bidi import Refused

SECONDS = 30  # for anything on the page but its start

HEARD = "log.entryAdded", "network.beforeRequestSent", "network.responseCompleted", "network.fetchError"

# What WebDriver calls the keys that write nothing.
KEYS = {
    "Enter": "\ue007", "Shift": "\ue008", "Control": "\ue009", "Meta": "\ue03d", "ArrowUp": "\ue013", "ArrowDown": "\ue015",
}  # fmt: skip

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


# Fingers on the screen itself, which scrolls and zooms before the page hears of them. Trails are equally long.
FINGERS = """async (trails) => {
  const tell = (state, step) => trails.forEach((trail, finger) => {
    const [x, y] = trail.at(step).map(side => Math.round(side * devicePixelRatio));
    windowUtils.sendNativeTouchPoint(finger, state, x, y, 1, 90);
  });
  for (let step = 0; step < trails[0].length; step++) {
    tell(windowUtils.TOUCH_CONTACT, step);
    await new Promise(resolve => setTimeout(resolve, 5));
  }
  tell(windowUtils.TOUCH_REMOVE, -1);
}"""

# A pen over points (x, y, pressure); `button` is 0 for its tip and 5 for its other end.
PEN = """(trail, button) => {
  const tell = (type, [x, y, pressure], isDown) => synthesizeMouseEvent(type, x, y, {
    identifier: 7, inputSource: MouseEvent.MOZ_SOURCE_PEN, button, pressure: isDown ? pressure : 0, clickCount: 1,
    buttons: isDown && (button ? 32 : 1),
  }, {isDOMEventSynthesized: true, isAsyncEnabled: true});
  tell("mousemove", trail[0], false);
  tell("mousedown", trail[0], true);
  trail.slice(1).forEach(point => tell("mousemove", point, true));
  tell("mouseup", trail.at(-1), false);
}"""

# A file dragged or pasted, by events that a script makes: a headless Firefox has neither a desktop to drag it from nor
# pictures on its clipboard. Drags go where a person sees them go.
HAND_OVER = """(kind, point, words, ...files) => {
  const options = {bubbles: true, cancelable: true};
  const event = kind === "paste" ? new ClipboardEvent(kind, options)
    : new DragEvent(kind, {...options, dataTransfer: new DataTransfer()});
  const data = event.clipboardData ?? event.dataTransfer;
  if (words) data.setData("text/plain", words);
  for (const [name, type, bytes] of files) data.items.add(new File([new Uint8Array(bytes)], name, {type}));
  const target = kind === "paste" ? document.activeElement : document.elementFromPoint(...point);
  return !target.dispatchEvent(event);
}"""


class Visit:
    """`complaints` are what Firefox said against the page, `requests` the addresses that the page asked for."""

    def __init__(self):
        self.complaints = []
        self.requests = []

    def start(self, connection):
        self.command = connection.command
        self.command("session.subscribe", events=list(HEARD))
        self.tab = self.command("browsingContext.getTree")["contexts"][0]["context"]

    def hear(self, method, params):
        if method == "network.beforeRequestSent":
            self.requests.append(params["request"]["url"])
        elif method == "network.responseCompleted":
            if params["response"]["status"] >= 400:
                self.complaints.append(f"{params['request']['url']}: {params['response']['status']}")
        elif method == "network.fetchError":
            self.complaints.append(f"{params['request']['url']}: {params['errorText']}")
        elif params["level"] in ("error", "warn"):
            self.complaints.append(params["text"])

    # --- the page ----------------------------------------------------------------------------

    def open(self, url):
        """Until it can read."""
        self.command("browsingContext.navigate", context=self.tab, url=url, wait="complete")
        self.wait_until_ready()

    def reload(self):
        self.command("browsingContext.reload", context=self.tab, wait="complete")
        self.wait_until_ready()

    def reload_past_all_caches(self):
        """As with the Shift key: what is kept for offline use is passed over, too."""
        self.evaluate("void (window.isOld = true)")
        self.in_its_window("BrowserCommands.reloadSkipCache()")
        self.wait_for_next_page()

    def wait_for_next_page(self):
        """Until the page that has window.isOld is gone and the next one can read."""
        end = time.monotonic() + SECONDS
        while not self._is_next_page():
            assert time.monotonic() < end, f"no other page in {SECONDS} s"
            time.sleep(0.02)
        self.wait_until_ready()

    def _is_next_page(self):
        try:
            return self.evaluate("!window.isOld && document.readyState === 'complete'")
        except Refused:
            return False  # there is neither of them just now

    def wait_until_ready(self):
        self.wait_for("document.body.dataset.app !== 'loading'", seconds=90)
        assert self.evaluate("document.body.dataset.app") == "ready", self.text("#status")

    def evaluate(self, script, *arguments):
        """The value of an expression, or of a function of `arguments`; a promise's when it is settled."""
        if arguments:
            script = f"({script})({', '.join(map(json.dumps, arguments))})"
        answer = self.command(
            "script.evaluate",
            expression=f"(async () => JSON.stringify(await ({script}) ?? null))()",
            target={"context": self.tab},
            awaitPromise=True,
        )
        assert answer["type"] == "success", answer["exceptionDetails"]["text"]
        return json.loads(answer["result"]["value"])

    def in_its_window(self, script, *arguments):
        """Runs an expression, or a function of `arguments`, in Firefox's own window, around the page; waits for a
        promise."""
        if arguments:
            script = f"({script})({', '.join(map(json.dumps, arguments))})"
        window = self.command("browsingContext.getTree", **{"moz:scope": "chrome"})["contexts"][0]["context"]
        target = {"context": window}
        answer = self.command("script.evaluate", expression=script, target=target, awaitPromise=True)
        assert answer["type"] == "success", answer["exceptionDetails"]["text"]

    def text(self, selector):
        return self.evaluate("selector => document.querySelector(selector).textContent", selector)

    def is_seen(self, selector):
        return self.evaluate("selector => document.querySelector(selector).checkVisibility()", selector)

    def wait_for(self, condition, seconds=SECONDS):
        """Until the expression is true."""
        end = time.monotonic() + seconds
        while not self.evaluate(condition):
            assert time.monotonic() < end, f"not in {seconds} s: {condition}"
            time.sleep(0.02)

    def wait_for_text(self, selector, text):
        end = time.monotonic() + SECONDS
        while (shown := self.text(selector)) != text:
            assert time.monotonic() < end, f"{selector} says {shown!r}, not {text!r}; {self.text('#status')}"
            time.sleep(0.02)

    def number(self):
        """The text read, once the reading of the latest ink is shown."""
        self.wait_for("document.getElementById('number').dataset.state !== 'reading'")
        return self.text("#number")

    def set_window(self, size):
        """{"width", "height"}, or None for that of the beginning."""
        self.command("browsingContext.setViewport", context=self.tab, viewport=size)

    # --- the hand ----------------------------------------------------------------------------

    def _perform(self, *sources):
        self.command("input.performActions", context=self.tab, actions=sources)

    def point(self, *trails, pointer="mouse"):
        """Down where a trail begins, along it, and up: a pointer for each of the trails, which are equally long."""
        down, up = {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}
        pointers = []
        for number, trail in enumerate(trails):
            first, *rest = [{"type": "pointerMove", "x": round(x), "y": round(y)} for x, y in trail]
            name = {"type": "pointer", "id": f"{pointer} {number}", "parameters": {"pointerType": pointer}}
            pointers.append(name | {"actions": [first, down, *rest, up]})
        self._perform(*pointers)

    def press(self, selector, pointer="mouse"):
        middle = self.evaluate(MIDDLE, selector)
        assert middle, f"something lies over {selector}"
        self.point([middle], pointer=pointer)

    def key(self, name, *held):
        """Presses a key while others are held."""
        keys = [KEYS.get(each, each) for each in (*held, name)]
        down = [{"type": "keyDown", "value": each} for each in keys]
        up = [{"type": "keyUp", "value": each} for each in reversed(keys)]
        self._perform({"type": "key", "id": "keyboard", "actions": down + up})

    def on_screen(self, trail):
        """Points of the pad's own 800 x 400 in the window."""
        left, top, width = self.evaluate(PAD_BOX)
        scale = width / PAD["width"]
        return [(left + x * scale, top + y * scale) for x, y in trail]

    def draw(self, strokes, pointer="mouse"):
        for stroke in strokes:
            self.point(self.on_screen(stroke), pointer=pointer)

    def _around(self, trail):
        """Points of the page in the window that Firefox has around it."""
        left, top = self.evaluate("[mozInnerScreenX, mozInnerScreenY]")
        return [(left + x, top + y, *rest) for x, y, *rest in trail]

    def touch(self, *trails):
        """A finger for each of the trails over the page."""
        self.in_its_window(FINGERS, [self._around(trail) for trail in trails])

    def draw_with_pen(self, stroke, pressure, end=0):
        """pressure: 0..1. end: 5 for the one that erases."""
        trail = [(x, y, pressure) for x, y in self.on_screen(stroke)]
        self.in_its_window(PEN, self._around(trail), end)

    def hand_over(self, kind, *files, words="", point=(200, 200)):
        """kind: "paste", "dragenter", "dragover" or "drop". files: (name, type, bytes). Whether the page took it."""
        return self.evaluate(HAND_OVER, kind, point, words, *((name, form, list(data)) for name, form, data in files))

    def choose_file(self, selector, path):
        """As its file chooser would."""
        found = self.command("browsingContext.locateNodes", context=self.tab, locator={"type": "css", "value": selector})
        self.command("input.setFiles", context=self.tab, element=found["nodes"][0], files=[str(path)])


def saved_file(folder):
    """The path of the drawing that the page saved to the folder, once it is there whole."""
    file = folder / "number.png"
    end = time.monotonic() + SECONDS
    while not (file.is_file() and file.stat().st_size) or list(folder.glob("*.part")):
        assert time.monotonic() < end, f"nothing is saved in {folder}"
        time.sleep(0.02)
    return file
