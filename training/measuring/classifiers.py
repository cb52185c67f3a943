"""Classifiers of single digits behind one small interface, so that they can be compared on the same items.

Each says how it wants a picture prepared, learns from prepared pictures, and names others. The shipped one is
`LearnedMetric`; `PixelNeighbors` is what the original project did; `FeatureNeighbors` stands between them and shows
what the features are worth without the metric.
"""

from typing import Protocol

import numpy as np
from joblib import Parallel, delayed
from skimage.transform import resize
from sklearn.neighbors import KNeighborsClassifier
from tqdm import tqdm

from number_reader.classification.neighbors import K, Neighbors
from number_reader.ink.image import grey
from number_reader.storage import model as model_file
from training.learning.examples import features_of
from training.learning.prepare import glyph_of

CHUNK = 500


class Classifier(Protocol):
    name: str

    def prepare(self, picture) -> np.ndarray:
        """A picture of one digit, uint8 (H, W), (H, W, 3) or (H, W, 4) -> uint8 (28, 28), 255 for ink."""

    def fit(self, glyphs, labels) -> "Classifier":
        """Learn from prepared pictures, uint8 (n, 28, 28), and their labels, uint8 (n,); returns itself."""

    def predict(self, glyphs) -> np.ndarray:
        """Labels, uint8 (n,), of prepared pictures, uint8 (n, 28, 28)."""


def shrink(picture):
    """The whole picture, made square around its middle, in 28x28, as the original project did with its canvas. Ink is
    what the border is not: uint8 (28, 28), 255 for ink."""
    values = grey(picture)
    border = np.concatenate([values[0], values[-1], values[:, 0], values[:, -1]])
    if np.median(border) > 0.5:
        values = 1 - values
    height, width = values.shape
    spare = max(height, width) - np.array([height, width])
    square = np.pad(values, [(side // 2, side - side // 2) for side in spare])
    if square.shape != (28, 28):
        square = resize(square, (28, 28), order=1, anti_aliasing=True)
    return np.rint(255 * np.clip(square, 0, 1)).astype(np.uint8)


class PixelNeighbors:
    """The original project's: 28x28 pixels, each ink or none, the five nearest vote."""

    def __init__(self, prepare=shrink, name="pixels"):
        self.prepare, self.name = prepare, name
        self.voters = KNeighborsClassifier(K, algorithm="brute")

    def fit(self, glyphs, labels):
        self.voters.fit(self._pixels(glyphs), labels)
        return self

    def predict(self, glyphs):
        return self.voters.predict(self._pixels(glyphs))

    @staticmethod
    def _pixels(glyphs):
        return (glyphs >= 128).reshape(len(glyphs), -1).astype(np.float32)


class FeatureNeighbors:
    """The recognizer's glyphs and features, compared as they are: nothing but the neighbours is learned."""

    name = "features"
    prepare = staticmethod(glyph_of)

    def __init__(self):
        self.voters = KNeighborsClassifier(K, weights="distance", algorithm="brute")

    def fit(self, glyphs, labels):
        self.voters.fit(features_of(glyphs), labels)
        return self

    def predict(self, glyphs):
        return self.voters.predict(features_of(glyphs))


class LearnedMetric:
    """The recognizer's own vote, in a metric learned before: glyphs -> features -> embedding -> rounded vectors.

    embedding: an Embedding, the shipped model's or one from `fit.learn_embedding`.
    """

    name = "learned metric"
    prepare = staticmethod(glyph_of)

    def __init__(self, embedding):
        self.embedding = embedding

    def fit(self, glyphs, labels):
        vectors = self.embedding(features_of(glyphs))
        step = model_file.step_of(vectors)
        self.known = neighbors_of(model_file.round_vectors(vectors, step) * np.float32(step), labels)
        return self

    def predict(self, glyphs):
        return vote(self.known, self.embedding(features_of(glyphs)))


def neighbors_of(vectors, labels):
    """The recognizer's Neighbors of vectors, float32 (n, d), in any order of labels."""
    order = np.argsort(labels, kind="stable")
    return Neighbors(vectors[order], labels[order].astype(np.uint8))


def vote(known, queries):
    """What the recognizer's nearest neighbours call projected queries, float32 (n, d): labels, uint8 (n,)."""
    distances = map(known.squared_distances, queries)
    return np.array([np.argmax(known.votes(squared, known.smallest(squared))[0]) for squared in distances], np.uint8)


def error(classifier, glyphs, labels):
    """Share of prepared pictures that it names wrongly, in percent."""
    return 100 * float(np.mean(classifier.predict(glyphs) != labels))


def prepared(classifier, dataset, drawings, progress=True):
    """Drawings of a data set, [(item, variant)], as a classifier wants them: uint8 (n, 28, 28). On all cores."""
    chunks = [drawings[start : start + CHUNK] for start in range(0, len(drawings), CHUNK)]
    work = (delayed(_chunk)(classifier.prepare, dataset, chunk) for chunk in chunks)
    done = tqdm(Parallel(n_jobs=-1, return_as="generator")(work), dataset.name, len(chunks), disable=not progress)
    return np.concatenate([np.zeros((0, 28, 28), np.uint8), *done])


def _chunk(prepare, dataset, drawings):
    return np.stack([prepare(dataset.picture(int(item), int(variant))) for item, variant in drawings])
