"""The doors of the recognizer: pictures, strokes, what is taught, and its three kinds of files."""

import functools
import io
from pathlib import Path

import numpy as np

from number_reader import ImageError, ModelError, Recognizer
from number_reader.classification.normalize import SIDE
from number_reader.labels import DIGITS, MARKS, MODES
from number_reader.numbers import numbers
from number_reader.storage import exemplars, model, taught
from tests.fuzz import npy, pixels, strokes
from tests.fuzz.door import Door, folder
from tests.number_reader.conftest import small_model

SHIPPED = Path(__file__).parents[2] / "site" / "model" / "digits.npz"


@functools.cache
def shipped():
    return Recognizer.load(SHIPPED)


@functools.cache
def small():
    """The bytes of a little model of random numbers."""
    path = folder() / "small.npz"
    model.save(path, **small_model())
    return path.read_bytes()


def assert_sound(reading, image):
    assert "".join(reading.text.split()) == "".join(symbol.character for symbol in reading.symbols)
    assert set(reading.text) <= set("0123456789?\n " + MODES["numbers"])
    assert reading.text == "\n".join(line.strip(" ") for line in reading.text.splitlines())
    assert len(reading.digits) + len(reading.marks) == len(reading.symbols)
    for digit in reading.symbols:
        assert digit.label is None or digit.label in DIGITS or digit.label in MARKS
        labels = [label for label, _ in digit.candidates]
        assert len(set(labels)) == len(labels)
        assert set(DIGITS) <= set(labels) <= {*DIGITS, *MARKS}
        shares = [share for _, share in digit.candidates]
        assert digit.confidence == shares[0]
        assert all(0 <= share <= 1 for share in shares)
        assert sum(shares) <= 1 + 1e-6
        assert np.isfinite(digit.doubt)
        assert digit.glyph.shape == (SIDE, SIDE)
        assert digit.glyph.dtype == np.uint8
        top, left, bottom, right = digit.box
        assert 0 <= top < bottom <= image.shape[0] + 40
        assert 0 <= left < right <= image.shape[1] + 40


def read(image):
    reading = shipped().read(image)
    assert_sound(reading, image)
    return "read" if reading.symbols else "read: nothing"


def read_page(image):
    from number_reader.page.page import steps

    *told, page = steps(shipped(), image)
    assert [step.stage for step in told[:3]] == ["sheet", "turn", "lines"]
    assert all(0 <= step.k <= step.n for step in told)
    assert -180 <= page.turn <= 180
    assert page.corners is None or (page.corners.shape == (4, 2) and np.isfinite(page.corners).all())
    height, width = page.picture.shape[:2]
    for cell in [cell for row in page.rows for cell in row] + page.left_out:
        assert set(cell.text) <= set("0123456789? " + MODES["numbers"])
        assert 0 <= cell.confidence <= 1
        assert cell.text.replace(" ", "") == "".join(symbol.character for symbol in cell.digits)
        if cell.text:
            top, left, bottom, right = cell.box
            assert 0 <= top < bottom <= height + 40
            assert 0 <= left < right <= width + 40
    return "read" if page.rows else "read: nothing"


def read_with_strokes(made):
    image, lines = made
    reading = shipped().read(image, lines)
    return "read" if reading.symbols else "read: nothing"


# --- teaching -------------------------------------------------------------------------------


def lesson(rng):
    """(glyphs, labels, rows to forget) of any kind."""
    count = rng.choice((0, 1, 3))
    glyphs = np.frombuffer(rng.randbytes(count * SIDE * SIDE), np.uint8).reshape(count, SIDE, SIDE)
    labels = [rng.randrange(10) for _ in range(count)]
    rows = []
    way = rng.randrange(8)
    if way < 3:
        shape = tuple(rng.choice((0, 1, 27, 28)) for _ in range(rng.randrange(5)))
        glyphs = pixels.no_picture(rng) if way else np.zeros(shape, np.uint8)
    elif way < 6:
        labels = rng.choice(
            ([10], [12], [25], [-1], [1.5], [float("nan")], ["1"], [None], [[1]], None, 5, "1", [True], [10**30],
                [np.array([1, 2])],
             {1: 2}, [pixels.Pretender(None)], np.array([1, 2, 3]), np.array([1.0, 2, 3]), np.array(3), iter([1]),
             [1] * 10**6)
        )  # fmt: skip
    else:
        rows = rng.choice(
            ([0], [-1], [10**30], ["a"], [None], [1.5], [[1]], [float("nan")], [39, 39], [np.zeros(2)], [{}], [40])
        )
    return glyphs, labels, rows


def teach(made):
    glyphs, labels, rows = made
    recognizer = Recognizer.load(io.BytesIO(small()))
    taught_rows = recognizer.teach_all(glyphs, labels)
    recognizer.forget(*taught_rows, *rows)
    return "taught and forgotten"


# --- files ----------------------------------------------------------------------------------


def file(content, kinds, rng):
    """The bytes of a file, or seldom something else that somebody may call a file."""
    if rng.random() < 0.98:
        return npy.hostile(content, kinds, rng)
    missing = "", "missing.npz", "a\0b", "n" * 5_000, ".", b"/", Path("/dev/zero")
    return rng.choice((None, 5, -1, 1.5, object(), io.StringIO("text"), Closed(), *missing))


class Closed(io.BytesIO):
    def __init__(self):
        super().__init__(small())
        self.close()


def source(thing):
    return io.BytesIO(thing) if isinstance(thing, bytes) else thing


def model_file(rng):
    return file(small(), model.KEYS, rng)


def load(content):
    loaded = Recognizer.load(source(content))
    digit = loaded.recognize(np.eye(SIDE, dtype=np.uint8) * 255)
    assert np.isfinite(digit.doubt)
    assert 0 <= digit.confidence <= 1
    return "loaded"


@functools.cache
def _taught():
    rng = np.random.default_rng(0)
    return taught.pack(rng.integers(0, 256, (9, SIDE, SIDE)).astype(np.uint8), [1, 2, 3, 4, 5, 9, 13, 18, 24])


def taught_file(rng):
    return file(_taught(), taught.KEYS, rng)


def unpack(content):
    glyphs, labels = taught.unpack(source(content))
    assert glyphs.dtype == labels.dtype == np.uint8
    assert glyphs.shape[1:] == (SIDE, SIDE)
    assert 0 < len(glyphs) == len(labels) <= taught.MOST
    assert set(labels.tolist()) <= set(taught.KNOWN)
    return "taken in"


@functools.cache
def _small_recognizer():
    return Recognizer.load(io.BytesIO(small()))


@functools.cache
def _exemplars():
    known = _small_recognizer()
    count = len(exemplars.shown(known.neighbors.labels))
    glyphs = np.random.default_rng(0).integers(0, 256, (count, SIDE, SIDE)).astype(np.uint8)
    exemplars.save(folder() / "exemplars.npz", glyphs, known.fingerprint, "random")
    return (folder() / "exemplars.npz").read_bytes()


def exemplars_file(rng):
    return file(_exemplars(), exemplars.KEYS, rng)


def load_exemplars(content):
    found = exemplars.Exemplars.load(source(content), _small_recognizer())
    rows = exemplars.shown(_small_recognizer().neighbors.labels)
    assert found.glyphs(rows).shape == (len(rows), SIDE, SIDE)
    return "loaded"


# --- what is written --------------------------------------------------------------------------


def written(rng):
    """(a line, decimal): symbols in any order, more or less like numbers, from none to thousands."""
    parts = (
        *"0123456789.,-+/:%()$=×? ",
        "12",
        "1,234",
        "(408) ",
        "974-3145",
        "1 1/2",
        "4:30",
        "é",
        "\n",
        "  ",
        "0" * 50,
    )
    some = rng.sample(parts, rng.randint(1, len(parts)))
    text = "".join(rng.choices(some, k=rng.choice((0, 1, 3, 8, 20, 100, 3_000))))
    return text, rng.choice((None, ".", ","))


def understand(made):
    text, decimal = made
    found = numbers([(each, None if each == " " else (0, k, 9, k + 1)) for k, each in enumerate(text)], decimal)
    assert sum(map(str.isdigit, text)) == sum(map(str.isdigit, "".join(each.text for each in found)))
    assert not any("?" in each.text and each.value is not None for each in found)
    assert all(each.value is None or each.value.is_finite() for each in found)
    return "a value" if any(each.value is not None for each in found) else "no value"


DOORS = (
    Door("read", pixels.anything, read, (ImageError,), 300),
    Door("page", pixels.anything, read_page, (ImageError,), 600, share=0.2, most_seconds=15),
    Door("strokes", strokes.made, read_with_strokes, (ImageError,), 300),
    Door("numbers", written, understand, (), 30),
    Door("teach", lesson, teach, (ImageError, ValueError, KeyError), 100),
    Door("model", model_file, load, (ModelError,), 400),
    Door("taught", taught_file, unpack, (taught.TaughtError,), 30),
    Door("exemplars", exemplars_file, load_exemplars, (ModelError,), 150),
)
