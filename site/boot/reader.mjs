// All that the worker that reads is made of, in the order in which it is begun. What others import is named here as well, so
// that all is fetched at once.

import "../runtime/pyodide/pyodide.asm.mjs";
import "../runtime/pyodide/pyodide.mjs";
import "./unpack.mjs";
import "./pyodide.mjs";
import "../runtime/pyscript/worker.mjs";
import "./listens.mjs";
