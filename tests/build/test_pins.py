"""constraints.txt: one exact version of all that is needed, with the reason for it; pyproject.toml: ranges."""

import re
import tomllib

import pytest

from building.common import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LINES = [line for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if line and line[0] != "#"]
EXTRAS = PROJECT["project"]["optional-dependencies"]
REQUIREMENTS = [*PROJECT["project"]["dependencies"], *(text for extra in EXTRAS.values() for text in extra)]
OTHERS = [text for text in REQUIREMENTS if not text.startswith(f"{PROJECT['project']['name']}[")]
PIN = re.compile(r"([a-z0-9-]+)==[0-9][0-9a-z.]*(; python_version (?:<|>=) '3\.\d+')?(  # \w.{5,})?")


def name_of(requirement):
    return re.match(r"[a-z0-9-]+", requirement)[0]


@pytest.mark.parametrize("line", LINES)
def test_a_constraint_names_one_version(line):
    assert PIN.fullmatch(line)


def test_the_reason_stands_beside_each():
    seen = set()
    for line in LINES:
        assert PIN.fullmatch(line)[3] or name_of(line) in seen, f"why is {name_of(line)} needed?"
        seen.add(name_of(line))


def test_every_python_has_one_version_of_each():
    markers = {}
    for line in LINES:
        name, marker, _ = PIN.fullmatch(line).groups()
        markers.setdefault(name, []).append(marker)
    for name, own in markers.items():
        versions = [re.search(r"'(.+)'", marker)[1] if marker else None for marker in own]
        signs = sorted(marker.split()[2] for marker in own if marker)
        assert (versions, signs) == ([None], []) or (len(set(versions)) == 1 and signs == ["<", ">="]), name


def test_what_is_needed_is_what_is_constrained():
    assert {name_of(text) for text in OTHERS} == {name_of(line) for line in LINES}


@pytest.mark.parametrize("requirement", OTHERS)
def test_what_installs_the_package_is_free_to_choose(requirement):
    assert "==" not in requirement
    assert "<" not in requirement


def test_what_builds_it_is_pinned():  # constraints do not reach the environment that pip builds in
    assert all(PIN.fullmatch(requirement) for requirement in PROJECT["build-system"]["requires"])
