"""Pyodide with all of its library and of numpy in folders, whole and split by runtime-ran.json, its modules or its Python:
whatever Python can do is done in each, and compared. Nothing else of the page is there but what loads the rest
(site/boot/rest.mjs)."""

import json
import shutil
from pathlib import Path

from building.common import ROOT
from building.compiling.bytecode import with_bytecode
from building.page.parts import Parts, Runtime, in_two, ran_of_python
from building.runtime.pyodide import without_packages
from building.runtime.used import members
from building.runtime.zips import zipped
from building.sources.cache import usual_cache
from building.sources.fetching import fetch, usual_sources
from building.sources.lock import PYODIDE, PYODIDE_LOCK, parse_lock
from building.split.module import parsed
from building.split.profile import written_profile
from tests.visits.parts.lines import LINES, module_of

HERE = Path(__file__).parent
WASM, GLUE, LIBRARY = "pyodide/pyodide.asm.wasm", "pyodide/pyodide.asm.mjs", "pyodide/python_stdlib.zip"
PROFILE = ROOT / "runtime-ran.json"
PYTHON = "asked.py", "depths.py", "slots.py", "throws.py", "waits.py"  # run there
ASKING = (*PYTHON, "lines.py")
# Pyodide reads the last when it starts, which the page has not either.
NOT_NEEDED = (
    "numpy/f2py/",
    "numpy/typing/",
    "numpy/ma/",
    "numpy/testing/",
    "idlelib/",
    "pydoc_data/",
    "unittest/",
    "numpy-",
)


def bare_folders(folder):
    """Writes them into a folder, and "thirds", split by a profile of every third function.

    RuntimeUnavailable where there is no runtime, NoCompiler where there is no Node.
    """
    locked = (ROOT / "runtime-lock.json").read_text("utf-8")
    locked_files = parse_lock(locked)
    cache = usual_cache()
    with usual_sources() as sources:
        runtime = {file.name: data for file, data in fetch(locked_files, cache, sources)}
    wheel = next(data for name, data in runtime.items() if name.endswith(".whl"))
    archives = {"library": members(runtime[LIBRARY], None), "numpy": members(wheel, None), "pyscript": {}}
    archives = {
        name: {path: data for path, data in files.items() if not path.startswith(NOT_NEEDED)}
        for name, files in archives.items()
    }
    for path in PYTHON:
        archives["numpy"][path] = (HERE / path).read_bytes()
    archives["numpy"]["lines.py"] = module_of(LINES).encode()
    pyodide = {name: runtime[f"pyodide/{name}"] for name in PYODIDE}
    ran = ran_of_python({"library": runtime[LIBRARY], "numpy": wheel}, PROFILE)
    # What the page has none of, never ran. What is asked for is no part of it.
    others = {f"{name}/{path}": set() for name in ("library", "numpy") for path in archives[name] if path not in ASKING}
    stubs = with_bytecode(archives, pyodide, cache.folder, others | ran)
    archives = with_bytecode(archives, pyodide, cache.folder)
    files = archives["numpy"]
    modules = {WASM: runtime[WASM], **{name: data for name, data in files.items() if name.endswith(".so")}}
    used = {WASM, *json.loads((ROOT / "runtime-used.json").read_text("utf-8"))["numpy"]}
    of_the_page = {name: data for name, data in modules.items() if name in used}
    folder.mkdir(parents=True, exist_ok=True)
    thirds = folder / "thirds.json"
    every_third = {name: (data, set(range(0, len(parsed(data).bodies()), 3))) for name, data in modules.items()}
    thirds.write_text(written_profile(every_third))
    glue = runtime[GLUE]
    texts = [runtime["pyodide/pyodide.mjs"], *(path.read_bytes() for path in sorted(HERE.glob("*.mjs")))]
    sides = [data for name, data in modules.items() if name != WASM]
    kinds = {
        "whole": Parts({}, {}, glue),
        "split": in_two(Runtime(of_the_page, WASM, glue, sides, texts), PROFILE, cache.folder),
        # With all exports, of which Emscripten gives each a place in its tables:
        "uncut": in_two(Runtime(of_the_page, "", glue), PROFILE, cache.folder),
        "thirds": in_two(Runtime(modules, "", glue), thirds, cache.folder),
        "stubs": Parts({}, stubs["rest"], glue),
    }
    checksums = {file.name: file.sha256 for file in locked_files}
    lock, _ = without_packages(runtime[PYODIDE_LOCK], checksums)
    for kind, made in kinds.items():
        here = folder / kind
        here.mkdir(parents=True)
        parts = {name: data for name, data in made.firsts.items() if name != WASM}
        python = stubs if kind == "stubs" else archives
        (here / "site-packages.packed").write_bytes(together(python["numpy"] | parts))
        (here / "pyodide.asm.wasm").write_bytes(made.firsts.get(WASM, runtime[WASM]))
        (here / "python_stdlib.zip").write_bytes(zipped(python["library"]))
        (here / "pyodide-lock.json").write_bytes(lock)
        (here / "rest.packed").write_bytes(together(made.rests))
        (here / "empty.packed").write_bytes(together({}))
        (here / "pyodide.mjs").write_bytes(runtime["pyodide/pyodide.mjs"])
        (here / "pyodide.asm.mjs").write_bytes(made.glue)
        for path in [ROOT / "site/boot/rest.mjs", ROOT / "site/boot/unpack.mjs", *HERE.glob("*.mjs")]:
            shutil.copyfile(path, here / path.name)
    shutil.copyfile(HERE / "bare.html", folder / "index.html")
    return folder


def together(files):
    """One file of many, as packing.packed_files makes it, but for the packing: that takes longer than all the rest."""
    table = json.dumps([[name, len(data)] for name, data in files.items()]).encode()
    return b"".join([len(table).to_bytes(4, "little"), table, *files.values()])
