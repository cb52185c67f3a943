"""What splitting the runtime would give, and which functions the page lacks then: the page, split by runtime-ran.json.

    python tools/cold.py --data ../shared/data     prints bytes, and what was called that is not in the first parts

The page is built with each module in two (building/split/), the rest of each beside it, fetched when it is first asked for;
what tools/ran.py walks is walked, and each call is counted that asks for a rest. Status 1 where one does. The build itself
ships the modules whole (docs/splitting.md).

Needs what tools/used.py needs. Takes minutes.
"""

import argparse
import gzip
import json
import os
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright
from ran import HIDING, NUMPY, PROFILE, WASM, built, read_drawings, read_pictures
from used import CALL, walk

from building.page import offline
from building.page.folder import write_whole
from building.runtime.packing import packed, packed_files, unpacked_files
from building.server import serve
from building.split.profile import read_profile, split_by
from tests.browser.hand import Hand, number, wait_until_ready

# In the worker, before Pyodide: what loads a rest, in the place for it; a first part's own exports are kept from Emscripten.
LOADER = (
    HIDING
    + """
const asked = [];
const caller = new WebAssembly.Module(
  Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 2, 5, 1, 0, 0, 0, 0, 7, 4, 1, 0, 0, 0]),
);
const hidden = ({ exports }) => {
  const marks = Object.keys(exports).filter((name) => name.startsWith("split:loaded "));
  for (const mark of marks) {
    const load = () => {
      const name = mark.slice("split:loaded ".length);
      asked.push(`${name} ${new Error().stack}`);
      const request = new XMLHttpRequest();
      request.open("GET", new URL(`../rest-${name}.wasm`, import.meta.url), false);
      request.responseType = "arraybuffer";
      request.send();
      new Instance(new WebAssembly.Module(request.response), { "": exports });
      exports[mark].value = 1;
    };
    exports["split:table"].set(0, new Instance(caller, { "": { "": load } }).exports[""]);
  }
  return { exports: Object.fromEntries(Object.entries(exports).filter(([name]) => !name.startsWith("split:"))) };
};
globalThis.whatRan = () => JSON.stringify(asked);
"""
)


def in_two(page, profile):
    """The page {path: bytes} of first parts, with rest-NAME.wasm for each; and a line for each module."""
    changed, lines = {}, []

    def parts(name, data, folder):
        made = split_by(profile, data)
        changed[f"{folder}rest-{made.name}.wasm"] = made.rest
        sizes = [len(packed(each)) for each in (data, made.first, made.rest)]
        lines.append(f"{name}: {sizes[0]} bytes packed; first {sizes[1]}, {made.stubs} stubs; rest {sizes[2]}")
        return made.first

    boot = next(path for path in page if path.endswith("boot/pyodide.mjs"))
    code = boot.removesuffix("boot/pyodide.mjs")
    for path, data in page.items():
        if path.endswith(WASM):
            changed[path] = packed(parts("pyodide.asm.wasm", gzip.decompress(data), code))
        elif path.endswith(NUMPY):
            files = unpacked_files(data)
            firsts = {name: parts(name, each, code) for name, each in files.items() if name.endswith(".so")}
            changed[path] = packed_files(files | firsts)
    return page | changed, lines


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="the folder of the shared data; without it, only one number is read")
    parser.add_argument("--keep", type=Path, help="a folder where the page is kept")
    parser.add_argument("--every", type=int, default=1, help="of the data's pictures, each of that number is read")
    options = parser.parse_args()
    asked = []
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as driver:
        folder = Path(scratch)
        plain = built(folder, LOADER)
        page, lines = in_two(plain, read_profile(PROFILE))
        print("\n".join(lines))
        for name, each in {"whole": plain, "first": page}.items():
            sizes = [len(data) for path, data in each.items() if path.endswith((WASM, NUMPY))]
            print(f"{name}: {sum(sizes)} bytes of Pyodide's module and numpy, packed")
        offline.finish(page)
        dist = options.keep or folder / "dist"
        write_whole(dist, page)
        browser = driver.chromium.launch(executable_path=os.environ.get("CHROME"))
        with serve(dist) as server:
            tab = browser.new_page()
            tab.goto(server.url)
            wait_until_ready(tab)
            Hand(tab).write("2026")
            print(f"reads 2026 as {number(tab)}")
            steps = {
                "the start": lambda: None,
                "all of the page": lambda: walk(tab, folder),
                "the drawings": lambda: read_drawings(tab, options.data / "real"),
                "the pictures": lambda: read_pictures(tab, options.data / "real", options.every),
            }
            for name, step in list(steps.items())[: None if options.data else 1]:
                step()
                calls = json.loads(tab.evaluate(CALL, "what_ran"))
                print(f"{name}: {len(calls)} calls of what is not there until then", *calls, sep="\n  ", flush=True)
                asked += calls
            browser.close()
            server.shutdown()
    return 1 if asked else 0


if __name__ == "__main__":
    sys.exit(main())
