// What must work before Python does, or without it: to say that Python itself did not load, and how far it has come.
// Everything else on this page is Python; app/main.py sets data-python when it has taken over.

const PATIENCE = 60; // seconds; MicroPython and its files are about half a megabyte
const GRACE = 3; // seconds; what failed may be the worker's, and Python come to say so itself
const body = () => document.body;
document.documentElement.toggleAttribute("data-scripts", true); // the style sheet says something where none runs
const serviceWorker = (() => {
  try {
    return navigator.serviceWorker;
  } catch {
    return undefined; // a page in a sandbox may not even look
  }
})();
const pythonIsUp = () => body()?.dataset.python === "up";

function fail(reason) {
  if (pythonIsUp() || body().dataset.app === "error") return;
  body().dataset.app = "error";
  document.getElementById("status").textContent = runsWebAssembly() ? `${NOT_LOADED}: ${reason}` : NO_WEBASSEMBLY;
  const retry = document.getElementById("retry");
  retry.hidden = false;
  retry.onclick = () => pythonIsUp() || loadAnew();
  serviceWorker?.controller?.postMessage({ type: "check" }); // a file that it keeps may be damaged
}

const NOT_LOADED = "Python could not be loaded, so nothing can be read";
const ADVICE = "Check the connection, and whether a blocker or another extension of the browser holds it back.";
const SILENT = `nothing came for a minute. ${ADVICE}`;
const NO_WEBASSEMBLY =
  "This page needs WebAssembly, which this browser lacks or does not allow. Lockdown Mode (Apple), enhanced security (Edge) " +
  "and the like turn it off: make an exception for this site in the browser's settings, and load the page anew.";

// The smallest module there is. Some modes leave the name, and refuse each module.
function runsWebAssembly() {
  try {
    return Boolean(new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])));
  } catch {
    return false;
  }
}

// Why a script did not run: the browser tells no page.
async function failAt(address) {
  const name = new URL(address, document.baseURI).pathname.split("/").at(-1);
  fail(`${name} ${await reasonOf(address)}`);
}

async function reasonOf(address) {
  try {
    const answer = await fetch(address);
    const type = answer.headers.get("Content-Type") ?? "nothing";
    if (!answer.ok) return `is refused by the host of this site (status ${answer.status}).`;
    if (!/javascript/.test(type)) return `comes from its host as ${type}, which no browser runs. Who runs this site can mend that.`;
    return "did not come whole. Try again.";
  } catch {
    return `could not be fetched. ${ADVICE}`;
  }
}

// An older version that lacks a file gives way to the one that is on the host: nothing of it works here.
async function loadAnew() {
  const registration = serviceWorker?.controller && (await serviceWorker.getRegistration());
  await registration?.update().catch(() => {});
  const next = registration?.installing ?? registration?.waiting;
  const takeOver = () => next.state === "installed" && next.postMessage({ type: "take over" }); // and the page reloads
  if (!next) return location.reload();
  next.addEventListener("statechange", () => (next.state === "redundant" ? location.reload() : takeOver()));
  takeOver();
}

// Errors of script and link elements do not bubble: they are only seen on the way down.
addEventListener(
  "error",
  ({ target, filename }) => {
    if (target instanceof HTMLScriptElement && target.id.startsWith("core")) failAt(target.src);
    if (target === window && /\/runtime\b/.test(filename)) setTimeout(failAt, GRACE * 1000, filename); // half a file
  },
  true,
);
addEventListener("unhandledrejection", ({ reason }) => {
  // PyScript asks for storage; where that is forbidden, it does without.
  if (pythonIsUp() || reason instanceof Event || reason?.name === "SecurityError") return;
  body().dataset.trouble = String(reason?.message ?? reason);
  setTimeout(fail, GRACE * 1000, `${body().dataset.trouble}. ${ADVICE}`);
});
addEventListener("DOMContentLoaded", () => {
  if (!runsWebAssembly()) fail();
  setTimeout(fail, PATIENCE * 1000, SILENT);
});

// --- versions

// A new version took over, accepted here or in another tab: what is loaded is of the old one, and must not go on with
// files of the new one, whether Python is up or not. The first version of all comes as no change.
let isControlled = Boolean(serviceWorker?.controller);
serviceWorker?.addEventListener("controllerchange", () => {
  if (isControlled) location.reload();
  isControlled = true;
});

// --- how far it has come: the bytes of what reads, which its worker tells of (boot/pyodide.mjs)

const DOWNLOAD = 70; // of the 100 that #progress counts to; app/main.py counts the steps after that
const SETTLED = 1.5; // seconds, before a rate is worth telling

const total = JSON.parse(document.querySelector("meta[name=awaited]").content);
window.downloaded = 0; // bytes: app/main.py looks at it, too
window.reached = ""; // steps of the worker's start, likewise
let began = 0; // ms since the page was asked for

// Tried again: another worker downloads everything once more.
addEventListener("anew", () => {
  window.downloaded = 0;
  window.reached = "";
  began = performance.now();
  document.getElementById("progress").value = 0;
});

addEventListener("reached", ({ detail }) => (window.reached += ` ${detail}`)); // one may come twice

// After the first visit everything is in the browser already: there is nothing to tell of.
addEventListener("downloaded", ({ detail }) => {
  window.downloaded += detail;
  if (!serviceWorker?.controller) tell(Math.min(window.downloaded, total));
});

function tell(loaded) {
  const progress = document.getElementById("progress");
  if (!progress || document.body.dataset.app !== "loading") return;
  progress.value = Math.max(progress.value, (DOWNLOAD * loaded) / total);
  document.getElementById("remaining").textContent = loaded < total ? remaining(loaded) : "";
}

function remaining(loaded) {
  const elapsed = (performance.now() - began) / 1000;
  const megabytes = `${(loaded / 1e6).toFixed(1)}/${(total / 1e6).toFixed(1)} MB`;
  if (elapsed < SETTLED) return megabytes;
  const seconds = ((total - loaded) / loaded) * elapsed;
  return `${megabytes}, ${seconds < 60 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`}`;
}
