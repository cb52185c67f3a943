"""Turns arrays by any angle, bilinearly."""

import numpy as np


def rotated(values, degrees, around="edge"):
    """float32 (h, w) turned clockwise about its middle, as large as it then is; bilinear. around: "edge", its edge
    repeated, or "zero"."""
    h, w = values.shape
    angle = np.deg2rad(degrees)
    cos, sin = np.cos(angle), np.sin(angle)
    high, wide = int(np.ceil(abs(h * cos) + abs(w * sin))), int(np.ceil(abs(w * cos) + abs(h * sin)))
    y, x = np.ogrid[:high, :wide]
    y, x = y - (high - 1) / 2, x - (wide - 1) / 2
    if around == "zero":
        values = np.pad(values, 1)
    rows = (cos * y - sin * x + (values.shape[0] - 1) / 2).clip(0, values.shape[0] - 1)
    columns = (sin * y + cos * x + (values.shape[1] - 1) / 2).clip(0, values.shape[1] - 1)
    top, left = np.floor(rows).astype(np.intp), np.floor(columns).astype(np.intp)
    below, right = np.minimum(top + 1, values.shape[0] - 1), np.minimum(left + 1, values.shape[1] - 1)
    down, aside = (rows - top).astype(np.float32), (columns - left).astype(np.float32)
    upper = values[top, left] * (1 - aside) + values[top, right] * aside
    lower = values[below, left] * (1 - aside) + values[below, right] * aside
    return upper * (1 - down) + lower * down
