"""dist/build.json says how a build was made; two builds of the same with the same are the same."""

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import zlib

import pytest

from building.common import ROOT
from building.page import offline, record
from building.split.profile import written_profile
from tools import twice


@pytest.fixture
def told(miniature):
    """A function that builds and gives what build.json says."""

    def read(**how):
        miniature.build(**how)
        return json.loads((miniature.output / "build.json").read_bytes())

    return read


def git(folder, *arguments):
    if shutil.which("git") is None:
        pytest.skip("there is no git")
    who = ["-c", "user.name=nobody", "-c", "user.email=nobody@example.org", "-c", "commit.gpgsign=false"]
    result = subprocess.run(["git", "-C", folder, *who, *arguments], check=True, capture_output=True, text=True)
    return result.stdout.strip()


def test_it_names_all_that_the_bytes_depend_on(miniature, told):
    used = miniature.root / "used.json"
    used.write_text(json.dumps({"library": ["io.py"], "numpy": ["numpy/__init__.py"]}))
    ran = miniature.root / "ran.json"
    ran.write_text(written_profile({}))
    says = told(used=used, ran=ran, url="https://example.org/")
    own = {"version": "7.8.9", "cpython": "3", "numpy": "1.2"}
    assert says["versions"] == own | {name: "1.0.0" for name in ("pyscript", "micropython", "pyodide")}
    assert says["sha256"] == {
        "runtime-lock.json": hashlib.sha256(miniature.lock.read_bytes()).hexdigest(),
        "runtime-used.json": hashlib.sha256(used.read_bytes()).hexdigest(),
        "runtime-ran.json": hashlib.sha256(ran.read_bytes()).hexdigest(),
    }
    assert says["address"] == "https://example.org/"
    assert says["shipped as"] == "source", "the runtime in miniature compiles nothing"
    assert says["tools"]["Python"].split() == [platform.python_implementation(), platform.python_version()]
    assert says["tools"]["zlib"] == zlib.ZLIB_RUNTIME_VERSION


def test_outside_a_clone_and_without_tools_it_is_built_all_the_same(told, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    says = told()
    assert (says["commit"], says["changed since"], says["tools"]["Node"]) == (None, None, None)


def test_it_names_the_commit_and_whether_the_page_is_made_of_something_else(miniature, told):
    root = miniature.root
    git(root, "init", "-q")
    git(root, "add", "site", "LICENSE", "pyproject.toml", "runtime-lock.json")
    git(root, "commit", "-q", "-m", "all")
    commit = git(root, "rev-parse", "HEAD")
    (root / "notes.txt").write_text("of nobody's concern")
    says = told()
    assert (says["commit"], says["changed since"]) == (commit, False)
    (miniature.site / "new.txt").write_text("shipped, and in no commit")
    assert told()["changed since"] is True


def test_a_project_in_somebody_elses_repository_has_no_commit(miniature, tmp_path):
    git(tmp_path, "init", "-q")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "theirs")
    assert record.commit_of(miniature.site) == (None, None)
    assert record.commit_of(tmp_path)[0] is not None


def test_no_time_and_no_path_stands_in_it(miniature, told):
    miniature.build()
    first = (miniature.output / "build.json").read_text()
    miniature.build()
    assert (miniature.output / "build.json").read_text() == first
    for path in (miniature.root, ROOT, sys.prefix):
        assert str(path) not in first


def test_how_it_was_built_makes_no_new_version_but_stands_in_a_single_file_too(miniature):
    page = {"index.html": b"", "build.json": b"{}"}
    assert offline.kept_files(page).keys() == {"./"}
    assert b'data-file="build.json"' in miniature.build_single_file()


def test_the_real_page_is_bytecode_where_there_is_node(built_site):
    says = json.loads((built_site / "build.json").read_bytes())
    if says["tools"]["Node"]:
        assert says["shipped as"] == "bytecode"
    assert f"numpy {says['versions']['numpy']}," in (built_site / "licences" / "index.txt").read_text("utf-8")


@pytest.mark.skipif(os.name == "nt", reason="the stand-ins are shell scripts")
@pytest.mark.parametrize(("script", "version"), [('[ "$1" = --version ] && echo v20.1.0', "v20.1.0"), ("exit 1", None)])
def test_the_record_names_the_node_that_answers(node, miniature, script, version):
    node(script)
    miniature.build()
    assert json.loads((miniature.output / "build.json").read_bytes())["tools"]["Node"] == version
    assert shutil.which("node")


# --- tools/twice.py ---

BUILDER = """
import os, pathlib, sys
output = pathlib.Path(sys.argv[-1])
cache = sorted(path.name for path in pathlib.Path(os.environ["NUMBER_READER_CACHE"]).iterdir())
text = "{text}".format(seed=os.environ["PYTHONHASHSEED"], cache=len(cache))
if "--single-file" not in sys.argv:
    output.mkdir()
    output /= "index.html"
output.write_text(text)
sys.exit({status})
"""


@pytest.mark.parametrize(
    ("text", "status", "result", "says"),
    [
        ("page", 0, 0, "twice the same: 2 files, 8 bytes"),
        ("page {seed}", 0, 1, "not the same in both: index.html"),
        ("page {cache}", 0, 1, "not the same in both: page.html"),
        ("page", 3, 1, "build 1 failed"),
    ],
)
def test_two_builds_are_compared_the_second_with_nothing_compiled(tmp_path, text, status, result, says):
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / ("a" * 64)).write_text("fetched")
    (cache / f"bytecode-{'a' * 64}.zip").write_text("compiled")
    builder = tmp_path / "builder.py"
    builder.write_text(BUILDER.replace("{text}", text).replace("{status}", str(status)))
    lines = []
    assert twice.main([sys.executable, str(builder)], cache, lines.append) == result
    assert any(says in line for line in lines)


def test_a_file_that_only_one_build_has_is_a_difference():
    lines = []
    assert twice.told({"a": b"", "b": b""}, {"a": b""}, lines.append) == 1
    assert lines == ["not the same in both: b"]
