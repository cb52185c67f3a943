"""What of the page needs no browser: site/ lies on the path, as it does for MicroPython."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from building.common import ROOT
from building.sources.cache import usual_cache
from building.sources.fetching import RuntimeUnavailable, fetch, usual_sources
from building.sources.lock import parse_lock

SITE = Path(__file__).parents[2] / "site"
if str(SITE) not in sys.path:  # behind what is installed: only app is looked for there
    sys.path.append(str(SITE))


@pytest.fixture(scope="module")
def runtime(tmp_path_factory, skip_or_fail):
    """A folder with the page's MicroPython."""
    if shutil.which("node") is None:
        skip_or_fail("there is no Node to run the page's MicroPython")
    wanted = ("micropython/micropython.mjs", "micropython/micropython.wasm")
    lock = parse_lock((ROOT / "runtime-lock.json").read_text("utf-8"))
    folder = tmp_path_factory.mktemp("micropython")
    try:
        with usual_sources() as sources:
            for file, data in fetch([file for file in lock if file.name in wanted], usual_cache(), sources):
                (folder / Path(file.name).name).write_bytes(data)
    except RuntimeUnavailable as error:
        skip_or_fail(f"the runtime cannot be had: {error}")
    return folder


@pytest.fixture(scope="module")
def in_micropython(runtime):
    """A function of {path: source} and cases: what `answers(cases)` of answers.py, one of the sources, says there."""

    def run(sources, cases):
        (runtime / "modules.json").write_text(json.dumps(sources, ensure_ascii=False), "utf-8")
        (runtime / "cases.json").write_text(json.dumps(cases, ensure_ascii=False), "utf-8")
        script = ["node", str(Path(__file__).parent / "micropython.mjs"), str(runtime)]
        came = subprocess.run(script, capture_output=True, text=True, timeout=120, check=False)
        assert came.returncode == 0, came.stdout[-2000:] + came.stderr[-2000:]
        return json.loads((runtime / "answers.json").read_text("utf-8"))

    return run
