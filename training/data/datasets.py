"""Data sets: what a PATH holds, its labels, who made each item, and on which side of the split it lies.

`opening.open_dataset` tells the kinds apart. Every kind gives pictures as the page would meet them; nothing here
prepares them for the recognizer. Sets of picture files are in picture_sets.py, photographs of numbers in photos.py.
"""

import hashlib
import re
from pathlib import Path

import numpy as np

from number_reader.storage import npz
from training.data import splits
from training.data.errors import DataError
from training.data.files import unpacked_room
from training.data.strokes import PAD, picture, placed, read_strokes

NOT_A_DIGIT = 10  # the label of letters, symbols and scribbles
NUMBER = 255  # that of numbers of several digits
SMALLEST = 4  # px of a side of MNIST's pictures: many thousands of nothing would take long to look at

# How a stroke drawing may fill the pad: (longer side of the ink, brush), px of the pad. The brushes run from
# thin to thick around the pad's own; the last is a digit inside a long number.
BRUSHES = {
    "thin brush": (260, 12),
    "pad's brush": (260, PAD["brush"]),
    "thick brush": (260, 34),
    "small, pad's brush": (130, PAD["brush"]),
}
LONGEST = 4_000  # px of a number
SHRUNK = 100  # times a file may be as small as what is in it


class DataSet:
    """Items with a known text, in a fixed order.

    name, kind: for people. texts: (n,) str, what each item reads, "" for what is no digit. labels: (n,) uint8,
    0..9, NOT_A_DIGIT, or NUMBER. groups: (n,) str, the drawing or the writer, ""
    where unknown. split: (n,) str, train, validation or test. sorts: (n,) str, sorts of pictures to be counted
    apart, or None. variants: names of the ways in which each item can be drawn. notes: what a person should know
    about the split.
    """

    kind = ""
    sorts = None
    variants = ("",)
    limit_per_group = None  # items of one group that are worth training on; None: all of them

    def __init__(self, path):
        self.path, self.name, self.notes = path, Path(path).name if path else "embedded", []

    def __len__(self):
        return len(self.texts)

    def _settle(self, texts, groups, split):
        self.texts = np.array(texts, str)
        self.labels = np.array(
            [NOT_A_DIGIT if t == "" else int(t) if len(t) == 1 else NUMBER for t in self.texts], np.uint8
        )
        self.groups, self.split = np.array(groups, str), np.array(split, str)
        if len(self.texts) == 0:
            raise DataError(f"{self.path} holds no items.")

    def picture(self, index, variant=0):
        """Item `index` as a uint8 picture, (H, W), (H, W, 3) or (H, W, 4)."""
        raise NotImplementedError

    def pen(self, index, variant=0):
        """The pen strokes of that picture, for `Recognizer.read`: float32 (n, 2) arrays of x, y in its pixels, one
        per pen-down in writing order; None where only pixels exist."""
        return None


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
    (`digitlike`) are left out."""

    kind = "strokes"

    def __init__(self, path):
        super().__init__(path)
        records = [r for r in read_strokes(path) if not r.get("digitlike")]
        self.strokes = [r["strokes"] for r in records]
        writers = splits.load()["writers"]
        names = [r["writer"] for r in records]
        side = {name: writers.get(name) or splits.by_hash(name) for name in set(names)}
        texts = [r["label"] if re.fullmatch("[0-9]+", r["label"]) and "kind" not in r else "" for r in records]
        self._settle(texts, names, [side[name] for name in names])

    def _size_and_brush(self, index, variant):
        """Both in px; of a number it is the height that the variant names, however wide it is."""
        size, brush = super()._size_and_brush(index, variant)
        if self.labels[index] == NUMBER:
            _width, height = np.ptp(np.concatenate(self.strokes[index]), axis=0)
            size = min(size / max(height, 1e-3), LONGEST)
        return size, brush


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
