// Pyodide as PyScript asks for it ("interpreter" in py-config.json), with numpy, the recognizer and the model in its file
// system: Pyodide's own way to a package takes longer than all of them together.

import createPyodideModule from "../runtime/pyodide/pyodide.asm.mjs";
import { loadPyodide as load, version } from "../runtime/pyodide/pyodide.mjs";
import { fetchRest, isSplit, WHOLE } from "./rest.mjs";
import { asked, listenToParts, unpacked, unpackedFiles, withAnswers, write } from "./unpack.mjs";

const at = (path) => new URL(path, import.meta.url).href;
const OFTEN = 50; // ms
const PATIENCE = 3000; // ms, once all else is there
const SILENCE = 10_000; // ms
const EXAMPLES = "pen/pen.bin"; // of a digit's strokes, which the page guesses by, too (app/guess/)

// The page is told how much of all this has come, and how far the start is: boot/early.js hears it.
const post = postMessage;
let fresh = 0;
let came = 0;
listenToParts((bytes) => {
  if (!fresh) setTimeout(tell, OFTEN);
  fresh += bytes;
  came += bytes;
});

/** "begun", "listening", "python", "model", "answered": worker.py tells the last two; and of boot/rest.mjs "rest", "cold". */
globalThis.reached = (step) => {
  post({ reached: step });
  if (step !== "answered") return;
  listenToParts(() => {}); // what comes from here on is not of the start
  if (isSplit() && !rest && !navigator.connection?.saveData) fetchRest(REST);
};
/** How far the reading of a picture is (worker.py); what is transferred with it is named. */
globalThis.stepped = (step, transferred) => post({ stepped: step }, transferred);
const REST = at("../runtime/pyodide/rest.packed");
const rest = globalThis.name === WHOLE ? Promise.race([fetchRest(REST), silence()]) : null; // else once all works
reached("begun");

/** Settles when nothing more has come of any file for a while: where the rest stalls, Python starts without it. */
async function silence() {
  for (let before = -1; before !== came; await new Promise((resolve) => setTimeout(resolve, SILENCE))) before = came;
}

function tell() {
  post({ downloaded: fresh });
  fresh = 0;
}

// Begun before PyScript asks. The files are asked for in the order in which they are needed, the next when most of the last
// has come: so Python starts while numpy comes, and numpy is imported while the model does. That is asked for before Python
// starts, which leaves no time to ask.
const FOLDER = at("../runtime/pyodide/");
const whole = (asked) => Promise.all(asked.map(async (answer) => (await answer).whole));
const near = (asked) => Promise.all(asked.map(async (answer) => (await answer).nearly));
const wasm = unpacked(at("../runtime/pyodide/pyodide.asm.wasm.packed"), "application/wasm");
const zip = unpacked(at("../runtime/pyodide/python_stdlib.zip.packed"));
// Pyodide reads it only once the .wasm is there: unread, it would not come.
const library = zip.then(bytesOf).then((bytes) => new Response(bytes));
const begun = near([wasm, zip]);
const packed = [at("../runtime/pyodide/numpy.packed"), at("../worker.packed")];
const unpacking = packed.map((url) => begun.then(() => unpacked(url)));
const packs = packed.map((url, i) => unpackedFiles(url, unpacking[i]));
const model = whole([wasm, zip]).then(() => unpacked(at("../model/digits.npz.packed")));
// The page has asked for it by then. Without it, or where it stalls, digits are read from their pixels alone.
const pen = near(unpacking).then(() => unpackedFiles(at("../pen.packed"))).catch(() => []);
const content = model.then(bytesOf);
const lock = asked(at("../runtime/pyodide/pyodide-lock.json")).then((answer) => answer.json());
const output = { stdout: console.log, stderr: console.error }; // PyScript's own, once it asks
const python = boot();
python.then(() => reached("python"), () => {}); // whoever awaits it is told
for (const promise of [library, begun, ...unpacking, ...packs, model, content, lock]) promise.catch(() => {}); // likewise

export { version };

/** PyScript asks: it has heard what the page says to it. */
export function loadPyodide({ stdout, stderr }) {
  reached("listening");
  Object.assign(output, { stdout, stderr });
  return python;
}

async function bytesOf(answer) {
  const bytes = answer.arrayBuffer();
  bytes.catch(() => {}); // why it fails, the other knows
  await answer.whole;
  return bytes;
}

async function boot() {
  const answers = { [`${FOLDER}pyodide.asm.wasm`]: wasm, [`${FOLDER}python_stdlib.zip`]: library };
  let place;
  await rest;
  return withAnswers(answers, packs, async () => {
    const python = await load({
      indexURL: FOLDER,
      lockFileContents: lock,
      createPyodideModule,
      fsInit: async (FS, { sitePackages }) => (place = sitePackages),
      stdout: (line) => output.stdout(line),
      stderr: (line) => output.stderr(line),
    });
    const { FS } = python;
    const [numpy, own] = await Promise.all(packs);
    write(FS, place, numpy);
    write(FS, FS.cwd(), own);
    // It has seen these folders empty. What worker.py imports is imported while the model comes.
    python.runPython("import sys; sys.path_importer_cache.clear(); import numpy, number_reader");
    // "", or why it is not: worker.py waits for it. PyScript is on its way already.
    globalThis.modelIsWritten = putModel(FS).then(
      () => "",
      (error) => error.message,
    );
    return python;
  });
}

async function putModel(FS) {
  write(FS, FS.cwd(), [["model/digits.npz", new Uint8Array(await content)]]);
  const examples = await Promise.race([pen, new Promise((resolve) => setTimeout(resolve, PATIENCE, []))]);
  const [[, bytes] = []] = examples.filter(([path]) => path === EXAMPLES);
  if (bytes) write(FS, FS.cwd(), [["model/pen.bin", bytes]]);
}
