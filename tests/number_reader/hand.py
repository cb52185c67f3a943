"""Ten digits written by hand as pen strokes, and pictures of them on every kind of paper."""

import numpy as np

from training.data.strokes import draw

# Pen-downs of (x, y) in 0..1 of the digit's height.
DIGITS = {
    0: [
        [
            (0.5, 0),
            (0.25, 0.08),
            (0.1, 0.3),
            (0.08, 0.6),
            (0.2, 0.88),
            (0.45, 1),
            (0.7, 0.9),
            (0.85, 0.65),
            (0.85, 0.35),
            (0.72, 0.1),
            (0.5, 0),
        ]
    ],
    1: [[(0.5, 0), (0.48, 0.5), (0.47, 1)]],
    2: [
        [
            (0.1, 0.2),
            (0.25, 0.04),
            (0.5, 0),
            (0.7, 0.1),
            (0.75, 0.3),
            (0.6, 0.55),
            (0.3, 0.82),
            (0.08, 1),
            (0.45, 0.98),
            (0.85, 1),
        ]
    ],
    3: [
        [
            (0.15, 0.08),
            (0.4, 0),
            (0.65, 0.06),
            (0.72, 0.22),
            (0.6, 0.4),
            (0.38, 0.47),
            (0.65, 0.54),
            (0.78, 0.72),
            (0.68, 0.92),
            (0.42, 1),
            (0.12, 0.93),
        ]
    ],
    4: [[(0.4, 0), (0.25, 0.3), (0.08, 0.62), (0.5, 0.62), (0.85, 0.6)], [(0.65, 0.3), (0.62, 0.65), (0.6, 1)]],
    5: [
        [
            (0.2, 0),
            (0.16, 0.25),
            (0.13, 0.45),
            (0.35, 0.38),
            (0.6, 0.44),
            (0.75, 0.62),
            (0.7, 0.85),
            (0.45, 1),
            (0.12, 0.94),
        ],
        [(0.2, 0.01), (0.5, 0.02), (0.75, 0)],
    ],
    6: [
        [
            (0.6, 0),
            (0.35, 0.2),
            (0.15, 0.5),
            (0.1, 0.75),
            (0.22, 0.96),
            (0.45, 1),
            (0.65, 0.88),
            (0.68, 0.68),
            (0.5, 0.54),
            (0.28, 0.6),
            (0.12, 0.78),
        ]
    ],
    7: [[(0.1, 0.04), (0.45, 0.03), (0.8, 0.02), (0.6, 0.4), (0.42, 0.7), (0.33, 1)]],
    8: [
        [
            (0.62, 0.12),
            (0.42, 0),
            (0.22, 0.12),
            (0.25, 0.32),
            (0.48, 0.48),
            (0.7, 0.68),
            (0.68, 0.9),
            (0.45, 1),
            (0.22, 0.9),
            (0.2, 0.68),
            (0.42, 0.5),
            (0.62, 0.32),
            (0.64, 0.14),
        ]
    ],
    9: [
        [
            (0.68, 0.2),
            (0.5, 0.03),
            (0.25, 0.1),
            (0.16, 0.3),
            (0.3, 0.48),
            (0.52, 0.42),
            (0.67, 0.22),
            (0.64, 0.6),
            (0.55, 1),
        ]
    ],
}
SIDE = 280  # px of the square sheet that a lone digit is written on


def ink(digit, height=200, brush=20, at=(40, 50), shape=(SIDE, SIDE)):
    """Coverage float32 0..1 of one digit, `height` px high, its corner at (top, left)."""
    top, left = at
    strokes = [np.array(stroke) * height + (left, top) for stroke in DIGITS[digit]]
    return draw(strokes, brush, shape)


def strokes_of(text, height=150, pitch=180, at=(40, 40)):
    """The strokes of digits side by side as `row` draws them, px."""
    top, left = at
    return [
        np.array(stroke) * height + (left + pitch * k, top) for k, c in enumerate(text) for stroke in DIGITS[int(c)]
    ]


def row(text, height=150, brush=16, at=(40, 40), shape=(240, 700)):
    """Coverage of several digits side by side."""
    top, left = at
    return np.maximum.reduce(
        [ink(int(c), height, brush, (top, left + int(i * 1.2 * height)), shape) for i, c in enumerate(text)]
    )


def as_bytes(coverage):
    return np.rint(coverage * 255).astype(np.uint8)


def black_in_alpha(coverage):
    """What the page's pad hands over: black pixels, the drawing in their alpha."""
    return np.dstack([np.zeros((*coverage.shape, 3), np.uint8), as_bytes(coverage)])


def white_in_alpha(coverage):
    return np.dstack([np.full((*coverage.shape, 3), 255, np.uint8), as_bytes(coverage)])


def dark_on_light(coverage):
    return 255 - as_bytes(coverage)


def light_on_dark(coverage):
    return as_bytes(coverage)


def blue_on_cream(coverage):
    paper, pen = np.array([250, 240, 215]), np.array([30, 40, 150])
    return np.rint(paper + (pen - paper) * coverage[..., None]).astype(np.uint8)


def opaque_rgba(coverage):
    return np.dstack([blue_on_cream(coverage), np.full(coverage.shape, 255, np.uint8)])


PAPERS = [black_in_alpha, white_in_alpha, dark_on_light, light_on_dark, blue_on_cream, opaque_rgba]
