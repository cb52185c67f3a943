"""Where Python cannot be compiled, the build says why and goes on from source. Node is played by scripts."""

import os

import pytest

from building.compiling import bytecode
from building.runtime import zips

needs_scripts = pytest.mark.skipif(os.name == "nt", reason="the stand-ins are shell scripts")


def compiled(tmp_path):
    return bytecode.compiled({"app/main.py": b"pass"}, {}, tmp_path / "cache", {})


@needs_scripts
def test_a_node_that_fails_is_quoted_and_nothing_is_kept(node, tmp_path):
    node("echo 'SyntaxError: not so new' >&2; exit 3")
    with pytest.raises(bytecode.NoCompiler, match="SyntaxError: not so new"):
        compiled(tmp_path)
    assert not (tmp_path / "cache").exists()


@needs_scripts
def test_a_node_that_never_ends_is_ended(node, tmp_path, monkeypatch):
    monkeypatch.setattr(bytecode, "NODE_SECONDS", 0.2)
    node("exec /bin/sleep 60")
    with pytest.raises(bytecode.NoCompiler, match=r"took more than 0\.2 s"):
        compiled(tmp_path)


@needs_scripts
def test_what_was_compiled_is_kept_and_a_damaged_one_made_anew(node, tmp_path):
    made = tmp_path / "made.zip"
    made.write_bytes(zips.zipped({"app/main.pyc": b"code"}))
    node(f'/bin/cp "{made}" "$5"; echo asked >> "{tmp_path / "log"}"')
    assert [compiled(tmp_path) for _ in range(2)] == [{"app/main.pyc": b"code"}] * 2
    assert (tmp_path / "log").read_text() == "asked\n"
    [kept] = (tmp_path / "cache").iterdir()
    kept.write_bytes(kept.read_bytes()[:-1])
    assert compiled(tmp_path) == {"app/main.pyc": b"code"}
    assert (tmp_path / "log").read_text() == "asked\n" * 2


def test_without_node_there_is_no_compiler(tmp_path, monkeypatch):
    monkeypatch.setattr(bytecode.shutil, "which", lambda name: None)
    with pytest.raises(bytecode.NoCompiler, match="Node is not installed"):
        bytecode.compiled({"a.py": b"1"}, {}, tmp_path, {})
    assert list(tmp_path.iterdir()) == []


def test_what_was_compiled_is_kept_and_damage_is_noticed(tmp_path, monkeypatch):
    asked = []

    def compile_under_node(sources, told, runtime):
        asked.append(sources)
        return zips.zipped({name + "c": b"code" for name in zips.unzipped(sources)})

    monkeypatch.setattr(bytecode, "compile_under_node", compile_under_node)
    sources = {"a/b.py": b"1"}
    for _ in range(2):
        assert bytecode.compiled(sources, {"x": b"1"}, tmp_path, {}) == {"a/b.pyc": b"code"}
    assert len(asked) == 1
    [kept] = tmp_path.iterdir()
    kept.write_bytes(kept.read_bytes()[:30])
    assert bytecode.compiled(sources, {"x": b"1"}, tmp_path, {}) == {"a/b.pyc": b"code"}
    assert len(asked) == 2
    bytecode.compiled(sources, {"x": b"2"}, tmp_path, {})  # another Python
    bytecode.compiled({"a/b.py": b"2"}, {"x": b"2"}, tmp_path, {})
    assert len(asked) == 4
