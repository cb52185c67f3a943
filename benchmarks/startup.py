"""How fast the page starts and how much it fetches, beside a floor and a plain PyScript page, in one run.

    python benchmarks/startup.py [--rounds 5] [--json FILE]

Each round opens, one after the other and each in a new profile of Chromium: the page; the floor, a bare worker that boots
Pyodide from the same archives, imports numpy and multiplies one matrix; and a plain PyScript page that keeps Pyodide on the
main thread and reads the same files. The page is opened cold, then twice more, as Chromium keeps what it has made of a .wasm
from the second visit on (the first from the service worker's cache), then with the server gone (offline); cold also over a
line of 20 Mbit/s and 40 ms, made by the server. The page and the floor are opened in WebKit, too, where it is installed,
twice each, with the steps of the worker's start. Medians; ratios are within the run. Then digits and numbers of eight are
written, from pen-up to the reading. Ends with status 1 if a bar of bytes is missed; times depend on the machine and on what
else it does.
"""

import argparse
import gzip
import json
import random
import shutil
import statistics
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path

from opened import chromium_path, served_folder  # first: it says where the modules below are
from playwright.sync_api import sync_playwright
from root import ROOT

from building.page.assembly import EVERYTHING_LOCAL
from building.server import PageHandler, serve
from building.sources.cache import usual_cache
from building.sources.fetching import fetch, usual_sources
from building.sources.lock import parse_lock
from tests.browser.hand import Hand, lay_out, number, wait_until_ready
from tests.browser.serving import plain
from tests.visits.webkit import NotInstalled, WebKitVisit, screen, webkit

TEXT = (".html", ".css", ".js", ".mjs", ".json", ".py", ".svg", ".txt", ".webmanifest", ".wasm", ".md")  # a host gzips
FIRST_GZIP, FIRST_PLAIN, REPEAT = 8.0e6, 9.0e6, 20e3  # bytes: the bars
COLD, WARM, CANVAS = 1.25, 1.15, 0.25  # times the floor, times the floor, of ready
DIGIT_MILLISECONDS, NUMBER_MILLISECONDS = 50, 200  # p95
WRITTEN = 40
LIFT = 0.15  # s between two strokes, as a hand needs; a robot's next stroke would wait for the reading of the last
LINE = 20e6 / 8  # bytes/s
LATENCY = 0.04  # s
CHUNK = 16_384
PAUSE = 1  # s between two visits; the browser still puts away what the last one has brought
SETTLE = 2  # s, for the browser's own start, which would slow whatever is opened first

FLOOR = """<!doctype html><title>floor</title><script>
new Worker("./floor/floor.mjs", {type: "module"}).onmessage = () => { window.ready = performance.now(); };
</script>"""
PLAIN = """<!doctype html><title>plain</title>
<link rel="stylesheet" href="./pyscript/core.css"><script type="module" src="./pyscript/core.js"></script>
<py-config>CONFIG</py-config><script type="py">
import numpy as np
from number_reader import Recognizer
recognizer = Recognizer.load("model/digits.npz")
picture = np.full((200, 200), 255, np.uint8); picture[40:160, 95:105] = 0
recognizer.read(picture)
import js
js.ready = js.performance.now()
</script>"""
STOPWATCH = """() => {
  window.latencies = [];
  let up = 0;
  document.getElementById("pad").addEventListener("pointerup", event => up = event.timeStamp);
  new MutationObserver(() => {
    if (number.dataset.state === "done") latencies.push(performance.now() - up);
  }).observe(number, {attributeFilter: ["data-state"]});
}"""
WATCH = """() => {
  window.steps = {};
  addEventListener("reached", ({detail}) => steps[detail] ??= performance.now());
  const look = () => {
    if (document.body.dataset.python) steps.canvas ??= performance.now();
    if (document.body.dataset.app === "ready") window.ready ??= performance.now();
  };
  new MutationObserver(look).observe(document.body, {attributes: true});
  look();
}"""
MARKS = f'addEventListener("DOMContentLoaded", {WATCH});'
STEPS = ("canvas", "listening", "python", "model", "ready")


class Line:
    """What all connections of a host share: so many bytes a second."""

    def __init__(self, rate):
        self.rate, self.free, self.lock = rate, 0.0, threading.Lock()

    def wait(self, size):
        with self.lock:
            self.free = max(self.free, time.monotonic()) + size / self.rate
            until = self.free
        time.sleep(max(0.0, until - time.monotonic()))


class Host(PageHandler):
    """The server of build.py, which counts what it sends: its kind is that of its server."""

    def do_GET(self):
        if self.server.line:
            time.sleep(LATENCY)
        path = Path(self.translate_path(self.path.split("?")[0]))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file() or self.headers.get("If-Modified-Since"):
            return super().do_GET()
        data = path.read_bytes()
        zipped = self.server.zips and path.suffix in TEXT
        data = gzip.compress(data, 6) if zipped else data
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Last-Modified", self.date_time_string(path.stat().st_mtime))
        if zipped:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        for start in range(0, len(data), CHUNK):
            if self.server.line:
                self.server.line.wait(CHUNK)
            self.wfile.write(data[start : start + CHUNK])

    def handle_one_request(self):
        sent = self.wfile = Counting(self.connection)
        self.path = ""
        super().handle_one_request()
        if sent.count and self.path:
            name = plain(self.path.split("?")[0].removeprefix(self.server.prefix)) or "index.html"
            self.server.sent[name] = self.server.sent.get(name, 0) + sent.count


class Counting:
    """A connection's writer that counts bytes, headers included."""

    closed = False

    def __init__(self, connection):
        self.connection, self.count = connection, 0

    def write(self, data):
        self.count += len(data)
        self.connection.sendall(data)
        return len(data)

    def flush(self):
        pass

    def close(self):
        pass


def host(folder, zips=True, line=None):
    server = serve(folder, prefix="/number-reader/")
    server.RequestHandlerClass = Host
    server.zips, server.line, server.sent = zips, line, {}
    return server


class Opened:
    """A new profile of Chromium."""

    def __init__(self, driver):
        self.folder = tempfile.mkdtemp()
        self.context = driver.chromium.launch_persistent_context(
            self.folder,
            executable_path=chromium_path(),
            chromium_sandbox=False,
            viewport={"width": 1280, "height": 800},
        )
        self.context.add_init_script(MARKS)
        time.sleep(SETTLE)

    def visit(self, url, leave=None):
        """{step: ms} of STEPS, of the clock that starts with the navigation. leave: a last word with the page."""
        page = self.context.new_page()
        page.goto(url)
        marks = marks_of(page.evaluate, url)
        if leave:
            leave(page)
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

    def visit(self, url, leave=None):
        self.page.navigate(url)
        self.page.evaluate(f"({WATCH})()")  # its driver has no way to be there before the page is
        marks = marks_of(self.page.evaluate, url)
        if leave:
            leave(self.page)
        self.page.navigate("about:blank")
        return marks

    def close(self):
        self.stack.close()


def marks_of(evaluate, url):
    """{step: ms} of the page that `evaluate` runs scripts in, once it is ready."""
    deadline = time.monotonic() + 120
    while not evaluate("window.ready ?? 0"):
        if time.monotonic() > deadline:
            sys.exit(f"{url} was not ready after two minutes: {evaluate('document.body.textContent')[:300]}")
        time.sleep(0.05)
    return evaluate("({...window.steps, ready: window.ready})")


def kept_in_webkit(page):
    page.wait_for_text("#offline", "Ready to work offline")


def kept(page):
    page.wait_for_selector("#offline:text-is('Ready to work offline')", timeout=60_000)


def reads(page):
    Hand(page).write("7")
    if number(page) != "7":
        sys.exit(f"a 7 was read as {number(page)!r}")


def floor_page(page, folder):
    """The floor's files beside those of the built page `page`."""
    shutil.copytree(page, folder)
    names = {path.name.split("-")[0].upper(): path.name for path in page.iterdir() if "-" in path.name}
    worker = (ROOT / "benchmarks" / "floor.mjs").read_text("utf-8")
    for name in ("RUNTIME", "CODE"):
        worker = worker.replace(name, names[name])
    (folder / "floor").mkdir()
    (folder / "floor" / "floor.mjs").write_text(worker)
    (folder / "index.html").write_text(FLOOR)
    return folder


def plain_page(folder):
    """PyScript as its documentation shows it: Pyodide on the main thread, files as they come."""
    files = parse_lock((ROOT / "runtime-lock.json").read_text("utf-8"))
    with usual_sources() as sources:
        for file, data in fetch(files, usual_cache(), sources):
            (folder / file.name).parent.mkdir(parents=True, exist_ok=True)
            (folder / file.name).write_bytes(data)
    names = [
        "model/digits.npz",
        *sorted(path.relative_to(ROOT / "site").as_posix() for path in (ROOT / "site/number_reader").rglob("*.py")),
    ]
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / "site" / name, folder / name)
    config = EVERYTHING_LOCAL | {"interpreter": "./pyodide/pyodide.mjs", "packages": ["numpy"]}
    config["files"] = {f"./{name}": f"./{name}" for name in names}
    (folder / "index.html").write_text(PLAIN.replace("CONFIG", json.dumps(config)))
    return folder


def transferred(driver, folder, zips):
    """Bytes of a first visit until the page is kept, and of the second: [{name: bytes}, {name: bytes}]."""
    server, opened = host(folder, zips), Opened(driver)
    visits = []
    for _ in range(2):
        server.sent.clear()
        opened.visit(server.url, kept)
        time.sleep(1)
        visits.append(dict(server.sent))
    opened.close()
    server.close()
    return visits


def note(out, what, marks):
    for mark in STEPS:
        if marks.get(mark):
            out.setdefault(f"{what}, {mark}", []).append(marks[mark])


def times(driver, folders, rounds):
    """{what: [ms of each round]}."""
    out = {}
    for i in range(rounds):
        print(f"round {i + 1} of {rounds}", file=sys.stderr, flush=True)
        for name, folder in folders.items():
            server, opened = host(folder), Opened(driver)
            note(out, f"{name}, cold", opened.visit(server.url, kept if name == "page" else None))
            for visit in ("second visit", "later visit"):
                time.sleep(PAUSE)
                note(out, f"{name}, {visit}", opened.visit(server.url))
            time.sleep(PAUSE)
            server.close()
            if name == "page":
                note(out, "page, offline", opened.visit(server.url, reads))
            opened.close()
            server, opened = host(folder, line=Line(LINE)), Opened(driver)
            note(out, f"{name}, 20 Mbit/s", opened.visit(server.url))
            server.close()
            opened.close()
    return out


def webkit_times(folders, rounds):
    """The same for the first two visits in WebKit; NotInstalled where there is none."""
    out = {}
    with screen() as display:
        for i in range(rounds):
            print(f"WebKit, round {i + 1} of {rounds}", file=sys.stderr, flush=True)
            for name in ("page", "floor"):
                server, opened = host(folders[name]), OpenedInWebKit(display)
                note(out, f"WebKit: {name}, cold", opened.visit(server.url, kept_in_webkit if name == "page" else None))
                time.sleep(PAUSE)
                note(out, f"WebKit: {name}, second visit", opened.visit(server.url))
                opened.close()
                server.close()
    return out


def reading_times(driver, folder):
    """{"one digit": [ms], "eight digits": [ms]}, and the same for the recognizer's own work."""
    server, opened = host(folder), Opened(driver)
    page = opened.context.new_page()
    page.goto(server.url)
    wait_until_ready(page)
    hand, chance = Hand(page), random.Random(7)
    hand.write("8")
    number(page)
    page.evaluate(STOPWATCH)
    out = {}
    for name, length in (("one digit", 1), ("eight digits", 8)):
        for _ in range(WRITTEN):
            hand.press("#clear")
            for stroke in lay_out("".join(chance.choices("0123456789", k=length))):
                time.sleep(LIFT)
                hand.draw([stroke])
            number(page)
            out.setdefault(name, []).append(page.evaluate("latencies.at(-1)"))
    opened.close()
    server.close()
    return out


def p95(values):
    return sorted(values)[round(0.95 * (len(values) - 1))]


def bar(name, measured, limit, unit, digits=0):
    met = measured <= limit
    print(f"{name:55} {measured:10.{digits}f} {unit:6} at most {limit:g}{'' if met else '   MISSED'}")
    return met


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, default=ROOT / "build" / "startup.json", help="where the numbers are kept")
    options = parser.parse_args()
    with served_folder() as page, tempfile.TemporaryDirectory() as scratch, sync_playwright() as driver:
        folders = {
            "page": page,
            "floor": floor_page(page, Path(scratch) / "f"),
            "plain": plain_page(Path(scratch) / "p"),
        }
        (zipped, again), (raw, raw_again) = (transferred(driver, page, zips) for zips in (True, False))
        measured = times(driver, folders, options.rounds)
        try:
            measured |= webkit_times(folders, options.rounds)
        except NotInstalled as missing:
            print(f"not measured in WebKit: {missing}", file=sys.stderr)
        readings = reading_times(driver, page)

    print(f"{'bytes of a first visit':45} {'gzips':>10} {'plain':>10}")
    for name in sorted(raw, key=raw.get, reverse=True):
        print(f"  {name:43} {zipped.get(name, 0):10} {raw[name]:10}")
    medians = {name: statistics.median(values) for name, values in measured.items()}
    print(f"\n{'median of ' + str(options.rounds) + ', ms':45}", *(f"{step:>10}" for step in STEPS))
    for what in dict.fromkeys(name.rsplit(", ", 1)[0] for name in medians):
        found = (medians.get(f"{what}, {step}") for step in STEPS)
        print(f"  {what:43}", *(f"{'' if value is None else round(value):>10}" for value in found))
    print(f"\n{'from pen-up to the reading, ms':45} {'p50':>10} {'p95':>10}")
    for name, values in readings.items():
        print(f"  {name:43} {statistics.median(values):10.1f} {p95(values):10.1f}")
    print()
    met = [
        bar("first visit, a host that gzips", sum(zipped.values()) / 1e6, FIRST_GZIP / 1e6, "MB", 2),
        bar("first visit, a host that does not", sum(raw.values()) / 1e6, FIRST_PLAIN / 1e6, "MB", 2),
        bar("second visit", max(sum(again.values()), sum(raw_again.values())) / 1e3, REPEAT / 1e3, "kB", 1),
    ]
    for visit, limit in (("cold", COLD), ("20 Mbit/s", COLD), ("second visit", WARM), ("later visit", WARM)):
        ratio = medians[f"page, {visit}, ready"] / medians[f"floor, {visit}, ready"]
        bar(f"ready, {visit}, times the floor", ratio, limit, "", 2)
    for visit in ("cold", "second visit") if "WebKit: page, cold, ready" in medians else ():
        ratio = medians[f"WebKit: page, {visit}, ready"] / medians[f"WebKit: floor, {visit}, ready"]
        print(f"{f'WebKit: ready, {visit}, times its own floor':55} {ratio:10.2f}")
    for visit in ("cold", "20 Mbit/s"):
        share = medians[f"page, {visit}, canvas"] / medians[f"page, {visit}, ready"]
        bar(f"canvas usable, {visit}, of ready", share, CANVAS, "", 2)
    bar("a digit, from pen-up, p95", p95(readings["one digit"]), DIGIT_MILLISECONDS, "ms")
    bar("a number of eight, from pen-up, p95", p95(readings["eight digits"]), NUMBER_MILLISECONDS, "ms")
    options.json.parent.mkdir(parents=True, exist_ok=True)
    kept_numbers = {
        "bytes": {"gzip": zipped, "plain": raw, "again": again},
        "milliseconds": measured,
        "readings": readings,
    }
    options.json.write_text(json.dumps(kept_numbers, indent=1))
    sys.exit(0 if all(met) else 1)


if __name__ == "__main__":
    main()
