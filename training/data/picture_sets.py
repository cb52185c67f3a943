"""Data sets of picture files, in folders named 0 to 9 or a zip of them; the Kaggle set is one whose drawings are known."""

import hashlib
import os
import re
import zipfile
from collections import Counter

import numpy as np

from number_reader.storage import npz
from training.data import splits
from training.data.datasets import SHRUNK, DataSet
from training.data.errors import DataError
from training.data.files import read_bytes, size_of
from training.data.pictures import MAX_PICTURE_BYTES, PICTURE_TYPES, decode

KAGGLE_DRAWN = 10_773  # pictures of each digit in the Kaggle set


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
            self.notes.insert(
                0, "a renumbered or altered copy of the Kaggle set: which files are the same drawing is lost"
            )
            self.limit_per_group = None
            return
        DataSet.__init__(self, path)
        self.names, self.read = [names[i] for i in order], read
        digits, numbers = np.array([_digit_and_number(name) for name in self.names]).T
        part = np.searchsorted(known["part_ends"], numbers)
        groups = [f"{digit}{'abcd'[p]}" for digit, p in zip(digits, part)]
        self._settle(digits.astype(str), groups, np.array(known["parts"])[part])


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


def open_zip(path):
    """A KaggleSet or a PictureSet of a zip of <digit>/<n>.png; DataError where it is none, or unpacks to too much."""
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


def open_folder(path):
    """A PictureSet of a folder with pictures in <digit>/."""
    files = sorted(p.relative_to(path).as_posix() for p in path.rglob("*") if p.is_file())
    return PictureSet(path, [name for name in files if _is_digit_picture(name)], _FileReader(path))
