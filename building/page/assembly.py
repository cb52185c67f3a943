"""The files of the page, made of the site's and the runtime's: packed, compiled, named by content."""

import fnmatch
import json
import posixpath
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from building.compiling.bytecode import NoCompiler, with_bytecode
from building.page.lean import without_words
from building.page.naming import addressed, content_hash
from building.page.parts import Parts, Runtime, in_two, ran_of_python
from building.runtime.functions import without_texts
from building.runtime.micropython import with_steady_ticks
from building.runtime.packing import PACKED, packed, packed_files
from building.runtime.pyscript import library as library_of
from building.runtime.pyscript import worker_code
from building.runtime.used import members
from building.runtime.zips import unzipped, zipped
from building.sources.lock import PYODIDE

LIBRARY = "pyodide/python_stdlib.zip"
MICROPYTHON, MICROPYTHON_WASM = "micropython/micropython.mjs", "micropython/micropython.wasm"
PYODIDE_WASM, PYODIDE_GLUE = "pyodide/pyodide.asm.wasm", "pyodide/pyodide.asm.mjs"
OF_PYODIDE = ("_pyodide/", "pyodide/")  # in Python's library
REST = "pyodide/rest" + PACKED  # of the modules that are shipped in two parts: site/boot/rest.mjs
PYSCRIPT_CORE, PYSCRIPT_WORKER = "pyscript/core-", "pyscript/worker.mjs"
PYSCRIPT_STYLES = "pyscript/core.css"  # of its editors and terminals; what the page needs of it is in styles/page.css

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

# Of the installed package alone: the page has no command line, saves no model, and nothing in it checks types.
NOT_OF_THE_PAGE = (
    "model/__init__.py",
    "number_reader/command.py",
    "number_reader/py.typed",
    "number_reader/storage/packing.py",
)

MODEL = "model/digits.npz"

# What the page fetches when it is first used (`later` in site/boot/micropython.mjs).
LATER = "app/sheet/"

# What the first guess needs: MicroPython has these modules of the reader as a package of their own.
PEN, EXAMPLES = "number_reader/pen/", "model/pen.bin"
PEN_OF_THE_WORKER = tuple(f"{PEN}{name}.py" for name in ("__init__", "examples", "features", "line"))

# The style sheets, in the order in which later rules override earlier ones.
STYLES = ("page", "reading", "drawing", "pictures", "marks", "why", "teaching", "sheet", "more", "keeping", "wide")

# What the worker asks for before it reads, and reports the bytes of: boot/page.js knows how many there will be.
AWAITED = (
    "runtime/pyodide/pyodide.asm.wasm.packed",
    "runtime/pyodide/numpy.packed",
    "runtime/pyodide/python_stdlib.zip.packed",
    "model/digits.npz.packed",
    "worker.packed",
)

# What the canvas and the first guess wait for: asked for all at once, before the first script, which holds up the parser (and
# with it, in Chromium, whatever a policy in a tag is to be heard for). A browser has six connections to a host that speaks
# HTTP/1.1: what is small waits for its turn beside the large ones, the scripts that others wait for first.
PRELOADED = (
    ("runtime/micropython/micropython.wasm.packed", "fetch"),
    ("first.js", "script"),
    ("boot/early.js", "script"),
    ("app.packed", "fetch"),
    ("runtime/pyscript/core-*.js", "module"),
    ("runtime/micropython/micropython.mjs", "module"),
    ("boot/page.js", "script"),
    ("boot/micropython.mjs", "module"),
    ("boot/unpack.mjs", "module"),
    ("pen.packed", "fetch"),
    ("runtime/pyscript/core.js", "module"),
    ("runtime/pyscript/error-*.js", "module"),  # which PyScript asks for itself, and waits for
    ("app/main.py", "fetch"),
    ("styles.css", "style"),
    ("worker.py", "fetch"),
)
PRELOADING = {
    "fetch": '<link rel="preload" href="./{}" as="fetch" crossorigin>',
    "module": '<link rel="modulepreload" href="./{}">',
    "script": '<link rel="preload" href="./{}" as="script">',
    "style": '<link rel="preload" href="./{}" as="style">',
}


def assemble(
    site: Mapping[str, bytes],
    runtime: Mapping[str, bytes],
    used: Mapping[str, list[str]] | None,
    ran: str | Path | None,
    cache: str | Path,
    say: Callable[[str], object] = print,
) -> dict[str, bytes]:
    """The page as {path: bytes}. index.html still lacks the versions and the address.

    site, runtime: {path: bytes}. used: the files of Python's library and of numpy that the page has, {"library":
    [name], "numpy": [name]}; None keeps all. cache: see bytecode.compiled. KeyError if an archive lacks a file that is
    used; ValueError if a file of the runtime is not as the build knows it.
    """
    runtime = dict(runtime)
    site = {name: data for name, data in site.items() if name not in NOT_OF_THE_PAGE}
    pen = pen_of(site)
    site = {name: data for name, data in site.items() if name in PEN_OF_THE_WORKER or not is_of_the_pen(name)}
    wheel = next(name for name in runtime if name.endswith(".whl"))
    core = without_texts({name: data for name, data in runtime.items() if name.startswith(PYSCRIPT_CORE)})
    runtime |= core
    library, numpy = members(runtime[LIBRARY], used and used["library"]), runtime.pop(wheel)
    functions = ran_of_python({"library": runtime[LIBRARY], "numpy": numpy}, ran, say)
    archives = {
        "library": library,
        "numpy": members(numpy, used and used["numpy"]),
        "number_reader": {name: data for name, data in site.items() if name.startswith(("number_reader/", "served/"))},
        "pyscript": library_of(core),
    }
    try:
        archives = with_bytecode(archives, {name: runtime[f"pyodide/{name}"] for name in PYODIDE}, cache, functions)
    except NoCompiler as error:
        archives["pyscript"] = {}  # PyScript brings the source itself
        say(f"Python is shipped as source, so the page will take about twice as long to start: {error}")
    boot = [data for name, data in site.items() if name.startswith("boot/")]
    asking = [*core.values(), *boot, *(data for name, data in library.items() if name.startswith(OF_PYODIDE))]
    runtime = with_parts(runtime, archives, numpy, asking, lambda of: in_two(of, ran, cache, say))
    runtime.pop(PYSCRIPT_STYLES, None)
    runtime[MICROPYTHON] = with_steady_ticks(runtime[MICROPYTHON])
    runtime[PYSCRIPT_WORKER] = worker_code(core)
    app = {name: data for name, data in site.items() if name.startswith("app/") or name == "pad.json"}
    own = {
        name: data
        for name, data in site.items()
        if name not in app and not name.startswith(("number_reader/", "served/", "styles/"))
    }
    own["styles.css"] = joined_styles(site)
    own[MODEL + PACKED] = packed(in_plain_members(own.pop(MODEL)))
    packs = {"worker.packed": packed_files(archives["number_reader"] | archives["pyscript"])}
    packs |= {"pen.packed": packed_files(pen)} if pen else {}
    return named(own, runtime, app, packs)


def with_parts(
    runtime: Mapping[str, bytes],
    archives: dict[str, dict[str, bytes]],
    numpy: bytes,
    asking: Sequence[bytes],
    in_parts: Callable[[Runtime], Parts],
) -> dict[str, bytes]:
    """The runtime {path: bytes} packed, its modules and Python in two parts. archives: as compiled, "rest" of Python among them
    if there is one. numpy: its wheel. asking: what may ask Pyodide's module for exports by name."""
    runtime = dict(runtime)
    modules = {name: data for name, data in archives["numpy"].items() if name.endswith(".so")}
    sides = [data for name, data in members(numpy, None).items() if name.endswith(".so")]
    texts = [runtime["pyodide/pyodide.mjs"], *asking]
    whole = modules | {PYODIDE_WASM: runtime[PYODIDE_WASM]}
    parts = in_parts(Runtime(whole, PYODIDE_WASM, runtime[PYODIDE_GLUE], sides, texts))
    del runtime[LIBRARY]
    firsts = dict(parts.firsts)
    runtime |= {PYODIDE_WASM: firsts.pop(PYODIDE_WASM), PYODIDE_GLUE: parts.glue}
    rests = parts.rests | archives.get("rest", {})
    runtime |= {REST: packed_files(rests)} if rests else {}
    runtime[LIBRARY + PACKED] = packed(zipped(archives["library"]))
    runtime["pyodide/numpy" + PACKED] = packed_files(archives["numpy"] | firsts)
    for wasm in (MICROPYTHON_WASM, PYODIDE_WASM):
        runtime[wasm + PACKED] = packed(runtime.pop(wasm))
    return runtime


def in_plain_members(model: bytes) -> bytes:
    """The NPZ of a model with nothing in it packed: the browser unpacks all of it faster, while it comes, than Python could.
    What is no NPZ stays as it is, as the page says what is wrong with it."""
    try:
        return zipped(unzipped(model))
    except zipfile.BadZipFile:
        return model


def is_of_the_pen(name: str) -> bool:
    return name.startswith(PEN) or name == EXAMPLES


def pen_of(site: Mapping[str, bytes]) -> dict[str, bytes]:
    """What guesses digits in MicroPython, {path there: bytes}: the modules, without comments, and the examples."""
    files = {name: data for name, data in site.items() if is_of_the_pen(name)}
    return {
        f"pen/{posixpath.basename(name)}": without_words(data) if name.endswith(".py") else data
        for name, data in files.items()
    }


def joined_styles(site: Mapping[str, bytes]) -> bytes:
    """One style sheet of those in site/styles/. ValueError if one is missing, or has no place among STYLES."""
    found = {name: data for name, data in site.items() if name.startswith("styles/")}
    order = [f"styles/{name}.css" for name in STYLES]
    if found.keys() != set(order):
        wrong = ", ".join(sorted(found.keys() ^ set(order)))
        raise ValueError(f"site/styles/ and STYLES in building/page/assembly.py differ: {wrong}")
    return b"".join(found[name] for name in order)


def named(
    own: dict[str, bytes], runtime: Mapping[str, bytes], app: dict[str, bytes], packs: Mapping[str, bytes]
) -> dict[str, bytes]:
    """The page with its folders named by content: runtime-*, model-* and, for its own code, code-*."""
    runtime = {f"runtime/{name}": data for name, data in runtime.items()}
    model = {name: own.pop(name) for name in list(own) if name.startswith("model/")}
    moved: dict[str, str] = {}
    page = renamed("runtime", runtime, moved) | renamed("model", model, moved)

    # Python's addresses start from index.html, wherever the module lies.
    app = {name: at_new_addresses(name, data, "", "", moved) for name, data in app.items()}
    app = {name: without_words(data) if name.endswith(".py") else data for name, data in app.items()}
    later = {name: app.pop(name) for name in list(app) if name.startswith(LATER)}
    ours = [name for name in own if name.startswith("boot/") or name in ("styles.css", "worker.py")]
    code = {name: own.pop(name) for name in ours}
    code |= {"main.py": app.pop("app/main.py"), "app.packed": packed_files(app), **packs}
    code |= {"sheet.packed": packed_files(later)} if later else {}
    within = moved | {name: f"code/{name}" for name in code}
    code = {
        f"code/{name}": at_new_addresses(name, data, posixpath.dirname(name), "code", within)
        for name, data in code.items()
    }
    page |= renamed("code", code, moved)

    moved |= {name: f"{moved['code']}/{name.removeprefix('code/')}" for name in within if name not in moved}
    moved |= {"app/main.py": moved["main.py"]}
    awaited = sum(len(page[moved_path(name, moved)]) for name in AWAITED) + len(packs.get("pen.packed", b""))
    index = own.pop("index.html").decode()
    values = {
        "preload": preload(runtime.keys() | within.keys() | own.keys() | {"app/main.py"}),
        "awaited": str(awaited),
        "mpy-config": config("micropython"),
        "py-config": config("pyodide"),
    }
    for name, value in values.items():
        index = index.replace(f"<!--build:{name}-->", value)
    page["index.html"] = addressed(index, "", "", moved).encode()
    return page | own


def renamed(folder: str, files: Mapping[str, bytes], moved: dict[str, str]) -> dict[str, bytes]:
    """Files {path: bytes}, all of `folder`, in a folder that their content names, which `moved` then has."""
    moved[folder] = f"{folder}-{content_hash(files)}"
    return {moved[folder] + name.removeprefix(folder): data for name, data in files.items()}


def moved_path(path: str, moved: Mapping[str, str]) -> str:
    """Where a file lies after the move; StopIteration if it has not moved."""
    return next(new + path.removeprefix(old) for old, new in moved.items() if path == old or path.startswith(old + "/"))


def at_new_addresses(name: str, data: bytes, here: str, code: str, moved: Mapping[str, str]) -> bytes:
    """A file of ours with its addresses changed for what has moved; see naming.addressed."""
    if not name.endswith((".css", ".js", ".mjs", ".py")):
        return data
    there = posixpath.join(code, here) if code else ""
    return addressed(data.decode(), here, there, moved).encode()


def preload(names: Iterable[str]) -> str:
    """The tags that ask for files before a script does, of those of the page's that are among `names`."""
    names = sorted(names)
    tags = (PRELOADING[kind].format(name) for each, kind in PRELOADED for name in fnmatch.filter(names, each))
    return "\n  ".join(tags)


def config(interpreter: str) -> str:
    """PyScript's configuration. What else it could fetch, boot/*.mjs have in their packs."""
    return json.dumps(EVERYTHING_LOCAL | {"interpreter": f"./boot/{interpreter}.mjs"})
