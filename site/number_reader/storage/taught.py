"""The file of taught digits and marks: what one person taught, to be kept elsewhere or taught again in another browser."""

import io

import numpy as np

from number_reader.classification.normalize import SIDE
from number_reader.labels import DIGITS, MARKS
from number_reader.storage import npz

VERSION = 2
DIGITS_ONLY = 1  # the version that knows no marks, which is read, too
MOST = 2_000  # examples in a file, as app/teaching/taught.py has it; more would make each start wait for seconds
MAX_BYTES = 2_000_000  # of its arrays, unpacked: room for MOST
MAX_FILE = MAX_BYTES + npz.MAX_OVERHEAD  # bytes: a larger file need not be looked at

KNOWN = [*DIGITS, *MARKS]  # labels

# key: (dtype, number of dimensions)
KEYS = {
    "version": ("int32", 0),
    "glyphs": ("uint8", 3),  # (n, SIDE, SIDE), 255 for ink
    "labels": ("uint8", 1),  # (n,), 0..9, and from version 2 on those of labels.MARKS
}


class TaughtError(ValueError):
    """The file cannot be used; the message says why in plain words."""


def pack(glyphs, labels):
    """The bytes of a file: glyphs uint8 (n, 28, 28), n labels of digits or marks. The same arguments give the same bytes."""
    content = io.BytesIO()
    np.savez_compressed(
        content, version=np.int32(VERSION), glyphs=np.ascontiguousarray(glyphs), labels=np.array(labels, np.uint8)
    )
    return content.getvalue()


def unpack(source):
    """Read a file, a path or a binary file object: (glyphs uint8 (n, 28, 28), labels uint8 (n,)), no glyph twice; of two
    labels the later one counts. TaughtError on anything wrong."""
    data = npz.read(source, KEYS, "file of taught digits", TaughtError, MAX_BYTES)
    version, glyphs, labels = int(data["version"]), data["glyphs"], data["labels"]
    if version not in (DIGITS_ONLY, VERSION):
        raise TaughtError(
            f"The file of taught digits is of version {version}; this reader knows versions up to {VERSION}."
        )
    if glyphs.shape[1:] != (SIDE, SIDE) or len(labels) != len(glyphs):
        raise TaughtError("The glyphs and labels in the file of taught digits do not fit each other.")
    if not len(glyphs):
        raise TaughtError("The file holds no taught digits.")
    if len(glyphs) > MOST:
        raise TaughtError(f"The file holds {len(glyphs):,} taught digits; at most {MOST:,} can be taken in at once.")
    if not set(labels.tolist()) <= set(KNOWN if version == VERSION else DIGITS):
        raise TaughtError("The file of taught digits has labels that are no digits and no marks.")
    last = {glyph.tobytes(): i for i, glyph in enumerate(glyphs)}
    kept = sorted(last.values())
    return glyphs[kept], labels[kept]
