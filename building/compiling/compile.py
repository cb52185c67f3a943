"""Compiles Python sources to bytecode; run inside Pyodide by compile.mjs, so that the page's own Python makes it.

Reads /sources.zip and writes /bytecode.zip. The bytecode carries the hash of its source instead of a time, so that the
same source gives the same file, and is never checked against it. As with -OO, there are no docstrings and no asserts;
but Pyodide's own modules have theirs, which its core asks for when it starts. /ran.json, {name: numbers of functions}, says
what ran of these sources: the rest of their functions comes apart (stubs.py), as rest/KEY.python.
"""

import hashlib
import importlib.util
import json
import marshal
import sys
import zipfile
from importlib._bootstrap_external import _code_to_hash_pyc  # type: ignore[attr-defined]
from pathlib import Path

import stubs  # type: ignore[import-not-found]  # beside this, there

EARLY = "library/encodings/"  # runs before there is a "js" to ask, and before tools/recorder.py can look
ran = json.loads(Path("/ran.json").read_text())
key = hashlib.sha256(Path("/sources.zip").read_bytes() + json.dumps(ran).encode()).hexdigest()[:16]
rest: list = []
with zipfile.ZipFile("/sources.zip") as sources, zipfile.ZipFile("/bytecode.zip", "w") as out:
    for name in sources.namelist():
        source = sources.read(name)
        optimize = 0 if "/_pyodide/" in name else 2
        code = compile(source, name.partition("/")[2], "exec", dont_inherit=True, optimize=optimize)
        if name in ran and not name.startswith(EARLY):
            code = stubs.without_cold(code, set(ran[name]), rest)
        out.writestr(name + "c", bytes(_code_to_hash_pyc(code, importlib.util.source_hash(source), False)))
    if rest:
        cold = Path("/cold.py").read_bytes() + f"\nKEY = {key!r}\n".encode()
        code = compile(cold, "_cold.py", "exec", dont_inherit=True, optimize=2)
        out.writestr("library/_cold.pyc", bytes(_code_to_hash_pyc(code, importlib.util.source_hash(cold), False)))
        out.writestr(f"rest/{key}.python", marshal.dumps(rest))
    out.writestr("cache_tag", sys.implementation.cache_tag)
