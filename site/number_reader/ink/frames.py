"""What surrounds a drawing: even paper, borders and drawn frames."""

import numpy as np

from number_reader.ink.light import frame

STRIP = 1_000_000  # pixels looked at at a time
MIN_CONTRAST = 0.06  # ink and paper nearer to each other than this are one surface
MARGIN = 8  # px of paper that `trim` leaves around the ink
STRAIGHT = 0.95  # of each side of a frame must show
FRAMES = 20  # within one another; more are a pattern
FRAME_DEPTH, HOLLOW = 24, 0.5  # part of a side that a drawn frame is thick at most; within, less than this share is ink


def trim(image):
    """Cut away an even frame: (view of the picture, top, left), MARGIN px left around what differs from it.

    A drawing on a large blank pad then costs no more than its own size. Pictures whose outermost pixels differ
    among themselves, as a photograph's do, come back whole.
    """
    pixels = image[..., None] if image.ndim == 2 else image
    if image.ndim == 3 and image.shape[2] == 4 and image.strides[2] == 1:
        pixels = image.view(np.uint32)  # a pixel at a time
    corner = pixels[0, 0]
    frame = (pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1])
    if any(_differs(side[k : k + STRIP], corner).any() for side in frame for k in range(0, len(side), STRIP)):
        return image, 0, 0
    rows, columns = np.zeros(image.shape[0], bool), np.zeros(image.shape[1], bool)
    height = max(1, STRIP // image.shape[1])
    for top in range(0, image.shape[0], height):
        differs = _differs(pixels[top : top + height], corner)
        rows[top : top + height] = differs.any(axis=1)
        columns |= differs.any(axis=0)
    rows, columns = np.flatnonzero(rows), np.flatnonzero(columns)
    if rows.size == 0:
        return image, 0, 0
    top, left = max(rows[0] - MARGIN, 0), max(columns[0] - MARGIN, 0)
    return image[top : rows[-1] + 1 + MARGIN, left : columns[-1] + 1 + MARGIN], int(top), int(left)


def _differs(pixels, one):
    """Which of pixels (..., channels) are not `one` (channels,): bool (...). A channel at a time, which numpy compares faster
    than all of them."""
    differs = pixels[..., 0] != one[0]
    for channel in range(1, len(one)):
        differs |= pixels[..., channel] != one[channel]
    return differs


def find_sheet(values, frames=True):
    """Rows and columns, as slices, of the sheet on which the ink lies: all, unless even borders or drawn frames
    surround it. A frame has four straight sides and, unlike a digit, something within it. frames: whether drawn ones count,
    as the first line of a table would."""
    whole = found = (slice(0, values.shape[0]), slice(0, values.shape[1]))
    for _ in range(FRAMES):
        inside = values[found]
        if np.ptp(inside) < MIN_CONTRAST:
            return whole  # nothing in it: it is no frame
        apart = np.abs(inside - inside[0, 0])
        if min(inside.shape) < 8 or frame(apart).max() > MIN_CONTRAST:
            return found
        mask = apart > 0.5 * apart.max()
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        box = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        if min(box.shape) < 8 or min(side.mean() for side in (box[0], box[-1], box[:, 0], box[:, -1])) < STRAIGHT:
            return found
        if not frames and _ring(mask, rows, columns) < HOLLOW:
            return found
        top, left = found[0].start + int(rows[0]) + 2, found[1].start + int(columns[0]) + 2  # 2 px: its soft edge
        found = (slice(top, top + box.shape[0] - 4), slice(left, left + box.shape[1] - 4))
    return found


def _ring(mask, rows, columns):
    """The share of a mask that is set where a frame that ends at these rows and columns must end within."""
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    deep = max(2, min(bottom - top, right - left) // FRAME_DEPTH)
    return float(frame(mask[top + deep : bottom - deep, left + deep : right - deep]).mean())
