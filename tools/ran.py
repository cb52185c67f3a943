"""Finds out which functions of Pyodide and of numpy's modules the page runs, by using all of the page.

    python tools/ran.py --data ../shared/data     adds to runtime-ran.json what ran, or makes it anew for a new runtime

The page is built with modules that tell which of their functions ran (building/split/instrument.py). What tools/used.py
walks is walked, with everything that is known to go wrong; then the data's pictures and pages are read, and strokes written
by many people, with each set of symbols and each sign before decimals; what tests/fuzz tries is handed over; and Firefox and
WebKit read, too. With --tests the browser tests use such a page after that: they do more with it than any walk. Run this with
a new runtime, and more than once: what runs depends a little on chance and on time.

Needs what tools/used.py needs, Firefox, and WebKit (Debian: firefox-esr, webkit2gtk-driver, xvfb). Takes minutes.
"""

import argparse
import gzip
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from elsewhere import ENGINES, walk
from playwright.sync_api import sync_playwright
from used import CALL, ROOT  # first: it says where the modules below are
from walking import built, steps

from building.page import offline
from building.page.folder import write_whole
from building.runtime.packing import packed, packed_files, unpacked_files
from building.server import serve
from building.split.instrument import instrumented
from building.split.numbers import SplitError
from building.split.profile import read_profile, written_profile
from building.split.splitting import hash_of
from tests.browser.hand import wait_until_ready

PROFILE = ROOT / "runtime-ran.json"
WASM, NUMPY = "/pyodide.asm.wasm.packed", "/numpy.packed"
# In the worker, before boot/rest.mjs: whatever is instantiated has its table taken out of Emscripten's sight, and kept here.
NOTES = """
const { Instance, instantiate, instantiateStreaming } = WebAssembly;
const tables = new Map();
const hidden = ({ exports }) => {
  const seen = { ...exports };
  for (const name of Object.keys(seen).filter((name) => name.startsWith("split:ran "))) {
    tables.set(name.slice("split:ran ".length), seen[name]);
    delete seen[name];
  }
  return { exports: seen };
};
const both = (made) => ({ module: made.module, instance: hidden(made.instance) });
WebAssembly.Instance = function (module, imports) {
  return hidden(new Instance(module, imports));
};
WebAssembly.instantiateStreaming = async (...asked) => both(await instantiateStreaming(...asked));
WebAssembly.instantiate = async (code, imports) => {
  const made = await instantiate(code, imports);
  return made.instance ? both(made) : hidden(made);
};
const ranIn = (table) => [...Array(table.length).keys()].filter((number) => table.get(number) === null);
globalThis.whatRan = () => JSON.stringify(Object.fromEntries([...tables].map(([name, table]) => [name, ranIn(table)])));
"""
# Likewise, while the tests use the page: what is not in the profile is told, on the console, as soon as it has run.
BEYOND = """
const known = new Map(Object.entries(KNOWN).map(([name, numbers]) => [name, new Set(numbers)]));
setInterval(() => {
  for (const [name, table] of tables) {
    const fresh = ranIn(table).filter((number) => !known.get(name)?.has(number));
    if (!fresh.length) continue;
    known.set(name, new Set([...(known.get(name) ?? []), ...fresh]));
    console.debug(`ran beyond ${name} ${JSON.stringify(fresh)}`);
  }
}, 250);
"""
TELL = """
__export__.append("what_ran")
def what_ran():
    return js.whatRan()
"""


def modules_of(page):
    """{name: bytes} of the modules of a page {path: bytes}: Pyodide's, and numpy's by their names in the pack."""
    wasm = next(data for path, data in page.items() if path.endswith(WASM))
    numpy = next(data for path, data in page.items() if path.endswith(NUMPY))
    found = {name: data for name, data in unpacked_files(numpy).items() if name.endswith(".so")}
    return found | {"pyodide.asm.wasm": gzip.decompress(wasm)}


def with_tables(page):
    """The page {path: bytes} whose modules tell what ran."""
    changed = {}
    for path, data in page.items():
        if path.endswith(WASM):
            changed[path] = packed(instrumented(gzip.decompress(data)))
        elif path.endswith(NUMPY):
            files = unpacked_files(data)
            changed[path] = packed_files(
                {name: instrumented(each) if name.endswith(".so") else each for name, each in files.items()}
            )
    return page | changed


def note(step, answer, ran, modules):
    """Adds to `ran`, {hash: functions}, what a worker says that has run there, and writes the file."""
    for name, functions in json.loads(answer).items():
        ran.setdefault(name, set()).update(functions)
    found = {name: (data, ran.get(hash_of(data), set())) for name, data in modules.items()}
    PROFILE.write_text(written_profile(found))
    print(f"{step}: {sorted((len(each) for _, each in found.values()), reverse=True)} functions until then", flush=True)


def watch_the_tests(ran, modules):
    """Has the browser tests, all in Chromium, use a page that tells what runs beyond the profile, and adds it."""
    with tempfile.TemporaryDirectory() as scratch:
        folder, told = Path(scratch), Path(scratch) / "told.txt"
        known = json.dumps({name: sorted(functions) for name, functions in ran.items()})
        page = with_tables(built(folder, before=NOTES + BEYOND.replace("KNOWN", known), doors=lambda text: text))
        offline.finish(page)
        write_whole(folder / "dist", page)
        told.touch()
        environment = os.environ | {"NUMBER_READER_PAGE": str(folder / "dist"), "NUMBER_READER_RAN": str(told)}
        # What they say of the page is no matter: it is another than they know.
        command = [sys.executable, "-m", "pytest", "-q", "--timeout=600", "tests/browser"]
        subprocess.run(command, check=False, cwd=ROOT, env=environment)
        for line in told.read_text("utf-8").splitlines():
            name, numbers = line.removeprefix("ran beyond ").split(" ", 1)
            note("the tests", json.dumps({name: json.loads(numbers)}), ran, modules)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder of the shared data")
    parser.add_argument("--every", type=int, default=1, help="of the data's pictures, each of that number is read")
    parser.add_argument("--tests", action="store_true", help="the browser tests use the page, too: half an hour more")
    options = parser.parse_args()
    try:
        ran = read_profile(PROFILE)  # of another runtime, it is asked for nothing
    except SplitError:
        ran = {}
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as driver:
        folder = Path(scratch)
        plain = built(folder, TELL, NOTES)
        modules = modules_of(plain)
        telling = with_tables(plain)
        offline.finish(telling)
        write_whole(folder / "dist", telling)
        browser = driver.chromium.launch(executable_path=os.environ.get("CHROME"))
        with serve(folder / "dist") as server:
            page = browser.new_page()
            page.goto(server.url)
            wait_until_ready(page)
            for name, step in steps(page, folder, options.data, options.every).items():
                step()
                note(name, page.evaluate(CALL, "what_ran"), ran, modules)
            browser.close()
            for name, start in ENGINES.items():
                own = folder / name
                own.mkdir()
                with start(own) as visit:
                    walk(visit, server.url, own)
                    note(name, visit.evaluate(f"({CALL})('what_ran')"), ran, modules)
            server.shutdown()
    if options.tests:
        watch_the_tests(ran, modules)


if __name__ == "__main__":
    main()
