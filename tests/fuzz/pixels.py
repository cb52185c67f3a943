"""Pictures that nobody would call pictures, for `Recognizer.read`."""

import numpy as np

from tests.number_reader import hand

CHANNELS = ((), (), (3,), (4,))
DTYPES = (
    "float16", "float32", "float64", "longdouble", "complex64", "int8", "int16", "uint16", ">u2", "int32", "int64",
    "uint64", "bool", "object", "U1", "S3", "V4", "M8[s]", "m8[D]", [("red", "u1"), ("green", "u1")],
)  # fmt: skip
ODD = (np.nan, np.inf, -np.inf, 0.0, -1.0, 255.0, 256.0, 1e308, 5e-324)
TALLEST = 1_200  # px: as much as is looked at, pictures beyond it are shrunk


def generator(rng):
    return np.random.default_rng(rng.getrandbits(32))


def picture(rng):
    """A uint8 picture: mostly small, seldom as large as it may be."""
    large = rng.random()
    if large < 0.002:
        return limits(rng)
    content = rng.choice(CONTENTS)
    if large < 0.008:
        side = rng.choice((300, 640, 1200))
        shape = side, rng.choice((side, side // 2, side + 1))
    elif large < 0.02:
        shape = rng.choice((1, 2, 3, 5, 30)), rng.choice((1_000, 1_201, 5_000, 40_000))
        shape = shape[:: rng.choice((1, -1))]
    else:
        longest = rng.choice((3, 12, 40, 70, 150))
        shape = rng.randint(1, longest), rng.randint(1, longest)
    grey = content(shape, rng)
    return laid_out(coloured(grey, rng), rng)


def limits(rng):
    """A picture of as many pixels as are taken, or one too many; its bytes are repeated where that can be done."""
    height, width = rng.choice(
        ((8_000, 8_000), (8_001, 8_000), (1, 64_000_000), (64_000_000, 1), (2, 32_000_000), (230, 278_000),
            (278_000, 230),
         (16, 4_000_000), (4_000_000, 16), (10**12, 10**6), (53_000, 1_200), (50, 60_000), (2**30, 2**30), (0, 2**40))
    )  # fmt: skip
    channels = rng.choice(CHANNELS)
    some = np.frombuffer(rng.randbytes(4 * 4096), np.uint8)
    if height * width > 65_000_000:
        return np.broadcast_to(some[:1].reshape((1,) * (2 + len(channels))), (height, width, *channels))
    kind = rng.choice(("even", "rows", "columns", "noise"))
    if kind == "noise" and height * width <= 64_000_000:
        size = height * width * (channels or (1,))[0]
        return np.resize(np.frombuffer(rng.randbytes(10**6 + 7), np.uint8), size).reshape(height, width, *channels)
    if kind == "rows" and width * 4 <= 10**7:
        row = np.resize(some, (1, width, *channels))
        return np.broadcast_to(row, (height, width, *channels))
    if kind == "columns" and height * 4 <= 10**7:
        return np.broadcast_to(np.resize(some, (height, 1, *channels)), (height, width, *channels))
    return np.full((height, width, *channels), rng.choice((0, 7, 255)), np.uint8)


# --- what is in them ------------------------------------------------------------------------


def even(shape, rng):
    return np.full(shape, rng.randrange(256), np.uint8)


def noise(shape, rng):
    return generator(rng).integers(0, rng.choice((2, 20, 256)), shape).astype(np.uint8) * rng.choice((1, 1, 255))


def specks(shape, rng):
    share = rng.choice((0.001, 0.01, 0.03, 0.1, 0.3))
    return ((generator(rng).random(shape) < share) * rng.choice((40, 255))).astype(np.uint8)


def blocks(shape, rng):
    """Squares on a grid: as many marks as fit."""
    side, share = rng.choice((2, 3, 4, 5, 8, 12, 20)), rng.choice((0.02, 0.05, 0.1, 0.2, 0.5))
    few = generator(rng).random((shape[0] // side + 1, shape[1] // side + 1)) < share
    return np.kron(few, np.ones((side, side), np.uint8))[: shape[0], : shape[1]].astype(np.uint8) * 255


def marks(shape, rng):
    """Rectangles of any size anywhere."""
    out = np.full(shape, 255, np.uint8)
    for _ in range(rng.choice((1, 3, 10, 60, 250))):
        top, left = rng.randrange(shape[0]), rng.randrange(shape[1])
        height, width = (rng.choice((1, 2, 4, 9, 30, 200)) for _ in range(2))
        out[top : top + height, left : left + width] = rng.choice((0, 0, 0, 90, 255))
    return out


def stripes(shape, rng):
    """Rulings, one way or both, even or with a grain."""
    apart, thick = rng.choice((2, 3, 4, 6, 8, 10, 14, 20, 40)), rng.choice((1, 1, 2, 4, 7))
    rows, columns = np.arange(shape[0])[:, None], np.arange(shape[1])
    slope = rng.choice((0, 0, 0.01, 0.1, 1))
    lines = (rows + slope * columns) % apart < thick
    if rng.random() < 0.5:
        lines = lines | ((columns - slope * rows) % apart < thick)
    out = np.where(lines, rng.choice((0, 100, 240)), 200).astype(np.uint8)
    if rng.random() < 0.5:
        out = out + generator(rng).integers(0, 14, shape).astype(np.uint8)
    return out


def gradient(shape, rng):
    rows, columns = np.arange(shape[0])[:, None], np.arange(shape[1])
    return ((rows * rng.uniform(0, 3) + columns * rng.uniform(0, 3)) % 256).astype(np.uint8)


def frames(shape, rng):
    """A frame within a frame within a frame."""
    rows, columns = np.arange(shape[0])[:, None], np.arange(shape[1])
    depth = np.minimum(np.minimum(rows, shape[0] - 1 - rows), np.minimum(columns, shape[1] - 1 - columns))
    apart = rng.choice((2, 3, 4, 5, 8))
    return np.where(depth % apart < rng.randint(1, apart - 1), 0, rng.choice((255, 128))).astype(np.uint8)


def spiral(shape, rng):
    """One line, or nearly, that winds through all of the picture."""
    rows, columns = np.arange(shape[0])[:, None] - shape[0] / 2, np.arange(shape[1]) - shape[1] / 2
    turn, apart = np.arctan2(rows, columns) / (2 * np.pi), rng.choice((4, 6, 10, 20))
    return np.where((np.hypot(rows, columns) / apart + turn) % 1 < 0.5, 0, 255).astype(np.uint8)


def comb(shape, rng):
    out = np.zeros(shape, np.uint8)
    out[:: rng.choice((2, 3, 5))] = 255
    out[:, rng.randrange(shape[1])] = 255
    return out


def dots(shape, rng):
    """Discs of one size, far apart or near, as a dotted pen leaves."""
    out = np.full(shape, 255, np.uint8)
    radius = max(1, int(min(shape) * rng.choice((0.01, 0.03, 0.06, 0.1))))
    ys, xs = np.ogrid[-radius : radius + 1, -radius : radius + 1]
    disc = ys * ys + xs * xs <= radius * radius
    for _ in range(rng.choice((5, 6, 8, 20, 100))):
        top, left = rng.randrange(shape[0]), rng.randrange(shape[1])
        part = out[top : top + len(disc), left : left + len(disc)]
        part[disc[: part.shape[0], : part.shape[1]]] = 0
    return out


def digits(shape, rng):
    """Digits as hands write them, with noise or without, cut off where they do not fit."""
    text = "".join(rng.choice("0123456789") for _ in range(rng.choice((1, 1, 2, 5))))
    height = rng.choice((12, 20, 40, 90))
    coverage = hand.row(text, height, rng.choice((1, 2, 5, 9)), (4, 4), (height + 8, int(1.3 * height * len(text)) + 8))
    sheet = np.full(shape, 255, np.uint8)
    there = tuple(min(a, b) for a, b in zip(shape, coverage.shape))
    sheet[: there[0], : there[1]] = 255 - hand.as_bytes(coverage[: there[0], : there[1]])
    if rng.random() < 0.4:
        sheet = np.where(specks(shape, rng) > 0, 255 - sheet, sheet)
    return sheet


def tangle(shape, rng):
    """Lines over lines."""
    out = np.full(shape, 255, np.uint8)
    for _ in range(rng.choice((3, 12, 60))):
        length = max(shape) * 2
        ys, xs = (np.rint(np.linspace(rng.randrange(side), rng.randrange(side), length)).astype(int) for side in shape)
        out[ys, xs] = 0
    return out


CONTENTS = (
    even,
    noise,
    specks,
    blocks,
    marks,
    marks,
    stripes,
    gradient,
    frames,
    spiral,
    comb,
    dots,
    digits,
    digits,
    tangle,
)


# --- how they lie in memory -----------------------------------------------------------------


def coloured(grey, rng):
    """Grey, RGB or RGBA of it, the ink in any channel or in alpha alone."""
    channels = rng.choice((0, 0, 3, 4, 4))
    grey = 255 - grey if rng.random() < 0.3 else grey
    if not channels:
        return grey
    out = np.repeat(grey[..., None], channels, axis=2)
    for k in range(channels):
        way = rng.randrange(4)
        if way == 0:
            out[..., k] = rng.choice((0, 255, 128))
        elif way == 1:
            out[..., k] = 255 - grey
    return out


def laid_out(image, rng):
    """The same values in another order in memory."""
    way = rng.randrange(14)
    if way == 0:
        return image[::-1, ::-1]
    if way == 1:
        return np.asfortranarray(image)
    if way == 2:
        return np.repeat(image, 2, axis=1)[:, ::2]
    if way == 3:
        image.setflags(write=False)
    if way == 4:
        return np.frombuffer(image.tobytes(), np.uint8).reshape(image.shape)
    if way == 5 and image.ndim == 3:
        return image[..., ::-1]
    if way == 6:
        return np.swapaxes(image, 0, 1)
    if way == 7:
        wide = np.zeros((*image.shape, 3), np.uint8)
        wide[..., 1] = image
        return wide[..., 1]
    if way == 8:
        return np.broadcast_to(image[:1], image.shape)
    if way == 9:
        odd = np.zeros(image.size + 3, np.uint8)[3:].reshape(image.shape)  # not aligned
        odd[:] = image
        return odd
    if way == 10:
        return image.view(Plain)
    if way == 11:
        return np.ma.masked_array(image, mask=image > 128) if image.ndim == 3 else np.matrix(image)
    if way == 12:
        return image.view(np.recarray)
    return image


class Plain(np.ndarray):
    """A subclass, as other libraries have them."""


# --- what is no picture ---------------------------------------------------------------------


def no_picture(rng):
    """Anything but uint8 (H, W), (H, W, 3) or (H, W, 4)."""
    way = rng.randrange(8)
    if way == 0:
        shape = tuple(rng.choice((0, 1, 2, 3, 4, 5, 9)) for _ in range(rng.choice((0, 1, 2, 3, 4, 5))))
        return np.zeros(shape, np.uint8)
    if way == 1:
        return rng.choice(
            (None, 7, 3.5, "7", b"png", [[0, 255]], {}, ..., object(), type, range(9), np.uint8(3), memoryview(b""))
        )
    if way == 2:
        return np.broadcast_to(np.float64(rng.choice(ODD)), (10**9, 10**9))
    if way == 3:
        return Pretender(rng.choice((None, 5, np.zeros((4, 4), np.uint8))))
    shape = (rng.randint(1, 9), rng.randint(1, 9), *rng.choice(CHANNELS))
    dtype = np.dtype(rng.choice(DTYPES))
    if dtype.kind == "f":
        return generator(rng).choice(ODD, shape).astype(dtype)
    return np.zeros(shape, dtype)


class Pretender:
    """Says that it is an array."""

    dtype, ndim, shape, size = np.dtype(np.uint8), 2, (4, 4), 16

    def __init__(self, array):
        self.array = array

    def __array__(self, dtype=None, copy=None):
        if self.array is None:
            raise RuntimeError("it is none")
        return self.array


def anything(rng):
    return no_picture(rng) if rng.random() < 0.2 else picture(rng)
