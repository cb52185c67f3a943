"""Wrong segments: what the lattice proposes that is more than one digit, or less.

They are learned as two more groups of vectors, so that neighbours can tell a digit from two that touch and from a
part of one. Which segment is what is known, because the numbers are made from single digits.
"""

from itertools import combinations

import numpy as np
from joblib import Parallel, delayed
from tqdm import tqdm

from number_reader.classification.normalize import glyph
from number_reader.ink.frames import trim
from number_reader.ink.image import ink_map
from number_reader.segmentation.pieces import InkPieces
from training.data.datasets import BRUSHES
from training.data.strokes import draw, picture, placed
from training.synthesis.numbers import compose

SEVERAL, PART = 11, 12  # labels, after those of digits and of what is none
MOST_OF = 0.3  # a segment is several digits if it holds this share of two,
LESS_THAN = 0.8  # and a part if it holds less than this of its one
CHUNK = 50


def wrong_segments(strokes_of_digits, size, brush):
    """Wrong segments of one drawing.

    strokes_of_digits: for each digit its strokes as `compose` sets them, in 0..1 of the whole. size, brush: px.
    Returns [(glyph uint8 (28, 28), SEVERAL or PART), ...].
    """
    together = [stroke for strokes in strokes_of_digits for stroke in strokes]
    image = picture(together, size, brush)
    points, shape = placed(together, size, brush)
    owner, at = [], 0
    for strokes in strokes_of_digits:
        owner.append(draw(points[at : at + len(strokes)], brush, shape))
        at += len(strokes)
    trimmed, top, left = trim(image)
    ink, factor = ink_map(trimmed)
    if factor != 1:
        return []
    owner = [mask[top : top + ink.shape[0], left : left + ink.shape[1]] for mask in owner]
    pieces = InkPieces(ink)
    found = []
    for number in range(len(pieces.boxes)):
        parts, _ = pieces.cut(number, 3)
        for start, end in combinations(range(len(parts) + 1), 2):
            box, crop = pieces.ink(parts[start:end])
            here = tuple(slice(box[k], box[k + 2]) for k in (0, 1))
            shares = sorted(float((crop * mask[here]).sum() / mask.sum()) for mask in owner)
            if len(shares) > 1 and shares[-2] > MOST_OF:
                found.append((glyph(crop), SEVERAL))
            elif shares[-1] < LESS_THAN:
                found.append((glyph(crop), PART))
    return found


def _made(digits, items, seed, count):
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        writer = rng.choice(digits.groups[items])
        own = items[digits.groups[items] == writer]
        labels = rng.choice(np.unique(digits.labels[own]), rng.choice([1, 2, 2, 3]))
        chosen = [rng.choice(own[digits.labels[own] == label]) for label in labels]
        together = compose([digits.strokes[i] for i in chosen], rng, True)
        height = np.ptp(np.concatenate(together)[:, 1])
        size, brush = list(BRUSHES.values())[rng.integers(len(BRUSHES))]
        counts = np.cumsum([0] + [len(digits.strokes[i]) for i in chosen])
        parts = [together[a:b] for a, b in zip(counts[:-1], counts[1:])]
        found += wrong_segments(parts, size / max(height, 0.3), brush)
    return found


def glyphs(digits, items, count, seed, progress=True):
    """About `count` wrong segments of each kind, from single digits of a StrokeSet.

    items: (n,) indices of the digits to use. Returns (glyphs uint8 (m, 28, 28), labels uint8 (m,)).
    """
    found, chunk = [], 0
    with tqdm(total=2 * count, desc="wrong segments", disable=not progress) as bar:
        while min(sum(label == kind for _, label in found) for kind in (SEVERAL, PART)) < count:
            work = (delayed(_made)(digits, items, (seed, chunk + k), min(CHUNK, count)) for k in range(8))
            found += [pair for part in Parallel(n_jobs=-1)(work) for pair in part]
            chunk += 8
            bar.n = min(len(found), bar.total)
            bar.refresh()
    kept = [[pair for pair in found if pair[1] == kind][:count] for kind in (SEVERAL, PART)]
    both = kept[0] + kept[1]
    return np.stack([shape for shape, _ in both]), np.array([label for _, label in both], np.uint8)
