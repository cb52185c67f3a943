"""A small network that says which symbol some pieces are, from their shape and from how they stand on their line.

Neighbours in a metric that was learned from digits know the shape of a mark by examples, but not which differences between
marks matter, and nothing of size and place. One hidden layer (Rumelhart, Hinton and Williams 1986) over the features of
`features.py` and the measures below does; its answer is one more measure that the lattice weighs. It is learned from lines
of train writers (training/learning/net.py).
"""

import binascii
import math
import zlib

import numpy as np

from number_reader.classification.features import DIRECTIONS, FEATURES, GRID
from number_reader.labels import DIGITS, MARKS, NOT_A_DIGIT, PART
from number_reader.lattice.measures import size, within
from number_reader.lattice.net_weights import BIASES, BIASES_OF_HIDDEN, FROM_GEOMETRY, FROM_HIDDEN, FROM_SHAPE

WRONG = PART  # more or less than one symbol
CLASSES = (*DIGITS, NOT_A_DIGIT, WRONG, *MARKS)
AT = {label: k for k, label in enumerate(CLASSES)}
HIDDEN = 96
COARSE, FINE = 15, 127  # steps from 0 to the largest weight of a column, in the first layer, where more read no better
CELLS = 5  # it sees 5x5 cells of a shape, and directions over half a turn: less than the metric
HALF_TURN = DIRECTIONS // 2
SEEN = CELLS * CELLS * HALF_TURN + 2

GEOMETRY = (
    "alone",  # 1 where there are no digits beside it; then the next four are 0
    "high",
    "wide",
    "middle",
    "lean",
    # The same against the mean of the other strokes in its line, those that are most like a 1; 0 where there are none:
    "strokes",  # how many they are, in thirds
    "higher",
    "lower",
    "leaning",
    "aspect",  # log of its height over its width
    "slant",  # how far it leans, whatever its line does
    "size",  # log of its longer side in heights of the line
    "before",  # white between it and what is before it, in heights of the line, and after
    "after",
    "pieces",  # how many, in thirds
    "joined",
    "gap",
    "shared",
    "inside",
    "cut",
    "split",
    "torn",
    "late",
    "over",
)
AS_THEY_ARE = GEOMETRY[15:]  # measures of the lattice


def geometry(box, place, lean, height, sides, strokes, values):
    """What the network is told beside the shape: list of floats, as many as GEOMETRY.

    box, place, lean: of the pieces; see `place.Place`. height: of the line, px. sides: (where what is before ends, where what
    is after begins, how many pieces). strokes: Places of the other strokes in the line. values: {measure: value}.
    """
    high, wide = size(box)
    among = [0.0] * 4
    if place and strokes:
        others = [sum(each) / len(strokes) for each in zip(*strokes)]
        among = [min(len(strokes), 3) / 3, place.high - others[0], place.middle - others[2], place.lean - others[3]]
    end, begin, count = sides
    return [
        float(place is None),
        *(place or (0, 0, 0, 0)),
        *among,
        within(math.log(max(high, 1) / max(wide, 1)), -2.5, 2.5),
        lean,
        within(math.log(max(high, wide, 1) / height), -3, 1),
        within((box[1] - end) / height, -0.5, 1.5),
        within((begin - box[3]) / height, -0.5, 1.5),
        count / 3,
        *(values.get(name, 0) for name in AS_THEY_ARE),
    ]


def packed(matrix, most):
    """Float (m, n) as two texts in base 64: whole numbers up to `most`, compressed, and the scale of each column, float16."""
    scale = np.maximum(np.abs(matrix).max(axis=0) / most, 1e-6).astype(np.float16)
    whole = np.clip(np.rint(matrix / scale.astype(np.float32)), -127, 127).astype(np.int8)
    by_column = np.ascontiguousarray(whole.T).tobytes()  # it compresses best
    return as_text(zlib.compress(by_column, 9)), as_text(scale.tobytes())


def unpacked(text, scale):
    """The matrix of `packed`, float32 (m, n)."""
    scale = numbers_of(scale)
    whole = np.frombuffer(zlib.decompress(binascii.a2b_base64(text)), np.int8).reshape(len(scale), -1)
    return np.ascontiguousarray(whole.T * scale)


def as_text(data):
    return binascii.b2a_base64(data, newline=False).decode()


def numbers_of(text):
    """Float32 (n,) of float16 in base 64."""
    return np.frombuffer(binascii.a2b_base64(text), np.float16).astype(np.float32)


def _pool():
    """Weights, float32 (CELLS, GRID), that make fewer cells of a row of them: each is shared out between the nearest two."""
    places = np.linspace(0, GRID - 1, CELLS)
    weights = np.maximum(1 - np.abs(np.arange(GRID) - places[:, None]) / places[1], 0)
    return (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)


_POOL = _pool()


def coarser(features):
    """What the network sees of shapes, float32 (n, FEATURES): (n, SEEN)."""
    n = len(features)
    cells = features[:, : FEATURES - 2].reshape(n, DIRECTIONS, GRID, GRID)
    cells = _POOL @ (cells[:, :HALF_TURN] + cells[:, HALF_TURN:]) @ _POOL.T
    return np.concatenate([cells.reshape(n, -1), features[:, FEATURES - 2 :]], axis=1)


class Net:
    """shape: float32 (SEEN, HIDDEN). geometry: (len(GEOMETRY), HIDDEN). hidden: (HIDDEN, len(CLASSES)). biases: (HIDDEN,)
    and (len(CLASSES),)."""

    def __init__(self, shape, geometry, hidden, biases):
        self.shape, self.geometry, self.hidden, self.biases = shape, geometry, hidden, biases

    def sees(self, features):
        """What it makes of shapes, float32 (n, FEATURES): (n, HIDDEN), for `says`."""
        return coarser(features) @ self.shape

    def says(self, seen, geometry):
        """Log of the chance that something is of each class: float32 (n, len(CLASSES)). seen: (n, HIDDEN), of `sees`.
        geometry: (n, len(GEOMETRY))."""
        inside = np.maximum(seen + np.asarray(geometry, np.float32) @ self.geometry + self.biases[0], 0)
        out = inside @ self.hidden + self.biases[1]
        out -= out.max(axis=1, keepdims=True)
        return out - np.log(np.exp(out).sum(axis=1, keepdims=True))


def shipped():
    """The Net that was learned."""
    biases = numbers_of(BIASES_OF_HIDDEN), numbers_of(BIASES)
    return Net(unpacked(*FROM_SHAPE), unpacked(*FROM_GEOMETRY), unpacked(*FROM_HIDDEN), biases)
