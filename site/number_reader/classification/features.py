"""Glyphs -> feature vectors: deskew and size by moments, then a histogram of gradient directions."""

import numpy as np

from number_reader.classification.normalize import SIDE

DIRECTIONS = 12  # over the full turn: dark-to-light differs from light-to-dark
GRID = 7
SIGMA = 2.45  # px, of the Gaussian that pools a grid cell
TARGET = 22.0  # px that four standard deviations of the ink's longer axis are brought to
NARROW = 0.7  # exponent that lets narrow digits stay narrow, but less so
SHAPE_WEIGHT = 0.15
FEATURES = DIRECTIONS * GRID * GRID + 2

_MIDDLE = (SIDE - 1) / 2
_GRID = np.arange(SIDE, dtype=np.float32) - np.float32(_MIDDLE)
_CENTRES = np.linspace(3, SIDE - 4, GRID)
_POOL = np.exp(-((np.arange(SIDE)[None] - _CENTRES[:, None]) ** 2) / (2 * SIGMA**2))
_POOL = (_POOL / _POOL.sum(axis=1, keepdims=True)).astype(np.float32)


def moments(glyphs):
    """Second moments of float32 (n, 28, 28) glyphs: cy, cx (px) and mu_yy, mu_xx, mu_xy (px^2), each (n,).

    Half a pixel's own spread (1/12) is added to the variances, so that a dot or a flat line stays finite.
    """
    mass = np.maximum(glyphs.sum(axis=(1, 2)), 1e-6)
    rows, columns = glyphs.sum(axis=2), glyphs.sum(axis=1)
    cy, cx = rows @ _GRID / mass, columns @ _GRID / mass
    mu_yy = rows @ _GRID**2 / mass - cy**2 + 1 / 12
    mu_xx = columns @ _GRID**2 / mass - cx**2 + 1 / 12
    mu_xy = glyphs @ _GRID @ _GRID / mass - cy * cx
    return cy, cx, mu_yy, mu_xx, mu_xy


def sample(images, ys, xs):
    """Values of float32 (n, 28, 28) images at places ys, (n, 28, 28) or (n, 28, 1), and xs, (n, 28, 28), px;
    bilinear, 0 outside."""
    n, stride = len(images), SIDE + 4
    # Two zero pixels on each side take every sample that falls outside.
    padded = np.zeros((n, stride, stride), np.float32)
    padded[:, 2:-2, 2:-2] = images
    ys, xs = np.clip(ys + 2, 0, SIDE + 2), np.clip(xs + 2, 0, SIDE + 2)
    y0, x0 = ys.astype(np.int32), xs.astype(np.int32)
    fy, fx = (ys - y0).astype(np.float32), (xs - x0).astype(np.float32)
    at = (np.arange(n, dtype=np.int32) * stride * stride)[:, None, None] + y0 * stride + x0
    flat = padded.ravel()
    above = flat[at] * (1 - fx) + flat[at + 1] * fx
    below = flat[at + stride] * (1 - fx) + flat[at + stride + 1] * fx
    return above * (1 - fy) + below * fy


def warp(glyphs, cy, cx, y_scale, x_scale, shear):
    """Sample float32 (n, 28, 28) at (cy + y_scale v, cx + x_scale u + shear y_scale v) for v, u around the
    middle; bilinear, 0 outside. The other arguments are (n,); cy and cx are relative to the middle, px.
    """
    ys = _MIDDLE + cy[:, None] + y_scale[:, None] * _GRID  # (n, 28), one per row
    xs = (
        _MIDDLE + cx[:, None, None] + x_scale[:, None, None] * _GRID + (shear * y_scale)[:, None, None] * _GRID[:, None]
    )
    return sample(glyphs, ys[:, :, None], xs)


def deskew(glyphs):
    """Take out slant and unify size by second moments.

    glyphs: float32 (n, 28, 28), 0..1. Returns the warped glyphs and their shape (n, 2): half the log of the
    width to height variance, and the slant, both clipped to +-1.5.
    """
    cy, cx, mu_yy, mu_xx, mu_xy = moments(glyphs)
    slant = np.clip(mu_xy / mu_yy, -1.5, 1.5)
    upright = np.maximum(mu_xx - mu_xy * mu_xy / mu_yy, 1 / 12)
    height, width = 4 * np.sqrt(mu_yy), 4 * np.sqrt(upright)
    longer = np.maximum(height, width)
    narrow = np.maximum((np.minimum(height, width) / longer) ** NARROW, 0.2)
    tall = height >= width
    y_scale = height / (TARGET * np.where(tall, 1, narrow))
    x_scale = width / (TARGET * np.where(tall, narrow, 1))
    warped = warp(glyphs, cy, cx, y_scale, x_scale, slant)
    shape = np.stack([0.5 * np.log(upright / mu_yy), slant], axis=1)
    return warped, np.clip(shape, -1.5, 1.5)


def gradients(glyphs):
    """3x3 Sobel derivatives of (n, 28, 28), zero outside: d/dy and d/dx, as scikit-image's sobel_h, sobel_v x 4."""
    padded = np.pad(glyphs, ((0, 0), (1, 1), (1, 1)))
    across = padded[:, :, :-2] + 2 * padded[:, :, 1:-1] + padded[:, :, 2:]
    down = padded[:, :-2] + 2 * padded[:, 1:-1] + padded[:, 2:]
    return across[:, 2:] - across[:, :-2], down[:, :, 2:] - down[:, :, :-2]


def direction_histogram(glyphs):
    """Histogram of gradient directions, pooled on a grid (after Dalal and Triggs 2005; Liu et al. 2003).

    glyphs: float32 (n, 28, 28). Returns float32 (n, 588): the square roots of the pooled magnitudes, of unit
    length; zeros for an empty glyph.
    """
    n = len(glyphs)
    dy, dx = gradients(glyphs)
    magnitude = np.hypot(dy, dx)
    turn = np.arctan2(dy, dx) * np.float32(DIRECTIONS / (2 * np.pi))
    low = np.floor(turn)
    share = turn - low
    low = low.astype(np.int32) % DIRECTIONS
    planes = np.zeros((n, DIRECTIONS, SIDE * SIDE), np.float32)
    flat = planes.reshape(-1)
    pixel = np.arange(SIDE * SIDE, dtype=np.int64)
    base = (np.arange(n, dtype=np.int64) * DIRECTIONS)[:, None]
    low = low.reshape(n, SIDE * SIDE)
    magnitude, share = magnitude.reshape(n, SIDE * SIDE), share.reshape(n, SIDE * SIDE)
    flat[(base + low) * SIDE * SIDE + pixel] = magnitude * (1 - share)
    flat[(base + (low + 1) % DIRECTIONS) * SIDE * SIDE + pixel] = magnitude * share
    pooled = _POOL @ planes.reshape(n, DIRECTIONS, SIDE, SIDE) @ _POOL.T
    vectors = np.sqrt(np.maximum(pooled.reshape(n, FEATURES - 2), 0))
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)


def features(glyphs):
    """uint8 (n, 28, 28) glyphs -> float32 (n, 590) feature vectors."""
    warped, shape = deskew(glyphs.astype(np.float32) * np.float32(1 / 255))
    return np.concatenate([direction_histogram(warped), np.float32(SHAPE_WEIGHT) * shape.astype(np.float32)], axis=1)
