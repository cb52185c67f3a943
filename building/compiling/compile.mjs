// Runs compile.py inside Pyodide under Node: node compile.mjs FOLDER-OF-PYODIDE SOURCES.zip RAN.json BYTECODE.zip

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, sources, ran, bytecode] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(join(folder, "pyodide.mjs")).href);
// Without the columns of each instruction bytecode is the smaller; lines are kept.
const python = await loadPyodide({ indexURL: folder, env: { PYTHONNODEBUGRANGES: "1" } });
const beside = (name) => readFileSync(new URL(name, import.meta.url));
python.FS.writeFile("/sources.zip", readFileSync(sources));
python.FS.writeFile("/ran.json", readFileSync(ran));
python.FS.writeFile("/cold.py", beside("cold.py"));
python.FS.writeFile("stubs.py", beside("stubs.py"));
python.runPython(beside("compile.py").toString());
writeFileSync(bytecode, python.FS.readFile("/bytecode.zip"));
