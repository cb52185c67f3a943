// The page's side of single_files.js: it has the files, each in an element of its own, and hands them to its workers.

{
  const parsed = new Promise((resolve) => addEventListener("DOMContentLoaded", resolve)); // the files stand at its end
  const file = ({ type, dataset, textContent }) => ({ type, packed: "packed" in dataset, text: textContent });
  const elements = () => [...document.querySelectorAll("script[data-file]")];
  const files = async () => (await parsed, new Map(elements().map((each) => [each.dataset.file, file(each)])));
  const find = async (name) => {
    await parsed;
    const element = elements().find((each) => each.dataset.file === name);
    return element && file(element);
  };
  globalThis.pageFiles = new PageFiles(new URL("./", location).href, find);

  // From file: Chromium starts no worker that is a module. A classic one it does, and that may import blobs of its own.
  const scripts = ["single_files", "single_worker"].map((id) => document.getElementById(id).textContent);
  const classic = URL.createObjectURL(new Blob(scripts, { type: "text/javascript" }));

  globalThis.Worker = class extends Worker {
    #runs;

    constructor(address) {
      super(classic);
      this.#runs = this.#start(String(address));
    }

    postMessage(...message) {
      this.#runs.then(() => super.postMessage(...message));
    }

    async #start(address) {
      const says = new Promise((resolve) => this.addEventListener("message", resolve, { once: true }));
      this.addEventListener("message", (event) => event.stopImmediatePropagation(), { once: true });
      const text = await (await fetch(address)).text();
      super.postMessage({ folder: pageFiles.folder, files: await files(), text, address });
      await says;
    }
  };
}
