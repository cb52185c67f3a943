"""Made photographs of sheets on tables: real pen strokes on paper that a camera sees from the side.

Table and sheet are one plane, in mm from the sheet's middle, x right and y down. A pinhole camera looks at it at an angle.
Light, pens and reflectances are those of `paper`.
"""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates

from training.data.strokes import draw
from training.synthesis.paper import GAMMA, LIGHTS, PENS, SHEET, compressed

MOST_TILT, MOST_TURN = 35.0, 20.0  # degrees
SIZES = ((210, 297), (148, 210), (105, 148), (74, 105))  # mm: A4 to A7
WOODS = ((0.10, 0.05, 0.025), (0.22, 0.12, 0.06), (0.36, 0.23, 0.12), (0.48, 0.36, 0.24))
CLOTHS = ((0.05, 0.08, 0.25), (0.30, 0.05, 0.05), (0.12, 0.22, 0.10), (0.35, 0.33, 0.30))
LEATHERS = ((0.012, 0.012, 0.013), (0.05, 0.025, 0.015))
DESKS = ((0.45, 0.44, 0.42), (0.42, 0.36, 0.30), (0.28, 0.30, 0.33))  # rather light
FOCUS = 1.1  # focal length in widths of the picture: a phone's
MARGIN = 0.02  # of the picture's sides, around the sheet


@dataclass
class Photographed:
    """A made photograph. image: uint8 (H, W, 3). corners: float (4, 2), x, y px of the sheet's, from its top left on
    clockwise. digits: its lines. table: the table's name. tilt: degrees."""

    image: np.ndarray
    corners: np.ndarray
    digits: list[str]
    table: str
    tilt: float


class View:
    """A pinhole camera before a plane. matrix: (3, 3), from mm in the plane to px of a picture of `size` (height, width)."""

    def __init__(self, size, distance, turn, tilt, aside):
        """distance: mm. turn, tilt: degrees. aside: degrees in the plane of the axis about which it is tilted."""
        c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
        turned = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
        axis = np.array([np.cos(np.radians(aside)), np.sin(np.radians(aside)), 0])
        cross = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
        t = np.radians(tilt)
        whole = (np.eye(3) + np.sin(t) * cross + (1 - np.cos(t)) * cross @ cross) @ turned
        focus = FOCUS * max(size)
        lens = np.array([[focus, 0, (size[1] - 1) / 2], [0, focus, (size[0] - 1) / 2], [0, 0, 1]])
        self.matrix = lens @ np.column_stack([whole[:, 0], whole[:, 1], (0, 0, distance)])
        self.back = np.linalg.inv(self.matrix)

    def __call__(self, points):
        """(n, 2) mm -> (n, 2) px."""
        out = np.column_stack([points, np.ones(len(points))]) @ self.matrix.T
        return out[:, :2] / out[:, 2:]

    def plane(self, size):
        """mm x and y, each (H, W), that the pixels of a picture see."""
        y, x = np.mgrid[: size[0], : size[1]].astype(np.float64)
        out = [row[0] * x + row[1] * y + row[2] for row in self.back]
        return out[0] / out[2], out[1] / out[2]


def _field(x, y, wide, high, rng):
    """A smooth random field over mm: standard deviation about 1, bumps `wide` and `high` mm. float (H, W)."""
    coarse = gaussian_filter(rng.normal(size=(128, 128)), 1, mode="wrap") * 3.5
    return map_coordinates(coarse, [y / high, x / wide], order=1, mode="grid-wrap")


def wood(x, y, rng):
    """Boards with grain along x."""
    board = np.floor(y / rng.uniform(60, 150))
    rings = np.sin(_field(x, y, 120, 8, rng) * 4 + y * rng.uniform(0.2, 0.8))
    shade = 1 + 0.18 * rings + 0.1 * _field(x, y, 15, 1, rng) + 0.08 * np.sin(board * 12.9)
    return shade * (1 - 0.6 * (np.abs(y / 100 - np.round(y / 100)) < 0.006))


def cloth(x, y, rng):
    """Threads both ways, and folds; on some a pattern of checks."""
    thread = rng.uniform(1.0, 3.0)
    shade = 1 + 0.12 * np.sin(2 * np.pi * x / thread) * np.sin(2 * np.pi * y / thread) + 0.1 * _field(x, y, 60, 90, rng)
    if rng.random() < 0.4:
        shade *= 1 - 0.3 * (np.sin(x / 12) > 0) * (np.sin(y / 12) > 0)
    return shade


def leather(x, y, rng):
    return 1 + 0.25 * _field(x, y, 1.5, 1.5, rng) + 0.1 * _field(x, y, 50, 50, rng)


def desk(x, y, rng):
    return 1 + 0.03 * _field(x, y, 80, 80, rng) + 0.04 * _field(x, y, 0.8, 0.8, rng)


def noise(x, y, rng):
    """Stone: coarse and fine bumps."""
    return 1 + 0.2 * _field(x, y, 3, 3, rng) + 0.15 * _field(x, y, 20, 20, rng)


TABLES = {"wood": (wood, WOODS), "cloth": (cloth, CLOTHS), "leather": (leather, LEATHERS), "desk": (desk, DESKS),
          "stone": (noise, LEATHERS + DESKS[2:])}  # fmt: skip


def photograph_sheet(numbers, rng, table=None, size=(1200, 1600), tilt=None, turn=None):
    """A made photograph of a sheet with numbers on a table.

    numbers: list of (strokes, digits), a line each; strokes as `training.data.strokes` has them. table: a name in TABLES.
    tilt, turn: degrees; what is None is drawn from rng, a numpy Generator, up to MOST_TILT and MOST_TURN.
    """
    name = table or str(rng.choice(list(TABLES)))
    tilt = rng.uniform(0, MOST_TILT) if tilt is None else tilt
    turn = rng.uniform(-MOST_TURN, MOST_TURN) if turn is None else turn
    short, long = SIZES[rng.integers(len(SIZES))]
    half = np.array([long, short] if rng.random() < 0.7 else [short, long]) / 2
    edge = half * np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)])
    view = _fitting(edge, size, turn, tilt, rng)
    corners = view(edge)
    x, y = view.plane(size)
    texture, colours = TABLES[name]
    colour = np.array(colours[rng.integers(len(colours))]) * rng.uniform(0.85, 1.15)
    along = np.radians(rng.uniform(0, 180))
    shade = texture(x * np.cos(along) + y * np.sin(along), y * np.cos(along) - x * np.sin(along), rng)
    scene = (np.clip(shade, 0.1, 2)[..., None] * colour).astype(np.float32)
    # The sheet's own shadow: it never lies quite flat.
    height, way = rng.uniform(0, 4), rng.uniform(0, 2 * np.pi)
    shadow = _inside(x - height * np.cos(way), y - height * np.sin(way), half, soft=max(1.5, height))
    scene *= (1 - rng.uniform(0.2, 0.7) * shadow)[..., None].astype(np.float32)
    pen = PENS[str(rng.choice(["ball pen", "pencil", "marker"], p=[0.5, 0.2, 0.3]))]
    strokes, pitch = _lines(numbers, half, rng)
    pixel = float(np.sqrt(abs(_area(corners)) / (4 * half[0] * half[1])))  # px a mm, in the mean
    brush = max(1.6, pixel * min(pen.width, 0.05 * pitch))
    ink = draw([view(stroke).astype(np.float32) for stroke in strokes], brush, size)
    if pen.uneven:
        ink *= np.clip(1 - 0.5 * pen.uneven * np.abs(_field(x, y, 0.3, 0.3, rng)), 0.3, 1)
    sheet = SHEET * (1 + 0.02 * _field(x, y, 40, 40, rng)[..., None]) * rng.uniform((0.9, 0.9, 0.85), 1.0)
    sheet = sheet * (1 - ink[..., None] * (1 - np.array(pen.colour)))
    # Half a pixel soft, as the camera sees an edge.
    cover = _inside(x, y, half, soft=0.5 / pixel)[..., None]
    scene = scene * (1 - cover) + sheet * cover
    rows, columns = np.linspace(0, 1, size[0])[:, None], np.linspace(0, 1, size[1])
    light = LIGHTS[str(rng.choice(list(LIGHTS)))](rows, columns, rng)
    scene = scene * light[..., None] * rng.uniform((0.8, 0.8, 0.6), (1.1, 1.0, 1.0))
    blur, grain = rng.uniform(0.5, 1.0), rng.uniform(0.005, 0.02)
    seen = np.stack([gaussian_filter(scene[..., k], blur) for k in range(3)], axis=-1) ** (1 / GAMMA)
    seen += rng.normal(0, grain, seen.shape)
    image = compressed(np.rint(np.clip(seen, 0, 1) * 255).astype(np.uint8), 85)
    return Photographed(image, corners, [digits for _, digits in numbers], name, tilt)


def _fitting(edge, size, turn, tilt, rng):
    """The View that shows the sheet as large as a drawn share of the picture, its middle in the picture's middle."""
    aside, share = rng.uniform(0, 360), rng.uniform(0.5, 0.95)
    distance = 4.0 * np.ptp(edge, axis=0).max()
    box = np.array([size[1], size[0]]) * (1 - 2 * MARGIN)
    for _ in range(20):
        view = View(size, distance, turn, tilt, aside)
        reach = np.abs(view(edge) - (np.array([size[1], size[0]]) - 1) / 2).max(axis=0) / (box / 2)
        distance *= reach.max() / share
    return view


def _inside(x, y, half, soft):
    """How far points lie on the sheet, 0..1, its edge `soft` mm wide."""
    away = np.minimum(half[0] - np.abs(x), half[1] - np.abs(y))
    return np.clip(away / (2 * soft) + 0.5, 0, 1)


def _lines(numbers, half, rng):
    """(strokes in mm, mm of a line's height): each number on a line of its own, as high as the lines and as long as the
    sheet lets it be."""
    pitch = 2 * half[1] * 0.86 / len(numbers)
    found = []
    for k, (strokes, _) in enumerate(numbers):
        points = np.concatenate(strokes)
        low, reach = points.min(axis=0), np.ptp(points, axis=0)
        scale = min(pitch * rng.uniform(0.45, 0.6) / max(reach[1], 1e-3), 2 * half[0] * 0.8 / max(reach[0], 1e-3))
        room = 2 * half[0] * 0.86 - reach[0] * scale
        left = -half[0] * 0.86 + rng.uniform(0, 0.3) * room
        top = -half[1] * 0.86 + k * pitch + (pitch - reach[1] * scale) / 2
        found += [(stroke - low) * scale + (left, top) for stroke in strokes]
    return found, pitch


def _area(corners):
    """Of a polygon, (n, 2); positive where its corners go clockwise as seen."""
    x, y = corners.T
    return float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2
