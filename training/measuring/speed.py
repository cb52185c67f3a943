"""How long a reading takes: one digit, and a number of eight, at the pad's size."""

import statistics
import time

import numpy as np
from tqdm import tqdm

from training.data import splits
from training.data.datasets import NOT_A_DIGIT
from training.data.strokes import PAD, draw

COUNT = 100  # drawings of each length; the median is told
REPEATS = 3  # readings of each drawing; the shortest counts, as other work of the machine only adds
DIGITS = 8
TALL = 0.65 * PAD["height"]  # px, the longer side of a digit that has the pad to itself
MARGIN = 30  # px of the pad at either end of a number
FILL = 0.8  # share of its place that a digit of a number fills
SEED = 3


def place(strokes, side, left, width):
    """Strokes in 0..1 as float32 (n, 2) px of the pad: longer side `side`, in the middle of its height and of the
    columns from `left` on."""
    points = np.concatenate(strokes)
    low, size = points.min(axis=0), np.ptp(points, axis=0)
    start = np.array([left + width / 2, PAD["height"] / 2], np.float32) - side * (low + size / 2)
    return [(stroke * side + start).astype(np.float32) for stroke in strokes]


def pad_picture(strokes):
    """What the pad's canvas holds after these strokes, in px of the pad: uint8 (height, width, 4)."""
    image = np.zeros((PAD["height"], PAD["width"], 4), np.uint8)
    image[..., 3] = np.rint(draw(strokes, PAD["brush"], image.shape[:2]) * 255)
    return image


def drawings(dataset, digits, count=COUNT, split=splits.TEST):
    """Pictures of the pad, uint8 (height, width, 4), each with this many digits of one writer side by side.

    dataset: single digits as pen strokes. The writers take turns; the same pictures every time.
    """
    rng = np.random.default_rng(SEED)
    usable = (dataset.split == split) & (dataset.labels < NOT_A_DIGIT)
    writers = [w for w in np.unique(dataset.groups[usable]) if (usable & (dataset.groups == w)).sum() >= digits]
    pictures = []
    for turn in range(count if writers else 0):
        own = np.flatnonzero(usable & (dataset.groups == writers[turn % len(writers)]))
        chosen = rng.choice(own, digits, replace=False)
        width = PAD["width"] / digits if digits == 1 else (PAD["width"] - 2 * MARGIN) / digits
        side = TALL if digits == 1 else FILL * width
        left = (PAD["width"] - digits * width) / 2
        strokes = [
            s for i, item in enumerate(chosen) for s in place(dataset.strokes[item], side, left + i * width, width)
        ]
        pictures.append(pad_picture(strokes))
    return pictures


def milliseconds(recognizer, pictures, progress=True):
    """How long each picture takes to read, ms, the shortest of REPEATS; a first reading warms up and is not counted."""
    recognizer.read(pictures[0])
    times = []
    for picture in tqdm(pictures, "time", disable=not progress):
        readings = []
        for _ in range(REPEATS):
            recognizer.recent.clear()  # whoever writes it has not written it before
            start = time.perf_counter()
            recognizer.read(picture)
            readings.append(1000 * (time.perf_counter() - start))
        times.append(min(readings))
    return times


def latency(recognizer, dataset, split=splits.TEST, count=COUNT, progress=True):
    """{"digit_milliseconds", "number_milliseconds"}: median and 95th percentile of reading one digit and eight."""
    out = {}
    for name, digits in (("digit", 1), ("number", DIGITS)):
        pictures = drawings(dataset, digits, count, split)
        if pictures:
            times = milliseconds(recognizer, pictures, progress)
            p95 = float(np.percentile(times, 95))
            out[f"{name}_milliseconds"] = {"median": round(statistics.median(times), 2), "p95": round(p95, 2)}
    return out
