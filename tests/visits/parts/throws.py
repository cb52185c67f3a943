"""Runs in Pyodide: what throws exceptions of C++, and catches them."""

import numpy as np
from numpy.fft import _pocketfft_umath


def plan():
    """A plan of no length is refused in C++, and caught there."""
    return _pocketfft_umath.fft(np.zeros((1, 3), complex), 1.0, out=(np.zeros((1, 0), complex),))


def plan_of_reals():
    return _pocketfft_umath.irfft(np.zeros((1, 3), complex), 1.0, out=(np.zeros((1, 0)),))


def works():
    return _pocketfft_umath.fft(np.arange(3.0), 1.0, out=(np.zeros(3, complex),)).round(9)


WORKS = {"plan": plan, "plan of reals": plan_of_reals, "works": works}
NAMES = list(WORKS)


def outcome(name):
    try:
        return repr(WORKS[name]())
    except Exception as error:
        return repr(error)


def swallowed():
    """Whatever Python can do against it, around what C++ can."""
    try:
        return plan()
    except BaseException as error:
        return repr(error)
    finally:
        np.zeros(1)
