"""Turns arrays by any angle."""

import numpy as np

from number_reader.sheet.homography import warped


def rotated(values, degrees, around="edge"):
    """float32 (h, w) turned clockwise about its middle, as large as it then is; bilinear. around: "edge", its edge
    repeated, or "zero"."""
    h, w = values.shape
    angle = np.deg2rad(degrees)
    cos, sin = np.cos(angle), np.sin(angle)
    high, wide = int(np.ceil(abs(h * cos) + abs(w * sin))), int(np.ceil(abs(w * cos) + abs(h * sin)))
    if around == "zero":
        values = np.pad(values, 1)
    y, x = (high - 1) / 2, (wide - 1) / 2
    down, right = (np.array(values.shape) - 1) / 2
    back = np.array([(cos, sin, right - cos * x - sin * y), (-sin, cos, down + sin * x - cos * y), (0.0, 0.0, 1.0)])
    return warped(values, back, (high, wide))
