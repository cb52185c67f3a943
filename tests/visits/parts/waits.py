"""Runs in Pyodide: C that the page never calls, which calls Python, which waits for a promise of JavaScript."""

import bisect
import pickle
import sqlite3

from pyodide.ffi import run_sync


class Reduced:
    def __init__(self, value):
        self.value = value

    def __reduce__(self):
        return complex, (run_sync(later(self.value)), 1)


def bisected():
    values = [1, 5, 9]
    bisect.insort(values, 6, key=lambda value: run_sync(later(value)))
    return values


def pickled():
    return pickle.loads(pickle.dumps([Reduced(3), Reduced(4)]))


def queried():
    with sqlite3.connect(":memory:") as database:
        database.create_function("later", 1, lambda value: run_sync(later(value)) + 1)
        return database.execute("select later(column1) from (values (1), (2)) order by later(column1)").fetchall()


def summed():
    return sum(map(lambda value: run_sync(later(value)), (1, 2.5)), start=1j)


def raised():
    """The exception comes through C, after a wait."""
    return bisect.bisect([1, 2], 1, key=lambda value: run_sync(later(value)) / 0)


WORKS = {"bisect": bisected, "pickle": pickled, "sqlite": queried, "sum": summed, "raised": raised}
NAMES = list(WORKS)


def waited(name, promised):
    global later
    later = promised
    return repr(WORKS[name]())
