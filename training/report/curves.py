"""What more training items, and more vectors kept, are worth."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from number_reader import Recognizer
from number_reader.storage import model as model_file
from training.data import splits
from training.data.measures import interval
from training.learning import examples, fit
from training.learning.prepare import glyph_of
from training.measuring.classifiers import FeatureNeighbors, LearnedMetric, PixelNeighbors, neighbors_of, prepared, vote
from training.measuring.observe import drawn_once
from training.measuring.speed import milliseconds

LEARNING_SIZES = (500, 2_000, 8_000, 32_000)  # training items
METRIC_UP_TO = 8_000  # items that the metric is learned from anew: more would take longer than all the rest
KEPT_SIZES = (2_000, 5_000, 10_000, 20_000, 40_000)  # vectors, and after them all
TIMED = 100  # pictures
SEED = 5


@dataclass
class Point:
    """How a classifier does. size: items or vectors it has. wrong: of `count` test digits, by data set's name."""

    classifier: str
    size: int
    wrong: dict
    count: dict
    bytes: int | None = None
    milliseconds: float | None = None

    def percent(self, dataset):
        return 100 * self.wrong[dataset] / self.count[dataset]

    def interval(self, dataset):
        return interval(self.wrong[dataset], self.count[dataset])


def training_drawings(datasets, rng):
    """All digits outside the test split that a model could keep as vectors: [(data set's position, item, variant)],
    int (n, 3), in random order."""
    rows = []
    for position, dataset in enumerate(datasets):
        variants = [v for v in fit.VECTOR_VARIANTS if v < len(dataset.variants)]
        for item in examples.chosen_items(dataset, rng):
            if dataset.labels[item] < 10:
                rows += [(position, item, variant) for variant in variants]
    return rng.permutation(np.array(rows, int).reshape(-1, 3))


def learning_curve(datasets, observations, progress=True):
    """Each classifier learning from ever more of the same items, all that it learns: the metric too.

    datasets: what to learn from. observations: Observed, whose digits (each drawn once) are the test. Returns [Point].
    """
    pool = training_drawings(datasets, np.random.default_rng(SEED))[: LEARNING_SIZES[-1]]
    sizes = sorted({min(size, len(pool)) for size in LEARNING_SIZES})
    parts = [datasets[position] for position in pool[:, 0]]
    labels = np.array([part.labels[item] for part, item in zip(parts, pool[:, 1])], np.uint8)
    kinds = np.array([part.kind for part in parts])
    groups = np.array([part.groups[item] for part, item in zip(parts, pool[:, 1])])
    original, normalised = PixelNeighbors(), PixelNeighbors(glyph_of, "pixels of our glyphs")
    shrunk = _gather(original, datasets, pool, progress)
    glyphs = _gather(normalised, datasets, pool, progress)
    chosen = [drawn_once(observed) for observed in observations]
    tests = [
        (
            each.dataset.name,
            each.glyphs[seen],
            prepared(original, each.dataset, _drawings(each, seen), progress),
            each.truth[seen],
        )
        for each, seen in zip(observations, chosen)
    ]
    points = []
    for size in tqdm(sizes, "learning curve", disable=not progress):
        items = examples.Prepared(
            glyphs[:size], labels[:size], np.full(size, splits.TRAIN), kinds[:size], groups[:size], pool[:size, 2]
        )
        classifiers = [original, normalised, FeatureNeighbors()]
        if size <= METRIC_UP_TO:
            classifiers.append(LearnedMetric(fit.learn_embedding(items, progress=False)))
        for classifier in classifiers:
            own = shrunk if classifier is original else glyphs
            classifier.fit(own[:size], labels[:size])
            wrong = {
                name: int((classifier.predict(raw if classifier is original else test) != truth).sum())
                for name, test, raw, truth in tests
            }
            points.append(Point(classifier.name, size, wrong, {name: len(truth) for name, _, _, truth in tests}))
    return points


def _drawings(observed, seen):
    return list(zip(observed.item[seen], observed.variant[seen]))


def _gather(classifier, datasets, pool, progress):
    """The drawings of several data sets as a classifier wants them, in the pool's order: uint8 (n, 28, 28)."""
    out = np.zeros((len(pool), 28, 28), np.uint8)
    for position, dataset in enumerate(datasets):
        here = np.flatnonzero(pool[:, 0] == position)
        out[here] = prepared(classifier, dataset, pool[here, 1:].tolist(), progress)
    return out


def frontier(model, observations, pictures, progress=True):
    """The shipped model with fewer of its vectors, the same share of each label, chosen at random: size, speed, error.

    model: path of the model file. observations: Observed, whose digits (each drawn once) are the test. pictures: to
    time whole readings with, [] for none. Returns [Point], fewest vectors first.
    """
    loaded = model_file.load(model)
    queries = []
    for observed in observations:
        seen = drawn_once(observed)
        queries.append(
            (observed.dataset.name, loaded.embedding(examples.features_of(observed.glyphs[seen])), observed.truth[seen])
        )
    points = []
    total = len(loaded.vectors)
    for size in tqdm([*(s for s in KEPT_SIZES if s < total), total], "vectors kept", disable=not progress):
        kept = stratified(loaded.labels, size)
        known = neighbors_of(loaded.vectors[kept], loaded.labels[kept])
        wrong = {name: int((vote(known, each) != truth).sum()) for name, each, truth in queries}
        point = Point("shipped", size, wrong, {name: len(truth) for name, _, truth in queries})
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "kept.npz"
            write_kept(file, loaded, kept)
            point.bytes = file.stat().st_size
            if pictures:
                point.milliseconds = float(np.median(milliseconds(Recognizer.load(file), pictures, progress=False)))
        points.append(point)
    return points


def stratified(labels, size):
    """Positions of about `size` of (n,) labels, each label in its share and none left out, in their order."""
    rng = np.random.default_rng(SEED)
    own = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    return np.sort(
        np.concatenate([rng.permutation(each)[: max(1, round(len(each) * size / len(labels)))] for each in own])
    )


def write_kept(path, loaded, kept):
    """A model file with some of a loaded model's vectors; nothing else differs, and nothing is rounded twice."""
    model_file.save(
        path,
        embedding=loaded.embedding,
        vectors=loaded.vectors[kept],
        step=loaded.step,
        labels=loaded.labels[kept],
        refuse_above=loaded.refuse_above,
        calibration=loaded.calibration,
        about=loaded.about,
    )
