"""runtime-lock.json: every file of the runtime with its size, its SHA-256 and where it is published."""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

from building.common import BuildError

LARGEST_FILE = 64 * 2**20  # bytes; a lock that asks for more is a mistake

# What boots Pyodide, in the worker as under Node.
PYODIDE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "pyodide-lock.json", "python_stdlib.zip")
PYODIDE_LOCK = "pyodide/pyodide-lock.json"
LICENCES = tuple(
    f"licences/{name}.txt"
    for name in (
        *("cpython", "pyodide", "pyscript", "pyscript-basic-devtools", "pyscript-coincident", "pyscript-fetch"),
        *("pyscript-html-escaper", "pyscript-plain-tag", "pyscript-reflected-ffi"),  # these are in PyScript's core
    )
)
NAMED_BY_THE_PAGE = (
    *("pyscript/core.js", "pyscript/core.css", "micropython/micropython.mjs", "micropython/micropython.wasm"),
    *(f"pyodide/{name}" for name in PYODIDE),
    *LICENCES,
)

# No segment starts with a dot (so there is no "..") or a dash (so none is taken for an option).
SEGMENT = r"@?[A-Za-z0-9_][A-Za-z0-9_.+@=-]*"
SAFE_PATH = re.compile(f"{SEGMENT}(?:/{SEGMENT})*")
FORMS = {
    "name": SAFE_PATH,
    "sha256": re.compile(r"[0-9a-f]{64}"),
    "cdn": SAFE_PATH,
    "client": re.compile(r"npm|pip"),
    "package": re.compile(r"(?:@[a-z0-9-]+/)?[a-z0-9][a-z0-9._-]*(?:@|==)[0-9][0-9a-z.-]*"),
    "path": SAFE_PATH,
}


@dataclass(frozen=True)
class RuntimeFile:
    """One file of the runtime, as the lock names it."""

    name: str  # path inside dist/runtime, or licences/ and a name, with forward slashes
    size: int  # bytes
    sha256: str  # lower-case hexadecimal
    cdn: str  # path on the CDN
    client: str  # "npm" or "pip"
    package: str  # as that client wants it, version included
    path: str  # path inside the package


def parse_lock(text: str) -> list[RuntimeFile]:
    """The files named by the text of a runtime-lock.json; BuildError when it is malformed."""
    try:
        lock = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BuildError(f"runtime-lock.json is not JSON: {error}") from None
    if not isinstance(lock, dict) or not isinstance(lock.get("files"), list):
        raise BuildError('runtime-lock.json must be an object with a list "files"')
    files = [parse_entry(entry) for entry in lock["files"]]
    names = [file.name.lower() for file in files]  # some file systems ignore case
    for name in names:
        if names.count(name) > 1 or any(other.startswith(name + "/") for other in names):
            raise BuildError(f"runtime-lock.json names {name} twice, or as a file and as a folder")
    for name in NAMED_BY_THE_PAGE:
        if name not in [file.name for file in files]:
            raise BuildError(f"runtime-lock.json lacks {name}, which the page needs")
    return files


def parse_entry(entry: Any) -> RuntimeFile:
    """One file of the lock; BuildError when a field is missing, unknown or malformed."""
    if not isinstance(entry, dict) or entry.keys() != {*FORMS, "size"}:
        raise BuildError(f"runtime-lock.json: a file needs {', '.join(FORMS)} and size: {entry!r}")
    for field, form in FORMS.items():
        if not isinstance(entry[field], str) or not form.fullmatch(entry[field]):
            raise BuildError(f"runtime-lock.json: {entry[field]!r} is no {field}")
    if type(entry["size"]) is not int or not 0 < entry["size"] <= LARGEST_FILE:
        raise BuildError(f"runtime-lock.json: {entry['size']!r} is no size")
    return RuntimeFile(**entry)


def mismatch(file: RuntimeFile, data: bytes) -> str | None:
    """What is wrong with these bytes, in words; None when they are the file of the lock."""
    got = hashlib.sha256(data).hexdigest()
    if got == file.sha256 and len(data) == file.size:
        return None
    size = f"more than {file.size}" if len(data) > file.size else len(data)
    return f"expected {file.size} bytes, SHA-256 {file.sha256}; got {size} bytes, SHA-256 {got}"
