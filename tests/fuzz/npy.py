"""NPZ files that are damaged, lie, or are something else, and their arrays."""

import struct

import numpy as np

from tests.fuzz import zips
from tests.fuzz.damage import SIZES, damaged, noise
from tests.number_reader.damage import members, npy

DESCRIPTIONS = (
    "|i1", "|u1", "<i4", "<u4", "<i8", "<f4", ">f4", "<f2", "<f8", "<c16", "|b1", "<U1", "<U4294967295", "|S0", "|O",
    "|V8",
    "|V2147483647", "<M8[s]", "<M8[25s]", "f", "i9", "", "object", "c8,u1", "(2147483647,2147483647)u1",
    "[('a','<f4')]",
)  # fmt: skip


def hostile(content, kinds, rng):
    """An NPZ made of a right one, which holds {key: (dtype, dimensions)}."""
    way = rng.randrange(20)
    if way == 0:
        return noise(rng)
    if way < 5:
        return damaged(content, rng)
    parts = members(content)
    if way < 12:
        return zips.hostile(parts, rng)
    for _ in range(rng.choice((1, 1, 2))):
        key = rng.choice(sorted(kinds))
        parts[key + ".npy"] = member(parts[key + ".npy"], *kinds[key], rng)
    return zips.hostile(parts, rng) if rng.random() < 0.1 else packed(parts)


def packed(parts):
    return zips.assembled([zips.Member(name.encode(), data) for name, data in parts.items()])


def member(content, dtype, dimensions, rng):
    """Something in place of an array file."""
    way = rng.randrange(5)
    if way == 0:
        return damaged(content, rng)
    if way == 1:
        return rng.choice(
            (
                b"",
                b"\x93NUMPY",
                noise(rng),
                b"\x93NUMPY\x01\x00\xff\xff",
                b"\x93NUMPY\x02\x00" + b"\xff" * 4,
                b"\x80\x04N.",
            )
        )
    if way == 2:
        return npy(any_array(dtype, dimensions, rng))
    if way == 3:
        return with_header(header(rng), content[128:] if rng.random() < 0.5 else noise(rng), rng)
    data = bytearray(content)  # right in form, wrong in what it says
    for _ in range(rng.choice((1, 3, 20))):
        if len(data) > 128:
            at = rng.randrange(128, len(data))
            data[at : at + 4] = rng.choice((*FLOATS, rng.randbytes(4)))[: len(data) - at]
    return bytes(data)


FLOATS = b"\xff" * 4, bytes(4), b"\0\0\xc0\x7f", b"\0\0\x80\x7f", b"\xff\xff\x7f\x7f"  # NaN, 0, NaN, infinity, largest


def any_array(dtype, dimensions, rng):
    """An array of about the right type and shape, with values at the edges of what there is."""
    if rng.random() < 0.3:
        dtype = rng.choice(("i1", "u1", "i4", "f4", "f8", "i8", "u8", "bool", "U3", "c8"))
    if rng.random() < 0.2:
        dimensions = rng.randrange(4)
    shape = tuple(rng.choice((0, 1, 2, 4, 9, 13, 28, 39, 108, 590)) for _ in range(dimensions))
    if np.prod(shape) > 400_000:
        shape = shape[:1]
    dtype = np.dtype(dtype)
    if dtype.kind == "f":
        values = np.array([0, 1, -1, np.nan, np.inf, -np.inf, 1e-45, 3e38, -3e38, 0.5])
        few = [values[rng.randrange(len(values))] for _ in range(rng.choice((1, 2, 5)))]
    elif dtype.kind in "iu":
        few = [
            rng.choice((np.iinfo(dtype).min, np.iinfo(dtype).max, 0, 1, 3, 10)) for _ in range(rng.choice((1, 2, 5)))
        ]
    else:
        few = [0, 1]
    out = np.resize(np.array(few, dtype), shape)
    return np.asfortranarray(out) if rng.random() < 0.1 else out


def header(rng):
    """The text of a header that claims any type and shape."""
    shape = tuple(rng.choice((*SIZES, -1, -(2**31), True, 1.5, "9", None)) for _ in range(rng.randrange(5)))
    text = repr(
        {"descr": rng.choice(DESCRIPTIONS), "fortran_order": rng.choice((False, False, True, 1, None)), "shape": shape}
    )
    way = rng.randrange(12)
    if way == 0:
        return "(" * 400 + text
    if way == 1:
        return text.replace("'shape'", "'Shape'")
    if way == 2:
        return text[:-1] + ", 'more': 1}"
    if way == 3:
        return text.replace("1", "1L")
    if way == 4:
        return "__import__('os').abort()"
    if way == 5:
        size = rng.choice(("9" * 900, "0x" + "f" * 900, "9**9**9", "-" * 800 + "1", "1e999"))
        return f"{{'descr': '|u1', 'fortran_order': False, 'shape': ({size},)}}"
    if way == 6:
        return text + " " * rng.choice((900, 60_000))
    return text


def with_header(text, data, rng):
    """An array file of any version with this header."""
    encoded = text.encode("latin1", "replace") + b"\n"
    version = rng.choice(((1, 0), (1, 0), (2, 0), (3, 0), (0, 0), (255, 255)))
    length = rng.choice((len(encoded), len(encoded), len(encoded), 0, 2**16 - 1, 2**32 - 1))
    size = struct.pack("<H", length % 2**16) if version == (1, 0) else struct.pack("<I", length)
    return b"\x93NUMPY" + bytes(version) + size + encoded + data
