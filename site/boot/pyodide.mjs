// Pyodide as PyScript asks for it ("interpreter" in py-config.json), with numpy, the recognizer and the model in its file
// system: Pyodide's own way to a package takes longer than all of them together.

import createPyodideModule from "../runtime/pyodide/pyodide.asm.mjs";
import { loadPyodide as load, version } from "../runtime/pyodide/pyodide.mjs";
import { asked, fetched, listenToParts, unpacked, unpackedFiles, withAnswers, write } from "./unpack.mjs";

const at = (path) => new URL(path, import.meta.url).href;
const OFTEN = 50; // ms

// The page is told how much of all this has come, and how far the start is: boot/early.js hears it.
const post = postMessage;
let fresh = 0;
listenToParts((bytes) => {
  if (!fresh) setTimeout(tell, OFTEN);
  fresh += bytes;
});

/** "begun", "listening", "python", "model": worker.py tells the last. */
globalThis.reached = (step) => post({ reached: step });
/** How far the reading of a picture is (worker.py); what is transferred with it is named. */
globalThis.stepped = (step, transferred) => post({ stepped: step }, transferred);
reached("begun");

function tell() {
  post({ downloaded: fresh });
  fresh = 0;
}

// Begun at once, before PyScript asks: nothing waits in line.
const FOLDER = at("../runtime/pyodide/");
const wasm = unpacked(at("../runtime/pyodide/pyodide.asm.wasm.packed"), "application/wasm");
const library = unpacked(at("../runtime/pyodide/python_stdlib.zip.packed"));
const packs = [unpackedFiles(at("../runtime/pyodide/numpy.packed")), unpackedFiles(at("../worker.packed"))];
const model = fetched(at("../model/digits.npz"));
const lock = asked(at("../runtime/pyodide/pyodide-lock.json")).then((answer) => answer.json());
const output = { stdout: console.log, stderr: console.error }; // PyScript's own, once it asks
const python = boot();
python.then(() => reached("python"), () => {}); // whoever awaits it is told
for (const promise of [...packs, model, lock]) promise.catch(() => {}); // likewise

export { version };

/** PyScript asks: it has heard what the page says to it. */
export function loadPyodide({ stdout, stderr }) {
  reached("listening");
  Object.assign(output, { stdout, stderr });
  return python;
}

function boot() {
  const answers = { [`${FOLDER}pyodide.asm.wasm`]: wasm, [`${FOLDER}python_stdlib.zip`]: library };
  return withAnswers(answers, [...packs, model], () =>
    load({
      indexURL: FOLDER,
      lockFileContents: lock,
      createPyodideModule,
      fsInit,
      stdout: (line) => output.stdout(line),
      stderr: (line) => output.stderr(line),
    }),
  );
}

/** Called when there is a file system, and before Python starts. */
async function fsInit(FS, { sitePackages }) {
  const [numpy, own] = await Promise.all(packs);
  write(FS, sitePackages, numpy);
  write(FS, FS.cwd(), own);
  write(FS, FS.cwd(), [["model/digits.npz", new Uint8Array(await (await model).arrayBuffer())]]);
}
