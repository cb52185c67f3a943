"""Tries mutants of the recognizer: its code with one small change each, which some test should notice.

    python -m pip install mutmut==3.8.1
    python tools/mutants.py                      all of them, or what is left of an earlier run
    python tools/mutants.py "recognizer.light.*" these, again
    python tools/mutants.py --found              what was found: counts of each module, and the changes that no test noticed

tests/mutation.md says what came of it. It takes hours; what it has found stays in build/mutation/. mutmut tells modules by
their path from the folder that it runs in, so it gets one in which `recognizer` lies where Python finds it, and with it
all that the tests need. Needs fork: Linux or macOS. Its settings are in pyproject.toml.
"""

import collections
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "build" / "mutation"
# No ../shared: reading real data takes longer than all that is done with it, and would be done for each mutant.
LINKS = {name: ROOT / name for name in ("pyproject.toml", "build.py", "building", "site", "tests", "training")} | {
    "src": ROOT / "site",  # a folder whose name mutmut leaves out of a module's
}


def main(arguments):
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, place in LINKS.items():
        if not (FOLDER / name).exists():
            (FOLDER / name).symlink_to(place)
    if arguments == ["--found"]:
        return found()
    # The same examples of properties each time: whether a mutant is noticed is not left to chance.
    environment = {**os.environ, "CI": "1", "OMP_NUM_THREADS": "1"}
    environment.pop("PYTHONPATH", None)
    return mutmut("run", "--max-children", "2", *arguments, environment=environment).returncode


def mutmut(*arguments, environment=None, **how):
    beside = Path(sys.executable).with_name("mutmut")  # its own command, as it asks for: `python -m` would load it twice
    return subprocess.run([beside, *arguments], check=False, cwd=FOLDER, env=environment, **how)


def found():
    """Print a table, and the diff of each mutant that lives."""
    lines = mutmut("results", "--all", "true", capture_output=True, text=True).stdout.splitlines()
    results = dict(line.strip().rsplit(": ", 1) for line in lines)
    counts = collections.defaultdict(collections.Counter)
    for name, result in results.items():
        counts[name.rpartition(".x")[0]][result] += 1
    kinds = sorted({kind for count in counts.values() for kind in count})
    print("|".join(["module", "mutants", *kinds]))
    for module, count in sorted(counts.items()):
        print("|".join([module, str(count.total()), *(str(count[kind]) for kind in kinds)]))
    for name, result in results.items():
        if result not in ("killed", "not checked"):
            print(mutmut("show", name, capture_output=True, text=True).stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
