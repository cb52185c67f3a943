"""Makes the wheel from a clean clone of HEAD and reads a picture with it in empty environments.

    python tools/wheel.py

The environments: the oldest numpy 2 that has a wheel for this Python (2.0 on Python 3.11 and 3.12), the newest numpy,
and Pyodide under Node, from the runtime's files that build.py caches. Prints a line for each. Exit status: 0 if all
read the picture right, 1 if anything fails. Without Node it says so, which is a failure if NUMBER_READER_STRICT=1.

Python 3.11 or newer, standard library only.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from building.common import BuildError
from building.sources.cache import usual_cache
from building.sources.fetching import fetch, usual_sources
from building.sources.lock import parse_lock
from tools.newer import NoAnswer, order, versions_of_pip

SECONDS = 900  # for one command; pip may have to download numpy
PICTURE, TEXT = "marker.webp", "31415"  # of site/samples; tools/samples.py drew it
PYODIDE_SCRIPT = Path(__file__).with_name("wheel.mjs")
PYODIDE = "pyodide/"  # where the lock has its files
MODEL = ("__init__.py", "digits.npz", "pen.bin", "README.md")

# In an installed environment: reads a picture with the package, and keeps its pixels for Pyodide.
READ = """
import importlib.util, sys
from pathlib import Path
import numpy, number_reader, number_reader.model
from PIL import Image
assert Path(number_reader.__file__).is_relative_to(sys.prefix), number_reader.__file__
assert not [name for name in ("training", "build", "building", "tests") if importlib.util.find_spec(name)]
pixels = numpy.asarray(Image.open(sys.argv[1]).convert("RGB"))
numpy.save(sys.argv[2], pixels)
print(number_reader.load().read(pixels).text, numpy.__version__)
"""


class Failure(Exception):
    """Something is not as it must be; the message says what."""


def main(say=print):
    """Make, check and try the wheel; the exit status."""
    with tempfile.TemporaryDirectory(prefix="number-reader-") as scratch:
        scratch = Path(scratch)
        try:
            wheel = made(scratch)
            say(f"{wheel.name}: {wheel.stat().st_size} bytes, {checked(wheel, scratch / 'clone')} files")
            oldest, newest = numpys()
            if not oldest.startswith("2.0."):
                say(f"numpy 2.0 has no wheel for Python {python_version()}; the oldest numpy 2 with one is {oldest}")
            for version in (oldest, newest):
                say(f"Python {python_version()}, {read_installed(wheel, version, scratch)}: {TEXT}")
            if node := shutil.which("node"):
                say(f"{read_in_pyodide(wheel, node, scratch)}: {TEXT}")
                return 0
        except (Failure, NoAnswer, OSError, BuildError) as error:
            say(f"wheel.py: {error}")
            return 1
    say("Pyodide: not tried, as Node is not installed")
    return int(os.environ.get("NUMBER_READER_STRICT") == "1")


def run(command, cwd):
    """What a command prints; Failure if it fails. It finds packages of its own environment only."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    try:
        result = subprocess.run(
            list(map(str, command)),
            cwd=cwd,
            env=environment | {"PYTHONUTF8": "1"},
            check=False,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise Failure(f"{command[0]} took more than {SECONDS} s") from None
    if result.returncode:
        said = result.stderr.strip() or result.stdout.strip()
        raise Failure(f"{' '.join(map(str, command))[:300]} failed: {said[-1500:]}")
    return result.stdout


def python_version():
    return f"{sys.version_info.major}.{sys.version_info.minor}"


# --- the wheel --------------------------------------------------------------------------------


def made(scratch):
    """The path of the wheel of a clean clone of HEAD; the clone is scratch/clone."""
    run(["git", "clone", "--quiet", "--no-local", ROOT, scratch / "clone"], scratch)
    run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", "out", "./clone"], scratch)
    [wheel] = (scratch / "out").iterdir()
    return wheel


def checked(wheel, clone):
    """How many files are in the wheel; Failure unless they are the package, its model and metadata, and no others."""
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if not name.endswith("/")}
    site = clone / "site"
    tracked = run(["git", "ls-files", "site/number_reader"], clone).splitlines()
    wanted = {name.removeprefix("site/") for name in tracked} | {f"number_reader/model/{name}" for name in MODEL}
    information = wheel.name.removesuffix("-py3-none-any.whl") + ".dist-info/"
    wanted |= {information + name for name in ("METADATA", "RECORD", "WHEEL", "entry_points.txt", "top_level.txt")}
    wanted |= {f"{information}licenses/{name}" for name in ("LICENSE", "site/model/README.md")}
    if names != wanted:
        raise Failure(f"{wheel.name}: too much {sorted(names - wanted)}, too little {sorted(wanted - names)}")
    with zipfile.ZipFile(wheel) as archive:
        if archive.read("number_reader/model/digits.npz") != (site / "model" / "digits.npz").read_bytes():
            raise Failure(f"{wheel.name}: its model is not the one in site/model")
        lines = archive.read(information + "METADATA").decode().partition("\n\n")[0].splitlines()
    for line in ("License-Expression: MIT AND CC-BY-SA-4.0", "Requires-Dist: numpy>=2"):
        if line not in lines:
            raise Failure(f"{wheel.name}: its metadata has no line {line!r}")
    return len(names)


# --- environments -----------------------------------------------------------------------------


def numpys():
    """The oldest numpy from 2.0 on, its last correction, and the newest, of those that have a wheel for this Python."""
    versions = sorted((v for v in versions_of_pip("numpy", python_version()) if order(v) >= order("2.0")), key=order)
    if not versions:
        raise Failure(f"no numpy 2 has a wheel for Python {python_version()}")
    series = ".".join(versions[0].split(".")[:2]) + "."
    return [version for version in versions if version.startswith(series)][-1], versions[-1]


def read_installed(wheel, numpy, scratch):
    """Read the picture in a fresh virtual environment with that numpy; what was in it. Failure if it is misread."""
    folder = scratch / f"numpy-{numpy}"
    venv.create(folder / "environment", with_pip=True)
    programs = folder / "environment" / ("Scripts" if os.name == "nt" else "bin")
    python = programs / "python"
    options = ["--quiet", "--disable-pip-version-check", "--only-binary=:all:"]
    run([python, "-m", "pip", "install", *options, f"{wheel}[pictures]", f"numpy=={numpy}"], folder)
    picture = ROOT / "site" / "samples" / PICTURE
    expect(f"number-reader with numpy {numpy}", run([programs / "number-reader", picture], folder), TEXT + "\n")
    [line] = run([programs / "number-reader", "--json", picture], folder).splitlines()
    expect(f"number-reader --json with numpy {numpy}", json.loads(line)["text"], TEXT)
    said = run([python, "-c", READ, picture, scratch / "pixels.npy"], folder)
    expect("number_reader.load().read", said.split(), [TEXT, numpy])
    return f"numpy {numpy}"


def read_in_pyodide(wheel, node, scratch):
    """Read the same pixels in Pyodide; what was in it. Failure if they are misread."""
    folder = scratch / "pyodide"
    folder.mkdir()
    files = parse_lock((ROOT / "runtime-lock.json").read_text("utf-8"))
    wanted = [file for file in files if file.name.startswith(PYODIDE)]
    with usual_sources() as sources:
        for file, data in fetch(wanted, usual_cache(), sources):
            (folder / file.name.removeprefix(PYODIDE)).write_bytes(data)
    [numpy] = folder.glob("numpy-*.whl")
    text, versions = json.loads(run([node, PYODIDE_SCRIPT, folder, numpy, wheel, scratch / "pixels.npy"], folder))
    expect("number_reader.load().read in Pyodide", text, TEXT)
    return versions


def expect(what, text, wanted):
    if text != wanted:
        raise Failure(f"{what} gave {text!r}, not {wanted!r}")


if __name__ == "__main__":
    sys.exit(main())
