// The worker's side of single_files.js: the first message brings the files and the text of the module that it is to run.
// It answers when that begins, and can hear what else it is told.

addEventListener("message", start, { once: true });

async function start({ data: { folder, files, text, address } }) {
  Object.defineProperty(globalThis, "location", { value: new URL(folder) }); // its own is a blob's
  globalThis.importScripts = () => { throw new TypeError("as in any worker that is a module"); }; // Pyodide tries it
  globalThis.pageFiles = new PageFiles(folder, async (name) => files.get(name));
  pageFiles.moduleRuns = () => {
    delete pageFiles.moduleRuns;
    postMessage("runs");
  };
  const url = pageFiles.known(address.startsWith("blob:") ? folder : address);
  import(await pageFiles.moduleOf(text, url)).catch(reportError);
}
