"""Which files of a folder or a zip are pictures of what: by the name of the folder that each lies in.

Nothing is opened here. What the computer put there itself (hidden files) is passed over; what a person put there and is
not learned from is said in notes.
"""

import os
from collections import Counter
from dataclasses import dataclass, field

from training.data.errors import DataError
from training.data.pictures import PICTURE_TYPES

# What the pictures in a folder of this name read; those of marks have names, as few systems let a folder be called "/".
FOLDERS = {str(digit): str(digit) for digit in range(10)} | {
    "dot": ".", "comma": ",", "minus": "-", "plus": "+", "slash": "/", "colon": ":", "percent": "%", "open": "(",
    "close": ")", "dollar": "$", "equals": "=", "times": "×",
}  # fmt: skip
WANTED = "pictures in folders named 0 to 9"
# What systems put beside pictures for themselves; so is all that begins with a dot.
SYSTEM = {"thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx", "$recycle.bin", "@eadir"}
# Endings of pictures that are not read: cameras' own, drawings, and what other programs keep. Those in right folders are
# counted whatever their ending is.
OTHER_PICTURES = {
    ".heic", ".heif", ".hif", ".avif", ".jxl", ".jp2", ".j2k", ".jpf", ".jpx", ".jxr", ".svg", ".svgz", ".psd", ".xcf",
    ".dng", ".raw", ".cr2", ".cr3", ".nef", ".arw", ".orf", ".rw2", ".raf", ".ico", ".icns", ".cur", ".tga", ".pcx", ".ppm",
    ".pgm", ".pbm", ".pnm", ".apng", ".dib", ".mpo", ".exr", ".hdr", ".eps", ".ai", ".emf", ".wmf", ".pdf", ".dcm",
}  # fmt: skip
NAMED = 6  # endings and folders that a sentence lists
LONGEST = 40  # characters of a folder's name in it


@dataclass
class Layout:
    """chosen: the names of pictures to learn from, in the order in which they came. unread: {ending: how many files in
    their folders are of a kind that is not read}. elsewhere: {folder, with those above it: how many pictures lie in it,
    whose name is none of FOLDERS}; "" is the top."""

    chosen: list = field(default_factory=list)
    unread: Counter = field(default_factory=Counter)
    elsewhere: Counter = field(default_factory=Counter)

    def notes(self):
        """What a person should know about the files that are left out: a list of sentences without a full stop."""
        notes = []
        if self.unread:
            notes.append(f"left out {_files(self.unread)}: save them as PNG or JPEG if they are pictures")
        if self.elsewhere:
            notes.append(f"left out {self._misplaced()}: what they read is not known")
        return notes

    def check(self, path):
        """DataError if there is nothing to learn from: what was found, and what is wanted."""
        if self.chosen:
            return
        found = []
        if self.unread:
            found.append(f"{_files(self.unread)} in such folders, which can't be read: save them as PNG or JPEG")
        if self.elsewhere:
            found.append(self._misplaced())
        raise DataError(
            f"{path} holds no {WANTED}. Found: {'; '.join(found) or 'no pictures at all'}. "
            "Wanted: 0/NAME.png, 1/NAME.png, and so on to 9, in this folder or any below it."
        )

    def _misplaced(self):
        """ "2 pictures directly in it and 30 pictures in folders named zero, one, two" """
        places = dict(self.elsewhere)
        at_top = places.pop("", 0)
        parts = [f"{_count(at_top, 'picture')} directly in it"] if at_top else []
        if places:
            named = _listed([short(name) for name in sorted(places)])
            folders = "a folder" if len(places) == 1 else "folders"
            parts.append(f"{_count(sum(places.values()), 'picture')} in {folders} named {named}")
        return " and ".join(parts)


def place(name):
    """("7", "12", ".png") of "set/7/12.png". Not by pathlib, which takes seconds for the names of a large zip."""
    folder, file = os.path.split(name)
    return os.path.basename(folder), *os.path.splitext(file)


def text_of(name):
    """What the picture of this name reads: one character, by its folder; None where that says nothing."""
    return FOLDERS.get(place(name)[0].lower())


def is_picture(name):
    """Whether it is learned from: a picture by its ending, in a folder of FOLDERS, and not hidden."""
    folder, _stem, ending = place(name)
    return ending.lower() in PICTURE_TYPES and folder.lower() in FOLDERS and not is_hidden(name)


def is_hidden(name):
    """Whether a computer put the file there for itself: "3/._1.png", "__MACOSX/3/1.png", "Thumbs.db"."""
    parts = name.lower().split("/")
    return not SYSTEM.isdisjoint(parts) or any(part[:1] == "." and part not in (".", "..") for part in parts)


def sort_out(names):
    """A Layout of the names of all files, below the folder or in the zip, with / between folders."""
    layout = Layout()
    for name in names:
        if is_picture(name):
            layout.chosen.append(name)
        elif not is_hidden(name):
            ending = place(name)[2].lower()
            if text_of(name) is not None:
                layout.unread[ending] += 1
            elif ending in PICTURE_TYPES or ending in OTHER_PICTURES:
                layout.elsewhere[os.path.dirname(name)] += 1
    return layout


def short(name):
    """A name of bounded length, its middle left out."""
    return name if len(name) <= LONGEST else f"{name[: LONGEST // 2]}...{name[-LONGEST // 2 :]}"


def _files(endings):
    """ "10 .heic files", "12 files (10 .heic, 2 .txt)" """
    counted = [f"{count:,} {short(ending) or 'without an ending'}" for ending, count in endings.most_common()]
    files = _count(sum(endings.values()), "file")
    return f"{files} ({_listed(counted)})"


def _count(number, what):
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _listed(names):
    """The first NAMED of them, and how many more there are."""
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more:,} more" if more > 0 else "")
