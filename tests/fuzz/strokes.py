"""What nobody's pen does, for the strokes= of `Recognizer.read`, with a picture that may have been drawn by it."""

import itertools

import numpy as np
from PIL import Image, ImageDraw

from tests.fuzz import pixels
from tests.number_reader import hand


def drawn(rng):
    """(picture, its strokes): a number, or lines in any direction."""
    brush = rng.choice((2, 4, 8, 12))
    if rng.random() < 0.6:
        height, strokes = rng.choice((20, 40, 80)), []
        for k in range(rng.choice((1, 1, 2, 3))):
            digit = hand.DIGITS[rng.randrange(10)]
            strokes += [
                np.array(stroke) * height + (10 + k * height * rng.choice((0.2, 0.7, 1.1)), 10) for stroke in digit
            ]
        shape = height + 20, int(height * 3.4) + 20
    else:
        shape = rng.choice(((40, 60), (90, 90), (120, 300), (3, 400)))
        strokes = [walk(rng, shape, rng.choice((1, 2, 6, 30))) for _ in range(rng.choice((1, 3, 12, 40)))]
        if rng.random() < 0.01:
            shape = 1200, 1200
            strokes = [walk(rng, shape, rng.choice((2, 30, 300))) for _ in range(rng.choice((3, 100, 230)))]
    sheet = Image.new("L", shape[::-1])
    for stroke in strokes:
        ImageDraw.Draw(sheet).line([tuple(point) for point in stroke.tolist()], 255, brush, "curve")
    return np.dstack([np.zeros((*shape, 3), np.uint8), np.asarray(sheet)]), strokes


def walk(rng, shape, points):
    generator = pixels.generator(rng)
    return generator.random((points, 2)) * (shape[1], shape[0]) * rng.choice((1, 1, 0.1))


def made(rng):
    """(picture, strokes of any kind)."""
    image, strokes = drawn(rng)
    if rng.random() < 0.1:
        image = pixels.picture(rng)
    for _ in range(rng.choice((0, 1, 1, 2))):
        strokes = rng.choice(CHANGES)(strokes, image, rng)
    return image, rng.choice(ENDS)(strokes, rng) if rng.random() < 0.3 else strokes


def _moved(strokes, image, rng):
    by = rng.choice((1e-9, 3, 1e4, 1e9, 1e30, 1e300, -1e5))
    return [stroke * rng.choice((1, 1, by)) + by for stroke in strokes if stroke.dtype.kind in "fiu"]


def _odd(strokes, image, rng):
    """A point that is no number, or none that fits."""
    wrong = np.ones((3, 2)) * pixels.TALLEST
    if wrong.size:
        wrong.flat[rng.randrange(wrong.size)] = rng.choice(pixels.ODD)
    return [*strokes, wrong]


def _types(strokes, image, rng):
    dtype = rng.choice(
        ("float16", "float32", "longdouble", "int8", "uint64", "bool", "complex128", "object", "U5", "M8[s]", "V2")
    )
    if dtype == "longdouble" and rng.random() < 0.5:
        return [*strokes, np.full((4, 2), np.longdouble("1e4000"))]
    try:
        with np.errstate(all="ignore"):
            return [np.asarray(stroke).astype(dtype) for stroke in strokes]
    except (ValueError, TypeError, OverflowError):
        return [np.zeros((2, 2), dtype)]


def _shapes(strokes, image, rng):
    shape = tuple(rng.choice((0, 1, 2, 3, 5)) for _ in range(rng.randrange(5)))
    return [np.zeros(shape) for _ in range(rng.choice((1, 2, 50)))]


def _scribbled(strokes, image, rng):
    """To and fro, from far beyond one edge to far beyond the other."""
    count, far = rng.choice((10, 1_000, 20_000)), rng.choice((1, 3, 1e6))
    side = max(image.shape[:2])
    line = np.zeros((count, 2))
    line[::2], line[1::2] = -side * far, side * far
    if rng.random() < 0.5:
        line[:, 1] = np.linspace(0, image.shape[0], count)
    return [line] * rng.choice((1, 1, 9, 500))


def _many(strokes, image, rng):
    count = rng.choice((201, 400, 1_001, 5_000))
    return [np.full((rng.choice((1, 3)), 2), k % 50.0) for k in range(count)]


def _again(strokes, image, rng):
    """The same place again and again: every run of them could be one digit."""
    return strokes[:30] * rng.choice((2, 7, 40))


def _endless(strokes, rng):
    return rng.choice(
        (
            lambda: itertools.count(),
            lambda: itertools.repeat(np.zeros((3, 2))),
            lambda: (np.zeros((1, 2)) for _ in itertools.count()),
            lambda: [np.broadcast_to(np.float64(3), (10**12, 2))],
            lambda: [np.broadcast_to(np.float64(3), (10**7, 2))] * 9,
            lambda: np.broadcast_to(np.float64(3), (10**9, 3, 2)),
            lambda: [range(10**9)],
            lambda: [[[0, 0]] * 200_000] * 5,
        )
    )()


def _no_strokes(strokes, rng):
    knot = []
    knot.append(knot)
    return rng.choice(
        (
            lambda: 7, lambda: "7", lambda: b"77", lambda: {}, lambda: {0: 1}, lambda: {(0, 1)}, lambda: [None],
            lambda: [[]],
            lambda: [[[1, 2], [3]]], lambda: [["a", "b"]], lambda: [[[10**400, 1]]], lambda: knot, lambda: ...,
            lambda: [{}],
            lambda: object(), lambda: [pixels.Pretender(None)], lambda: [pixels.Pretender(np.zeros((2, 2)))],
            lambda: Torn(),
            lambda: [np.ma.masked_array(np.zeros((3, 2)), True)], lambda: [np.matrix([[1, 2], [3, 4]])],
            lambda: [[(0, 1), (True, 2.5)]],
            lambda: np.zeros((3, 4, 2)), lambda: np.zeros((4, 2)), lambda: np.array(5), lambda: [3], lambda: (),
            lambda: [[b"1", 2]],
            lambda: iter(strokes[:9]), lambda: tuple(strokes), lambda: [np.asarray(s).tolist() for s in strokes[:50]],
        )
    )()  # fmt: skip


class Torn:
    """Breaks while it is gone through."""

    def __iter__(self):
        yield np.zeros((2, 2))
        raise RuntimeError("torn")


CHANGES = (_moved, _odd, _types, _shapes, _scribbled, _many, _again)
ENDS = (_endless, _no_strokes, _no_strokes)
