"""Pen strokes: reading the jsonl.gz format and drawing strokes with the pad's own brush."""

import gzip
import json
from pathlib import Path

import numpy as np

from training.data.errors import DataError
from training.data.files import unpacked_room

PAD = json.loads((Path(__file__).parents[2] / "site" / "pad.json").read_text())
MAX_STROKES, MAX_POINTS = 1_000, 5_000  # of a record; numbers have 1,300 points at most
MAX_LENGTH = 50  # of all its strokes, in longer sides of the ink; digits have 5
MAX_NAME = 100  # characters of a label or a writer's name
MAX_LINE = 1_000_000  # bytes of a record
SHRUNK = 10  # times a file may be as small as what is in it; real ones are a quarter


def read_strokes(path):
    """Read a `*.jsonl.gz` file of pen strokes.

    Each line is {"label", "writer", "strokes", ...}; strokes[k] is one pen-down as [[x, y], ...], x and y in
    0..1 of the longer side of the ink, y down. Returns a list of such records with `strokes` as float32
    (n, 2) arrays. Raises DataError, naming the line, on anything else, and on a file that unpacks to more than
    `files.unpacked_room`.
    """
    records, number, room = [], 0, unpacked_room(path, SHRUNK)
    try:
        with gzip.open(path) as lines:
            while line := lines.readline(min(MAX_LINE, room) + 1):
                number, room = number + 1, room - len(line)
                if len(line) > MAX_LINE or room < 0:
                    raise DataError(
                        f"{path}, line {number}: it is too long, or the file unpacks to far more than it is."
                    )
                if line.strip():
                    try:
                        records.append(parse_record(json.loads(line.decode())))
                    except (ValueError, RecursionError) as error:
                        raise DataError(f"{path}, line {number}: {error}") from None
    except (OSError, EOFError, gzip.zlib.error) as error:
        raise DataError(f"{path} can't be read as gzip JSON lines: {error}") from None
    return records


def parse_record(record):
    """Check one decoded JSON line; returns it with arrays for strokes. ValueError says what is wrong."""
    if not isinstance(record, dict):
        raise ValueError("not a JSON object")
    for key in ("label", "writer"):
        if not isinstance(record.get(key), str):
            raise ValueError(f'"{key}" must be a string')
        if len(record[key]) > MAX_NAME:
            raise ValueError(f'"{key}" must have at most {MAX_NAME} characters')
        record[key].encode()  # a lone surrogate is a UnicodeEncodeError, which is a ValueError
    strokes = record.get("strokes")
    if not isinstance(strokes, list) or not 0 < len(strokes) <= MAX_STROKES:
        raise ValueError(f'"strokes" must be a list of 1 to {MAX_STROKES} pen-downs')
    arrays, length = [], 0.0
    for stroke in strokes:
        try:
            points = np.array(stroke)
        except (TypeError, ValueError, OverflowError):
            points = np.empty(0)
        if points.dtype.kind not in "iuf" or points.ndim != 2 or points.shape[1] != 2 or not len(points):
            raise ValueError("a pen-down must be a list of [x, y] points")
        if not (points.min() >= -2 and points.max() <= 2):  # nor NaN
            raise ValueError("x and y must lie in 0..1 of the longer side of the ink")
        arrays.append(points.astype(np.float32))
        if len(points) > 1:  # files have thousands of dots; np.diff takes three times as long as this
            steps = points[1:] - points[:-1]
            length += float(np.hypot(steps[:, 0], steps[:, 1]).sum())
    if sum(map(len, arrays)) > MAX_POINTS or length > MAX_LENGTH:
        raise ValueError(f"its pen-downs have more than {MAX_POINTS} points, or are longer than {MAX_LENGTH} together")
    return {**record, "strokes": arrays}


def draw(strokes, brush, shape):
    """Coverage float32 (height, width), 0..1, of strokes drawn by a round brush `brush` px wide.

    strokes: list of (n, 2) arrays of x, y in px (0, 0 is the corner of the first pixel, as on a canvas). The
    union of capsules around the segments, with an edge one pixel soft: what a canvas draws with round caps
    and joins.
    """
    height, width = shape
    out = np.zeros(shape, np.float32)
    reach = brush / 2 + 1
    for stroke in strokes:
        points = stroke if len(stroke) > 1 else np.repeat(stroke, 2, axis=0)
        for (x0, y0), (x1, y1) in zip(points[:-1].tolist(), points[1:].tolist()):
            left, right = max(int(min(x0, x1) - reach), 0), min(int(max(x0, x1) + reach) + 1, width)
            top, bottom = max(int(min(y0, y1) - reach), 0), min(int(max(y0, y1) + reach) + 1, height)
            if left >= right or top >= bottom:
                continue
            x = np.arange(left, right, dtype=np.float32) + np.float32(0.5 - x0)
            y = (np.arange(top, bottom, dtype=np.float32) + np.float32(0.5 - y0))[:, None]
            dx, dy = x1 - x0, y1 - y0
            along = np.clip((x * dx + y * dy) / max(dx * dx + dy * dy, 1e-9), 0, 1)
            distance = np.sqrt((x - along * dx) ** 2 + (y - along * dy) ** 2)
            box = out[top:bottom, left:right]
            np.maximum(box, np.clip(brush / 2 + 0.5 - distance, 0, 1), out=box)
    return out


def placed(strokes, size, brush):
    """Strokes in the pixels of `picture`: (list of float32 (n, 2) arrays of x, y, shape of the picture)."""
    margin = brush / 2 + 4
    points = np.concatenate(strokes)
    low = points.min(axis=0)
    width, height = np.ceil((points.max(axis=0) - low) * size + 2 * margin).astype(int)
    return [(stroke - low) * size + np.float32(margin) for stroke in strokes], (height, width)


def picture(strokes, size, brush):
    """Draw strokes as the page's pad does; returns RGBA uint8, black ink in alpha, cropped to a margin.

    strokes: in 0..1 of the longer side, which becomes `size` px; `brush` px wide.
    """
    points, shape = placed(strokes, size, brush)
    image = np.zeros((*shape, 4), np.uint8)
    image[..., 3] = np.rint(draw(points, brush, shape) * 255)
    return image
