"""What stubs ask for the functions that they stand for (building/compiling/stubs.py); `_cold` in the page's Python library.

A function that was asked for is put in the place of its stub, wherever that is a function's code.
"""

import gc
import marshal
import sys
from types import FunctionType

KEY = ""  # of the rest's file: the build writes it below
_rest = None  # the functions' code, by number


def function(number):
    """The function of that number, with the globals of the stub that calls this. Where the rest has not come, or is of another
    build, this never returns: boot/rest.mjs ends the worker."""
    global _rest, console
    if _rest is None:
        from js import console, restOfPython  # not at the top: Python's start imports modules before there is a "js"

        _rest = marshal.loads(restOfPython(KEY).to_bytes())
    stub = sys._getframe(1)
    code = _rest[number]
    for each in gc.get_referrers(stub.f_code):
        if type(each) is FunctionType:
            each.__code__ = code
    console.debug(f"the rest of {code.co_filename} is needed: {code.co_qualname}")  # tests listen, as in boot/rest.mjs
    return FunctionType(code, stub.f_globals)
