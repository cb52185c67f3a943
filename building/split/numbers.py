"""Numbers as WebAssembly writes them (LEB128), and a reader of bytes that is never read beyond its end."""


class SplitError(Exception):
    """A module, or a profile, that is not as the splitter knows it; the message says in what."""


class Reader:
    """Bytes from `at` to `end`, read one after the other. SplitError where they end too soon."""

    def __init__(self, data: bytes, at: int = 0, end: int | None = None) -> None:
        self.data, self.at, self.end = data, at, len(data) if end is None else end

    @property
    def has_more(self) -> bool:
        return self.at < self.end

    def byte(self) -> int:
        if self.at >= self.end:
            raise SplitError("a part of it is missing")
        self.at += 1
        return self.data[self.at - 1]

    def take(self, size: int) -> bytes:
        """The next `size` bytes."""
        if size > self.end - self.at:
            raise SplitError("a part of it is missing")
        self.at += size
        return self.data[self.at - size : self.at]

    def unsigned(self) -> int:
        """A number below 2**32, in at most five bytes."""
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                break
            shift += 7
            if shift > 28:
                raise SplitError("a number is too long")
        if value >= 1 << 32:
            raise SplitError("a number is too large")
        return value

    def skip_number(self, most: int = 10) -> None:
        """Passes over a number, signed or not, whose value nobody needs."""
        for _ in range(most):
            if self.byte() < 0x80:
                return
        raise SplitError("a number is too long")

    def sized(self) -> bytes:
        """Bytes with their count before them."""
        return self.take(self.unsigned())


def unsigned(value: int) -> bytes:
    """A number from 0 up, as short as can be."""
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def signed(value: int) -> bytes:
    """A number, as short as can be, as i32.const and i64.const have it."""
    out = bytearray()
    while not -0x40 <= value < 0x40:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value & 0x7F)
    return bytes(out)


def sized(data: bytes) -> bytes:
    """Bytes with their count before them."""
    return unsigned(len(data)) + data


def vector(items: list[bytes]) -> bytes:
    """Items with their number before them."""
    return unsigned(len(items)) + b"".join(items)
