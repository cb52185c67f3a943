// What the build has packed: gzip that does not depend on the host, and many files in one.

let onPart = () => {};

/** `listener(bytes)` is told of each part of a file that comes. */
export function listenToParts(listener) {
  onPart = listener;
}

/** The same Response, whose parts are told of while they come. Its `nearly` is a promise that most of it has come, which
 *  stays open if that never does. */
function counted(answer) {
  const { status, headers } = answer;
  const most = MOST * headers.get("Content-Length") || Infinity;
  let came = 0;
  let isNear;
  const nearly = new Promise((resolve) => (isNear = resolve));
  const counting = new TransformStream({
    transform(part, out) {
      onPart(part.length);
      came += part.length;
      if (came > most) isNear();
      out.enqueue(part);
    },
    flush: () => isNear(),
  });
  const body = answer.body?.pipeThrough(counting);
  return Object.assign(body ? new Response(body, { status, headers }) : answer, { nearly: body ? nearly : true });
}

const MOST = 0.9;

/** The bytes of a packed file as a Response that unpacks them while they come. Rejected if they do not come; its `whole`
 *  is rejected if they end too soon or are something else. */
export async function unpacked(url, type = "application/octet-stream") {
  const failed = (error) => fail(url, error.message ?? error);
  const answer = await asked(url);
  if (answer.headers.has("Unpacked")) return Object.assign(answer, { whole: true, nearly: true }); // service-worker.js did
  const { body, nearly } = counted(answer);
  const stream = await plain(body).catch(failed);
  const passing = new TransformStream();
  const whole = stream.pipeTo(passing.writable).catch(failed);
  whole.catch(() => {}); // whoever reads it is told, too
  return Object.assign(new Response(passing.readable, { headers: { "Content-Type": type } }), { whole, nearly });
}

/** A Response, if it is the file's. Rejected otherwise; the reason names the file. */
export async function asked(url) {
  const early = globalThis.askedFor?.get(url); // in the worker (early.js)
  globalThis.askedFor?.delete(url);
  const answer = await (early ?? fetch(url)).catch(() => fail(url, "it could not be fetched"));
  if (!answer.ok) fail(url, `the host answered with status ${answer.status}`);
  return answer;
}

function fail(url, reason) {
  throw new Error(`${new URL(url).pathname.split("/").at(-1)}: ${reason}`);
}

/** A stream of what was packed. How often it still is, how it begins tells: a host that declares our files as gzip has the
 *  browser unpack them on the way, and one that does not may have packed them once more. */
async function plain(stream) {
  for (;;) {
    const [first, second, rest] = await beginning(stream);
    if (first === LESS_THAN) throw new Error("the host sent a web page in its place");
    if (first !== GZIP[0] || second !== GZIP[1]) return rest;
    stream = rest.pipeThrough(new DecompressionStream("gzip"));
  }
}

const GZIP = [0x1f, 0x8b]; // no ZIP and no .wasm begins so, nor a table of ours (building/runtime/packing.py)
const LESS_THAN = 0x3c;

/** The first two bytes of a stream, and all of it. */
async function beginning(stream) {
  const [one, all] = stream.tee();
  const reader = one.getReader();
  const bytes = [];
  while (bytes.length < 2) {
    const { value, done } = await reader.read();
    if (done) break;
    bytes.push(...value.subarray(0, 2));
  }
  reader.cancel();
  return [bytes[0], bytes[1], all];
}

/** The bytes of a packed file that holds many: their table as JSON, its length before it, and they after it.
 *  unpacking: the promise of `unpacked`, where there is one. */
export async function unpackedFiles(url, unpacking = unpacked(url)) {
  const answer = await unpacking;
  const content = answer.arrayBuffer().catch(() => answer.whole); // which says more of why it did not come
  const [buffer] = await Promise.all([content, answer.whole]);
  try {
    return filesOf(new Uint8Array(buffer));
  } catch (error) {
    fail(url, error.message);
  }
}

function filesOf(bytes) {
  if (bytes.length < 4) throw new Error("a part of it is missing");
  const start = 4 + new DataView(bytes.buffer).getUint32(0, true);
  let end = start;
  const files = JSON.parse(new TextDecoder().decode(bytes.subarray(4, start))).map(([name, size]) => [
    name,
    bytes.subarray(end, (end += size)),
  ]);
  if (end !== bytes.length) throw new Error("a part of it is missing");
  return files;
}

/** Writes such files into a folder of Emscripten's file system. */
export function write(FS, folder, files) {
  const made = new Set();
  for (const [name, bytes] of files) {
    const path = `${folder}/${name}`;
    const parents = path.split("/").slice(1, -1);
    parents.reduce((parent, part) => {
      const here = `${parent}/${part}`;
      if (!made.has(here) && !FS.analyzePath(here).exists) FS.mkdir(here);
      made.add(here);
      return here;
    }, "");
    FS.writeFile(path, bytes);
  }
}

/** Runs `work` while fetch answers these addresses, {address: promise of a Response}, itself. If these answers or what else
 *  it needs, `others`, does not come, the work has failed: left alone, the runtimes wait for ever. */
export async function withAnswers(answers, others, work) {
  const fetch = globalThis.fetch;
  globalThis.fetch = (asked, options) => answers[String(asked?.url ?? asked)] ?? fetch(asked, options);
  const failure = new Promise((_, reject) => {
    for (const answer of Object.values(answers)) answer.then(({ whole }) => whole).catch(reject);
    for (const other of others) other.catch(reject);
  });
  try {
    return await Promise.race([work(), failure]);
  } finally {
    globalThis.fetch = fetch;
  }
}
