"""Files packed for the page: gzip that does not depend on the host, and many files in one (site/boot/unpack.mjs)."""

import gzip
import json
import zlib
from collections.abc import Mapping

GZIP = b"\x1f\x8b"  # how it begins
PACKED = ".packed"  # how the name of a packed file ends

# memLevel: after a number of symbols that grows with it, deflate ends a block and begins another code.
MEMORY = (5, 6, 7, 8)
WAYS = (zlib.Z_DEFAULT_STRATEGY, zlib.Z_HUFFMAN_ONLY)  # what looks like noise, as a model does, repeats nothing


def packed(data: bytes) -> bytes:
    """Gzip of some bytes, the smallest that was tried; the same bytes give the same gzip."""
    return min((_gzipped(data, memory, way) for memory in MEMORY for way in WAYS), key=len)


def _gzipped(data: bytes, memory: int, way: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS, memory, way)
    return packer.compress(data) + packer.flush()


def packed_files(files: Mapping[str, bytes]) -> bytes:
    """One packed file of many, {name: bytes}.

    It holds the length of a JSON table of names and sizes, as four bytes, the lowest first; the table; the files' bytes
    in its order.
    """
    table = json.dumps([[name, len(files[name])] for name in sorted(files)], separators=(",", ":")).encode()
    if len(table).to_bytes(4, "little").startswith(GZIP):
        table += b" "  # the page goes by how a file begins, as some hosts unpack ours on the way
    return packed(b"".join([len(table).to_bytes(4, "little"), table, *(files[name] for name in sorted(files))]))


def unpacked_files(data: bytes) -> dict[str, bytes]:
    """{name: bytes} of what packed_files made; of anything else, whatever gzip, json or the slices raise."""
    data = gzip.decompress(data)
    start = 4 + int.from_bytes(data[:4], "little")
    files = {}
    for name, size in json.loads(data[4:start]):
        files[name] = data[start : start + size]
        start += size
    return files
