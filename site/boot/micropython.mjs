// MicroPython as PyScript asks for it ("interpreter" in mpy-config.json), with the page's own modules in its file system.

import { loadMicroPython as load } from "../runtime/micropython/micropython.mjs";
import { unpacked, unpackedFiles, withAnswers, write } from "./unpack.mjs";

const at = (path) => new URL(path, import.meta.url).href;

// Begun at once, before PyScript asks: nothing waits in line.
const WASM = at("../runtime/micropython/micropython.wasm.packed");
const wasm = unpacked(WASM, "application/wasm");
const app = unpackedFiles(at("../app.packed"));
const output = { stdout: console.log, stderr: console.error }; // PyScript's own, once it asks
const python = boot();
python.catch(() => {}); // whoever awaits it is told

// More of the page's own modules, fetched when they are first used; what guesses digits is, as soon as there is a pad.
const pack = (name) => unpackedFiles(at(`../${name}.packed`));
const early = new Map([["pen", pack("pen")]]);
globalThis.later = async (name) => {
  const files = early.get(name) ?? pack(name);
  early.delete(name); // if it did not come, it is asked for again the next time
  write((await python).FS, "", await files);
};

// Whether they have come or not, the worker may ask for its own now (boot/early.js).
const whole = wasm.then((answer) => answer.whole);
Promise.allSettled([whole, app, ...early.values()]).then(() => dispatchEvent(new Event("pad-has-come")));

export function loadMicroPython({ stdout, stderr }) {
  Object.assign(output, { stdout, stderr });
  return python;
}

function boot() {
  return withAnswers({ [WASM]: wasm }, [app], async () => {
    const python = await load({
      url: WASM,
      linebuffer: false, // PyScript makes lines of the bytes
      stdout: (byte) => output.stdout(byte),
      stderr: (byte) => output.stderr(byte),
    });
    write(python.FS, "", await app);
    return python;
  });
}
