"""Pyodide's list of packages."""

import json

import pytest

from building.common import BuildError
from tests.build.conftest import WHEEL


def test_pyodides_list_of_packages_is_emptied(miniature):
    miniature.build()
    cut = json.loads(miniature.plain()["runtime/pyodide/pyodide-lock.json"])
    whole = json.loads(miniature.bytes["pyodide/pyodide-lock.json"])
    assert cut == {**whole, "packages": {}}


def test_a_numpy_that_is_not_pyodides_own_is_refused(miniature):
    entries = json.loads(miniature.lock.read_text())["files"]
    miniature.bytes[f"pyodide/{WHEEL}"] = b"other"
    miniature.write(miniature.runtime, miniature.bytes)
    entries = [miniature.entry(entry["name"]) for entry in entries]
    miniature.lock.write_text(json.dumps({"files": entries}))
    with pytest.raises(BuildError, match="Pyodide's own numpy"):
        miniature.build()
