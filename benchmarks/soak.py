"""Whether one page goes on for ever: thousands of readings, pictures, teachings and undos in it, memory and latency watched.

    python benchmarks/soak.py [--readings 5000] [--json FILE]

Of ten readings one is of a picture, and one is taught another digit, which is then taken back; every third drawing is undone
and redone. Memory is that of JavaScript once it was asked to collect its garbage, and of WebAssembly, which grows and never
shrinks: in the worker (Pyodide) and on the page (MicroPython). Ends with status 1 if the worker's grows by 5 % or more after
the first 500 readings (or the first tenth, if there are fewer than 5,000); times depend on the machine, and are only told.
"""

import argparse
import json
import random
import statistics
import sys
from pathlib import Path

from opened import LAPTOP, chromium_path, served_page  # first: it says where the modules below are
from playwright.sync_api import sync_playwright
from root import ROOT
from startup import STOPWATCH, bar, p95

from tests.browser.hand import Hand, number, wait_until_ready
from tests.browser.picture_files import encoded, handwriting, open_picture

GROWTH = 1.05  # of the worker's memory, from the first tenth on: the bar
DRIFT = 1.2  # of the p95 of latency, from the first tenth to the last
SAMPLES = 10  # of memory, after each tenth
PICTURE_EVERY, TEACH_EVERY, UNDO_EVERY = 10, 10, 3
TAUGHT = "#status:has-text('Taught')"
MEGA = 1e6

BOOT = "document.querySelector('script[src*=early]').src.replace('early.js', '')"
# Each interpreter is had once more from the module that booted it.
PYODIDE = """async (boot) => {
  const python = await (await import(boot + "pyodide.mjs")).loadPyodide(console);
  const objects = python.runPython("import gc; gc.collect(); len(gc.get_objects())");
  return { objects, wasm: python._module.HEAPU8.length };
}"""
MICROPYTHON = """async (boot) => {
  const python = await (await import(boot + "micropython.mjs")).loadMicroPython({ stdout() {}, stderr() {} });
  python.runPython("import gc; gc.collect(); soak_used = gc.mem_alloc()");
  return { used: python.globals.get("soak_used"), wasm: python._module.HEAPU8.length };
}"""


class Worker:
    """Sends to the worker of a page; Playwright gives sessions to pages alone."""

    def __init__(self, page, session):
        self.page, self.session = page, session
        self.id, self.answers, self.count = None, {}, 0
        session.on("Target.attachedToTarget", self._attached)
        session.on("Target.receivedMessageFromTarget", self._received)
        session.send("Target.setAutoAttach", {"autoAttach": True, "waitForDebuggerOnStart": False, "flatten": False})

    def _attached(self, event):
        if event["targetInfo"]["type"] == "worker":
            self.id = event["sessionId"]

    def _received(self, event):
        message = json.loads(event["message"])
        if "id" in message:
            self.answers[message["id"]] = message

    def send(self, method, params=None):
        self.count += 1
        message = json.dumps({"id": self.count, "method": method, "params": params or {}})
        self.session.send("Target.sendMessageToTarget", {"sessionId": self.id, "message": message})
        while self.count not in self.answers:
            self.page.wait_for_timeout(10)
        answer = self.answers.pop(self.count)
        if "error" in answer:
            sys.exit(f"{method}: {answer['error']}")
        return answer["result"]


def resident(browser):
    """Bytes of the largest of the browser's processes for pages; 0 where the machine does not tell."""
    session = browser.new_browser_cdp_session()
    pages = [
        each["id"] for each in session.send("SystemInfo.getProcessInfo")["processInfo"] if each["type"] == "renderer"
    ]
    session.detach()
    files = [Path(f"/proc/{number}/status") for number in pages]
    lines = [line.split() for file in files if file.exists() for line in file.read_text().splitlines()]
    return max([1024 * int(line[1]) for line in lines if line[0] == "VmRSS:"], default=0)


def used(send):
    """Bytes of JavaScript after a collection."""
    send("HeapProfiler.collectGarbage")
    return send("Runtime.getHeapUsage")["usedSize"]


def of_worker(sample):
    return sample["worker"]["js"] + sample["worker"]["wasm"]


class Soak:
    def __init__(self, browser, page):
        self.browser, self.page, self.hand = browser, page, Hand(page)
        self.session = page.context.new_cdp_session(page)
        self.session.send("Performance.enable")
        self.worker = Worker(page, page.context.new_cdp_session(page))
        self.boot = page.evaluate(BOOT)
        self.chance = random.Random(7)
        self.pictures = [encoded(handwriting(text)) for text in ("58", "24", "1", "307")]
        self.samples = []

    def sample(self, readings):
        [worker] = self.page.workers
        memory = {
            "worker": worker.evaluate(PYODIDE, self.boot) | {"js": used(self.worker.send)},
            "page": self.page.evaluate(MICROPYTHON, self.boot) | {"js": used(self.session.send)},
        }
        metrics = {each["name"]: each["value"] for each in self.session.send("Performance.getMetrics")["metrics"]}
        memory |= {
            "resident": resident(self.browser),
            "nodes": metrics["Nodes"],
            "listeners": metrics["JSEventListeners"],
        }
        self.samples.append(memory | {"readings": readings})
        print(f"  {readings} readings, worker {of_worker(memory) / MEGA:.1f} MB", file=sys.stderr, flush=True)

    def run(self, readings):
        self.page.evaluate(STOPWATCH)
        latencies = []
        step = readings // SAMPLES
        for i in range(readings):
            if i % PICTURE_EVERY == PICTURE_EVERY - 1:
                self._open(i)
            else:
                latencies.append(self._write())
                if i % TEACH_EVERY == 0:
                    self._teach()
                elif i % UNDO_EVERY == 0:
                    self._undo()
            if (i + 1) % step == 0:
                self.sample(i + 1)
        return latencies

    def _write(self):
        """ms from pen-up to the reading."""
        self.hand.press("#clear")
        self.hand.write(self.chance.choice("012367890"))  # in one stroke each
        number(self.page)
        return self.page.evaluate("latencies.splice(0).at(-1)")

    def _open(self, i):
        name = f"{i}.png"
        open_picture(self.page, self.pictures[i // PICTURE_EVERY % len(self.pictures)], name)
        self.page.wait_for_selector(f"#source:text-is('{name}')")
        number(self.page)

    def _teach(self):
        """Teaches what was read, and takes it back."""
        self.page.locator("#labels button").nth(self.chance.randrange(10)).click()
        self.page.wait_for_selector(TAUGHT)
        number(self.page)
        self.page.locator("#status button").click()
        self.page.wait_for_selector(TAUGHT, state="detached")
        number(self.page)

    def _undo(self):
        for button in ("#undo", "#redo"):
            self.hand.press(button)
            number(self.page)


def table(samples):
    columns = (
        "readings",
        "worker JS",
        "wasm",
        "objects",
        "page JS",
        "wasm",
        "Python",
        "resident",
        "nodes",
        "listeners",
    )
    print("".join(f"{column:>11}" for column in columns))
    for each in samples:
        worker, page = each["worker"], each["page"]
        sizes = [worker["js"], worker["wasm"], page["js"], page["wasm"], page["used"], each["resident"]]
        sizes = [f"{size / MEGA:.2f}" for size in sizes]
        row = [each["readings"], *sizes[:2], worker["objects"], *sizes[2:], each["nodes"], each["listeners"]]
        print("".join(f"{value:>11}" for value in row))
    print("megabytes, after a collection\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--readings", type=int, default=5000)
    parser.add_argument("--json", type=Path, default=ROOT / "build" / "soak.json", help="where the numbers are kept")
    options = parser.parse_args()
    if options.readings < SAMPLES:
        parser.error(f"at least {SAMPLES} readings")
    with served_page() as url, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium_path(), chromium_sandbox=False)
        page = browser.new_page(viewport=LAPTOP)
        page.goto(url)
        wait_until_ready(page)
        soak = Soak(browser, page)
        latencies = soak.run(options.readings)
        browser.close()

    table(soak.samples)
    tenth = len(latencies) // SAMPLES
    first, last = latencies[:tenth], latencies[-tenth:]
    print(f"{'from pen-up to the reading, ms':40} {'p50':>8} {'p95':>8}")
    for name, part in (("first tenth", first), ("last tenth", last)):
        print(f"  {name:38} {statistics.median(part):8.1f} {p95(part):8.1f}")
    print()
    sizes = [of_worker(sample) for sample in soak.samples]
    met = bar("the worker's memory, times that after the first tenth", sizes[-1] / sizes[0], GROWTH, "", 3)
    bar("p95 of the last tenth, times that of the first", p95(last) / p95(first), DRIFT, "", 2)
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps({"samples": soak.samples, "milliseconds": latencies}, indent=1))
    sys.exit(0 if met else 1)


if __name__ == "__main__":
    main()
