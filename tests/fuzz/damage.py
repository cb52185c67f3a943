"""Bytes damaged by accident or on purpose, and numbers that are just too large."""

EDGES = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 2**31 - 1, 2**31, 2**32 - 2, 2**32 - 1, 2**63, 2**64 - 1)
SIZES = (0, 1, 2, 3, 27, 28, 29, 1_000, 65_535, 65_536, 10**6, 2**31 - 1, 2**31, 2**32, 2**53, 2**63, 2**64, 10**30)


def damaged(content, rng):
    """Content with a few things done to it that disks, networks and attackers do."""
    content = bytearray(content)
    for _ in range(rng.choice((1, 1, 1, 2, 3, 8))):
        if content:
            rng.choice(WAYS)(content, rng)
    return bytes(content)


def _place(content, rng):
    """Where: anywhere, or near an end, as headers and directories are there."""
    near = rng.randrange(min(len(content), 300))
    return rng.choice((near, len(content) - 1 - near, rng.randrange(len(content))))


def _flip(content, rng):
    content[_place(content, rng)] ^= 1 << rng.randrange(8)


def _byte(content, rng):
    content[_place(content, rng)] = rng.randrange(256)


def _field(content, rng):
    """A number of 1 to 8 bytes that is at the edge of what fits."""
    at, width = _place(content, rng), rng.choice((1, 2, 4, 8))
    number = rng.choice(EDGES) % 256**width
    content[at : at + width] = number.to_bytes(width, rng.choice(("little", "big")))


def _cut(content, rng):
    del content[_place(content, rng) :]


def _leave_out(content, rng):
    at = _place(content, rng)
    del content[at : at + rng.choice((1, 2, 4, 16, 100))]


def _put_in(content, rng):
    at = _place(content, rng)
    content[at:at] = bytes(rng.randrange(256) for _ in range(rng.choice((1, 2, 4, 16))))


def _repeat(content, rng):
    at = _place(content, rng)
    part = content[at : at + rng.choice((1, 8, 64, 1000))]
    content[at:at] = part * rng.choice((1, 2, 50))


def _swap(content, rng):
    a, b = _place(content, rng), _place(content, rng)
    part = content[a : a + 16]
    content[b : b + len(part)] = part


WAYS = (_flip, _flip, _byte, _byte, _field, _field, _cut, _leave_out, _put_in, _repeat, _swap)


def noise(rng, longest=300):
    return bytes(rng.getrandbits(8) for _ in range(rng.randrange(longest)))
