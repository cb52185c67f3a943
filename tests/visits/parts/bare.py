"""Pyodide with all of its library and of numpy in two folders, whole and split by runtime-ran.json: whatever Python can do is
done in both, and compared. Nothing else of the page is there but what loads the rest (site/boot/rest.mjs)."""

import json
import shutil
from pathlib import Path

from building.common import ROOT
from building.page.parts import in_two
from building.runtime.bytecode import with_bytecode
from building.runtime.packing import packed_files
from building.runtime.pyodide import without_packages
from building.runtime.used import members
from building.runtime.zips import zipped
from building.sources.cache import usual_cache
from building.sources.fetching import fetch, usual_sources
from building.sources.lock import PYODIDE, PYODIDE_LOCK, parse_lock
from tests.visits.parts.lines import LINES, module_of

HERE = Path(__file__).parent
WASM, LIBRARY, REST = "pyodide/pyodide.asm.wasm", "pyodide/python_stdlib.zip", "rest.packed"
KINDS = "whole", "split"
NOT_NEEDED = ("numpy/f2py/", "numpy/typing/", "numpy/ma/", "numpy/testing/", "idlelib/", "pydoc_data/", "unittest/")


def bare_folders(folder):
    """Writes the two into a folder; RuntimeUnavailable where there is no runtime, NoCompiler where there is no Node."""
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
    for path in ("asked.py", "depths.py", "waits.py"):
        archives["numpy"][path] = (HERE / path).read_bytes()
    archives["numpy"]["lines.py"] = module_of(LINES).encode()
    archives = with_bytecode(archives, {name: runtime[f"pyodide/{name}"] for name in PYODIDE}, cache.folder)
    used = json.loads((ROOT / "runtime-used.json").read_text("utf-8"))["numpy"]
    modules = {name: data for name, data in archives["numpy"].items() if name in used and name.endswith(".so")}
    firsts, rests = in_two({**modules, WASM: runtime[WASM]}, ROOT / "runtime-ran.json", cache.folder)
    checksums = {file.name: file.sha256 for file in locked_files}
    lock, _ = without_packages(runtime[PYODIDE_LOCK], checksums)
    library = zipped(archives["library"])
    for kind in KINDS:
        here = folder / kind
        here.mkdir(parents=True)
        parts = {} if kind == "whole" else firsts
        files = archives["numpy"] | {name: data for name, data in parts.items() if name != WASM}
        (here / "site-packages.packed").write_bytes(packed_files(files))
        (here / "pyodide.asm.wasm").write_bytes(parts.get(WASM, runtime[WASM]))
        (here / "kind.txt").write_text(kind)
        (here / "python_stdlib.zip").write_bytes(library)
        (here / "pyodide-lock.json").write_bytes(lock)
        for name in ("pyodide.mjs", "pyodide.asm.mjs"):
            (here / name).write_bytes(runtime[f"pyodide/{name}"])
        for path in [ROOT / "site/boot/rest.mjs", ROOT / "site/boot/unpack.mjs", *HERE.glob("*.mjs")]:
            shutil.copyfile(path, here / path.name)
    (folder / "split" / REST).write_bytes(packed_files(rests))
    shutil.copyfile(HERE / "bare.html", folder / "index.html")
    return folder
