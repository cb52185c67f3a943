"""The files of the page, made of the site's and the runtime's: packed, compiled, named by content."""

import io
import json
import posixpath
import zipfile

from building.bytecode import CACHE_TAG, NoCompiler, compiled, zipped
from building.micropython import with_steady_ticks
from building.naming import addressed, content_hash
from building.packing import PACKED, packed, packed_files
from building.pyscript import library, worker_code

LIBRARY = "pyodide/python_stdlib.zip"
MICROPYTHON, MICROPYTHON_WASM = "micropython/micropython.mjs", "micropython/micropython.wasm"
PYODIDE_WASM = "pyodide/pyodide.asm.wasm"
PYSCRIPT_CORE, PYSCRIPT_WORKER = "pyscript/core-", "pyscript/worker.mjs"
COMPILER = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "pyodide-lock.json", "python_stdlib.zip")
TESTS = "/tests/"  # in numpy; nothing of the page
# These only write the docstrings of what is compiled; the page has no reader for them.
DOCUMENTATION = ("numpy/_core/_add_newdocs.py", "numpy/_core/_add_newdocs_scalars.py")

# Left alone, PyScript asks other hosts for what these keys name.
EVERYTHING_LOCAL = {
    "packages_cache": "passthrough",
    "index_urls": [],
    "sync_main_only": True,
    "plugins": [
        "!codemirror",
        "!deprecations-manager",
        "!donkey",
        "!error",
        "!py-editor",
        "!py-game",
        "!py-terminal",
    ],
}

# Of the installed package alone: the page has no command line, and nothing in it checks types.
NOT_OF_THE_PAGE = ("number_reader/command.py", "number_reader/py.typed")

# What the worker asks for before it reads, and tells the bytes of: boot/page.js knows how many there will be.
AWAITED = (
    "runtime/pyodide/pyodide.asm.wasm.packed",
    "runtime/pyodide/numpy.packed",
    "runtime/pyodide/python_stdlib.zip.packed",
    "model/digits.npz",
    "worker.packed",
)

# What the canvas waits for, in chains of files that name each other: asked for all at once.
PRELOADED_MODULES = ("boot/micropython.mjs", "boot/unpack.mjs", "runtime/micropython/micropython.mjs")
PRELOADED = ("runtime/micropython/micropython.wasm.packed", "app.packed", "app/main.py", "worker.py")


def assemble(site, runtime, used, cache, say=print):
    """The page as {path: bytes}. index.html is not yet told what only the command knows.

    site, runtime: {path: bytes}. used: the files of Python's library and of numpy that the page has, {"library": [name],
    "numpy": [name]}; None keeps all. cache: see bytecode.compiled.
    """
    runtime = dict(runtime)
    site = {name: data for name, data in site.items() if name not in NOT_OF_THE_PAGE}
    wheel = next(name for name in runtime if name.endswith(".whl"))
    core = {name: data for name, data in runtime.items() if name.startswith(PYSCRIPT_CORE)}
    archives = {
        "library": members(runtime[LIBRARY], used and used["library"]),
        "numpy": members(runtime.pop(wheel), used and used["numpy"]),
        "recognizer": {name: data for name, data in site.items() if name.startswith("recognizer/")},
        "pyscript": library(core),
    }
    try:
        archives = with_bytecode(archives, {name: runtime[f"pyodide/{name}"] for name in COMPILER}, cache)
    except NoCompiler as error:
        archives["pyscript"] = {}  # PyScript brings the source itself
        say(f"Python is shipped as source, so the page will take about twice as long to start: {error}")
    del runtime[LIBRARY]
    runtime[LIBRARY + PACKED] = packed(zipped(archives["library"]))
    runtime["pyodide/numpy" + PACKED] = packed_files(archives["numpy"])
    for wasm in (MICROPYTHON_WASM, PYODIDE_WASM):
        runtime[wasm + PACKED] = packed(runtime.pop(wasm))
    runtime[MICROPYTHON] = with_steady_ticks(runtime[MICROPYTHON])
    runtime[PYSCRIPT_WORKER] = worker_code(core)
    app = {name: data for name, data in site.items() if name.startswith("app/") or name == "pad.json"}
    own = {name: data for name, data in site.items() if name not in app and not name.startswith("recognizer/")}
    return named(own, runtime, app, packed_files(archives["recognizer"] | archives["pyscript"]))


def members(archive, names):
    """The files of a ZIP, {name: bytes}: these, or all but tests."""
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        if names is None:
            names = [name for name in files.namelist() if TESTS not in name and not name.endswith("/")]
        return {name: b"" if name in DOCUMENTATION else files.read(name) for name in names}


def with_bytecode(archives, runtime, cache):
    """The archives {archive: {name: bytes}} with bytecode in place of each Python source."""
    sources = {
        f"{archive}/{name}": data
        for archive, files in archives.items()
        for name, data in files.items()
        if name.endswith(".py")
    }
    made = compiled(sources, runtime, cache)
    archives = {
        archive: {
            (name + "c" if name.endswith(".py") else name): made.get(f"{archive}/{name}c", data)
            for name, data in files.items()
        }
        for archive, files in archives.items()
    }
    tag = made[CACHE_TAG].decode()
    return archives | {"pyscript": {beside_source(name, tag): data for name, data in archives["pyscript"].items()}}


def beside_source(name, tag):
    """Where Python looks for the bytecode "folder/name.pyc" if the source is there too."""
    folder, file = posixpath.split(name)
    return f"{folder}/__pycache__/{file.removesuffix('.pyc')}.{tag}.pyc"


def named(own, runtime, app, worker):
    """The page with its folders named by content: runtime-*, model-* and, for its own code, code-*."""
    runtime = {f"runtime/{name}": data for name, data in runtime.items()}
    model = {name: own.pop(name) for name in list(own) if name.startswith("model/")}
    moved = {}
    page = renamed("runtime", runtime, moved) | renamed("model", model, moved)

    # Python's addresses start from index.html, wherever the module lies.
    app = {name: at_new_addresses(name, data, "", "", moved) for name, data in app.items()}
    code = {name: own.pop(name) for name in list(own) if name.startswith("boot/") or name in ("styles.css", "worker.py")}
    code |= {"main.py": app.pop("app/main.py"), "app.packed": packed_files(app), "worker.packed": worker}
    within = moved | {name: f"code/{name}" for name in code}
    code = {f"code/{name}": at_new_addresses(name, data, posixpath.dirname(name), "code", within)
            for name, data in code.items()}  # fmt: skip
    page |= renamed("code", code, moved)

    moved |= {name: f"{moved['code']}/{name.removeprefix('code/')}" for name in within if name not in moved}
    moved |= {"app/main.py": moved["main.py"]}
    awaited = sum(len(page[moved_path(name, moved)]) for name in AWAITED)
    index = own.pop("index.html").decode()
    told = {
        "preload": preload(sorted(name for name in runtime if name.startswith("runtime/pyscript/core-"))),
        "awaited": str(awaited),
        "mpy-config": config("micropython"),
        "py-config": config("pyodide"),
    }
    for name, value in told.items():
        index = index.replace(f"<!--build:{name}-->", value)
    page["index.html"] = addressed(index, "", "", moved).encode()
    return page | own


def renamed(folder, files, moved):
    """Files {path: bytes}, all of `folder`, in a folder that their content names; `moved` is told."""
    moved[folder] = f"{folder}-{content_hash(files)}"
    return {moved[folder] + name.removeprefix(folder): data for name, data in files.items()}


def moved_path(path, moved):
    return next(new + path.removeprefix(old) for old, new in moved.items() if path == old or path.startswith(old + "/"))


def at_new_addresses(name, data, here, code, moved):
    if not name.endswith((".css", ".js", ".mjs", ".py")):
        return data
    there = posixpath.join(code, here) if code else ""
    return addressed(data.decode(), here, there, moved).encode()


def preload(chunks):
    """The tags that ask for files before a script does."""
    modules = [f'<link rel="modulepreload" href="./{name}">' for name in (*chunks, *PRELOADED_MODULES)]
    files = [f'<link rel="preload" href="./{name}" as="fetch" crossorigin>' for name in PRELOADED]
    return "\n  ".join(modules + files)


def config(interpreter):
    """PyScript's configuration. What else it could fetch, boot/*.mjs have in their packs."""
    return json.dumps(EVERYTHING_LOCAL | {"interpreter": f"./boot/{interpreter}.mjs"})
