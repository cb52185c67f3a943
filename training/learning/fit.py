"""From data sets to a model file: prepare, learn the metric, calibrate on validation, round.

Two passes. The first learns from the training split alone and settles on the validation split what depends
on unseen handwriting: how much doubt is too much, and how sure a vote may be. The second learns from both.
The test split takes part in neither.
"""

import errno
import tempfile
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed
from threadpoolctl import threadpool_limits

from number_reader.classification.embedding import CELLS, Embedding
from number_reader.classification.features import FEATURES
from number_reader.labels import MARKS, NOT_A_DIGIT, PART
from number_reader.lattice.marks import LITTLE
from number_reader.storage import exemplars
from number_reader.storage import model as model_file
from training.data import splits
from training.data.datasets import NUMBER, StrokeSet
from training.data.errors import DataError
from training.data.separated import SeparatedDigits
from training.learning import limits, metric, thin
from training.learning.calibration import ONE_PERCENT, calibrate
from training.learning.examples import SEED, features_of, mix_weights, prepare_all
from training.synthesis import augment
from training.synthesis.scribbles import ScribbleSet

COPIES = 8  # distorted copies of each glyph that the metric learns from, beside the glyph itself
NETS = 2  # embeddings learned from different random numbers and joined: they err differently
COLUMNS = 40  # dimensions kept in the model
VECTOR_VARIANTS = (0, 2)  # which of a stroke drawing's variants become vectors: a thin and a thick brush
MARK_VARIANTS = (1, 3)  # and of a mark's: as the pad shows it beside digits, and as the reader draws its strokes anew
LITTLE_KEPT = 4  # and of points, commas and dashes every fourth, as their place says more than their shape
PASSES, MIN_STEPS = 30, 2_000


def _net(vectors, labels, weights, seed, steps, progress):
    with threadpool_limits(1):  # a process of its own: sums must not depend on the number of cores
        return metric.learn(vectors, labels, weights, seed, steps, progress)


def learn_embedding(items, progress=True):
    """Learn NETS metrics from items and distorted copies of them, and join them; keep the COLUMNS that matter most.

    Parts of digits are left out, as many look like another digit. So are marks: a metric that learned them, too, read
    strings of validation writers no better. Returns an Embedding.
    """
    items = items[items.labels < PART]
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

    Returns the keyword arguments of `model_file.save` that depend on the items alone, and the glyphs of its digits and
    marks, uint8 (m, 28, 28), in the order of its rows: labels are sorted already.
    """
    embedding = model_file.round_embedding(learn_embedding(items, progress))
    # Marks from pictures come in one way only.
    drawn_marks = (items.labels >= MARKS.start) & (items.kinds == "strokes")
    variants = np.where(drawn_marks, *(np.isin(items.variants, v) for v in (MARK_VARIANTS, VECTOR_VARIANTS)))
    kept = items[variants]
    kept = kept[np.argsort(kept.labels, kind="stable")]
    needed = np.ones(len(kept), bool)
    for label in LITTLE:
        own = np.flatnonzero((kept.labels == label) & (kept.kinds == "strokes"))
        needed[own] = np.arange(len(own)) % LITTLE_KEPT == 0
    vectors = embedding(features_of(kept.glyphs))
    step = model_file.step_of(vectors)
    digits = kept.labels < NOT_A_DIGIT
    needed[digits] = thin.kept(vectors[digits], kept.labels[digits], np.random.default_rng(SEED))
    built = {"embedding": embedding, "vectors": vectors[needed], "step": step, "labels": kept.labels[needed]}
    return built, kept.glyphs[needed][exemplars.shown(built["labels"])]


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
    """Train on data sets and write the model file, and beside it the pictures of its digits and marks. Returns the validation
    figures. DataError if the data can't make a model: a digit without examples, or nothing to validate on.

    output: None for no second pass. first_pass: where to keep the model of the first pass, which has not learned from
    validation; None for nowhere.
    """
    pictures = output and exemplars_path(output)
    for path in filter(None, (output, first_pass, pictures)):
        check_output(path)
    numbers = [dataset for dataset in datasets if isinstance(dataset, StrokeSet) and (dataset.labels == NUMBER).any()]
    all_of_them = [*datasets, *map(SeparatedDigits, numbers), ScribbleSet()]
    check_digits(*(np.concatenate([getattr(dataset, f) for dataset in all_of_them]) for f in ("labels", "split")))
    items = prepare_all(all_of_them, progress)
    check_digits(items.labels, items.split)  # an item may be without ink
    names = ", ".join(dataset.name for dataset in datasets)
    origin = f"{names}. Licence: CC BY-SA 4.0. See its model card."
    about = f"k-NN model of handwritten digits and marks, trained on {origin}"
    first, _ = build(items[items.split == splits.TRAIN], progress)
    settled, figures = calibrate(first, items[items.split == splits.VALIDATION], progress)
    if first_pass:
        save(first_pass, **first, **settled, about=about)
    if not output:
        return figures
    final, glyphs = build(items, progress)
    save(output, **final, **settled, about=about)
    fingerprint = model_file.load(output).fingerprint
    about = f"Pictures of the digits and marks in a k-NN model, from {origin}"
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
