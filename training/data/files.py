"""Files that may come from strangers: nothing of one is read before its size is known, and little can't become much.

What a packed file unpacks to is at most so many times its own size, and ROOM: real data shrinks to a fifth, a bomb to a
thousandth. Whatever it claims, time and memory stay in proportion to the bytes that lie on the disk.
"""

import os
import stat
from pathlib import Path

from training.data.errors import DataError

ROOM = 1_000_000  # bytes


def size_of(path):
    """Bytes of a regular file; DataError if there is none: a pipe, say, would be waited for."""
    try:
        status = os.stat(path)
    except (OSError, ValueError) as error:  # a name with a NUL in it is a ValueError
        reason = getattr(error, "strerror", None) or str(error)
        raise DataError(f"{path} can't be read: {reason}", reason) from None
    if not stat.S_ISREG(status.st_mode):
        raise DataError(f"{path} can't be read: it is no file.", "it is no file")
    return status.st_size


def unpacked_room(path, times):
    """Bytes that the packed file there may unpack to."""
    return times * size_of(path) + ROOM


def read_bytes(path, most):
    """The bytes of a regular file; DataError if it can't be read or has more than `most`."""
    if size_of(path) > most:
        raise DataError(f"{path} is larger than {most / 1e6:.0f} MB.", f"it is larger than {most / 1e6:.0f} MB")
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise DataError(f"{path} can't be read: {error.strerror}", error.strerror) from None
