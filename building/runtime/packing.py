"""Files packed for the page: gzip that does not depend on the host, and many files in one (site/boot/unpack.mjs)."""

import gzip
import json
from collections.abc import Mapping

GZIP = b"\x1f\x8b"  # how it begins
PACKED = ".packed"  # how the name of a packed file ends


def packed(data: bytes) -> bytes:
    """Gzip of some bytes; the same bytes give the same gzip."""
    return gzip.compress(data, compresslevel=9, mtime=0)


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
