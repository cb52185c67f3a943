// All that the worker that reads is made of. What others import is named here as well, so that all is fetched at once.
// PyScript's code comes last, as WebKit would begin Python only once the page has spoken to it (early.js says why).

import "../runtime/pyodide/pyodide.asm.mjs";
import "../runtime/pyodide/pyodide.mjs";
import "./unpack.mjs";
import "./pyodide.mjs";
import "../runtime/pyscript/worker.mjs";
