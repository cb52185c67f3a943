// MicroPython as PyScript asks for it ("interpreter" in mpy-config.json), with the page's own modules in its file system.

import { loadMicroPython as load } from "../runtime/micropython/micropython.mjs";
import { unpacked, unpackedFiles, withAnswers, write } from "./unpack.mjs";

const at = (path) => new URL(path, import.meta.url).href;

// Asked for at once, before PyScript asks: nothing waits in line.
const WASM = at("../runtime/micropython/micropython.wasm.packed");
const wasm = unpacked(WASM, "application/wasm");
const app = unpackedFiles(at("../app.packed"));
app.catch(() => {}); // it is awaited below

export async function loadMicroPython(options) {
  const python = await withAnswers({ [WASM]: wasm }, [], () => load({ ...options, url: WASM }));
  write(python.FS, "", await app);
  return python;
}
