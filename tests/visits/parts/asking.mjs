// What is asked of Pyodide alone, whole or split, by tests and measurements: each exported function is one thing.

import { cold, fetchRest, files, fresh, lookUp, unload } from "./bare.mjs";

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

/** How deep each goes before the engine's own stack ends, and how that is told: no interpreter lives on after it. */
export async function ends(names, isLoaded) {
  const found = {};
  for (const name of names) {
    const deep = (await begun(true)).pyimport("depths");
    const place = deep.place();
    if (isLoaded) deep.bottom();
    try {
      found[name] = [deep.endless(name)];
    } catch (error) {
      found[name] = [`${error.name}: ${error.message.split("\n").at(-1)}`, python._module.HEAP32[place / 4], cold()];
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
  const modules = files.filter(([name]) => name.endsWith(".so"));
  modules.push(["pyodide.asm.wasm", await lookUp("pyodide.asm.wasm")], ...(await rests));
  return [modules.length, modules.filter(([, bytes]) => !WebAssembly.validate(bytes)).map(([name]) => name)];
}

/** Milliseconds of a first cold call, the same after it, and of a rest that is there: its module made, then not. */
export async function coldCall() {
  const deep = (await begun(true)).pyimport("depths");
  const timed = () => {
    const start = performance.now();
    deep.bottom();
    return performance.now() - start;
  };
  return [timed(), timed()];
}
