"""A project in miniature: a page, a lock and the runtime it names, all of a few bytes."""

import hashlib
import json

import pytest

import build

WHEEL = "numpy-1-wasm.whl"
PAGE = b"<!doctype html>\n<!--build:address-->\n" + b"".join(
    b"%s <!--build:%s-->\n" % (name, name)
    for name in (b"version", b"pyscript", b"micropython", b"pyodide", b"cpython", b"numpy")
)


class Offline:
    """An opener for build.Cdn on a machine without network; counts how often it was asked."""

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
        self.cache = build.Cache(root / "cache")
        self.bytes = self.runtime_bytes()
        self.write(self.runtime, self.bytes)
        self.write(
            self.site,
            {
                "index.html": PAGE,
                "pad.json": b"{}",
                "worker.py": b"",
                "app/main.py": b"import app.pad",
                "app/pad.py": b"",
                "app/parts/ink.py": b"",
                "recognizer/__init__.py": b"",
                "recognizer/image.py": b"",
                "recognizer/__pycache__/image.cpython-311.pyc": b"not for the page",
                "model/digits.npz": b"vectors",
                "model/exemplars.npz": b"pictures",
                "model/README.md": b"card",
                ".hidden": b"not for the page",
            },
        )
        self.write(root, {"LICENSE": b"as you like", "pyproject.toml": b'[project]\nversion = "7.8.9"'})
        self.lock.write_text(json.dumps({"files": [self.entry(name) for name in self.bytes]}))

    def runtime_bytes(self):
        wheel = b"wheel"
        numpy = {"file_name": WHEEL, "sha256": hashlib.sha256(wheel).hexdigest(), "depends": [], "version": "1.2"}
        packages = {"info": {"python": "3"}, "packages": {"scipy": {}, "numpy": numpy}}
        return {
            "pyscript/core.js": b"export {}",
            "pyscript/core.css": b"a{}",
            "micropython/micropython.mjs": b"micro",
            "pyodide/pyodide.mjs": b"pyodide",
            "pyodide/pyodide-lock.json": json.dumps(packages).encode(),
            f"pyodide/{WHEEL}": wheel,
        }

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

    def build(self, *sources, url=None):
        """Build from these sources; from the folder that has everything when there are none."""
        sources = sources or (build.Folder(self.runtime),)
        build.build(self.output, self.site, self.lock, cache=self.cache, sources=sources, url=url)

    def file(self, name):
        return build.parse_entry(self.entry(name))


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
