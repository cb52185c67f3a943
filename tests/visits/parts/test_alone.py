"""Pyodide split by the page's profile does what the whole one does, in three engines: what the page never asks of it, too.

Each call is the first of what its module has in its rest: the rests are taken away before it. NUMBER_READER_ALONE=1 has each
line in an interpreter that is new (with --timeout=0: it takes half an hour).
"""

import os

import pytest

from tests.build.split.test_exceptions import EXPECTED, NEWER, OLDER, OUTCOMES, parts_of
from tests.visits.parts.lines import LINES

pytestmark = pytest.mark.thorough

ALONE = bool(os.environ.get("NUMBER_READER_ALONE"))
AT_ONCE = 22 if ALONE else len(LINES)  # for a worker of its own
DEPTHS = ["python", "generators", "copy"]  # others end with the engine's own stack before Python says so, in Chromium
COLD = 0.75  # of the lines at least call what is not there until then: 112 of 131 (under Node)
MODULES = 13 + 1, 3  # of numpy and Pyodide, and the rests


@pytest.fixture(scope="module")
def said(ask):
    """All answers of each kind, {kind: {work: answer}}: as a worker's start takes long, it is asked for all in a row."""
    works = {"invalid": [], "waits": [], "depths": [DEPTHS]}
    found = {}
    for kind in ("whole", "split"):
        found[kind] = {work: ask(kind, work, *given) for work, given in works.items()}
        if not ALONE:
            found[kind]["lines"] = ask(kind, "lines", list(range(len(LINES))), False)
    if ALONE:
        for kind in found:
            found[kind]["lines"] = []
        for start in range(0, len(LINES), AT_ONCE):
            for kind in found:  # another than the last gets a new worker
                numbers = list(range(start, min(start + AT_ONCE, len(LINES))))
                found[kind]["lines"] += ask(kind, "lines", numbers, True)
    return found


def test_each_line_comes_to_the_same(said):
    whole, split = said["whole"]["lines"], said["split"]["lines"]
    pairs = list(zip(LINES, whole, split, strict=True))
    assert {line: (a["text"], b["text"]) for (_, line), a, b in pairs if a["text"] != b["text"]} == {}
    asked = [line for (_, line), _, b in pairs if b["cold"]]
    assert len(asked) >= COLD * len(LINES)
    assert not any(each["cold"] for each in whole)


def test_every_module_is_valid(said):
    modules, rests = MODULES
    assert said["whole"]["invalid"] == [modules, []]
    assert said["split"]["invalid"] == [modules + rests, []]


def test_python_goes_as_deep(said):
    whole, split = said["whole"]["depths"], said["split"]["depths"]
    for name in DEPTHS:
        depth, error, ends, below = split[name]
        assert [depth, error, ends[0], below[0]] == [*whole[name][:2], whole[name][2][0], whole[name][3][0]], name
        assert ends == ["nothing", 1], name  # the first cold call is as deep as Python goes
        assert below[0] == error == "maximum recursion depth exceeded", name


def test_python_waits_for_a_promise_below_a_function_of_the_rest(said, engine):
    whole, split = said["whole"]["waits"], said["split"]["waits"]
    assert {name: text for name, (text, _) in split["said"].items()} == {
        name: text for name, (text, _) in whole["said"].items()
    }
    assert all(cold == 1 for _, cold in split["said"].values())
    assert split["hasJSPI"] is whole["hasJSPI"]
    assert split["hasJSPI"] or engine != "chromium"
    if split["hasJSPI"]:
        assert split["said"]["sqlite"][0] == "[(2,), (3,)]"
    else:
        assert "stack switching not supported" in split["said"]["bisect"][0]


@pytest.mark.parametrize("handlers", [OLDER, NEWER], ids=["older", "newer"])
def test_what_is_thrown_is_caught_where_it_was(bare_visit, engine, handlers):
    """By small modules: tests/build/split/test_exceptions.py."""
    parts = [list(each) for each in parts_of(handlers)]
    knows = bare_visit.evaluate(
        "(...parts) => parts.every(each => WebAssembly.validate(Uint8Array.from(each)))", *parts
    )
    if handlers is NEWER and not knows and engine != "chromium":
        pytest.skip("this engine does not know the newer instructions")
    assert bare_visit.evaluate(OUTCOMES, *parts) == EXPECTED
