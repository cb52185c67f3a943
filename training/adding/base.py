"""A person's own digits on top of a model that is there already: `fit --base`.

The metric, the step to which vectors are rounded, calibration, limit of doubt and vectors of the base stay as they are;
theirs are added, as many times each as `weight.py` finds best. Nothing else is learned, so it takes seconds, and a few
pictures are enough, even of a single digit.
"""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from number_reader import ModelError, Recognizer
from number_reader.classification.normalize import SIDE
from number_reader.labels import CHARACTERS, MARKS, NOT_A_DIGIT
from number_reader.storage import exemplars, npz
from number_reader.storage import model as model_file
from training.adding.weight import WEIGHTS, Choice, Scale
from training.data import splits
from training.data.datasets import PenSet
from training.data.errors import DataError
from training.learning import limits, prepare
from training.learning.examples import features_of
from training.learning.fit import MARK_VARIANTS, check_output, exemplars_path, save

FEWEST = 5  # items of a label of which a fifth can be kept
DIGIT_VARIANTS = (1,)  # of a drawing: the pad's brush, as the page shows it and teaches it
PICTURE_BYTES = SIDE * SIDE // exemplars.LINES  # of one in an exemplars file, unpacked
REST = 2_000_000  # bytes of a file for all that is not vectors or pictures


@dataclass
class Added:
    """What became of a person's items. glyphs: how many were added, `choice.weight` times each; choice: why so many
    times. pictures: the exemplars file that was written, or None. notes: what a person should know."""

    glyphs: int
    choice: Choice
    pictures: Path | None
    notes: list


def add(datasets, base, output, progress=True):
    """Write the model file `base` with the digits and marks of data sets added, and beside it their pictures if the
    base's lie beside the base. Returns Added. What is on the test side (see `keep_a_fifth`, to be called first) takes no
    part. The same input gives the same bytes.

    ModelError if the base can't be used; DataError if the data hold nothing to add, or too much, or if a file can't be
    written; then nothing is.
    """
    model = open_base(base)
    check_paths(base, output)
    glyphs, labels, notes = learned(datasets, progress)
    check_room(model, labels)
    vectors = on_grid(model, model.embedding(features_of(glyphs)))
    choice = Scale(model).choose(vectors, labels)
    before, missing = pictures_of(base, model)
    names = ", ".join(dataset.name for dataset in datasets)
    about = f"{model.about} Added, {choice.weight} times each: {len(labels)} of {names}."
    grown, order = add_vectors(model, vectors, labels, choice.weight)
    parts = {name: getattr(grown, name) for name in ("embedding", "vectors", "step", "labels", "refuse_above")}
    save(output, **parts, calibration=grown.calibration, about=about)
    if (limit := limits.read(base)) is None:
        limits.path_for(output).unlink(missing_ok=True)  # what lay there was another model's
    else:
        limits.write(output, limit)
    if before is None:
        notes.append(f'no pictures are written beside it, so "Why?" has none to show: {missing}')
        return Added(len(labels), choice, None, notes)
    every = np.zeros((len(order), SIDE, SIDE), np.uint8)
    every[exemplars.shown(model.labels)] = before
    every[len(model.labels) :] = np.repeat(glyphs, choice.weight, axis=0)
    save(
        exemplars_path(output),
        exemplars,
        glyphs=every[order][exemplars.shown(grown.labels)],
        fingerprint=model_file.load(output).fingerprint,
        about=f"Pictures of what is in this model: {about}",
    )
    return Added(len(labels), choice, exemplars_path(output), notes)


def open_base(base):
    """The Model of a base. ModelError if it can't be used, or if its metric would not be the same when saved again."""
    model = model_file.load(base)
    again = model_file.round_embedding(model.embedding)
    if any((getattr(again, name) != getattr(model.embedding, name)).any() for name in model_file.MATRICES):
        raise ModelError(f"The model {base} was not made by `fit`: its metric would change when saved.")
    return model


def check_paths(base, output):
    """DataError if a file of the base would be overwritten, or if one can't be written."""
    base, output = Path(base), Path(output)
    theirs, ours = ({p.resolve() for p in (m, exemplars_path(m), limits.path_for(m))} for m in (base, output))
    if theirs & ours:
        raise DataError(f"{output} would overwrite the base, or what lies beside it; choose another --output.")
    check_output(output)
    check_output(exemplars_path(output))


def check_room(model, new):
    """DataError if with so many new labels, at the greatest weight, a file would become larger than can be read."""
    row = max(PICTURE_BYTES, model.vectors.shape[1])
    most = ((npz.MAX_BYTES - REST) // row - len(model.labels)) // max(WEIGHTS)
    if len(new) > most:
        raise DataError(
            f"The data hold {len(new):,} digits and marks; at most {max(most, 0):,} can be added to this base."
        )


def keep_a_fifth(datasets):
    """Settle which items are kept to measure on: those on the test side of each data set, as `evaluate` has it. Where
    that makes no sense, others or none; the sentences that say so are returned.

    Pen strokes are split by writer; where that leaves nothing to learn or nothing to keep, as with a single writer, by
    item. Of a label of fewer than FEWEST items none is kept: each is needed.
    """
    notes = []
    for dataset in datasets:
        mine = np.flatnonzero(can_be_added(dataset.labels))
        labels = dataset.labels[mine]
        kept = dataset.split[mine] == splits.TEST
        if isinstance(dataset, PenSet) and len(mine) and (kept.all() or not kept.any()):
            dataset.split[mine] = splits.stratified(labels, [_key(dataset.strokes[i]) for i in mine])
            kept = dataset.split[mine] == splits.TEST
            notes.append(
                f"{dataset.name}: its writers are all on one side of the split, so a fifth of the items is kept instead; "
                "`evaluate` goes by writers, and would read what was learned"
            )
        few = [int(label) for label in np.unique(labels) if (labels == label).sum() < FEWEST]
        if (kept & np.isin(labels, few)).any():
            dataset.split[mine[kept & np.isin(labels, few)]] = splits.TRAIN
            notes.append(
                f"{dataset.name}: fewer than {FEWEST} of {' '.join(CHARACTERS[label] for label in few)}: all of these are "
                "learned, and none is kept to measure on"
            )
    return notes


def _key(strokes):
    """A drawing's own: equal ones have the same."""
    return hashlib.sha256(repr([stroke.tolist() for stroke in strokes]).encode()).hexdigest()


def can_be_added(labels):
    """Which labels are those of a digit or a mark: bool (n,)."""
    return (labels < NOT_A_DIGIT) | np.isin(labels, MARKS)


def learned(datasets, progress=True):
    """Glyphs uint8 (m, 28, 28) and labels uint8 (m,) of all digits and marks that are not on the test side, and notes
    on what was left out. DataError if there are none."""
    glyphs, labels, notes = [], [], []
    for dataset in datasets:
        usable = can_be_added(dataset.labels)
        if not usable.all():
            notes.append(f"{dataset.name}: {(~usable).sum():,} items are no single digit or mark and are left out")
        blank = 0
        for some, variants in (
            (dataset.labels < NOT_A_DIGIT, DIGIT_VARIANTS),
            (dataset.labels > NOT_A_DIGIT, MARK_VARIANTS),
        ):
            items = np.flatnonzero(some & usable & (dataset.split != splits.TEST))
            drawn = variants if len(dataset.variants) > max(variants) else (0,)
            jobs = 1 if len(items) * len(drawn) <= prepare.CHUNK else -1  # starting processes takes longer
            found = prepare.glyphs(dataset, items, drawn, jobs, progress)
            inked = found.any(axis=(1, 2))
            blank += int((~inked).sum())
            glyphs.append(found[inked])
            labels.append(np.repeat(dataset.labels[items], len(drawn))[inked])
        if blank:
            notes.append(f"{dataset.name}: {blank:,} pictures without ink are left out")
    if not sum(map(len, labels)):
        raise DataError("The data hold no digit and no mark that could be added.")
    return np.concatenate(glyphs), np.concatenate(labels), notes


def on_grid(model, vectors):
    """Vectors, float (m, d), as a file of this model would hold them: float32 (m, d)."""
    return model_file.round_vectors(vectors, model.step) * np.float32(model.step)


def add_vectors(model, vectors, labels, weight):
    """A Model that has vectors, float32 (m, d) `on_grid`, `weight` times each, after its own of the same label; and where
    its rows were before, int (n + weight * m,), in the model's rows followed by the new ones. Its fingerprint is still
    the old one: only a file has a new one."""
    together = np.concatenate([model.labels, np.repeat(labels, weight)])
    order = np.argsort(together, kind="stable")
    rows = np.concatenate([model.vectors, np.repeat(vectors, weight, axis=0)])[order]
    return replace(model, vectors=np.asfortranarray(rows), labels=together[order]), order


def pictures_of(base, model):
    """The glyphs of `exemplars.shown` rows of a base, uint8 (n, 28, 28), and None; or None and why there are none."""
    try:
        found = exemplars.Exemplars.load(exemplars_path(base), Recognizer(model))
    except ModelError as error:
        return None, error
    return found.glyphs(exemplars.shown(model.labels)), None
