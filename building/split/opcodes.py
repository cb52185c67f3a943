"""What stands in the body of a function: each instruction's immediates, of which those are told that name a part of its module.

Known is what the pinned runtime is compiled to: WebAssembly 2.0 with exceptions, of the first kind and the second, and
calls at the end of a function. An instruction beyond that is refused, never guessed.
"""

from collections.abc import Iterator

from building.split.numbers import Reader, SplitError

# Of each opcode its immediates, a letter each: n a number, f a function, s a segment of data or elements, b the type of a
# block, m where in memory; T a list of numbers and one more; t a list of types; 4, 8: so many bytes; H the handlers of a
# try_table.
PLAIN = {
    **dict.fromkeys((0x00, 0x01, 0x05, 0x0B, 0x0F, 0x0A, 0x19, 0x1A, 0x1B, 0xD1), ""),
    **dict.fromkeys((0x02, 0x03, 0x04, 0x06), "b"),
    **dict.fromkeys((0x07, 0x08, 0x09, 0x0C, 0x0D, 0x18, 0xD0), "n"),
    0x0E: "T",
    **dict.fromkeys((0x10, 0x12, 0xD2), "f"),
    **dict.fromkeys((0x11, 0x13), "nn"),
    0x1C: "t",
    0x1F: "bH",
    **dict.fromkeys(range(0x20, 0x27), "n"),
    **dict.fromkeys(range(0x28, 0x3F), "m"),
    **dict.fromkeys((0x3F, 0x40, 0x41, 0x42), "n"),
    0x43: "4",
    0x44: "8",
    **dict.fromkeys(range(0x45, 0xC5), ""),
}
PREFIXED = {
    0xFC: {
        **dict.fromkeys(range(8), ""),
        **dict.fromkeys((8, 12), "sn"),  # memory.init, table.init
        **dict.fromkeys((9, 13), "s"),  # data.drop, elem.drop
        **dict.fromkeys((10, 14), "nn"),
        **dict.fromkeys((11, 15, 16, 17), "n"),
    },
}
CALLS = (0x10, 0x12)  # call and return_call
HANDLERS = {0: "nn", 1: "nn", 2: "n", 3: "n"}  # catch, catch_ref, catch_all, catch_all_ref


def named(body: bytes) -> Iterator[tuple[int, int, int, int]]:
    """(opcode, index, start, end) of each place in a body that names a function (call, return_call, ref.func) or a segment.

    body: as in the code section, without its size. start, end: where the index stands. SplitError where an instruction is
    unknown, or the body does not end with an `end`.
    """
    at = Reader(body)
    skip_locals(at)
    last = None
    while at.has_more:
        last = opcode = at.byte()
        if opcode in PREFIXED:
            kind = at.unsigned()
            immediates = PREFIXED[opcode].get(kind)
            name = f"0x{opcode:02x} {kind}"
        else:
            immediates = PLAIN.get(opcode)
            name = f"0x{opcode:02x}"
        if immediates is None:
            raise SplitError(f"instruction {name} is not known to building/split/opcodes.py")
        for each in immediates:
            if each in "fs":
                start = at.at
                yield opcode, at.unsigned(), start, at.at
            else:
                _skip(at, each)
    if last != 0x0B:
        raise SplitError("a function does not end where its body does")


def skip_locals(at: Reader) -> None:
    """Passes over the types of a body's locals."""
    for _ in range(at.unsigned()):
        at.unsigned()
        at.byte()


def _skip(at: Reader, immediate: str) -> None:
    if immediate == "n":
        at.skip_number()
    elif immediate == "b":
        at.skip_number(5)  # 0x40, a type of a value, each a byte, or the number of a type
    elif immediate == "m":
        if at.unsigned() >= 0x40:
            raise SplitError("a module of several memories is not known to building/split/opcodes.py")
        at.skip_number()
    elif immediate == "T":
        for _ in range(at.unsigned() + 1):
            at.unsigned()
    elif immediate == "t":
        for _ in range(at.unsigned()):
            at.byte()
    elif immediate == "H":
        for _ in range(at.unsigned()):
            kind = at.byte()
            if kind not in HANDLERS:
                raise SplitError(f"handler {kind} of a try_table is not known to building/split/opcodes.py")
            for _ in HANDLERS[kind]:
                at.unsigned()
    else:
        at.take(int(immediate))
