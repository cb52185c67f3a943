"""The committed profile: it is of the runtime that is pinned, and what it splits is smaller and whole."""

import json

from hypothesis import given
from hypothesis import strategies as st

from building.common import ROOT
from building.runtime.packing import packed
from building.split.profile import bits_of, functions_of, parse_archives, read_profile, split_by, text_of

PROFILE = ROOT / "runtime-ran.json"


def shipped(published):
    """{name: bytes} of the modules that the page has, MicroPython's aside."""
    used = json.loads((ROOT / "runtime-used.json").read_text("utf-8"))["numpy"]
    return {name: data for name, data in published.items() if name in used or name == "pyodide/pyodide.asm.wasm"}


def test_each_module_of_the_page_is_split_by_it(published, under_node):
    profile = read_profile(PROFILE)
    modules = shipped(published)
    assert len(modules) == len(profile) == 3
    files, sizes = {}, []
    for number, data in enumerate(modules.values()):
        made = split_by(profile, data)
        assert split_by(profile, data) == made
        files |= {f"first {number}": made.first, f"rest {number}": made.rest}
        sizes.append((len(packed(made.first)), len(packed(data))))
    under_node(files, "".join(f"assert.ok(WebAssembly.validate(file({name!r})), {name!r});\n" for name in files))
    assert all(first < 0.7 * whole for first, whole in sizes), sizes


def test_it_is_of_the_python_that_is_pinned():
    lock = json.loads((ROOT / "runtime-lock.json").read_text("utf-8"))
    checksums = {each["name"]: each["sha256"] for each in lock["files"]}
    archives = parse_archives(text_of(PROFILE))
    pinned = {sha for name, sha in checksums.items() if name.endswith((".whl", "/python_stdlib.zip"))}
    assert archives.keys() == pinned
    used = json.loads((ROOT / "runtime-used.json").read_text("utf-8"))
    files = {name for ran in archives.values() for name in ran}
    assert files <= {name for names in used.values() for name in names}
    assert len(files) > 200


@given(st.sets(st.integers(0, 20_000)))
def test_bits(functions):
    assert functions_of(bits_of(functions)) == functions
