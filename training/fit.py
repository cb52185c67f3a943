"""From data sets to a model file: prepare, learn the metric, calibrate on validation, round.

Two passes. The first learns from the training split alone and settles on the validation split what depends
on unseen handwriting: how much doubt is too much, and how sure a vote may be. The second learns from both.
The test split takes part in neither.
"""

import errno
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed
from recognizer import exemplars
from recognizer import model as model_file
from recognizer.certainty import evidence
from recognizer.embedding import CELLS, Embedding
from recognizer.features import FEATURES, features
from recognizer.model import PART
from recognizer.neighbors import Neighbors, closeness
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits
from tqdm import tqdm

from . import augment, limits, metric, prepare, segments, splits, thin
from .datasets import NOT_A_DIGIT, NUMBER, StrokeSet
from .errors import DataError
from .measures import limit_refusing
from .scribbles import ScribbleSet
from .separated import SeparatedDigits

SEED = 1
COPIES = 8  # distorted copies of each glyph that the metric learns from, beside the glyph itself
NETS = 2  # embeddings learned from different random numbers and joined: they err differently
COLUMNS = 40  # dimensions kept in the model
ONE_PERCENT = "limit of doubt that refuses 1 %"  # of the validation digits: where models are compared
# The limit of doubt refuses this share of the validation marks that are no digit, within what it may cost: a share of
# the validation digits that are read right.
REFUSED, COST = 0.78, (0.0005, 0.005)
# How much of the digits in a batch each kind of data set fills; shared out among those present.
MIX = {"mnist": 0.60, "strokes": 0.34, "kaggle": 0.06, "pictures": 0.34, "embedded": 0.60}
# How much there is of what is no digit beside them.
OTHERS = {"strokes": 0.05, "scribbles": 0.015, "segments": 0.02}
SEGMENTS = {splits.TRAIN: 1500, splits.VALIDATION: 300}  # made ones of each kind, see segments.py
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
    """How much each item counts, (n,): every kind of data set fills its share of MIX with digits and of OTHERS with
    the rest, and within a kind a writer of digits counts as the square root of what they wrote, so that the few who
    wrote most do not rule."""
    weights = np.ones(len(items))
    is_digit = items.labels < NOT_A_DIGIT
    known = is_digit & (items.groups != "")
    _, group, sizes = np.unique(items.groups[known], return_inverse=True, return_counts=True)
    weights[known] /= np.sqrt(sizes[group])
    for kind in np.unique(items.kinds):
        for shares, some in ((MIX, is_digit), (OTHERS, ~is_digit)):
            mine = some & (items.kinds == kind)
            if mine.any():
                weights[mine] *= shares[kind] / weights[mine].sum()
    return weights


def _net(vectors, labels, weights, seed, steps, progress):
    with threadpool_limits(1):  # a process of its own: sums must not depend on the number of cores
        return metric.learn(vectors, labels, weights, seed, steps, progress)


def learn_embedding(items, progress=True):
    """Learn NETS metrics from items and distorted copies of them, and join them; keep the COLUMNS that matter most.

    Parts of digits are left out: many look like another digit. Returns an Embedding.
    """
    items = items[items.labels != PART]
    n, weights = len(items), mix_weights(items)
    vectors = np.empty(((COPIES + 1) * n, FEATURES), np.float16)
    vectors[:n] = features_of(items.glyphs)
    for copy in range(1, COPIES + 1):
        glyphs = augment.distorted(items.glyphs, SEED + copy, progress=progress)
        vectors[copy * n : (copy + 1) * n] = features_of(glyphs, np.float16)
    steps = int(np.clip(PASSES * len(vectors) / metric.BATCH, MIN_STEPS, metric.STEPS))
    labels, repeated = np.tile(items.labels, COPIES + 1), np.tile(weights, COPIES + 1)
    nets = Parallel(n_jobs=NETS)(
        delayed(_net)(vectors, labels, repeated, SEED + net, steps, progress) for net in range(NETS)
    )
    digits = np.flatnonzero(items.labels < NOT_A_DIGIT)
    return join(nets, vectors[digits], weights[digits])


def join(nets, vectors, weights):
    """One Embedding of several: side by side, each to the same scale, then turned so that the COLUMNS in which
    weighted vectors spread most can be kept."""
    spread, scales = [], []
    for net in nets:
        embedded = net(vectors)
        embedded -= np.average(embedded, axis=0, weights=weights)
        scales.append(1 / np.sqrt(np.average((embedded**2).sum(axis=1), weights=weights)))
        spread.append(embedded * scales[-1])
    spread = np.concatenate(spread, axis=1)
    _, axes = np.linalg.eigh((spread * weights[:, None]).T @ spread)
    axes = axes[:, ::-1][:, :COLUMNS].astype(np.float32)
    linear, mixing, start = 0, [], 0
    for net, scale in zip(nets, scales):
        turn = axes[start : start + net.dimensions] * np.float32(scale)
        linear = linear + net.linear @ turn
        mixing.append((net.mixing @ turn).reshape(CELLS, -1, turn.shape[1]))
        start += net.dimensions
    return Embedding(
        linear=linear,
        kernels=np.concatenate([net.kernels for net in nets], axis=1),
        bias=np.concatenate([net.bias for net in nets]),
        mixing=np.concatenate(mixing, axis=1).reshape(-1, axes.shape[1]),
    )


def build(items, progress=True):
    """Embedding and vectors of a model, rounded as the file will hold them.

    Returns the keyword arguments of `model_file.save` that depend on the items alone, and the glyphs of its digits,
    uint8 (m, 28, 28), in the order of its rows: labels are sorted already.
    """
    embedding = model_file.round_embedding(learn_embedding(items, progress))
    kept = items[np.isin(items.variants, VECTOR_VARIANTS)]
    kept = kept[np.argsort(kept.labels, kind="stable")]
    vectors = embedding(features_of(kept.glyphs))
    step = model_file.step_of(vectors)
    digits = kept.labels < NOT_A_DIGIT
    needed = np.ones(len(kept), bool)
    needed[digits] = thin.kept(vectors[digits], kept.labels[digits], np.random.default_rng(SEED))
    built = {"embedding": embedding, "vectors": vectors[needed], "step": step, "labels": kept.labels[needed]}
    return built, kept.glyphs[digits & needed]


def judge(built, glyphs, progress=True):
    """What a model that is not yet saved says of glyphs: (winner (n,), evidence (n, 2)), see `certainty.evidence`."""
    whole = model_file.round_vectors(built["vectors"], built["step"])
    known = Neighbors(whole * np.float32(built["step"]), built["labels"])
    winners, rows = [], []
    for query in tqdm(built["embedding"](features_of(glyphs)), "calibrate", disable=not progress):
        squared = known.squared_distances(query)
        smallest = known.smallest(squared)
        shares, _ = known.votes(squared, smallest)
        winner, row = evidence(shares, closeness(smallest))
        winners.append(winner)
        rows.append(row)
    return np.array(winners), np.array(rows)


def calibrate(built, validation, progress=True):
    """Fit confidence and the limit of doubt on validation glyphs that the vectors of `built` do not hold.

    Returns {"refuse_above", "calibration"}, and validation figures as a dict for people.
    """
    digits = validation[validation.labels < NOT_A_DIGIT]
    winners, rows = judge(built, digits.glyphs, progress)
    right = winners == digits.labels
    weights = mix_weights(digits)
    # One made-up mistake and one made-up success without any margin: the fit exists even where the model
    # makes no mistake at all.
    middle = np.median(rows[:, 1])
    fit_rows = np.vstack([rows, [[0, middle], [0, middle]]])
    fit_right = np.append(right, [True, False])
    fit_weights = np.append(weights, [weights.mean()] * 2) / weights.mean()
    logistic = LogisticRegression(C=1e3, max_iter=1000).fit(fit_rows, fit_right, fit_weights)

    none = validation[validation.labels == NOT_A_DIGIT]
    if (none.kinds != "scribbles").any():  # what people drew tells more than what was made up
        none = none[none.kinds != "scribbles"]
    doubts = judge(built, none.glyphs, progress)[1][:, 1]
    limit = limit_of_doubt(rows[right, 1], weights[right], doubts)
    figures = {}
    for kind in np.unique(digits.kinds):
        mine = digits.kinds == kind
        figures[f"{kind} error %"] = round(100 * float(np.mean(~right[mine])), 2)
        figures[f"{kind} refused %"] = round(100 * float(np.mean(rows[mine, 1] > limit)), 2)
    figures["no digits refused %"] = round(100 * float(np.mean(doubts > limit)), 1)
    figures[ONE_PERCENT] = round(limit_refusing(limits.SHARE, rows[:, 1], weights), 6)
    calibration = [float(logistic.intercept_[0]), *(float(c) for c in logistic.coef_[0])]
    return {"refuse_above": limit, "calibration": calibration}, figures


def limit_of_doubt(digits, weights, none):
    """The doubt beyond which a mark is no digit, a float: see REFUSED and COST.

    digits, weights: (n,), the doubt of digits that were read right and how much each counts. none: (m,), the doubt of
    marks that are no digit.
    """
    order = np.argsort(digits)
    share = np.cumsum(weights[order]) / weights.sum()
    loosest, tightest = (digits[order][np.searchsorted(share, 1 - cost).clip(max=len(share) - 1)] for cost in COST)
    return float(np.clip(np.quantile(none, 1 - REFUSED), tightest, loosest))


def exemplars_path(model):
    """Where the pictures of a model file's digits are kept: the page wants exemplars.npz beside digits.npz, and models of
    other names may share a folder."""
    model = Path(model)
    return model.with_name("exemplars.npz") if model.name == "digits.npz" else model.with_suffix(".exemplars.npz")


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


def fit(datasets, output, progress=True, first_pass=None):
    """Train on data sets and write the model file, and beside it the pictures of its digits. Returns the validation
    figures. DataError if the data can't make a model: a digit without examples, or nothing to validate on.

    first_pass: where to keep the model of the first pass, which has not learned from validation; None for nowhere.
    """
    for path in filter(None, (output, first_pass)):
        check_output(path)
    pictures = exemplars_path(output)
    check_output(pictures)
    numbers = [dataset for dataset in datasets if isinstance(dataset, StrokeSet) and (dataset.labels == NUMBER).any()]
    all_of_them = [*datasets, *map(SeparatedDigits, numbers), ScribbleSet()]
    check_digits(*(np.concatenate([getattr(dataset, f) for dataset in all_of_them]) for f in ("labels", "split")))
    items = prepare_all(all_of_them, progress)
    check_digits(items.labels, items.split)  # an item may be without ink
    names = ", ".join(dataset.name for dataset in datasets)
    origin = f"{names}. Licence: CC BY-SA 4.0. See its model card."
    about = f"k-NN model of handwritten digits, trained on {origin}"
    first, _ = build(items[items.split == splits.TRAIN], progress)
    settled, figures = calibrate(first, items[items.split == splits.VALIDATION], progress)
    if first_pass:
        save(first_pass, **first, **settled, about=about)
    final, glyphs = build(items, progress)
    save(output, **final, **settled, about=about)
    fingerprint = model_file.load(output).fingerprint
    about = f"Pictures of the digits in a k-NN model, from {origin}"
    save(pictures, exemplars, glyphs=glyphs, fingerprint=fingerprint, about=about)
    limits.write(output, figures[ONE_PERCENT])
    return figures


def check_digits(labels, split):
    """DataError if a side lacks a digit."""
    for side in (splits.TRAIN, splits.VALIDATION):
        missing = set(range(10)) - set(labels[split == side].tolist())
        if missing:
            digits = ", ".join(map(str, sorted(missing)))
            raise DataError(f"The data hold no {side} examples of {digits}; every digit needs at least five.")


def save(path, kind=model_file, **parts):
    try:
        kind.save(path, **parts)
    except OSError as error:
        raise DataError(f"{path} can't be written: {error.strerror}") from None
