"""A module in two parts does what it did in one, and each of its functions stays who it is."""

import hashlib
import os
import subprocess
import sys

import pytest

from building.common import ROOT
from building.runtime.zips import zipped
from building.split.module import parsed
from building.split.numbers import SplitError
from building.split.profile import parse_profile, split_by, written_profile
from building.split.splitting import Whole, hash_of, split
from tests.build.split.conftest import COLD, ENTRY, HOT, PRIVATE, RAN, made_small

# JavaScript: the first part with `load` as its loader, which is asked at the place 0 of its table.
LOADS = """
let asked = 0;
const called = (call) => {
  const bytes = Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 2, 5, 1, 0, 0, 0, 0, 7, 4, 1, 0, 0, 0]);
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), { "": { "": call } }).exports[""];
};
const twice = (x) => 2 * x;
const make = (name) => new WebAssembly.Instance(new WebAssembly.Module(file(name)), { env: { twice } }).exports;
const whole = make("whole");
const first = make("first");
const loaded = first[Object.keys(first).find((name) => name.startsWith("split:loaded "))];
const load = () => {
  asked++;
  new WebAssembly.Instance(new WebAssembly.Module(file("rest")), { "": first });
  loaded.value = 1;
};
"""


def parts(small):
    made = split(small, RAN)
    return {"whole": small, "first": made.first, "rest": made.rest}


def test_both_parts_together_do_what_the_whole_does(small, under_node):
    under_node(
        parts(small),
        LOADS
        + """
first["split:table"].set(0, called(load));
assert.equal(first.hot(1), whole.hot(1));
assert.equal(asked, 0);
for (const x of [1, 5, -7]) assert.equal(first.entry(x), whole.entry(x));
assert.equal(first.cold(3), whole.cold(3));
assert.equal(first.table.get(0)(9), whole.table.get(0)(9));
assert.equal(asked, 1);
assert.equal(first.sum.value, whole.sum.value);
assert.deepEqual(new Uint8Array(first.memory.buffer), new Uint8Array(whole.memory.buffer));
""",
    )


def test_a_function_stays_who_it_is(small, under_node):
    under_node(
        parts(small),
        LOADS
        + """
first["split:table"].set(0, called(load));
const before = [0, 1, 2].map((slot) => first.table.get(slot));
const same = () => before.every((each, slot) => each === first.table.get(slot)) && before[0] === first.cold;
assert.ok(same() && before[0] === before[2] && before[1] === first.hot);
first.entry(1);
assert.ok(same());
assert.equal(first.table.length, whole.table.length);
""",
    )


def test_memory_and_table_may_have_grown_before_the_rest_comes(small, under_node):
    under_node(
        parts(small),
        LOADS
        + """
first["split:table"].set(0, called(load));
for (const each of [first, whole]) {
  each.memory.grow(3);
  each.table.grow(5);
  each.table.set(6, each.hot);
}
assert.equal(first.entry(4), whole.entry(4));
assert.equal(new Int32Array(first.memory.buffer)[2], new Int32Array(whole.memory.buffer)[2]);
assert.equal(first.table.get(6), first.hot);
""",
    )


def test_without_the_rest_a_cold_call_ends_in_a_trap_that_no_module_catches(small, under_node):
    under_node(
        parts(small),
        LOADS
        + """
first["split:table"].set(0, called(() => {}));
assert.throws(() => first.entry(1), WebAssembly.RuntimeError);
assert.equal(first.hot(1), 2);
""",
    )


def test_the_rest_of_a_rest_may_be_asked_for_while_it_loads(small, under_node):
    """A first cold call that calls back: the loader has it loaded once, whoever asks."""
    under_node(
        parts(small),
        LOADS
        + """
first["split:table"].set(0, called(load));
let depth = 0;
const env = { twice: (x) => (depth++ < 3 ? again.entry(x) : 2 * x) };
const again = new WebAssembly.Instance(new WebAssembly.Module(file("first")), { env }).exports;
const flag = again[Object.keys(again).find((name) => name.startsWith("split:loaded "))];
again["split:table"].set(0, called(() => {
  asked++;
  new WebAssembly.Instance(new WebAssembly.Module(file("rest")), { "": again });
  flag.value = 1;
}));
assert.equal(again.entry(1), 2 + 2 + 2 + 2 + 2);
assert.equal(asked, 1);
""",
    )


def test_what_only_the_rest_calls_is_no_stub(small):
    made = split(small, RAN)
    assert made.stubs == 1
    rest = Whole(made.rest)
    assert parsed(made.first).bodies()[PRIVATE - 1] == b"\0\0\x0b"
    assert len(rest.bodies) == 2
    assert rest.imported == 2  # twice, hot


def test_what_may_free_an_object_stays_as_nobody_knows_when_it_runs():
    """Short, called through the table, of an address. So does what is short and called by what ran."""
    made = split(made_small(padding=0), RAN)
    assert made.stubs == 0
    assert Whole(made_small(padding=0)).with_called({ENTRY - 1}) == {ENTRY - 1, COLD - 1, PRIVATE - 1, HOT - 1}
    assert Whole(made_small()).with_called({ENTRY - 1}) == {ENTRY - 1}
    assert COLD - 1 in Whole(made_small(padding=0)).which_free()
    assert COLD - 1 not in Whole(made_small()).which_free()


def test_the_first_names_its_rest(small):
    made = split(small, RAN)
    assert made.name == hashlib.sha256(made.rest).hexdigest()[:16]
    assert b"split:loaded " + made.name.encode() in made.first


def test_nothing_that_is_split_is_split_again(small):
    with pytest.raises(SplitError, match="already"):
        split(split(small, RAN).first, RAN)


def test_a_profile_of_another_module_is_refused(small):
    with pytest.raises(SplitError):
        split(small, {4})
    profile = parse_profile(written_profile({"small": (small, RAN)}))
    assert split_by(profile, small) == split(small, RAN)
    with pytest.raises(SplitError, match="another version"):
        split_by(profile, small[:-1])


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"modules": [{}]}', '{"modules": [{"sha256": "0", "ran": "*"}]}'])
def test_a_malformed_profile_is_refused(text):
    with pytest.raises(SplitError):
        parse_profile(text)


def test_every_module_of_the_runtime_is_split_into_two_that_are_valid(published, under_node):
    """With a profile of every third function."""
    files = {}
    for number, data in enumerate(published.values()):
        made = split(data, set(range(0, len(Whole(data).bodies), 3)))
        files |= {f"first {number}": made.first, f"rest {number}": made.rest}
    script = "".join(f"assert.ok(WebAssembly.validate(file({name!r})), {name!r});\n" for name in files)
    under_node(files, script)


def test_the_same_bytes_whatever_the_seed_of_hashes(small, tmp_path):
    """Of strings; sets of numbers are in no order that is promised either."""
    (tmp_path / "whole").write_bytes(small)
    code = (
        "import sys, hashlib; from building.split.splitting import split\n"
        f"made = split(open(sys.argv[1], 'rb').read(), {RAN!r})\n"
        "print(hashlib.sha256(made.first + made.rest).hexdigest())"
    )
    sums = {
        subprocess.run(
            [sys.executable, "-c", code, tmp_path / "whole"],
            check=True, capture_output=True, cwd=ROOT, env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        ).stdout
        for seed in ("0", "1")
    }  # fmt: skip
    made = split(small, RAN)
    assert sums == {hashlib.sha256(made.first + made.rest).hexdigest().encode() + b"\n"}


def test_another_python_makes_the_same_bytes(runtime, published, under_node):
    """Pyodide's own, of another version and of 32 bits."""
    data = next(data for name, data in published.items() if "_umath_linalg" in name)
    hot = set(range(0, len(Whole(data).bodies), 3))
    made = split(data, hot)
    files = {
        name.split("/")[1]: runtime[f"pyodide/{name.split('/')[1]}"] for name in runtime if name.startswith("pyodide/")
    }
    code = [ROOT / "building" / "__init__.py", *(ROOT / "building" / "split").glob("*.py")]
    files["code.zip"] = zipped({path.relative_to(ROOT).as_posix(): path.read_bytes() for path in code})
    files["module"] = data
    script = f"""
const {{ loadPyodide }} = await import(new URL("pyodide.mjs", import.meta.url));
const python = await loadPyodide({{ indexURL: new URL(".", import.meta.url).pathname }});
for (const name of ["code.zip", "module"]) python.FS.writeFile(`/${{name}}`, file(name));
const sums = python.runPython(`
import hashlib, sys
sys.path.insert(0, "/code.zip")
from building.split.splitting import split
made = split(open("/module", "rb").read(), {hot!r})
sums = [hashlib.sha256(part).hexdigest() for part in (made.first, made.rest)]
[sys.version_info[:2] == {sys.version_info[:2]!r}, *sums]
`).toJs();
assert.deepEqual(sums, [false, "{hash_of(made.first)}", "{hash_of(made.rest)}"]);
"""
    under_node(files, script)
