"""A photographed page of 12 megapixels with 120 digits: how long it takes, natively and on the page, in Chromium.

    python benchmarks/large.py --data ../shared/data

prints the time natively, and in the page's worker as a multiple of it, how early the first boxes come, the page's long tasks
and what memory the worker's Python takes. Times depend on the machine and on what else it does: nothing is decided by them.
"""

import argparse
import io
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from opened import opened_page, served_page  # first: it says where the modules below are
from PIL import Image
from threadpoolctl import threadpool_limits

from number_reader import Recognizer
from number_reader.page.page import steps
from training.__main__ import SHIPPED
from training.data.opening import open_dataset
from training.measuring import speed

HEIGHT, WIDTH = 3000, 4000  # px
ROWS, COLUMNS, DIGITS = 8, 3, 5  # 120 digits
REPEATS = 3
SEED = 5
NATIVE_SECONDS, TIMES_NATIVE, FIRST_SHARE, LONGEST_TASK = 1.5, 5, 0.2, 50  # the bars

# When each step of the reading came, and the long tasks of the page until it was shown, in ms.
WATCH = """() => {
  window.came = [];
  window.longTasks = [];
  addEventListener("stepped", ({detail}) => came.push([performance.now(), detail.stage, detail.k, detail.symbols.length]));
  new PerformanceObserver(list => longTasks.push(...list.getEntries().map(entry => entry.duration)))
    .observe({type: "longtask"});
  document.getElementById("image").addEventListener("change", () => {
    window.changedAt = performance.now();
    came.length = longTasks.length = 0;
  }, true);
}"""
DONE = "#number[data-state=done]"


def page_of(digits):
    """uint8 (HEIGHT, WIDTH) grey paper under uneven light, with numbers of unseen writers in rows."""
    rng = np.random.default_rng(SEED)
    ink = np.zeros((HEIGHT, WIDTH), np.float32)
    high, wide = HEIGHT // (ROWS + 1), WIDTH // (COLUMNS + 1)
    for k, drawing in enumerate(speed.drawings(digits, DIGITS, ROWS * COLUMNS)):
        alpha = Image.fromarray(drawing[..., 3])
        number = alpha.crop(alpha.getbbox())
        scale = min(0.6 * high / number.height, 0.8 * wide / number.width)
        number = number.resize((int(number.width * scale), int(number.height * scale)), Image.Resampling.BILINEAR)
        top, left = high // 2 + k // COLUMNS * high, wide // 2 + k % COLUMNS * wide
        ink[top : top + number.height, left : left + number.width] = np.asarray(number, np.float32) / 255
    light = np.linspace(190, 235, WIDTH) + np.linspace(0, 15, HEIGHT)[:, None]
    paper = light * (1 - 0.75 * ink) + rng.normal(0, 3, ink.shape)
    return np.clip(paper, 0, 255).astype(np.uint8)


def natively(page):
    """(seconds of the quickest of REPEATS readings, share of it after which the first row is read, symbols)."""
    recognizer = Recognizer.load(SHIPPED)
    best = None
    for _ in range(REPEATS):
        recognizer.recent.clear()
        start, first = time.perf_counter(), None
        for step in steps(recognizer, page):
            if first is None and getattr(step, "cells", None):
                first = time.perf_counter() - start
        seconds = time.perf_counter() - start
        if best is None or seconds < best[0]:
            best = (
                seconds,
                (seconds if first is None else first) / seconds,
                sum(len(c.digits) for r in step.rows for c in r),
            )
    return best


def on_the_page(url, content):
    """{"seconds": of the worker, "shown": until all is shown, "first": share of that after which the first boxes come,
    "tasks": long ones of the page, ms}, of the quickest of REPEATS."""
    found = []
    with opened_page(url) as page, tempfile.TemporaryDirectory() as folder:
        page.evaluate(WATCH)
        for k in range(REPEATS + 1):  # the first loads what only pages need
            (Path(folder) / f"{k}.jpg").write_bytes(content)
            page.set_input_files("#image", Path(folder) / f"{k}.jpg")
            page.wait_for_selector(f"body:has({DONE}):has(#source:text('{k}.jpg'))", timeout=300_000)
            shown = page.evaluate("performance.now() - changedAt")
            page.wait_for_timeout(200)  # entries are handed on when the browser has nothing better to do
            came, began = page.evaluate("came"), page.evaluate("changedAt")
            first = next((at - began for at, _, _, symbols in came if symbols), shown)
            last = max(at - began for at, *_ in came)
            found.append({"seconds": last / 1000, "shown": shown / 1000, "first": first / shown,
                          "tasks": page.evaluate("longTasks")})  # fmt: skip
    return min(found[1:], key=lambda each: each["shown"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, type=Path, metavar="FOLDER")
    options = parser.parse_args()
    picture = page_of(open_dataset(options.data / "real/strokes-digits.jsonl.gz"))
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "JPEG", quality=92)
    with threadpool_limits(1):
        native, first, symbols = natively(np.asarray(Image.open(io.BytesIO(file.getvalue())).convert("RGBA")))
    print(f"{WIDTH} x {HEIGHT} px, {symbols} symbols read of {ROWS * COLUMNS * DIGITS} digits")
    print(
        f"natively                   {native:.2f} s  (bar: {NATIVE_SECONDS}); first row after {100 * first:.0f} % of it"
    )
    with served_page() as url:
        there = on_the_page(url, file.getvalue())
    print(f"on the page, until the last row {there['seconds']:.2f} s, until shown {there['shown']:.2f} s, ", end="")
    print(f"{there['shown'] / native:.1f} times as long as natively  (bar: {TIMES_NATIVE})")
    print(f"first boxes after          {100 * there['first']:.0f} % of it  (bar: {100 * FIRST_SHARE:.0f})")
    longest = max(there["tasks"], default=0)
    print(f"tasks over {LONGEST_TASK} ms          {len(there['tasks'])}, longest {longest:.0f} ms  (bar: none)")


if __name__ == "__main__":
    sys.exit(main())
