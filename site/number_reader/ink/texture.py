"""Ink on paper with a pattern of its own: the waves and nets of security paper, as cheques have, in small pictures.

The pattern's lines are a pixel wide and lighter than ink, strokes are wider: a Gaussian takes most of the pattern's contrast
and little of a stroke's. What is left of it lies below Otsu's threshold, and where it does not, it hardly ever reaches as far
beyond as a stroke does somewhere along its way: a threshold with hysteresis (Canny 1986).
"""

import numpy as np

from number_reader.ink.frames import MIN_CONTRAST
from number_reader.ink.light import closing, otsu_bin, strokes
from number_reader.ink.median import median, percentile
from number_reader.ink.noise import dilate
from number_reader.ink.printed import printed_lines

SIDES = 32, 100  # px: a shorter side from..to (half-open) of pictures whose pattern is as fine as that
BLUR = 1.1  # standard deviation, px
WINDOW, NARROWEST = 0.35, 9  # of the shorter side, and px: no stroke is so wide
BINS = 256
STRONG, REACH = 1.5, 300  # thresholds that a mark reaches somewhere, and px from there to its end
FULL = 75  # percentile of the ink's darkness that is full ink
# How a pattern is known, all as shares of full ink: half of the paper is darker than its own lightest parts by PATTERN and
# differs from its surroundings by FINE, as smooth paper does not; but its darkness varies by less than MOST: a pattern without
# writing, parted from itself, varies more.
PATTERN, FINE, MOST = 0.03, 0.055, 0.14
INK = 1 / 3  # share of the picture that ink covers at most
COARSE, ALIKE = 3.0, 0.5  # px; what is finer than that is like its neighbour, as noise of single pixels is not
LEAST_PAPER = 20  # px


def blurred(values, sigma):
    """Gaussian blur of a (h, w) array, float32, its edge repeated; sigma: px. As `skimage.filters.gaussian` with mode
    "nearest", truncated at 3 sigma."""
    reach = int(3 * sigma + 0.5)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    kernel = (kernel / kernel.sum()).astype(np.float32)
    for axis in (0, 1):
        padded = np.pad(values, [(reach, reach) if each == axis else (0, 0) for each in (0, 1)], mode="edge")
        count = values.shape[axis]
        values = sum(
            share * (padded[k : k + count] if axis == 0 else padded[:, k : k + count]) for k, share in enumerate(kernel)
        )
    return values


def ink_on_texture(values, level):
    """Ink 0..1 of grey on paper with a pattern, float32 (h, w), both; None where no such pattern is found, or no dark writing
    clearly apart from it. Pictures that are larger or smaller than SIDES are never looked at. level: the ink at the threshold,
    as a share of full ink. Printed lines across the picture are left out."""
    if not SIDES[0] <= min(values.shape) < SIDES[1] or np.ptp(values) < MIN_CONTRAST:
        return None
    smooth = blurred(values, BLUR)
    dark = closing(smooth, max(NARROWEST, int(WINDOW * min(values.shape)) | 1)) - smooth
    most = float(dark.max())
    if most < MIN_CONTRAST:
        return None
    counts = np.bincount((dark * np.float32((BINS - 0.5) / most)).astype(np.uint8).ravel(), minlength=BINS)
    split = most * (otsu_bin(counts) + 1) / BINS
    mask = dark > split
    if not mask.any():
        return None
    full = float(percentile(dark[mask], FULL))
    if not _is_pattern(values, dark, mask, full):
        return None
    if not strokes(values)[0]:  # light ink on a dark ground; asked last, as it takes longest
        return None
    mask &= ~printed_lines(mask)
    strong = reached(mask & (dark >= STRONG * split), mask)
    ink = np.clip(level + (dark - split) / max(full - split, 1e-3) * (1 - level), 0, 1)
    ink[~mask] = np.minimum(ink[~mask], level)
    # With the soft edge of what is kept; of other marks not even that.
    return np.where(dilate(strong) & (strong | ~mask), ink, 0).astype(np.float32)


def reached(seeds, mask):
    """What of a mask hangs together with seeds, corners too, and lies no farther from them than REACH px along the way, so that
    a maze takes no longer than a stroke: bool (h, w), all of them; seeds lie in the mask."""
    for _ in range(REACH):
        grown = dilate(seeds) & mask
        if np.array_equal(grown, seeds):
            break
        seeds = grown
    return seeds


def _is_pattern(values, dark, mask, full):
    """Whether paper has a pattern. values: grey; dark: how far each pixel is from the lightest paper around, blurred; mask: of
    the ink; full: darkness of full ink."""
    paper = ~dilate(dilate(mask))
    if full < MIN_CONTRAST or np.count_nonzero(mask) > INK * mask.size or np.count_nonzero(paper) < LEAST_PAPER:
        return False
    if float(median(dark[paper])) < PATTERN * full or float(dark[paper].std()) > MOST * full:
        return False
    fine = values - blurred(values, COARSE)
    beside = paper[:, 1:] & paper[:, :-1]
    together = (fine[:, 1:] * fine[:, :-1])[beside]
    return (
        float(median(np.abs(fine[paper]))) >= FINE * full
        and together.size > 0
        and float(together.mean()) >= ALIKE * float(fine[paper].var())
    )
