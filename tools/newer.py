"""Says which of the pinned packages have a newer release, and what taking it would change. It changes nothing itself.

    python tools/newer.py

The pins are those of runtime-lock.json, of constraints.txt and of pyproject.toml's build requirement. It asks the npm
and pip clients that build.py asks, wherever those get their packages, for all versions of each: npm's tag `latest` may
be stale. Alphas, betas and release candidates count only where the pin itself is one. The runtime's packages are
downloaded, so that for each file of runtime-lock.json the new size and SHA-256 can be printed, or that it is gone. Exit
status: 0 if nothing is newer, 1 if something is, 2 if a client did not answer.

Python 3.11 or newer, standard library only.
"""

import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from building.common import BuildError
from building.sources.clients import Npm, complaint, run_client
from building.sources.lock import LICENCES, PYODIDE_LOCK, parse_lock
from building.sources.source import SourceDown

SECONDS = 120  # for one question to a client
PIN = re.compile(r"([A-Za-z0-9._-]+)==([0-9][0-9A-Za-z.]*)(?:; python_version (<|>=) '([0-9.]+)')?")
HASHED = re.compile(r"(.+)-[\w-]{8}(\.\w+)")  # PyScript names files by their content, too
NOTHING, NEWER, NOT_ASKED = 0, 1, 2


class NoAnswer(Exception):
    """A client did not answer; the message says why."""


def main(
    lock=ROOT / "runtime-lock.json",
    project=ROOT / "pyproject.toml",
    constraints=ROOT / "constraints.txt",
    say=print,
):
    """What is pinned and what is newest, a line each; the exit status."""
    try:
        files = parse_lock(Path(lock).read_text("utf-8"))
        requirements = list(pins(Path(project).read_text("utf-8"), Path(constraints).read_text("utf-8")))
    except (OSError, ValueError, BuildError) as error:
        say(f"newer.py: {error}")
        return NOT_ASKED
    results = []
    with tempfile.TemporaryDirectory(prefix="number-reader-") as scratch:
        npm = Npm(scratch)
        for package in sorted({file.package for file in files if asked_for(file)}):
            try:
                results.append(runtime_package(npm, package, files, say))
            except NoAnswer as error:
                say(f"runtime: {package} cannot be asked for: {error}")
                results.append(NOT_ASKED)
    for label, name, pinned, python in requirements:
        try:
            results.append(compared(f"{label}: {name}", pinned, newest_of_pip(name, pinned, python), say))
        except NoAnswer as error:
            say(f"{label}: {name} {pinned} cannot be asked for: {error}")
            results.append(NOT_ASKED)
    boxes = sorted({file.package for file in files} - {file.package for file in files if asked_for(file)})
    say(f"Not asked for, as only numpy's wheel and texts of licences come out of them: {', '.join(boxes)}.")
    return max(results, default=NOTHING)


def asked_for(file):
    """Whether a newer release of its package would be of use by itself."""
    return file.client == "npm" and file.name not in LICENCES


def pins(project, constraints):
    """(where it stands, name, version, the Python that it is for) of each pin, from the texts of the two files.

    ValueError if a line of constraints.txt, or the build requirement, names no one version.
    """
    project = tomllib.loads(project)
    least = re.search(r"[0-9.]+", project["project"]["requires-python"])[0]
    lines = [line.partition("#")[0].strip() for line in constraints.splitlines()]
    for label, requirements in (("build", project["build-system"]["requires"]), ("constraints", filter(None, lines))):
        for requirement in requirements:
            if not (pin := PIN.fullmatch(requirement)):
                raise ValueError(f"{label}: {requirement} names no one version")
            yield label, pin[1], pin[2], pin[4] if pin[3] == ">=" else least


# --- the clients ----------------------------------------------------------------------------


def answer(command):
    """What a client prints."""
    try:
        result = run_client(command, SECONDS)
    except subprocess.TimeoutExpired:
        raise NoAnswer(f"no answer in {SECONDS} s") from None
    except OSError as error:
        raise NoAnswer(error) from None
    if result.returncode:
        raise NoAnswer(complaint(result))
    return result.stdout


def newest_of_npm(npm, name, pinned):
    try:
        program = npm.command()[0]
    except SourceDown as error:
        raise NoAnswer(error) from None
    said = answer([program, "view", "--json", "--loglevel=error", "--fetch-retries=1", name, "versions"])
    try:
        versions = json.loads(said)
    except ValueError:
        raise NoAnswer(f"{said.strip()[:80]!r} is no list of versions") from None
    return newest(versions if isinstance(versions, list) else [versions], pinned)  # of one version npm makes no list


def newest_of_pip(name, pinned, python):
    return newest(versions_of_pip(name, python, pre=is_early(pinned)), pinned)


def versions_of_pip(name, python, pre=False):
    """All versions that pip could install as a wheel; NoAnswer without one. python: "3.11", whatever this one is."""
    options = ["--disable-pip-version-check", "--python-version", python, "--only-binary=:all:"]
    options += ["--pre"] if pre else []
    said = answer([sys.executable, "-m", "pip", "index", "versions", *options, name])
    found = re.search(r"^Available versions: (.+)$", said, re.MULTILINE)
    return [a_version(version) for version in (found[1] if found else said).strip().split(", ")]


def newest(versions, pinned):
    """The last release of a series, or the last of all where the pin itself is an early one."""
    versions = [a_version(version) for version in versions]
    candidates = [version for version in versions if is_early(pinned) or not is_early(version)]
    return max(candidates, key=order, default=pinned)


def a_version(text):
    if not isinstance(text, str) or not re.fullmatch(r"[0-9][0-9A-Za-z.+-]*", text):
        raise NoAnswer(f"{str(text)[:80]!r} is no version")
    return text


# --- what would change ----------------------------------------------------------------------


def runtime_package(npm, package, files, say):
    """Compares, and tells each file of a newer release."""
    name, _, pinned = package.rpartition("@")
    newer = newest_of_npm(npm, name, pinned)
    result = compared(f"runtime: {name}", pinned, newer, say)
    if result == NEWER:
        try:
            contents = unpacked(npm.download(f"{name}@{newer}"))
        except (SourceDown, OSError, tarfile.TarError, EOFError, ValueError) as error:
            raise NoAnswer(f"{newer} was not delivered: {error}") from None
        own = [file for file in files if file.package == package]
        for line in [*changes(own, contents), *changes_in_pyodide(own, files, contents)]:
            say(f"    {line}")
    return result


def compared(label, pinned, newer, say):
    if order(newer) > order(pinned):
        say(f"{label} {pinned} -> {newer}")
        return NEWER
    say(f"{label} {pinned} is the newest")
    return NOTHING


def order(version):
    """Something that sorts as versions do, a release candidate before its release.

    A number alone after a dash is what `git describe` counts: 1.28.0-6 is six commits after 1.28.0. So PyScript numbers
    its builds of MicroPython; semantic versions would have it before 1.28.0.
    """
    numbers, rest = parts(version)
    numbers = [int(number) for number in numbers.split(".")]
    while numbers and not numbers[-1]:
        numbers.pop()
    return numbers, not is_early(version), [int(number) for number in re.findall(r"\d+", rest)]


def is_early(version):
    """Whether it comes before its release: 315.0.0-alpha.1, 1.28.0-preview-230, 0.28.0a1, 2.0rc1, 2.0.dev3."""
    _, rest = parts(version)
    return bool(re.match(r"[.-]?(?!post)[A-Za-z]", rest))


def parts(version):
    """The numbers that a version begins with, and the rest."""
    return re.match(r"([0-9.]*[0-9])(.*)", version).groups()


def unpacked(archive):
    """The files of an npm package, {path: bytes}."""
    with tarfile.open(archive) as package:
        members = [member for member in package if member.isfile()]
        return {member.name.partition("/")[2]: package.extractfile(member).read() for member in members}


def changes(own, contents):
    """A line for each file of the lock that would be another; the package's in the lock, and the newer one's {path: bytes}."""
    same, before, after = 0, 0, 0
    for file in own:
        data = contents.get(file.path)
        before += file.size
        if data is None:
            like = " or ".join(sorted(path for path in contents if stem(path) == stem(file.path))) or "nothing like it"
            yield f"{file.name}: no {file.path} any more; there is {like}"
            continue
        after += len(data)
        digest = hashlib.sha256(data).hexdigest()
        if digest == file.sha256:
            same += 1
        else:
            yield f"{file.name}: size {file.size} -> {len(data)}, sha256 {file.sha256} -> {digest}"
    if same:
        yield f"{same} of {len(own)} files stay as they are"
    yield f"together {before} -> {after} bytes"


def stem(path):
    """A path without the hash in it."""
    hashed = HASHED.fullmatch(path)
    return "".join(hashed.groups()) if hashed else path


def changes_in_pyodide(own, files, contents):
    """What Pyodide's own lock says of Python and of numpy, if this is Pyodide."""
    lock = next((file for file in own if file.name == PYODIDE_LOCK), None)
    if lock is None or lock.path not in contents:
        return
    try:
        newer = json.loads(contents[lock.path])
        numpy, python = newer["packages"]["numpy"], newer["info"]["python"]
        named, digest = f"pyodide/{numpy['file_name']}", numpy["sha256"]
    except (ValueError, KeyError, TypeError) as error:
        yield f"its {lock.path} does not tell of numpy as it did: {error!r}"
        return
    yield f"its Python is {python}"
    wheel = next(file for file in files if file.name.endswith(".whl"))
    if (named, digest) == (wheel.name, wheel.sha256):
        yield "its numpy is the same"
    else:
        yield f"its numpy is another: {wheel.name} -> {named}, sha256 {wheel.sha256} -> {digest}"
        yield f"    so a package that brings this wheel has to be found in place of {wheel.package}"


if __name__ == "__main__":
    sys.exit(main())
