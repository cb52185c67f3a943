"""Compiles Python sources to bytecode; run inside Pyodide by compile.mjs, so that the page's own Python makes it.

Reads /sources.zip and writes /bytecode.zip. The bytecode carries the hash of its source instead of a time, so that the
same source gives the same file, and is never checked against it. As with -OO, there are no docstrings and no asserts;
but Pyodide's own modules have theirs, which its core asks for when it starts.
"""

import importlib.util
import sys
import zipfile
from importlib._bootstrap_external import _code_to_hash_pyc  # type: ignore[attr-defined]

with zipfile.ZipFile("/sources.zip") as sources, zipfile.ZipFile("/bytecode.zip", "w") as out:
    for name in sources.namelist():
        source = sources.read(name)
        optimize = 0 if "/_pyodide/" in name else 2
        code = compile(source, name.partition("/")[2], "exec", dont_inherit=True, optimize=optimize)
        out.writestr(name + "c", bytes(_code_to_hash_pyc(code, importlib.util.source_hash(source), False)))
    out.writestr("cache_tag", sys.implementation.cache_tag)
