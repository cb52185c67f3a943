"""Reads NPZ files that may be damaged or hostile: every claim is checked before data is touched.

A file must hold the arrays that it is said to hold, of these types and dimensions, and nothing else; no pickles, and
nothing larger than MAX_BYTES, whatever its directory and headers claim.
"""

import io
import math
import zipfile

import numpy as np

MAX_BYTES = 64_000_000  # of one unpacked array


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
    stream = io.BytesIO(content)
    try:
        version = np.lib.format.read_magic(stream)
        reader = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}[version]
        shape, fortran, kind = reader(stream, max_header_size=1000)
    except Exception:  # numpy's header parser raises many kinds on a header that is not one
        raise ValueError("has no valid header") from None
    if kind != np.dtype(dtype) or fortran or len(shape) != dimensions:
        raise ValueError(f"must be {dtype} with {dimensions} dimensions, not {kind} {shape}")
    sizes = [size for size in shape if type(size) is int and 0 <= size <= MAX_BYTES]  # a bool is an int to Python
    data = memoryview(content)[stream.tell() :]
    if len(sizes) != dimensions or len(data) != math.prod(sizes) * kind.itemsize:
        raise ValueError(f"is cut short or too long for its shape {shape}")
    return np.frombuffer(data, kind).reshape(sizes)
