"""Whether the page does without the rests of its modules: all of it is used, and each call of a rest is printed.

    python tools/cold.py --data ../shared/data     ends with status 1 if there is such a call

The page is the one that is shipped (runtime-ran.json), with the doors of the tests; what tools/ran.py walks is walked. Of each
module the first such call is known: with it comes all of its rest. Of Python's functions each is.

Needs what tools/used.py needs. Takes minutes.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from elsewhere import ENGINES, walk
from playwright.sync_api import sync_playwright
from used import ROOT  # first: it says where the modules below are
from walking import built, steps

from building.page import offline
from building.page.folder import write_whole
from building.server import serve
from tests.browser.hand import wait_for, wait_until_ready

# What boot/rest.mjs says.
CALLED = "is needed"
COME, COLD = (f"window.reached.split(' ').includes('{name}')" for name in ("rest", "cold"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder of the shared data")
    parser.add_argument("--every", type=int, default=1, help="of the data's pictures, each of that number is read")
    options = parser.parse_args()
    calls = []
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as driver:
        folder = Path(scratch)
        page = built(folder, ran=ROOT / "runtime-ran.json")
        offline.finish(page)
        write_whole(folder / "dist", page)
        browser = driver.chromium.launch(executable_path=os.environ.get("CHROME"))
        with serve(folder / "dist") as server:
            tab = browser.new_page()
            tab.on("console", lambda message: CALLED in message.text and calls.append(message.text))
            tab.goto(server.url)
            wait_until_ready(tab)
            wait_for(tab, COME)
            for name, step in steps(tab, folder, options.data, options.every).items():
                before = len(calls)
                step()
                print(f"{name}: {len(calls) - before} calls of what is not there", *calls[before:], sep="\n  ")
            browser.close()
            for name, start in ENGINES.items():
                own = folder / name
                own.mkdir()
                with start(own) as visit:
                    walk(visit, server.url, own)
                    was_cold = visit.evaluate(COLD)
                print(f"{name}: {'a rest was called' if was_cold else 'no rest was called'}")
                calls += [name] * was_cold
            server.shutdown()
    return 1 if calls else 0


if __name__ == "__main__":
    sys.exit(main())
