// node node.mjs WORK GIVEN: prints as JSON what a function here comes to, in this folder's Pyodide.

import { cold, debugged, fetchRest, firsts, fresh, made, rests, unload } from "./bare.mjs";

const SIDE = ["numpy", "numpy.fft", "numpy.random"]; // they come with 13 modules in all
const START = { stdout: () => {}, stderr: () => {} };

/** The exports of the runtime's own module; Node's fetch has one with a table, too. */
const main = () => made.find(({ exports }) => exports.Py_Initialize ?? exports.PyObject_GetAttrString).exports;

/** {export: its place in the table}, of functions that have one; and the functions of all places. */
function places() {
  const table = main().__indirect_function_table;
  const slots = Array.from({ length: table.length }, (_, place) => table.get(place));
  const first = new Map();
  slots.forEach((each, place) => each && !first.has(each) && first.set(each, place));
  const exports = Object.entries(main()).filter(([name, each]) => !name.startsWith("split:") && first.has(each));
  return { slots, exports: Object.fromEntries(exports.map(([name, each]) => [name, first.get(each)])) };
}

/** {"which module, name": number} of what the modules were told of functions. */
function offsets() {
  const linked = made.filter(({ imports }) => imports?.["GOT.func"] && !imports[""]); // rests have that one alone
  const told = linked.flatMap(({ module, imports }, number) =>
    WebAssembly.Module.imports(module)
      .filter((each) => each.module === "GOT.func")
      .map(({ name }) => [`${number} ${name}`, imports["GOT.func"][name].value]),
  );
  return Object.fromEntries(told);
}

/** What happens in this order, "cold" among it, leaves the same functions in the same places. */
export async function grown(order) {
  await fetchRest();
  const python = await fresh(START);
  const isSplit = firsts().length > 0;
  const before = rests();
  const start = places();
  let functions = 0;
  const steps = {
    cold: () => python.pyimport("unicodedata").lookup("DIGIT SEVEN"),
    side: () => python.pyimport(SIDE[0]),
    sides: () => SIDE.slice(1).forEach((name) => python.pyimport(name)),
    memory: () => python._module._free(python._module._malloc(300_000_000)),
    functions: () => (functions = python._module.addFunction((x) => 2 * x, "ii")),
    closures: () => python.pyimport("slots").closure(),
    again: () => python.pyimport("numpy").linalg.svd(python.pyimport("numpy").eye(3)).destroy(),
  };
  const bytes = main().memory.buffer.byteLength;
  for (const step of order) steps[step]();
  const end = places();
  const { loaded, needed } = { loaded: rests() - before, needed: cold() };
  const kept = start.slots.every((each, place) => each === end.slots[place] || (!each && place > 0));
  return {
    isSplit, loaded, needed, kept,
    exports: { ...start.exports }, exportsAfter: end.exports,
    length: end.slots.length, got: offsets(), functions, hasGrown: main().memory.buffer.byteLength > bytes,
    slots: python.pyimport("slots").numbers().toJs({ dict_converter: Object.fromEntries }),
  };
}

/** Exceptions of C++ and longjmp of the runtime itself, each as a first call: what comes of them. */
export async function thrown() {
  await fetchRest();
  const python = await fresh(START);
  python.pyimport("numpy.fft");
  const deep = python.pyimport("throws");
  const found = {};
  for (const name of deep.NAMES) {
    unload();
    found[name] = [deep.outcome(name), cold()];
  }
  unload();
  found.longjmp = [jumped(), cold()];
  return found;
}

/** Through a small module f(env, value), which calls __wasm_longjmp, and gives what the tag __c_longjmp carries. */
function jumped() {
  const { __wasm_longjmp, __c_longjmp, __wasm_setjmp, __wasm_setjmp_test, malloc, memory } = main();
  const [type, imports, exported, code] = [
    [3, 96, 2, 127, 127, 0, 96, 1, 127, 0, 96, 2, 127, 127, 1, 127],
    [2, 1, 97, 1, 106, 0, 0, 1, 97, 1, 116, 4, 0, 1],
    [1, 1, 102, 0, 1],
    [1, 14, 0, 6, 127, 32, 0, 32, 1, 16, 0, 0, 7, 0, 11, 11],
  ];
  const section = (number, bytes) => [number, bytes.length, ...bytes];
  const bytes = [0, 97, 115, 109, 1, 0, 0, 0, ...section(1, type), ...section(2, imports), ...section(3, [1, 2])];
  bytes.push(...section(7, exported), ...section(10, code));
  const module = new WebAssembly.Module(Uint8Array.from(bytes));
  const { f } = new WebAssembly.Instance(module, { a: { j: __wasm_longjmp, t: __c_longjmp } }).exports;
  const env = malloc(64);
  const frame = malloc(4);
  __wasm_setjmp(env, 7, frame);
  const thrown = new Int32Array(memory.buffer, f(env, 42), 2);
  return [thrown[0] === env, thrown[1], __wasm_setjmp_test(env, frame)];
}

/** What all lines come to, one after the other, and which stubs of Python were called: of a runtime whose rests came at the
 *  start. */
export async function lines() {
  await fetchRest();
  const python = await fresh({ ...START });
  python.pyimport("numpy");
  const asked = python.pyimport("asked");
  const said = Array.from({ length: python.pyimport("lines").LINES.length }, (_, number) => {
    asked.run(number);
    return asked.said();
  });
  return { said, stubs: debugged.filter((text) => text.startsWith("the rest of ")) };
}

const [work, given] = process.argv.slice(2);
console.log(JSON.stringify(await { grown, thrown, lines }[work](...JSON.parse(given))));
