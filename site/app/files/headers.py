"""What a picture file says of itself before anything is decoded: its size in pixels, and whether all of the file came.

A browser shows what it has of a cut file, and grey or nothing for the rest: digits at its edge become others. So the parts
of the file are walked to where its picture ends; what comes after (cameras append films and further pictures) is its own
affair. Nothing is imported, so that MicroPython runs it, and the tests without a browser.
"""

HEAD = 34  # bytes that tell kind and size of all but a JPEG
PARTS = 1000  # of a JPEG that are looked at before its picture: those of a large profile are some fifty

JPEG, PNG, IEND, END_OF_JPEG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"IEND", b"\xff\xd9"
FRAMES = tuple(code for code in range(0xC0, 0xD0) if code not in (0xC4, 0xC8, 0xCC))  # SOF: hold the size
IN_SCANS = (0xC2, 0xC6, 0xCA, 0xCE)  # those of progressive JPEGs
SCAN, END = 0xDA, 0xD9
ALONE = (0x01,) + tuple(range(0xD0, 0xD9))  # markers without a length


class Header:
    """size: (width, height) in px as stored, before EXIF turns it, or None where it can't be told. whole: False where the
    file ends before its picture does, True where it does not, None where that can't be told."""

    def __init__(self, size=None, whole=None, is_jpeg=False, in_scans=False):
        self.size = size if size and size[0] and size[1] else None
        self.whole = whole
        self.is_jpeg = is_jpeg
        self.in_scans = in_scans  # progressive: its decoder keeps all of the picture in memory

    @property
    def pixels(self):
        return self.size[0] * self.size[1] if self.size else 0


def look(length):
    """A generator that returns the Header of a file of so many bytes. It asks for what it needs of them: (start, count)
    for bytes, of which fewer may come where the file ends, or (start, mark), two or four bytes, for the place where these
    first stand from there on, -1 if they do not."""
    head = yield 0, HEAD
    if head[:3] == JPEG:
        return (yield from _jpeg())
    if head[:8] == PNG and head[12:16] == b"IHDR":
        return (yield from _png(head, length))
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Header(_size_of_webp(head), 8 + _little(head, 4, 4) <= length)
    if head[:4] == b"GIF8":
        return Header((_little(head, 6, 2), _little(head, 8, 2)))
    if head[:2] == b"BM":
        return _bmp(head, length)
    return Header()


def _jpeg():
    size, in_scans, at = None, False, 2
    for _ in range(PARTS):
        part = yield at, 9  # 0xFF, marker, length (2); of a frame also precision, height (2), width (2)
        if len(part) < 4:
            ended = len(part) > 1 and part[1] == END
            return Header(size, None if ended else False, True, in_scans)
        code, length = part[1], _big(part, 2, 2)
        if part[0] != 0xFF or code in (0, END):
            break  # no JPEG of a kind that is known
        if code == 0xFF:  # may stand before any marker
            at += 1
        elif code in ALONE:
            at += 2
        elif length < 2:
            break
        else:
            if code in FRAMES:
                size, in_scans = (_big(part, 7, 2), _big(part, 5, 2)), code in IN_SCANS
            at += 2 + length
        if code == SCAN:
            # In what follows 0xFF stands before 0 or a marker. Tables between scans hold no such pair of bytes either.
            end = yield at, END_OF_JPEG
            return Header(size, end >= 0, True, in_scans)
    return Header(size, None, True, in_scans)


def _png(head, length):
    size = _big(head, 16, 4), _big(head, 20, 4)
    last = yield max(0, length - 8), 4
    if last != IEND:  # something was appended, or its end is missing
        end = yield 33, IEND
        return Header(size, end >= 0)
    return Header(size, True)


def _size_of_webp(head):
    kind = head[12:16]
    if kind == b"VP8X":
        return 1 + _little(head, 24, 3), 1 + _little(head, 27, 3)
    if kind == b"VP8L" and head[20:21] == b"\x2f":
        return 1 + (_little(head, 21, 2) & 0x3FFF), 1 + (_little(head, 22, 3) >> 6 & 0x3FFF)
    if kind == b"VP8 " and head[23:26] == b"\x9d\x01\x2a":
        return _little(head, 26, 2) & 0x3FFF, _little(head, 28, 2) & 0x3FFF
    return None


def _bmp(head, length):
    if _little(head, 14, 4) == 12:  # of OS/2
        width, height, depth, packing = _little(head, 18, 2), _little(head, 20, 2), _little(head, 24, 2), 0
    else:
        width, height, depth, packing = (_little(head, *place) for place in ((18, 4), (22, 4), (28, 2), (30, 4)))
        height = min(height, (1 << 32) - height)  # below 0 where the top row comes first
    if len(head) < HEAD or not width or not height:
        return Header(whole=None)
    row = (width * depth + 31) // 32 * 4
    plain = packing in (0, 3)  # else its rows have a length of their own
    needed = _little(head, 10, 4) + row * (height - 1) + (width * depth + 7) // 8
    return Header((width, height), needed <= length if plain else None)


def _big(data, start, count):
    return int.from_bytes(data[start : start + count], "big")


def _little(data, start, count):
    return int.from_bytes(data[start : start + count], "little")
