"""Broken pictures, all named at once and before anything is learned, rather than one after each long try.

Every picture is decoded once more than learning needs: of loose files and of unknown zips nothing cheaper tells a
whole one from one cut short. It takes a small part of the time that the glyphs of the same pictures take, and where it
takes long it is done on all cores.
A set whose bytes are known to be the original's (KaggleSet, by its checksums) is not decoded.
"""

import time

from joblib import Parallel, delayed

from training.data.errors import LONGEST, DataError
from training.data.folders.layout import short

CHUNK = 20  # pictures that a process checks at a time
ALONE = 2.0  # s in which other processes would hardly have started: small sets are done by then
ROOM = LONGEST - 100  # characters for the names of broken pictures and what is wrong with them


def check(path, names, file):
    """DataError if one of the names can't be read. file: a function of a name that gives its pixels, or DataError."""
    chunks = [names[start : start + CHUNK] for start in range(0, len(names), CHUNK)]
    end, broken = time.monotonic() + ALONE, []
    while chunks and time.monotonic() < end:
        broken += _broken(chunks.pop(0), file)
    if chunks:
        done = Parallel(n_jobs=-1)(delayed(_broken)(chunk, file) for chunk in chunks)
        broken += [each for part in done for each in part]
    if broken:
        raise DataError(sentence(path, broken))


def sentence(path, broken):
    """ "FOLDER: 3 pictures can't be read: 3/a.png (it is empty), 4/b.png (...) and 1 more." broken: [(name, reason)]."""
    count = "1 picture" if len(broken) == 1 else f"{len(broken):,} pictures"
    said = f"{path}: {count} can't be read: "
    for number, (name, reason) in enumerate(broken):
        part = f"{', ' if number else ''}{short(name)} ({reason.rstrip('.')})"
        if number and len(said) + len(part) > ROOM:
            return f"{said} and {len(broken) - number:,} more."
        said += part
    return f"{said}."


def _broken(names, file):
    found = []
    for name in names:
        try:
            file(name)
        except DataError as error:
            found.append((name, error.reason))
    return found
