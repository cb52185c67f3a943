// Keeps every file of one version of the page in one cache, so that the page works offline, and answers with these
// files alone: what runs is never a mixture of two versions. A new version is kept beside the old one, and takes over
// when the person says so (app/keeping/offline.py), or when no tab has the old one open.
//
// What is packed is kept unpacked, and says so: to unpack it takes time at every start, and the browser keeps what it made
// of a .wasm only if that came as it is.
//
// It is JavaScript because a service worker can be nothing else. building/page/offline.py fills in version and files.

const VERSION = "build:version";
const FILES = { "build:files": "" }; // relative address -> SHA-256, in hexadecimal, of what is kept

const PACKED = ".packed";
const GZIP = 0x1f8b; // the first two bytes of what is packed
const UNPACKED = "Unpacked"; // a header, known to boot/unpack.mjs

const OURS = `number-reader ${registration.scope} `; // other pages of this host have caches, too
const CACHE = OURS + VERSION;
const HOME = new URL("./", location).href;
const HASHES = new Map(Object.entries(FILES).map(([name, hash]) => [new URL(name, location).href, hash]));

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));
addEventListener("message", (event) => {
  if (event.data?.type === "take over") skipWaiting();
  if (event.data?.type === "check") event.waitUntil(check());
});
addEventListener("fetch", (event) => {
  const address = withoutSearch(event.request.url);
  if (event.request.method === "GET" && HASHES.has(address)) event.respondWith(answer(address));
});

function withoutSearch(address) {
  const url = new URL(address);
  url.search = url.hash = "";
  return url.href === HOME + "index.html" ? HOME : url.href;
}

// All files or none: where this fails, the browser tries again at a later visit.
async function install() {
  const isNew = !(await caches.has(CACHE)); // not so where the page was put back to the version in use
  try {
    const all = [...HASHES.keys()].map(async (address) => keep(address, await obtain(address)));
    const failures = (await Promise.allSettled(all)).flatMap(({ reason }) => reason ?? []);
    if (failures.length) throw failures.find(({ name }) => name === "QuotaExceededError") ?? failures[0];
  } catch (error) {
    if (isNew) await caches.delete(CACHE);
    for (const page of await clients.matchAll({ includeUncontrolled: true }))
      page.postMessage({ type: "not kept", reason: error.name });
    throw error;
  }
}

async function activate() {
  const old = (await ourCaches()).filter((name) => name !== CACHE);
  for (const name of old) await caches.delete(name);
  if (!old.length) await clients.claim(); // the first visit goes on offline, without a reload
}

async function ourCaches() {
  return (await caches.keys()).filter((name) => name.startsWith(OURS));
}

// What is kept; what is missing is got anew: it is of this version, or an error. Hashing every file again here would
// make each start slower; check() does it after the start, or when that failed. Only those two that would ask for it
// are hashed each time: if they are damaged, nobody does.
async function answer(address) {
  try {
    const asks = address === HOME || address.endsWith("/boot/page.js");
    const kept = await (asks ? sound(fromCache, address) : fromCache(address));
    if (kept) return kept;
  } catch {
    // storage that does not work is no reason not to work online
  }
  try {
    const file = await obtain(address);
    keep(address, file.clone()).catch(() => {}); // no room: it is got anew the next time, too
    return file;
  } catch {
    return Response.error();
  }
}

// Gets anew what was damaged since it was kept.
async function check() {
  for (const address of HASHES.keys()) {
    if (await sound(fromCache, address)) continue;
    try {
      await keep(address, await obtain(address));
    } catch {
      // offline, or no room: the next time
    }
  }
}

async function fromCache(address) {
  return (await caches.open(CACHE)).match(address);
}

async function keep(address, file) {
  await (await caches.open(CACHE)).put(address, file);
}

// The file from the cache of another version, from what the page itself has just downloaded, or else from the server.
async function obtain(address) {
  const anyCache = () => caches.match(address);
  const browser = () => fetch(address, { cache: "default" });
  const server = () => fetch(address, { cache: "reload" });
  for (const source of [anyCache, browser, server]) {
    const file = await sound(source, address);
    if (file) return file;
  }
  throw new Error(`${address} is not to be had as this version needs it`);
}

// What a source has, if its bytes are those of this version; null otherwise.
async function sound(source, address) {
  try {
    const response = await source(address);
    return response?.ok ? await checked(response, address) : null;
  } catch {
    return null;
  }
}

async function checked(response, address) {
  const packed = address.endsWith(PACKED);
  const body = await (packed ? unpacked(response) : response.arrayBuffer());
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  const hash = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (hash !== HASHES.get(address)) return null;
  const type = address.endsWith(".wasm" + PACKED) ? "application/wasm" : response.headers.get("Content-Type");
  const headers = { "Content-Type": type ?? "application/octet-stream", ...(packed && { [UNPACKED]: "yes" }) };
  return new Response(body, { headers });
}

// As often as it is packed: some hosts unpack our files on the way, or pack them once more (boot/unpack.mjs).
async function unpacked(response) {
  let body = await response.arrayBuffer();
  while (new DataView(body).getUint16(0) === GZIP)
    body = await new Response(new Response(body).body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
  return body;
}
