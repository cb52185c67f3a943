"""Pixels -> ink map: transparency, polarity, uneven light, noise.

An ink map is float32 (h, w), 0 for paper and 1 for full ink. This module knows nothing of digits: finding
them is `segment`, shaping them is `normalize`.
"""

import numpy as np

MAX_PIXELS = 64_000_000
WORKING_SIDE = 1200  # px; longer pictures are first scaled down by a whole factor
MIN_CONTRAST = 0.06  # ink and paper nearer to each other than this are one surface
LUMA = np.array([0.2125, 0.7154, 0.0721], np.float32)  # Rec. 709, as scikit-image's rgb2gray
MIN_COHERENCE = 0.25  # marks whose pixels hang together less than this are grain, not ink
MIN_GRAINS = 100  # px of marks below which that can't be told: a digit may be 8 px high
MARGIN = 8  # px of paper that `trim` leaves around the ink
INK_LEVEL = 0.3  # where paper ends and ink begins, as a share of full ink


class ImageError(ValueError):
    """The picture cannot be read; the message says why in plain words."""


def check(image):
    """Raise ImageError unless `image` is uint8 (H, W), (H, W, 3) or (H, W, 4) with 1..MAX_PIXELS pixels."""
    if not isinstance(image, np.ndarray):
        raise ImageError(f"A picture must be a numpy array, not {type(image).__name__}.")
    if image.dtype != np.uint8:
        raise ImageError(f"A picture must hold bytes (uint8), not {image.dtype}.")
    if not (image.ndim == 2 or image.ndim == 3 and image.shape[2] in (3, 4)):
        raise ImageError(
            "A picture must be grey (height, width), RGB (height, width, 3) or RGBA (height, width, 4), "
            f"not of shape {image.shape}."
        )
    pixels = image.shape[0] * image.shape[1]
    if pixels == 0:
        raise ImageError("The picture has no pixels.")
    if pixels > MAX_PIXELS:
        raise ImageError(
            f"The picture has {pixels / 1e6:.0f} million pixels; at most {MAX_PIXELS // 1_000_000} million "
            "can be read. Scale it down first."
        )


def trim(image):
    """Cut away an even frame: (view of the picture, top, left), MARGIN px left around what differs from it.

    A drawing on a large blank pad then costs no more than its own size. Pictures whose outermost pixels differ
    among themselves, as a photograph's do, come back whole.
    """
    paper = image[0, 0]
    frame = (image[0], image[-1], image[:, 0], image[:, -1])
    if not all((side == paper).all() for side in frame):
        return image, 0, 0
    planes = image[..., None] if image.ndim == 2 else image
    differs = planes[..., 0] != planes[0, 0, 0]
    for channel in range(1, planes.shape[2]):
        differs |= planes[..., channel] != planes[0, 0, channel]
    rows, columns = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
    if rows.size == 0:
        return image, 0, 0
    top, left = max(rows[0] - MARGIN, 0), max(columns[0] - MARGIN, 0)
    return image[top : rows[-1] + 1 + MARGIN, left : columns[-1] + 1 + MARGIN], int(top), int(left)


def _paper_under(image):
    """Grey value 0..1 that shows through the transparent parts of an RGBA picture.

    Where opaque pixels cover most of the picture and differ among themselves they hold the paper, and their
    median continues it. Otherwise the opaque pixels are the drawing, and the paper is what contrasts with it.
    """
    step = max(1, int(np.sqrt(image.shape[0] * image.shape[1] / 1e6)))
    sample = image[::step, ::step]
    alpha = sample[..., 3].astype(np.float32)
    luma = sample[..., :3].astype(np.float32) @ LUMA / 255
    opaque = luma[alpha > 127]
    if opaque.size == 0:
        opaque = luma[alpha > 0]
        if opaque.size == 0:
            return 1.0
    low, high = np.percentile(opaque, (5, 95))
    if opaque.size > 0.5 * luma.size and high - low > 0.2:
        return float(np.median(opaque))
    return 1.0 if opaque.mean() < 0.5 else 0.0


def grey(image, factor=1):
    """uint8 picture -> float32 (H // factor, W // factor) grey, 0 black to 1 white, each an area mean.

    Transparency is laid on the paper that the drawing implies. Works in strips, so that memory stays near
    that of the result. The rest of a side that `factor` does not divide is cut off.
    """
    under = _paper_under(image) if image.ndim == 3 and image.shape[2] == 4 else None
    height, width = image.shape[0] // factor, image.shape[1] // factor
    out = np.empty((height, width), np.float32)
    rows = max(1, 2_000_000 // (image.shape[1] * factor))
    for top in range(0, height, rows):
        strip = image[top * factor : min(top + rows, height) * factor, : width * factor]
        if strip.ndim == 2:
            luma = strip * np.float32(1 / 255)
        else:
            luma = sum(strip[..., channel] * (LUMA[channel] / np.float32(255)) for channel in range(3))
        if under is not None:
            alpha = strip[..., 3].astype(np.float32) * np.float32(1 / 255)
            luma = under + (luma - under) * alpha
        if factor > 1:
            luma = luma.reshape(-1, factor, width, factor).mean(axis=(1, 3))
        out[top : top + rows] = luma
    return out


def otsu(values, bins=256):
    """Otsu's threshold of an array of floats in 0..1: the split with the largest variance between its two
    sides (Otsu 1979). Returns the centre of the last bin of the lower side, as scikit-image does; a constant
    array returns its value.
    """
    low, high = float(values.min()), float(values.max())
    if high <= low:
        return low
    bin_of = np.minimum(((values - low) * (bins / (high - low))).astype(np.uint16), bins - 1)
    counts = np.bincount(bin_of.ravel(), minlength=bins)
    centres = low + (np.arange(bins) + 0.5) * ((high - low) / bins)
    below = np.cumsum(counts)
    above = below[-1] - below + counts
    mean_below = np.cumsum(counts * centres) / np.maximum(below, 1)
    mean_above = np.cumsum((counts * centres)[::-1])[::-1] / np.maximum(above, 1)
    between = below[:-1] * above[1:] * (mean_below[:-1] - mean_above[1:]) ** 2
    return float(centres[np.argmax(between)])


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
    cleaned[ys[impulse], xs[impulse]] = np.median(around[impulse], axis=1)
    return cleaned


def box_mean(values, radius):
    """Mean over a (2 radius + 1)-wide square window, the window cut at the picture's edge. float (h, w)."""
    out = values.astype(np.float64)
    for axis in (0, 1):
        size = out.shape[axis]
        sums = np.concatenate([np.zeros_like(out.take([0], axis)), out.cumsum(axis)], axis)
        first = np.maximum(np.arange(size) - radius, 0)
        last = np.minimum(np.arange(size) + radius + 1, size)
        count = (last - first).reshape((-1, 1) if axis == 0 else (1, -1))
        out = (sums.take(last, axis) - sums.take(first, axis)) / count
    return out.astype(values.dtype)


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
    count = int(mask.sum())
    if count in (0, mask.size):
        return 0.0
    beside = int((mask[:, 1:] & mask[:, :-1]).sum()) + int((mask[1:] & mask[:-1]).sum())
    density = count / mask.size
    return (beside / (2 * count) - density) / (1 - density)


def _darkness(values):
    """Grey -> how much each pixel differs from paper towards ink, >= 0, and the mask of certain paper.

    The frame of the picture is paper: the side of Otsu's threshold where most of the frame lies. Under
    uneven light the paper's grey is the local mean of certain paper.
    """
    threshold = otsu(values)
    frame = np.concatenate([values[0], values[-1], values[:, 0], values[:, -1]])
    if np.median(frame) <= threshold:
        values, threshold = 1 - values, 1 - threshold
    paper = ~dilate(dilate(values < threshold))
    if paper.sum() < 0.02 * paper.size:
        paper = values >= threshold
    level = values[paper]
    if level.size == 0:
        return np.zeros_like(values), paper
    if np.ptp(level) < 0.02:
        return np.maximum(np.float32(np.median(level)) - values, 0), paper
    radius = max(values.shape) // 6 + 1
    weight = box_mean(paper.astype(np.float32), radius)
    local = box_mean(np.where(paper, values, 0), radius)
    flat = np.float32(np.median(level))
    background = np.where(weight > 0.02, local / np.maximum(weight, 1e-6), flat)
    return np.maximum(background - values, 0), paper


def ink_map(image, denoise=True):
    """uint8 picture -> (ink, factor): float32 (h, w) ink 0..1, and by how much the picture was scaled down.

    `denoise=False` leaves salt, pepper and paper grain in; it exists to measure what the removal is worth.
    Raises ImageError as `check` does. A picture without contrast gives ink of 0 everywhere.
    """
    check(image)
    factor = max(1, -(-max(image.shape[:2]) // WORKING_SIDE))
    factor = min(factor, *image.shape[:2])
    values = grey(image, factor)
    if np.ptp(values) < MIN_CONTRAST:
        return np.zeros_like(values), factor
    if denoise:
        values = remove_impulses(values)
    dark, paper = _darkness(values)
    marks = dark[dark > otsu(dark)]
    full = float(np.percentile(marks, 75)) if marks.size else 0.0
    grain = float(np.percentile(dark[paper], 95)) if denoise and paper.any() else 0.0
    if full < MIN_CONTRAST or full < 2 * grain:
        return np.zeros_like(values), factor
    floor = min(1.5 * grain, 0.5 * full)
    ink = np.clip((dark - floor) / (full - floor), 0, 1)
    mask = ink > INK_LEVEL
    if denoise and mask.sum() >= MIN_GRAINS and coherence(mask) < MIN_COHERENCE:
        return np.zeros_like(values), factor
    return ink, factor
