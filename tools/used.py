"""Finds out which files of Python's library and of numpy the page uses, by using all of the page.

    python tools/used.py     writes runtime-used.json

The page is built with all of both, each of the worker's doors is gone through, with everything that is known to go
wrong (tests/browser/bad_inputs.py), and then Python says what it has imported. build.py ships these and no others. The
browser tests, which all run on what is shipped, tell when something is missing. Run this after a new import in
site/worker.py or site/number_reader, and with a new runtime.

Needs the "test" extra, a Chromium (CHROME names one, else Playwright's own is taken) and what build.py needs.
"""

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "site")]

from building.page.folder import build_folder
from building.server import serve
from building.sources.cache import usual_cache
from building.sources.fetching import usual_sources
from tests.browser.bad_inputs import hand_over_everything, worker_with_doors
from tests.browser.hand import Hand, number, wait_until_ready
from tests.browser.picture_files import encoded, handwriting, open_picture
from tests.number_reader.page.made import grid

USED = ROOT / "runtime-used.json"
UNWANTED = "difflib.py"  # traceback guesses with it which keyword was mistyped; what is shipped has no such mistakes
TELL = """
__export__.append("modules")
def modules():
    import json, sys
    return json.dumps(sorted(getattr(module, "__file__", None) or "" for module in list(sys.modules.values())))
"""
CALL = "name => document.querySelector('script[worker]').xworker.sync[name]()"
LIBRARY, NUMPY = "/lib/python314.zip/", "/site-packages/"


def walk(page, folder):
    """Everything that the worker is asked for, the right way and the wrong way."""
    hand = Hand(page)
    hand.write("2026")
    number(page)
    page.locator("#candidates > li").first.click()  # why
    page.wait_for_selector("#why-note:text-is('')", state="attached")
    page.locator("#labels button").nth(3).click()  # teaches
    page.click("#taught summary")
    page.wait_for_selector("#export:not([data-idle])")
    with page.expect_download() as saved:
        page.click("#export")
    saved.value.save_as(folder / "taught.npz")
    for name, content in {
        "taught.npz": (folder / "taught.npz").read_bytes(),
        "cut.npz": (folder / "taught.npz").read_bytes()[:-20],
        "none.npz": b"none",
        "other.npz": (ROOT / "site/model/digits.npz").read_bytes(),
    }.items():
        page.set_input_files("#import", {"name": name, "mimeType": "application/octet-stream", "buffer": content})
        page.wait_for_timeout(500)
    for form in ("PNG", "JPEG", "WEBP", "GIF", "BMP"):
        open_picture(page, encoded(handwriting("58"), form), f"58.{form.lower()}", f"image/{form.lower()}")
        page.locator("#source", has_text=f"58.{form.lower()}").wait_for()
    open_picture(page, b"no picture", "none.png")
    page.locator("#status", has_text="is a text file").wait_for()
    for name, picture in pages().items():
        open_picture(page, encoded(picture), f"{name}.png")
        page.locator("#source", has_text=f"{name}.png").wait_for()
        number(page)
    for sample in page.locator("#samples button").all():
        sample.click()
        number(page)
    page.click("#forget")
    page.click("#forget-yes")
    page.wait_for_selector("#export[data-idle]")
    hand_over_everything(page)


def pages():
    """Uint8 pages of every kind, by name: a table, one that lies on its side, leaning numbers, a sheet on a table."""
    rows = [["12", "45", "7"], ["73", "26", "58"], ["50", "94", "3"], ["64", "2", "37"]]
    table = Image.fromarray(grid(rows))
    leaning = Image.fromarray(handwriting("2745")).rotate(33, expand=True, fillcolor=255)
    desk = Image.new("L", (table.width + 200, table.height + 200), 50)
    desk.paste(table, (100, 100))
    sheet = desk.rotate(7, Image.Resampling.BILINEAR, fillcolor=50)
    return {"table": table, "side": table.transpose(Image.Transpose.ROTATE_90), "leaning": leaning, "sheet": sheet}


def used_files(imported):
    """Names as the archives have them: {"library": [...], "numpy": [...]}."""
    within = {"library": LIBRARY, "numpy": NUMPY}
    return {
        archive: sorted({name.split(place, 1)[1].removesuffix("c") for name in imported if place in name} - {UNWANTED})
        for archive, place in within.items()
    }


def main():
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as driver:
        folder = Path(scratch)
        shutil.copytree(ROOT / "site", folder / "site")
        for name in ("LICENSE", "pyproject.toml"):
            shutil.copy(ROOT / name, folder)
        worker = folder / "site" / "worker.py"
        worker.write_text(worker_with_doors(worker.read_text("utf-8")) + TELL, "utf-8")
        with usual_sources() as sources:
            build_folder(folder / "dist", folder / "site", used=None, cache=usual_cache(), sources=sources)
        browser = driver.chromium.launch(executable_path=os.environ.get("CHROME"))
        with serve(folder / "dist") as server:
            page = browser.new_page()
            page.goto(server.url)
            wait_until_ready(page)
            walk(page, folder)
            imported = json.loads(page.evaluate(CALL, "modules"))
            browser.close()
            server.shutdown()
    found = used_files(imported)
    found["numpy"] = [name for name in found["numpy"] if name.startswith("numpy/")]
    USED.write_text(json.dumps(found, indent=1) + "\n")
    print(f"{USED.name}: {len(found['library'])} files of the library, {len(found['numpy'])} of numpy")


if __name__ == "__main__":
    main()
