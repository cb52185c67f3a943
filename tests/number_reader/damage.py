"""NPZ files taken apart and put together wrongly."""

import io
import struct
import zipfile
import zlib

import numpy as np
from hypothesis import strategies as st

LITTLE_MEMORY = 150_000_000  # bytes that refusing a hostile file may take


def members(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def npy(array):
    out = io.BytesIO()
    np.save(out, array)
    return out.getvalue()


def npy_with_header(header, data=b""):
    """An array file whose header says what no array could."""
    text = header.encode()
    text += b" " * (63 - (len(text) + 10) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + data


def changed(content, key, data):
    """The file with one member's bytes replaced."""
    return zipped(members(content) | {key + ".npy": data})


@st.composite
def damaged(draw, content):
    """The file with some bytes changed, put in or left out. The directory at its end decides what the rest means, so
    most changes go there."""
    content = bytearray(content)
    for _ in range(draw(st.integers(1, 6))):
        at = len(content) - 1 - draw(st.integers(0, min(1200, len(content) - 1)) | st.integers(0, len(content) - 1))
        content[at : at + draw(st.integers(0, 4))] = draw(st.binary(max_size=4))
    return bytes(content)


@st.composite
def claims(draw):
    """An array file that claims any type and shape, with some bytes after it."""
    descr = draw(st.sampled_from(["|i1", "|u1", "<i4", "<u4", "<i8", "<f4", "<U1", "|O", "|V8", "<M8[s]", ">f4"]))
    shape = draw(st.lists(st.integers(-3, 3) | st.sampled_from([2**31, 2**63, 10**30, True]), max_size=3))
    header = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {tuple(shape)}}}"
    return npy_with_header(header, bytes(draw(st.integers(0, 40))))


def bomb(small, honest):
    """A zip of one member, version.npy, that unpacks to 200 MB. small: its first bytes, a valid array. honest: whether
    the directory says how large it is."""
    large = len(small) + 200_000_000
    deflate = zlib.compressobj(1, zlib.DEFLATED, -15)
    stream = deflate.compress(small) + b"".join(deflate.compress(bytes(1_000_000)) for _ in range(200))
    stream += deflate.flush()
    name = b"version.npy"
    sizes = struct.pack("<III", zlib.crc32(small), len(stream), large if honest else len(small))
    local = b"PK\3\4" + struct.pack("<HHHHH", 20, 0, 8, 0, 33) + sizes + struct.pack("<HH", len(name), 0) + name
    central = b"PK\1\2" + struct.pack("<HHHHHH", 20, 20, 0, 8, 0, 33) + sizes
    central += struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0, 0) + name
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local) + len(stream), 0)
    content = local + stream + central + end
    assert zipfile.ZipFile(io.BytesIO(content)).namelist() == ["version.npy"]
    return content
