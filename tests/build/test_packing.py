"""Packs, names by content, bytecode: what the page's parts are made of."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from building.page.naming import addressed, content_hash
from building.runtime import bytecode
from building.runtime.bytecode import NoCompiler, compiled, unzipped, zipped
from building.runtime.packing import packed, packed_files, unpacked_files

FILES = st.dictionaries(st.text("abc/._", min_size=1), st.binary(max_size=50), max_size=5)


@given(FILES)
def test_what_is_packed_comes_out_again(files):
    assert unpacked_files(packed_files(files)) == files
    assert packed_files(dict(reversed(files.items()))) == packed_files(files)


@given(st.binary(max_size=200))
def test_the_same_bytes_are_packed_the_same(data):
    assert gzip.decompress(packed(data)) == data
    assert packed(data) == packed(data)
    assert packed(data)[4:8] == bytes(4)  # no time


@given(FILES, FILES)
def test_the_hash_is_that_of_names_and_bytes(files, others):
    assert (content_hash(files) == content_hash(others)) == (files == others)


MOVED = {"runtime": "runtime-1", "model": "model-2", "boot": "code/boot", "worker.py": "code/worker.py"}


@pytest.mark.parametrize(
    "text, here, there, expected",
    [
        ('src="./worker.py"', "", "", 'src="./code/worker.py"'),
        ('src="./icons/icon.svg"', "", "", 'src="./icons/icon.svg"'),
        ('at("../runtime/pyodide/")', "boot", "code/boot", 'at("../../runtime-1/pyodide/")'),
        ("from './unpack.mjs'", "boot", "code/boot", "from './unpack.mjs'"),
        ("url(./runtimes/x)", "", "", "url(./runtimes/x)"),
        ("the runtime ./ of it", "", "", "the runtime ./ of it"),
    ],
)
def test_addresses_follow_what_has_moved(text, here, there, expected):
    assert addressed(text, here, there, MOVED) == expected


def test_without_node_there_is_no_compiler(tmp_path, monkeypatch):
    monkeypatch.setattr(bytecode.shutil, "which", lambda name: None)
    with pytest.raises(NoCompiler, match="Node is not installed"):
        compiled({"a.py": b"1"}, {}, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_was_compiled_is_kept_and_damage_is_noticed(tmp_path, monkeypatch):
    asked = []

    def compile_under_node(sources, runtime):
        asked.append(sources)
        return zipped({name + "c": b"code" for name in unzipped(sources)})

    monkeypatch.setattr(bytecode, "compile_under_node", compile_under_node)
    sources = {"a/b.py": b"1"}
    for _ in range(2):
        assert compiled(sources, {"x": b"1"}, tmp_path) == {"a/b.pyc": b"code"}
    assert len(asked) == 1
    [kept] = tmp_path.iterdir()
    kept.write_bytes(kept.read_bytes()[:30])
    assert compiled(sources, {"x": b"1"}, tmp_path) == {"a/b.pyc": b"code"}
    assert len(asked) == 2
    compiled(sources, {"x": b"2"}, tmp_path)  # another Python
    compiled({"a/b.py": b"2"}, {"x": b"2"}, tmp_path)
    assert len(asked) == 4
