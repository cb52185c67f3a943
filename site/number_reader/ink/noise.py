"""Noise: impulses are replaced, grain is told from ink."""

import numpy as np

from number_reader.ink.median import median


def remove_impulses(values, jump=0.25):
    """Replace salt and pepper by the 3x3 median; leave every other pixel untouched.

    A pixel is an impulse if it differs by more than `jump` from all but one of its eight neighbours, one of
    whom may be an impulse too (rank-ordered absolute differences, Garnett et al. 2005, with m = 2). A line's
    end has two like neighbours in any drawing whose lines are at least two pixels wide, so clean ink stays.
    `values` is float32 (h, w) in 0..1; returns an array of the same shape (the same one if nothing changed).
    """
    # Only pixels that stand out against two of their four direct neighbours can be impulses: a cheap first
    # look that spares the nine-fold stack on the clean drawings of the pad.
    suspects = np.zeros(values.shape, np.uint8)
    across = np.abs(np.diff(values, axis=1)) > jump
    along = np.abs(np.diff(values, axis=0)) > jump
    suspects[:, 1:] += across
    suspects[:, :-1] += across
    suspects[1:] += along
    suspects[:-1] += along
    ys, xs = np.nonzero(suspects >= 2)
    if ys.size == 0:
        return values
    padded = np.pad(values, 1, mode="edge")
    around = np.stack([padded[ys + dy, xs + dx] for dy in range(3) for dx in range(3)], axis=1)
    centre = around[:, 4]
    others = np.delete(around, 4, axis=1)
    second = np.partition(np.abs(others - centre[:, None]), 1, axis=1)[:, 1]
    impulse = second > jump
    if not impulse.any():
        return values
    cleaned = values.copy()
    cleaned[ys[impulse], xs[impulse]] = median(around[impulse], axis=1)
    return cleaned


def dilate(mask):
    """Binary dilation of a bool (h, w) mask by a 3x3 square."""
    out = mask.copy()
    out[1:] |= mask[:-1]
    out[:-1] |= mask[1:]
    wide = out.copy()
    wide[:, 1:] |= out[:, :-1]
    wide[:, :-1] |= out[:, 1:]
    return wide


def coherence(mask):
    """How much more often a pixel right of or below a set pixel of a bool (h, w) mask is set too than chance
    would have it: about 0 for grain, 1 for large areas; 0 if nothing is set."""
    count = np.count_nonzero(mask)
    if count in (0, mask.size):
        return 0.0
    beside = np.count_nonzero(mask[:, 1:] & mask[:, :-1]) + np.count_nonzero(mask[1:] & mask[:-1])
    density = count / mask.size
    return (beside / (2 * count) - density) / (1 - density)


def squares(mask):
    """Where squares of 2x2 set pixels of a bool (h, w) mask have their top left corner: bool (h - 1, w - 1)."""
    pairs = mask[1:] & mask[:-1]
    return pairs[:, 1:] & pairs[:, :-1]


def noise_level(values):
    """Standard deviation of the noise between neighbouring pixels, from the median, which lines don't move."""
    steps = np.abs(values[:, 1:] - values[:, :-1])
    return float(median(steps)) * 1.0484 if steps.size else 0.0  # median |a - b| of a normal is 0.954 sigma
