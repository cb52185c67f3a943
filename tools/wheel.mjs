// Reads pixels with a wheel in Pyodide under Node: node wheel.mjs FOLDER-OF-PYODIDE NUMPY.whl NUMBER-READER.whl PIXELS.npy
// Prints JSON: [the text, what read it].

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, numpy, wheel, pixels] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(join(folder, "pyodide.mjs")).href);
try {
  const python = await loadPyodide({ indexURL: folder });
  for (const [name, path] of Object.entries({ "numpy.zip": numpy, "wheel.zip": wheel, "pixels.npy": pixels })) {
    python.FS.writeFile(`/${name}`, readFileSync(path));
  }
  const said = python.runPython(`
    import json, platform, sys, zipfile
    for archive in ("/numpy.zip", "/wheel.zip"):
        zipfile.ZipFile(archive).extractall("/packages")
    sys.path.insert(0, "/packages")
    import numpy, number_reader
    text = number_reader.load().read(numpy.load("/pixels.npy")).text
    json.dumps([text, f"Pyodide, Python {platform.python_version()}, numpy {numpy.__version__}"])
  `);
  console.log(said);
} catch (error) {
  console.error(error.message); // alone: Node would print the line of minified code that threw
  process.exit(1);
}
