"""Homographies: the map between two pictures of one plane, and a picture resampled through it.

Points are (..., 2) arrays of x and y in px, the middle of the first pixel at (0, 0). The map of four pairs of points goes by
the unit square, whose map to any four points has a closed form (Heckbert, Fundamentals of Texture Mapping and Image
Warping, 1989, 2.2.3; Hartley & Zisserman, Multiple View Geometry, 2004, 2.3 and 4.1, for what a homography is).
"""

import numpy as np

MAX_OUTPUT = 4_000_000  # pixels that are made at most
STRIP = 1 << 16  # pixels made at a time: their coordinates stay in the cache
FLAT = 1e-9  # share of the points' extent below which three of them are on one line


def homography(source, target):
    """The map of four points to four others: float64 (3, 3), of norm 1, for `mapped`.

    source, target: (4, 2) x, y, in the same order around. ValueError if three points of either lie on one line.
    """
    return _normed(_from_square(target) @ adjugate(_from_square(source)))


def mapped(matrix, points):
    """float64 (..., 2): where a homography (3, 3) brings points (..., 2). What it brings to infinity is not finite."""
    points = np.asarray(points, np.float64)
    x, y = points[..., 0], points[..., 1]
    out = [row[0] * x + row[1] * y + row[2] for row in matrix]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.stack([out[0] / out[2], out[1] / out[2]], axis=-1)


def adjugate(matrix):
    """The inverse of a (3, 3) matrix but for its scale, which a homography doesn't have."""
    a, b, c = np.asarray(matrix, np.float64).T
    return np.stack([np.cross(b, c), np.cross(c, a), np.cross(a, b)])


def warped(values, matrix, shape):
    """A picture seen through a homography: float32 (h, w), bilinear, the picture's edge repeated around it.

    values: (H, W), any real type. matrix: (3, 3), from the points of the result to those of `values`. shape: (h, w);
    ValueError if it has no pixel, or more than MAX_OUTPUT.
    """
    height, width = shape
    if not 0 < height * width <= MAX_OUTPUT:
        raise ValueError(f"A picture of {height}x{width} pixels can't be made.")
    out = np.empty(shape, np.float32)
    last_y, last_x = values.shape[0] - 1, values.shape[1] - 1
    flat = np.ascontiguousarray(values).ravel()
    x = np.arange(width, dtype=np.float64)
    rows = max(1, STRIP // width)
    for top in range(0, height, rows):
        y = np.arange(top, min(top + rows, height), dtype=np.float64)[:, None]
        u, v, w = (row[0] * x + (row[1] * y + row[2]) for row in matrix)
        with np.errstate(divide="ignore", invalid="ignore"):
            u, v = u / w, v / w
        # Points at infinity are not finite, and land on the first pixel.
        u, v = (np.nan_to_num(each, nan=0, posinf=0, neginf=0) for each in (u, v))
        u, v = u.clip(0, last_x), v.clip(0, last_y)
        left, above = u.astype(np.intp), v.astype(np.intp)
        aside, down = (u - left).astype(np.float32), (v - above).astype(np.float32)
        here = above * values.shape[1] + left
        right = here + (left < last_x)
        below = np.where(above < last_y, values.shape[1], 0)
        upper = flat[here] * (1 - aside) + flat[right] * aside
        lower = flat[here + below] * (1 - aside) + flat[right + below] * aside
        out[top : top + len(y)] = upper * (1 - down) + lower * down
    return out


def _from_square(corners):
    """The map of (0, 0), (1, 0), (1, 1), (0, 1) to four points (4, 2): float64 (3, 3)."""
    corners = np.asarray(corners, np.float64)
    extent = np.ptp(corners, axis=0).max()
    for k in range(4):
        one, two, three = (corners[(k + n) % 4] for n in range(3))
        if not abs(_cross(two - one, three - one)) > FLAT * extent**2:
            raise ValueError("three of four points lie on one line")
    first, second, third, fourth = corners
    across, along, rest = second - third, fourth - third, first - second + third - fourth
    area = _cross(across, along)
    g, h = _cross(rest, along) / area, _cross(across, rest) / area
    columns = (*(second - first + g * second), g), (*(fourth - first + h * fourth), h), (*first, 1.0)
    return np.array(columns).T


def _cross(one, other):
    return one[0] * other[1] - one[1] * other[0]


def _normed(matrix):
    return matrix / np.sqrt(np.square(matrix).sum())
