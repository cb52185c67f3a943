"""What the page's start is measured beside: a floor, and PyScript as its documentation shows it; a folder each."""

import json
import shutil

from root import ROOT

from building.page.assembly import EVERYTHING_LOCAL
from building.sources.cache import usual_cache
from building.sources.fetching import fetch, usual_sources
from building.sources.lock import parse_lock

FLOOR = """<!doctype html><title>floor</title><script>
new Worker("./floor/floor.mjs", {type: "module"}).onmessage = () => { window.steps = {ready: performance.now()}; };
</script>"""
PLAIN = """<!doctype html><title>plain</title>
<link rel="stylesheet" href="./pyscript/core.css"><script type="module" src="./pyscript/core.js"></script>
<py-config>CONFIG</py-config><script type="py">
import numpy as np
from number_reader import Recognizer
recognizer = Recognizer.load("model/digits.npz")
picture = np.full((200, 200), 255, np.uint8); picture[40:160, 95:105] = 0
recognizer.read(picture)
import js
js.eval("window.steps = {ready: performance.now()}")
</script>"""


def floor_page(page, folder):
    """The floor's files beside those of the built page `page`."""
    shutil.copytree(page, folder)
    names = {path.name.split("-")[0].upper(): path.name for path in page.iterdir() if "-" in path.name}
    worker = (ROOT / "benchmarks" / "floor.mjs").read_text("utf-8")
    for name in ("RUNTIME", "CODE"):
        worker = worker.replace(name, names[name])
    (folder / "floor").mkdir()
    (folder / "floor" / "floor.mjs").write_text(worker)
    (folder / "index.html").write_text(FLOOR)
    return folder


def plain_page(folder):
    """PyScript as its documentation shows it: Pyodide on the main thread, files as they come."""
    files = parse_lock((ROOT / "runtime-lock.json").read_text("utf-8"))
    with usual_sources() as sources:
        for file, data in fetch(files, usual_cache(), sources):
            (folder / file.name).parent.mkdir(parents=True, exist_ok=True)
            (folder / file.name).write_bytes(data)
    names = [
        "model/digits.npz",
        *sorted(path.relative_to(ROOT / "site").as_posix() for path in (ROOT / "site/number_reader").rglob("*.py")),
    ]
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / "site" / name, folder / name)
    config = EVERYTHING_LOCAL | {"interpreter": "./pyodide/pyodide.mjs", "packages": ["numpy"]}
    config["files"] = {f"./{name}": f"./{name}" for name in names}
    (folder / "index.html").write_text(PLAIN.replace("CONFIG", json.dumps(config)))
    return folder
