"""Draws the page's sample pictures: our own strokes, on made paper, as training/synthesis/paper.py photographs them.

    python tools/samples.py     writes site/samples/

Needs the "training" extra. The same versions of numpy and Pillow write the same bytes; SAMPLES says what each
picture reads.
"""

import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # the tests' strokes are in no package

from tests.browser.hand import DIGITS
from training.synthesis.paper import photograph

FOLDER = ROOT / "site" / "samples"
SHARP = 90  # degrees; a turn beyond it is a corner that a hand makes, the rest is the bend of a curve
LINE = 1.75  # heights of a digit from one line to the next


def curve(points, steps=8):
    """float (n, 2) corner points -> a Catmull-Rom curve through them, float (m, 2)."""
    padded = np.concatenate([points[:1], points, points[-1:]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    pieces = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:]):
        pieces.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3))
    return np.concatenate([*pieces, points[-1:]])


def by_hand(points):
    """A stroke of DIGITS as a hand would draw it: round where it bends, sharp where it turns."""
    points = np.array(points, float)
    ahead = np.diff(points, axis=0)
    heading = np.degrees(np.arctan2(ahead[:, 1], ahead[:, 0]))
    turns = np.abs((np.diff(heading) + 180) % 360 - 180)
    corners = [0, *(np.flatnonzero(turns > SHARP) + 1), len(points) - 1]
    return np.concatenate([curve(points[start : end + 1]) for start, end in pairwise(corners)])


def write(text, rng, slant=0.12, spacing=0.3):
    """Strokes of handwritten lines, list of float (n, 2), in heights of a digit: no two digits are alike."""
    strokes = []
    for row, line in enumerate(text.split("\n")):
        x = rng.uniform(0, 0.3)
        for digit in line:
            wide, high = rng.normal(0.62, 0.04), rng.normal(1, 0.05)
            drop, lean = rng.normal(0, 0.04), slant + rng.normal(0, 0.05)
            narrow = 0.45 if digit == "1" else 1
            for points in DIGITS[digit]:
                shaky = by_hand(np.array(points) + rng.normal(0, 0.015, (len(points), 2)))
                y = shaky[:, 1] * high
                left = x + (shaky[:, 0] * wide - (0.15 if digit == "1" else 0)) - lean * (y - 0.5)
                strokes.append(np.stack([left, y + drop + row * LINE], axis=1))
            x += wide * narrow + spacing + rng.normal(0, 0.04)
    return strokes


# name of the file -> the text, the seed, how it is written, how it is photographed, and the file's quality
SAMPLES = {
    "pencil.jpg": (
        "1984", 3, {},
        {"height": 15, "paper": "squared in grey", "pen": "pencil", "light": "gradient", "turn": 2, "view": 70}, 60,
    ),
    "shade.jpg": (
        "4096\n753", 13, {"slant": 0.25},
        {"height": 12, "pen": "ball pen", "light": "hand shadow", "turn": -3, "tilt": 0.08, "view": 70}, 60,
    ),
    "chalk.jpg": ("2026", 8, {}, {"height": 38, "pen": "chalk", "light": "vignette", "view": 170}, 60),
    "marker.webp": (
        "31415", 4, {"slant": -0.05},
        {"height": 15, "pen": "marker", "paper": "ruled in light blue", "table": "light table", "view": 110}, 55,
    ),
}  # fmt: skip
SIZE = (420, 560)  # px


def sample(name):
    """(the text, the picture as uint8 (H, W, 3), the quality of the file)."""
    text, seed, hand, camera, quality = SAMPLES[name]
    rng = np.random.default_rng(seed)
    image = photograph(write(text, rng, **hand), rng, size=SIZE, quality=None, grain=0.012, **camera)
    return text, image, quality


def main():
    FOLDER.mkdir(exist_ok=True)
    for name in SAMPLES:
        text, image, quality = sample(name)
        Image.fromarray(image).save(FOLDER / name, quality=quality, optimize=True)
        print(f"{name}: {(FOLDER / name).stat().st_size} bytes, {text!r}")


if __name__ == "__main__":
    main()
