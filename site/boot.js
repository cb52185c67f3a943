// What must work before Python does, or without it: to say that Python itself did not load.
// Everything else on this page is Python; app/main.py sets data-python when it has taken over.

const PATIENCE = 60; // seconds; MicroPython and its files are about half a megabyte
const GRACE = 3; // seconds; what failed may be the worker's, and Python come to say so itself
const body = () => document.body;
const pythonIsUp = () => body()?.dataset.python === "up";

function fail(sentence) {
  if (pythonIsUp()) return;
  body().dataset.app = "error";
  document.getElementById("status").textContent = typeof WebAssembly === "object" ? sentence : NO_WEBASSEMBLY;
  const retry = document.getElementById("retry");
  retry.hidden = false;
  retry.onclick = () => pythonIsUp() || location.reload();
  navigator.serviceWorker?.controller?.postMessage({ type: "check" }); // a file that it keeps may be damaged
}

const NOT_LOADED = "Python could not be loaded, so nothing can be read. Check the connection.";
const NO_WEBASSEMBLY = "This page needs WebAssembly, which this browser does not have or does not allow.";

// Errors of script and link elements do not bubble: they are only seen on the way down.
addEventListener(
  "error",
  (event) => {
    if (event.target instanceof HTMLElement && event.target.id.startsWith("core")) fail(NOT_LOADED);
  },
  true,
);
addEventListener("unhandledrejection", ({ reason }) => {
  // PyScript asks for storage; where that is forbidden, it does without.
  if (pythonIsUp() || reason instanceof Event || reason?.name === "SecurityError") return;
  body().dataset.trouble = String(reason?.message ?? reason);
  setTimeout(fail, GRACE * 1000, NOT_LOADED);
});
addEventListener("DOMContentLoaded", () => {
  if (typeof WebAssembly !== "object") fail(NO_WEBASSEMBLY);
  setTimeout(fail, PATIENCE * 1000, NOT_LOADED);
});

// A new version took over, accepted here or in another tab: what is loaded is of the old one, and must not go on with
// files of the new one, whether Python is up or not. The first version of all comes as no change.
try {
  const { serviceWorker } = navigator;
  let isControlled = Boolean(serviceWorker?.controller);
  serviceWorker?.addEventListener("controllerchange", () => {
    if (isControlled) location.reload();
    isControlled = true;
  });
} catch {
  // A page in a sandbox may not even look.
}
