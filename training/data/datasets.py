"""Data sets: what a PATH holds, its labels, who made each item, and on which side of the split it lies.

`opening.open_dataset` tells the kinds apart. Every kind gives pictures as the page would meet them; nothing here
prepares them for the recognizer. Sets of picture files are in picture_sets.py, photographs of numbers in photos.py.
"""

import hashlib
import re
from pathlib import Path

import numpy as np

from number_reader.command import printable
from number_reader.labels import CHARACTERS, MARKS, NOT_A_DIGIT
from number_reader.storage import npz
from training.data import splits
from training.data.errors import DataError
from training.data.files import unpacked_room
from training.data.strokes import PAD, picture, placed, read_strokes

NUMBER = 255  # the label of what has several digits or marks
WRITTEN = f"[0-9{re.escape(CHARACTERS[MARKS.start :])}]+"  # the texts that can be read, spaces aside
STARS = {"*": "×", "x": "×"}  # people write these for times, and the data have no other
SMALLEST = 4  # px of a side of MNIST's pictures: many thousands of nothing would take long to look at

# How a stroke drawing may fill the pad: (longer side of the ink, brush), px of the pad. The brushes run from
# thin to thick around the pad's own; the last is a digit inside a long number.
BRUSHES = {
    "thin brush": (260, 12),
    "pad's brush": (260, PAD["brush"]),
    "thick brush": (260, 34),
    "small, pad's brush": (130, PAD["brush"]),
}
# How long a mark is, in heights of its writer's digits, where no writer's is known; of others 1.
SIZES = {
    label: {".": 0.05, ",": 0.25, "-": 0.4, "+": 0.5, ":": 0.4, "=": 0.45, "×": 0.5}.get(c, 1.0)
    for label, c in enumerate(CHARACTERS)
}
LARGEST = 3  # heights of a digit
USUAL = 0.65  # this share of a string's strokes is no higher than its digits
LONGEST = 4_000  # px of a number
SHRUNK = 100  # times a file may be as small as what is in it


class DataSet:
    """Items with a known text, in a fixed order.

    name, kind: for people. texts: (n,) str, what each item reads, "" for what is no digit and no mark. labels: (n,) uint8,
    0..9, NOT_A_DIGIT, one of MARKS, or NUMBER. groups: (n,) str, the drawing or the writer, ""
    where unknown. split: (n,) str, train, validation or test. sorts: (n,) str, sorts of pictures to be counted
    apart, or None. variants: names of the ways in which each item can be drawn. notes: what a person should know
    about the split.
    """

    kind = ""
    sorts = None
    variants = ("",)
    limit_per_group = None  # items of one group that are worth training on; None: all of them

    def __init__(self, path):
        # A folder's name may hold what can't be written into a file of text.
        self.path, self.name, self.notes = path, printable(Path(path).name) if path else "embedded", []

    def __len__(self):
        return len(self.texts)

    def _settle(self, texts, groups, split):
        self.texts = np.array(texts, str)
        self.labels = np.array([label_of(text) for text in self.texts], np.uint8)
        self.groups, self.split = np.array(groups, str), np.array(split, str)
        if len(self.texts) == 0:
            raise DataError(f"{self.path} holds no items.")

    def check(self, split=None):
        """DataError that names all items of a side of the split that can't be read, None for all sides. Most kinds are known
        to be whole once they are open."""

    def picture(self, index, variant=0):
        """Item `index` as a uint8 picture, (H, W), (H, W, 3) or (H, W, 4)."""
        raise NotImplementedError

    def pen(self, index, variant=0):
        """The pen strokes of that picture, for `Recognizer.read`: float32 (n, 2) arrays of x, y in its pixels, one
        per pen-down in writing order; None where only pixels exist."""
        return None


def label_of(text):
    """The label of an item by its text: see `DataSet`."""
    return NOT_A_DIGIT if text == "" else CHARACTERS.index(text) if len(text) == 1 else NUMBER


class MnistSet(DataSet):
    """An mnist.npz with x_train, y_train, x_test, y_test; its own test set stays the test set."""

    kind = "mnist"

    def __init__(self, path):
        super().__init__(path)
        keys = ("x_train", "x_test", "y_train", "y_test")

        def fault(reason):
            return DataError(f"{path} is no NPZ with x_train, y_train, x_test and y_test: {reason}")

        data = npz.read(path, dict.fromkeys(keys), "file", fault, unpacked_room(path, SHRUNK))
        x, y = [data["x_train"], data["x_test"]], [data["y_train"], data["y_test"]]
        for pixels, labels in zip(x, y):
            if pixels.ndim != 3 or pixels.dtype != np.uint8 or labels.shape != pixels.shape[:1]:
                raise DataError(f"{path}: x must be uint8 (n, height, width) and y (n,).")
            if labels.dtype.kind not in "iu" or (labels.size and not 0 <= labels.min() <= labels.max() <= 9):
                raise DataError(f"{path}: labels must be whole numbers from 0 to 9.")
            if min(pixels.shape[1:]) < SMALLEST:
                raise DataError(f"{path}: pictures must have at least {SMALLEST} pixels to a side.")
        y = [labels.astype(np.uint8) for labels in y]
        if x[0].shape[1:] != x[1].shape[1:]:
            raise DataError(f"{path}: training and test pictures differ in size.")
        self.pixels = np.concatenate(x)
        split = np.repeat([splits.TRAIN, splits.TEST], [len(x[0]), len(x[1])]).astype("<U10")
        first, last = splits.load()["mnist"]["validation"]
        if len(x[0]) == last:
            split[first:last] = splits.VALIDATION
        else:
            keys = [hashlib.sha256(p.tobytes()).hexdigest() for p in x[0]]
            side = splits.stratified(y[0], keys)
            split[: len(x[0])] = np.where(side == splits.VALIDATION, splits.VALIDATION, splits.TRAIN)
        self._settle(np.concatenate(y).astype(str), [""] * len(self.pixels), split)

    def picture(self, index, variant=0):
        return self.pixels[index]


class PenSet(DataSet):
    """Items known as pen strokes, drawn with the pad's brush in the ways of BRUSHES. strokes: for each item its pen-downs,
    float (n, 2) arrays in 0..1 of the longer side."""

    variants = tuple(BRUSHES)

    def picture(self, index, variant=0):
        return picture(self.strokes[index], *self._size_and_brush(index, variant))

    def pen(self, index, variant=0):
        return placed(self.strokes[index], *self._size_and_brush(index, variant))[0]

    def _size_and_brush(self, index, variant):
        """Both in px: of the ink's longer side, and of the brush."""
        return list(BRUSHES.values())[variant]


class StrokeSet(PenSet):
    """Pen strokes, drawn with the pad's brush; split by writer. Shapes that a person could take for a digit
    (`digitlike`) are left out. sizes: float (n,), how long the longer side of a mark is, in heights of its writer's
    digits; what nobody knows is the middle of its kind."""

    kind = "strokes"

    def __init__(self, path):
        super().__init__(path)
        records = [r for r in read_strokes(path) if not r.get("digitlike") or _text_of(r)]
        self.strokes = [r["strokes"] for r in records]
        writers = splits.load()["writers"]
        names = [r["writer"] for r in records]
        side = {name: writers.get(name) or splits.by_hash(name) for name in set(names)}
        self._settle([_text_of(r) for r in records], names, [side[name] for name in names])
        self.sizes = np.array([_size_of(r) for r in records])
        for label in MARKS:
            own = self.labels == label
            known = self.sizes[own & ~np.isnan(self.sizes)]
            self.sizes[own & np.isnan(self.sizes)] = np.median(known) if known.size else SIZES[label]

    def _size_and_brush(self, index, variant):
        """Both in px; of a number it is the height that the variant names, however wide it is, and of a mark what that
        leaves it. The last variant shows a mark as a reader does that knows its strokes: drawn anew as high as a digit."""
        size, brush = super()._size_and_brush(index, variant)
        if self.labels[index] in MARKS:
            size, brush = (260, PAD["brush"]) if variant == len(BRUSHES) - 1 else (size * self.sizes[index], brush)
        elif self.labels[index] == NUMBER:
            _width, height = np.ptp(np.concatenate(self.strokes[index]), axis=0)
            if not self.texts[index].isdecimal():  # it may have several lines, and brackets are higher than digits
                height = np.quantile([np.ptp(stroke[:, 1]) for stroke in self.strokes[index]], USUAL)
            size = min(size / max(height, 1e-3), LONGEST)
        return size, brush


def _text_of(record):
    """What a record of strokes reads: digits, marks and spaces; "" for letters, symbols and scribbles ("kind")."""
    text = record["label"]
    text = STARS.get(text, text.replace("*", "×"))
    is_text = re.fullmatch(WRITTEN, text.replace(" ", "")) is not None
    return text if is_text and ("kind" not in record or label_of(text) in MARKS) else ""


def _size_of(record):
    """The size of a mark that a record states, a float; NaN if it states none, or one that no mark has beside digits."""
    size = record.get("size")
    return float(size) if isinstance(size, (int, float)) and 0 <= size <= LARGEST else np.nan


class EmbeddedSet(DataSet):
    """scikit-learn's bundled digits: 1,797 pictures of 8x8, for a first try without any data set."""

    kind = "embedded"

    def __init__(self):
        from sklearn.datasets import load_digits

        super().__init__(None)
        images, labels = load_digits(return_X_y=True)
        self.pixels = np.rint(images.reshape(-1, 8, 8) * (255 / 16)).astype(np.uint8)
        keys = [hashlib.sha256(p.tobytes()).hexdigest() for p in self.pixels]
        self._settle(labels.astype(str), [""] * len(labels), splits.stratified(labels, keys))
        self.notes.append("split by picture, as nobody knows who drew what: figures may flatter the model")

    def picture(self, index, variant=0):
        return self.pixels[index]
