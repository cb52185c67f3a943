"""Finds the sheet of paper in a photograph, and flattens it.

Finding works on a small copy in the darkest of its colours, in which paper, having none, stands out from wood, cloth and
skin (`sides`). Where no four sides are clear the picture is taken for the sheet, as it is for crops, scans and drawings.
"""

import numpy as np

from number_reader.ink.image import WORKING_SIDE, grey
from number_reader.ink.median import median
from number_reader.sheet.homography import homography, warped
from number_reader.sheet.sides import outline

MIN_PICTURE = 200  # px of a side; smaller pictures are cuts of paper, or drawings
FINDING_SIDE = 400  # px at most, of the picture in which the sheet is found
SAMPLES = 3  # pixels each way of each block that become a pixel of it: all would take longer and show no more
CUT = 0.012  # of the sheet's sides, and
CUT_FOUND = 1.2  # px of the small picture, that are cut off all around: the edge of the table is no ink
ALONG, BESIDE = 40, (4, 6, 8, 10, 12)  # places along a side, and px from it, where paper and desk are compared
LIGHTER = 0.97  # of the paper beside it is what a desk has at most
MIN_SHEET = 24  # px of the flattened sheet's sides


def find_sheet(image):
    """The sheet in a picture: (flattened sheet, corners), or (image, None) where no sheet is clear.

    image: uint8 (H, W), (H, W, 3) or (H, W, 4). The sheet is uint8 (h, w), grey, as large as it is seen but at most
    WORKING_SIDE px, resampled bilinearly, a small margin cut off; turned by less than 45 degrees against the picture.
    corners: float64 (4, 2), x and y in px of the picture, the middle of the first at 0, 0, clockwise from its top left; two
    may lie outside the picture where it cuts the sheet, which there shows what is at the picture's edge.
    """
    is_drawn = (
        image.ndim == 3 and image.shape[2] == 4 and image[..., 3].min() < 255
    )  # nothing photographed lets through
    if is_drawn or min(image.shape[:2]) < MIN_PICTURE:
        return image, None
    small, factor = darkest_colour(image)
    found = outline(small)
    if found is None or not stands_out(small, found):
        return image, None
    corners = (found + 0.5) * factor - 0.5
    flat = flattened(image, corners, CUT_FOUND * factor)
    return (image, None) if flat is None else (flat, corners)


def stands_out(small, corners):
    """Whether the paper within four corners is lighter than what lies beyond each side: around the lines of a table it is the
    same paper. small: float32 (h, w), see `darkest_colour`. corners: float (4, 2), x and y px of it, clockwise."""
    along = np.linspace(0.1, 0.9, ALONG)[:, None, None]
    aside = np.array(BESIDE, float)[:, None]
    middle = corners.mean(axis=0)
    for start, end in zip(corners, np.roll(corners, -1, axis=0)):
        way = end - start
        inward = np.array([-way[1], way[0]]) / max(float(np.hypot(*way)), 1.0)
        inward *= np.sign(inward @ (middle - start)) or 1.0
        line = start + along * way
        seen = []
        for points in (line + aside * inward, line - aside * inward):
            x, y = np.rint(points.reshape(-1, 2)).astype(np.intp).T
            within = (x >= 0) & (y >= 0) & (x < small.shape[1]) & (y < small.shape[0])
            seen.append(small[y[within], x[within]])
        if 2 * seen[1].size >= len(along) * len(aside) and median(seen[1]) > LIGHTER * median(seen[0]):
            return False
    return True


def darkest_colour(image):
    """(float32 (h, w), factor): the least of red, green and blue, 0..1, of a copy scaled down by a whole factor to
    FINDING_SIDE px at most."""
    factor = max(1, -(-max(image.shape[:2]) // FINDING_SIDE))
    factor = min(factor, *image.shape[:2])
    height, width = image.shape[0] // factor, image.shape[1] // factor
    planes = image[..., None] if image.ndim == 2 else image[..., :3]
    first = sorted({(2 * k + 1) * factor // (2 * SAMPLES) for k in range(SAMPLES)})
    total = np.zeros((height, width, planes.shape[2]), np.uint16)
    for y in first:
        rows = planes[y : height * factor : factor]
        for x in first:
            total += rows[:height, x : width * factor : factor][:, :width]
    return total.min(axis=2) * np.float32(1 / (255 * len(first) ** 2)), factor


def flattened(image, corners, cut):
    """A quadrilateral of a picture as the rectangle that it shows: uint8 (h, w), grey; None if it is too small or no
    quadrilateral. corners: (4, 2) px, clockwise from the rectangle's top left. cut: px that are cut off all around, or CUT
    of the rectangle where that is more."""
    sides = np.hypot(*(np.roll(corners, -1, axis=0) - corners).T)
    width, height = max(sides[0], sides[2]), max(sides[1], sides[3])
    if min(width, height) - 2 * cut < MIN_SHEET:
        return None
    low = np.maximum(np.floor(corners.min(axis=0)).astype(int), 0)
    high = np.ceil(corners.max(axis=0)).astype(int) + 1
    # As `ink_map` would scale down: by a whole factor, each pixel the mean of those that it stands for.
    factor = max(1, int(max(width, height) // WORKING_SIDE))
    if factor > min(np.minimum(high, image.shape[1::-1]) - low):
        return None
    part = grey(image[low[1] : high[1], low[0] : high[0]], factor)
    scale = min(1 / factor, WORKING_SIDE / max(width, height))
    shape = max(round(height * scale), 1), max(round(width * scale), 1)
    margins = [max(CUT * size, cut * scale) for size in shape]
    rectangle = np.array([(0, 0), (shape[1], 0), (shape[1], shape[0]), (0, shape[0])]) - 0.5
    try:
        back = homography(rectangle, (corners - low + 0.5) / factor - 0.5)
    except ValueError:
        return None
    inner = [max(size - 2 * round(margin), 1) for size, margin in zip(shape, margins)]
    moved = np.array([[1, 0, round(margins[1])], [0, 1, round(margins[0])], [0, 0, 1.0]])
    sheet = warped(part, back @ moved, tuple(inner))
    return np.rint(sheet * 255).astype(np.uint8)
