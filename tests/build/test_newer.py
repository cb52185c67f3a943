"""tools/newer.py: what is newer, what taking it would change, and what it says when it cannot ask."""

import hashlib
import json
import os
import stat
import sys

import pytest

from building.sources.clients import Npm
from building.sources.lock import RuntimeFile
from tests.build.conftest import WHEEL
from tests.build.sources.test_clients import pack_tgz
from tools import newer

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-ins are shell scripts")

PROJECT = """
[build-system]
requires = ["maker==1.0"]
[project]
name = "reader"
requires-python = ">=3.11"
dependencies = ["sums>=2"]
"""
CONSTRAINTS = """# what is tested with
checks==1.9.1  # checks
sums==2.0; python_version < '3.15'  # adds
sums==3.0rc1; python_version >= '3.15'
"""


class Clients:
    """npm and pip, played by scripts. `newest` has the newest version, or all of them, of each; `log` what was asked."""

    def __init__(self, miniature, monkeypatch):
        self.miniature, self.bin = miniature, miniature.root / "bin"
        self.bin.mkdir()
        self.log = miniature.root / "log"
        self.newest = {name: "1.0.0" for name in ("pyscript", "micropython", "pyodide")}
        self.newest |= {"maker": "1.0", "sums 3.11": "2.0", "sums 3.15": "3.0rc1", "checks": "1.9.1"}
        self.package = miniature.root / "package.tgz"
        self.project = miniature.root / "of-newer.toml"
        self.project.write_text(PROJECT)
        self.constraints = miniature.root / "of-newer.txt"
        self.constraints.write_text(CONSTRAINTS)
        monkeypatch.setenv("PATH", str(self.bin))
        monkeypatch.setattr(sys, "executable", str(self.bin / "python"))

    def script(self, name, text):
        path = self.bin / name
        path.write_text(f'#!/bin/sh\necho "{name} $@" >> "{self.log}"\nfor last; do :; done\n{text}')
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def run(self):
        """The exit status and the lines."""
        known = {name: said.split() for name, said in self.newest.items()}
        answers = "".join(f"\"{name}\") echo '{json.dumps(versions)}';;\n" for name, versions in known.items())
        self.script(
            "npm",
            f'if [ "$1" = pack ]; then /bin/cp "{self.package}" .; exit; fi\ncase "$5" in\n{answers}*) exit 3;; esac\n',
        )
        answers = "".join(
            f'"{name} "*|"{name}") echo "Available versions: {", ".join(versions)}";;\n'
            for name, versions in known.items()
        )
        asked = 'for i in 3.11 3.15; do case "$*" in *" $i "*) python=$i;; esac; done\nset -- "$last"\n'
        self.script("python", f'{asked}case "$last $python" in\n{answers}*) echo "ERROR: none" >&2; exit 1;; esac\n')
        lines = []
        return newer.main(self.miniature.lock, self.project, self.constraints, lines.append), lines


@pytest.fixture
def clients(miniature, monkeypatch):
    return Clients(miniature, monkeypatch)


def newer_pyodide(miniature, **numpy):
    """The files of the newer Pyodide, {path: bytes}: its library and its list of packages are others."""
    files = {name.partition("/")[2]: data for name, data in miniature.bytes.items() if name.startswith("pyodide/")}
    packages = json.loads(files["pyodide-lock.json"])
    packages["info"]["python"] = "4"
    packages["packages"]["numpy"] |= numpy
    return files | {"python_stdlib.zip": b"newer library", "pyodide-lock.json": json.dumps(packages).encode()}


def test_nothing_newer_is_exit_status_0_and_asks_for_each_once(clients):
    status, lines = clients.run()
    assert status == 0
    assert "runtime: pyodide 1.0.0 is the newest" in lines
    assert "constraints: checks 1.9.1 is the newest" in lines
    asked = clients.log.read_text().splitlines()
    assert len(asked) == len(set(asked)) == len(clients.newest)
    [early] = [line for line in asked if "--pre" in line]
    assert "3.15" in early
    assert early.endswith("sums")


def test_a_newer_runtime_is_told_file_by_file(miniature, clients):
    clients.newest["pyodide"] = "1.0.1"
    files = newer_pyodide(miniature)
    pack_tgz(clients.package, files)
    status, lines = clients.run()
    assert status == 1
    start = lines.index("runtime: pyodide 1.0.0 -> 1.0.1")
    library, digest = miniature.file("pyodide/python_stdlib.zip"), hashlib.sha256(b"newer library").hexdigest()
    told = f"    {library.name}: size {library.size} -> 13, sha256 {library.sha256} -> {digest}"
    assert told in lines[start:]
    assert sum(" size " in line for line in lines) == 2, "the library and the list of packages"
    assert "    its Python is 4" in lines
    assert "    its numpy is the same" in lines
    assert any("4 of 6 files stay as they are" in line for line in lines)


def test_another_numpy_is_told_and_where_the_present_one_comes_from(miniature, clients):
    clients.newest["pyodide"] = "1.0.1"
    pack_tgz(clients.package, newer_pyodide(miniature, file_name="numpy-2-wasm.whl", sha256="f" * 64))
    status, lines = clients.run()
    assert status == 1
    assert any(f"pyodide/{WHEEL} -> pyodide/numpy-2-wasm.whl" in line and line.endswith("f" * 64) for line in lines)


def test_a_file_named_by_its_content_is_found_under_its_new_name(miniature, clients):
    own = [RuntimeFile("pyscript/a.js", 1, "0" * 64, "a", "npm", "pyscript@1", "dist/core-C9KDLldu.js")]
    [line, *_] = newer.changes(own, {"dist/core-Dx_SVIxg.js": b"", "dist/error-Dx_SVIxg.js": b""})
    assert "there is dist/core-Dx_SVIxg.js" in line


@pytest.mark.parametrize(
    ("pinned", "known", "expected"),
    [
        ("1.28.0-6", "1.28.0-preview-233 1.29.0-6 1.27.0", "1.29.0-6"),  # MicroPython's, whose tag latest is 1.28.0-6
        ("1.28.0-6", "1.28.0-6 1.29.0-preview-12", "1.28.0-6"),
        ("314.0.3", "314.0.3 315.0.0-alpha.2 314.0.7", "314.0.7"),
        ("0.27.0", "0.27.0 0.28.0a1 0.28.0.dev3", "0.27.0"),
        ("0.28.0a1", "0.27.0 0.28.0a2 0.28.0a1", "0.28.0a2"),
        ("1.0", "1.1.post1 1.1", "1.1.post1"),
        ("2.0", "2.1rc1", "2.0"),  # nothing but early ones
    ],
)
def test_the_newest_of_all_versions_is_taken_and_no_early_one(pinned, known, expected):
    assert newer.newest(known.split(), pinned) == expected


def test_one_version_alone_is_no_list_in_npms_answer(clients, monkeypatch):
    monkeypatch.setattr(newer, "answer", lambda command: '"1.2.3"')
    clients.script("npm", "")
    assert newer.newest_of_npm(Npm("."), "pyodide", "1.0.0") == "1.2.3"


def test_a_constraint_that_names_no_one_version_is_exit_status_2(clients):
    clients.constraints.write_text("checks>=1.9\n")
    status, [line] = clients.run()
    assert status == 2
    assert "checks>=1.9 names no one version" in line


def test_a_newer_package_of_the_constraints_is_told(clients):
    clients.newest["checks"] = "1.10"
    status, lines = clients.run()
    assert (status, "constraints: checks 1.9.1 -> 1.10" in lines) == (1, True)


@pytest.mark.parametrize("missing", ["pyodide", "checks", "sums 3.15"])
def test_what_cannot_be_asked_for_is_exit_status_2_and_the_rest_is_told(clients, missing):
    del clients.newest[missing]
    clients.newest["micropython"] = "0.9"
    status, lines = clients.run()
    assert status == 2
    assert sum("cannot be asked for: " in line for line in lines) == 1
    assert "runtime: micropython 1.0.0 is the newest" in lines


def test_a_newer_package_that_comes_damaged_is_exit_status_2(clients):
    clients.newest["pyscript"] = "2.0.0"
    clients.package.write_bytes(b"\x1f\x8b no gzip")
    status, lines = clients.run()
    assert status == 2
    assert any("2.0.0 was not delivered" in line for line in lines)


def test_an_answer_that_is_no_version_is_not_believed(clients):
    clients.newest["pyodide"] = "<html>"
    status, lines = clients.run()
    assert status == 2
    assert any("is no version" in line for line in lines)


def test_a_lock_that_cannot_be_read_is_exit_status_2(clients):
    clients.miniature.lock.write_text("{")
    status, [line] = clients.run()
    assert status == 2
    assert "runtime-lock.json is not JSON" in line


@pytest.mark.parametrize(
    ("older", "later"),
    [
        *[("1.9", "1.10"), ("2.0rc1", "2.0"), ("2.0", "2.0.post1"), ("2.0", "2.0.1")],
        *[("1.28.0-preview-233", "1.28.0"), ("1.28.0", "1.28.0-6"), ("1.28.0-5", "1.28.0-6"), ("1.28.0-6", "1.29.0-6")],
    ],
)
def test_versions_are_in_order(older, later):
    assert newer.order(older) < newer.order(later)
    assert not newer.order(later) < newer.order(older)


def test_zeros_at_the_end_say_nothing():
    assert newer.order("1.0") == newer.order("1.0.0")
