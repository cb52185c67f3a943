"""Reads NPZ files that may be damaged or hostile: every claim is checked before data is touched.

A file must hold the arrays that it is said to hold, of these types and dimensions, and nothing else; no pickles, no way of
packing but NumPy's own, and no more than MAX_BYTES, whatever its directory and headers claim. Sizes are checked as Python
integers, before anything of that size is made: in a browser NumPy counts in 32 bits.
"""

import contextlib
import io
import math
import os
import re
import stat
import zipfile

import numpy as np

MAX_BYTES = 32_000_000  # of all arrays of a file together, unpacked
MAX_OVERHEAD = 100_000  # bytes of a file beside its arrays: headers, and the directory at its end
REASON = 200  # characters: of a reason, no more of what a file says is repeated
END, LOCATOR = 22, 20  # bytes of the record that ends a zip without a comment, and of what a zip64 has before it
# What numpy writes before an array of one simple type. numpy reads whatever Python could mean the same, and a header
# of brackets in brackets, as deep as they fit, would end Pyodide for good.
HEADER = re.compile(
    rb"\x93NUMPY\x01\x00..\{'descr': '(?P<type>[<>|][biufcOSUV]\d{0,5})', 'fortran_order': (?P<fortran>True|False), "
    rb"'shape': \((?P<shape>|\d{1,18},|\d{1,18}(?:, \d{1,18})+)\),? ?\} *\n",
    re.DOTALL,
)


def read(source, kinds, name, error, most=MAX_BYTES):
    """The arrays of a file, {key: array}; they can't be written to.

    source: a path or a binary file object. kinds: {key: (dtype, number of dimensions)}, or None for any that hold no
    objects. name: what to call the file in a reason, in the singular. error: the exception to raise, with a reason, on
    anything wrong. most: bytes of all arrays together; at most three times as much memory is taken.
    """
    keys = {key + ".npy": key for key in kinds}
    try:
        with _opened(source) as file:
            _check_ends(file, most)
            with zipfile.ZipFile(file) as archive:
                names = archive.namelist()
                contents = _unpacked(archive, keys, most)
    except FileNotFoundError:
        raise error(f"There is no {name} at {source}.") from None
    except OSError as reason:
        raise error(f"The {name} can't be read: {_brief(reason)}") from None
    except Exception as reason:  # zipfile and zlib raise a dozen kinds on damaged files, ValueError among them
        raise error(f"The {name} is damaged or no NPZ file: {_brief(reason)}") from None
    missing = [f"'{key}'" for key in kinds if key not in contents]
    if missing:
        raise error(f"The {name} lacks {', '.join(missing)}.")
    extra = set(names) - set(keys)
    if extra or len(names) != len(keys):
        raise error(f"The {name} holds keys that it should not: {_brief(sorted(extra) or 'one of them twice')}.")
    arrays = {}
    for key, kind in kinds.items():
        try:
            arrays[key] = _array(contents.pop(key), kind, most)
        except ValueError as reason:
            raise error(f"The {name}'s '{key}' {reason}.") from None
    return arrays


def _brief(reason):
    reason = str(reason)
    return reason if len(reason) <= REASON else reason[:REASON] + "..."


def _opened(source):
    """A context in which the file is open; one that was open before stays so. A pipe would keep its reader waiting."""
    if not isinstance(source, (str, os.PathLike)):
        return contextlib.nullcontext(source)
    if not stat.S_ISREG(os.stat(source).st_mode):
        raise OSError("it is no file")
    return open(source, "rb")


def _check_ends(file, most):
    """ValueError unless a file is as large as an NPZ may be, ends as one does, and lists few members: zipfile would read
    any list to its end."""
    size = file.seek(0, io.SEEK_END)
    if size > most + MAX_OVERHEAD:
        raise ValueError(f"{size:,} bytes are too large")
    file.seek(max(size - END - LOCATOR, 0))
    end = file.read(END + LOCATOR)
    if end[-END:].startswith(b"PK\5\6") and end.endswith(b"\0\0") and not end[:-END].startswith(b"PK\6\7"):
        if int.from_bytes(end[-10:-6], "little") > MAX_OVERHEAD:
            raise ValueError("its directory is too large")
    else:
        raise ValueError("it does not end as an NPZ does")


def _unpacked(archive, keys, most):
    """{key: bytes} of the members with these names; never more than `most` bytes are unpacked in all."""
    contents = {}
    for member in archive.infolist():
        if member.filename in keys and keys[member.filename] not in contents:
            room = most + MAX_OVERHEAD - sum(map(len, contents.values()))
            contents[keys[member.filename]] = unpacked(archive, member, room)
    return contents


def unpacked(archive, member, most):
    """The bytes of a member (a ZipInfo) of a ZipFile, at most so many, whatever its headers claim. Of what zipfile can
    unpack only what it can unpack in parts: LZMA takes what memory it likes. ValueError, and whatever zipfile and zlib
    raise on what is damaged."""
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ValueError(f"{_brief(member.filename)} is packed in a way that is not read")
    if member.file_size > most:
        raise ValueError(f"{_brief(member.filename)} is too large")
    with archive.open(member) as stream:
        return stream.read(member.file_size + 1)  # no more is unpacked; what is left over has another checksum


def _array(content, wanted, most):
    """One array from the bytes of an .npy file; its header is checked before its data is touched. ValueError ends a
    sentence that begins with the array. wanted: as `kinds` of `read` has it."""
    header = HEADER.match(content)
    if not header or header.end() != 10 + int.from_bytes(content[8:10], "little"):
        raise ValueError("has no valid header")
    try:
        kind = np.dtype(header["type"].decode())
    except TypeError:  # numpy has none of this size
        raise ValueError("has no valid header") from None
    shape, fortran = (
        tuple(int(size) for size in header["shape"].replace(b",", b" ").split()),
        header["fortran"] == b"True",
    )
    dtype, dimensions = wanted or (kind, len(shape))
    if kind != np.dtype(dtype) or kind.hasobject or len(shape) != dimensions or (wanted and fortran):
        raise ValueError(f"must be {_brief(dtype)} with {dimensions} dimensions, not {_brief(f'{kind} {shape}')}")
    data = memoryview(content)[header.end() :]
    room = math.prod(max(size, 1) for size in shape) * kind.itemsize  # NumPy wants it to fit even if another size is 0
    if not 0 < room <= most or len(data) != math.prod(shape) * kind.itemsize:
        raise ValueError(f"is cut short or too long for its shape {_brief(shape)}")
    return np.frombuffer(data, kind).reshape(shape, order="F" if fortran else "C")
