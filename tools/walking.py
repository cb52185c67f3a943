"""What tools/ran.py and tools/cold.py have the page do: all of it, with everything that is known to go wrong."""

import base64
import random
import shutil
from collections import Counter

import numpy as np
from playwright.sync_api import Error
from used import ROOT, walk  # first: it says where the modules below are

from building.page import making
from building.sources.cache import usual_cache
from building.sources.fetching import usual_sources
from tests.browser.bad_inputs import hand_files, worker_with_doors
from tests.browser.hand import number, place, wait_for
from tests.browser.picture_files import ROWS, encoded, open_picture, page_of
from tests.fuzz import pictures, pixels, recognizers, strokes
from training.data.strokes import read_strokes
from training.measuring.speed import pad_picture

PICTURE_SECONDS = 120
STROKES = ("strokes-digits", "strokes-expressions", "strokes-marks", "strokes-not-digits", "strokes-numbers")
EACH = 60  # drawings of each of these files
MODES = [("numbers", None), ("sums", ","), ("numbers", "."), ("sums", None)]
AT_A_DOOR, SEED = 150, 20  # inputs of chance
MOST_PIXELS = 1_000_000  # of them
CANCELLED, AFTER = 3, 1500  # pages; ms after each

# Asked past the page: the alpha of the pad's picture in base64, its size, the pen's points. What is refused has run, too.
READ = """async ([alpha, width, height, pen, symbols, decimal]) => {
  const text = atob(alpha);
  const rgba = new Uint8ClampedArray(4 * text.length);
  for (let i = 0; i < text.length; i++) rgba[4 * i + 3] = text.charCodeAt(i);
  const points = pen && Float32Array.from(pen, (each) => each ?? NaN);
  const { read } = document.querySelector("script[worker]").xworker.sync;
  await Promise.resolve(read(rgba, width, height, points, symbols, decimal)).catch(() => {});
}"""

READ_FILES = """async (texts) => {
  const { read_picture } = document.querySelector("script[worker]").xworker.sync;
  let number = 1e6;
  for (const text of texts) {
    const bytes = Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
    await Promise.resolve(read_picture(new Blob([bytes]), number++)).catch(() => {});
  }
}"""


def built(folder, after="", before="", ran=None, doors=worker_with_doors):
    """The page {path: bytes} of a copy of the site, in `folder`, whose worker has the tests' doors and what comes `after` it,
    and JavaScript that runs `before` boot/rest.mjs. ran: as making.make has it. doors: a function of the worker's text."""
    folder.mkdir(exist_ok=True)
    shutil.copytree(ROOT / "site", folder / "site")
    for name in ("LICENSE", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    worker, rest = folder / "site" / "worker.py", folder / "site" / "boot" / "rest.mjs"
    worker.write_text(doors(worker.read_text("utf-8")) + after, "utf-8")
    rest.write_text(f"{{{before}}}\n{rest.read_text('utf-8')}", "utf-8")  # a block: its names are its own
    with usual_sources() as sources:
        return making.make(folder / "site", ran=ran, cache=usual_cache(), sources=sources)


def steps(page, folder, data, every):
    """{name: function}, to be called in this order on a page that is ready. data: the folder of the shared data; every: of its
    pictures, each of that number is read."""
    return {
        "the start": lambda: None,
        "all of the page": lambda: walk(page, folder),
        "pages cancelled": lambda: cancel_pages(page),
        "the drawings": lambda: read_drawings(page, data / "real"),
        "the doors": lambda: knock(page),
        "the pictures": lambda: read_pictures(page, data / "real", every),
    }


def read_pictures(page, folder, every):
    """Every, or every second, third... picture of the data, as a person opens it; what is refused has run, too."""
    for path in sorted([*folder.glob("photos/*"), *folder.glob("pages/*")])[::every]:
        open_picture(page, path.read_bytes(), path.name, f"image/{path.suffix[1:].replace('jpg', 'jpeg')}")
        try:
            page.locator("#source", has_text=path.name).wait_for(timeout=1000 * PICTURE_SECONDS)
            number(page)
        except Error:
            print(f"{path.name}: {page.locator('#status').text_content()}")


def cancel_pages(page):
    """While rows come. What was left half done is let go of a moment later, which runs functions of its own."""
    for _ in range(CANCELLED):
        open_picture(page, encoded(page_of(6 * ROWS)), "long.png")
        wait_for(page, "document.querySelector('#number').textContent.includes('\\n')")
        page.click("#cancel")
        page.wait_for_timeout(AFTER)


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
            drawn = [np.array(stroke, np.float32) for stroke in place(records[at]["strokes"])]
            ask(page, pad_picture(drawn), drawn, *MODES[count % len(MODES)])


def ask(page, picture, drawn, *mode):
    height, width = picture.shape[:2]
    pen = [value for stroke in drawn for point in [*stroke.tolist(), (None, None)] for value in point]
    alpha = base64.b64encode(picture[..., 3].tobytes()).decode()
    page.evaluate(READ, [alpha, width, height, pen, *mode])


def knock(page):
    """What tests/fuzz tries natively, at the doors that the worker has."""
    chance = random.Random(SEED)
    files = {
        "unpack": recognizers.taught_file,
        "load_model": recognizers.model_file,
        "load_exemplars": recognizers.exemplars_file,
    }
    for door, make in files.items():
        made = [each for each in (make(chance) for _ in range(AT_A_DOOR)) if isinstance(each, bytes)]
        hand_files(page, door, {str(at): content for at, content in enumerate(made)})
    made = [each for each in (pictures.made(chance) for _ in range(AT_A_DOOR)) if isinstance(each, bytes)]
    page.evaluate(READ_FILES, [base64.b64encode(content).decode() for content in made])
    for count in range(AT_A_DOOR):
        picture, drawn = strokes.drawn(chance)
        if chance.random() < 0.5 and is_of_a_pad(alone := pixels.picture(chance)):
            picture, drawn = alone, []
        if picture.shape[0] * picture.shape[1] <= MOST_PIXELS:
            ask(page, picture, drawn, *MODES[count % len(MODES)])


def is_of_a_pad(picture):
    return isinstance(picture, np.ndarray) and picture.shape[2:] == (4,) and picture.dtype == np.uint8
