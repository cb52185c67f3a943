// node lacking.mjs: a first cold call whose rest has not come, under Python and C++ that catch all they can. Prints as JSON what
// the worker told before it stopped.

import { isMainThread, parentPort, Worker } from "node:worker_threads";

const PATIENCE = 500; // ms in which something that runs on would be heard

if (isMainThread) {
  const worker = new Worker(new URL(import.meta.url));
  const heard = [];
  worker.on("error", (error) => heard.push(`${error}`));
  worker.on("exit", () => heard.push("ended"));
  worker.on("message", (message) => {
    heard.push(message);
    if (!("lacks" in message)) return;
    setTimeout(async () => {
      worker.removeAllListeners("exit");
      console.log(JSON.stringify(heard));
      await worker.terminate();
    }, PATIENCE);
  });
} else {
  globalThis.name = "whole"; // one that is told why
  const { cold, fetchRest, fresh, listening, unload } = await import("./bare.mjs");
  await fetchRest();
  const python = await fresh({ stdout: () => {}, stderr: () => {} });
  python.pyimport("numpy.fft");
  const throws = python.pyimport("throws");
  await fetchRest("empty.packed");
  unload();
  listening.listener = (message) => parentPort.postMessage(message);
  parentPort.postMessage({ came: throws.swallowed(), cold: cold() });
}
