"""Data sets: what a PATH holds, its labels, who made each item, and on which side of the split it lies.

`open_dataset` tells the kinds apart. Every kind gives pictures as the page would meet them; nothing here
prepares them for the recognizer.
"""

import hashlib
import os
import re
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
from recognizer import npz

from . import splits
from .errors import DataError
from .files import read_bytes, size_of, unpacked_room
from .pictures import MAX_PICTURE_BYTES, decode
from .strokes import PAD, picture, placed, read_strokes

NOT_A_DIGIT = 10  # the label of letters, symbols and scribbles
NUMBER = 255  # that of numbers of several digits
PICTURE_TYPES = {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff"}
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
KAGGLE_DRAWN = 10_773  # pictures of each digit in the Kaggle set
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
            if labels.dtype.kind not in "iu" or labels.size and not 0 <= labels.min() <= labels.max() <= 9:
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


class PictureSet(DataSet):
    """Picture files in folders named 0 to 9, with nothing known of who drew them; split by their bytes."""

    kind = "pictures"

    def __init__(self, path, names, read):
        super().__init__(path)
        self.names, self.read = names, read
        keys = [hashlib.sha256(read(name)).hexdigest() for name in names]
        texts = [_place(name)[0] for name in names]
        if not names:
            raise DataError(f"{path} holds no pictures in folders named 0 to 9.")
        self._settle(texts, [""] * len(names), splits.stratified([int(t) for t in texts], keys))
        self.notes.append("split by file, as nobody knows who drew what: figures may flatter the model")

    def picture(self, index, variant=0):
        return decode(self.read(self.names[index]), f"{self.path}: {self.names[index]}")


class KaggleSet(PictureSet):
    """The zip of 107,730 warped PNGs of 40 drawings, split by drawing if its order proves to be the original.

    A copy with other numbers or other pixels can't be told which files are the same drawing; it is split by
    file, with a note.
    """

    kind = "kaggle"
    limit_per_group = 100

    def __init__(self, path, names, read, crcs):
        known = splits.load()["kaggle"]
        order = sorted(range(len(names)), key=lambda i: _digit_and_number(names[i]))
        if _digest(names, crcs, order) != known["digest"]:
            super().__init__(path, names, read)
            self.notes.insert(0, "a renumbered or altered copy of the Kaggle set: which files are the same drawing is lost")
            self.limit_per_group = None
            return
        DataSet.__init__(self, path)
        self.names, self.read = [names[i] for i in order], read
        digits, numbers = np.array([_digit_and_number(name) for name in self.names]).T
        part = np.searchsorted(known["part_ends"], numbers)
        groups = [f"{digit}{'abcd'[p]}" for digit, p in zip(digits, part)]
        self._settle(digits.astype(str), groups, np.array(known["parts"])[part])


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
            width, height = np.ptp(np.concatenate(self.strokes[index]), axis=0)
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


class _ZipReader:
    """Reads members of a zip by name; opens the file anew in each process."""

    def __init__(self, path):
        self.path, self._zip = path, None

    def __call__(self, name):
        try:
            if self._zip is None:
                self._zip = zipfile.ZipFile(self.path)
            return npz.unpacked(self._zip, self._zip.getinfo(name), MAX_PICTURE_BYTES)
        except Exception as error:  # zipfile and its decompressors each raise their own kinds
            raise DataError(f"{self.path}: {name} is damaged: {error}") from None

    def __getstate__(self):
        return {"path": self.path, "_zip": None}


class _FileReader:
    def __init__(self, folder):
        self.folder = folder

    def __call__(self, name):
        return read_bytes(self.folder / name, MAX_PICTURE_BYTES)


def _place(name):
    """("7", "12", ".png") of "set/7/12.png". Not by pathlib, which takes seconds for the names of a large zip."""
    folder, file = os.path.split(name)
    return os.path.basename(folder), *os.path.splitext(file)


def _is_digit_picture(name):
    folder, _, suffix = _place(name)
    return suffix.lower() in PICTURE_TYPES and re.fullmatch("[0-9]", folder) is not None


def _digit_and_number(name):
    folder, stem, _ = _place(name)
    return int(folder), int(stem)


def _digest(names, crcs, order):
    text = "\n".join("{}/{} {:08x}".format(*_digit_and_number(names[i]), crcs[i]) for i in order)
    return hashlib.sha256(text.encode()).hexdigest()


def _open_zip(path):
    room = SHRUNK * size_of(path) + MAX_PICTURE_BYTES
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
    except Exception as error:  # zipfile raises several kinds on a damaged directory
        raise DataError(f"{path} is no zip file that can be read: {error}") from None
    for member in members:
        name = member.filename.replace("\\", "/")
        if name.startswith("/") or ".." in name.split("/") or re.match("[A-Za-z]:", name):
            raise DataError(f"{path} holds a path outside itself ({member.filename}); nothing was read from it.")
        if _is_digit_picture(name) and member.file_size > MAX_PICTURE_BYTES:
            raise DataError(f"{path}: {name} is larger than {MAX_PICTURE_BYTES // 1_000_000} MB.")
    members = [m for m in members if _is_digit_picture(m.filename)]
    if sum(m.file_size for m in members) > room:  # among them are bombs whose members lie over one another
        raise DataError(f"{path} unpacks to far more than it is; nothing was read from it.")
    names = [m.filename for m in members]
    places = [_place(name) for name in names]
    numbered = all(re.fullmatch("[0-9]{1,9}", stem) for _, stem, _ in places)
    counts = Counter(folder for folder, _, _ in places)
    if numbered and set(counts.values()) == {KAGGLE_DRAWN} and len(counts) == 10:
        return KaggleSet(path, names, _ZipReader(path), [m.CRC for m in members])
    return PictureSet(path, sorted(names), _ZipReader(path))


def open_dataset(path):
    """Open a data set by its PATH: a zip of <digit>/<n>.png, an mnist.npz, strokes (*.jsonl.gz), a list of
    pictures (*.json), or a folder with pictures in <digit>/. None is scikit-learn's bundled digits. DataError on
    anything else."""
    if path is None:
        return EmbeddedSet()
    path = Path(path)
    try:
        if not path.exists():
            raise DataError(f"{path} does not exist.")
    except OSError as error:  # a name that is too long, say
        raise DataError(f"{path} can't be read: {error.strerror}") from None
    if path.is_dir():
        files = sorted(p.relative_to(path).as_posix() for p in path.rglob("*") if p.is_file())
        return PictureSet(path, [name for name in files if _is_digit_picture(name)], _FileReader(path))
    if path.name.endswith(".jsonl.gz"):
        return StrokeSet(path)
    if path.suffix.lower() == ".npz":
        return MnistSet(path)
    if path.suffix.lower() == ".zip":
        return _open_zip(path)
    if path.suffix.lower() == ".json":
        from .photos import PhotoSet  # which is a DataSet of this module

        return PhotoSet(path)
    raise DataError(f"{path}: not a zip of pictures, an mnist.npz, strokes (*.jsonl.gz), a list (*.json) or a folder.")
