// Runs compile.py inside Pyodide under Node: node compile.mjs FOLDER-OF-PYODIDE SOURCES.zip BYTECODE.zip

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, sources, bytecode] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(join(folder, "pyodide.mjs")).href);
// Without the columns of each instruction bytecode is the smaller; lines are kept.
const python = await loadPyodide({ indexURL: folder, env: { PYTHONNODEBUGRANGES: "1" } });
python.FS.writeFile("/sources.zip", readFileSync(sources));
python.runPython(readFileSync(new URL("compile.py", import.meta.url), "utf-8"));
writeFileSync(bytecode, python.FS.readFile("/bytecode.zip"));
