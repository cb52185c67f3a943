"""Which side is ink, and how dark it is under uneven light.

Handwriting is thin: a morphological closing as wide as a stroke fills it with the paper around it, and follows
light that changes, even at the hard edge of a shadow. The closing's width and the polarity are read off the
picture: strokes vanish under a narrow window all at once, shadows, tables and the space between strokes don't.
"""

import numpy as np

from number_reader.ink.median import median, percentile
from number_reader.ink.noise import dilate, noise_level

SMALL_SIDE = 320  # px to which a picture is shrunk to find its stroke width
GROWTH = 1.1  # strokes are filled once a window sqrt(2) times as wide adds less than this to what is filled
LEAST = 0.005  # of all that any window fills: less is the rest of a ruling, or dirt
WIDEST = 0.4  # of the shorter side: nothing wider is a stroke
GRAIN = 0.025  # standard deviation of noise above which the picture is blurred a little
TABLE = 0.4  # of the light of the brightest paper: what is darker is not the paper, not even in a shadow
DARKEST = 0.05  # grey below which a ratio of light is only noise


def otsu_bin(counts):
    """Otsu's threshold of a histogram: the last bin of the lower side of the split with the largest variance
    between its two sides (Otsu 1979). counts: (bins,) ints, not all 0."""
    counts = counts.astype(np.float64)
    positions = np.arange(counts.size)
    below = np.cumsum(counts)
    above = below[-1] - below
    moment = np.cumsum(counts * positions)
    mean_below = moment / np.maximum(below, 1)
    mean_above = (moment[-1] - moment) / np.maximum(above, 1)
    return int(np.argmax((below * above * (mean_below - mean_above) ** 2)[:-1]))


def frame(values):
    """The outermost pixels of a (h, w) array, corners twice: (2 h + 2 w,)."""
    return np.concatenate([values[0], values[-1], values[:, 0], values[:, -1]])


def slide(values, width, axis, extreme):
    """Largest (np.maximum) or smallest (np.minimum) value of each window of `width` along an axis, which becomes
    width - 1 shorter. Windows grow by doubling, so that the cost is the logarithm of the width."""
    values = np.moveaxis(values, axis, 0)
    span = 1
    while 2 * span <= width:
        values = extreme(values[:-span], values[span:])
        span *= 2
    if span < width:
        values = extreme(values[: span - width], values[width - span :])
    return np.moveaxis(values, 0, axis)


def closing(values, width):
    """Grey closing of a (h, w) array by a square: everything dark that the square doesn't fit into is filled.

    Beyond its edge the picture goes on as it ends there: a table around a sheet is wide, a line that leaves the
    picture is narrow.
    """
    values = np.pad(values, width - 1, mode="edge")
    for extreme in (np.maximum, np.minimum):
        for axis in (0, 1):
            values = slide(values, width, axis, extreme)
    return values


def shrink(values, factor):
    """Area means of factor x factor blocks of a (h, w) array; the rest of a side is cut off."""
    height, width = values.shape[0] // factor, values.shape[1] // factor
    return values[: height * factor, : width * factor].reshape(height, factor, width, factor).mean(axis=(1, 3))


def box_blur(values):
    """Mean of each 3x3 neighbourhood, the picture's edge repeated. float32 (h, w)."""
    padded = np.pad(values, 1, mode="edge")
    rows = padded[:-2] + padded[1:-1] + padded[2:]
    return (rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]) * np.float32(1 / 9)


def granulometry(values, widths, noise):
    """How much is filled by closings of growing width: the sum over the pixels of what they add beyond the noise
    (the pattern spectrum of Maragos 1989, cumulated), to the fourth power, so that a little ink counts more than
    much shade. Returns a float array, one for each width."""
    filled = [np.maximum(closing(values, width) - values - 8 * noise, 0) for width in widths]
    return np.array([float(np.square(np.square(added)).sum(dtype=np.float64)) for added in filled])


def strokes(values):
    """Whether ink is darker than paper, and the width of window, px, that fills its strokes.

    Whichever of dark and light is made of strokes is filled by narrow windows, the other by wide ones only: where
    the first of them is half filled, the other is hardly begun.
    values: float32 (h, w), 0..1.
    """
    factor = max(1, -(-max(values.shape) // SMALL_SIDE))
    factor = min(factor, *values.shape)
    small = shrink(values, factor)
    limit = max(3, int(WIDEST * min(small.shape)))
    widths = [3]
    while widths[-1] < limit:
        widths.append(min(max(widths[-1] + 2, round(widths[-1] * 2**0.5)), limit))
    noise = noise_level(small)
    spectra = [granulometry(side, widths, noise) for side in (small, 1 - small)]
    filled = [_filled(spectrum) for spectrum in spectra]
    half = [_reached(spectrum, 0.5 * spectrum[k]) for spectrum, k in zip(spectra, filled)]
    dark = bool(spectra[0][min(half)] >= spectra[1][min(half)])
    return dark, factor * widths[filled[0 if dark else 1]]


def _reached(spectrum, much):
    """Index of the first window that fills so much; the last one if there is nothing to fill."""
    return np.argmax(spectrum >= much) if much else len(spectrum) - 1


def _filled(spectrum):
    """Index of the window that fills all strokes: the first one that adds next to nothing to a good part."""
    for k in range(1, len(spectrum)):
        if LEAST * spectrum[-1] < spectrum[k - 1] and spectrum[k] < GROWTH * spectrum[k - 1]:
            return k
    return len(spectrum) - 1


def darkness(values):
    """Grey -> by how much of its own light each pixel falls short of the paper around it: float32 (h, w), 0..1.

    Light ink on a dark ground is darkness of the negative. Under a shadow paper and ink lose the same share of
    light, so that the share, unlike the difference, stays. What is no more than the noise is 0, and so is all that
    lies off the paper, on a dark table.
    """
    if noise_level(values) > GRAIN:
        values = box_blur(values)
    dark, width = strokes(values)
    if not dark:
        values = 1 - values
    paper = closing(values, width)
    short = paper - values
    middle = float(median(short))
    noise = middle + 4 * 1.4826 * float(median(np.abs(short - middle)))
    brightest = float(percentile(paper[:: max(paper.shape[0] // 100, 1), :: max(paper.shape[1] // 100, 1)], 98))
    out = np.maximum(short - np.float32(noise), 0) / np.maximum(paper - np.float32(noise), DARKEST)
    out[paper < TABLE * brightest] = 0
    return out


def darkness_by_threshold(values):
    """Grey of few pixels -> how far each falls short of the paper, float32 (h, w), 0..1.

    Light is even on a small picture, and strokes are as wide as their holes: Otsu's threshold parts ink from paper,
    which is the side where most of the frame lies. Grain is taken off, up to half of what most ink has.
    """
    split = otsu_bin(np.bincount((values * 255).astype(np.uint8).ravel(), minlength=256)) / 255 + 1 / 510
    if median(frame(values)) <= split:
        values, split = 1 - values, 1 - split
    paper = ~dilate(dilate(values < split))
    if np.count_nonzero(paper) < 0.02 * paper.size:
        paper = values >= split
    short = np.maximum(median(values[paper]) - values, 0) if paper.any() else np.zeros_like(values)
    grain = 1.5 * float(percentile(short[paper], 95)) if paper.any() else 0.0
    ink = short[values < split]
    return np.maximum(short - np.float32(min(grain, 0.5 * percentile(ink, 75) if ink.size else 0.0)), 0)
