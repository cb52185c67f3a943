"""One module made into two: the functions that run first, and the rest.

The first has every function at its old number, so that nothing that names one has to be changed: what ran has its body,
what did not is a stub, or nothing at all where only the rest calls it. A stub has the rest loaded, if it is not there yet,
and calls the function through a table of the first's own. The rest shares memory, tables, tags and globals with the first,
under their old numbers; where it calls functions of the first, these are imported. The first names its rest by content, so
that none is ever given another's.
"""

from collections.abc import Set
from dataclasses import dataclass
from hashlib import sha256

from building.split import module as wasm
from building.split.module import Export, Import, Module, in_constant, parameters, parsed, referenced
from building.split.numbers import Reader, SplitError, signed, sized, unsigned, vector
from building.split.opcodes import CALLS, named

# What the first exports for the rest and its loader; whoever instantiates it hides them from Emscripten.
HIDDEN = b"split:"
TABLE = HIDDEN + b"table"
LOADED = HIDDEN + b"loaded "  # and the name of the rest: 0 until it is there
NAME_LENGTH = 16  # hexadecimal digits of the rest's SHA-256
LOADER = 0  # the place in that table of what loads the rest, () -> (); stubs have the places after it
SMALL = 16  # bytes of a body that calls nothing: a stub would be no smaller

# No profile has all that a page will ever run. So more stays than ran, where that is short: what frees an object (tp_dealloc,
# tp_finalize) and takes apart a ring of them (tp_clear), as garbage is collected whenever it is, called through a table with an
# address, giving nothing or a number; and what is called by what stays, as of a branch that was not taken yet, and by that.
FREES = (bytes([wasm.FUNC_TYPE, 1, 0x7F, 0]), bytes([wasm.FUNC_TYPE, 1, 0x7F, 1, 0x7F]))
FREES_SIZE, CALLED_SIZE, STEPS = 256, 512, 2  # bytes of a body; how many calls further

I32, VOID = 0x7F, 0x40
NOTHING_RUNS = b"\x00\x00\x0b"  # a body: no locals, unreachable, end


@dataclass(frozen=True)
class Split:
    """first, rest: modules, as bytes. name: of the rest, as the first has it. stubs: how many functions the first hands on."""

    first: bytes
    rest: bytes
    name: str
    stubs: int


def split(data: bytes, hot: Set[int], exports: Set[bytes] | None = None) -> Split:
    """The two modules of one, `data`. hot: numbers of its own functions that ran, from 0. exports: names of those that stay,
    None for all.

    SplitError where the module is not as the splitter knows it, or lacks a function of `hot`.
    """
    whole = Whole(data, exports)
    if not all(0 <= number < len(whole.bodies) for number in hot):
        raise SplitError("the profile has functions that the module lacks")
    kept = whole.with_called(hot | whole.which_stay() | whole.which_free())
    cold = [number for number in range(len(whole.bodies)) if number not in kept]
    stubs = sorted(whole.reached_from(kept).intersection(cold))
    rest = _rest(whole, cold, stubs)
    name = hash_of(rest)[:NAME_LENGTH]
    return Split(_first(whole, kept, stubs, name), rest, name, len(stubs))


class Whole:
    """A module with what is asked about it. Functions of its own are numbered from 0; `imported` come before them. Of its
    exports it has those that `exports` names, or all."""

    def __init__(self, data: bytes, exports: Set[bytes] | None = None) -> None:
        self.data = data
        self.module = parsed(data)
        self.imports = self.module.imports()
        self.imported = sum(each.kind == wasm.FUNCTIONS for each in self.imports)
        self.types = self.module.items(wasm.TYPE)
        self.type_of = [Reader(item).unsigned() for item in self.module.items(wasm.FUNCTION)]
        self.bodies = self.module.bodies()
        self.exports = self.module.exports()
        if len(self.bodies) != len(self.type_of):
            raise SplitError("it has not as many bodies as functions")
        if any(each.name.startswith(HIDDEN) for each in self.exports):
            raise SplitError("it is split already")
        if exports is not None:
            self.exports = [each for each in self.exports if each.name in exports]
        self.names = [list(named(body)) for body in self.bodies]

    def count(self, kind: int, section: int) -> int:
        """How many tables, memories, globals or tags there are, imported ones among them."""
        return sum(each.kind == kind for each in self.imports) + len(self.module.items(section))

    def which_stay(self) -> set[int]:
        """Own functions that must have their bodies in the first, whether they ran or not: what starts the module, what names
        segments or functions as values, which the rest has not, and what is as small as a stub."""
        stay = {
            number
            for number, names in enumerate(self.names)
            if any(opcode not in CALLS for opcode, *_ in names) or (not names and len(self.bodies[number]) <= SMALL)
        }
        start = self.module.start()
        return stay | ({start - self.imported} if start is not None and start >= self.imported else set())

    def which_free(self) -> set[int]:
        """Own functions that look like those that free objects."""
        return {
            number
            for number in self.in_tables()
            if self.types[self.type_of[number]] in FREES and len(self.bodies[number]) <= FREES_SIZE
        }

    def with_called(self, kept: Set[int]) -> set[int]:
        """These own functions, and short ones that they call."""
        found = fresh = set(kept)
        for _ in range(STEPS):
            called = {index - self.imported for number in fresh for _, index, *_ in self.names[number]} - found
            fresh = {number for number in called if number >= 0 and len(self.bodies[number]) <= CALLED_SIZE}
            found = found | fresh
        return found

    def in_tables(self) -> set[int]:
        """Own functions that elements name."""
        named = {index for element in self.module.items(wasm.ELEMENT) for index in referenced(element)}
        return {index - self.imported for index in named if index >= self.imported}

    def reached_from(self, kept: Set[int]) -> set[int]:
        """Own functions that the kept ones call, or that are exported, or named by elements and globals."""
        reached = {index for number in kept for _, index, *_ in self.names[number]}
        reached |= {each.index for each in self.exports if each.kind == wasm.FUNCTIONS}
        for element in self.module.items(wasm.ELEMENT):
            reached.update(referenced(element))
        for item in self.module.items(wasm.GLOBAL):
            reached.update(in_constant(Reader(item, 2)))
        return {index - self.imported for index in reached if index >= self.imported}


def _first(whole: Whole, kept: Set[int], stubs: list[int], name: str) -> bytes:
    module = Module(list(whole.module.sections))
    table = whole.count(wasm.TABLES, wasm.TABLE)
    loaded = whole.count(wasm.GLOBALS, wasm.GLOBAL)
    types = list(whole.types)
    nothing = bytes([wasm.FUNC_TYPE, 0, 0])
    if nothing not in types:
        types.append(nothing)
    asks = types.index(nothing)
    ask = whole.imported + len(whole.bodies)  # the last function: others keep their numbers

    places = {number: place for place, number in enumerate(stubs, LOADER + 1)}
    bodies = []
    for number, body in enumerate(whole.bodies):
        if number in kept:
            bodies.append(body)
        elif number in places:
            bodies.append(_stub(whole, number, ask, table, places[number]))
        else:
            bodies.append(NOTHING_RUNS)
    bodies.append(
        b"\x00\x23" + unsigned(loaded) + bytes([0x45, 0x04, VOID, 0x41]) + signed(LOADER)
        + b"\x11" + unsigned(asks) + unsigned(table) + b"\x0b\x0b"
    )  # fmt: skip

    size = unsigned(len(stubs) + 1)
    module.put(wasm.TYPE, vector(types))
    module.put(wasm.FUNCTION, vector([*whole.module.items(wasm.FUNCTION), unsigned(asks)]))
    module.put(
        wasm.TABLE, vector([*whole.module.items(wasm.TABLE), bytes([wasm.FUNC_REF, 1]) + size + size])
    )  # as large as it ever is
    module.put(wasm.GLOBAL, vector([*whole.module.items(wasm.GLOBAL), bytes([I32, 1, 0x41, 0, wasm.END])]))
    hidden = [Export(TABLE, wasm.TABLES, table), Export(LOADED + name.encode(), wasm.GLOBALS, loaded)]
    hidden += [Export(each.name, each.kind, index) for each, index in shared(whole)]
    hidden += [Export(_name(wasm.FUNCTIONS, index), wasm.FUNCTIONS, index) for index in _wanted(whole, kept)]
    module.put(wasm.EXPORT, vector([each.bytes for each in [*whole.exports, *hidden]]))
    module.put(wasm.CODE, vector([sized(body) for body in bodies]))
    return bytes(module)


def _stub(whole: Whole, number: int, ask: int, table: int, place: int) -> bytes:
    kind = whole.type_of[number]
    handed_on = b"".join(b"\x20" + unsigned(each) for each in range(parameters(whole.types[kind])))
    called = b"\x41" + signed(place) + b"\x11" + unsigned(kind) + unsigned(table)
    return b"\x00\x10" + unsigned(ask) + handed_on + called + b"\x0b"


def _rest(whole: Whole, cold: list[int], stubs: list[int]) -> bytes:
    wanted = _wanted(whole, set(range(len(whole.bodies))).difference(cold))
    function_type = _types_of_functions(whole)
    imports = [each for each, _ in shared(whole)]
    table = sum(each.kind == wasm.TABLES for each in imports)
    imports.append(Import(b"", TABLE, wasm.TABLES, bytes([wasm.FUNC_REF, 0, 0])))
    imports += [
        Import(b"", _name(wasm.FUNCTIONS, index), wasm.FUNCTIONS, unsigned(function_type[index])) for index in wanted
    ]
    moved = {index: at for at, index in enumerate(wanted)}
    moved |= {whole.imported + number: at for at, number in enumerate(cold, len(wanted))}
    element = (
        unsigned(2) + unsigned(table) + b"\x41" + signed(LOADER + 1) + bytes([wasm.END, 0])
        + vector([unsigned(moved[whole.imported + number]) for number in stubs])
    )  # fmt: skip
    rest = Module()
    rest.put(wasm.TYPE, vector(whole.types))
    rest.put(wasm.IMPORT, vector([each.bytes for each in imports]))
    rest.put(wasm.FUNCTION, vector([unsigned(whole.type_of[number]) for number in cold]))
    rest.put(wasm.ELEMENT, vector([element]))
    rest.put(wasm.CODE, vector([sized(_renumbered(whole, number, moved)) for number in cold]))
    return bytes(rest)


def _renumbered(whole: Whole, number: int, moved: dict[int, int]) -> bytes:
    """A body whose calls have the numbers of the rest."""
    body, parts, done = whole.bodies[number], [], 0
    for _, index, start, end in whole.names[number]:
        parts += [body[done:start], unsigned(moved[index])]
        done = end
    return b"".join([*parts, body[done:]])


def shared(whole: Whole) -> list[tuple[Import, int]]:
    """What the rest has of the first in its old numbers, as imports, each with that number: tables, memories, globals, tags."""
    sections = {
        wasm.TABLES: wasm.TABLE,
        wasm.MEMORIES: wasm.MEMORY,
        wasm.GLOBALS: wasm.GLOBAL,
        wasm.TAGS: wasm.TAG,
    }
    found = []
    for kind, section in sections.items():
        types = [each.type for each in whole.imports if each.kind == kind]
        types += [_without_value(item) if kind == wasm.GLOBALS else item for item in whole.module.items(section)]
        for index, each in enumerate(types):
            found.append((Import(b"", _name(kind, index), kind, _of_any_size(kind, each)), index))
    return found


def _without_value(item: bytes) -> bytes:
    return item[:2]  # its type, and whether it changes


def _of_any_size(kind: int, each: bytes) -> bytes:
    """A type that what is imported has, however far it has grown."""
    if kind == wasm.TABLES:
        return each[:1] + b"\0\0"
    return b"\0\0" if kind == wasm.MEMORIES else each


def _wanted(whole: Whole, kept: Set[int]) -> list[int]:
    """Functions by their number in the whole module that the rest calls and does not have."""
    called = {index for number, names in enumerate(whole.names) if number not in kept for _, index, *_ in names}
    return sorted(index for index in called if index < whole.imported or index - whole.imported in kept)


def _types_of_functions(whole: Whole) -> list[int]:
    of_imports = [Reader(each.type).unsigned() for each in whole.imports if each.kind == wasm.FUNCTIONS]
    return of_imports + whole.type_of


def _name(kind: int, index: int) -> bytes:
    return HIDDEN + b"ftmge"[kind : kind + 1] + str(index).encode()


def hash_of(data: bytes) -> str:
    """What a profile names a module by."""
    return sha256(data).hexdigest()
