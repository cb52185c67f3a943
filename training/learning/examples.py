"""What is learned from: the glyphs of all data sets, on which side of the split each is, and how much each counts."""

from dataclasses import dataclass

import numpy as np

from number_reader.classification.features import FEATURES, features
from number_reader.labels import MARKS, NOT_A_DIGIT
from training.data import splits
from training.data.datasets import NUMBER, StrokeSet
from training.learning import prepare
from training.synthesis import segments

SEED = 1
# How much of the digits in a batch each kind of data set fills; shared out among those present.
MIX = {"mnist": 0.60, "strokes": 0.34, "kaggle": 0.06, "pictures": 0.34, "embedded": 0.60}
# How much there is of what is no digit beside them.
OTHERS = {"strokes": 0.05, "scribbles": 0.015, "segments": 0.02}
SEGMENTS = {splits.TRAIN: 1500, splits.VALIDATION: 300}  # made ones of each kind, see segments.py


@dataclass
class Prepared:
    """Glyphs uint8 (n, 28, 28) of one or more data sets with labels, split, kind, group and variant of each,
    all (n,)."""

    glyphs: np.ndarray
    labels: np.ndarray
    split: np.ndarray
    kinds: np.ndarray
    groups: np.ndarray
    variants: np.ndarray

    def __getitem__(self, chosen):
        return Prepared(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))

    def __len__(self):
        return len(self.labels)


def chosen_items(dataset, rng):
    """Indices to learn and validate from: single digits, marks and non-digits outside the test split, at most
    `limit_per_group` of a group."""
    usable = np.flatnonzero((dataset.labels != NUMBER) & (dataset.split != splits.TEST))
    if dataset.limit_per_group is None:
        return usable
    groups = dataset.groups[usable]
    return np.sort(
        np.concatenate(
            [rng.permutation(usable[groups == group])[: dataset.limit_per_group] for group in np.unique(groups)]
        )
    )


def prepare_all(datasets, progress=True):
    """Glyphs of all that may be learned from, each item in each of its variants, and wrong segments of made numbers."""
    rng = np.random.default_rng(SEED)
    parts = []
    for dataset in datasets:
        items = chosen_items(dataset, rng)
        ways = len(dataset.variants)
        glyphs = prepare.glyphs(dataset, items, range(ways), progress=progress)
        repeated = np.repeat(items, ways)
        parts.append(
            Prepared(
                glyphs,
                dataset.labels[repeated],
                dataset.split[repeated],
                np.full(len(glyphs), dataset.kind, "<U10"),
                dataset.groups[repeated],
                np.tile(np.arange(ways), len(items)),
            )
        )
        if isinstance(dataset, StrokeSet):
            parts += [_segments(dataset, items, side, progress) for side in SEGMENTS]
    together = Prepared(*(np.concatenate([getattr(p, f) for p in parts]) for f in Prepared.__dataclass_fields__))
    has_ink = together.glyphs.any(axis=(1, 2))
    return together[has_ink]


def _segments(dataset, items, side, progress):
    """Wrong segments of numbers made from one side's digits of a StrokeSet."""
    digits = items[(dataset.labels[items] < NOT_A_DIGIT) & (dataset.split[items] == side)]
    glyphs, labels = np.zeros((0, 28, 28), np.uint8), np.zeros(0, np.uint8)
    if len(digits):
        glyphs, labels = segments.glyphs(dataset, digits, SEGMENTS[side], SEED, progress)
    n = len(labels)
    sides, kinds = np.full(n, side, "<U10"), np.full(n, "segments", "<U10")
    return Prepared(glyphs, labels, sides, kinds, np.full(n, ""), np.zeros(n, int))


def features_of(glyphs, dtype=np.float32):
    """Feature vectors of many glyphs, in batches."""
    out = np.empty((len(glyphs), FEATURES), dtype)
    for start in range(0, len(glyphs), 500):
        out[start : start + 500] = features(glyphs[start : start + 500])
    return out


def mix_weights(items):
    """How much each item counts, (n,): every kind of data set fills its share of MIX with digits and of OTHERS with the rest
    (marks, from which no metric is learned, keep their 1). Within a kind of data set a writer of digits counts as the square
    root of what they wrote, so that the few who wrote most do not rule."""
    weights = np.ones(len(items))
    is_digit = items.labels < NOT_A_DIGIT
    known = is_digit & (items.groups != "")
    _, group, sizes = np.unique(items.groups[known], return_inverse=True, return_counts=True)
    weights[known] /= np.sqrt(sizes[group])
    for kind in np.unique(items.kinds):
        for shares, some in ((MIX, is_digit), (OTHERS, ~is_digit & (items.labels < MARKS.start))):
            mine = some & (items.kinds == kind)
            if mine.any():
                weights[mine] *= shares[kind] / weights[mine].sum()
    return weights
