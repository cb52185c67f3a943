"""A module that tells which of its functions ran: a table of its own, whose places are emptied by the functions."""

from building.split import module as wasm
from building.split.module import Export, Module
from building.split.numbers import Reader, signed, sized, unsigned, vector
from building.split.opcodes import skip_locals
from building.split.splitting import HIDDEN, Whole, hash_of

RAN = HIDDEN + b"ran "  # and the module's hash: the table, null where a function of the module's own has run


def instrumented(data: bytes) -> bytes:
    """The same module with that table, as an export; SplitError as from split."""
    whole = Whole(data)
    module = Module(list(whole.module.sections))
    table, size = whole.count(wasm.TABLES, wasm.TABLE), unsigned(len(whole.bodies))
    module.put(wasm.TABLE, vector([*whole.module.items(wasm.TABLE), bytes([wasm.FUNC_REF, 1]) + size + size]))
    full = (
        unsigned(2)
        + unsigned(table)
        + bytes([0x41, 0, wasm.END, 0])
        + vector([unsigned(whole.imported)] * len(whole.bodies))
    )
    module.put(wasm.ELEMENT, vector([*whole.module.items(wasm.ELEMENT), full]))
    module.put(
        wasm.EXPORT,
        vector([each.bytes for each in [*whole.exports, Export(RAN + hash_of(data).encode(), wasm.TABLES, table)]]),
    )
    bodies = []
    for number, body in enumerate(whole.bodies):
        at = Reader(body)
        skip_locals(at)
        tells = b"\x41" + signed(number) + bytes([0xD0, wasm.FUNC_REF, 0x26]) + unsigned(table)
        bodies.append(sized(body[: at.at] + tells + body[at.at :]))
    module.put(wasm.CODE, vector(bodies))
    return bytes(module)
