// The floor of benchmarks/startup.py: a worker that boots Pyodide from the page's own archives, imports numpy and multiplies
// one matrix. It has no PyScript, no page, no recognizer and no model.

import createPyodideModule from "../RUNTIME/pyodide/pyodide.asm.mjs";
import { loadPyodide } from "../RUNTIME/pyodide/pyodide.mjs";
import { unpacked, unpackedFiles, withAnswers, write } from "../CODE/boot/unpack.mjs";

const at = (path) => new URL(path, import.meta.url).href;
const FOLDER = at("../RUNTIME/pyodide/");
const wasm = unpacked(at("../RUNTIME/pyodide/pyodide.asm.wasm.packed"), "application/wasm");
const library = unpacked(at("../RUNTIME/pyodide/python_stdlib.zip.packed"));
const numpy = unpackedFiles(at("../RUNTIME/pyodide/numpy.packed"));
const lock = fetch(at("../RUNTIME/pyodide/pyodide-lock.json")).then((answer) => answer.json());

const answers = { [`${FOLDER}pyodide.asm.wasm`]: wasm, [`${FOLDER}python_stdlib.zip`]: library };
const python = await withAnswers(answers, [], async () =>
  loadPyodide({
    indexURL: FOLDER,
    lockFileContents: await lock,
    createPyodideModule,
    fsInit: async (FS, { sitePackages }) => write(FS, sitePackages, await numpy),
  }),
);
postMessage(python.runPython("import numpy as np; float((np.ones((100, 100)) @ np.ones((100, 100))).sum())"));
