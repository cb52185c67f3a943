"""Takes the pictures of the page: with a number on its pad, which links to the page show elsewhere (og:image), and for README
with a list read and in the sheet.

    python tools/preview.py     writes site/preview.png and docs/sheet.png

Needs the "test" extra, a Chromium (CHROME names one, else Playwright's own is taken) and what build.py needs.
"""

import io
import os
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # building/ and the tests' hand are not installed

from building.page.folder import build_folder
from building.page.index import PREVIEW
from building.server import serve
from building.sources.cache import usual_cache
from building.sources.fetching import usual_sources
from tests.browser.hand import PAD, Hand, lay_out, number, wait_until_ready
from tools.samples import write

PICTURE = ROOT / "site" / PREVIEW
NUMBER = "2026"
WINDOW = {"width": 960, "height": 504}
SCALE = 1.25  # to 1200 x 630, the size that previews are cut to
SHEET = ROOT / "docs" / "sheet.png"
LIST = ("12.50", "7.25", "103", "122.75")  # the last is the sum of the others
TALL = {"width": 960, "height": 720}


def on_pad(strokes, share=0.62):
    """Strokes in any unit, in the middle of the pad, as wide as `share` of it."""
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    scale = share * PAD["width"] / (high - low)[0]
    return [(stroke - (low + high) / 2) * scale + (PAD["width"] / 2, PAD["height"] / 2) for stroke in strokes]


def screenshot(page):
    """The page's picture once `NUMBER` is written and read, as PNG bytes."""
    wait_until_ready(page)
    Hand(page).draw(on_pad(write(NUMBER, np.random.default_rng(8))))
    if number(page) != NUMBER:
        sys.exit(f"the page read {number(page)!r}, not {NUMBER}")
    page.mouse.move(0, 0)
    return page.screenshot()


def list_on_paper():
    """PNG bytes of numbers below each other, in the tests' own handwriting."""
    drawn = [on_pad(lay_out(text), 0.08 * len(text)) for text in LIST]
    picture = Image.new("L", (PAD["width"], 170 * len(LIST)), 238)
    pen = ImageDraw.Draw(picture)
    for row, strokes in enumerate(drawn):
        for stroke in strokes:
            points = [(float(x), float(y) - PAD["height"] / 2 + 170 * row + 85) for x, y in stroke]
            pen.line(points, fill=40, width=7, joint="curve")
            for x, y in points:
                pen.ellipse([x - 3, y - 3, x + 3, y + 3], fill=40)
    out = io.BytesIO()
    picture.filter(ImageFilter.GaussianBlur(0.7)).save(out, "PNG")
    return out.getvalue()


def screenshot_of_sheet(page):
    """The page's picture once a list was read and put into the sheet, as PNG bytes."""
    wait_until_ready(page)
    page.set_input_files("#image", {"name": "list.png", "mimeType": "image/png", "buffer": list_on_paper()})
    page.wait_for_selector("#source:text-is('list.png')")
    if number(page).split() != list(LIST):
        sys.exit(f"the page read {number(page)!r}, not {LIST}")
    page.click("#add")
    page.wait_for_selector("#lines img, #lines canvas")
    page.locator("#cells [role=columnheader]").nth(1).click()
    page.wait_for_timeout(500)
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    page.mouse.move(0, 0)
    summary = page.locator("#sums").bounding_box()
    size = {"x": 0, "y": 0, "width": TALL["width"], "height": summary["y"] + summary["height"] + 16}
    return page.screenshot(full_page=True, clip=size)


def main():
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        with usual_sources() as sources:
            build_folder(Path(folder) / "dist", cache=usual_cache(), sources=sources)
        browser = driver.chromium.launch(executable_path=os.environ.get("CHROME"))
        with serve(Path(folder) / "dist") as server:
            page = browser.new_page(viewport=WINDOW, device_scale_factor=SCALE, color_scheme="light")
            page.goto(server.url)
            picture = Image.open(io.BytesIO(screenshot(page)))
            page = browser.new_page(viewport=TALL, color_scheme="light")
            page.goto(server.url)
            sheet = Image.open(io.BytesIO(screenshot_of_sheet(page)))
            browser.close()
            server.shutdown()
    for file, taken in ((PICTURE, picture), (SHEET, sheet)):
        taken.convert("RGB").save(file, optimize=True)
        print(f"{file.name}: {taken.width} x {taken.height}, {file.stat().st_size} bytes")


if __name__ == "__main__":
    main()
