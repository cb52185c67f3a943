"""What build.py writes: the folder in miniature, and the real page."""

import hashlib
import json
import re
import tomllib
from html.parser import HTMLParser

import pytest
from PIL import Image

import build


def test_the_page_holds_the_site_and_the_runtime_and_nothing_else(miniature, tree):
    miniature.build()
    assert sorted(tree(miniature.output)) == sorted(
        [
            ".nojekyll",
            "LICENSE.txt",
            "index.html",
            "pad.json",
            "worker.py",
            "app/main.py",
            "app/pad.py",
            "app/parts/ink.py",
            "recognizer/__init__.py",
            "recognizer/image.py",
            "model/digits.npz",
            "model/exemplars.npz",
            "model/README.md",
            "mpy-config.json",
            "py-config.json",
            *(f"runtime/{name}" for name in miniature.bytes),
        ]
    )


def test_micropython_gets_the_modules_of_app(miniature):
    miniature.build()
    config = json.loads((miniature.output / "mpy-config.json").read_text())
    assert config["interpreter"] == "./runtime/micropython/micropython.mjs"
    assert config["files"] == {
        name: name for name in ("./app/pad.py", "./app/parts/ink.py", "./pad.json")
    }
    assert "packages" not in config


def test_the_worker_starts_with_numpy_the_recognizer_and_the_model_and_nothing_else(miniature):
    miniature.build()
    config = json.loads((miniature.output / "py-config.json").read_text())
    assert config["interpreter"] == "./runtime/pyodide/pyodide.mjs"
    assert config["packages"] == ["numpy"]
    assert config["files"] == {
        name: name
        for name in ("./recognizer/__init__.py", "./recognizer/image.py", "./model/digits.npz")
    }


@pytest.mark.parametrize("name", ["mpy-config.json", "py-config.json"])
def test_both_configurations_keep_everything_local(miniature, name):
    miniature.build()
    config = json.loads((miniature.output / name).read_text())
    assert config["packages_cache"] == "passthrough"
    assert config["index_urls"] == []
    assert config["sync_main_only"] is True
    assert set(config["plugins"]) == {
        f"!{plugin}"
        for plugin in (
            *("codemirror", "deprecations-manager", "donkey", "error"),
            *("py-editor", "py-game", "py-terminal"),
        )
    }


def test_the_page_says_its_version_and_those_of_its_runtime(miniature):
    miniature.build()
    lines = (miniature.output / "index.html").read_text().split("\n")
    assert [line for line in lines if line] == [
        "<!doctype html>", "version 7.8.9", "pyscript 1.0.0", "micropython 1.0.0", "pyodide 1.0.0", "cpython 3", "numpy 1.2",
    ]  # fmt: skip
    assert (miniature.output / "LICENSE.txt").read_bytes() == b"as you like"


def test_an_address_gives_links_to_the_page_a_preview(miniature):
    miniature.build(url="https://example.org/numbers/")
    text = (miniature.output / "index.html").read_text()
    for line in (
        '<link rel="canonical" href="https://example.org/numbers/">',
        '<meta property="og:url" content="https://example.org/numbers/">',
        '<meta property="og:image" content="https://example.org/numbers/preview.png">',
    ):
        assert line in text


def test_pyodides_list_of_packages_is_cut_to_numpy(miniature):
    miniature.build()
    cut = json.loads((miniature.output / "runtime/pyodide/pyodide-lock.json").read_text())
    whole = json.loads(miniature.bytes["pyodide/pyodide-lock.json"])
    assert cut == {**whole, "packages": {"numpy": whole["packages"]["numpy"]}}


def test_a_numpy_that_is_not_pyodides_own_is_refused(miniature):
    entries = json.loads(miniature.lock.read_text())["files"]
    miniature.bytes["pyodide/numpy-1-wasm.whl"] = b"other"
    miniature.write(miniature.runtime, miniature.bytes)
    entries = [miniature.entry(entry["name"]) for entry in entries]
    miniature.lock.write_text(json.dumps({"files": entries}))
    with pytest.raises(build.BuildError, match="Pyodide's own numpy"):
        miniature.build()


def test_the_same_input_gives_the_same_page(miniature, tree):
    miniature.build()
    first = tree(miniature.output)
    miniature.build()
    assert tree(miniature.output) == first


def test_what_left_the_site_leaves_the_page(miniature, tree):
    miniature.build()
    (miniature.site / "app/pad.py").unlink()
    miniature.build()
    assert "app/pad.py" not in tree(miniature.output)


# --- a build that fails changes nothing -----------------------------------------------------


def break_runtime(miniature, monkeypatch):
    miniature.write(miniature.runtime, {"pyscript/core.js": b"tampered"})
    miniature.cache = build.Cache(miniature.root / "another cache")


def break_model(miniature, monkeypatch):
    (miniature.site / "model" / "digits.npz").unlink()


def break_index(miniature, monkeypatch):
    (miniature.site / "index.html").unlink()


def break_lock(miniature, monkeypatch):
    miniature.lock.write_text("{")


def break_disk(miniature, monkeypatch):
    def full(path, content):
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(build, "write_json", full)


def break_last_rename(miniature, monkeypatch):
    rename = type(miniature.output).rename

    def refuse(path, target):
        if path.name == "new":
            raise PermissionError(13, "Permission denied", str(path))
        return rename(path, target)

    monkeypatch.setattr(type(miniature.output), "rename", refuse)


@pytest.mark.parametrize(
    "break_it",
    [break_runtime, break_model, break_index, break_lock, break_disk, break_last_rename],
)
def test_a_failing_build_leaves_the_last_page_as_it_was(miniature, monkeypatch, break_it, tree):
    miniature.build()
    before, around = tree(miniature.output), sorted(miniature.root.iterdir())
    (miniature.site / "worker.py").write_bytes(b"newer")
    break_it(miniature, monkeypatch)
    with pytest.raises((build.BuildError, OSError)):
        miniature.build()
    assert tree(miniature.output) == before
    assert [path for path in miniature.root.iterdir() if path.name.startswith(".")] == []
    assert set(around) <= set(miniature.root.iterdir())


def test_a_missing_model_names_the_command_that_makes_it(miniature):
    (miniature.site / "model" / "digits.npz").unlink()
    with pytest.raises(build.BuildError, match="python -m training fit"):
        miniature.build()


def test_a_folder_that_is_no_page_is_never_replaced(miniature, tree):
    miniature.write(miniature.output, {"thesis.txt": b"years of work"})
    with pytest.raises(build.BuildError, match="left as it is"):
        miniature.build()
    assert tree(miniature.output) == {"thesis.txt": b"years of work"}


def test_an_empty_folder_is_filled(miniature, tree):
    miniature.output.mkdir()
    miniature.build()
    assert "index.html" in tree(miniature.output)


# --- the real page --------------------------------------------------------------------------


class Loads(HTMLParser):
    """Every address that an HTML page loads of itself (links to follow are not among them)."""

    def __init__(self, text):
        super().__init__()
        self.addresses = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name in ("src", "srcset", "poster", "data") or (tag, name) == ("link", "href"):
                self.addresses.append(value)


def loaded_addresses(page):
    """(where it is written, the address) for what our HTML, CSS and manifest load."""
    for path in page.rglob("*.html"):
        yield from ((path, address) for address in Loads(path.read_text("utf-8")).addresses)
    for path in (path for path in page.rglob("*.css") if "runtime" not in path.parts):
        text = path.read_text("utf-8")
        found = re.findall(r"""(?:url\(|@import)\s*["']?([^"')\s;]+)""", text)
        yield from ((path, address) for address in found)
    for path in page.rglob("*.webmanifest"):
        manifest = json.loads(path.read_text("utf-8"))
        icons = [icon["src"] for icon in manifest.get("icons", [])]
        for address in [manifest.get("start_url", "."), manifest.get("scope", "."), *icons]:
            yield path, address


def test_every_file_of_the_real_runtime_is_the_one_in_the_lock(built_site, tree):
    got = tree(built_site / "runtime")
    files = build.parse_lock((build.ROOT / "runtime-lock.json").read_text("utf-8"))
    assert sorted(got) == sorted(file.name for file in files)
    for file in files:
        if file.name != build.PYODIDE_LOCK:
            assert hashlib.sha256(got[file.name]).hexdigest() == file.sha256, file.name


def test_pyodides_own_lock_names_the_numpy_that_the_page_has(built_site):
    lock = json.loads((built_site / "runtime" / build.PYODIDE_LOCK).read_text())
    assert list(lock["packages"]) == ["numpy"]
    wheel = built_site / "runtime" / "pyodide" / lock["packages"]["numpy"]["file_name"]
    assert hashlib.sha256(wheel.read_bytes()).hexdigest() == lock["packages"]["numpy"]["sha256"]


@pytest.mark.parametrize("name", ["mpy-config.json", "py-config.json"])
def test_everything_the_real_configurations_name_is_there(built_site, name):
    config = json.loads((built_site / name).read_text())
    for address in [config["interpreter"], *config["files"]]:
        assert address.startswith("./") and (built_site / address).is_file(), address


def test_the_real_page_has_every_version_and_no_address_of_its_own(built_site):
    text = (built_site / "index.html").read_text("utf-8")
    assert "<!--build:" not in text
    assert "rel=\"canonical\"" not in text and "og:image" not in text
    project = tomllib.loads((build.ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert f"Number reader {project['version']}" in text
    for name, version in (("PyScript", "0.7.31"), ("Pyodide", "314.0.3"), ("CPython", "3.14.0"), ("numpy", "2.4.3"),
                          ("MicroPython", "1.28.0-6")):  # fmt: skip
        assert f">{name}</a> {version} (" in text
    assert (built_site / "LICENSE.txt").read_bytes() == (build.ROOT / "LICENSE").read_bytes()


def test_the_preview_is_there_and_of_the_size_that_the_page_says(built_site):
    with Image.open(built_site / build.PREVIEW) as picture:
        assert picture.size == (1200, 630)
        assert picture.format == "PNG"
    assert (built_site / build.PREVIEW).stat().st_size < 150_000


def test_the_real_page_loads_relative_addresses_that_exist(built_site):
    addresses = list(loaded_addresses(built_site))
    assert any(address == "./runtime/pyscript/core.js" for _, address in addresses)
    for path, address in addresses:
        if address.startswith(("data:", "#")):
            continue
        assert not re.match(r"[a-z][a-z0-9+.-]*:|/", address, re.IGNORECASE), (path, address)
        assert (path.parent / re.split(r"[?#]", address)[0]).exists(), (path, address)
