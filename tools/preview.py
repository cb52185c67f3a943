"""Takes the picture that links to the page show elsewhere (og:image): the page itself, with a number on its pad.

    python tools/preview.py     writes site/preview.png

Needs the "test" extra, a Chromium (CHROME names one, else Playwright's own is taken) and what build.py needs.
"""

import io
import os
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # building/ and the tests' hand are not installed

from building.page.folder import build_folder
from building.page.index import PREVIEW
from building.server import serve
from building.sources.cache import usual_cache
from building.sources.fetching import usual_sources
from tests.browser.hand import PAD, Hand, number, wait_until_ready
from tools.samples import write

PICTURE = ROOT / "site" / PREVIEW
NUMBER = "2026"
WINDOW = {"width": 960, "height": 504}
SCALE = 1.25  # to 1200 x 630, the size that previews are cut to


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


def main():
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        with usual_sources() as sources:
            build_folder(Path(folder) / "dist", cache=usual_cache(), sources=sources)
        browser = driver.chromium.launch(executable_path=os.environ.get("CHROME"))
        with serve(Path(folder) / "dist") as server:
            page = browser.new_page(viewport=WINDOW, device_scale_factor=SCALE, color_scheme="light")
            page.goto(server.url)
            picture = Image.open(io.BytesIO(screenshot(page)))
            browser.close()
            server.shutdown()
    picture.convert("RGB").save(PICTURE, optimize=True)
    print(f"{PICTURE.name}: {picture.width} x {picture.height}, {PICTURE.stat().st_size} bytes")


if __name__ == "__main__":
    main()
