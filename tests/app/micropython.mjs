// Runs answers.py in the page's own MicroPython: node micropython.mjs FOLDER, with micropython.mjs, micropython.wasm,
// modules.json ({path: source}) and cases.json in the folder; writes answers.json there.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const folder = process.argv[2];
const { loadMicroPython } = await import(pathToFileURL(join(folder, "micropython.mjs")));
const python = await loadMicroPython({ url: join(folder, "micropython.wasm"), linebuffer: true });
for (const [path, source] of Object.entries(JSON.parse(readFileSync(join(folder, "modules.json"), "utf8")))) {
    for (let at = path.indexOf("/"); at >= 0; at = path.indexOf("/", at + 1)) {
        try { python.FS.mkdir(path.slice(0, at)); } catch { /* it is there */ }
    }
    python.FS.writeFile(path, source);
}
python.FS.writeFile("cases.json", readFileSync(join(folder, "cases.json")));
python.runPython(`
import json, sys
assert sys.implementation.name == "micropython"
sys.path.append("")
from answers import answers
with open("cases.json") as file:
    cases = json.load(file)
with open("answers.json", "w") as file:
    json.dump(answers(cases), file)
`);
writeFileSync(join(folder, "answers.json"), python.FS.readFile("answers.json"));
