"""Pictures that people took or drew to try digit readers: for measuring only, nothing is learned from them.

A `*.json` file beside the pictures lists them: [{"file": path below the list's folder, "lines": the rows of digits,
top row first, "kind": how it was made ("paper_photo" for a photograph of paper), "source": whose picture it is}].
"""

import functools
import json
import re
from pathlib import Path, PurePosixPath

import numpy as np

from training.data import splits
from training.data.datasets import DataSet
from training.data.errors import DataError
from training.data.files import read_bytes
from training.data.folders import checking
from training.data.pictures import read_picture

DEVELOPMENT = "development"  # the half that choices may look at; the other is the test split
MAX_LIST = 10_000_000  # bytes
MAX_TEXT = 200  # characters of the lines together, or of a source: an array has room for the longest in every place
PAPER, OTHER = "paper photographs", "other pictures"


class PhotoSet(DataSet):
    """Listed pictures; split by whose they are."""

    kind = "photos"

    def __init__(self, path):
        super().__init__(path)
        try:
            entries = json.loads(read_bytes(path, MAX_LIST).decode())
        except (ValueError, RecursionError) as error:
            raise DataError(f"{path} can't be read as a list of pictures in JSON: {error}") from None
        if not isinstance(entries, list):
            raise DataError(f"{path} is no list of pictures.")
        for number, entry in enumerate(entries, 1):
            if reason := _fault(entry):
                raise DataError(f"{path}, picture {number}: {reason}")
        self.files = [entry["file"] for entry in entries]
        sources = [entry.get("source", "") for entry in entries]
        known = splits.load()["photos"]
        sides = [known.get(file) or _side(source or file) for file, source in zip(self.files, sources)]
        self.sorts = np.array([PAPER if entry.get("kind") == "paper_photo" else OTHER for entry in entries])
        self._settle(["\n".join(entry["lines"]) for entry in entries], sources, sides)

    def check(self, split=None):
        mine = self.files if split is None else [file for file, s in zip(self.files, self.split) if s == split]
        checking.check(self.path, mine, functools.partial(_read, Path(self.path).parent))

    def picture(self, index, variant=0):
        return read_picture(Path(self.path).parent / self.files[index])


def _read(folder, file):
    return read_picture(folder / file)


def _side(source):
    return splits.TEST if splits.by_hash(source) == splits.TEST else DEVELOPMENT


def _is_text(string):
    """Whether it can be the name of a file."""
    try:
        return b"\0" not in string.encode()
    except UnicodeEncodeError:  # a lone surrogate
        return False


def _fault(entry):
    """What is wrong with an entry of the list, "" if nothing is."""
    if not isinstance(entry, dict) or not isinstance(entry.get("file"), str):
        return '"file" must be a string'
    if "\\" in entry["file"] or PurePosixPath(entry["file"]).is_absolute() or ".." in entry["file"].split("/"):
        return f"{entry['file'][:MAX_TEXT]!r} lies outside the list's folder"
    lines = entry.get("lines")
    if not isinstance(lines, list) or not all(isinstance(line, str) and re.fullmatch("[0-9]+", line) for line in lines):
        return '"lines" must be a list of rows of digits'
    if not all(isinstance(entry.get(key, ""), str) for key in ("kind", "source")):
        return '"kind" and "source" must be strings'
    if max(len(entry.get("source", "")), len("\n".join(lines))) > MAX_TEXT:
        return f'"source" and "lines" must have at most {MAX_TEXT} characters'
    if not _is_text(entry["file"] + entry.get("source", "")):
        return '"file" and "source" must be text that can be written down'
    return ""
