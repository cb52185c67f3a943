"""Runs in Pyodide: the functions in the slots of every type, by their numbers in the table."""

import ctypes

WORDS = 44  # of a type object on a machine of 32 bits
# Places of functions among them (Include/cpython/object.h), and of tables of more functions, with how many each has.
FUNCTIONS = (6, 8, 9, 11, 15, 16, 17, 18, 19, 23, 24, 25, 27, 28, 34, 35, 37, 38, 39, 40)
TABLES = {10: 4, 12: 36, 13: 10, 14: 3, 20: 2}


def words(address, count):
    return (ctypes.c_uint32 * count).from_address(address)


def numbers():
    """{type: [number]}, of those types that one name has."""
    found, doubtful, waiting = {}, set(), [object]
    while waiting:
        kind = waiting.pop()
        waiting += type.__subclasses__(kind)
        name = f"{kind.__module__}.{kind.__qualname__}"
        doubtful |= {name} & found.keys()
        own = words(id(kind), WORDS)
        tables = [number for at, count in TABLES.items() if own[at] for number in words(own[at], count)]
        found[name] = [*(own[at] for at in FUNCTIONS), *tables]
    return {name: found[name] for name in sorted(found.keys() - doubtful)}


kept = []


def closure():
    """A function of Python that C can call: libffi gives it a place in the table."""
    kept.append(ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(lambda x: x + 1))
    return kept[-1](6)
