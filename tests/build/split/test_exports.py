"""Without the exports that nobody names Pyodide does what it did, and what is not known is refused."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from building.common import ROOT
from building.sources.lock import PYODIDE
from building.split.exports import Linked, cut, without_exports, without_unnamed
from building.split.module import FUNCTIONS, GLOBALS, TABLE, parsed
from building.split.numbers import Reader, SplitError
from building.split.splitting import split
from tests.build.split.conftest import PRIVATE, RAN

GLUE = (
    b"var _cold,_entry,_hot,_sum,memory,wasmMemory;function assignWasmExports(wasmExports){"
    b'_cold=Module["_cold"]=wasmExports["cold"];_entry=Module["_entry"]=wasmExports["entry"];'
    b'_hot=Module["_hot"]=wasmExports["hot"];memory=Module["memory"]=wasmMemory=wasmExports["memory"];'
    b'_sum=Module["_sum"]=wasmExports["sum"].value>>>0}var called=_entry(1)+Module["_hot"](1);'
)


def kept_exports(glue, module, sides, texts=()):
    return Linked(module, sides).kept(glue, texts)


def test_what_the_glue_and_side_modules_name_is_kept(small):
    kept = kept_exports(GLUE, small, [])
    assert kept == {b"table", b"memory", b"entry", b"hot"}
    assert kept_exports(GLUE, small, [], [b"x._sum"]) == kept | {b"sum"}


@pytest.mark.parametrize(
    "text", ["_cold()", 'Module["_cold"]', "e._cold", "`${e._cold}`", '"\\n_cold"', 'wasmExports["cold"]']
)
def test_a_name_is_found_however_it_is_written(small, text):
    assert b"cold" in kept_exports(GLUE + text.encode(), small, [])
    assert b'wasmExports["cold"]' in without_unnamed(GLUE + text.encode(), {b"cold", b"hot", b"entry", b"memory"})


def test_the_glue_without_a_name(small):
    cut = without_unnamed(GLUE, kept_exports(GLUE, small, []))
    assert cut == (
        b"var _entry,_hot,memory,wasmMemory;function assignWasmExports(wasmExports){"
        b'_entry=wasmExports["entry"];_hot=Module["_hot"]=wasmExports["hot"];'
        b'memory=Module["memory"]=wasmMemory=wasmExports["memory"]}var called=_entry(1)+Module["_hot"](1);'
    )
    assert without_unnamed(cut, kept_exports(cut, small, [])) == cut


@pytest.mark.parametrize("name", [b"entry", b"hot", b"memory"])
def test_a_name_that_the_glue_needs_cannot_be_left_out(small, name):
    with pytest.raises(SplitError, match=f"not kept: {name.decode()}"):
        without_unnamed(GLUE, kept_exports(GLUE, small, []) - {name})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"function assignWasmExports", b"function assign"),
        (b"var called", b"function assignWasmExports(wasmExports){}var called"),
        (b'_cold=Module["_cold"]', b'_cold=Module["_hot"]'),
        (b'wasmExports["cold"]', b'wasmExports["cold"]()'),
        (b'wasmExports["cold"]', b"wasmExports.cold"),
        (b"_cold,_entry", b"_entry"),
        (b"_cold,_entry", b"_cold,_other,_entry"),
        (b"var called", b"Module[called];var called"),
        (b"var called", b'Module["_"+called];var called'),
        (b"var called", b"Module?.[`_${called}`];var called"),
    ],
)
def test_glue_that_is_not_as_known_is_refused(small, old, new):
    glue = GLUE.replace(old, new)
    assert glue != GLUE
    with pytest.raises(SplitError):
        kept_exports(glue, small, [])
    with pytest.raises(SplitError):
        without_unnamed(glue, {b"entry", b"hot", b"memory", b"cold"})


@pytest.mark.parametrize("text", [b"e.ccall('x')", b"let {cwrap} = e", b"e.wasmExports[name]"])
def test_other_scripts_that_ask_by_unseen_names_are_refused(small, text):
    with pytest.raises(SplitError, match="not seen"):
        kept_exports(GLUE, small, [], [text])


def test_a_module_in_two_parts_has_the_exports_that_are_kept(small):
    made = split(small, RAN, {b"entry", b"memory"})
    assert [each.name for each in parsed(made.first).exports() if not each.name.startswith(b"split:")] == [
        b"memory",
        b"entry",
    ]
    assert made.stubs == 1  # cold is called, and in the table
    assert parsed(made.first).bodies()[PRIVATE - 1] == b"\0\0\x0b"
    assert split(small, RAN, {each.name for each in parsed(small).exports()}) == split(small, RAN)


def test_an_export_that_nobody_names_makes_no_stub(published):
    data = next(data for name, data in published.items() if "_umath_linalg" in name)
    none = split(data, set(), set())
    assert none.stubs < split(data, set()).stubs


# --- the pinned runtime -------------------------------------------------------------------


@pytest.fixture(scope="session")
def pyodide(runtime):
    """{name: bytes} of Pyodide and numpy's wheel, without folders."""
    wheel = next(name for name in runtime if name.endswith(".whl"))
    return {name.split("/")[1]: runtime[name] for name in [*(f"pyodide/{each}" for each in PYODIDE), wheel]}


@pytest.fixture(scope="session")
def sides(published):
    return [data for name, data in published.items() if name.endswith(".so")]


@pytest.fixture(scope="session")
def made(pyodide, sides):
    return cut(pyodide["pyodide.asm.mjs"], pyodide["pyodide.asm.wasm"], sides, [pyodide["pyodide.mjs"]])


@pytest.fixture(scope="session")
def kept(made):
    return made.exports


def with_cut(pyodide, made, kept=None):
    """The same files, cut."""
    module = without_exports(pyodide["pyodide.asm.wasm"], made.exports if kept is None else kept)
    return pyodide | {"pyodide.asm.mjs": made.glue, "pyodide.asm.wasm": module}


def missing(pyodide, sides, kept):
    """What side modules import of Pyodide's module, and do not get."""
    exported = {each.name for each in parsed(pyodide["pyodide.asm.wasm"]).exports()}
    return {each.name for side in sides for each in parsed(side).imports() if each.name in exported} - kept


def test_every_import_of_a_side_module_is_still_there(pyodide, sides, kept):
    assert len(sides) > 10
    assert not missing(pyodide, sides, kept)
    assert missing(pyodide, sides, kept - {b"PyErr_Occurred"}) == {b"PyErr_Occurred"}


def test_most_exports_are_named_by_nobody(pyodide, kept):
    whole = parsed(pyodide["pyodide.asm.wasm"]).exports()
    assert len(kept) < len(whole) / 5
    assert {each.name for each in whole if each.kind not in (FUNCTIONS, GLOBALS)} <= kept
    assert {b"__wasm_call_ctors", b"__stack_pointer", b"__indirect_function_table", b"__heap_base", b"malloc"} <= kept


def test_every_variable_of_an_export_that_stays_is_declared(pyodide, made):
    glue = made.glue
    at = glue.index(b"function assignWasmExports")
    end = glue.index(b"}", at)
    filled = set(re.findall(rb"[{;]([\w$]+)=", glue[at:end]))
    gone = set(re.findall(rb'[{;]([\w$]+)=Module\["\1"\]=', pyodide["pyodide.asm.mjs"])) - filled
    assert len(gone) > 4000
    assert not gone & set(re.findall(rb"[\w$]+", glue[:at] + glue[end:]))


def test_the_same_bytes_whatever_the_seed_of_hashes(pyodide, published, tmp_path):
    files = {"glue": pyodide["pyodide.asm.mjs"], "module": pyodide["pyodide.asm.wasm"]}
    files |= {"side": next(data for name, data in published.items() if "_multiarray_umath" in name)}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    code = (
        "import hashlib; from building.split.exports import *\n"
        f"glue, module, side = (open({str(tmp_path)!r} + '/' + name, 'rb').read() for name in ('glue', 'module', 'side'))\n"
        "made = cut(glue, module, [side])\n"
        "print(hashlib.sha256(made.glue + without_exports(module, made.exports)).hexdigest())"
    )
    sums = {
        subprocess.run(
            [sys.executable, "-c", code],
            check=True, capture_output=True, cwd=ROOT, env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        ).stdout
        for seed in ("0", "1")
    }  # fmt: skip
    assert len(sums) == 1


# --- Pyodide under Node, whole and cut ----------------------------------------------------

LINES = """
import asyncio, collections, decimal, hashlib, itertools, json, pickle, re, sqlite3, sys, traceback, unicodedata, zlib
import js, numpy as np, numpy.fft, numpy.polynomial, numpy.random
from pyodide.ffi import JsException, can_run_sync, create_proxy, run_sync, to_js

def failing(n):
    return 1 // n if n == 0 else failing(n - 1)

def told(call):
    try:
        return repr(call())
    except BaseException as error:
        return "".join(traceback.format_exception(error))

async def later(n):
    await asyncio.sleep(0.001)
    return n * n

class Adder:
    def __init__(self):
        self.sum = 0
    def add(self, n):
        self.sum += n
        return self.sum

matrix = np.array([[4.0, 1, 2], [1, 3, 0], [2, 0, 5]])
lines = [
    lambda: np.linalg.inv(matrix).round(9).tolist(),
    lambda: [part.round(9).tolist() for part in np.linalg.svd(matrix)],
    lambda: np.linalg.eigh(matrix).eigenvalues.round(9).tolist(),
    lambda: np.linalg.inv(np.zeros((2, 2))),
    lambda: np.random.default_rng(7).normal(size=3).tolist() + np.random.RandomState(7).rand(2).tolist(),
    lambda: [np.random.Generator(kind(3)).integers(99) for kind in (np.random.Philox, np.random.SFC64, np.random.MT19937)],
    lambda: np.fft.fft([1, 2, 3, 4]).tolist(),
    lambda: np.polynomial.Polynomial.fit([0, 1, 2], [1, 2, 5], 2).convert().coef.round(6).tolist(),
    lambda: np.sort(np.array(["b", "a", "é"])).tolist() + [str(np.datetime64("2024-02-29") + 366)],
    lambda: np.einsum("ij,jk", matrix, matrix).tolist() + np.percentile(matrix, [10, 50]).tolist(),
    lambda: np.array([1, 2], "i1") + np.array([1, 2, 3]),
    lambda: json.dumps(json.loads('{"a": [1, 2.5, null, "\\u00e9"]}')),
    lambda: re.findall(r"(?<=\\b)(\\w+)-(\\d+)", "ab-12 cd-345"),
    lambda: [str(decimal.Decimal(2).sqrt()), decimal.Decimal("1E+99999") ** 99],
    lambda: [unicodedata.name("½"), unicodedata.normalize("NFKD", "é½"), "straße".upper(), "日本".encode("shift_jis")],
    lambda: failing(3),
    lambda: failing(10**5),
    lambda: [hashlib.sha256(b"x").hexdigest(), zlib.decompress(zlib.compress(b"y" * 99))],
    lambda: pickle.loads(pickle.dumps(collections.Counter("hello"))),
    lambda: sqlite3.connect(":memory:").execute("select 6 * 7, upper('a')").fetchall(),
    lambda: list(itertools.islice(itertools.permutations("abc"), 4)),
    lambda: js.Array.new(3, 1, 2).sort().to_py(),
    lambda: to_js({"a": [1, 2]}, dict_converter=js.Object.fromEntries).a.to_py(),
    lambda: js.eval("(x) => x.add(2) + x.add(3)")(create_proxy(Adder())),
    lambda: js.eval("(f) => [3, 1, 2].map(f)")(create_proxy(lambda x, *_: x * 10)).to_py(),
    lambda: js.eval("() => { throw new TypeError('from JavaScript'); }")(),
    lambda: js.eval("(f) => { try { f(); } catch (e) { return e.constructor.name; } }")(create_proxy(lambda: 1 // 0)),
    lambda: js.Uint8Array.new([1, 2, 3]).to_py().tolist() + list(js.JSON.parse("[1, {}]")),
    lambda: np.asarray(js.Float64Array.new([1.5, 2]).to_py()).sum(),
    lambda: (can_run_sync(), run_sync(later(5)) if can_run_sync() else None),
    lambda: sorted(sys.modules)[:40] + [sys.version, np.__version__],
]
async def answers():
    awaited = [await asyncio.gather(later(2), later(3)), await js.eval("Promise.resolve(8)")]
    return json.dumps([told(line) for line in lines] + [repr(awaited)])

def ask():
    return run_sync(answers()) if can_run_sync() else None
"""
RUNS = f"""
const lines = {LINES!r};
const started = async (folder) => {{
  const {{ loadPyodide }} = await import(new URL(`${{folder}}/pyodide.mjs`, import.meta.url));
  const python = await loadPyodide({{ indexURL: new URL(`${{folder}}/`, import.meta.url).pathname }});
  await python.loadPackage("numpy", {{ messageCallback: () => {{}} }});
  return python;
}};
const answers = async (python) => {{
  python.runPython(lines);
  const told = [await python.runPythonAsync("await answers()"), await python.runPythonAsync("ask()")];
  return told.map((each) => (each ? JSON.parse(each) : each));
}};
"""


def in_folder(folder, files):
    return {f"{folder}/{name}": data for name, data in files.items()}


def stack_switching():
    """Node's option for it, where it has one, so that run_sync can be tried, too."""
    node = shutil.which("node") or "node"
    option = "--experimental-wasm-stack-switching"
    return (
        [option] if subprocess.run([node, option, "-e", ""], check=False, capture_output=True).returncode == 0 else []
    )


def test_pyodide_and_all_of_numpy_answer_as_before(pyodide, made, under_node):
    files = in_folder("whole", pyodide) | in_folder("cut", with_cut(pyodide, made))
    script = (
        RUNS
        + """
const whole = await started("whole");
const cut = await started("cut");
const expected = await answers(whole);
assert.deepEqual(await answers(cut), expected);
assert.equal(expected[0].length, 32);
assert.ok(expected[0].some((each) => each.includes("ZeroDivisionError")));
"""
    )
    under_node(files, script, *stack_switching())


def test_a_function_stays_in_its_place_in_the_table(pyodide, made, under_node):
    """Places that the module itself fills, and the numbers that side modules get for functions there, are as before. A
    function that only Emscripten gave a place has another: it gives one to every export in turn, and there are fewer."""
    files = in_folder("whole", pyodide) | in_folder("cut", with_cut(pyodide, made))
    size = Reader(parsed(pyodide["pyodide.asm.wasm"]).items(TABLE)[0], 2).unsigned()
    script = (
        f"const size = {size};"
        + RUNS
        + """
const [whole, cut] = [(await started("whole"))._module, (await started("cut"))._module];
const name = (module, slot) => module.wasmTable.get(slot)?.name;  // an exported function's name is its number
let filled = 0;
for (let slot = 0; slot < size; slot++) {
  assert.equal(name(cut, slot), name(whole, slot), String(slot));
  filled += Boolean(name(whole, slot));
}
assert.ok(filled > 8000);
const [same, moved] = [[], []];
for (const { name: symbol, kind } of WebAssembly.Module.exports(new WebAssembly.Module(file("cut/pyodide.asm.wasm")))) {
  if (kind !== "function" || !whole.GOT[symbol]) continue;
  const [before, now] = [whole.GOT[symbol].value, cut.GOT[symbol].value];
  assert.equal(name(cut, now), name(whole, before), symbol);
  if (before < size) assert.equal(now, before, symbol);
  else assert.ok(now >= size, symbol);
  (now === before ? same : moved).push(symbol);
}
assert.ok(same.length > 50 && moved.length > 50, `${same.length} ${moved.length}`);
assert.ok(whole.wasmTable.length - cut.wasmTable.length > 1000);
"""
    )
    under_node(files, script)


def test_numpy_is_not_imported_where_a_name_that_it_needs_is_gone(pyodide, made, under_node):
    script = (
        RUNS
        + """
const python = await started("cut");
assert.throws(() => python.runPython("import numpy"), /numpy C-extensions failed/);
"""
    )
    under_node(in_folder("cut", with_cut(pyodide, made, made.exports - {b"PyComplex_Type"})), script)
