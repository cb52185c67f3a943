"""The runtime in two parts under Node: each function stays who it is, whenever the rest comes; what C++ throws goes through
stubs; and the same where stubs are everywhere, with a profile of every third function of each module, or with stubs for all of
Python that the page never runs."""

import json
import shutil
import subprocess

import pytest

from tests.visits.parts.lines import LINES

pytestmark = pytest.mark.thorough

# When the rest comes: before side modules and functions that are added, between them, after all and in memory that has grown.
ORDERS = {
    "before": ["cold", "side", "sides", "functions", "closures", "memory", "cold"],
    "between": ["side", "memory", "functions", "cold", "closures", "sides", "again", "cold"],
    "after": ["memory", "side", "sides", "functions", "closures", "again", "cold"],
}
KINDS = "whole", "split", "thirds"


@pytest.fixture(scope="session")
def node(bare, skip_or_fail):
    """A function of a folder, a file there and arguments: what it prints, from JSON."""
    if shutil.which("node") is None:
        skip_or_fail("there is no Node to run WebAssembly in")

    def run(kind, name, *arguments):
        command = ["node", bare / kind / name, *arguments]
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout)

    return run


@pytest.mark.parametrize("order", ORDERS)
def test_each_function_stays_who_it_is_whenever_the_rest_comes(node, order):
    whole, split = (node(kind, "node.mjs", "grown", json.dumps([ORDERS[order]])) for kind in ("whole", "uncut"))
    assert (whole["isSplit"], split["isSplit"]) == (False, True)
    assert split["kept"]
    assert len(split["exports"]) > 1000
    assert split["exports"] == whole["exports"]
    assert split["exportsAfter"] == whole["exportsAfter"]
    assert split["exports"].items() <= split["exportsAfter"].items()
    assert len(split["got"]) > 400
    for name in ("got", "length", "functions", "slots"):
        assert split[name] == whole[name], name
    assert split["hasGrown"] is whole["hasGrown"] is True
    assert len(split["slots"]) > 300
    # Each module's rest once, however often it is called.
    assert 1 <= split["needed"] == split["loaded"] <= 3


@pytest.mark.parametrize("kind", KINDS[1:])
def test_what_cpp_throws_and_longjmp_go_through_stubs(node, kind):
    whole, split = (node(each, "node.mjs", "thrown", "[]") for each in ("whole", kind))
    assert {name: came for name, (came, _) in split.items()} == {name: came for name, (came, _) in whole.items()}
    assert split["plan"][0] == "RuntimeError('zero-length FFT requested')"
    assert split["longjmp"][0] == [True, 42, 7]
    assert all(cold for _, cold in split.values())


@pytest.mark.parametrize("kind", ["thirds", "stubs"])
def test_all_lines_come_to_the_same_with_stubs_everywhere(node, kind):
    whole, other = (node(each, "node.mjs", "lines", "[]") for each in ("whole", kind))
    pairs = zip(LINES, whole["said"], other["said"], strict=True)
    assert {line: (a, b) for (_, line), a, b in pairs if a != b} == {}
    assert (len(whole["stubs"]), len(other["stubs"]) > 150) == (0, kind == "stubs")


def test_a_worker_whose_rest_has_not_come_stops_whatever_would_catch_it(node):
    assert node("split", "lacking.mjs") == [{"lacks": "rest.packed: it is damaged, or of another version"}]
