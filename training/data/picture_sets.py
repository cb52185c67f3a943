"""Data sets of picture files, in folders named 0 to 9, or a zip of them; the Kaggle set is one whose drawings are known.

What the folders of marks are called, and which files count, is in folders/layout.py."""

import functools
import hashlib
import re
import zipfile
from collections import Counter

import numpy as np

from number_reader.storage import npz
from training.data import splits
from training.data.datasets import SHRUNK, DataSet, label_of
from training.data.errors import DataError
from training.data.files import read_bytes, size_of
from training.data.folders import checking, layout
from training.data.pictures import MAX_PICTURE_BYTES, decode

KAGGLE_DRAWN = 10_773  # pictures of each digit in the Kaggle set


class PictureSet(DataSet):
    """Picture files in folders named as what they show (layout.FOLDERS), with nothing known of who drew them; split by
    their bytes. names: of the files chosen. read: a function of a name that gives the bytes. notes: on what is left out."""

    kind = "pictures"

    def __init__(self, path, names, read, notes=()):
        super().__init__(path)
        self.names, self.read = names, read
        try:
            keys = [hashlib.sha256(read(name)).hexdigest() for name in names]
        except DataError:
            checking.check(path, names, self._pixels())  # names all that are broken, and not this one alone
            raise
        texts = [layout.text_of(name) for name in names]
        self._settle(texts, [""] * len(names), splits.stratified([label_of(text) for text in texts], keys))
        self.notes.append("split by file, as nobody knows who drew what: figures may flatter the model")
        self.notes += notes

    def check(self, split=None):
        mine = self.names if split is None else [n for n, side in zip(self.names, self.split) if side == split]
        checking.check(self.path, mine, self._pixels())

    def picture(self, index, variant=0):
        return decode(self.read(self.names[index]), f"{self.path}: {self.names[index]}")

    def _pixels(self):
        """A function of a name, light enough to be sent to other processes."""
        return functools.partial(_decoded, self.read)


class KaggleSet(PictureSet):
    """The zip of 107,730 warped PNGs of 40 drawings, split by drawing if its order proves to be the original.

    A copy with other numbers or other pixels can't be told which files are the same drawing; it is split by
    file, with a note.
    """

    kind = "kaggle"
    limit_per_group = 100

    def __init__(self, path, names, read, crcs, notes=()):
        known = splits.load()["kaggle"]
        order = sorted(range(len(names)), key=lambda i: _digit_and_number(names[i]))
        if _digest(names, crcs, order) != known["digest"]:
            super().__init__(path, names, read, notes)
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
        self.notes += notes

    def check(self, split=None):
        """An altered copy is checked. The original's checksums are those of pictures that are whole: unpacking compares
        them, and decoding 107,730 pictures twice would tell nothing."""
        if self.limit_per_group is None:
            super().check(split)


class _ZipReader:
    """Reads members of a zip by name, with / between folders; opens the file anew in each process."""

    def __init__(self, path):
        self.path, self._zip, self._members = path, None, None

    def __call__(self, name):
        try:
            if self._zip is None:
                self._zip = zipfile.ZipFile(self.path)
                self._members = {_slashed(member.filename): member for member in self._zip.infolist()}
            return npz.unpacked(self._zip, self._members[name], MAX_PICTURE_BYTES)
        except Exception as error:  # zipfile and its decompressors each raise their own kinds
            raise DataError(f"{self.path}: {name} is damaged: {error}", f"it is damaged: {error}") from None

    def __getstate__(self):
        return {"path": self.path, "_zip": None, "_members": None}


class _FileReader:
    def __init__(self, folder):
        self.folder = folder

    def __call__(self, name):
        return read_bytes(self.folder / name, MAX_PICTURE_BYTES)


def _decoded(read, name):
    return decode(read(name), name)


def _slashed(name):
    """The name of a zip's member with / between folders: some programs of Windows write a backslash."""
    return name.replace("\\", "/")


def _digit_and_number(name):
    folder, stem, _ = layout.place(name)
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
    members = {_slashed(member.filename): member for member in members}
    for name, member in members.items():
        if name.startswith("/") or ".." in name.split("/") or re.match("[A-Za-z]:", name):
            raise DataError(f"{path} holds a path outside itself ({member.filename}); nothing was read from it.")
    found = layout.sort_out(members)
    for name in found.chosen:
        if members[name].file_size > MAX_PICTURE_BYTES:
            raise DataError(f"{path}: {name} is larger than {MAX_PICTURE_BYTES // 1_000_000} MB.")
    if (
        sum(members[name].file_size for name in found.chosen) > room
    ):  # some are bombs whose members lie over one another
        raise DataError(f"{path} unpacks to far more than it is; nothing was read from it.")
    found.check(path)
    places = [layout.place(name) for name in found.chosen]
    numbered = all(re.fullmatch("[0-9]{1,9}", stem) for _, stem, _ in places)
    if numbered and Counter(folder for folder, _, _ in places) == dict.fromkeys("0123456789", KAGGLE_DRAWN):
        crcs = [members[name].CRC for name in found.chosen]
        return KaggleSet(path, found.chosen, _ZipReader(path), crcs, found.notes())
    return PictureSet(path, sorted(found.chosen), _ZipReader(path), found.notes())


def open_folder(path):
    """A PictureSet of a folder with pictures in <digit>/; DataError where it has none."""
    found = layout.sort_out(sorted(p.relative_to(path).as_posix() for p in path.rglob("*") if p.is_file()))
    found.check(path)
    return PictureSet(path, found.chosen, _FileReader(path), found.notes())
