"""dist/licences: what is redistributed lies there with its licence, and the page leads to it."""

import hashlib
import json
import re

import pytest

from building.common import BuildError
from building.compiling.bytecode import zipped
from building.page import licences
from building.sources.lock import LICENCES
from tests.build.conftest import WHEEL


@pytest.fixture
def texts(miniature):
    """The folder of the project in miniature, {name: text}."""
    miniature.build()
    return {path.name: path.read_text("utf-8") for path in (miniature.output / "licences").iterdir()}


def test_the_index_tells_the_versions_that_the_page_runs_on(texts):
    assert "Number reader 7.8.9 itself" in texts["index.txt"]
    for named in ("PyScript 1.0.0", "Pyodide 1.0.0", "CPython 3,", "numpy 1.2,", "MicroPython 1.0.0"):
        assert named in texts["index.txt"]


def test_every_file_that_the_index_names_is_there_and_it_names_every_file(texts):
    named = set(re.findall(r"(?<![/\w])[a-z]+\.txt", texts["index.txt"]))
    assert named == texts.keys() - {"index.txt"}


def test_texts_of_one_thing_are_joined_under_their_names_and_single_ones_as_they_are(texts):
    assert texts["cpython.txt"] == "the text of licences/cpython.txt"
    order = [texts["pyscript.txt"].index(f"the text of {name}\n") for name in LICENCES if "pyscript" in name]
    assert order == sorted(order)
    assert len(order) == 7
    assert re.findall(r"^=+\n(.*)\n=+$", texts["numpy.txt"], re.MULTILINE) == ["numpy", "numpy/ma/LICENSE"]
    assert texts["model.txt"] == "card"


def test_a_wheel_without_licences_is_refused(miniature):
    with pytest.raises(ValueError, match="holds no licence"):
        licences.licences_of(zipped({"numpy/__init__.py": b""}))


def test_a_build_with_such_a_wheel_says_so(miniature):
    numpy = zipped({"numpy/__init__.py": b""})
    packages = json.loads(miniature.bytes["pyodide/pyodide-lock.json"])
    packages["packages"]["numpy"]["sha256"] = hashlib.sha256(numpy).hexdigest()
    miniature.pin({f"pyodide/{WHEEL}": numpy, "pyodide/pyodide-lock.json": json.dumps(packages).encode()})
    with pytest.raises(BuildError, match="holds no licence"):
        miniature.build()


def test_a_model_without_its_card_is_not_redistributed(miniature):
    (miniature.site / "model" / "README.md").unlink()
    with pytest.raises(BuildError, match=r"README\.md is missing"):
        miniature.build()


def test_each_package_of_the_runtime_has_its_licence_in_the_real_page(built_site):
    folder = built_site / "licences"
    texts = {path.name: path.read_text("utf-8") for path in folder.iterdir()}
    for name, says in {
        "pyscript.txt": "Apache License",
        "pyodide.txt": "Mozilla Public License Version 2.0",
        "cpython.txt": "PYTHON SOFTWARE FOUNDATION LICENSE VERSION 2",
        "numpy.txt": "NumPy Developers",
        "index.txt": "Damien P. George",
        "model.txt": "CC BY-SA 4.0",
    }.items():
        assert says in texts[name]
    assert "{" not in texts["index.txt"]
    # lapack_lite and pocketfft are compiled into numpy
    assert "lapack_lite" in texts["numpy.txt"]
    assert "pocketfft" in texts["numpy.txt"]
    modules = re.search(r"under the name that\n(.*?)\n\n", texts["index.txt"], re.DOTALL)[1]
    parts = re.findall(r"^=+\n(.*)\n=+$", texts["pyscript.txt"], re.MULTILINE)
    assert parts[0] == "pyscript"
    assert all(part in modules for part in parts[1:])


def test_the_page_leads_to_every_text_and_keeps_it_for_offline(built_site):
    page = (built_site / "index.html").read_text("utf-8")
    worker = (built_site / "service-worker.js").read_text("utf-8")
    for path in [built_site / "LICENSE.txt", *(built_site / "licences").iterdir()]:
        address = f"./{path.relative_to(built_site).as_posix()}"
        assert f'href="{address}"' in page
        assert json.dumps(address) in worker


def test_the_single_file_holds_every_text_as_a_download(miniature):
    about = "".join(f'<a href="./licences/{name}.txt">{name}</a>' for name in ("cpython", "pyscript", "numpy"))
    index = miniature.site / "index.html"
    index.write_bytes(index.read_bytes().replace(b"</body>", f"{about}</body>".encode()))
    html = miniature.build_single_file().decode()
    for name in ("index", "cpython", "pyscript", "numpy"):
        assert re.search(rf'<a href="data:text/plain;base64,[^"]+" download="{name}\.txt">', html)
