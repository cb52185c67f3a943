"""What teaching does for one writer: a few of their digits are taught, the rest of them read; and what it does to add the
same few to the model, as `fit --base` does.

A model must not have seen the writers it is measured on, neither in its metric nor in its vectors nor in its
calibration. The shipped model is new to the test writers alone; `without` gives one that is new to those of a fold.
"""

from dataclasses import dataclass, replace

import numpy as np
from tqdm import tqdm

from number_reader import Recognizer
from number_reader.storage import model as model_file
from training.adding.base import add_vectors, on_grid
from training.adding.weight import Scale
from training.data.datasets import NOT_A_DIGIT
from training.learning import prepare
from training.measuring.observe import PAD_BRUSH

OFTEN = 6  # times that a writer must have written every digit: MOST are taught, and one at least is left to read
EACH = (1, 2, 5)  # examples taught of each digit
MOST = max(EACH)
REPEATS = 10  # draws of the examples
RESAMPLES = 10_000
SEED = 5


@dataclass
class Lesson:
    """What became of one writer's digits.

    writer: name; split: the side of `splits` that they are on. before, after[each]: errors, bool (repeats, digits that
    were left), of the same digits: the label is wrong or the digit refused; `each` examples of every digit were taught.
    added: as after, of the same examples added to the model; weights[each]: how often each, int (repeats,).
    """

    writer: str
    split: str
    before: np.ndarray
    after: dict
    added: dict
    weights: dict


def writers(dataset, side=None):
    """Who wrote every digit OFTEN or more, of all or of one side of the split, those who wrote most first."""
    counts = {}
    for writer in np.unique(dataset.groups):
        own = (dataset.groups == writer) & (dataset.labels < NOT_A_DIGIT)
        often = np.bincount(dataset.labels[own], minlength=10).min() >= OFTEN
        if often and side in (None, dataset.split[own][0]):
            counts[str(writer)] = int(own.sum())
    return sorted(counts, key=lambda writer: (-counts[writer], writer))


def without(path, settled):
    """A Model that is new to the writers of a fold: the first pass that left them out, `fit --fold`, with the limit and the
    calibration of another Model, as its own were settled on them."""
    return replace(model_file.load(path), refuse_above=settled.refuse_above, calibration=settled.calibration)


def lesson(model, dataset, writer, rng, repeats=REPEATS, progress=True):
    """Teach, or add to a Model, some of one writer's digits, drawn with the pad's brush, and read the others: a Lesson."""
    recognizer, scale = Recognizer(model), Scale(model)
    own = np.flatnonzero((dataset.groups == writer) & (dataset.labels < NOT_A_DIGIT))
    labels = dataset.labels[own]
    glyphs = prepare.glyphs(dataset, own, [PAD_BRUSH], progress=False)
    vectors = on_grid(model, recognizer.project(glyphs))
    near = scale.nearest(vectors)
    unaided = _errors(recognizer, glyphs, labels)
    before, after, added, weights = [], *({each: [] for each in EACH} for _ in range(3))
    for _ in tqdm(range(repeats), writer, leave=False, disable=not progress):
        turns = [rng.permutation(np.flatnonzero(labels == digit))[:MOST] for digit in range(10)]
        left = np.setdiff1d(np.arange(len(own)), np.concatenate(turns))
        before.append(unaided[left])
        taught = []
        for less, each in zip((0, *EACH), EACH):
            chosen = np.concatenate([examples[less:each] for examples in turns])
            taught += recognizer.teach_all(glyphs[chosen], labels[chosen])
            after[each].append(_errors(recognizer, glyphs[left], labels[left]))
            chosen = np.concatenate([examples[:each] for examples in turns])
            weight = scale.choose(vectors[chosen], labels[chosen], near[chosen]).weight
            grown, _ = add_vectors(model, vectors[chosen], labels[chosen], weight)
            added[each].append(_errors(Recognizer(grown), glyphs[left], labels[left]))
            weights[each].append(weight)
        recognizer.forget(*taught)
    arrays = ({each: np.array(those) for each, those in of.items()} for of in (after, added, weights))
    return Lesson(writer, str(dataset.split[own][0]), np.array(before), *arrays)


def _errors(recognizer, glyphs, labels):
    """Which of single glyphs, uint8 (n, 28, 28), are not read as their labels: bool (n,)."""
    return np.array([recognizer.recognize(glyph).label != label for glyph, label in zip(glyphs, labels)])


def gain(lessons, each, way="after"):
    """How far teaching ("after") or adding ("added") lowered the error, in percentage points, with a 95 % interval:
    (points, low, high), of all digits together and of the mean over writers.

    The interval is a bootstrap of writers (Efron 1979): the digits of one, before and after, stay together.
    """
    before = np.array([lesson.before.mean(axis=0).sum() for lesson in lessons])
    after = np.array([getattr(lesson, way)[each].mean(axis=0).sum() for lesson in lessons])
    count = np.array([lesson.before.shape[1] for lesson in lessons])
    drawn = np.random.default_rng(SEED).integers(len(lessons), size=(RESAMPLES, len(lessons)))
    less, shares = before - after, (before - after) / count
    together = 100 * less[drawn].sum(axis=1) / count[drawn].sum(axis=1)
    over_writers = 100 * shares[drawn].mean(axis=1)
    return [
        (float(value), *np.percentile(resampled, [2.5, 97.5]).tolist())
        for value, resampled in (
            (100 * less.sum() / count.sum(), together),
            (100 * shares.mean(), over_writers),
        )
    ]


def worse(lessons, each, way="added"):
    """The names of those writers whose error rose."""
    return [lesson.writer for lesson in lessons if getattr(lesson, way)[each].mean() > lesson.before.mean()]
