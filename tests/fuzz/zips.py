"""Zip files put together by hand, so that they can lie: in both headers, in the directory and at its end."""

import struct
import zlib
from dataclasses import dataclass

from tests.fuzz.damage import EDGES

STORED, DEFLATED, BZIP2, LZMA = 0, 8, 12, 14


@dataclass
class Member:
    """One file in a zip. What is None is honest; anything else is what the headers say instead. local_*: what the
    local header says, where it differs from the directory."""

    name: bytes
    data: bytes
    method: int = DEFLATED
    said_method: int = None
    flags: int = 0
    crc: int = None
    packed: int = None
    unpacked: int = None
    offset: int = None
    extra: bytes = b""
    version: int = 20
    local_name: bytes = None
    local_flags: int = None
    local_sizes: tuple = None
    descriptor: bool = False
    directory_only: bool = False
    over: object = None  # another Member: it is said to lie where that one lies
    external: int = 0
    stream: bytes = None  # the packed bytes, ready made


def squeezed(data, method):
    if method == DEFLATED:
        deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
        return deflate.compress(data) + deflate.flush()
    if method == BZIP2:
        import bz2

        return bz2.compress(data)
    if method == LZMA:
        import lzma

        filters = [{"id": lzma.FILTER_LZMA1, "preset": 0, "dict_size": 4096}]
        packed = lzma.compress(data, lzma.FORMAT_RAW, filters=filters)
        return struct.pack("<BBHBI", 9, 4, 5, 93, 4096) + packed
    return data


def zeros(count):
    """`count` zero bytes, deflated: a thousandth of it, and no time is taken to make them."""
    if count not in _zeros:
        deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
        step = 10**6
        parts = [deflate.compress(bytes(step)) for _ in range(count // step)]
        _zeros[count] = b"".join(parts) + deflate.compress(bytes(count % step)) + deflate.flush()
    return _zeros[count]


_zeros = {}


def assembled(members, *, comment=b"", before=b"", end=None, zip64=False):
    """The bytes of a zip. end: what the record at the end says instead: {"entries", "size", "offset"}."""
    body, directory, written, starts = bytearray(before), bytearray(), 0, {}
    for member in members:
        stream = squeezed(member.data, member.method) if member.stream is None else member.stream
        crc = zlib.crc32(member.data) if member.crc is None else member.crc
        packed = len(stream) if member.packed is None else member.packed
        unpacked = len(member.data) if member.unpacked is None else member.unpacked
        method = member.method if member.said_method is None else member.said_method
        sizes = tuple(each % 2**32 for each in (crc, packed, unpacked))
        starts[id(member)] = len(body)
        offset = starts.get(id(member.over), len(body)) if member.offset is None else member.offset
        if not member.directory_only:
            name = member.name if member.local_name is None else member.local_name
            flags = member.flags if member.local_flags is None else member.local_flags
            said = (0, 0, 0) if member.descriptor else [each % 2**32 for each in member.local_sizes or sizes]
            flags |= 8 if member.descriptor else 0
            body += b"PK\3\4" + struct.pack("<HHHHH", member.version, flags, method, 0, 33) + struct.pack("<III", *said)
            body += struct.pack("<HH", len(name), len(member.extra)) + name + member.extra + stream
            if member.descriptor:
                body += b"PK\7\10" + struct.pack("<III", *sizes)
        flags = member.flags | (8 if member.descriptor else 0)
        directory += b"PK\1\2" + struct.pack("<HHHHHH", 20, member.version, flags, method, 0, 33)
        directory += struct.pack("<III", *sizes) + struct.pack("<HHHHH", len(member.name), len(member.extra), 0, 0, 0)
        directory += struct.pack("<II", member.external, offset % 2**32) + member.name + member.extra
        written += 1
    said = {"entries": written, "size": len(directory), "offset": len(body)} | (end or {})
    content = bytes(body + directory)
    if zip64:
        record = struct.pack(
            "<QHHIIQQQQ", 44, 45, 45, 0, 0, *(said[k] % 2**64 for k in ("entries", "entries", "size", "offset"))
        )
        content += b"PK\6\6" + record + b"PK\6\7" + struct.pack("<IQI", 0, len(content), 1)
    entries = said["entries"] % 2**16
    last = struct.pack("<HHHHIIH", 0, 0, entries, entries, said["size"] % 2**32, said["offset"] % 2**32, len(comment))
    return content + b"PK\5\6" + last + comment


def hostile(parts, rng):
    """A zip of {name: bytes} with lies in it. Some are harmless: what it is said to hold may come out."""
    members = [Member(name.encode("utf-8", "surrogatepass"), data) for name, data in parts.items()]
    options = {}
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        if members:
            rng.choice(LIES)(members, rng, options)
    return assembled(members, **options)


def _method(members, rng, options):
    rng.choice(members).method = rng.choice((STORED, BZIP2, LZMA, STORED))


def _said_method(members, rng, options):
    rng.choice(members).said_method = rng.choice((STORED, 1, 6, 9, BZIP2, LZMA, 93, 95, 98, 99, 65535))


def _lzma_with_a_huge_dictionary(members, rng, options):
    member = rng.choice(members)
    member.method = LZMA
    member.stream = bytearray(squeezed(member.data, LZMA))
    member.stream[5:9] = struct.pack("<I", rng.choice((2**28, 2**30, 2**31, 2**32 - 1)))
    member.stream = bytes(member.stream)


def _flags(members, rng, options):
    rng.choice(members).flags |= rng.choice((1, 8, 0x20, 0x40, 0x800, 0x2000, 0xFFFF))


def _sizes(members, rng, options):
    member = rng.choice(members)
    wrong = rng.choice((*EDGES, len(member.data) + 1, max(len(member.data) - 1, 0), 10**9))
    setattr(member, rng.choice(("packed", "unpacked", "crc", "offset")), wrong)


def _local(members, rng, options):
    member = rng.choice(members)
    way = rng.randrange(3)
    if way == 0:
        member.local_name = rng.choice((b"", b"other.npy", b"../" + member.name, bytes(3), b"x" * 65535))
    elif way == 1:
        member.local_flags = rng.choice((1, 8, 0x41, 0x800))
    else:
        member.local_sizes = tuple(rng.choice(EDGES) for _ in range(3))


def _descriptor(members, rng, options):
    rng.choice(members).descriptor = True


def _twice(members, rng, options):
    other = rng.choice(members)
    data = rng.choice((other.data, b"", rng.choice(members).data))
    members.insert(rng.randrange(len(members) + 1), Member(other.name, data))


def _missing(members, rng, options):
    members.remove(rng.choice(members))


def _overlapping(members, rng, options):
    """Many names for one and the same bytes."""
    whole = rng.choice(members)
    for k in range(rng.choice((1, 5, 300))):
        name = rng.choice((whole.name, b"%d/%d.png" % (k % 10, k)))
        members.append(Member(name, whole.data, directory_only=True, over=whole))


def _extra(members, rng, options):
    member = rng.choice(members)
    member.extra = rng.choice(
        (
            struct.pack("<HHQQQ", 1, 24, *(rng.choice(EDGES) for _ in range(3))),
            struct.pack("<HH", 1, 0),
            struct.pack("<HHB", 1, 65535, 0),
            struct.pack("<HH", 0x7075, 5) + bytes(5),
            b"\1",
            bytes(3000),
        )
    )
    if rng.random() < 0.5:
        member.packed = member.unpacked = 2**32 - 1


def _name(members, rng, options):
    member = rng.choice(members)
    member.name = rng.choice(
        (
            b"", b"/" + member.name, b"../" + member.name, b"..\\" + member.name, b"C:" + member.name,
            member.name + b"/",
            member.name + b"\0.exe", b"\xff\xfe", "\u202egnp.\U0001f4a3".encode(), b"a" * 65_000,
            b"\x1b[2J" + member.name,
            b"./" + member.name, b"3/" * 9000 + member.name, member.name.upper(),
        )
    )  # fmt: skip


def _bomb(members, rng, options):
    """A member that unpacks to far more than it should, said or unsaid."""
    member = rng.choice(members)
    count = rng.choice((10**6, 70 * 10**6, 300 * 10**6)) if rng.random() < 0.2 else 10**6
    head = squeezed(b"", DEFLATED)
    member.stream = zeros(count) if rng.random() < 0.5 else head + zeros(count)
    member.unpacked = rng.choice((count, len(member.data), 2**32 - 1))
    if rng.random() < 0.2:  # the data, then zeros: its checksum would only be looked at in the end
        deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
        member.stream = deflate.compress(member.data) + deflate.flush(zlib.Z_FULL_FLUSH) + zeros(count)
        member.unpacked = len(member.data) + count


def _nested(members, rng, options):
    member = rng.choice(members)
    for _ in range(rng.choice((1, 5))):
        member.data = assembled([Member(member.name, member.data)])


def _pickle(members, rng, options):
    rng.choice(members).data = b"cos\nsystem\n(S'exit 1'\ntR."


def _many(members, rng, options):
    """A directory that is all there is."""
    for k in range(rng.choice((50, 2_000))):
        members.append(Member(b"%d.npy" % k, b"", directory_only=True, offset=0))


def _end(members, rng, options):
    options["end"] = {rng.choice(("entries", "size", "offset")): rng.choice(EDGES)}


def _zip64(members, rng, options):
    options["zip64"] = True


def _around(members, rng, options):
    options[rng.choice(("comment", "before"))] = rng.choice((b"x", b"PK\5\6" * 6, bytes(60_000), b"PK\3\4" * 9))


def _kind(members, rng, options):
    """A link, a device, a folder."""
    rng.choice(members).external = rng.choice((0o120777, 0o060666, 0o040755, 0o010666)) << 16


LIES = (
    _method, _said_method, _lzma_with_a_huge_dictionary, _flags, _sizes, _sizes, _local, _descriptor, _twice, _missing,
    _overlapping, _extra, _name, _bomb, _bomb, _nested, _pickle, _many, _end, _zip64, _around, _kind,
)  # fmt: skip
