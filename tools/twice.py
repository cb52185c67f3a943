"""Builds the page twice and says where the two differ: they must not.

    python tools/twice.py

Each time into a folder and into one file. The second time nothing compiled is taken from the cache, and this Python orders its
sets otherwise. Exit status: 0 if every byte is the same, 1 if not or if it cannot be built.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from building.sources.cache import usual_cache

DIGITS = 64  # of a SHA-256: what the cache names a file of the runtime by


def main(command=(sys.executable, str(ROOT / "build.py")), cache=None, say=print):
    cache = usual_cache().folder if cache is None else Path(cache)
    with tempfile.TemporaryDirectory(prefix="number-reader-") as scratch:
        built = []
        for seed in ("1", "2"):
            folder = Path(scratch) / seed
            folder.mkdir()
            own_cache = cache if seed == "1" else fetched_only(cache, folder / "cache")
            environment = {**os.environ, "PYTHONHASHSEED": seed, "NUMBER_READER_CACHE": str(own_cache)}
            for output in (["--output", folder / "dist"], ["--single-file", "--output", folder / "page.html"]):
                result = subprocess.run([*command, *output], check=False, env=environment, stdin=subprocess.DEVNULL)
                if result.returncode:
                    say(f"twice.py: build {seed} failed")
                    return 1
            built.append(tree(folder / "dist") | {"page.html": (folder / "page.html").read_bytes()})
    return told(*built, say)


def fetched_only(cache, folder):
    """A cache of the same files of the runtime, with nothing compiled."""
    folder.mkdir()
    for path in cache.iterdir():
        if len(path.name) == DIGITS:
            shutil.copyfile(path, folder / path.name)
    return folder


def tree(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def told(first, second, say):
    different = sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))
    for name in different:
        say(f"not the same in both: {name}")
    if not different:
        say(f"twice the same: {len(first)} files, {sum(map(len, first.values()))} bytes")
    return int(bool(different))


if __name__ == "__main__":
    sys.exit(main())
