"""Warped copies of glyphs, so that the metric learns which differences do not matter."""

import numpy as np
from joblib import Parallel, delayed
from scipy.ndimage import gaussian_filter
from skimage.transform import AffineTransform, warp
from tqdm import tqdm

ROTATION, SHEAR, SCALE = 0.15, 0.12, 0.10  # radians, radians, share: each uniform in +- this
KNOTS, ELASTIC = 6, 0.7  # a field of 6x6 knots, px standard deviation at a knot
MIDDLE = 13.5
CHUNK = 5_000

# Each pixel's share of the knots: a Gaussian bump around every knot.
_at = np.linspace(0, 27, KNOTS)
_BUMPS = np.exp(-((np.arange(28)[:, None] - _at) ** 2) / (2 * (27 / (KNOTS - 1) * 0.6) ** 2))
_BUMPS /= _BUMPS.sum(axis=1, keepdims=True)


def distort(glyph, rng):
    """One random copy of a uint8 (28, 28) glyph: rotated, sheared, scaled and bent; two thirds of the copies
    also get a stroke of other thickness (blurred, then thresholded softly)."""
    affine = AffineTransform(
        scale=1 + rng.uniform(-SCALE, SCALE, 2), rotation=rng.uniform(-ROTATION, ROTATION), shear=rng.uniform(-SHEAR, SHEAR)
    ).params
    y, x = np.mgrid[:28, :28] - MIDDLE
    bend = _BUMPS @ rng.normal(0, ELASTIC, (2, KNOTS, KNOTS)) @ _BUMPS.T
    rows = affine[1, 0] * x + affine[1, 1] * y + MIDDLE + bend[0]
    columns = affine[0, 0] * x + affine[0, 1] * y + MIDDLE + bend[1]
    out = warp(glyph.astype(np.float32) / 255, np.stack([rows, columns]), order=1, preserve_range=True)
    if rng.random() < 2 / 3:
        blurred = gaussian_filter(out, rng.uniform(0.4, 0.9))
        full = max(float(blurred.max()), 1e-6)
        out = np.clip((blurred / full - rng.uniform(0.2, 0.6)) * rng.uniform(2, 4) + 0.5, 0, 1)
        if out.max() < 0.5:  # a hair line thresholded away
            out = blurred / full
    return np.rint(out * 255).astype(np.uint8)


def _chunk(glyphs, seed):
    rng = np.random.default_rng(seed)
    return np.stack([distort(glyph, rng) for glyph in glyphs])


def distorted(glyphs, seed, jobs=-1, progress=True):
    """One random copy of each glyph, uint8 (n, 28, 28); the same for the same seed on any number of cores."""
    starts = range(0, len(glyphs), CHUNK)
    work = (delayed(_chunk)(glyphs[start : start + CHUNK], (seed, start)) for start in starts)
    done = Parallel(n_jobs=jobs, return_as="generator")(work)
    return np.concatenate(list(tqdm(done, "augment", len(starts), unit="chunk", disable=not progress)))
