"""Real handwriting on made paper: what a camera sees of pen strokes on a plain, ruled or squared sheet.

The sheet is measured in mm. Paper, rulings and ink reflect light, the light is uneven, and the camera adds its
own tilt, blur, grain and JPEG. Reflectances are linear, 0 none to 1 all; the camera's gamma makes bytes of them.
"""

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image
from scipy.ndimage import gaussian_filter

from training.data.strokes import draw

GAMMA = 2.2
SHEET = np.array([0.80, 0.79, 0.75], np.float32)  # reflectance of paper, red, green, blue
TABLES = {"dark table": (0.03, 0.025, 0.02), "light table": (0.42, 0.33, 0.24)}


@dataclass
class Ruling:
    """Lines printed on a sheet: their reflectance, width and distance in mm, and whether both ways."""

    colour: tuple
    width: float
    apart: float
    squared: bool = False


RULINGS = {
    "plain": None,
    "ruled in light blue": Ruling((0.45, 0.60, 0.85), 0.25, 8),
    "ruled as dark as pencil": Ruling((0.22, 0.22, 0.24), 0.3, 8),
    "squared in grey": Ruling((0.55, 0.55, 0.55), 0.2, 5, True),
    "squared in light blue": Ruling((0.45, 0.60, 0.85), 0.25, 5, True),
    "squared as dark as pencil": Ruling((0.22, 0.22, 0.24), 0.25, 5, True),
}


@dataclass
class Pen:
    """What writes: the reflectance of its line, the line's width in mm, and how unevenly it covers, 0..1."""

    colour: tuple
    width: float
    uneven: float = 0.0


PENS = {
    "pencil": Pen((0.20, 0.20, 0.20), 0.7, 0.5),
    "ball pen": Pen((0.05, 0.07, 0.30), 0.5, 0.15),
    "marker": Pen((0.02, 0.02, 0.02), 1.8),
    "chalk": Pen((0.85, 0.85, 0.82), 1.5, 0.4),
}


def even(y, x, rng):
    return np.ones(np.broadcast_shapes(y.shape, x.shape), np.float32)


def gradient(y, x, rng):
    """A lamp at one side: a third of the light is left at the other."""
    turn = rng.uniform(0, 2 * np.pi)
    return 0.67 + 0.33 * np.clip((x - 0.5) * np.cos(turn) * 2 + (y - 0.5) * np.sin(turn) * 2, -1, 1)


def vignette(y, x, rng):
    """A lens that loses light towards the corners, down to 0.45."""
    return 1 - 0.55 * np.minimum(2 * ((x - 0.5) ** 2 + (y - 0.5) ** 2), 1)


def shadow_edge(y, x, rng):
    """The straight edge of a phone's shadow, across the middle: half the light beyond it."""
    turn, soft = rng.uniform(0, 2 * np.pi), rng.uniform(0.002, 0.01)
    beyond = (x - rng.uniform(0.35, 0.65)) * np.cos(turn) + (y - rng.uniform(0.35, 0.65)) * np.sin(turn)
    return 1 - 0.5 / (1 + np.exp(-np.clip(beyond / soft, -30, 30)))


def hand_shadow(y, x, rng):
    """Four fingers and the ball of a hand reach in from the right or the left: half the light inside."""
    soft = rng.uniform(0.003, 0.01)
    x = x if rng.random() < 0.5 else 1 - x
    away = np.hypot(x - 1.1, (y - 0.6) * 0.8) - 0.45
    for k in range(4):
        tip = np.maximum(rng.uniform(0.3, 0.5) - x, 0)
        away = np.minimum(away, np.hypot(tip, y - 0.25 - 0.15 * k - 0.1 * x) - 0.055)
    return 0.5 + 0.5 / (1 + np.exp(-np.clip(away / soft, -30, 30)))


LIGHTS = {f.__name__.replace("_", " "): f for f in (even, gradient, vignette, shadow_edge, hand_shadow)}


class Camera:
    """Where a point of the sheet (mm from the middle of what is written) lands in the picture (px).

    size: (height, width) px. view: mm of the sheet across the width. turn: degrees. tilt: how much nearer (in
    parts of the distance) the sheet's lower edge is than its middle.
    """

    def __init__(self, size, view, turn=0.0, tilt=0.0):
        self.size, self.scale, self.tilt, self.view = size, size[1] / view, tilt, view
        c, s = np.cos(np.radians(turn)), np.sin(np.radians(turn))
        self.turn = np.array([[c, s], [-s, c]])

    def __call__(self, points):
        """(n, 2) x, y in mm -> (n, 2) float32 px."""
        turned = np.asarray(points, float) @ self.turn
        nearer = 1 - 2 * self.tilt * turned[:, 1:] / self.view
        middle = np.array([self.size[1], self.size[0]]) / 2
        return (turned * self.scale / nearer + middle).astype(np.float32)


def _rulings(ruling, camera, reach, rng):
    """Coverage of the printed lines, float32, out to `reach` mm from the middle."""
    lines = []
    first = rng.uniform(-0.5, 0.5) * ruling.apart
    for k in range(-int(reach / ruling.apart) - 1, int(reach / ruling.apart) + 2):
        at = first + k * ruling.apart
        if abs(at) < reach:
            lines.append([(-reach, at), (reach, at)])
            if ruling.squared:
                lines.append([(at, -reach), (at, reach)])
    # In short pieces: `draw` looks at the whole box around a piece.
    pieces = [camera(np.linspace(*line, 40)) for line in lines]
    return draw(pieces, ruling.width * camera.scale, camera.size)


def _inside(corners, size):
    """Coverage of a convex polygon, (n, 2) px, clockwise as seen."""
    y, x = np.arange(size[0], dtype=np.float32)[:, None] + 0.5, np.arange(size[1], dtype=np.float32) + 0.5
    cover = np.ones(size, np.float32)
    for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, axis=0)):
        away = ((y - y0) * (x1 - x0) - (x - x0) * (y1 - y0)) / np.hypot(x1 - x0, y1 - y0)
        np.minimum(cover, np.clip(away + 0.5, 0, 1), out=cover)
    return cover


def _cloud(size, grain, rng):
    """Smooth random field, float32, mean 0, standard deviation 1, with bumps about `grain` px wide."""
    step = max(1, int(grain))
    coarse = rng.normal(size=(size[0] // step + 2, size[1] // step + 2)).astype(np.float32)
    return np.kron(coarse, np.ones((step, step), np.float32))[: size[0], : size[1]]


def photograph(
    strokes,
    rng,
    *,
    height=12.0,
    paper="plain",
    pen="ball pen",
    light="even",
    table=None,
    size=(960, 1280),
    view=100.0,
    at=(0.0, 0.0),
    turn=0.0,
    tilt=0.0,
    grain=0.02,
    blur=0.6,
    quality=85,
):
    """Photograph pen strokes on a sheet.

    strokes: list of (n, 2), in units of the writing's height, any origin. rng: numpy Generator. height: mm of
    the writing. paper, pen, light, table: names in RULINGS, PENS, LIGHTS and TABLES. size: (height, width) px.
    view: mm across the width. at: mm of the writing's middle from the picture's. turn, tilt: see Camera.
    grain: standard deviation of the sensor's noise, in grey 0..1. blur: px. quality: JPEG's, None for none.
    Returns uint8 (H, W, 3).
    """
    camera, tool = Camera(size, view, turn, tilt), PENS[pen]
    points = np.concatenate(strokes)
    low, high = points.min(axis=0), points.max(axis=0)
    written = [camera((stroke - (low + high) / 2) * height + at) for stroke in strokes]
    reach = view * 0.75
    scene = np.empty((*size, 3), np.float32)
    scene[:] = 0.04 if pen == "chalk" else SHEET
    if RULINGS[paper]:
        lost = 1 - np.array(RULINGS[paper].colour, np.float32)
        scene *= 1 - _rulings(RULINGS[paper], camera, reach, rng)[..., None] * lost
    ink = draw(written, tool.width * camera.scale, size)
    if tool.uneven:
        ink *= np.clip(1 - tool.uneven * np.abs(_cloud(size, 0.1 * camera.scale, rng)) * 0.7, 0, 1)
    colour = np.array(tool.colour, np.float32)
    # Light ink hides what is under it; dark ink lets through a share of what paper and rulings reflect.
    scene += ink[..., None] * ((colour - scene) if pen == "chalk" else scene * (colour - 1))
    if table:
        aspect = size[0] / size[1]
        half = np.array([view * 0.38, view * 0.38 * aspect])
        sheet = _inside(camera(half * np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)])), size)[..., None]
        wood = np.array(TABLES[table], np.float32) * (1 + 0.08 * _cloud(size, camera.scale, rng)[..., None])
        scene = scene * sheet + wood * (1 - sheet)
    y = np.linspace(0, 1, size[0], dtype=np.float32)[:, None]
    scene *= LIGHTS[light](y, np.linspace(0, 1, size[1], dtype=np.float32), rng).astype(np.float32)[..., None]
    for channel in range(3):
        seen = gaussian_filter(scene[..., channel], blur) if blur else scene[..., channel]
        scene[..., channel] = seen ** np.float32(1 / GAMMA)
        scene[..., channel] += grain * rng.standard_normal(size, np.float32)
    image = np.rint(np.clip(scene, 0, 1) * 255).astype(np.uint8)
    return image if quality is None else compressed(image, quality)


def compressed(image, quality):
    """uint8 (H, W, 3) after a JPEG of this quality."""
    out = io.BytesIO()
    Image.fromarray(image).save(out, "JPEG", quality=quality)
    return np.asarray(Image.open(out))
