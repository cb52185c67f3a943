// Pyodide alone, in a worker of any engine or under Node: from the folder that tests/visits/parts/bare.py made, with
// site/boot/rest.mjs as it is. All that is instantiated is noted on the way, below what rest.mjs has in its place.

const IN_NODE = typeof process === "object";
const LOADED = "split:loaded ";
const at = (path) => new URL(path, import.meta.url).href;

/** Each instance, raw: {module, imports, exports}. */
export const made = [];
/** What rest.mjs told the page. */
export const told = [];
/** What was logged for whoever looks into a cold call; under Node only. */
export const debugged = [];
/** `told.push`, or what else is to be done at once, as where the worker then stops. */
export const listening = { listener: null };

const { Module, Instance } = WebAssembly;
const compiled = new Map(); // {hash: Module}: a fresh interpreter has instances of its own, not modules

function hashOf(bytes) {
  const words = new Uint32Array(bytes.buffer ?? bytes, bytes.byteOffset ?? 0, bytes.byteLength >>> 2);
  return `${bytes.byteLength} ${words.reduce((sum, word) => Math.imul(sum ^ word, 0x01000193), 7)}`;
}

/** Whether a module is compiled once only. */
export const modules = { areKept: true };

function Kept(code) {
  if (!modules.areKept) return new Module(code);
  const bytes = (code.byteOffset ?? 0) % 4 ? code.slice() : code; // words lie at multiples of four
  const hash = hashOf(bytes);
  if (!compiled.has(hash)) compiled.set(hash, new Module(bytes));
  return compiled.get(hash);
}
function Noted(module, imports) {
  const instance = new Instance(module, imports);
  made.push({ module, imports, exports: instance.exports });
  return instance;
}
WebAssembly.Module = Object.assign(Kept, { prototype: Module.prototype });
for (const name of ["customSections", "exports", "imports"]) Kept[name] = Module[name];
WebAssembly.Instance = Object.assign(Noted, { prototype: Instance.prototype });
WebAssembly.instantiate = async (code, imports) => {
  if (code instanceof Module) return Noted(code, imports);
  const module = Kept(code);
  return { module, instance: Noted(module, imports) };
};
WebAssembly.instantiateStreaming = async (answer, imports) =>
  WebAssembly.instantiate(new Uint8Array(await (await answer).arrayBuffer()), imports);

export const post = globalThis.postMessage;
globalThis.postMessage = (message) => {
  told.push(message);
  listening.listener?.(message);
};

const fetched = globalThis.fetch;
const kept = new Map();
if (IN_NODE) {
  const { readFileSync } = await import("node:fs");
  globalThis.name ??= "";
  console.debug = (text) => debugged.push(text);
  globalThis.fetch = async (url) => new Response(readFileSync(new URL(url)));
} else {
  globalThis.fetch = async (asked) => {
    const url = String(asked?.url ?? asked);
    if (!kept.has(url)) kept.set(url, await (await fetched(url)).arrayBuffer());
    return new Response(kept.get(url), { headers: { "Content-Type": "application/wasm" } });
  };
}

const rest = await import(at("rest.mjs"));
const { unpackedFiles, write } = await import(at("unpack.mjs"));
const { loadPyodide } = await import(at("pyodide.mjs"));
const { default: createPyodideModule } = await import(at("pyodide.asm.mjs"));
const lock = await (await fetch(at("pyodide-lock.json"))).text();
export const files = await unpackedFiles(at("site-packages.packed"));

/** Fetches the rests: [[name, bytes]]. */
export async function fetchRest(name = "rest.packed") {
  await rest.fetchRest(at(name));
  return unpackedFiles(at(name));
}

/** The bytes of a file of this folder. */
export async function lookUp(name) {
  return new Uint8Array(await (await fetch(at(name))).arrayBuffer());
}

/** A new interpreter, which has not asked for any rest. The modules are not compiled once more. settings: of loadPyodide. */
export async function fresh(settings) {
  made.length = 0;
  const python = await loadPyodide({
    indexURL: IN_NODE ? new URL(at(".")).pathname : at("./"),
    lockFileContents: JSON.parse(lock),
    createPyodideModule,
    fsInit: async (FS, { sitePackages }) => write(FS, sitePackages, files),
    ...settings,
  });
  unload(); // under Node it asks while it starts
  return python;
}

/** The first parts that are here, {exports, mark}, in the order in which they came. */
export const firsts = () =>
  made
    .map(({ exports }) => ({ exports, mark: Object.keys(exports).find((name) => name.startsWith(LOADED)) }))
    .filter(({ mark }) => mark);

/** How often a rest was instantiated. */
export const rests = () => made.filter(({ imports }) => imports?.[""]?.["split:table"]).length;

/** Takes the rests away: the next call of what they have is a first one again. They keep nothing that could be lost. */
export function unload() {
  told.length = 0;
  for (const { exports, mark } of firsts()) {
    const table = exports["split:table"];
    for (let place = 1; place < table.length; place++) table.set(place, null);
    exports[mark].value = 0;
  }
}

/** How many modules have had to be given their rest since. */
export const cold = () => told.filter(({ reached }) => reached === "cold").length;
