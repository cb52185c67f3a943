"""Picture files that are damaged, lie, or are something else."""

import functools
import io
import struct
import zlib

import numpy as np
from PIL import Image

from tests.fuzz.damage import EDGES, damaged, noise
from tests.fuzz.zips import zeros

KINDS = (
    ("PNG", "L", {}), ("PNG", "RGB", {}), ("PNG", "RGBA", {}), ("PNG", "P", {}), ("PNG", "1", {}), ("PNG", "LA", {}),
    ("PNG", "I;16", {}),
    ("PNG", "RGB", {"frames": 3}), ("JPEG", "L", {}), ("JPEG", "RGB", {}), ("JPEG", "RGB", {"progressive": True}),
    ("JPEG", "CMYK", {}),
    ("GIF", "P", {}), ("GIF", "P", {"frames": 3}), ("GIF", "L", {"transparency": 3}), ("BMP", "RGB", {}),
    ("BMP", "1", {}), ("BMP", "P", {}),
    ("TIFF", "RGB", {}), ("TIFF", "I;16", {}), ("TIFF", "F", {}), ("TIFF", "I", {}), ("TIFF", "CMYK", {}),
    ("TIFF", "RGBA", {"frames": 2}),
    ("TIFF", "RGB", {"compression": "tiff_deflate"}), ("TIFF", "L", {"compression": "tiff_lzw"}),
    ("TIFF", "RGB", {"compression": "jpeg"}),
    ("TIFF", "1", {"compression": "group4"}), ("WEBP", "RGB", {"lossless": True}), ("WEBP", "RGBA", {}),
    ("WEBP", "RGB", {"frames": 3}),
    ("PPM", "RGB", {}), ("TGA", "RGB", {}), ("PCX", "L", {}), ("ICO", "RGBA", {}), ("EPS", "RGB", {}),
    ("SGI", "RGB", {}), ("PDF", "RGB", {}),
    ("JPEG2000", "RGB", {}), ("MPO", "RGB", {"frames": 2}),
)  # fmt: skip
OTHER = (
    b"", b"GIF89a", b"BM", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) run\n",
    b"<svg xmlns='x'/>", b"P6\n9999999 9999999\n255\n",
    b"P5 1 1 255 x", b"#define x_width 8\n#define x_height 8\nstatic char x_bits[] = {0};", b"\x89HDF\r\n\x1a\n",
    b"8BPS\0\1", b"qoif" + bytes(20),
    b"SIMPLE  =                    T", b"II*\0\x08\0\0\0\xff\xff", b"MM\0*\0\0\0\x08\0\0",
    b"RIFF\xff\xff\xff\xffWEBPVP8X", b"\xff\xd8\xff\xe0\0\x10JFIF",
    b"\0\0\1\0\xff\xff", b"FORM\0\0\0\0", b"\xff\x0a", b"\0\0\0\x0cjP  \r\n\x87\n",
)  # fmt: skip


@functools.cache
def right(number):
    """One of KINDS, as it should be; None where this machine's Pillow can't write it."""
    kind, mode, options = KINDS[number]
    shape = 17, 23
    values = np.random.default_rng(number).integers(0, 256, (*shape, 4)).astype(np.uint8)
    values[4:12, 5:9] = 0
    pictures = []
    frames = options.get("frames", 1)
    for k in range(frames):
        picture = Image.fromarray(np.roll(values, 3 * k, axis=1), "RGBA") if mode != "I;16" else None
        if mode in ("I;16", "I", "F"):
            picture = Image.fromarray(values[..., 0].astype({"I;16": np.uint16, "I": np.int32, "F": np.float32}[mode]))
        else:
            picture = picture.convert("RGB").convert(mode) if mode not in ("RGBA", "LA") else picture.convert(mode)
        pictures.append(picture)
    options = {key: value for key, value in options.items() if key != "frames"}
    if frames > 1:
        options |= {"save_all": True, "append_images": pictures[1:]}
    if kind in ("PNG", "JPEG", "TIFF", "WEBP") and number % 2:
        exif = Image.Exif()
        exif[0x0112] = 1 + number % 8
        options["exif"] = exif
    out = io.BytesIO()
    try:
        pictures[0].save(out, kind, **options)
    except (KeyError, OSError, ValueError):
        return None
    return out.getvalue()


def made(rng):
    way = rng.randrange(14)
    if way == 0:
        return rng.choice(OTHER) + (noise(rng) if rng.random() < 0.5 else b"")
    if way == 1:
        return noise(rng, 80)
    if way < 5:
        return png(rng)
    if way == 5:
        return scans(rng)
    if way == 6:
        return claim(rng)
    content = right(rng.randrange(len(KINDS))) or right(0)
    if way == 7:
        return content + rng.choice((content, b"PK\5\6" + bytes(18), noise(rng), bytes(9000)))
    return damaged(content, rng) if way < 13 else content


def _chunk(name, data, rng):
    crc = zlib.crc32(name + data) if rng.random() < 0.97 else rng.getrandbits(32)
    length = len(data) if rng.random() < 0.97 else rng.choice(EDGES) % 2**32
    return struct.pack(">I", length) + name + data + struct.pack(">I", crc)


def png(rng):
    """A PNG put together from chunks with right checksums: any size, any colours, any of what PNGs may hold."""
    width, height = (rng.choice((0, 1, 2, 9, 30, 1_000)) for _ in range(2))
    large = rng.random()
    if large < 0.1:
        width, height = (rng.choice((1, 9, 5_000, 65_535, 10**6, 2**31 - 1, 2**31, 2**32 - 1)) for _ in range(2))
    elif large < 0.101:
        width, height = 5_000, rng.choice((5_000, 5_001))
    depth, colour = rng.choice(
        ((1, 0), (8, 0), (16, 0), (8, 2), (16, 2), (8, 3), (2, 3), (8, 4), (8, 6), (16, 6), (3, 0), (8, 1), (99, 9))
    )
    header = struct.pack(
        ">IIBBBBB",
        width,
        height,
        depth,
        colour,
        rng.choice((0, 0, 0, 0, 1)),
        rng.choice((0, 0, 0, 1)),
        rng.choice((0, 0, 1, 2)),
    )
    parts = [(b"IHDR", header)]
    for _ in range(rng.choice((0, 0, 1, 2, 5))):
        parts.append(rng.choice(CHUNKS)(rng))
    if colour == 3 and rng.random() < 0.9:
        parts.append((b"PLTE", rng.randbytes(3 * rng.choice((1, 4, 256, 300)))))
    row = (max(width, 1) * {2: 3, 4: 2, 6: 4}.get(colour, 1) * depth + 7) // 8 + 1
    need = row * height
    if need > 3 * 10**8:
        need = 10**4
    count = rng.choice((need, need, need // 2, 10 * need if need < 10**6 else need))
    stream = b"\x78\x01" + zeros(count) if count > 10**5 or rng.random() < 0.5 else zlib.compress(rng.randbytes(count))
    cut = rng.choice((len(stream), len(stream), len(stream) // 2, 1))
    parts += [(b"IDAT", stream[:cut]), (b"IDAT", stream[cut:])]
    parts.append((b"IEND", b""))
    if rng.random() < 0.1:
        rng.shuffle(parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data, rng) for name, data in parts)


CHUNKS = (
    lambda rng: (b"tRNS", rng.randbytes(rng.choice((0, 1, 2, 6, 256)))),
    lambda rng: (b"zTXt", b"key\0\0\x78\x01" + zeros(rng.choice((100, 2 * 10**6, 70 * 10**6)))),
    lambda rng: (b"iTXt", b"key\0\1\0\0\0\x78\x01" + zeros(rng.choice((100, 2 * 10**6)))),
    lambda rng: (b"tEXt", b"key\0" + bytes(rng.choice((1, 2 * 10**6)))),
    lambda rng: (b"iCCP", b"profile\0\0\x78\x01" + zeros(rng.choice((100, 70 * 10**6)))),
    lambda rng: (b"eXIf", rng.choice((b"II*\0\x08\0\0\0" + b"\1\0\x12\1\3\0\1\0\0\0\6\0\0\0" + bytes(4),
        b"MM\0*" + rng.randbytes(30)))),
    lambda rng: (b"acTL", struct.pack(">II", rng.choice((0, 1, 2, 2**31)), 0)),
    lambda rng: (b"fcTL", rng.randbytes(26)),
    lambda rng: (b"gAMA", rng.randbytes(4)),
    lambda rng: (b"PLTE", b""),
    lambda rng: (rng.choice((b"abcd", b"ABCD", b"\0\0\0\0")), rng.randbytes(9)),
)  # fmt: skip


def scans(rng):
    """A JPEG with scans over scans."""
    side = rng.choice((16, 16, 16, 1_000)) if rng.random() < 0.98 else 5_000
    content = _progressive(side)
    last = content[content.rindex(b"\xff\xda") : -2]
    return content[:-2] + last * rng.choice((1, 20, 100, 3_000)) + content[-2:]


@functools.cache
def _progressive(side):
    out = io.BytesIO()
    Image.new("RGB", (side, side), (200, 30, 10)).save(out, "JPEG", progressive=True)
    return out.getvalue()


def claim(rng):
    """The header of a picture of any size, and next to nothing behind it."""
    width, height = (rng.choice((0, 1, 3, 5_000, 8_000, 65_535, 2**24, 2**31 - 1, 2**32 - 1)) for _ in range(2))
    short = struct.pack("<HH", width % 2**16, height % 2**16)
    way = rng.randrange(6)
    if way == 0:
        return b"GIF89a" + short + b"\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0" + short + b"\0\2\2D\1\0;"
    if way == 1:
        bits = rng.choice((1, 4, 8, 16, 24, 32, 64))
        packed = rng.choice((0, 0, 1, 2, 3))
        return (
            b"BM"
            + struct.pack("<IHHIIIIHHIIIIII", 60, 0, 0, 54, 40, width, height, 1, bits, packed, 0, 0, 0, 0, 0)
            + noise(rng)
        )
    if way == 2:
        frame = (
            b"\xff\xc0\0\x11\x08" + struct.pack(">HH", height % 2**16, width % 2**16) + b"\3\1\x22\0\2\x11\1\3\x11\1"
        )
        return b"\xff\xd8" + frame + b"\xff\xda\0\x0c\3\1\0\2\x11\3\x11\0\x3f\0" + noise(rng) + b"\xff\xd9"
    if way == 3:
        return (
            b"RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0"
            + rng.randbytes(4)
            + struct.pack("<I", width)[:3]
            + struct.pack("<I", height)[:3]
            + noise(rng)
        )
    tags = [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8),
        (259, 3, 1, rng.choice((1, 5, 7, 8, 50000, 32773, 9))),
            (262, 3, 1, rng.choice((0, 1, 2, 3, 6))), (273, 4, rng.choice((1, 1, 10**6, 2**32 - 1)), 8),
            (277, 3, 1, rng.choice((1, 3, 4, 65535))),
            (278, 4, 1, rng.choice((0, 1, height))),
            (279, 4, rng.choice((1, 2**31)), rng.choice(EDGES) % 2**32)]  # fmt: skip
    tags = [tag for tag in tags if rng.random() < 0.95]
    directory = struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags)
    return b"II*\0\x08\0\0\0" + directory + struct.pack("<I", rng.choice((0, 0, 8))) + noise(rng)
