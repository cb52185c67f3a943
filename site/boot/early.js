// The worker that reads, begun before PyScript is there to ask for one: Python boots there while PyScript loads here.
// PyScript then gets this one as its first. Its own code for a worker is a file for that (building/runtime/pyscript.py).

{
  const LONGEST = 10; // seconds
  const src = document.currentScript.src; // as the build of the single file looks for it
  const all = (paths) => paths.map((path) => new URL(path, src).href);

  // All that the worker is made of, in one list, so that no file has to come before the next is asked for: first the modules,
  // what others import as well, PyScript's code last; then the files that boot/pyodide.mjs reads first.
  const modules = all([
    "../runtime/pyodide/pyodide.asm.mjs",
    "../runtime/pyodide/pyodide.mjs",
    "./unpack.mjs",
    "./rest.mjs",
    "./pyodide.mjs",
    "../runtime/pyscript/worker.mjs",
  ]);
  const files = all([
    "../runtime/pyodide/pyodide-lock.json",
    "../runtime/pyodide/pyodide.asm.wasm.packed",
    "../runtime/pyodide/python_stdlib.zip.packed",
  ]);

  // Runs in the worker before anything else: keeps each message until PyScript's code listens for it, each time for one
  // ({once: true}; Pyodide has a listener for all, and takes none). PyScript speaks to a worker as soon as it has one, and its
  // code may not be there yet. When it is can't be told from which module stands where, since engines differ in when they run
  // what: WebKit before Safari 27 evaluates the imports of a module one after the other, and waits for one with a top-level
  // await (PyScript's own) before it begins the next; Chromium and Firefox go on with the next, as the standard says
  // (webkit.org/b/242740).
  function keepMessages(modules, files) {
    postMessage({ reached: "begun" });
    const kept = [];
    const { addEventListener: listen } = globalThis;
    let takers = 0; // listeners that take the next message
    listen("message", (event) => {
      if (event.data === "fetch" || event.data === "begin") return begin(event);
      if (!event.isTrusted || (takers && !kept.length)) return; // delivered now, or at once
      event.stopImmediatePropagation();
      kept.push(event);
    });
    globalThis.addEventListener = (type, listener, options) => {
      if (type === "message" && options?.once) {
        takers++;
        listen(type, () => takers--, { once: true }); // runs just before that listener
        setTimeout(deliver);
      }
      listen(type, listener, options);
    };
    const deliver = () => {
      if (!takers || !kept.length) return;
      const { data, ports } = kept.shift();
      dispatchEvent(new MessageEvent("message", { data, ports }));
      setTimeout(deliver); // each in a task of its own, as they come otherwise
    };
    let hasBegun = false;
    const begin = (event) => {
      event.stopImmediatePropagation();
      if (!globalThis.askedFor) {
        globalThis.askedFor = new Map(files.map((name) => [name, fetch(name)])); // boot/unpack.mjs takes them
        for (const answer of askedFor.values()) answer.catch(() => {}); // whoever takes it is told
      }
      if (hasBegun || event.data === "fetch") return;
      hasBegun = true;
      Promise.all(modules.map((name) => import(name))).catch(reportError);
    };
  }

  // A blob has the policy of this page, which a file would not have. It imports while it runs: what it must have before,
  // Firefox does not ask the service worker for.
  const script = `(${keepMessages})(${JSON.stringify(modules)}, ${JSON.stringify(files)});`;
  const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));

  let lacks = false; // a worker called what had not come: others get that first
  let early = new Worker(address, { type: "module" });
  const giveUp = () => {
    early.removeEventListener("message", hear);
    early.terminate();
    early = null; // PyScript makes its own, and tells what is wrong with it
    window.downloaded = 0; // boot/page.js counts the other's
    window.reached = "";
  };
  early.onerror = giveUp;

  window.Worker = class extends Worker {
    constructor(asked, options) {
      if (!early || !String(asked).startsWith("blob:")) {
        super(asked, { ...options, name: lacks ? "whole" : "" }); // boot/rest.mjs looks at it
        this.addEventListener("message", hear);
        return this;
      }
      const taken = Object.setPrototypeOf(early, new.target.prototype);
      taken.onerror = ({ message }) => Promise.reject(new Error(message || "a file of it could not be fetched"));
      early = null;
      return taken;
    }
  };

  // What a worker tells of its start, and of a picture that it reads, is not for PyScript.
  const hear = (event) => {
    for (const name of ["downloaded", "reached", "stepped", "lacks"]) {
      if (!event.data?.[name]) continue;
      lacks ||= name === "lacks";
      event.stopImmediatePropagation();
      if (name === "lacks" && early) return giveUp(); // it has stopped: PyScript must not get it
      dispatchEvent(new CustomEvent(name, { detail: event.data[name] }));
    }
  };
  early.addEventListener("message", hear);

  // Its five megabytes would hold up the few that the pad waits for. When the largest of these has come (index.html asks for
  // all of them), the line is all but free, and it asks for its files; it begins once boot/micropython.mjs has made something
  // of the pad's. Where that takes too long, one of them may be stalled.
  const send = early.postMessage.bind(early); // PyScript's class for it comes to have one of its own
  const largest = document.querySelector("link[rel=preload][href$='micropython.wasm.packed']")?.href; // the single file has none
  const watch = new PerformanceObserver((come) => {
    if (!come.getEntriesByName(largest).length) return;
    watch.disconnect();
    send("fetch");
  });
  watch.observe({ type: "resource", buffered: true });
  const begin = () => send("begin");
  addEventListener("pad-has-come", begin, { once: true });
  setTimeout(begin, LONGEST * 1000);
}
