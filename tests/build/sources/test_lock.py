"""runtime-lock.json: the one in the repository, and what the parser makes of any other."""

import hashlib
import json
import posixpath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from building.common import ROOT, BuildError
from building.sources.lock import LARGEST_FILE, LICENCES, NAMED_BY_THE_PAGE, RuntimeFile, mismatch, parse_lock

REAL = (ROOT / "runtime-lock.json").read_text("utf-8")
REAL_FILES = json.loads(REAL)["files"]

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def assert_documented(text):
    """parse_lock either gives files that are safe to fetch and write, or a BuildError."""
    try:
        files = parse_lock(text)
    except BuildError:
        return
    assert set(NAMED_BY_THE_PAGE) <= {file.name for file in files}
    for file in files:
        assert 0 < file.size <= LARGEST_FILE
        assert len(file.sha256) == 64 and set(file.sha256) <= set("0123456789abcdef")
        for path in (file.name, file.cdn, file.path):
            assert not path.startswith("/") and "\\" not in path and ":" not in path
            assert not {"", ".", ".."} & set(path.split("/"))
        assert not file.package.startswith("-")


def test_the_real_lock_is_well_formed():
    assert_documented(REAL)
    assert len(parse_lock(REAL)) == len(REAL_FILES)


def test_the_real_lock_pins_one_version_of_each_package():
    packages = {file.package for file in parse_lock(REAL)}
    unversioned = {package.rpartition("@")[0] or package.split("==")[0] for package in packages}
    assert len(packages) == len(unversioned)
    run = {file.package for file in parse_lock(REAL) if file.name not in LICENCES}
    assert len(run) == 4


def test_the_cdn_and_the_package_of_a_real_file_agree_on_its_version():
    for file in parse_lock(REAL):
        if file.client == "npm":
            assert file.cdn == f"npm/{file.package}/{file.path}"
        else:
            assert posixpath.splitext(posixpath.basename(file.path))[0] in file.cdn


@given(st.text() | json_values.map(json.dumps))
def test_any_text_is_a_lock_or_a_build_error(text):
    assert_documented(text)


def test_json_nested_too_deep_is_a_build_error():
    with pytest.raises(BuildError, match="not JSON"):
        parse_lock("[" * 100_000)


@given(
    which=st.integers(0, len(REAL_FILES) - 1),
    field=st.sampled_from([*REAL_FILES[0], "another"]),
    value=json_values | st.text("./\\:-@=a1", max_size=8),
)
def test_one_changed_field_is_a_lock_or_a_build_error(which, field, value):
    files = [dict(entry) for entry in REAL_FILES]
    files[which][field] = value
    assert_documented(json.dumps({"files": files}))


@pytest.mark.parametrize(
    "field, value",
    [
        ("name", "../index.html"),
        ("name", "pyscript/../../x"),
        ("name", "/etc/x"),
        ("name", "C:/x"),
        ("name", "pyscript\\x"),
        ("name", "pyscript//x"),
        ("name", "pyscript/x\n"),
        ("size", 0),
        ("size", True),
        ("size", 1.5),
        ("size", LARGEST_FILE + 1),
        ("sha256", "0" * 63),
        ("sha256", "G" * 64),
        ("cdn", "//elsewhere.example/x"),
        ("client", "curl"),
        ("package", "--registry=x@1"),
        ("package", "pyodide"),
        ("path", "../x"),
    ],
)
def test_an_unsafe_field_is_refused(field, value):
    extra = {**REAL_FILES[0], "name": "pyscript/extra.js", field: value}
    with pytest.raises(BuildError, match=r"runtime-lock\.json"):
        parse_lock(json.dumps({"files": [*REAL_FILES, extra]}))


@pytest.mark.parametrize(
    "name", ["pyscript/core.js", "PyScript/Core.js", "pyscript", "pyscript/core.js/x"]
)
def test_a_name_taken_twice_is_refused(name):
    extra = {**REAL_FILES[0], "name": name}
    with pytest.raises(BuildError, match="twice"):
        parse_lock(json.dumps({"files": [*REAL_FILES, extra]}))


@pytest.mark.parametrize("name", NAMED_BY_THE_PAGE)
def test_a_lock_without_what_the_page_names_is_refused(name):
    files = [entry for entry in REAL_FILES if entry["name"] != name]
    with pytest.raises(BuildError, match=f"lacks {name}"):
        parse_lock(json.dumps({"files": files}))


def test_a_missing_lock_is_a_build_error(miniature):
    miniature.lock.unlink()
    with pytest.raises(BuildError, match=r"runtime-lock\.json cannot be read"):
        miniature.build()


@given(st.binary(min_size=1, max_size=40), st.binary(max_size=40))
def test_only_the_bytes_of_the_lock_match(data, other):
    digest = hashlib.sha256(data).hexdigest()
    file = RuntimeFile("a", len(data), digest, "a", "npm", "a@1", "a")
    assert mismatch(file, data) is None
    assert (mismatch(file, other) is None) == (other == data)
