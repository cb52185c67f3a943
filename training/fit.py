"""From data sets to a model file: prepare, learn the metric, calibrate on validation, pack.

Two passes. The first learns from the training split alone and settles on the validation split what depends
on unseen handwriting: how much doubt is too much, and how sure a vote may be. The second learns from both.
The test split takes part in neither.
"""

import errno
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from recognizer import model as model_file
from recognizer.certainty import evidence
from recognizer.features import features
from recognizer.neighbors import Neighbors
from sklearn.linear_model import LogisticRegression
from tqdm import tqdm

from . import augment, metric, prepare, splits
from .datasets import NOT_A_DIGIT
from .errors import DataError
from .scribbles import ScribbleSet

SEED = 1
COPIES = 4  # distorted copies of each glyph that the metric learns from, beside the glyph itself
COLUMNS = 32  # dimensions kept in the model
REFUSED = 0.0005  # share of the validation digits read right that the limit of doubt may cost
# How much of a batch each kind of data set fills; shared out among those present.
MIX = {"mnist": 0.60, "strokes": 0.34, "kaggle": 0.06, "pictures": 0.34, "embedded": 0.60}
VECTOR_VARIANTS = (0, 2)  # which of a stroke drawing's variants become vectors: a thin and a thick brush
PASSES, MIN_STEPS = 30, 2_000


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
    """Indices to learn and validate from: single digits and non-digits outside the test split, at most
    `limit_per_group` of a group."""
    usable = np.flatnonzero((dataset.labels <= NOT_A_DIGIT) & (dataset.split != splits.TEST))
    if dataset.limit_per_group is None:
        return usable
    groups = dataset.groups[usable]
    return np.sort(
        np.concatenate(
            [
                rng.permutation(usable[groups == group])[: dataset.limit_per_group]
                for group in np.unique(groups)
            ]
        )
    )


def prepare_all(datasets, progress=True):
    """Glyphs of all that may be learned from, each item in each of its variants."""
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
    together = Prepared(*(np.concatenate([getattr(p, f) for p in parts]) for f in Prepared.__dataclass_fields__))
    has_ink = together.glyphs.any(axis=(1, 2))
    return together[has_ink]


def features_of(glyphs, dtype=np.float32):
    """Feature vectors of many glyphs, in batches."""
    return np.concatenate([features(glyphs[i : i + 1000]).astype(dtype) for i in range(0, len(glyphs), 1000)])


def mix_weights(items):
    """How much each item counts, (n,): every kind of data set fills its share of MIX, and within a kind a
    writer counts as the square root of what they wrote, so that the few who wrote most do not rule."""
    weights = np.ones(len(items))
    known = items.groups != ""
    _, group, sizes = np.unique(items.groups[known], return_inverse=True, return_counts=True)
    weights[known] /= np.sqrt(sizes[group])
    for kind in np.unique(items.kinds):
        mine = items.kinds == kind
        weights[mine] *= MIX[kind] / weights[mine].sum()
    return weights


def learn_projection(items, progress=True):
    """Learn the metric from items and distorted copies of their digits; keep the COLUMNS that matter most.

    Returns float32 (FEATURES, COLUMNS).
    """
    digits = items[items.labels != NOT_A_DIGIT]
    vectors = [features_of(digits.glyphs, np.float16)]
    for copy in range(COPIES):
        vectors.append(features_of(augment.distorted(digits.glyphs, SEED + copy, progress=progress), np.float16))
    weights = mix_weights(digits)
    vectors = np.concatenate(vectors)
    steps = int(np.clip(PASSES * len(vectors) / metric.BATCH, MIN_STEPS, metric.STEPS))
    projection = metric.learn(
        vectors, np.tile(digits.labels, COPIES + 1), np.tile(weights, COPIES + 1), SEED, steps, progress
    )
    projected = vectors[: len(digits)].astype(np.float32) @ projection
    centred = projected - np.average(projected, axis=0, weights=weights)
    _, axes = np.linalg.eigh((centred * weights[:, None]).T @ centred)
    return projection @ axes[:, ::-1][:, :COLUMNS].astype(np.float32)


def build(items, progress=True):
    """Projection and vectors of a model, rounded as the file will hold them.

    Returns the keyword arguments of `model_file.save` that depend on the items alone.
    """
    projection, projection_scale = model_file.round_projection(learn_projection(items, progress))
    kept = items[np.isin(items.variants, VECTOR_VARIANTS)]
    vectors = features_of(kept.glyphs) @ (projection.astype(np.float32) * projection_scale)
    return {
        "projection": projection,
        "projection_scale": projection_scale,
        "vectors": vectors,
        "vector_scale": model_file.scale_of(vectors),
        "labels": kept.labels,
    }


def calibrate(built, validation, progress=True):
    """Fit confidence and the limit of doubt on validation glyphs that the vectors of `built` do not hold.

    Returns {"refuse_above", "calibration"}, and validation figures as a dict for people.
    """
    digits = validation[validation.labels != NOT_A_DIGIT]
    order = np.argsort(built["labels"], kind="stable")
    known = Neighbors(built["vectors"][order].astype(np.float32), built["labels"][order])
    projection = built["projection"] * built["projection_scale"]
    rows, right = [], []
    for query, label in zip(
        tqdm(features_of(digits.glyphs) @ projection, "calibrate", disable=not progress), digits.labels
    ):
        squared = known.squared_distances(query)
        shares, _ = known.votes(squared)
        winner, row = evidence(shares, known.closeness(squared))
        rows.append(row)
        right.append(winner == label)
    rows, right = np.array(rows), np.array(right)
    weights = mix_weights(digits)
    # One made-up mistake and one made-up success without any margin: the fit exists even where the model
    # makes no mistake at all.
    middle = np.median(rows[:, 1])
    fit_rows = np.vstack([rows, [[0, middle], [0, middle]]])
    fit_right = np.append(right, [True, False])
    fit_weights = np.append(weights, [weights.mean()] * 2) / weights.mean()
    logistic = LogisticRegression(C=1e3, max_iter=1000).fit(fit_rows, fit_right, fit_weights)
    by_doubt = np.argsort(rows[right, 1])
    share = np.cumsum(weights[right][by_doubt]) / weights[right].sum()
    limit = rows[right, 1][by_doubt[np.searchsorted(share, 1 - REFUSED).clip(max=len(share) - 1)]]
    figures = {
        f"{kind} error %": round(100 * float(np.mean(~right[digits.kinds == kind])), 2) for kind in np.unique(digits.kinds)
    }
    calibration = [float(logistic.intercept_[0]), *(float(c) for c in logistic.coef_[0])]
    return {"refuse_above": float(limit), "calibration": calibration}, figures


def check_output(path):
    """Raise DataError before the work is done rather than after it if the file can't be written."""
    path = Path(path)
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "it is a folder")
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise DataError(f"{path} can't be written: {error.strerror}") from None


def fit(datasets, output, progress=True):
    """Train on data sets and write the model file. Returns the validation figures. DataError if the data
    can't make a model: a digit without examples, or nothing to validate on."""
    check_output(output)
    items = prepare_all([*datasets, ScribbleSet()], progress)
    for side in (splits.TRAIN, splits.VALIDATION):
        missing = set(range(10)) - set(items.labels[items.split == side].tolist())
        if missing:
            raise DataError(
                f"The data hold no {side} examples of {', '.join(map(str, sorted(missing)))}; every digit needs at least five."
            )
    first = build(items[items.split == splits.TRAIN], progress)
    settled, figures = calibrate(first, items[items.split == splits.VALIDATION], progress)
    final = build(items, progress)
    names = ", ".join(dataset.name for dataset in datasets)
    about = f"k-NN model of handwritten digits, trained on {names}. Licence: CC BY-SA 4.0. See its model card."
    try:
        model_file.save(output, **final, **settled, about=about)
    except OSError as error:
        raise DataError(f"{output} can't be written: {error.strerror}") from None
    return figures
