"""The worker computes what this machine's Python computes: same labels, same feature vectors.

The page is the real one; its worker is replaced by one that reads a file of pictures with the same
recognizer package, in Pyodide.
"""

import base64
import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.browser.hand import wait_until_ready
from tests.browser.parity_worker import meaning, read_all
from tests.browser.serving import Site
from training.data.strokes import picture, read_strokes

pytestmark = pytest.mark.thorough

HALF = 500  # pictures from MNIST, and as many drawn from strokes
TOLERANCE = 1e-4
READ_FILE = """async () => {
  const answer = await document.querySelector("script[worker]").xworker.sync.read_file(new URL("pictures.npz", location).href);
  const text = bytes => {
    let text = "";
    for (let i = 0; i < bytes.length; i += 0x8000)
      text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
    return btoa(text);
  };
  return [answer.texts, text(answer.vectors), text(answer.projected)];
}"""

MEANING = "([text, decimal]) => document.querySelector('script[worker]').xworker.sync.meaning(text, decimal)"
LINES = ("1,234.50 -49.892 1.234,5 .0000001 15.08% $90,187,236.54 7/8 1/3 12-26-70 4:30 (408) 974-3145", "12+7×3=19 ?4 5--3",
         "9" * 60 + "." + "7" * 60, "1/67108864")  # fmt: skip


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
    site = Site(page)
    shutil.copy(Path(__file__).parents[1] / "parity_worker.py", site.path("worker.py"))
    yield site
    site.close()


def test_worker_and_native_python_agree(browser, site, pictures):
    context = browser.new_context()
    page = context.new_page()
    page.goto(site.url)
    wait_until_ready(page)
    texts, *worker = page.evaluate(READ_FILE)
    means = {(text, decimal): page.evaluate(MEANING, [text, decimal]) for text in LINES for decimal in ("", ".", ",")}
    context.close()

    for (text, decimal), said in means.items():
        assert said == meaning(text, decimal)
        assert "Decimal('" in said
    expected, *native = read_all(site.model, pictures)
    assert len(texts) == 2 * HALF
    assert texts == expected
    assert sum(len(text) == 1 for text in texts) > 0.98 * len(texts)
    for got, wanted in zip(worker, native, strict=True):
        got = np.frombuffer(base64.b64decode(got), np.float32).reshape(wanted.shape)
        assert np.abs(got - wanted).max() <= TOLERANCE
