"""The functions that PyScript makes of texts while the page runs, written into its core by the build instead.

The page's policy lets no text become code: it has no 'unsafe-eval'. PyScript's core makes a function of a text in three
places: what runs in a worker before our code, put together on the page (its hooks) and sent as a text; the same text, made
a function in the worker (polyscript's createFunction); and what a worker has the page evaluate (reflected-ffi), which needs
memory that page and worker share, and which nothing of ours does. What the first is for this page stands in the core
itself, so that the build can write it into both; where another text comes, it is refused with a sentence.
"""

import re
from collections.abc import Mapping

from building.runtime.pyscript import WORKER, literal_of, only, text_of

NAME = r"[\w$]+"
# const t=Function(`return(${e}).apply(null,arguments)`)
EVALUATE = re.compile(rf"Function\(`return\(\$\{{{NAME}\}}\)\.apply\(null,arguments\)`\)")
# It=e=>Function(`'use strict';return (${e})`)()
CREATE = re.compile(rf"({NAME})=>Function\(`'use strict';return \(\$\{{\1\}}\)`\)\(\)")
# r=o(e[`_${t}`]||(t.endsWith("Async")?async(e,t,...n)=>{…}:…)),s=n.map(o).join(", ");return Function(`return(w,x)=>…`)()
HOOKS = re.compile(
    rf'({NAME})=({NAME})\({NAME}\[`_\$\{{({NAME})\}}`\]\|\|\(\3\.endsWith\("Async"\)\?(?P<each>async\([^()]*\)=>\{{[^{{}}]*\}}):'
    rf'\([^()]*\)=>\{{[^{{}}]*\}}\)\),({NAME})=({NAME})\.map\(\2\)\.join\(", "\);'
    rf"return (?P<site>Function\(`return\(w,x\)=>\(\$\{{\1\}}\)\(w,x,\.\.\.\[\$\{{\5\}}\]\)`\)\(\))"
)
# worker:{onReady:new So,onBeforeRun:new So,onBeforeRunAsync:new So([({interpreter:e})=>{…}]),onAfterRun:new So,…}
HOOK = re.compile(
    rf"worker:\{{onReady:new ({NAME}),onBeforeRun:new \1,onBeforeRunAsync:new \1\("
    rf"\[(?P<hook>\(\{{interpreter:({NAME})\}}\)=>\{{\3\.registerJsModule\([^()]*\)\}})\]"
    r"\),onAfterRun:new \1,onAfterRunAsync:new \1,"
)
# What makes code of a text, by any name of its own.
MAKES_CODE = re.compile(r"(?<![\w$])(?:eval|Function|AsyncFunction|GeneratorFunction)(?![\w$])(?!\.prototype\b)")
# Python of PyScript's for a worker that shares memory with the page; caught there where it does not.
IN_PYTHON = "js_import=window.Function('return (...urls) => Promise.all(urls.map((url) => import(url)))')()"

REFUSED = '(()=>{throw new Error("no text becomes a function here: building/runtime/functions.py")})()'


def without_texts(core: Mapping[str, bytes]) -> dict[str, bytes]:
    """PyScript's core {name: bytes} that makes no function of a text.

    ValueError where the core makes them in other places, or of another text, than the build knows.
    """
    hooks = only("the function made of a worker's hooks", HOOKS, core)
    hook = only("a worker's one hook", HOOK, core)
    evaluate = only("reflected-ffi's evaluate", EVALUATE, core)
    worker = only("its workers' code as a string", WORKER, core)
    code = text_of(worker[1])
    create = only("polyscript's createFunction", CREATE, {"worker": code.encode()})
    made = f"(w,x)=>({hooks['each']})(w,x,...[{hook['hook']}])"
    wanted = f"`(w,x)=>(${{{hooks[1]}}})(w,x,...[${{{hooks[5]}}}])`"
    code = code.replace(create[0], f"{create[1]}=>{_if_it_is(create[1], made)}")
    changes = {hooks["site"]: _if_it_is(wanted, made), evaluate[0]: REFUSED, worker[1]: literal_of(code)}
    changed = {}
    for name, data in core.items():
        text = data.decode()
        for old, new in changes.items():
            text = text.replace(old, new)
        changed[name] = text.encode()
    left = [each for data in changed.values() for each in MAKES_CODE.findall(data.decode().replace(IN_PYTHON, ""))]
    if left:
        raise ValueError(f"PyScript's core makes code of texts where the build does not know of: {', '.join(left)}")
    return changed


def _if_it_is(text: str, function: str) -> str:
    """An expression of JavaScript: the function, if the expression `text` is its text; an error otherwise."""
    return f"(known=>String(known)==={text}?known:{REFUSED})({function})"
