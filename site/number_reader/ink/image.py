"""Pixels -> ink map.

An ink map is float32 (h, w), 0 for paper and 1 for full ink. This module knows nothing of digits: finding
them is `segment`, shaping them is `normalize`.
"""

import numpy as np

from number_reader.ink.frames import MIN_CONTRAST, STRIP, find_sheet
from number_reader.ink.light import darkness, darkness_by_threshold, frame, otsu_bin
from number_reader.ink.median import median, percentile
from number_reader.ink.noise import coherence, remove_impulses, squares
from number_reader.ink.rulings import remove_rulings
from number_reader.ink.texture import SIDES, ink_on_texture

MAX_PIXELS = 64_000_000
WORKING_SIDE = 1200  # px; longer pictures are first scaled down by a whole factor
LUMA = np.array([0.2125, 0.7154, 0.0721], np.float32)  # Rec. 709, as scikit-image's rgb2gray
MIN_COHERENCE = 0.25  # marks whose pixels hang together less than this are grain, not ink
MIN_GRAINS = 100  # px of marks below which that can't be told: a digit may be 8 px high
MIN_PHOTO = 64  # px of a side; smaller pictures have even light
MIN_SQUARES = 16  # of 2x2 px, which any line in a photograph has, and dust has not
SAME = 0.002  # grey within which two pixels are the same paper: half a step of 255
EVEN = 0.6  # of the frame must be the same for the paper to be called even
LONG_FRAME = 400  # px of frame without a flaw, which show that there is no noise
LEVELS = 256  # of darkness that are told apart
INK_LEVEL = 0.3  # where paper ends and ink begins, as a share of full ink


class ImageError(ValueError):
    """The picture cannot be read; the message says why in plain words."""


def check(image):
    """The picture as a plain array: uint8 (H, W), (H, W, 3) or (H, W, 4) with 1..MAX_PIXELS pixels; ImageError if it is
    anything else."""
    if not isinstance(image, np.ndarray):
        raise ImageError(f"A picture must be a numpy array, not {type(image).__name__}.")
    if image.dtype != np.uint8:
        raise ImageError(f"A picture must hold bytes (uint8), not {image.dtype}.")
    if not (image.ndim == 2 or (image.ndim == 3 and image.shape[2] in (3, 4))):
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
    return np.asarray(image)  # subclasses have their own ideas of what image[0] or == is


def _paper_under(image):
    """Grey value 0..1 that shows through the transparent parts of an RGBA picture.

    Where opaque pixels cover most of the picture and differ among themselves they hold the paper, and their
    median continues it. Otherwise the opaque pixels are the drawing, and the paper is what contrasts with it.
    """
    step = max(1, int(np.sqrt(image.shape[0] * image.shape[1] / 1e6)))
    sample = image[::step, ::step]
    if _is_black(sample):
        return 1.0
    alpha = sample[..., 3].astype(np.float32)
    luma = sample[..., :3].astype(np.float32) @ LUMA / 255
    opaque = luma[alpha > 127]
    if opaque.size == 0:
        opaque = luma[alpha > 0]
        if opaque.size == 0:
            return 1.0
    low, high = percentile(opaque, 5), percentile(opaque, 95)
    if opaque.size > 0.5 * luma.size and high - low > 0.2:
        return float(median(opaque))
    return 1.0 if opaque.mean() < 0.5 else 0.0


def grey(image, factor=1):
    """uint8 picture -> float32 (H // factor, W // factor) grey, 0 black to 1 white, each an area mean.

    Transparency is laid on the paper that the drawing implies. Works in strips, so that memory stays near
    that of the result. The rest of a side that `factor` does not divide is cut off.
    """
    see_through = image.ndim == 3 and image.shape[2] == 4 and image[..., 3].min() < 255
    under = np.float32(_paper_under(image)) if see_through else None
    height, width = image.shape[0] // factor, image.shape[1] // factor
    out = np.empty((height, width), np.float32)
    columns = min(width, max(1, STRIP // factor**2))
    rows = max(1, STRIP // (columns * factor**2))
    for top in range(0, height, rows):
        for left in range(0, width, columns):
            here = slice(top, min(top + rows, height)), slice(left, min(left + columns, width))
            strip = image[tuple(slice(side.start * factor, side.stop * factor) for side in here)]
            if see_through:
                out[here] = _blocks(_laid_on(strip, under)[..., None], factor)[..., 0]
            else:
                planes = _blocks(strip.reshape(*strip.shape[:2], -1), factor)
                out[here] = _luma(planes) * np.float32(1 / 255)
    return out


def _blocks(planes, factor):
    """Area means of factor x factor blocks of (h, w, channels): float32 (h // factor, w // factor, channels), or
    the same array for a factor of 1."""
    if factor == 1:
        return planes
    height, width, channels = planes.shape
    # Whole rows are added first, bytes in 16 bits where 257 of them fit: that is what is quick in numpy.
    exact = np.float32 if planes.dtype != np.uint8 else np.uint16 if factor <= 257 else np.uint32
    rows = np.add.reduce(planes.reshape(height // factor, factor, -1), axis=1, dtype=exact)
    rows = rows.reshape(height // factor, width // factor, factor, channels)
    total = rows[:, :, 0].astype(np.float32)
    for column in range(1, factor):
        total += rows[:, :, column]
    return total * np.float32(1 / factor**2)


def _luma(planes):
    """Grey, in the planes' own range, of grey, RGB or RGBA planes (h, w, channels), alpha left out: float32."""
    if planes.shape[2] == 1:
        return planes[..., 0].astype(np.float32)
    out = planes[..., 0] * LUMA[0]
    out += planes[..., 1] * LUMA[1]
    out += planes[..., 2] * LUMA[2]
    return out


def _is_black(image):
    """Whether an RGBA picture is drawn in alpha alone, as the pad's is."""
    return not (image[..., 0].any() or image[..., 1].any() or image[..., 2].any())


def _laid_on(strip, under):
    """uint8 (h, w, 4) on paper of grey `under`: float32 (h, w), 0..1."""
    alpha = strip[..., 3] * np.float32(1 / 255)
    if _is_black(strip):
        return under - under * alpha
    luma = _luma(strip) * np.float32(1 / 255)
    luma -= under
    luma *= alpha
    luma += under
    return luma


def ink_map(image, denoise=True):
    """uint8 picture -> (ink, factor): float32 (h, w) ink 0..1, and by how much the picture was scaled down.

    `denoise=False` leaves salt, pepper and paper grain in; it exists to measure what the removal is worth.
    Raises ImageError as `check` does. A picture without contrast gives ink of 0 everywhere, and so does one so narrow
    that scaled down it is less than a pixel across.
    """
    values, factor = _working_grey(image)
    sheet = find_sheet(values)
    ink = _on_texture(values, sheet) if denoise else None
    if ink is None:
        ink = _ink_of(values, sheet, _unruled(values[sheet], _cleaned(values[sheet], denoise)), denoise)
    return ink, factor


def page_ink(image):
    """uint8 picture -> (ink, factor, function, textured): ink and factor as of `ink_map`, but with printed lines and drawn
    frames left in, for `page.grid` to find, and above 1 where it is darker than most of the marks; a function without
    arguments that gives `ink_map`'s own ink, at little cost where there are no such lines; and whether the paper has a
    pattern, where both are `ink_map`'s."""
    values, factor = _working_grey(image)
    inside, framed = find_sheet(values), find_sheet(values, frames=False)
    textured = _on_texture(values, inside)
    if textured is not None:
        return textured, factor, lambda: textured, True
    cleaned = _cleaned(values[framed], True)
    ink = _ink_of(values, framed, cleaned, most=np.inf)

    def plain():
        if inside != framed:
            return _ink_of(values, inside, _unruled(values[inside], _cleaned(values[inside], True)))
        unruled = _unruled(values[inside], cleaned)
        return np.minimum(ink, np.float32(1)) if unruled is cleaned else _ink_of(values, inside, unruled)

    return ink, factor, plain, False


def _working_grey(image):
    """(grey of a picture at working size, float32 (h, w), and the factor); all one grey where it is too narrow for that."""
    image = check(image)
    factor = max(1, -(-max(image.shape[:2]) // WORKING_SIDE))
    if factor > min(image.shape[:2]):
        return np.zeros([max(side // factor, 1) for side in image.shape[:2]], np.float32), factor
    return grey(image, factor), factor


def _on_texture(values, sheet):
    """Ink 0..1 of grey, float32 (h, w), within its sheet, a pair of slices, if that is paper with a pattern; else None."""
    inside = values[sheet]
    if min(inside.shape) >= SIDES[1] or min(inside.shape) < SIDES[0] or _paper(inside)[1].mean() >= EVEN:
        return None
    found = ink_on_texture(inside, INK_LEVEL)
    if found is None:
        return None
    ink = np.zeros_like(values)
    ink[sheet] = found
    return ink


def _ink_of(values, sheet, cleaned, denoise=True, most=1):
    """Ink 0..1 of grey, float32 (h, w), within its sheet, a pair of slices, from what `_cleaned` makes of that."""
    ink = np.zeros_like(values)
    if np.ptp(values) >= MIN_CONTRAST:
        ink[sheet] = _ink(*_darkness(values[sheet], cleaned, denoise), denoise, most)
    return ink


def _paper(values):
    """(grey of the paper at a picture's edge, which of the edge's pixels have it)."""
    around = frame(values)
    level = float(median(around))
    return level, np.abs(around - level) < SAME


def _is_even(alike):
    """Whether an edge shows that there is neither noise nor shade."""
    return alike.all() and alike.size >= LONG_FRAME


def _cleaned(values, denoise):
    """Grey without salt and pepper: the same array where there is nothing to take off."""
    return remove_impulses(values) if denoise and not _is_even(_paper(values)[1]) else values


def _unruled(values, cleaned):
    """What `_cleaned` made of grey, without printed lines: the same array where there are none."""
    return cleaned if _paper(values)[1].all() else remove_rulings(cleaned)


def _darkness(values, cleaned, denoise):
    """How far each pixel of grey is from the paper towards ink, 0 for paper: float32 (h, w), 0..1. And whether the
    picture has the grain of a photograph. cleaned: the same grey without noise."""
    level, alike = _paper(values)
    if _is_even(alike) or alike.mean() >= EVEN:
        return _contrast(cleaned, level), False
    if min(values.shape) < MIN_PHOTO:
        return darkness_by_threshold(cleaned) if denoise else _contrast(cleaned, level), False
    return darkness(cleaned), True


def _contrast(values, level):
    """How far each pixel is from an even paper, on the side where more ink lies: float32 (h, w), >= 0."""
    apart = values - np.float32(level)
    if apart.sum(dtype=np.float64) < 0:
        np.negative(apart, out=apart)
    return np.maximum(apart, 0, out=apart)


def _ink(dark, photo, denoise, most=1):
    """Darkness, float32 (h, w) in 0..1, 0 for paper -> ink, 0..1, or up to `most`: what is as dark as most of the marks is full
    ink, and what does not hang together is none."""
    counts = np.bincount((dark * np.float32(LEVELS - 0.5)).astype(np.uint8).ravel(), minlength=LEVELS)
    counts[0] = 0
    full = 0.0
    if counts.any():
        counts[: otsu_bin(counts)] = 0
        full = (np.searchsorted(np.cumsum(counts), 0.75 * counts.sum()) + 0.5) / (LEVELS - 0.5)
    if full < MIN_CONTRAST:
        return np.zeros_like(dark)
    ink = np.minimum(dark * np.float32(1 / full), most)
    mask = ink > INK_LEVEL
    if denoise and np.count_nonzero(mask) >= MIN_GRAINS and coherence(mask) < MIN_COHERENCE:
        return np.zeros_like(dark)
    if photo and np.count_nonzero(squares(mask)) < MIN_SQUARES:
        return np.zeros_like(dark)
    return ink
