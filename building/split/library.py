"""Emscripten's glue without the functions of its JavaScript library that no module imports and no code names.

Pyodide brings all of that library (SDL, EGL, workers), for packages that may want it. What runs by itself stays, and what
modules import; a function or a constant stays if its name stands in something that stays, as a word wherever it is written,
so that more is kept than is used, never less. Whatever could do something when it is evaluated runs by itself.
"""

import re
from collections.abc import Iterator, Set

from building.split.numbers import SplitError

WORD = re.compile(rb"[\w$]+")
ESCAPE = re.compile(rb"\\.", re.S)  # in "\n_x" the word is _x
# o.x, o["x"], {x}=o, {x:y}=o, and more than these
PROPERTY = re.compile(rb'\.\s*([\w$]+)|["\'`]([\w$]+)(?=["\'`])|[{,]\s*([\w$]+)(?=\s*[,}:=])')
STRING = re.compile(rb'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|`(?:[^`\\]|\\.)*`', re.S)

HEAD = b"async function _createPyodideModule(moduleArg={}){"
FUNCTION = re.compile(rb"(?:async )?function\*? ?([\w$]+)\(")
VARIABLE = re.compile(rb"var ([\w$]+)=")
SIGNATURE = re.compile(rb'([\w$]+)\.sig="\w*";')
SHOWN = re.compile(rb'Module\["([\w$]+)"\]=\1;')
IMPORTS = re.compile(rb"var wasmImports=\{([\w$]+(?::[\w$]+)?(?:,[\w$]+(?::[\w$]+)?)*)\};")
# What is evaluated among the glue's own names: only the JavaScript of side modules, which exports.py refuses.
EVALUATED = re.compile(rb"\beval\((?!func\))")

# Tokens, as far as they matter: what opens and closes, and what may have brackets inside that do neither.
TOKEN = re.compile(
    rb'"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|//[^\n]*|/\*.*?\*/|[\w$\x80-\xff]+|\s+'
    rb"|[^\w$\s\"'`{}()\[\];,/]+|[`{}()\[\];,/]",
    re.S,
)
PATTERN = re.compile(rb"/(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/\w*")
TEXT = re.compile(rb"(?:[^`\\$]|\\.|\$(?!\{))*", re.S)
DIVIDES = re.compile(rb"[\w$\x80-\xff)\]\"'`]$")  # after what a / divides; after anything else it begins a pattern
ASKS = {b"return", b"typeof", b"case", b"in", b"of", b"delete", b"void", b"throw", b"else", b"do", b"await", b"yield"}
BEGINS = {b"function", b"async", b"var"}  # these begin a statement, if they stand behind a }
PAIRS = {b"(": b")", b"[": b"]", b"{": b"}"}
# What can do something when it is evaluated: instanceof and in ask objects, and . may be a getter, as [ may behind a name.
DOES = {b"new", b"await", b"yield", b"delete", b"class", b"throw", b"instanceof", b"in", b"`"}
PLAIN = re.compile(rb"[:!?-]+")

Tokens = list[bytes]


def without_unused(glue: bytes, imported: Set[bytes], named: Set[bytes]) -> bytes:
    """The glue without what is not used of its library.

    imported: the names of all that modules import. named: words of other scripts that have to do with Emscripten's object.
    SplitError where the glue is not as it is known here.
    """
    cut = _Library(glue).used(imported, named)
    if strange := EVALUATED.search(cut):
        raise SplitError(
            f"the glue evaluates text among its own names: {cut[strange.start() :][:80].decode(errors='replace')}"
        )
    return cut


class _Library:
    """The statements of the glue's one function, by what they are. `given`: what modules may import, [name, what it is]."""

    def __init__(self, glue: bytes) -> None:
        self.begin, self.end, statements = _statements(glue)
        self.glue = glue
        self.parts = [part for part, _ in statements]
        self.about: dict[bytes, list[int]] = {}  # what defines a name, and says its signature
        self.shown: dict[bytes, list[int]] = {}  # what makes it a property of Module
        self.running: set[int] = set()
        lists = []
        for number, (part, tokens) in enumerate(statements):
            if found := SHOWN.fullmatch(part):
                self.shown.setdefault(found[1], []).append(number)
            elif found := SIGNATURE.fullmatch(part) or FUNCTION.match(part):
                self.about.setdefault(found[1], []).append(number)
            elif found := IMPORTS.fullmatch(part):
                lists.append(number)
                self.given = [each.split(b":") for each in found[1].split(b",")]
            elif (found := VARIABLE.match(part)) and _does_nothing(tokens[3:]):
                self.about.setdefault(found[1], []).append(number)
            else:
                self.running.add(number)
        if len(lists) != 1:
            raise SplitError(
                "the glue's list of what it gives to modules is not as it is known to building/split/library.py"
            )
        self.list = lists[0]

    def used(self, imported: Set[bytes], named: Set[bytes]) -> bytes:
        """The glue with what runs by itself, what is imported or named from without, and what these use."""
        words, properties = set(named), set(named)
        staying: set[int] = set()
        fresh = self.running
        while True:
            staying |= fresh
            for number in fresh:
                words |= _words(self.parts[number])
                properties |= properties_of(self.parts[number])
            given = [each for each in self.given if each[0] in imported or each[0] in properties]
            words.update(each[-1] for each in given)
            fresh = {number for name in words for number in self.about.get(name, ())}
            fresh |= {number for name in properties for number in self.shown.get(name, ())}
            fresh -= staying
            if not fresh:
                break
        parts = list(self.parts)
        parts[self.list] = b"var wasmImports={" + b",".join(map(b":".join, given)) + b"};"
        kept = b"".join(part for number, part in enumerate(parts) if number in staying or number == self.list)
        return self.glue[: self.begin] + kept + self.glue[self.end :]


def _does_nothing(tokens: Tokens) -> bool:
    """Whether an expression and the ; behind it only make a value: of literals, names, functions that are not called."""
    if not tokens or tokens[-1] != b";":
        return False
    at, depth = 0, 0
    while at < len(tokens) - 1:
        token, after = tokens[at], tokens[at + 1]
        if after.startswith(b"=>") or token == b"(":
            end = at + 1 if after.startswith(b"=>") else _closing(tokens, at) + 1
            if tokens[end].startswith(b"=>"):
                at = _behind(tokens, end)
            elif tokens[end] == b"{":
                at = _closing(tokens, end) + 1
            else:
                return False
            continue
        depth += (token in PAIRS) - (token in PAIRS.values())
        number = token == b"." and tokens[at - 1].isdigit()
        name = WORD.fullmatch(token) or token[:1] in b"\"'"
        if token in DOES or (depth == 0 and token == b",") or (after == b"[" and (name or token in (b")", b"]", b"}"))):
            return False
        if not (name or number or token == b"," or token in PAIRS or token in PAIRS.values() or PLAIN.fullmatch(token)):
            return False
        at += 1
    return True


def _closing(tokens: Tokens, at: int) -> int:
    """Where the bracket that opens at `at` closes."""
    depth = 0
    for number in range(at, len(tokens)):
        depth += (tokens[number] in PAIRS) - (tokens[number] in PAIRS.values())
        if depth == 0:
            return number
    raise SplitError("the glue has a bracket that does not close")


def _behind(tokens: Tokens, at: int) -> int:
    """Where it goes on behind a function whose => stands at `at`."""
    if tokens[at] == b"=>" and tokens[at + 1] == b"{":
        return _closing(tokens, at + 1) + 1
    at += 1
    while tokens[at] not in (b",", b";", *PAIRS.values()):
        at = _closing(tokens, at) + 1 if tokens[at] in PAIRS else at + 1
    return at


def _statements(glue: bytes) -> tuple[int, int, list[tuple[bytes, Tokens]]]:
    """The statements of the glue's one function, and from where to where they go; some are several that are not told apart.
    SplitError where brackets do not close as they open."""
    if glue.count(HEAD) != 1:
        raise SplitError(
            "the glue has not one function _createPyodideModule as it is known to building/split/library.py"
        )
    first = begun = glue.index(HEAD) + len(HEAD)
    found: list[tuple[bytes, Tokens]] = []
    tokens: Tokens = []
    for token, depth, at in _tokens(glue, first):
        if depth < 0:
            found.append((glue[begun : at - 1], tokens))
            return first, at - 1, found
        tokens.append(token)
        if depth == 0 and token in (b";", b"}"):
            after = WORD.match(glue, at)
            if token == b";" or FUNCTION.match(glue, begun) or (after and after[0] in BEGINS):
                found.append((glue[begun:at], tokens))
                begun, tokens = at, []
    raise SplitError("the glue's function does not close")


def _tokens(glue: bytes, at: int) -> Iterator[tuple[bytes, int, int]]:
    """Tokens from `at` on: each with how deep in brackets it stands, where it is a bracket outside of it, and its end."""
    stack: list[bytes] = []
    last = b"{"
    while at < len(glue):
        inside = bool(stack) and stack[-1] == b"`"
        if inside:
            at = TEXT.match(glue, at).end()  # type: ignore[union-attr]
            if glue[at : at + 2] == b"${":
                stack.append(b"}")
                last, at = b"{", at + 2
                yield last, len(stack) - 1, at
                continue
        found = TOKEN.match(glue, at)
        token = found[0] if found else b""
        if token == b"/" and (last in ASKS or not DIVIDES.search(last)):
            found = None if last == b"}" else PATTERN.match(glue, at)
        if found is None:
            raise SplitError("the glue has a pattern, or a /, that is not understood")
        at = found.end()
        if token.isspace() or token.startswith((b"//", b"/*")):
            continue
        if token in PAIRS:
            stack.append(PAIRS[token])
        elif token == b"`" and not inside:
            stack.append(b"`")
        elif token in (b")", b"]", b"}", b"`") and (not stack or stack.pop() != token):
            if stack or token != b"}":
                raise SplitError("the glue has a bracket that does not close")
            yield token, -1, at
            return
        last = b")" if token == b"/" and at - found.start() > 1 else token
        yield token, len(stack) - (token in PAIRS), at


def _words(text: bytes) -> set[bytes]:
    return set(WORD.findall(ESCAPE.sub(b" ", text)))


def properties_of(text: bytes) -> set[bytes]:
    """Names that could be asked of an object: o.x, o["x"], what stands in braces, and all words of strings."""
    found = {name for names in PROPERTY.findall(text) for name in names if name}
    return found.union(*(_words(each) for each in STRING.findall(text)))
