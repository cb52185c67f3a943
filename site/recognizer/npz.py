"""Reads NPZ files that may be damaged or hostile: every claim is checked before data is touched.

A file must hold the arrays that it is said to hold, of these types and dimensions, and nothing else; no pickles, and
nothing larger than MAX_BYTES, whatever its directory and headers claim.
"""

import math
import re
import zipfile

import numpy as np

MAX_BYTES = 64_000_000  # of one unpacked array
# What numpy writes before an array of one simple type. numpy reads whatever Python could mean the same, and a header
# of brackets in brackets, as deep as they fit, would end Pyodide for good.
HEADER = re.compile(
    rb"\x93NUMPY\x01\x00..\{'descr': '(?P<type>[<>|][biufcOSUV]\d{0,5})', 'fortran_order': (?P<fortran>True|False), "
    rb"'shape': \((?P<shape>|\d{1,18},|\d{1,18}(?:, \d{1,18})+)\),? ?\} *\n",
    re.DOTALL,
)


def read(source, kinds, name, error):
    """The arrays of a file, {key: array}; they can't be written to.

    source: a path or a binary file object. kinds: {key: (dtype, number of dimensions)}. name: what to call the file in
    a reason, in the singular. error: the exception to raise, with a reason, on anything wrong.
    """
    keys = {key + ".npy": key for key in kinds}
    try:
        with zipfile.ZipFile(source) as archive:
            names = archive.namelist()
            contents = {keys[member]: _unpacked(archive, member) for member in keys if member in names}
    except FileNotFoundError:
        raise error(f"There is no {name} at {source}.") from None
    except OSError as reason:
        raise error(f"The {name} can't be read: {reason}") from None
    except Exception as reason:  # zipfile and zlib raise a dozen kinds on damaged files, ValueError among them
        raise error(f"The {name} is damaged or no NPZ file: {reason}") from None
    missing = [f"'{key}'" for key in kinds if key not in contents]
    if missing:
        raise error(f"The {name} lacks {', '.join(missing)}.")
    extra = set(names) - set(keys)
    if extra or len(names) != len(keys):
        raise error(f"The {name} holds keys that it should not: {sorted(extra) or 'one of them twice'}.")
    arrays = {}
    for key, kind in kinds.items():
        try:
            arrays[key] = _array(contents.pop(key), *kind)
        except ValueError as reason:
            raise error(f"The {name}'s '{key}' {reason}.") from None
    return arrays


def _unpacked(archive, name):
    """The bytes of one member; never more than MAX_BYTES are unpacked, whatever the directory claims."""
    with archive.open(name) as member:
        data = member.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES or member.read(1):
            raise ValueError(f"{name} is too large")
    return data


def _array(content, dtype, dimensions):
    """One array from the bytes of an .npy file; its header is checked before its data is touched. ValueError ends a
    sentence that begins with the array."""
    header = HEADER.match(content)
    if not header or header.end() != 10 + int.from_bytes(content[8:10], "little"):
        raise ValueError("has no valid header")
    try:
        kind = np.dtype(header["type"].decode())
    except TypeError:  # numpy has none of this size
        raise ValueError("has no valid header") from None
    sizes = tuple(int(size) for size in header["shape"].replace(b",", b" ").split())
    if kind != np.dtype(dtype) or header["fortran"] == b"True" or len(sizes) != dimensions:
        raise ValueError(f"must be {dtype} with {dimensions} dimensions, not {kind} {sizes}")
    data = memoryview(content)[header.end() :]
    if max(sizes, default=0) > MAX_BYTES or len(data) != math.prod(sizes) * kind.itemsize:
        raise ValueError(f"is cut short or too long for its shape {sizes}")
    return np.frombuffer(data, kind).reshape(sizes)
