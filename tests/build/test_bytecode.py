"""Where Python cannot be compiled, the build says why and goes on from source. Node is played by scripts."""

import json
import os
import shutil

import pytest

from building.page import record
from building.runtime import bytecode

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-ins are shell scripts")


@pytest.fixture
def node(tmp_path, monkeypatch):
    """A function of a shell script, which is then the only node there is."""
    monkeypatch.setenv("PATH", str(tmp_path))

    def is_now(script):
        (tmp_path / "node").write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / "node").chmod(0o755)

    yield is_now
    record.version_of.cache_clear()


def compiled(tmp_path):
    return bytecode.compiled({"app/main.py": b"pass"}, {}, tmp_path / "cache")


def test_a_node_that_fails_is_quoted_and_nothing_is_kept(node, tmp_path):
    node("echo 'SyntaxError: not so new' >&2; exit 3")
    with pytest.raises(bytecode.NoCompiler, match="SyntaxError: not so new"):
        compiled(tmp_path)
    assert not (tmp_path / "cache").exists()


def test_a_node_that_never_ends_is_ended(node, tmp_path, monkeypatch):
    monkeypatch.setattr(bytecode, "NODE_SECONDS", 0.2)
    node("exec /bin/sleep 60")
    with pytest.raises(bytecode.NoCompiler, match="took more than 0.2 s"):
        compiled(tmp_path)


def test_what_was_compiled_is_kept_and_a_damaged_one_made_anew(node, tmp_path):
    made = tmp_path / "made.zip"
    made.write_bytes(bytecode.zipped({"app/main.pyc": b"code"}))
    node(f'/bin/cp "{made}" "$4"; echo asked >> "{tmp_path / "log"}"')
    assert [compiled(tmp_path) for _ in range(2)] == [{"app/main.pyc": b"code"}] * 2
    assert (tmp_path / "log").read_text() == "asked\n"
    [kept] = (tmp_path / "cache").iterdir()
    kept.write_bytes(kept.read_bytes()[:-1])
    assert compiled(tmp_path) == {"app/main.pyc": b"code"}
    assert (tmp_path / "log").read_text() == "asked\n" * 2


@pytest.mark.parametrize(("script", "version"), [('[ "$1" = --version ] && echo v20.1.0', "v20.1.0"), ("exit 1", None)])
def test_the_record_names_the_node_that_answers(node, miniature, script, version):
    node(script)
    miniature.build()
    assert json.loads((miniature.output / "build.json").read_bytes())["tools"]["Node"] == version
    assert shutil.which("node")
