"""What build.py writes: the folder in miniature, and the real page."""

import gzip
import hashlib
import json
import re
import shutil
import tomllib
from html.parser import HTMLParser

import pytest
from PIL import Image

from building.common import ROOT, BuildError
from building.page.assembly import PYSCRIPT_CORE, STYLES
from building.page.index import PREVIEW
from building.runtime.functions import without_texts
from building.runtime.micropython import STEADY, TICKS
from building.runtime.packing import unpacked_files
from building.runtime.zips import unzipped
from building.sources.cache import usual_cache
from building.sources.fetching import fetch, usual_sources
from building.sources.lock import LICENCES, PYODIDE_LOCK, parse_lock
from building.split.module import parsed
from building.split.splitting import hash_of
from tests.browser.serving import plain
from tests.build.conftest import WHEEL


def test_the_page_holds_the_site_and_the_runtime_and_nothing_else(miniature):
    miniature.build()
    packed = {"pyodide/pyodide.asm.wasm", "pyodide/python_stdlib.zip", "micropython/micropython.wasm"}
    plain = set(miniature.bytes) - packed - {f"pyodide/{WHEEL}", "pyscript/core.css"} - set(LICENCES)
    assert sorted(miniature.plain()) == sorted(
        [
            ".nojekyll",
            "build.json",
            "LICENSE.txt",
            *(f"licences/{name}.txt" for name in ("index", "cpython", "model", "numpy", "pyodide", "pyscript")),
            "index.html",
            "icons/icon.svg",
            *("boot/page.js", "boot/unpack.mjs", "boot/micropython.mjs", "boot/pyodide.mjs"),
            *("styles.css", "worker.py", "main.py", "app.packed", "worker.packed"),
            *("model/digits.npz.packed", "model/exemplars.npz", "model/README.md"),
            *(f"runtime/{name}" for name in plain),
            "runtime/pyscript/worker.mjs",
            *(f"runtime/{name}.packed" for name in packed),
            "runtime/pyodide/numpy.packed",
        ]
    )


def test_the_file_that_keeps_Jekyll_away_is_uploaded_too():
    """Names that begin with _ would be left out. Other steps than this one leave out what begins with a dot."""
    steps = (ROOT / ".github" / "workflows" / "pages.yml").read_text("utf-8").split("- uses: ")
    (upload,) = [step for step in steps if step.startswith("actions/upload-pages-artifact@")]
    assert "include-hidden-files: true" in upload.split("\n\n")[0]


def test_the_packs_hold_what_python_imports(miniature):
    miniature.build()
    page = miniature.plain()
    assert unpacked_files(page["app.packed"]).keys() == {"app/pad.py", "app/parts/ink.py", "pad.json"}
    assert unpacked_files(page["worker.packed"]).keys() == {"number_reader/__init__.py", "number_reader/image.py"}
    numpy = unpacked_files(page["runtime/pyodide/numpy.packed"])
    code = {name: data for name, data in numpy.items() if ".dist-info/" not in name}
    assert code == {"numpy/__init__.py": b"1", "numpy/core.so": b"2"}
    library = gzip.decompress(page["runtime/pyodide/python_stdlib.zip.packed"])
    assert unzipped(library) == {"io.py": b"4", "html/parser.py": b"5"}
    assert gzip.decompress(page["runtime/pyodide/pyodide.asm.wasm.packed"]) == b"wasm"


def test_what_guesses_digits_is_a_pack_of_its_own_and_the_worker_has_the_features_alone(miniature):
    pen = miniature.site / "number_reader" / "pen"
    pen.mkdir()
    for name in ("__init__", "features", "reader"):
        (pen / f"{name}.py").write_text('"""Words."""\n\nONE = 1  # more words\n')
    (miniature.site / "model" / "pen.bin").write_bytes(b"examples")
    miniature.build()
    page = miniature.plain()
    files = unpacked_files(page["pen.packed"])
    assert files.keys() == {"pen/__init__.py", "pen/features.py", "pen/reader.py", "pen/pen.bin"}
    assert files["pen/pen.bin"] == b"examples"
    assert b"ONE = 1" in files["pen/reader.py"]
    assert not any(b"words" in data.lower() for data in files.values())
    worker = unpacked_files(page["worker.packed"]).keys()
    assert {name for name in worker if "pen" in name} == {
        "number_reader/pen/__init__.py",
        "number_reader/pen/features.py",
    }
    assert "model/pen.bin" not in page


def test_without_a_compiler_it_is_built_from_source_and_says_what_that_costs(miniature, capsys):
    miniature.build()
    assert "twice as long to start" in capsys.readouterr().out


def test_folders_are_named_by_content_and_addresses_follow(miniature, tree):
    miniature.build()
    page = tree(miniature.output)
    folders = {name.split("/")[0].split("-")[0]: name.split("/")[0] for name in page if "-" in name.split("/")[0]}
    assert set(folders) == {"runtime", "model", "code"}
    index = page["index.html"].decode()
    assert f'href="./{folders["code"]}/styles.css"' in index
    assert f'src="./{folders["runtime"]}/pyscript/core.js"' in index
    assert 'href="./icons/icon.svg"' in index
    boot = page[f"{folders['code']}/boot/pyodide.mjs"].decode()
    assert f'at("../../{folders["runtime"]}/pyodide/")' in boot
    assert f'at("../../{folders["model"]}/digits.npz.packed")' in boot
    assert 'at("../worker.packed")' in boot
    assert '"./unpack.mjs"' in page[f"{folders['code']}/boot/micropython.mjs"].decode()
    app = unpacked_files(page[f"{folders['code']}/app.packed"])
    assert app["app/pad.py"].decode() == f'EXEMPLARS = "./{folders["model"]}/exemplars.npz"'


@pytest.mark.parametrize(
    ("name", "folder", "others"),
    [
        ("worker.py", "code", ["runtime", "model"]),
        ("app/pad.py", "code", ["runtime", "model"]),
        ("number_reader/image.py", "code", ["runtime", "model"]),
        ("model/digits.npz", "model", ["runtime"]),
    ],
)
def test_what_changes_has_another_address_and_what_does_not_keeps_its_own(miniature, tree, name, folder, others):
    def folders():
        miniature.build()
        return {path.name.split("-")[0]: path.name for path in miniature.output.iterdir() if "-" in path.name}

    before = folders()
    (miniature.site / name).write_bytes(b"newer")
    after = folders()
    assert after[folder] != before[folder]
    for other in others:
        assert after[other] == before[other]


@pytest.mark.parametrize("interpreter", ["micropython", "pyodide"])
def test_both_configurations_keep_everything_local(miniature, interpreter):
    miniature.build()
    config = configurations((miniature.output / "index.html").read_text())[interpreter]
    assert re.fullmatch(rf"\./code-[0-9a-f]{{10}}/boot/{interpreter}\.mjs", config["interpreter"])
    assert "packages" not in config
    assert "files" not in config
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


def configurations(index):
    """PyScript's, of each interpreter."""
    found = re.findall(r"<(?:mpy|py)-config>(.*?)</", index)
    return {"micropython" if "micropython" in text else "pyodide": json.loads(text) for text in found}


def test_the_page_says_its_version_and_those_of_its_runtime(miniature):
    miniature.build()
    lines = (miniature.output / "index.html").read_text().split("\n")
    assert [line for line in lines if line and not line.lstrip().startswith("<")] == [
        "version 7.8.9", "pyscript 1.0.0", "micropython 1.0.0", "pyodide 1.0.0", "cpython 3", "numpy 1.2",
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


def test_the_same_input_gives_the_same_page(miniature, tree):
    miniature.build()
    first = tree(miniature.output)
    miniature.build()
    assert tree(miniature.output) == first


def test_what_left_the_site_leaves_the_page(miniature, tree):
    miniature.build()
    (miniature.site / "app/parts/ink.py").unlink()
    (miniature.site / "icons/icon.svg").unlink()
    miniature.build()
    assert "icons/icon.svg" not in tree(miniature.output)
    assert unpacked_files(miniature.plain()["app.packed"]).keys() == {"app/pad.py", "pad.json"}


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
    for path in (path for path in page.rglob("*.css") if not path.parent.name == "pyscript"):
        text = path.read_text("utf-8")
        found = re.findall(r"""(?:url\(|@import)\s*["']?([^"')\s;]+)""", text)
        yield from ((path, address) for address in found)
    for path in page.rglob("*.webmanifest"):
        manifest = json.loads(path.read_text("utf-8"))
        icons = [icon["src"] for icon in manifest.get("icons", [])]
        for address in [manifest.get("start_url", "."), manifest.get("scope", "."), *icons]:
            yield path, address


@pytest.fixture(scope="module")
def real(built_site):
    """The real page, {plain name: path}."""
    files = (path for path in built_site.rglob("*") if path.is_file())
    return {plain(path.relative_to(built_site).as_posix()): path for path in files}


def test_every_file_of_the_real_runtime_is_the_one_in_the_lock(real):
    files = {file.name: file for file in parse_lock((ROOT / "runtime-lock.json").read_text("utf-8"))}
    made = {"numpy.packed", "python_stdlib.zip.packed", "pyodide.asm.wasm.packed", "pyodide.asm.mjs", "rest.packed"}
    made = {f"pyodide/{name}" for name in made} | {PYODIDE_LOCK, "pyscript/worker.mjs"}
    for name, path in real.items():
        name = name.removeprefix("runtime/")
        if f"runtime/{name}" in real and name not in made:
            data = gzip.decompress(path.read_bytes()) if name.endswith(".packed") else path.read_bytes()
            if name.startswith(PYSCRIPT_CORE):  # changed, too: it is what the build makes of the one in the lock
                with usual_sources() as sources:
                    locked = {file.name: whole for file, whole in fetch([files[name]], usual_cache(), sources)}
                assert without_texts(locked)[name] == data
                data = locked[name]
            data = data.replace(STEADY, TICKS)  # of MicroPython
            assert hashlib.sha256(data).hexdigest() == files[name.removesuffix(".packed")].sha256, name


def test_every_module_of_the_real_runtime_is_in_two_parts_and_each_finds_its_rest(real):
    folder = "runtime/pyodide/"
    rests = unpacked_files(real[f"{folder}rest.packed"].read_bytes())
    numpy = unpacked_files(real[f"{folder}numpy.packed"].read_bytes())
    firsts = [data for name, data in numpy.items() if name.endswith(".so")]
    firsts.append(gzip.decompress(real[f"{folder}pyodide.asm.wasm.packed"].read_bytes()))
    exports = [each.name.decode() for data in firsts for each in parsed(data).exports()]
    asked = [name.removeprefix("split:loaded ") for name in exports if name.startswith("split:loaded ")]
    assert len(asked) == len(firsts) >= 3
    of_modules = {name: data for name, data in rests.items() if name.endswith(".wasm")}
    assert {f"{name}.wasm" for name in asked} == of_modules.keys()
    for name, data in of_modules.items():
        assert name == hash_of(data)[:16] + ".wasm"


def test_the_real_python_is_in_two_parts_and_finds_its_rest(real, skip_or_fail):
    if shutil.which("node") is None:
        skip_or_fail("there is no Node to compile with")
    library = unzipped(gzip.decompress(real["runtime/pyodide/python_stdlib.zip.packed"].read_bytes()))
    rests = unpacked_files(real["runtime/pyodide/rest.packed"].read_bytes())
    [key] = [name.removesuffix(".python") for name in rests if name.endswith(".python")]
    assert key.encode() in library["_cold.pyc"]
    assert len(rests[f"{key}.python"]) > 1_000_000


def test_the_real_python_is_bytecode_of_the_pages_own_python(real, skip_or_fail):
    if shutil.which("node") is None:
        skip_or_fail("there is no Node to compile with")
    library = unzipped(gzip.decompress(real["runtime/pyodide/python_stdlib.zip.packed"].read_bytes()))
    packs = [unpacked_files(real[name].read_bytes()) for name in ("runtime/pyodide/numpy.packed", "worker.packed")]
    for files in (library, *packs):
        assert len(files) > 10
        for name, data in files.items():
            assert name.endswith((".pyc", ".so")), name
            if name.endswith(".pyc"):
                assert data[:4] == (3627).to_bytes(2, "little") + b"\r\n", name  # CPython 3.14
                assert data[4] == 1, "its hash is never checked, as there is no source"


def test_the_real_page_has_what_is_used_and_no_more(real):
    used = json.loads((ROOT / "runtime-used.json").read_text())
    library = unzipped(gzip.decompress(real["runtime/pyodide/python_stdlib.zip.packed"].read_bytes()))
    numpy = unpacked_files(real["runtime/pyodide/numpy.packed"].read_bytes())
    assert [name.removesuffix("c") for name in library if name != "_cold.pyc"] == sorted(used["library"])
    assert [name.removesuffix("c") for name in numpy] == sorted(used["numpy"])


def test_the_real_page_has_every_version_and_no_address_of_its_own(built_site):
    text = (built_site / "index.html").read_text("utf-8")
    assert "<!--build:" not in text
    assert 'rel="canonical"' not in text
    assert "og:image" not in text
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert f"Number reader {project['version']}" in text
    for name, version in (("PyScript", "0.7.31"), ("Pyodide", "314.0.3"), ("CPython", "3.14.0"), ("numpy", "2.4.3"),
                          ("MicroPython", "1.28.0-6")):  # fmt: skip
        assert f">{name}</a> {version} (" in text
    assert (built_site / "LICENSE.txt").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_the_preview_is_there_and_of_the_size_that_the_page_says(built_site):
    with Image.open(built_site / PREVIEW) as picture:
        assert picture.size == (1200, 630)
        assert picture.format == "PNG"
    assert (built_site / PREVIEW).stat().st_size < 150_000


def test_the_real_page_loads_relative_addresses_that_exist(built_site):
    addresses = list(loaded_addresses(built_site))
    assert any(address.endswith("/pyscript/core.js") for _, address in addresses)
    for path, address in addresses:
        if address.startswith(("data:", "#")):
            continue
        assert not re.match(r"[a-z][a-z0-9+.-]*:|/", address, re.IGNORECASE), (path, address)
        assert (path.parent / re.split(r"[?#]", address)[0]).exists(), (path, address)


@pytest.mark.parametrize("change", ["missing", "new"])
def test_a_style_sheet_without_a_place_is_said(miniature, change):
    if change == "new":
        (miniature.site / "styles" / "shadows.css").write_text("b {}")
    else:
        (miniature.site / "styles" / "why.css").unlink()
    with pytest.raises(BuildError, match=rf"differ: styles/{'shadows' if change == 'new' else 'why'}\.css"):
        miniature.build()


def test_style_sheets_are_joined_in_the_order_in_which_they_override(miniature):
    for i, name in enumerate(STYLES):
        (miniature.site / "styles" / f"{name}.css").write_text(f"b {{ order: {i} }}")
    miniature.build()
    page = miniature.plain()
    [sheet] = [data for name, data in page.items() if name == "styles.css"]
    assert re.findall(rb"order: (\d+)", sheet) == [str(i).encode() for i in range(len(STYLES))]
