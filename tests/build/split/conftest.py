"""The runtime's modules of WebAssembly, and one of a few functions that is made here."""

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from building.common import ROOT
from building.sources.cache import usual_cache
from building.sources.fetching import RuntimeUnavailable, fetch, usual_sources
from building.sources.lock import parse_lock
from building.split.module import (
    CODE,
    ELEMENT,
    EXPORT,
    FUNCTION,
    FUNCTIONS,
    GLOBAL,
    GLOBALS,
    IMPORT,
    MEMORIES,
    MEMORY,
    TABLE,
    TABLES,
    TYPE,
    Export,
    Import,
    Module,
)
from building.split.numbers import sized, unsigned, vector

TWICE, HOT, COLD, ENTRY, PRIVATE = range(5)  # functions of the small module; the first is imported
SLOTS = (COLD, HOT, COLD)


def call(index):
    return b"\x10" + unsigned(index)


# Bodies: hot(x) = x + 1; cold(x) = hot(x) + private(x); entry(x) = cold(x); private(x) = (sum += x, kept, twice(x)).
BODIES = (
    b"\0\x20\0\x41\1\x6a" + b"\x41\0\x6a" * 4 + b"\x0b",
    b"\0\x20\0" + call(HOT) + b"\x20\0" + call(PRIVATE) + b"\x6a",  # it ends below
    b"\0\x20\0" + call(COLD) + b"\x0b",
    b"\0\x23\0\x20\0\x6a\x24\0" + b"\x41\x08\x23\0\x36\2\0" + b"\x20\0" + call(TWICE) + b"\x0b",
)
RAN = {HOT - 1, ENTRY - 1}


@pytest.fixture(scope="session")
def small():
    return made_small()


def made_small(padding=200):
    """The bytes of a module of four functions, with a table, a memory and a global. padding: what makes cold too long
    to stay for what it might be."""
    bodies = list(BODIES)
    bodies[COLD - 1] += b"\x41\0\x6a" * padding + b"\x0b"
    module = Module()
    module.put(TYPE, vector([b"\x60\1\x7f\1\x7f"]))
    module.put(IMPORT, vector([Import(b"env", b"twice", FUNCTIONS, b"\0").bytes]))
    module.put(FUNCTION, vector([b"\0"] * len(BODIES)))
    module.put(TABLE, vector([b"\x70\0\3"]))
    module.put(MEMORY, vector([b"\0\1"]))
    module.put(GLOBAL, vector([b"\x7f\1\x41\0\x0b"]))
    exports = [Export(b"table", TABLES, 0), Export(b"memory", MEMORIES, 0), Export(b"sum", GLOBALS, 0)]
    exports += [Export(b"hot", FUNCTIONS, HOT), Export(b"cold", FUNCTIONS, COLD), Export(b"entry", FUNCTIONS, ENTRY)]
    module.put(EXPORT, vector([each.bytes for each in exports]))
    module.put(ELEMENT, vector([b"\0\x41\0\x0b" + vector([unsigned(each) for each in SLOTS])]))
    module.put(CODE, vector([sized(body) for body in bodies]))
    return bytes(module)


@pytest.fixture(scope="session")
def runtime(skip_or_fail):
    """{name: bytes} of each file of the runtime."""
    files = parse_lock((ROOT / "runtime-lock.json").read_text("utf-8"))
    try:
        with usual_sources() as sources:
            return {file.name: data for file, data in fetch(files, usual_cache(), sources)}
    except RuntimeUnavailable as error:
        skip_or_fail(f"the runtime cannot be had: {error}")


@pytest.fixture(scope="session")
def published(runtime):
    """{name: bytes} of each module of the runtime: .wasm, and .so of numpy."""
    found = {name: data for name, data in runtime.items() if name.endswith(".wasm")}
    wheel = next(data for name, data in runtime.items() if name.endswith(".whl"))
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        return found | {name: archive.read(name) for name in archive.namelist() if name.endswith(".so")}


@pytest.fixture(scope="session")
def under_node(skip_or_fail, tmp_path_factory):
    """A function of {name: bytes}, JavaScript that asserts, and options: runs it under Node, where `file(name)` gives the
    bytes."""
    if shutil.which("node") is None:
        skip_or_fail("there is no Node to run WebAssembly in")

    def run(files, script, *options):
        folder = Path(tmp_path_factory.mktemp("node"))
        for name, data in files.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_bytes(data)
        head = 'import assert from "node:assert/strict";\nimport { readFileSync } from "node:fs";\n'
        head += "const file = (name) => readFileSync(new URL(name, import.meta.url));\n"
        (folder / "test.mjs").write_text(head + script, "utf-8")
        done = subprocess.run(
            ["node", *options, folder / "test.mjs"], check=False, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr

    return run
