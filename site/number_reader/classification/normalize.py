"""One digit's ink -> its glyph: 28x28, the longer side 20 px, the centre of mass in the middle."""

import numpy as np

SIDE = 28
LONGER = 20  # px; MNIST's own frame
EDGE = 0.1  # ink below this does not count as the digit's extent


def resampling(size, scale, offset, out=SIDE):
    """Matrix (out, size) that resamples one axis: output pixel i looks at source position (i + 0.5 - offset) / scale.

    Each row is the overlap of source pixels with a window max(1, 1/scale) px wide: the area mean when
    shrinking, linear interpolation when enlarging. Nothing lies outside the source.
    """
    width = max(1.0, 1 / scale)
    centre = (np.arange(out)[:, None] + 0.5 - offset) / scale
    pixel = np.arange(size)[None, :]
    overlap = np.minimum(centre + width / 2, pixel + 1) - np.maximum(centre - width / 2, pixel)
    return (np.maximum(overlap, 0) / width).astype(np.float32)


def extent(ink, level=EDGE):
    """Box (top, left, bottom, right), half-open, of the ink above `level`; None if there is none."""
    rows = np.flatnonzero((ink > level).any(axis=1))
    if rows.size == 0:
        return None
    columns = np.flatnonzero((ink > level).any(axis=0))
    return rows[0], columns[0], rows[-1] + 1, columns[-1] + 1


def glyph(ink):
    """Normalise one digit.

    ink: float (h, w), 0..1. Returns uint8 (28, 28), 255 for full ink; all 0 if there is no ink. MNIST's
    normalisation (LeCun et al. 1998) with the centre of mass placed to a fraction of a pixel.
    """
    box = extent(ink)
    if box is None:
        return np.zeros((SIDE, SIDE), np.uint8)
    top, left, bottom, right = box
    ink = ink[top:bottom, left:right]
    h, w = ink.shape
    scale = LONGER / max(h, w)
    total = ink.sum(dtype=np.float64)
    cy = (ink.sum(axis=1, dtype=np.float64) @ (np.arange(h) + 0.5)) / total
    cx = (ink.sum(axis=0, dtype=np.float64) @ (np.arange(w) + 0.5)) / total
    rows = resampling(h, scale, SIDE / 2 - cy * scale)
    columns = resampling(w, scale, SIDE / 2 - cx * scale)
    out = rows @ ink.astype(np.float32) @ columns.T
    # A line thinner than one glyph pixel would fade when shrunk; its darkest place is full ink again.
    out = out / max(float(out.max()), 1e-6)
    return np.rint(np.clip(out, 0, 1) * 255).astype(np.uint8)
