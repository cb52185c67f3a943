"""Runs in Pyodide: what a line comes to, in words that do not depend on where anything lies."""

import traceback

from lines import LINES

came = None


def run(number):
    """Does it, and keeps what came of it: what it is said in may ask for a rest, too."""
    global came
    try:
        came = LINES[number]()
    except BaseException as error:
        came = error


def said():
    """In words: the value, or the whole traceback of what was raised."""
    if isinstance(came, BaseException):
        return "".join(traceback.format_exception(came))
    return f"{type(came).__name__} {came!r}"
