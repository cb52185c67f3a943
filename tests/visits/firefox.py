"""A visit in Firefox, driven by WebDriver BiDi (bidi.py)."""

import json

from tests.visits.bidi import Refused
from tests.visits.visit import NoPage, Visit, key_actions, pointer_actions

HEARD = "log.entryAdded", "network.beforeRequestSent", "network.responseCompleted", "network.fetchError"

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


class FirefoxVisit(Visit):
    def __init__(self, downloads):
        super().__init__(downloads)
        self.command = self.tab = None

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

    def navigate(self, url):
        self.command("browsingContext.navigate", context=self.tab, url=url, wait="complete")

    def reload_past_all_caches(self):
        """As with the Shift key: what is kept for offline use is passed over, too."""
        self.leave(lambda: self.in_its_window("BrowserCommands.reloadSkipCache()"))

    def run_script(self, script):
        try:
            answer = self.command(
                "script.evaluate",
                expression=f"(async () => {script})()",
                target={"context": self.tab},
                awaitPromise=True,
            )
        except Refused as refused:
            raise NoPage from refused
        assert answer["type"] == "success", answer["exceptionDetails"]["text"]
        return answer["result"]["value"]

    def in_its_window(self, script, *arguments):
        """Runs an expression, or a function of `arguments`, in Firefox's own window, around the page; waits for a
        promise."""
        if arguments:
            script = f"({script})({', '.join(map(json.dumps, arguments))})"
        window = self.command("browsingContext.getTree", **{"moz:scope": "chrome"})["contexts"][0]["context"]
        target = {"context": window}
        answer = self.command("script.evaluate", expression=script, target=target, awaitPromise=True)
        assert answer["type"] == "success", answer["exceptionDetails"]["text"]

    def set_window(self, size):
        self.command("browsingContext.setViewport", context=self.tab, viewport=size)

    def _perform(self, actions):
        self.command("input.performActions", context=self.tab, actions=[actions])

    def point(self, trail):
        self._perform(pointer_actions(trail))

    def key(self, name, *held):
        self._perform(key_actions(name, *held))

    def touch(self, *trails):
        """A finger for each of the trails over the page."""
        self.in_its_window(FINGERS, [self._around(trail) for trail in trails])

    def draw_with_pen(self, stroke, pressure, erases=False):
        trail = [(x, y, pressure) for x, y in self.on_screen(stroke)]
        self.in_its_window(PEN, self._around(trail), 5 if erases else 0)

    def _around(self, trail):
        """Points of the page in the window that Firefox has around it."""
        left, top = self.evaluate("[mozInnerScreenX, mozInnerScreenY]")
        return [(left + x, top + y, *rest) for x, y, *rest in trail]

    def choose_file(self, selector, path):
        found = self.command(
            "browsingContext.locateNodes", context=self.tab, locator={"type": "css", "value": selector}
        )
        self.command("input.setFiles", context=self.tab, element=found["nodes"][0], files=[str(path)])
