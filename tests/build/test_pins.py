"""pyproject.toml: every package that is not the page's own runtime is pinned, with the reason why it is needed."""

import re
import tomllib

import pytest

from building.common import ROOT

TEXT = (ROOT / "pyproject.toml").read_text("utf-8")
PROJECT = tomllib.loads(TEXT)
EXTRAS = PROJECT["project"]["optional-dependencies"]
REQUIREMENTS = [
    *PROJECT["build-system"]["requires"],
    *PROJECT["project"]["dependencies"],
    *(text for extra in EXTRAS.values() for text in extra),
]
OTHERS = [text for text in REQUIREMENTS if not text.startswith(f"{PROJECT['project']['name']}[")]
PIN = re.compile(r"([a-z0-9-]+)==[0-9][0-9a-z.]*(; python_version (?:<|>=) '3\.\d+')?")


@pytest.mark.parametrize("requirement", OTHERS)
def test_one_version_is_asked_for(requirement):
    assert PIN.fullmatch(requirement)


def test_the_reason_stands_beside_each():
    seen = set()
    for requirement in REQUIREMENTS:
        [line] = [line for line in TEXT.splitlines() if f'"{requirement}"' in line]
        name = re.match(r"[a-z0-9-]+", requirement)[0]
        assert name in seen or re.search(r"  # \w.{5,}", line), f"why is {name} needed?"
        seen.add(name)


def test_every_python_has_one_version_of_each():
    markers = {}
    for requirement in OTHERS:
        name, marker = PIN.fullmatch(requirement).groups()
        markers.setdefault(name, []).append(marker)
    for name, own in markers.items():
        versions = [re.search(r"'(.+)'", marker)[1] if marker else None for marker in own]
        signs = sorted(marker.split()[2] for marker in own if marker)
        assert (versions, signs) == ([None], []) or (len(set(versions)) == 1 and signs == ["<", ">="]), name
