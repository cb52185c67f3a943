"""Runs in Pyodide: how deep Python and its C go, with a function at the bottom that the page never calls."""

import copy
import json
import pickle
import unicodedata

import numpy

deepest = numpy.zeros(1, "i4")


def place():
    """Where it is kept how deep it went, for who can look there when Python is dead."""
    return deepest.__array_interface__["data"][0]


def bottom():
    return len(unicodedata.lookup("DIGIT SEVEN"))


def how_deep(name):
    """The greatest depth that works, by halves; and the error that comes below it."""
    works, fails = 1, 2
    while (error := failing(name, fails)) is None:
        works, fails = fails, 2 * fails
    while fails - works > 1:
        middle = (works + fails) // 2
        if (failed := failing(name, middle)) is None:
            works = middle
        else:
            fails, error = middle, failed
    return works, error


def failing(name, depth):
    """The words of RecursionError, or None."""
    try:
        WORKS[name](depth)
    except RecursionError as error:
        return str(error)
    return None


def endless(name):
    """Deeper and deeper."""
    depth = 50
    while True:
        deepest[0] = depth
        WORKS[name](depth)
        depth += 10


def called(depth):
    return 1 + called(depth - 1) if depth else bottom()


def called_by_c(depth):
    return max([depth], key=lambda _: called_by_c(depth - 1)) if depth else bottom()


class Copied:
    def __deepcopy__(self, memo):
        bottom()
        return self


class Shown:
    def __repr__(self):
        bottom()
        return "shown"


class Slot:
    """Through C: a slot that calls Python."""

    def __init__(self, depth):
        self.depth = depth

    def __str__(self):
        return str(Slot(self.depth - 1)) if self.depth else "x" * bottom()


class Pickled:
    def __reduce__(self):
        bottom()
        return int, ()


def nested(depth, value):
    for _ in range(depth):
        value = [value]
    return value


def counted(depth):
    """A generator of a generator."""
    yield depth
    yield from counted(depth - 1) if depth else [bottom()]


WORKS = {
    "python": called,
    "key": called_by_c,
    "slot": lambda depth: str(Slot(depth)),
    "generators": lambda depth: sum(1 for _ in counted(depth)),
    "copy": lambda depth: copy.deepcopy(nested(depth, Copied())),
    "repr": lambda depth: repr(nested(depth, Shown())),
    "pickle": lambda depth: pickle.dumps(nested(depth, Pickled())),
    "json": lambda depth: json.loads("[" * depth + "1.5" + "]" * depth, parse_float=lambda _: bottom()),
}
