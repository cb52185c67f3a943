"""What the page reads of the shared data needs nothing of the modules' rests: else runtime-ran.json has to be made anew
(docs/splitting.md). tools/cold.py reads all of it, and says which function was called."""

import base64
import re

import numpy as np
import pytest

from tests.browser.conftest import LAPTOP
from tests.browser.hand import number, place, wait_for, wait_until_ready
from tests.browser.picture_files import open_picture
from training.data.strokes import read_strokes
from training.measuring.speed import pad_picture

pytestmark = pytest.mark.thorough

EVERY = 12  # of the pictures
EACH = 12  # drawings of each file, the last ones: tools/ran.py takes the first of each writer
FILES = ("strokes-digits", "strokes-expressions", "strokes-marks", "strokes-not-digits", "strokes-numbers")
MODES = [("numbers", None), ("sums", ","), ("digits", None), ("numbers", "."), ("sums", None)]

# Past the page, which would take a hand minutes: the alpha of the pad's picture in base64, its size, the pen's points, a mode.
READ = """async ([alpha, width, height, pen, ...mode]) => {
  const rgba = new Uint8ClampedArray(4 * width * height);
  const text = atob(alpha);
  for (let i = 0; i < text.length; i++) rgba[4 * i + 3] = text.charCodeAt(i);
  const points = Float32Array.from(pen, (each) => each ?? NaN);
  return (await document.querySelector("script[worker]").xworker.sync.read(rgba, width, height, points, ...mode)).text;
}"""


@pytest.fixture(scope="module")
def own_visit(visits):
    """Ready, with the rest there: had it been called before, the worker would have been another."""
    visit = visits(viewport=LAPTOP)
    wait_until_ready(visit.page)
    wait_for(visit.page, "window.reached.split(' ').includes('rest')")
    yield visit
    assert steps(visit.page).count("cold") == 0


def steps(page):
    return page.evaluate("window.reached").split()


def test_drawings_of_many_people(own_visit, shared_data):
    texts = []
    for name in FILES:
        for at, record in enumerate(list(read_strokes(shared_data / "real" / f"{name}.jsonl.gz"))[-EACH:]):
            drawn = [np.array(stroke, np.float32) for stroke in place(record["strokes"])]
            picture = pad_picture(drawn)
            alpha = base64.b64encode(picture[..., 3].tobytes()).decode()
            pen = [value for stroke in drawn for point in [*stroke.tolist(), (None, None)] for value in point]
            asked = [alpha, picture.shape[1], picture.shape[0], pen, *MODES[at % len(MODES)]]
            texts.append(own_visit.page.evaluate(READ, asked))
    assert sum(map(bool, texts)) > 0.9 * len(texts)
    assert "cold" not in steps(own_visit.page)


def test_pictures_of_many_people(own_visit, shared_data):
    real = shared_data / "real"
    paths = sorted([*real.glob("photos/*"), *real.glob("pages/*")])[::EVERY]
    assert len(paths) > 10
    for path in paths:
        open_picture(own_visit.page, path.read_bytes(), path.name, f"image/{path.suffix[1:].replace('jpg', 'jpeg')}")
        own_visit.page.locator("#source", has_text=re.compile(re.escape(path.name))).wait_for(timeout=120_000)
        number(own_visit.page)
    assert "cold" not in steps(own_visit.page)
