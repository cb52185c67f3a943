"""Made-up numbers: single digits of one writer set side by side, apart, touching or overlapping.

The shared numbers have few distinct texts; these have any. What a person may put between digits (a point, a comma, a dash,
a slash) is put there too, and is no part of the text.
"""

import numpy as np

from training.data.datasets import PenSet
from training.data.strokes import PAD

TIGHT = 0.4  # share of the numbers whose digits may touch or overlap
MARKED = 0.2  # share with a mark between two digits
HEIGHT, BASELINE = 0.12, 0.05  # standard deviations of a digit's size (log) and place, in heights
MARKS = {
    ".": [[(0, 0.95)]],
    ",": [[(0.08, 0.9), (0.06, 1.0), (0, 1.12)]],
    "-": [[(0, 0.55), (0.3, 0.53)]],
    "/": [[(0.45, -0.2), (0, 1.2)]],
}


def compose(glyphs, rng, tight, mark=""):
    """Set digits side by side.

    glyphs: for each digit its strokes, float (n, 2) arrays in 0..1 of the longer side. tight: whether they may touch.
    mark: one of MARKS to set before the last digit, or "". Returns the strokes of the whole, in 0..1 of its longer side.
    """
    strokes, right = [], 0.0
    for k, glyph in enumerate(glyphs):
        if mark and k == len(glyphs) - 1:
            shape = [np.array(stroke, np.float32) for stroke in MARKS[mark]]
            gap = rng.uniform(0.08, 0.25)
            shape = [stroke + (right + gap, rng.normal(0, 0.02)) for stroke in shape]
            right = max(stroke[:, 0].max() for stroke in shape)
            strokes += shape
        points = np.concatenate(glyph)
        low, size = points.min(axis=0), np.ptp(points, axis=0)
        scale = np.exp(rng.normal(0, HEIGHT)) / max(size[1], 0.6 * size[0], 1e-3)
        gap = rng.uniform(-0.15, 0.08) if tight and rng.random() < 0.7 else rng.uniform(0.08, 0.5)
        left = right + gap if k else 0.0
        top = 1 - size[1] * scale + rng.normal(0, BASELINE)
        strokes += [(stroke - low) * scale + np.float32((left, top)) for stroke in glyph]
        right = left + size[0] * scale
    points = np.concatenate(strokes)
    low, size = points.min(axis=0), np.ptp(points, axis=0).max()
    return [((stroke - low) / size).astype(np.float32) for stroke in strokes]


class MadeNumbers(PenSet):
    """`count` numbers of 2 to `longest` digits by the writers of one side of a StrokeSet's split. marked: the share of them
    with a mark between two digits, which is no part of the text."""

    kind = "numbers"

    def __init__(self, digits, split, count, seed, longest=6, marked=MARKED):
        super().__init__(digits.path)
        self.name = f"made numbers ({split})"
        rng = np.random.default_rng(seed)
        single = np.flatnonzero((digits.split == split) & (digits.labels < 10))
        writers = np.unique(digits.groups[single])
        self.strokes, texts, groups = [], [], []
        for _ in range(count):
            writer = rng.choice(writers)
            own = single[digits.groups[single] == writer]
            # Digits of like frequency, whatever the writer wrote most.
            labels = rng.choice(np.unique(digits.labels[own]), rng.integers(2, longest + 1))
            items = [rng.choice(own[digits.labels[own] == label]) for label in labels]
            mark = rng.choice(list(MARKS)) if rng.random() < marked else ""
            self.strokes.append(compose([digits.strokes[i] for i in items], rng, rng.random() < TIGHT, mark))
            texts.append("".join(map(str, labels)))
            groups.append(writer)
        self._settle(texts, groups, [split] * count)

    def _size_and_brush(self, index, variant):
        """Both in px of the pad: the number fills its width, but is no higher than a lone digit."""
        points = np.concatenate(self.strokes[index])
        width, height = np.ptp(points, axis=0)
        size, brush = super()._size_and_brush(index, variant)
        return min((PAD["width"] - 60) / max(width, 1e-3), size / max(height, 1e-3)), brush
