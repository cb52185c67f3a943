"""What it takes in each engine when Python or numpy does what the page never does, and a module's rest is needed.

    python benchmarks/cold.py [--rounds 5] [--depths]

prints the milliseconds of the first call of each module's rest, and of that of Python's own functions, and of the same call
again, beside the runtime that is whole: medians and the least, each round in a worker of its own. The rests were fetched and
unpacked before, as on the page. --depths prints instead how deep Python goes through C before Python, or the engine's own
stack, ends it: in Chromium that depends on what of the module it has compiled better meanwhile. Nothing is
decided by any of it: times depend on the machine and on what else it does.
"""

import argparse
import itertools
import os
import shutil
import statistics
import tempfile
from contextlib import contextmanager
from pathlib import Path

from opened import chromium_path
from playwright.sync_api import sync_playwright

from building.server import serve
from tests.visits.bidi import Firefox, NotStarted
from tests.visits.chromium import ChromiumVisit
from tests.visits.conftest import FIREFOX_NAMES
from tests.visits.firefox import FirefoxVisit
from tests.visits.parts.bare import bare_folders
from tests.visits.webkit import NotInstalled, WebKitVisit, screen, webkit

NOWHERE = "http://127.0.0.1:9"  # the proxy: nobody else is to be asked
SECONDS = 120
LIMIT = 300  # ms, of a first call
OF_PYTHON = "Python's own"  # functions, for which stubs stand in the kind "stubs" (tests/visits/parts/bare.py)
DEEP = ["key", "slot", "repr", "pickle", "json"]


@contextmanager
def in_chromium(folder):
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium_path(), chromium_sandbox=False)
        yield ChromiumVisit(browser, folder, NOWHERE)
        browser.close()


@contextmanager
def in_firefox(folder):
    path = os.environ.get("FIREFOX") or next(filter(None, map(shutil.which, FIREFOX_NAMES)), None)
    if path is None:
        raise NotInstalled("there is no Firefox")
    try:
        firefox = Firefox(path, folder, {})
    except NotStarted as error:
        raise NotInstalled(str(error)) from error
    visit = FirefoxVisit(folder)
    with firefox.connection(visit.hear) as connection:
        visit.start(connection)
        yield visit
    firefox.close()


@contextmanager
def in_webkit(folder):
    with screen() as display, webkit(display, folder) as driver:
        yield WebKitVisit(driver, folder)


ENGINES = {"Chromium": in_chromium, "Firefox": in_firefox, "WebKit": in_webkit}


def asker(visit, url):
    """As in tests/visits/parts/conftest.py; each question gets a new worker."""
    numbers = itertools.count()

    def ask(kind, work, *given):
        visit.navigate(url)
        number = next(numbers)
        visit.evaluate("(...asked) => void ask(...asked)", kind, number, work, *given)
        visit.wait_for(f"answers[{number}] !== undefined || lacks !== null", SECONDS)
        return visit.evaluate(f"lacks === null ? answers[{number}] : `lacks ${{lacks}}`")

    return ask


def times(engine, ask, rounds):
    found = {kind: [ask(kind, "coldCalls") for _ in range(rounds)] for kind in ("whole", "split", "stubs")}
    for name in found["split"][0]:
        split = "stubs" if name == OF_PYTHON else "split"
        medians = [
            statistics.median(each[name][at] for each in found[kind]) for kind in ("whole", split) for at in (0, 1)
        ]
        asked = max(each[name][2] for each in found[split])
        least = min(each[name][0] for each in found[split])
        print(f"{engine:9} {name:18} asked for {asked}  whole {medians[0]:6.1f} ms, again {medians[1]:5.1f}  ", end="")
        print(f"split {medians[2]:6.1f} ms, again {medians[3]:5.1f}; least {least:6.1f}  (bar: {LIMIT})", flush=True)


def depths(engine, ask):
    for name in DEEP:
        whole, split = (ask(kind, "ends", [name])[name] for kind in ("whole", "split"))
        print(f"{engine:9} {name:8} whole {whole}  split {split}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--depths", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        with serve(bare_folders(Path(scratch) / "bare")) as server:
            for engine, opened in ENGINES.items():
                try:
                    with tempfile.TemporaryDirectory() as folder, opened(Path(folder)) as visit:
                        ask = asker(visit, server.url)
                        depths(engine, ask) if options.depths else times(engine, ask, options.rounds)
                except NotInstalled as missing:
                    print(f"{engine}: {missing}")


if __name__ == "__main__":
    main()
