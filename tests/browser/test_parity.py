"""The worker computes what this machine's Python computes: same labels, same feature vectors.

The page's worker is replaced by one made for this test, which reads a file of pictures with the
same recognizer package in Pyodide.
"""

import base64
import shutil

import numpy as np
import pytest

from recognizer import Recognizer
from tests.browser.hand import wait_until_ready
from tests.browser.serving import Site
from training.strokes import picture, read_strokes

HALF = 500  # pictures from MNIST, and as many drawn from strokes
TOLERANCE = 1e-4

COMMON = '''
import numpy as np
from recognizer.features import features


def read_all(recognizer, pictures):
    """The texts, and the features and projected vectors of every glyph, float32 (n, d)."""
    readings = [recognizer.read(pictures[name]) for name in pictures.files]
    glyphs = np.stack([digit.glyph for reading in readings for digit in reading.digits])
    return [reading.text for reading in readings], features(glyphs), recognizer.project(glyphs)
'''

WORKER = f"""
{COMMON}
from recognizer import Recognizer

__export__ = ["ping", "read_file"]


def ping():
    return {{"ready": True}}


def read_file():
    texts, vectors, projected = read_all(
        Recognizer.load("model/digits.npz"), np.load("pictures.npz")
    )
    return {{
        "texts": texts,
        "vectors": np.asarray(vectors, np.float32).tobytes(),
        "projected": np.asarray(projected, np.float32).tobytes(),
    }}
"""

READ_FILE = """async () => {
  const {sync} = document.querySelector("script[worker]").xworker;
  const answer = await sync.read_file();
  const text = bytes => {
    let text = "";
    for (let i = 0; i < bytes.length; i += 0x8000)
      text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
    return btoa(text);
  };
  return [answer.texts, text(answer.vectors), text(answer.projected)];
}"""


@pytest.fixture
def pictures(shared_data, tmp_path):
    """A file of MNIST pictures (dark on light) and of strokes in RGBA, as the pad gives them."""
    with np.load(shared_data / "mnist.npz") as mnist:
        images = list(255 - mnist["x_test"][:HALF])
    records = read_strokes(shared_data / "real" / "strokes-digits.jsonl.gz")
    step = len(records) // HALF
    for i, record in enumerate(records[: step * HALF : step]):
        images.append(picture(record["strokes"], size=120 + i % 160, brush=8 + i % 20))
    path = tmp_path / "pictures.npz"
    np.savez_compressed(path, **{str(i): image for i, image in enumerate(images)})
    return path


@pytest.fixture
def site(built_site, pictures, tmp_path):
    page = tmp_path / "page"
    shutil.copytree(built_site, page)
    shutil.copy(pictures, page)
    (page / "worker.py").write_text(WORKER, "utf-8")
    config = page / "py-config.json"
    files = '"files": {'
    config.write_text(
        config.read_text("utf-8").replace(files, files + '"./pictures.npz": "./pictures.npz",'), "utf-8"
    )
    site = Site(page)
    yield site
    site.close()


def test_worker_and_native_python_agree(browser, site, pictures):
    context = browser.new_context()
    page = context.new_page()
    page.goto(site.url)
    wait_until_ready(page)
    page.set_default_timeout(300_000)
    texts, vectors, projected = page.evaluate(READ_FILE)
    context.close()

    native = {}
    exec(COMMON, native)
    with np.load(pictures) as opened:
        expected = native["read_all"](Recognizer.load(site.page / "model" / "digits.npz"), opened)
    assert len(texts) == 2 * HALF
    assert texts == expected[0]
    assert sum(len(text) == 1 for text in texts) > 0.98 * len(texts)
    for got, wanted in ((vectors, expected[1]), (projected, expected[2])):
        got = np.frombuffer(base64.b64decode(got), np.float32).reshape(wanted.shape)
        assert np.abs(got - wanted).max() <= TOLERANCE * max(1, np.abs(wanted).max())
