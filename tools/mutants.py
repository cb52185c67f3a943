"""Tries mutants of the recognizer: its code with one small change each, which some test should notice.

    python -m pip install mutmut==3.8.1
    python tools/mutants.py                      all of them, or what is left of an earlier run
    python tools/mutants.py "number_reader.ink.light.*" these, again
    python tools/mutants.py --own light          those of a module, by its own file of tests alone: a second each
    python tools/mutants.py --found              what was found, with --own too: counts of each module, and the changes that
                                                 no test noticed

tests/mutation.md says what came of it. It takes hours; what it has found stays in build/mutation/. mutmut tells modules by
their path from the folder that it runs in, so it gets one in which `number_reader` lies where Python finds it, and with it
all that the tests need. Needs fork: Linux or macOS. Its settings are in pyproject.toml.
"""

import argparse
import collections
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ROOT / "build" / "mutation"
# No ../shared: reading real data takes longer than all that is done with it, and would be done for each mutant.
LINKS = {name: ROOT / name for name in ("build.py", "building", "site", "tests", "training")} | {
    "src": ROOT / "site",  # a folder whose name mutmut leaves out of a module's
}
OWN_TESTS = {"__init__": ["test_read"], "image": ["test_image", "test_image_steps"]}  # of others, test_ and their name


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", help='as in "number_reader.ink.light.*"; all that are not tried yet')
    parser.add_argument("--own", metavar="MODULE", help="those of a module, by its own file of tests alone")
    parser.add_argument("--found", action="store_true", help="what was found")
    asked = parser.parse_args(arguments)
    folder = prepared(asked.own)
    if asked.found:
        return found(folder)
    # The same examples of properties each time: whether a mutant is noticed is not left to chance.
    environment = {**os.environ, "CI": "1", "OMP_NUM_THREADS": "1"}
    environment.pop("PYTHONPATH", None)
    return mutmut(folder, "run", "--max-children", "2", *asked.names, environment=environment).returncode


def prepared(own):
    """The folder where mutmut runs, with its settings."""
    folder = FOLDERS / (own or "all")
    folder.mkdir(parents=True, exist_ok=True)
    for name, place in LINKS.items():
        if not (folder / name).exists():
            (folder / name).symlink_to(place)
    settings = (ROOT / "pyproject.toml").read_text("utf-8")
    if own:
        names = OWN_TESTS.get(own, [f"test_{own}"])
        tests = [path_of(ROOT / "tests" / "number_reader", name).as_posix() for name in names]
        module = path_of(ROOT / "site" / "number_reader", own).relative_to("site")
        settings = edited(settings, r'\n *"--ignore=.*', "")
        settings = edited(settings, r"(?<=_test_selection = ).*", repr(tests))
        settings = edited(settings, r"(?<=\[tool.mutmut\]\n)", f'only_mutate = ["src/{module.as_posix()}"]\n')
    (folder / "pyproject.toml").write_text(settings, "utf-8")
    return folder


def path_of(folder, name):
    """The Python file of that name in a folder or, first found, in one of its rooms; from the project's root."""
    path = min(folder.rglob(f"{name}.py"), key=lambda path: len(path.parts), default=None)
    return path.relative_to(ROOT) if path else sys.exit(f"{folder} has no {name}.py")


def edited(text, pattern, by):
    new, count = re.subn(pattern, by, text)
    if not count:
        sys.exit(f"pyproject.toml has no longer what is changed here: {pattern}")
    return new


def mutmut(folder, *arguments, environment=None, **how):
    beside = Path(sys.executable).with_name(
        "mutmut"
    )  # its own command, as it asks for: `python -m` would load it twice
    return subprocess.run([beside, *arguments], check=False, cwd=folder, env=environment, **how)


def found(folder):
    """Print a table, and the diff of each mutant that lives."""
    lines = mutmut(folder, "results", "--all", "true", capture_output=True, text=True).stdout.splitlines()
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
            print(mutmut(folder, "show", name, capture_output=True, text=True).stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
