"""The runtime in two parts, or whole where it cannot be: the build goes on, and says why."""

import pytest

from building.page import parts
from building.split.module import parsed
from building.split.profile import written_profile
from tests.build.split.conftest import RAN, made_small
from tests.build.split.test_exports import GLUE as NAMES
from tests.build.split.test_library import BEGIN, END

SMALL = made_small()
GLUE = (
    BEGIN.encode()
    + b"var wasmImports={_none:none};"
    + NAMES.replace(b"var called=", b"assignWasmExports(e);called=")
    + END.encode()
)
WHOLE = parts.Parts({"small.so": SMALL}, {}, b"glue")


def runtime(main="none", glue=b"glue", **more):
    return parts.Runtime({"small.so": SMALL} | {f"{name}.so": data for name, data in more.items()}, main, glue)


@pytest.fixture
def ran(tmp_path):
    path = tmp_path / "runtime-ran.json"
    path.write_text(written_profile({"small.so": (SMALL, RAN)}))
    return path


def test_each_module_has_its_first_part_in_its_place_and_its_rest_by_name(tmp_path, ran):
    said = []
    made = parts.in_two(runtime(), ran, tmp_path / "cache", said.append)
    firsts, rests = made.firsts, made.rests
    ((name, rest),) = rests.items()
    assert firsts.keys() == {"small.so"}
    assert b"split:loaded " + name.removesuffix(".wasm").encode() in firsts["small.so"]
    assert rest.startswith(b"\0asm")
    assert said == []


def test_what_was_made_is_kept_and_damage_to_it_is_mended(tmp_path, ran, monkeypatch):
    cache = tmp_path / "cache"
    made = parts.in_two(runtime(), ran, cache, print)
    with monkeypatch.context() as patch:
        patch.delattr(parts, "split_by")
        assert parts.in_two(runtime(), ran, cache, print) == made
    (kept,) = cache.iterdir()
    kept.write_bytes(kept.read_bytes()[:-30])
    assert parts.in_two(runtime(), ran, cache, print) == made


def test_a_module_of_another_version_is_shipped_whole_beside_others(tmp_path, ran):
    for _ in range(2):  # made, and kept
        said = []
        made = parts.in_two(runtime(newer=b"newer"), ran, tmp_path / "cache", said.append)
        firsts, rests = made.firsts, made.rests
        assert firsts["newer.so"] == b"newer"
        assert firsts["small.so"] != SMALL
        assert len(rests) == 1
        assert len(said) == 1
        assert said[0].startswith("newer.so is shipped whole")
        assert "of another version" in said[0]


@pytest.mark.parametrize("text", [None, "", "{", '{"modules": 5}'])
def test_without_a_profile_all_are_shipped_whole(tmp_path, text):
    path = tmp_path / "runtime-ran.json"
    if text is not None:
        path.write_text(text)
    said = []
    assert parts.in_two(runtime(), path, tmp_path / "cache", said.append) == WHOLE
    assert len(said) == 1
    assert "shipped whole" in said[0]


def test_where_nobody_wants_two_parts_nothing_is_said(tmp_path):
    said = []
    assert parts.in_two(runtime(), None, tmp_path, said.append) == WHOLE
    assert said == []


def test_the_glue_goes_with_the_exports_that_are_kept(tmp_path, ran):
    said = []
    made = parts.in_two(runtime("small.so", GLUE), ran, tmp_path / "cache", said.append)
    names = {each.name for each in parsed(made.firsts["small.so"]).exports()}
    assert b"entry" in names
    assert b"sum" not in names
    assert b"sum" not in made.glue
    assert said == []


def test_a_glue_that_is_not_known_stays_whole_with_all_exports_beside_it(tmp_path, ran):
    said = []
    made = parts.in_two(runtime("small.so", b"newer"), ran, tmp_path / "cache", said.append)
    assert made.glue == b"newer"
    assert {b"sum", b"entry"} <= {each.name for each in parsed(made.firsts["small.so"]).exports()}
    assert len(made.rests) == 1
    assert len(said) == 1
    assert said[0].startswith("The JavaScript of small.so is shipped whole")


def test_what_ran_of_python_is_known_by_the_archive(tmp_path):
    path = tmp_path / "runtime-ran.json"
    path.write_text(written_profile({}, {"library": (b"zip", {"a/b.py": {0, 9}, "c.py": set()})}))
    said = []
    found = parts.ran_of_python({"library": b"zip", "numpy": b"other"}, path, said.append)
    assert found == {"library/a/b.py": {0, 9}, "library/c.py": set()}
    assert len(said) == 1
    assert said[0].startswith("Python of numpy is shipped whole")


@pytest.mark.parametrize("text", [None, "", "{", '{"modules": [], "archives": [{"sha256": "", "ran": []}]}'])
def test_without_a_profile_nothing_is_known_of_python(tmp_path, text):
    path = tmp_path / "runtime-ran.json"
    if text is not None:
        path.write_text(text)
    assert parts.ran_of_python({"library": b"zip"}, path, print) == {}
    assert parts.ran_of_python({"library": b"zip"}, None, print) == {}
