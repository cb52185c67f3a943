"""The examples that a digit's strokes are compared with, as one file holds them, and their distances from a query.

Each dimension of all examples is one whole number with a lane of 16 bits for each example, so that a distance to all of them
is a few products of such a number with a small one, each a loop in C: plain lists would take a hundred times as long in
MicroPython, which has no numpy.

The file (little-endian): b"PEN1", dimensions D and classes C as uint8, features F and C counts of examples as uint16; F * D
int8, the projection, row by row; for each dimension the float32s scale, shift and square; and for each dimension all
examples, class by class, as 4 bits each, the lower ones first.
"""

import struct
from array import array

MAGIC = b"PEN1"
DIGITS = 10  # classes that are digits; the one after them is what is none, or several, or a part of one
MIDDLE = 8  # the 4 bits stand for -8 to 7
ZERO = 1 << 15  # a lane's value that stands for 0: no lane ever borrows from another
FARTHEST = 10  # steps of the 4 bits: what is farther out counts as this
NEAREST = 5  # of each class


class Examples:
    """Made of the file's bytes. ValueError if they are something else.

    `bounds`: for each class the lanes of its examples, (first, end).
    """

    def __init__(self, data):
        if bytes(data[:4]) != MAGIC or len(data) < 8:
            raise ValueError("these are no examples of pen strokes")
        self.dimensions, classes, self.features = struct.unpack("<BBH", data[4:8])
        at = 8 + 2 * classes
        if len(data) < at:
            raise ValueError("a part of the examples of pen strokes is missing")
        counts = struct.unpack(f"<{classes}H", data[8:at])
        self.count = sum(counts)
        self.bounds = [(sum(counts[:k]), sum(counts[: k + 1])) for k in range(classes)]
        size = self.features * self.dimensions
        halves = (self.count + 1) // 2
        if len(data) != at + size + self.dimensions * (12 + halves):
            raise ValueError("a part of the examples of pen strokes is missing")
        self._projection = array("b", data[at : at + size])
        at += size
        numbers = struct.unpack(f"<{3 * self.dimensions}f", data[at : at + 12 * self.dimensions])
        thirds = range(0, len(numbers), 3)  # MicroPython has no slices with steps
        self._scales, self._shifts, self._squares = [[numbers[i + k] for i in thirds] for k in range(3)]
        at += 12 * self.dimensions
        self._packed = [data[at + k * halves : at + (k + 1) * halves] for k in range(self.dimensions)]
        self._columns = []
        self._ones = int.from_bytes(b"\1\0" * self.count, "little")
        self._start = ZERO * self._ones

    def unpack(self):
        """Unpacks one dimension each time that it is asked for the next: to be gone through once, with rests."""
        spread = [struct.pack("<HH", k & 15, k >> 4) for k in range(256)]
        for k in range(self.dimensions):
            packed = self._packed[k]
            self._columns.append(self._lanes(spread, packed))
            square = [int((u - MIDDLE) * (u - MIDDLE) * self._squares[k] + 0.5) for u in range(16)]
            squares = [struct.pack("<HH", square[k & 15], square[k >> 4]) for k in range(256)]
            self._start += self._lanes(squares, packed)
            yield
        self._packed = None

    def _lanes(self, table, packed):
        return int.from_bytes(b"".join([table[byte] for byte in packed])[: 2 * self.count], "little")

    def nearest(self, found):
        """For each class the squared distances of its NEAREST examples from a digit's features, nearest first, in a unit of
        this file's own. found: what `features` returned."""
        z = self._projected(found)
        total = self._start + MIDDLE * sum(z) * self._ones
        own = 0.0
        for k in range(self.dimensions):
            total -= z[k] * self._columns[k]
            own += z[k] * z[k] / (4 * self._squares[k])
        lanes = array("H", total.to_bytes(2 * self.count, "little"))
        own -= ZERO
        return [[max(value + own, 1.0) for value in sorted(lanes[a:b])[:NEAREST]] for a, b in self.bounds]

    def _projected(self, found):
        """The query in each dimension, whole numbers: 2 * `square` for each step of the 4 bits."""
        sums = [0.0] * self.dimensions
        width, projection = self.dimensions, self._projection
        for i, value in enumerate(found):
            if value:
                k = 0
                for weight in projection[i * width : (i + 1) * width]:
                    sums[k] += value * weight
                    k += 1
        z = []
        for k in range(width):
            most = 2 * FARTHEST * self._squares[k]
            value = min(max(sums[k] * self._scales[k] - self._shifts[k], -most), most)
            z.append(int(value + 0.5) if value >= 0 else -int(0.5 - value))
        return z
