"""The pad's ink from its strokes alone: where the browser hides the pixels of canvases, or the pen went beyond the pad.

Each stroke is a chain of capsules, two discs and what lies between them, as app/drawing/strokes.py draws it.
"""

import numpy as np

HEADER = 2  # numbers before a stroke's points: how many points, and 1 where it erases
OF_POINT = 3  # x, y, radius in px
BEYOND = 100  # px on each side of the pad that the image has, too


def are(data):
    """Whether an array is such numbers."""
    place = 0
    while place < len(data) and data[place] >= 1:
        place += HEADER + OF_POINT * int(data[place])
    return place == len(data) and bool(np.isfinite(data).all())


def rasterised(numbers, width, height):
    """uint8 (height + 2 * BEYOND, width + 2 * BEYOND, 4): opaque black where there is ink, transparent elsewhere.

    numbers: float32 (n,), the strokes one after the other: each HEADER, then OF_POINT numbers of each point.
    """
    ink = np.zeros((height + 2 * BEYOND, width + 2 * BEYOND), np.float32)
    place = 0
    while place < len(numbers):
        count, erases = int(numbers[place]), numbers[place + 1] > 0
        end = place + HEADER + OF_POINT * count
        points = numbers[place + HEADER : end].reshape(-1, OF_POINT)
        _lay(ink, points + np.float32((BEYOND, BEYOND, 0)), erases)
        place = end
    image = np.zeros((*ink.shape, 4), np.uint8)
    image[..., 3] = np.round(255 * ink)
    return image


def _lay(ink, points, erases):
    """One stroke over what is there."""
    reach = points[:, 2].max() + 1
    (left, top), (right, bottom) = points[:, :2].min(axis=0) - reach, points[:, :2].max(axis=0) + reach
    left, top = max(0, int(left)), max(0, int(top))
    part = ink[top : max(0, int(np.ceil(bottom)) + 1), left : max(0, int(np.ceil(right)) + 1)]
    if not part.size:
        return
    stroke = np.zeros_like(part)
    for start, end in zip(points, points[1:] if len(points) > 1 else points):
        _capsule(stroke, start - (left, top, 0), end - (left, top, 0))
    part[...] = part * (1 - stroke) if erases else part + stroke * (1 - part)


def _capsule(stroke, start, end):
    """Covers what lies within the two discs (x, y, radius) and between them; edges are a pixel soft."""
    reach = max(start[2], end[2]) + 1
    left, top = np.maximum(np.floor(np.minimum(start, end)[:2] - reach), 0).astype(int)
    right, bottom = np.ceil(np.maximum(start, end)[:2] + reach).astype(int) + 1
    part = stroke[top : max(0, bottom), left : max(0, right)]
    if not part.size:
        return
    x = np.arange(left, left + part.shape[1], dtype=np.float32) + 0.5 - start[0]
    y = np.arange(top, top + part.shape[0], dtype=np.float32)[:, None] + 0.5 - start[1]
    dx, dy = end[0] - start[0], end[1] - start[1]
    along = np.clip((x * dx + y * dy) / max(dx * dx + dy * dy, 1e-9), 0, 1)
    distance = np.hypot(x - along * dx, y - along * dy)
    radius = start[2] + along * (end[2] - start[2])
    np.maximum(part, np.clip(radius - distance + 0.5, 0, 1), out=part)
