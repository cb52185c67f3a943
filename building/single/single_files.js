// What building/single/single.py has put into the page answers here for itself, in the page as in its worker: fetch and
// the modules' import find the files that stand in it under the addresses which they would have if they lay beside it.

// Where modules are told that they are: nothing answers there. Of file: itself Emscripten does not fetch.
const HOME = "https://number-reader.invalid/";

const STATIC_IMPORT = /(?<![^;\n])(\s*(?:import|export)\b(?:[^"'();]*\bfrom)?\s*)["']([^"']+)["']/g;
const IMPORT_META = /\bimport\.meta\b/g;
const DYNAMIC_IMPORT = /(?<![\w$.])import(?=\()/g;

class PageFiles {
  #modules = new Map(); // promises of where import finds them, by the addresses that they are asked for by
  #importsBlobs; // a promise of whether this engine does, here

  /** folder: the address of where the page lies. find(name): a promise of {type, packed, text}, the text in base 64, or of
   *  undefined for what is not in the page. */
  constructor(folder, find) {
    this.folder = folder;
    this.find = find;
    const network = fetch.bind(globalThis);
    globalThis.fetch = async (asked, options) =>
      (await this.answer(new URL(asked?.url ?? asked, folder).href)) ?? network(asked, options);
  }

  /** The address that a module is told for the one that it is asked for by. */
  known(address) {
    return address.startsWith(this.folder) ? HOME + address.slice(this.folder.length) : address;
  }

  /** A promise of a Response, or of undefined. */
  async answer(address) {
    const { origin, pathname } = new URL(this.known(address));
    const file = HOME === `${origin}/` ? await this.find(pathname.slice(1)) : undefined;
    if (!file) return undefined;
    const bytes = Uint8Array.fromBase64?.(file.text) ?? Uint8Array.from(atob(file.text), (byte) => byte.charCodeAt());
    const { body: stream } = new Response(bytes); // not a Blob's: in a worker of a file: page WebKit can't read one
    const body = file.packed ? stream.pipeThrough(new DecompressionStream("gzip")) : stream;
    return new Response(body, { headers: { "Content-Type": file.type } });
  }

  /** What import(specifier) is in a module of this address. */
  async import(specifier, from = this.folder) {
    return import(await this.#module(new URL(specifier, from).href));
  }

  #module(address) {
    const url = this.known(address);
    if (!this.#modules.has(url)) this.#modules.set(url, this.#make(url));
    return this.#modules.get(url);
  }

  async #make(url) {
    const file = await this.answer(url);
    return file ? this.moduleOf(await file.text(), url) : url;
  }

  /** The address of a module of this text, told that it is at `url`. Where it really is is no base of addresses; so what
   *  it says of them is changed, also where the text of PyScript's worker stands in it. */
  async moduleOf(text, url) {
    for (const [whole, statement, specifier] of text.matchAll(STATIC_IMPORT))
      text = text.replace(whole, `${statement}"${await this.#module(new URL(specifier, url).href)}"`);
    text = text.replace(IMPORT_META, "importMeta").replace(DYNAMIC_IMPORT, "importHere");
    const names = `const importMeta = {url: "${url}"}, importHere = (name) => pageFiles.import(name, importMeta.url);`;
    return this.#addressOf(`${names}pageFiles.moduleRuns?.();${text}`);
  }

  /** Where import finds this script: a blob; in a worker of a file: page WebKit denies these, but takes a data: address.
   *  (Firefox does not start from the latter, and they grow with each module that names another.) */
  async #addressOf(script) {
    this.#importsBlobs ??= import(blobOf("")).then(() => true, () => false);
    return (await this.#importsBlobs) ? blobOf(script) : dataOf(script);
  }
}

function blobOf(script) {
  return URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
}

function dataOf(script) {
  const bytes = new TextEncoder().encode(script);
  let text = "";
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return `data:text/javascript;base64,${btoa(text)}`;
}
