"""A project in miniature: a page, a lock and the runtime it names, all of a few bytes."""

import hashlib
import json

import pytest

from building.compiling.bytecode import zipped
from building.page import record
from building.page.assembly import STYLES
from building.page.folder import build_folder
from building.runtime.micropython import TICKS
from building.single.single import build_single_file
from building.sources.cache import Cache
from building.sources.lock import LICENCES, parse_entry
from building.sources.source import Folder
from tests.browser.serving import plain

WHEEL = "numpy-1-wasm.whl"
# Of PyScript's core: a worker's code and modules as strings, and where it makes functions of texts, or has words for it.
CORE = rb"""export let a,P=Function.prototype;
t=Function(`return(${e}).apply(null,arguments)`);
w=new Blob(["/*@*/"+'const b="it\'s",I=e=>Function(`\'use strict\';return (${e})`)();\n'.replace(c,d)],{type:"text/x"});
e(".",{pyscript:{"__init__.py":"from a import b\nc=\"d\"",web:{"page.py":'import js'}}});
const o=e=>String(e),J=(e,t)=>{const n=[...H.worker[t]];if(n.length){const r=o(e[`_${t}`]||(t.endsWith("Async")?\
async(e,t,...n)=>{\
for(const r of n)await r(e,t)}:(e,t,...n)=>{for(const r of n)r(e,t)})),s=n.map(o).join(", ");\
return Function(`return(w,x)=>(${r})(w,x,...[${s}])`)()}};
H={worker:{onReady:new S,onBeforeRun:new S,onBeforeRunAsync:new S([({interpreter:e})=>{e.registerJsModule("it",{a:{b:1}})}]),\
onAfterRun:new S,onAfterRunAsync:new S,codeBeforeRun:new R}};
""".replace(b"\\\n", b"")
PAGE = (
    b"""<!doctype html>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'self'">
<!--build:address-->
<!--build:preload-->
<meta name="awaited" content="<!--build:awaited-->">
<link rel="icon" href="./icons/icon.svg"><link rel="stylesheet" href="./styles.css">
<script src="./boot/page.js"></script>
<script id="core" type="module" src="./runtime/pyscript/core.js"></script>
<body data-app="loading">
<mpy-config><!--build:mpy-config--></mpy-config><py-config><!--build:py-config--></py-config>
<script type="mpy" src="./app/main.py"></script>
<a href="./LICENSE.txt">MIT</a> <a href="./licences/index.txt">others</a>
"""
    + b"".join(
        b"%s <!--build:%s-->\n" % (name, name)
        for name in (b"version", b"pyscript", b"micropython", b"pyodide", b"cpython", b"numpy")
    )
    + b"</body>\n"
)


class Offline:
    """An opener for Cdn on a machine without network; counts how often it was asked."""

    def __init__(self):
        self.asked = 0

    def __call__(self, address, timeout):
        self.asked += 1
        raise OSError("no network")


class Miniature:
    def __init__(self, root):
        self.root = root
        self.site, self.output = root / "site", root / "dist"
        self.lock, self.runtime = root / "runtime-lock.json", root / "runtime"
        self.cache = Cache(root / "cache")
        self.bytes = self.runtime_bytes()
        self.write(self.runtime, self.bytes)
        self.write(
            self.site,
            {
                "index.html": PAGE,
                "pad.json": b"{}",
                "worker.py": b"",
                **{f"styles/{name}.css": b"" for name in STYLES},
                "styles/page.css": b"a {}",
                "boot/page.js": b"",
                "boot/unpack.mjs": b"",
                "boot/micropython.mjs": b'import { unpacked } from "./unpack.mjs";\n'
                b'at("../runtime/micropython/x.wasm.packed");',
                "boot/pyodide.mjs": b'at("../runtime/pyodide/"); at("../model/digits.npz.packed"); at("../worker.packed");',
                "icons/icon.svg": b"<svg/>",
                "app/main.py": b"import app.pad",
                "app/pad.py": b'EXEMPLARS = "./model/exemplars.npz"',
                "app/parts/ink.py": b"",
                "number_reader/__init__.py": b"",
                "number_reader/image.py": b"",
                "number_reader/__pycache__/image.cpython-311.pyc": b"not for the page",
                "model/digits.npz": b"vectors",
                "model/exemplars.npz": b"pictures",
                "model/README.md": b"card",
                ".hidden": b"not for the page",
            },
        )
        self.write(root, {"LICENSE": b"as you like", "pyproject.toml": b'[project]\nversion = "7.8.9"'})
        self.write_lock()

    def runtime_bytes(self):
        of_numpy = {f"numpy-1.dist-info/licenses/{name}": b"terms" for name in ("LICENSE.txt", "numpy/ma/LICENSE")}
        wheel = zipped({"numpy/__init__.py": b"1", "numpy/core.so": b"2", "numpy/tests/test_x.py": b"3"} | of_numpy)
        numpy = {"file_name": WHEEL, "sha256": hashlib.sha256(wheel).hexdigest(), "depends": [], "version": "1.2"}
        packages = {"info": {"python": "3"}, "packages": {"scipy": {}, "numpy": numpy}}
        return {
            "pyscript/core.js": b"export {}",
            "pyscript/core.css": b"a{}",
            "pyscript/core-ABC.js": CORE,
            "micropython/micropython.mjs": TICKS,
            "micropython/micropython.wasm": b"micro wasm",
            "pyodide/pyodide.mjs": b"pyodide",
            "pyodide/pyodide.asm.mjs": b"asm",
            "pyodide/pyodide.asm.wasm": b"wasm",
            "pyodide/python_stdlib.zip": zipped({"io.py": b"4", "html/parser.py": b"5"}),
            "pyodide/pyodide-lock.json": json.dumps(packages).encode(),
            f"pyodide/{WHEEL}": wheel,
            **{name: f"the text of {name}".encode() for name in LICENCES},
        }

    def write_lock(self):
        self.lock.write_text(json.dumps({"files": [self.entry(name) for name in self.bytes]}))

    def pin(self, files):
        """Other versions of files of the runtime, in the lock as well."""
        self.bytes |= files
        self.write(self.runtime, files)
        self.write_lock()

    def entry(self, name):
        data = self.bytes[name]
        return {
            "name": name,
            "size": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
            "cdn": f"npm/{name}",
            "client": "npm",
            "package": f"{name.split('/')[0]}@1.0.0",
            "path": name.split("/")[1],
        }

    def write(self, folder, files):
        for name, data in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)

    def build(self, *sources, url=None, used=None, ran=None):
        """Build from these sources; from the folder that has everything when there are none. There is no compiler: its
        runtime is none."""
        sources = sources or (Folder(self.runtime),)
        build_folder(self.output, self.site, self.lock, used, ran, cache=self.cache, sources=sources, url=url)

    def build_single_file(self):
        """The HTML, bytes."""
        file = self.root / "page.html"
        build_single_file(file, self.site, self.lock, None, cache=self.cache, sources=[Folder(self.runtime)])
        return file.read_bytes()

    def plain(self):
        """What was built, {path: bytes}, by names without what the build put there."""
        files = (path for path in self.output.rglob("*") if path.is_file())
        return {plain(path.relative_to(self.output).as_posix()): path.read_bytes() for path in files}

    def file(self, name):
        return parse_entry(self.entry(name))


@pytest.fixture
def miniature(tmp_path):
    return Miniature(tmp_path)


@pytest.fixture
def offline():
    return Offline()


@pytest.fixture
def tree():
    """A function of a folder: every file below it with its bytes, by its path inside it."""

    def read(folder):
        files = (path for path in folder.rglob("*") if path.is_file())
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}

    return read


@pytest.fixture
def node(tmp_path, monkeypatch):
    """A function of a shell script, which is then the only node there is."""
    monkeypatch.setenv("PATH", str(tmp_path))

    def is_now(script):
        (tmp_path / "node").write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / "node").chmod(0o755)

    yield is_now
    record.version_of.cache_clear()
