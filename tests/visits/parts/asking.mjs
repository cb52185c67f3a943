// What is asked of Pyodide alone, whole or split, by tests and measurements: each exported function is one thing.

import { cold, fetchRest, files, fresh, lookUp, modules, unload } from "./bare.mjs";

const rests = fetchRest();
let python = null; // the interpreter that most of it shares: a start takes WebKit as long as all that is asked of it

/** An interpreter with numpy, which has not asked for any rest. */
async function begun(isNew) {
  await rests;
  if (isNew || !python) {
    python = await fresh({ stdout: () => {}, stderr: () => {} });
    python.pyimport("numpy");
  }
  unload();
  return python;
}

/** What lines come to: [{cold: how many modules had to be given their rest, text}]. Each is a first call for the rests; and,
 *  if they are to be `alone`, in an interpreter of its own. */
export async function lines(numbers, alone) {
  const said = [];
  for (const number of numbers) {
    const asked = (await begun(alone)).pyimport("asked");
    unload();
    asked.run(number);
    said.push({ cold: cold(), text: asked.said() });
  }
  return said;
}

/** How deep each of depths.py goes before RecursionError, and what it comes to there, and below, where its end is a first cold
 *  call: {name: [depth, error, [came to, cold], [came to, cold]]}. */
export async function depths(names) {
  const deep = (await begun()).pyimport("depths");
  const found = {};
  for (const name of names) {
    const [depth, error] = deep.how_deep(name).toJs();
    const here = [depth, depth + BELOW].map((below) => {
      unload();
      return [deep.failing(name, below) ?? "nothing", cold()];
    });
    found[name] = [depth, error, ...here];
  }
  return found;
}

const BELOW = 9; // how_deep has frames of its own

/** How deep each goes before the engine's own stack ends: {name: [depth, how that is told]}. No interpreter lives on after it. */
export async function ends(names) {
  const found = {};
  for (const name of names) {
    const deep = (await begun(true)).pyimport("depths");
    const place = deep.place();
    deep.bottom();
    try {
      deep.endless(name);
    } catch (error) {
      found[name] = [python._module.HEAP32[place / 4], `${error.name}: ${error.message.trim().split("\n").at(-1)}`];
    }
    python = null;
  }
  return found;
}

/** What waits.py comes to with promises of JavaScript, each a first cold call, in which Python waits for them. */
export async function waits() {
  const waiting = (await begun()).pyimport("waits");
  const later = (value) => new Promise((resolve) => setTimeout(resolve, 1, value));
  const said = {};
  for (const name of waiting.NAMES) {
    unload();
    try {
      const { waited } = waiting;
      const text = HAS_JSPI ? await waited.callPromising(name, later) : waited(name, later);
      said[name] = [text, cold()];
    } catch (error) {
      said[name] = [error.message.trim().split("\n").at(-1), cold()];
    }
  }
  return { hasJSPI: HAS_JSPI, said };
}

const HAS_JSPI = "Suspending" in WebAssembly;

/** How many modules of the folder the engine takes, and the names of those that it does not. */
export async function invalid() {
  const all = files.filter(([name]) => name.endsWith(".so"));
  all.push(["pyodide.asm.wasm", await lookUp("pyodide.asm.wasm")], ...(await rests));
  return [all.length, all.filter(([, bytes]) => !WebAssembly.validate(bytes)).map(([name]) => name)];
}

/** What the first call of each module's rest takes here: {module: [milliseconds, the same again, how many rests it asked for]}. */
export async function coldCalls() {
  await rests;
  modules.areKept = false;
  python = await fresh({ stdout: () => {}, stderr: () => {} });
  const numpy = () => python.pyimport("numpy");
  const textwrap = python.pyimport("textwrap");
  const calls = {
    "pyodide.asm": () => python.pyimport("unicodedata").lookup("DIGIT SEVEN"),
    "import numpy": numpy, // all of it, which finds a library that the page has not: its rest is there already
    _multiarray_umath: () => numpy().busday_count("2026-01-01", "2026-12-31"),
    _umath_linalg: () => numpy().linalg.svd(numpy().eye(3)).destroy(),
    "Python's own": () => textwrap.fill("it is", 2), // last, as it may ask for the first, too
  };
  const found = {};
  for (const [name, call] of Object.entries(calls)) {
    await new Promise((resolve) => setTimeout(resolve, QUIET));
    const before = cold();
    const times = [1, 2].map(() => {
      const start = performance.now();
      call();
      return performance.now() - start;
    });
    found[name] = [...times, cold() - before];
  }
  return found;
}

const QUIET = 2000; // ms in which the engine compiles what has started
