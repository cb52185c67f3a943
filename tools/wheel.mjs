// Reads pixels with a wheel in Pyodide under Node: node wheel.mjs FOLDER-OF-PYODIDE NUMPY.whl NUMBER-READER.whl PIXELS.npy
// Prints JSON: [the text, what read it].

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, numpy, wheel, pixels] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(join(folder, "pyodide.mjs")).href);
const python = await loadPyodide({ indexURL: folder });
for (const archive of [numpy, wheel]) {
  python.unpackArchive(readFileSync(archive), "wheel");
}
python.FS.writeFile("/pixels.npy", readFileSync(pixels));
console.log(python.runPython(`
import json, platform
import numpy, number_reader
text = number_reader.load().read(numpy.load("/pixels.npy")).text
json.dumps([text, f"Pyodide, Python {platform.python_version()}, numpy {numpy.__version__}"])
`));
