// What Python and numpy can do that the page does without: the build ships these functions apart (building/split/), and they
// are fetched once everything works. A call of one has the rest of its module made into functions on the spot.
//
// That cannot wait for a file, as who calls is in the middle of Python, and nothing may be thrown through it. So where the
// rest is not there, the worker stops for good, and the page begins another, which has it before Python starts.

import { unpackedFiles } from "./unpack.mjs";

const LOADED = "split:loaded "; // and the rest's name: building/split/splitting.py
const TABLE = "split:table";
const OURS = "split:";

/** The name of a worker that is to have the rest before it starts (boot/early.js). */
export const WHOLE = "whole";

const post = postMessage;
const { Instance, Memory, Module, instantiate, instantiateStreaming } = WebAssembly;
const wanted = new Set(); // of the modules here, those whose rest was not called yet
let files; // the rests' bytes, by name, once they have come
let reason = "rest.packed: it has not come yet";
const OTHER = "rest.packed: it is damaged, or of another version";

// Whatever is instantiated goes through `hidden`: Emscripten would give each export of a module a place in its tables.
WebAssembly.Instance = function (module, imports) {
  return hidden(new Instance(module, imports));
};
WebAssembly.instantiateStreaming = async (...asked) => both(await instantiateStreaming(...asked));
WebAssembly.instantiate = async (code, imports) => {
  const made = await instantiate(code, imports);
  return made.instance ? both(made) : hidden(made);
};

/** Whether a module here lacks its rest. */
export const isSplit = () => wanted.size > 0;

/** Fetches the rests. Never rejected: where one is called, it is told what is missing. */
export async function fetchRest(url) {
  try {
    files = new Map(await unpackedFiles(url));
    post({ reached: "rest" });
  } catch (error) {
    reason = error.message;
  }
}

const both = ({ module, instance }) => ({ module, instance: hidden(instance) });

function hidden(instance) {
  const { exports } = instance;
  const names = Object.keys(exports);
  const mark = names.find((name) => name.startsWith(LOADED));
  if (!mark) return instance;
  wanted.add(mark);
  exports[TABLE].set(0, called(() => load(mark, exports)));
  return { exports: Object.fromEntries(names.filter((name) => !name.startsWith(OURS)).map((name) => [name, exports[name]])) };
}

/** A function of JavaScript as one of WebAssembly, () -> (), which a table takes. */
function called(work) {
  return new Instance(CALLER, { "": { "": work } }).exports[""];
}

// A module that imports such a function, and exports it.
const CALLER = new Module(
  Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 2, 5, 1, 0, 0, 0, 0, 7, 4, 1, 0, 0, 0]),
);

/** The rest of Python's own functions, as bytes (building/compiling/cold.py). */
globalThis.restOfPython = (key) => {
  const bytes = needed(`${key}.python`);
  if (!bytes) stop(OTHER);
  post({ reached: "cold" });
  return bytes;
};

/** The bytes of a rest; undefined where those that came are of another build. */
function needed(name) {
  console.debug(`the rest ${name} is needed`, new Error().stack); // no part of the page should come here: tests listen
  if (!files) stop(reason);
  return files.get(name);
}

function load(mark, exports) {
  const bytes = needed(`${mark.slice(LOADED.length)}.wasm`);
  try {
    new Instance(new Module(bytes), { "": exports });
    exports[mark].value = 1;
  } catch (error) {
    console.debug(error);
    stop(OTHER);
  }
  wanted.delete(mark);
  post({ reached: "cold" });
}

/** Nothing runs here any more: the page ends this worker (app/reading/reader.py). It can't hope for more of one that was to
 *  have the rest from the beginning, and is told why that had not. */
function stop(why) {
  post({ lacks: globalThis.name === WHOLE ? why : true });
  try {
    const { buffer } = new Memory({ initial: 1, maximum: 1, shared: true }); // SharedArrayBuffer itself only some pages have
    for (;;) Atomics.wait(new Int32Array(buffer), 0, 0);
  } catch {
    for (;;); // an engine without: the page ends it at once
  }
}
