"""Finds out which functions of Pyodide and of numpy's modules the page runs, by using all of the page.

    python tools/ran.py --data ../shared/data     adds to runtime-ran.json what ran, or makes it anew for a new runtime

The page is built with modules that tell which of their functions ran (building/split/instrument.py). What tools/used.py
walks is walked, with everything that is known to go wrong; then the data's pictures and pages are read, and strokes written
by many people, with each set of symbols and each sign before decimals; what tests/fuzz tries is handed over; and Firefox and
WebKit read, too. With --tests the browser tests use such a page after that: they do more with it than any walk. Run this with
a new runtime, and more than once: what runs depends a little on chance and on time.

Then it is all walked again, on a page whose Python tells which functions of its library and of numpy ran (tools/recorder.py):
what tells of the one runs what the other counts.

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

import recorder
from elsewhere import ENGINES, walk
from playwright.sync_api import sync_playwright
from used import CALL, ROOT  # first: it says where the modules below are
from walking import built, steps

from building.page import offline
from building.page.assembly import LIBRARY
from building.page.folder import write_whole
from building.runtime.packing import packed, packed_files, unpacked_files
from building.runtime.used import parse_used
from building.server import serve
from building.sources.cache import usual_cache
from building.sources.fetching import fetch, usual_sources
from building.sources.lock import parse_lock
from building.split.instrument import instrumented
from building.split.numbers import SplitError
from building.split.profile import parse_archives, parse_profile, text_of, written_profile
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


class Profile:
    """The file, and what has been added to it. archives: {name: bytes as published} of Python's library and numpy."""

    def __init__(self, modules, archives):
        self.modules, self.archives = modules, archives
        try:
            text = text_of(PROFILE)
            self.ran, known = parse_profile(text), parse_archives(text)
        except SplitError:
            self.ran, known = {}, {}
        self.python = {name: known.get(hash_of(data), {}) for name, data in archives.items()}
        self.used = parse_used(ROOT / "runtime-used.json")

    def note(self, step, answer):
        """Adds what a worker says has run of the modules."""
        for name, functions in json.loads(answer).items():
            self.ran.setdefault(name, set()).update(functions)
        self.write(step)

    def note_python(self, step, answer):
        recorder.add(answer, self.python, self.used)
        self.write(step)

    def write(self, step):
        found = {name: (data, self.ran.get(hash_of(data), set())) for name, data in self.modules.items()}
        of_python = {name: (data, self.python[name]) for name, data in self.archives.items()}
        PROFILE.write_text(written_profile(found, of_python))
        counts = sorted((len(each) for _, each in found.values()), reverse=True)
        own = [sum(map(len, files.values())) for files in self.python.values()]
        print(f"{step}: {counts} functions of modules, {own} of Python until then", flush=True)


def watch_the_tests(profile):
    """Has the browser tests, all in Chromium, use a page that tells what runs beyond the profile, and adds it."""
    with tempfile.TemporaryDirectory() as scratch:
        folder, told = Path(scratch), Path(scratch) / "told.txt"
        known = json.dumps({name: sorted(functions) for name, functions in profile.ran.items()})
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
            profile.note("the tests", json.dumps({name: json.loads(numbers)}))


def walk_all(driver, folder, page, door, note, options):
    """Walks the page {path: bytes}, and after each step tells `note` what its worker's `door` says."""
    offline.finish(page)
    write_whole(folder / "dist", page)
    browser = driver.chromium.launch(executable_path=os.environ.get("CHROME"))
    with serve(folder / "dist") as server:
        opened = browser.new_page()
        opened.goto(server.url)
        wait_until_ready(opened)
        for name, step in steps(opened, folder, options.data, options.every).items():
            step()
            note(name, opened.evaluate(CALL, door))
        browser.close()
        for name, start in ENGINES.items():
            own = folder / name
            own.mkdir()
            with start(own) as visit:
                walk(visit, server.url, own)
                note(name, visit.evaluate(f"({CALL})({door!r})"))
        server.shutdown()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder of the shared data")
    parser.add_argument("--every", type=int, default=1, help="of the data's pictures, each of that number is read")
    parser.add_argument("--python", action="store_true", help="only Python's functions: the other half was not changed")
    parser.add_argument("--tests", action="store_true", help="the browser tests use the page, too: half an hour more")
    options = parser.parse_args()
    with usual_sources() as sources:
        files = parse_lock((ROOT / "runtime-lock.json").read_text("utf-8"))
        runtime = {file.name: data for file, data in fetch(files, usual_cache(), sources)}
    archives = {"library": runtime[LIBRARY], "numpy": next(runtime[name] for name in runtime if name.endswith(".whl"))}
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as driver:
        folder = Path(scratch)
        plain = built(folder / "modules", TELL, NOTES)
        profile = Profile(modules_of(plain), archives)
        if not options.python:
            walk_all(driver, folder / "modules", with_tables(plain), "what_ran", profile.note, options)
        telling = recorder.with_recorder(built(folder / "python", recorder.TELL))
        walk_all(driver, folder / "python", telling, "python_ran", profile.note_python, options)
    if options.tests:
        watch_the_tests(profile)


if __name__ == "__main__":
    main()
