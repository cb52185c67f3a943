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

// What is fetched only when it is first used: more of the page's own modules.
globalThis.later = async (name, priority) =>
  write((await python).FS, "", await unpackedFiles(at(`../${name}.packed`), { priority }));

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
