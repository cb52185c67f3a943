// The worker that reads, begun before PyScript is there to ask for one: Python boots there while PyScript loads here.
// PyScript then gets this one as its first. Its own code for a worker is a file for that (building/pyscript.py).

{
  const at = (path) => new URL(path, document.currentScript.src).href;
  const modules = [
    at("./unpack.mjs"), // these that others import are named too, so that all are fetched at once
    at("../runtime/pyodide/pyodide.mjs"),
    at("../runtime/pyodide/pyodide.asm.mjs"),
    at("./pyodide.mjs"),
    at("../runtime/pyscript/worker.mjs"),
  ];
  const script = modules.map((url) => `import ${JSON.stringify(url)};`);
  // A blob has the policy of this page, which a file would not have.
  const address = URL.createObjectURL(new Blob(script, { type: "text/javascript" }));

  let early = new Worker(address, { type: "module" });
  early.onerror = () => (early = null); // PyScript makes its own, and tells what is wrong with it

  window.Worker = class extends Worker {
    constructor(asked, options) {
      if (!early || !String(asked).startsWith("blob:")) return super(asked, options);
      const taken = Object.setPrototypeOf(early, new.target.prototype);
      taken.onerror = ({ message }) => Promise.reject(new Error(message || "a file of it could not be fetched"));
      early = null;
      return taken;
    }
  };
}
