"""Which exports of Pyodide's module somebody names, and Emscripten's glue without the others.

Pyodide exports whatever a package may ever want. The page has one, numpy, so that nine exports of ten are named by nobody.
A name is found where it stands: in the glue, in other JavaScript, among what side modules import. Names are compared as
words, wherever they stand, so that more is kept than is used, never less; a name that the glue puts together at run time
is "_" before a word. Where the glue does so in a way that is not known here, it is refused.

What Emscripten needs to link side modules (memory, table, tags, __wasm_call_ctors) it names in its glue as well.
"""

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass

from building.split import module as wasm
from building.split.library import properties_of, without_unused
from building.split.module import parsed
from building.split.numbers import SplitError, vector

# How the glue gives names to exports: variables, then the one function that fills them.
ASSIGNED = re.compile(rb"\bvar ([\w$]+(?:,[\w$]+)*);function assignWasmExports\(wasmExports\)\{([^{}]*)\}")
# _x=Module["_x"]=wasmExports["x"], of data .value>>>0; memory and table have more names, and where nobody asks for the
# property it is cut out here.
STATEMENT = re.compile(
    rb'([\w$]+)=(?:Module\["\1"\]=)?([\w$]+=(?:Module\["[\w$]+"\]=)?)?wasmExports\["([\w$.]+)"\](?:\.value>>>0)?'
)
WORD = re.compile(rb"[\w$]+")
VARIABLE = re.compile(rb"(?:^|(?<=\]=))([\w$]+)=")
ESCAPE = re.compile(rb"\\.")  # in "\n_x" the word is _x

# What stands in brackets behind the objects that have the exports, where it is no literal. In the first row are names
# that side modules import, in the second a word of the glue's own, with "_" before it.
COMPUTED = re.compile(rb'\b(?:Module|wasmExports|wasmImports)\s*(?:\?\.)?\[(?!"[^"\\]*"\])([^\]]*)\]')
KNOWN = {b"symName", b"prop", b"target"} | {b'"_"+ident', b'"_"+func'}
# By these functions, and by the whole object, other scripts could ask for names that are no words of theirs.
ASKING = {b"ccall", b"cwrap", b"getCFunc", b"asmjsMangle", b"wasmExports", b"wasmImports"}
# JavaScript that a side module brings in its data, and that runs among the glue's variables.
CODE_IN_DATA = (b"__em_js__", b"__start_em_js", b"__start_em_asm")


@dataclass(frozen=True)
class Cut:
    """glue: pyodide.asm.mjs, cut. exports: the names of those of its module that stay."""

    glue: bytes
    exports: frozenset[bytes]


def cut(glue: bytes, module: bytes, sides: Iterable[bytes], texts: Iterable[bytes] = ()) -> Cut:
    """All that can be cut of pyodide.asm.mjs and of the exports of `module`, pyodide.asm.wasm.

    sides: every module that is linked to it at run time. texts: other JavaScript that has to do with Emscripten's object.
    SplitError where one of them is not as it is known here: then glue and exports have to stay whole, both.
    """
    linked, texts = Linked(module, sides), list(texts)
    named = without_unnamed(glue, linked.kept(glue, texts), texts)  # first, for it makes most of the text shorter
    used = without_unused(named, linked.imported, set().union(*map(_words, texts)))
    exports = linked.kept(used, texts)
    return Cut(without_unnamed(used, exports, texts), exports)


class Linked:
    """A module and what is linked to it. exports: its own. imported: the names of what it and the others import."""

    def __init__(self, module: bytes, sides: Iterable[bytes]) -> None:
        main = parsed(module)
        self.exports = main.exports()
        self.imported = {each.name for each in main.imports()}
        for side in map(parsed, sides):
            self.imported |= {each.name for each in side.imports()}
            if code := next((each.name for each in side.exports() if each.name.startswith(CODE_IN_DATA)), None):
                raise SplitError(f"a side module has JavaScript in its data: {code.decode(errors='replace')}")

    def kept(self, glue: bytes, texts: Iterable[bytes] = ()) -> frozenset[bytes]:
        """The names of the exports that have to stay. SplitError: as of cut."""
        at = _assigned(glue)
        words = _words(glue[: at.start()] + glue[at.end() :])
        for text in texts:
            more = _words(text)
            if asking := sorted(more & ASKING):
                raise SplitError(f"a script asks for exports by names that are not seen: {asking[0].decode()}")
            words |= more
        return frozenset(
            each.name
            for each in self.exports
            if each.kind not in (wasm.FUNCTIONS, wasm.GLOBALS)
            or {each.name, b"_" + each.name} & words
            or each.name in self.imported
        )


def without_unnamed(glue: bytes, kept: Set[bytes], texts: Iterable[bytes] = ()) -> bytes:
    """The glue, with names only for those of the exports `kept` that it, or one of `texts`, calls by name.

    What side modules import they find among the exports themselves. SplitError where the glue is not as it is known here,
    or names what is not kept.
    """
    at = _assigned(glue)
    rest, texts = glue[: at.start()] + glue[at.end() :], list(texts)
    words = _words(rest).union(*map(_words, texts))
    asked = properties_of(rest).union(*map(_words, texts))
    staying, gone = [], set()
    for statement in _statements(at[2]):
        variable, name = statement[1], statement[3]
        if not (statement[2] or variable in words or name in words):
            gone.add(variable)
            continue
        if name not in kept:
            raise SplitError(f"the glue names an export that is not kept: {name.decode()}")
        if statement[2] or variable in asked or name in words:  # by its bare name it is asked for through "_"+name
            staying.append(statement[0])
        else:
            staying.append(statement[0].replace(b'Module["%b"]=' % variable, b"", 1))
    variables = b",".join(each for each in at[1].split(b",") if each not in gone)
    function = b"function assignWasmExports(wasmExports){" + b";".join(staying) + b"}"
    return glue[: at.start()] + b"var " + variables + b";" + function + glue[at.end() :]


def without_exports(module: bytes, kept: Set[bytes]) -> bytes:
    """The module in one piece, with those of its exports alone that `kept` names. SplitError as from split."""
    cut = parsed(module)
    cut.put(wasm.EXPORT, vector([each.bytes for each in cut.exports() if each.name in kept]))
    return bytes(cut)


def _assigned(glue: bytes) -> re.Match[bytes]:
    """Where the glue gives names to exports: the list of variables, and the body of assignWasmExports."""
    if glue.count(b"function assignWasmExports(") != 1 or len(found := list(ASSIGNED.finditer(glue))) != 1:
        raise SplitError("the glue has not one function assignWasmExports as it is known to building/split/exports.py")
    (at,) = found
    computed = {each[1] for each in COMPUTED.finditer(glue)}
    if strange := sorted(computed - KNOWN):
        raise SplitError(
            f"the glue asks for exports by names that are not seen: [{strange[0].decode(errors='replace')}]"
        )
    filled = [name for each in _statements(at[2]) for name in VARIABLE.findall(each[0])]
    if sorted(at[1].split(b",")) != sorted(filled):
        raise SplitError("the variables of exports are not those that assignWasmExports fills")
    return at


def _statements(body: bytes) -> list[re.Match[bytes]]:
    """What assignWasmExports does, a match of STATEMENT for each export."""
    found = []
    for each in body.split(b";"):
        known = STATEMENT.fullmatch(each)
        if known is None:
            raise SplitError(
                f"assignWasmExports has a statement that is not known: {each[:80].decode(errors='replace')}"
            )
        found.append(known)
    return found


def _words(text: bytes) -> set[bytes]:
    return set(WORD.findall(ESCAPE.sub(b" ", text)))
