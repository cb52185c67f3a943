// The worker that reads, begun before PyScript is there to ask for one: Python boots there while PyScript loads here.
// PyScript then gets this one as its first. Its own code for a worker is a file for that (building/pyscript.py).

{
  const reader = new URL("./reader.mjs", document.currentScript.src).href;
  // A blob has the policy of this page, which a file would not have. It imports while it runs: what it must have before,
  // Firefox does not ask the service worker for.
  const script = `import(${JSON.stringify(reader)}).catch(reportError);`;
  const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));

  const { postMessage } = Worker.prototype;
  let early = new Worker(address, { type: "module" });
  let deaf = early; // until PyScript's code listens there: see listens.mjs
  const held = []; // what is posted to it meanwhile
  early.onerror = () => (early = deaf = null); // PyScript makes its own, and tells what is wrong with it

  window.Worker = class extends Worker {
    constructor(asked, options) {
      if (!early || !String(asked).startsWith("blob:")) {
        super(asked, options);
        this.addEventListener("message", hear);
        return this;
      }
      const taken = Object.setPrototypeOf(early, new.target.prototype);
      taken.onerror = ({ message }) => Promise.reject(new Error(message || "a file of it could not be fetched"));
      early = null;
      return taken;
    }

    postMessage(...message) {
      if (this === deaf) held.push(message);
      else super.postMessage(...message);
    }
  };

  // What is not for PyScript.
  const hear = (event) => {
    if (event.data === "listens") {
      deaf = null;
      // Not by its own postMessage: PyScript gives it one that lets the last of these pass first.
      for (const message of held) postMessage.apply(event.currentTarget, message);
    } else if (event.data?.downloaded) {
      dispatchEvent(new CustomEvent("downloaded", { detail: event.data.downloaded }));
    } else return;
    event.stopImmediatePropagation();
  };
  early.addEventListener("message", hear);
}
