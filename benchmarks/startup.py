"""How fast the page starts and how much it fetches, beside a floor and a plain PyScript page, in one run.

    python benchmarks/startup.py [--rounds 5] [--lines loopback 20 9 1.6 slow] [--only-times] [--json FILE]

Each round opens, one after the other and each in a new profile of Chromium, the page and its floor, a bare worker that boots
Pyodide from the whole archives (the page's own come in two parts: docs/splitting.md), imports numpy and multiplies one
matrix: over each line, which the host makes (LINES), or with the page's thread slowed four times ("slow"; Chromium slows no
worker). A digit is written the moment the pad takes it, by events, and its answer is when a digit is painted in #number. On
loopback the page is opened twice more, as Chromium keeps what it has made of a .wasm from the second visit on (the first
from the service worker's cache), then with the server gone; so are the floor and a plain PyScript page, which keeps Pyodide
on the main thread and reads the same files. The page and the floor are opened in WebKit, too, where it is installed, twice
each. Medians; ratios are within the run. Then digits and numbers of eight are written, from pen-up to the reading. --only-
times leaves out bytes, the plain page, WebKit, and these readings. Ends with status 1 if a bar of bytes is missed; times
depend on the machine and on what else it does.
"""

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from beside import floor_page, plain_page
from hosting import Line, host
from opened import served_folder
from playwright.sync_api import sync_playwright
from root import ROOT
from started import STEPS, Opened, OpenedInWebKit

from tests.browser.hand import Hand, lay_out, number, wait_until_ready
from tests.visits.webkit import NotInstalled, screen

READY_GZIP, READY_PLAIN, KEPT, REPEAT = 5.6e6, 5.7e6, 7.7e6, 20e3  # bytes: the bars
REST = "runtime/pyodide/rest.packed"  # is fetched once the page is ready
ANSWERED = {
    "loopback": 0.60,
    "20 Mbit/s": 0.30,
    "9 Mbit/s": 0.15,
    "1.6 Mbit/s": 0.12,
}  # times the floor of the same line
PAD = {"loopback": 0.45, "20 Mbit/s": 0.24}
READY = {"loopback": 1.40, "20 Mbit/s": 0.95, "9 Mbit/s": 0.75, "second visit": 1.15, "later visit": 1.15}
DIGIT_MILLISECONDS, NUMBER_MILLISECONDS = 50, 200  # p95
WRITTEN = 40
LIFT = 0.15  # s between two strokes, as a hand needs; a robot's next stroke would wait for the reading of the last
LINES = {  # bits/s, s before each answer
    "loopback": None,
    "20 Mbit/s": (20e6, 0.04),
    "9 Mbit/s": (9e6, 0.17),
    "1.6 Mbit/s": (1.6e6, 0.15),
    "slow processor": None,
}
SLOWED = 4  # times
PAUSE = 1  # s between two visits; the browser still puts away what the last one has brought
ALL = ("ready", "answer", "kept")

STOPWATCH = """() => {
  window.latencies = [];
  let up = 0;
  document.getElementById("pad").addEventListener("pointerup", event => up = event.timeStamp);
  new MutationObserver(() => {
    if (number.dataset.state === "done") latencies.push(performance.now() - up);
  }).observe(number, {attributeFilter: ["data-state"]});
}"""


def transferred(driver, folder, zips):
    """Bytes of a first visit until the page is ready, of one until it is kept, and of the second: a {name: bytes} of each."""
    server, opened = host(folder, zips), Opened(driver, service_workers="block")
    opened.visit(server.url)
    opened.close()
    visits = [{name: size for name, size in server.sent.items() if name != REST}]
    opened = Opened(driver)
    for _ in range(2):
        server.sent.clear()
        opened.visit(server.url, ("ready", "kept"))
        time.sleep(1)
        visits.append(dict(server.sent))
    opened.close()
    server.close()
    return visits


def note(out, what, marks):
    for step in STEPS:
        if step in marks:
            out.setdefault(f"{what}, {step}", []).append(marks[step])


def times(driver, folders, rounds, lines):
    """{"page, loopback, ready": [ms of each round]} and so on."""
    out = {}
    for i in range(rounds):
        for line in lines:
            print(f"round {i + 1} of {rounds}, {line}", file=sys.stderr, flush=True)
            for name, folder in folders.items():
                if line == "loopback" or name != "plain":
                    one_line(out, driver, name, folder, line)
    return out


def one_line(out, driver, name, folder, line):
    rate, latency = LINES[line] or (0, 0)
    server, opened = host(folder, line=Line(rate / 8, latency) if rate else None), Opened(driver)
    is_page = name == "page"
    slowed = SLOWED if line == "slow processor" else 1
    note(out, f"{name}, {line}", opened.visit(server.url, ALL if is_page else ("ready",), slowed))
    for visit in ("second visit", "later visit") if line == "loopback" else ():
        time.sleep(PAUSE)
        note(out, f"{name}, {visit}", opened.visit(server.url, ("ready", "answer") if is_page else ("ready",)))
    time.sleep(PAUSE)
    server.close()
    if is_page and line == "loopback":
        note(out, "page, offline", opened.visit(server.url, ("ready", "answer")))
    opened.close()


def webkit_times(folders, rounds):
    """The same for the first two visits in WebKit; NotInstalled where there is none."""
    out = {}
    with screen() as display:
        for i in range(rounds):
            print(f"WebKit, round {i + 1} of {rounds}", file=sys.stderr, flush=True)
            for name in ("page", "floor"):
                server, opened = host(folders[name]), OpenedInWebKit(display)
                note(out, f"WebKit: {name}, loopback", opened.visit(server.url, ALL if name == "page" else ("ready",)))
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


def bars_of_times(medians):
    """Prints them, of what was measured."""
    ratio = lambda what, step: medians[f"page, {what}, {step}"] / medians[f"floor, {what}, ready"]  # noqa: E731
    bars = [("first answer", "answer", ANSWERED), ("pad usable", "pad", PAD), ("ready", "ready", READY)]
    for said, step, limits in bars:
        for what, limit in limits.items():
            if f"floor, {what}, ready" in medians:
                bar(f"{said}, {what}, times the floor", ratio(what, step), limit, "", 2)
    for what in ("9 Mbit/s", "1.6 Mbit/s", "slow processor"):
        if f"floor, {what}, ready" in medians:
            found = ", ".join(f"{step} {ratio(what, step):.2f}" for step in ("pad", "answer", "ready", "kept"))
            print(f"{what + ', times the floor':55} {found}")
    for visit in ("loopback", "second visit") if "WebKit: page, loopback, ready" in medians else ():
        found = medians[f"WebKit: page, {visit}, ready"] / medians[f"WebKit: floor, {visit}, ready"]
        print(f"{f'WebKit: ready, {visit}, times its own floor':55} {found:10.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    short = {name.split()[0]: name for name in LINES}
    parser.add_argument("--lines", nargs="+", choices=short, default=list(short), help="which are measured")
    parser.add_argument("--only-times", action="store_true", help="no bytes, plain page, WebKit or readings")
    parser.add_argument("--json", type=Path, default=ROOT / "build" / "startup.json", help="where the numbers are kept")
    options = parser.parse_args()
    kept = {}
    with (
        served_folder() as page,
        served_folder(ran=None) as whole,
        tempfile.TemporaryDirectory() as scratch,
        sync_playwright() as driver,
    ):
        folders = {"page": page, "floor": floor_page(whole, Path(scratch) / "f")}
        if not options.only_times:
            folders["plain"] = plain_page(Path(scratch) / "p")
            zipped, kept_zipped, again = transferred(driver, page, True)
            raw, _, raw_again = transferred(driver, page, False)
            kept["bytes"] = {"gzip": zipped, "plain": raw, "kept": kept_zipped, "again": again | raw_again}
        measured = times(driver, folders, options.rounds, [short[name] for name in options.lines])
        if not options.only_times:
            try:
                measured |= webkit_times(folders, options.rounds)
            except NotInstalled as missing:
                print(f"not measured in WebKit: {missing}", file=sys.stderr)
            kept["readings"] = reading_times(driver, page)
    kept["milliseconds"] = measured
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(kept, indent=1))
    sys.exit(0 if report(options.rounds, **kept) else 1)


def report(rounds, milliseconds, bytes=None, readings=None):
    """Prints all of it. Whether the bars of bytes are met."""
    met = True
    if bytes:
        zipped, raw = bytes["gzip"], bytes["plain"]
        print(f"{'bytes of a first visit, until it is ready':45} {'gzips':>10} {'plain':>10}")
        for name in sorted(raw, key=raw.get, reverse=True):
            print(f"  {name:43} {zipped.get(name, 0):10} {raw[name]:10}")
    medians = {name: statistics.median(values) for name, values in milliseconds.items()}
    print(f"\n{'median of ' + str(rounds) + ', ms':40}", *(f"{step:>10}" for step in STEPS))
    for what in dict.fromkeys(name.rsplit(", ", 1)[0] for name in medians):
        found = (medians.get(f"{what}, {step}") for step in STEPS)
        print(f"  {what:38}", *(f"{'' if value is None else round(value):>10}" for value in found))
    for name, values in (readings or {}).items():
        print(f"  {name + ', from pen-up, p50, p95, ms':43} {statistics.median(values):10.1f} {p95(values):10.1f}")
    print()
    if bytes:
        met = all(
            [
                bar("until ready, a host that gzips", sum(zipped.values()) / 1e6, READY_GZIP / 1e6, "MB", 2),
                bar("until ready, a host that does not", sum(raw.values()) / 1e6, READY_PLAIN / 1e6, "MB", 2),
                bar("until kept, a host that gzips", sum(bytes["kept"].values()) / 1e6, KEPT / 1e6, "MB", 2),
                bar("second visit", sum(bytes["again"].values()) / 1e3, REPEAT / 1e3, "kB", 1),
            ]
        )
    bars_of_times(medians)
    if readings:
        bar("a digit, from pen-up, p95", p95(readings["one digit"]), DIGIT_MILLISECONDS, "ms")
        bar("a number of eight, from pen-up, p95", p95(readings["eight digits"]), NUMBER_MILLISECONDS, "ms")
    return met


if __name__ == "__main__":
    main()
