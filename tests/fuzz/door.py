"""What a door is: something that takes what a stranger made, and what may come of it."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Door:
    """name: for people. make(rng): an input, from a random.Random alone, so that the same seed makes the same one.
    enter(made): goes in with it; returns a word for what came of it, and raises one of `errors`, which are documented, or
    else there is a fault. megabytes: of memory that it may take beside what was made. in_proportion: whether it may take
    a second more for each megabyte, as data sets are large. share: of the usual count of inputs, less where one takes
    long. most_seconds: of the processor that an input may take.
    """

    name: str
    make: Callable
    enter: Callable
    errors: tuple
    megabytes: int
    in_proportion: bool = False
    share: float = 1
    most_seconds: float = 2.0

    def seconds(self, made):
        """Of the processor, that an input may take."""
        return self.most_seconds + (len(made) / 1e6 if self.in_proportion and isinstance(made, bytes) else 0)

    def outcome(self, made):
        """A word for what came of it. What is no documented error with a reason is raised."""
        try:
            return self.enter(made)
        except self.errors as error:
            assert not out_of_memory(error), f"it ran out of memory, and said: {error}"
            assert str(error).strip("'\" "), "an error must say why"
            assert len(str(error)) <= LONGEST_REASON, f"a reason of {len(str(error))} characters"
            return type(error).__name__


LONGEST_REASON = 1_000  # characters: a person has to read it
_folder = None


def out_of_memory(error):
    """Whether an error hides that there was no memory left: that is no reason to give."""
    while error is not None:
        if isinstance(error, MemoryError):
            return True
        error = error.__cause__ or error.__context__
    return False


def folder():
    """A folder of this process, for what has to lie on a disk; it goes when the process does."""
    global _folder
    if _folder is None:
        _folder = tempfile.TemporaryDirectory(prefix="fuzz-")
    return Path(_folder.name)
