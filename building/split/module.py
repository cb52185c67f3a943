"""A WebAssembly module as its sections, and their items; put together again it is byte for byte what it was."""

from collections.abc import Iterator
from dataclasses import dataclass

from building.split.numbers import Reader, SplitError, sized, unsigned, vector

MAGIC = b"\0asm\1\0\0\0"
CUSTOM, TYPE, IMPORT, FUNCTION, TABLE, MEMORY, GLOBAL, EXPORT, START, ELEMENT, CODE, DATA, DATA_COUNT, TAG = range(14)
ORDER = (TYPE, IMPORT, FUNCTION, TABLE, MEMORY, TAG, GLOBAL, EXPORT, START, ELEMENT, DATA_COUNT, CODE, DATA)
FUNCTIONS, TABLES, MEMORIES, GLOBALS, TAGS = range(5)  # kinds of what is imported and exported
FUNC_TYPE, FUNC_REF = 0x60, 0x70
END = 0x0B


@dataclass(frozen=True)
class Import:
    """module, name: bytes as they stand. kind: of FUNCTIONS to TAGS. type: the bytes after the kind."""

    module: bytes
    name: bytes
    kind: int
    type: bytes

    @property
    def bytes(self) -> bytes:
        return sized(self.module) + sized(self.name) + bytes([self.kind]) + self.type


@dataclass(frozen=True)
class Export:
    name: bytes
    kind: int
    index: int

    @property
    def bytes(self) -> bytes:
        return sized(self.name) + bytes([self.kind]) + unsigned(self.index)


class Module:
    """sections: [[id, payload]] in their order, custom ones among them."""

    def __init__(self, sections: list[tuple[int, bytes]] | None = None) -> None:
        self.sections = sections or []

    def __bytes__(self) -> bytes:
        return MAGIC + b"".join(bytes([number]) + sized(payload) for number, payload in self.sections)

    def get(self, number: int) -> bytes | None:
        """The payload of a section, None where there is none."""
        return next((payload for each, payload in self.sections if each == number), None)

    def put(self, number: int, payload: bytes) -> None:
        """Replaces a section, or adds it at its place."""
        for at, (each, _) in enumerate(self.sections):
            if each == number or (each != CUSTOM and ORDER.index(each) > ORDER.index(number)):
                self.sections[at : at + (each == number)] = [(number, payload)]
                return
        self.sections.append((number, payload))

    def items(self, number: int) -> list[bytes]:
        """The items of a section, as bytes; [] where there is none. SplitError where it is not as it must be."""
        payload = self.get(number)
        if payload is None:
            return []
        at = Reader(payload)
        items = []
        for _ in range(at.unsigned()):
            start = at.at
            SKIP[number](at)
            items.append(payload[start : at.at])
        if at.has_more:
            raise SplitError(f"section {number} goes on after its end")
        return items

    def imports(self) -> list[Import]:
        found = []
        for item in self.items(IMPORT):
            at = Reader(item)
            found.append(Import(at.sized(), at.sized(), at.byte(), item[at.at :]))
        return found

    def exports(self) -> list[Export]:
        found = []
        for item in self.items(EXPORT):
            at = Reader(item)
            found.append(Export(at.sized(), at.byte(), at.unsigned()))
        return found

    def bodies(self) -> list[bytes]:
        """Of each function of its own: locals and instructions."""
        return [Reader(item).sized() for item in self.items(CODE)]

    def start(self) -> int | None:
        """The function that runs when the module is made; None where there is none."""
        payload = self.get(START)
        return None if payload is None else Reader(payload).unsigned()


def parsed(data: bytes) -> Module:
    """The module of these bytes. SplitError unless it is one of sections that are known, in their order, and gives the same
    bytes when it is put together of its smallest parts."""
    if not data.startswith(MAGIC):
        raise SplitError("it is no module of WebAssembly, version 1")
    at = Reader(data, len(MAGIC))
    module = Module()
    last = -1
    while at.has_more:
        number, payload = at.byte(), at.sized()
        if number != CUSTOM:
            if number not in ORDER:
                raise SplitError(f"section {number} is not known to building/split/module.py")
            if ORDER.index(number) <= last:
                raise SplitError(f"section {number} is not at its place")
            last = ORDER.index(number)
        module.sections.append((number, payload))
    if bytes(rewritten(module)) != data:
        raise SplitError("its numbers are not written as building/split writes them")
    return module


def rewritten(module: Module) -> Module:
    """The same, each section but custom ones put together of its items."""
    again = Module(list(module.sections))
    for number, _ in module.sections:
        if number in SKIP:
            again.put(number, vector(module.items(number)))
    finer = {
        IMPORT: [each.bytes for each in module.imports()],
        EXPORT: [each.bytes for each in module.exports()],
        CODE: [sized(body) for body in module.bodies()],
    }
    for number, items in finer.items():
        if module.get(number) is not None:
            again.put(number, vector(items))
    return again


# --- the types of functions ---------------------------------------------------------------


def parameters(function_type: bytes) -> int:
    """How many a function of this type takes."""
    at = Reader(function_type)
    at.byte()
    return len(at.sized())


def referenced(element: bytes) -> Iterator[int]:
    """The functions that a segment of elements names."""
    at = Reader(element)
    flags = _skip_element_head(at)
    for _ in range(at.unsigned()):
        if flags & 4:
            yield from in_constant(at)
        else:
            yield at.unsigned()


def in_constant(at: Reader) -> list[int]:
    """The functions that a constant expression names; `at` stands behind it then. SplitError where it is another
    expression than the pinned modules have."""
    found = []
    while (opcode := at.byte()) != END:
        if opcode == 0xD2:  # ref.func
            found.append(at.unsigned())
        elif opcode in (0x23, 0x41, 0x42, 0xD0):  # global.get, i32.const, i64.const, ref.null
            at.skip_number()
        elif opcode in (0x43, 0x44):  # f32.const, f64.const
            at.take(4 if opcode == 0x43 else 8)
        elif opcode not in (0x6A, 0x6B, 0x6C, 0x7C, 0x7D, 0x7E):  # add, sub, mul of i32 and i64
            raise SplitError(f"0x{opcode:02x} in a constant is not known to building/split/module.py")
    return found


# --- how long each item is ----------------------------------------------------------------


def _skip_type(at: Reader) -> None:
    if at.byte() != FUNC_TYPE:
        raise SplitError("a type that is none of a function is not known to building/split/module.py")
    at.sized()
    at.sized()


def _skip_limits(at: Reader) -> None:
    flags = at.byte()
    if flags > 1:
        raise SplitError("memory that is shared, or of 64 bits, is not known to building/split/module.py")
    for _ in range(1 + flags):
        at.unsigned()


def _skip_table(at: Reader) -> None:
    at.byte()
    _skip_limits(at)


def _skip_tag(at: Reader) -> None:
    at.byte()
    at.unsigned()


def _skip_import(at: Reader) -> None:
    at.sized()
    at.sized()
    kind = at.byte()
    skips = {
        FUNCTIONS: Reader.unsigned,
        TABLES: _skip_table,
        MEMORIES: _skip_limits,
        GLOBALS: _skip_two,
        TAGS: _skip_tag,
    }
    if kind not in skips:
        raise SplitError(f"imports of kind {kind} are not known to building/split/module.py")
    skips[kind](at)


def _skip_two(at: Reader) -> None:
    at.take(2)


def _skip_global(at: Reader) -> None:
    at.take(2)
    in_constant(at)


def _skip_export(at: Reader) -> None:
    at.sized()
    at.byte()
    at.unsigned()


def _skip_element_head(at: Reader) -> int:
    flags = at.unsigned()
    if flags > 7:
        raise SplitError(f"elements of kind {flags} are not known to building/split/module.py")
    if not flags & 1:
        if flags & 2:
            at.unsigned()
        in_constant(at)
    if flags & 3:
        at.byte()
    return flags


def _skip_element(at: Reader) -> None:
    flags = _skip_element_head(at)
    for _ in range(at.unsigned()):
        if flags & 4:
            in_constant(at)
        else:
            at.unsigned()


def _skip_data(at: Reader) -> None:
    flags = at.unsigned()
    if flags > 2:
        raise SplitError(f"data of kind {flags} are not known to building/split/module.py")
    if flags == 2:
        at.unsigned()
    if flags != 1:
        in_constant(at)
    at.sized()


SKIP = {
    TYPE: _skip_type,
    IMPORT: _skip_import,
    FUNCTION: Reader.unsigned,
    TABLE: _skip_table,
    MEMORY: _skip_limits,
    TAG: _skip_tag,
    GLOBAL: _skip_global,
    EXPORT: _skip_export,
    ELEMENT: _skip_element,
    CODE: Reader.sized,
    DATA: _skip_data,
}
