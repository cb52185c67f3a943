// The worker's side of single_files.js: the first message brings the files and the text of the module that it is to run,
// which says that it runs before anything is told to it.

addEventListener("message", start, { once: true });

async function start({ data: { folder, files, text, address } }) {
  Object.defineProperty(globalThis, "location", { value: new URL(folder) }); // its own is a blob's
  globalThis.importScripts = () => { throw new TypeError("as in every module worker"); }; // Pyodide finds out by trying
  globalThis.pageFiles = new PageFiles(folder, async (name) => files.get(name));
  const url = pageFiles.known(address.startsWith("blob:") ? folder : address);
  import(await pageFiles.moduleOf(`postMessage("runs"); ${text}`, url)).catch(reportError);
}
