"""What building/runtime/pyscript.py takes out of PyScript's core."""

import pytest

from building.runtime.pyscript import library, worker_code
from tests.build.conftest import CORE

OTHERS = {"core.js": b"export {}"}


def test_the_code_of_a_worker_is_what_the_string_stands_for():
    assert (
        worker_code(OTHERS | {"core-ABC.js": CORE})
        == b"const b=\"it's\",I=e=>Function(`'use strict';return (${e})`)();\n"
    )


def test_the_library_is_every_module_by_its_path():
    assert library(OTHERS | {"core-ABC.js": CORE}) == {
        "pyscript/__init__.py": b'from a import b\nc="d"',
        "pyscript/web/page.py": b"import js",
    }


@pytest.mark.parametrize("take", [worker_code, library])
@pytest.mark.parametrize("core", [OTHERS, {"a.js": CORE, "b.js": CORE}], ids=["none", "two"])
def test_another_core_is_refused(take, core):
    with pytest.raises(ValueError, match="not one"):
        take(core)


def test_an_escape_that_python_reads_in_another_way_is_refused():
    with pytest.raises(ValueError, match="escape"):
        worker_code({"core-ABC.js": CORE.replace(rb"\n'.", rb"\u{41}'.")})
