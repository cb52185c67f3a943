"""Warped copies of glyphs, so that the metric learns which differences do not matter."""

import numpy as np
from joblib import Parallel, delayed
from tqdm import tqdm

from number_reader.classification.features import sample
from number_reader.classification.normalize import SIDE

ROTATION, SHEAR, SCALE = 0.20, 0.15, 0.10  # radians, radians, share: each uniform in +- this
KNOTS, ELASTIC = 6, 1.1  # a field of 6x6 knots, px standard deviation at a knot
RETRACED = 2 / 3  # of the copies get a stroke of other thickness
MIDDLE = (SIDE - 1) / 2
TOGETHER = 500  # glyphs warped in one go
CHUNK = 5_000

_GRID = np.arange(SIDE, dtype=np.float32) - np.float32(MIDDLE)
# Each pixel's share of the knots: a Gaussian bump around every knot.
_at = np.linspace(0, SIDE - 1, KNOTS)
_BUMPS = np.exp(-((np.arange(SIDE)[:, None] - _at) ** 2) / (2 * ((SIDE - 1) / (KNOTS - 1) * 0.6) ** 2))
_BUMPS = (_BUMPS / _BUMPS.sum(axis=1, keepdims=True)).astype(np.float32)


def bent(images, rng):
    """float32 (n, 28, 28) images, each rotated, sheared, scaled and bent at random."""
    n = len(images)
    turn, lean = rng.uniform(-ROTATION, ROTATION, n), rng.uniform(-SHEAR, SHEAR, n)
    wide, high = 1 + rng.uniform(-SCALE, SCALE, (2, n))
    x_axis, y_axis = (
        (wide * np.cos(turn), wide * np.sin(turn)),
        (-high * np.sin(turn + lean), high * np.cos(turn + lean)),
    )
    knots = rng.normal(0, ELASTIC, (2, n, KNOTS, KNOTS)).astype(np.float32)
    bend = _BUMPS @ knots @ _BUMPS.T
    xx, yx, xy, yy = np.float32([*x_axis, *y_axis])[:, :, None, None]
    columns = xx * _GRID + xy * _GRID[:, None] + np.float32(MIDDLE) + bend[1]
    rows = yx * _GRID + yy * _GRID[:, None] + np.float32(MIDDLE) + bend[0]
    return sample(images, rows, columns)


def retraced(images, rng):
    """float32 (n, 28, 28) images with strokes of another thickness: blurred, then thresholded softly."""
    n = len(images)
    sigma = rng.uniform(0.4, 0.9, n).astype(np.float32)[:, None, None]
    blur = np.exp(-((_GRID[:, None] - _GRID) ** 2) / (2 * sigma**2))
    blur /= blur.sum(axis=2, keepdims=True)
    blurred = blur @ images @ blur.transpose(0, 2, 1)
    blurred /= np.maximum(blurred.max(axis=(1, 2), keepdims=True), 1e-6)
    level, slope = (rng.uniform(*ends, (n, 1, 1)).astype(np.float32) for ends in ((0.2, 0.6), (2, 4)))
    out = np.clip((blurred - level) * slope + np.float32(0.5), 0, 1)
    vanished = out.max(axis=(1, 2), keepdims=True) < 0.5  # a hair line thresholded away
    return np.where(vanished, blurred, out)


def distort(glyphs, rng):
    """One random copy of each glyph, uint8 (n, 28, 28)."""
    images = bent(glyphs.astype(np.float32) / np.float32(255), rng)
    chosen = rng.random(len(glyphs)) < RETRACED
    images[chosen] = retraced(images[chosen], rng)
    return np.rint(images * 255).astype(np.uint8)


def _chunk(glyphs, seed):
    rng = np.random.default_rng(seed)
    return np.concatenate([distort(glyphs[i : i + TOGETHER], rng) for i in range(0, len(glyphs), TOGETHER)])


def distorted(glyphs, seed, jobs=-1, progress=True):
    """One random copy of each glyph, uint8 (n, 28, 28); the same for the same seed on any number of cores."""
    starts = range(0, len(glyphs), CHUNK)
    work = (delayed(_chunk)(glyphs[start : start + CHUNK], (seed, start)) for start in starts)
    done = Parallel(n_jobs=jobs, return_as="generator")(work)
    return np.concatenate(list(tqdm(done, "augment", len(starts), unit="chunk", disable=not progress)))
