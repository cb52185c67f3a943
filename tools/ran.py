"""Finds out which functions of Pyodide and of numpy's modules the page runs, by using all of the page.

    python tools/ran.py --data ../shared/data     adds to runtime-ran.json what ran, or makes it anew for a new runtime

The page is built with modules that tell which of their functions ran (building/split/instrument.py). What tools/used.py
walks is walked, with everything that is known to go wrong; then the data's pictures and pages are read, and strokes written
by many people, with each set of symbols and each sign before decimals. Run this with a new runtime, and more than
once: what runs depends a little on chance and on time.

Needs what tools/used.py needs. Takes minutes.
"""

import argparse
import base64
import gzip
import json
import os
import shutil
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
from playwright.sync_api import Error, sync_playwright
from used import CALL, ROOT, walk  # first: it says where the modules below are

from building.page import making, offline
from building.page.folder import write_whole
from building.runtime.packing import packed, packed_files, unpacked_files
from building.server import serve
from building.sources.cache import usual_cache
from building.sources.fetching import usual_sources
from building.split.instrument import instrumented
from building.split.numbers import SplitError
from building.split.profile import read_profile, written_profile
from building.split.splitting import hash_of
from tests.browser.bad_inputs import worker_with_doors
from tests.browser.hand import number, place, wait_until_ready
from tests.browser.picture_files import open_picture
from training.data.strokes import read_strokes
from training.measuring.speed import pad_picture

PROFILE = ROOT / "runtime-ran.json"
WASM, NUMPY = "/pyodide.asm.wasm.packed", "/numpy.packed"
PICTURE_SECONDS = 120
STROKES = ("strokes-digits", "strokes-expressions", "strokes-marks", "strokes-not-digits", "strokes-numbers")
EACH = 60  # drawings of each of these files
MODES = [("numbers", None), ("sums", ","), ("numbers", "."), ("sums", None)]

# In the worker, before Pyodide: whatever is instantiated goes through `hidden`, which takes exports out of Emscripten's sight.
HIDING = """
const { Instance, instantiate, instantiateStreaming } = WebAssembly;
WebAssembly.Instance = function (module, imports) {
  return hidden(new Instance(module, imports));
};
const both = (made) => ({ module: made.module, instance: hidden(made.instance) });
WebAssembly.instantiateStreaming = async (...asked) => both(await instantiateStreaming(...asked));
WebAssembly.instantiate = async (code, imports) => {
  const made = await instantiate(code, imports);
  return made.instance ? both(made) : hidden(made);
};
"""
NOTES = (
    HIDING
    + """
const tables = new Map();
const hidden = ({ exports }) => {
  const seen = { ...exports };
  for (const name of Object.keys(seen).filter((name) => name.startsWith("split:ran "))) {
    tables.set(name.slice("split:ran ".length), seen[name]);
    delete seen[name];
  }
  return { exports: seen };
};
const ranIn = (table) => [...Array(table.length).keys()].filter((number) => table.get(number) === null);
globalThis.whatRan = () => JSON.stringify(Object.fromEntries([...tables].map(([name, table]) => [name, ranIn(table)])));
"""
)
TELL = """
__export__.append("what_ran")
def what_ran():
    return js.whatRan()
"""
BOOTS = "\nconst python = boot();\n"  # in site/boot/pyodide.mjs
# Asked past the page: the alpha of the pad's picture in base64, its size, the pen's points.
READ = """async ([alpha, width, height, pen, symbols, decimal]) => {
  const text = atob(alpha);
  const rgba = new Uint8ClampedArray(4 * text.length);
  for (let i = 0; i < text.length; i++) rgba[4 * i + 3] = text.charCodeAt(i);
  const points = pen && Float32Array.from(pen, (each) => each ?? NaN);
  const { read } = document.querySelector("script[worker]").xworker.sync;
  await read(rgba, width, height, points, symbols, decimal);
}"""


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


def built(folder, before):
    """The page {path: bytes} of a copy of the site, in `folder`, whose worker has the tests' doors, and JavaScript that runs
    `before` Pyodide and says what ran."""
    shutil.copytree(ROOT / "site", folder / "site")
    for name in ("LICENSE", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    worker, boot = folder / "site" / "worker.py", folder / "site" / "boot" / "pyodide.mjs"
    worker.write_text(worker_with_doors(worker.read_text("utf-8")) + TELL, "utf-8")
    text = boot.read_text("utf-8")
    if text.count(BOOTS) != 1:
        raise SystemExit(f"{boot.name} does not boot where this tool knows it: {BOOTS.strip()}")
    boot.write_text(text.replace(BOOTS, f"\n{{{before}}}{BOOTS}"), "utf-8")  # a block: its names are its own
    with usual_sources() as sources:
        return making.make(folder / "site", cache=usual_cache(), sources=sources)


def read_pictures(page, folder, every):
    """Every, or every second, third... picture of the data, as a person opens it; what is refused has run, too."""
    for path in sorted([*folder.glob("photos/*"), *folder.glob("pages/*")])[::every]:
        open_picture(page, path.read_bytes(), path.name, f"image/{path.suffix[1:].replace('jpg', 'jpeg')}")
        try:
            page.locator("#source", has_text=path.name).wait_for(timeout=1000 * PICTURE_SECONDS)
            number(page)
        except Error:
            print(f"{path.name}: {page.locator('#status').text_content()}")


def read_drawings(page, folder):
    """Strokes of writers who take turns, past the page."""
    for name in STROKES:
        records = list(read_strokes(folder / f"{name}.jsonl.gz"))
        turns = Counter()
        order = []
        for at, record in enumerate(records):
            turns[record["writer"]] += 1
            order.append((turns[record["writer"]], at))
        for count, (_, at) in enumerate(sorted(order)[:EACH]):
            strokes = [np.array(stroke, np.float32) for stroke in place(records[at]["strokes"])]
            picture = pad_picture(strokes)
            height, width = picture.shape[:2]
            pen = [value for stroke in strokes for point in [*stroke.tolist(), (None, None)] for value in point]
            alpha = base64.b64encode(picture[..., 3].tobytes()).decode()
            page.evaluate(READ, [alpha, width, height, pen, *MODES[count % len(MODES)]])


def note(page, ran):
    """Adds to `ran`, {hash: functions}, what the page's worker has run until now."""
    for name, functions in json.loads(page.evaluate(CALL, "what_ran")).items():
        ran.setdefault(name, set()).update(functions)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder of the shared data")
    parser.add_argument("--every", type=int, default=1, help="of the data's pictures, each of that number is read")
    options = parser.parse_args()
    try:
        ran = read_profile(PROFILE)  # of another runtime, it is asked for nothing
    except SplitError:
        ran = {}
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as driver:
        folder = Path(scratch)
        plain = built(folder, NOTES)
        modules = modules_of(plain)
        telling = with_tables(plain)
        offline.finish(telling)
        write_whole(folder / "dist", telling)
        browser = driver.chromium.launch(executable_path=os.environ.get("CHROME"))
        with serve(folder / "dist") as server:
            page = browser.new_page()
            page.goto(server.url)
            wait_until_ready(page)
            steps = {
                "the start": lambda: None,
                "all of the page": lambda: walk(page, folder),
                "the drawings": lambda: read_drawings(page, options.data / "real"),
                "the pictures": lambda: read_pictures(page, options.data / "real", options.every),
            }
            for name, step in steps.items():
                step()
                note(page, ran)
                PROFILE.write_text(
                    written_profile({name: (data, ran.get(hash_of(data), set())) for name, data in modules.items()})
                )
                print(f"{name}: {sorted(map(len, ran.values()), reverse=True)} functions until then", flush=True)
            browser.close()
            server.shutdown()


if __name__ == "__main__":
    main()
