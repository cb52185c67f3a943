"""Draws the icons of the installed page from site/icons/icon.svg.

    python tools/icons.py     writes site/icons/*.png

Systems cut a maskable icon to a shape of their own, so its ground fills the square and its drawing keeps within the
circle in the middle that is never cut, 80 % of it wide. Needs the "test" extra and a Chromium (CHROME names one, else
Playwright's own is taken).
"""

import io
import os
import re
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ICONS = Path(__file__).resolve().parent.parent / "site" / "icons"
MARGIN = 8  # of the drawing's 64, on each side of a maskable icon
KINDS = {  # name: (pixels to a side, whether the ground fills the square, margin)
    "icon-192.png": (192, False, 0),
    "icon-512.png": (512, False, 0),
    "maskable-512.png": (512, True, MARGIN),
    "apple-touch.png": (180, True, 0),
}


def drawing(svg, size, filled, margin):
    """The SVG as an HTML page of `size` x `size` pixels; filled: its ground without the round corners."""
    ground = re.search(r'<rect [^>]*fill="(#\w+)"', svg)[1]
    side = 64 + 2 * margin
    svg = svg.replace(
        'viewBox="0 0 64 64"', f'viewBox="{-margin} {-margin} {side} {side}" width="{size}" height="{size}"'
    )
    background = ground if filled else "transparent"
    return f'<body style="margin: 0; background: {background}"><div style="height: {size}px">{svg}</div></body>'


def main():
    svg = (ICONS / "icon.svg").read_text("utf-8")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=os.environ.get("CHROME"))
        for name, (size, filled, margin) in KINDS.items():
            page = browser.new_page(viewport={"width": size, "height": size})
            page.set_content(drawing(svg, size, filled, margin))
            picture = Image.open(io.BytesIO(page.screenshot(omit_background=True)))
            picture.convert("RGB" if filled else "RGBA").save(ICONS / name, optimize=True)
            page.close()
            print(f"{name}: {size} x {size}, {(ICONS / name).stat().st_size} bytes")
        browser.close()


if __name__ == "__main__":
    main()
