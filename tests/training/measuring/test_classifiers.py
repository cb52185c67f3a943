"""Classifiers behind one interface: the shipped metric's wrapper, and the original's pixels."""

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from number_reader import Recognizer
from number_reader.storage.model import load
from training.learning.prepare import glyph_of
from training.measuring.classifiers import (
    FeatureNeighbors,
    LearnedMetric,
    PixelNeighbors,
    error,
    prepared,
    shrink,
    vote,
)


@pytest.fixture(scope="module")
def digits(embedded):
    """Pictures of the embedded set, prepared by the recognizer's steps, and their labels."""
    chosen = np.random.default_rng(1).permutation(len(embedded))[:700]  # the set has one writer after another
    return prepared(FeatureNeighbors(), embedded, [(i, 0) for i in chosen], progress=False), embedded.labels[chosen]


@pytest.fixture(scope="module")
def embedding(embedded_model):
    return load(embedded_model).embedding


def every(embedding):
    return [PixelNeighbors(), FeatureNeighbors(), LearnedMetric(embedding)]


def test_each_learns_and_names_labels(digits, embedding):
    glyphs, labels = digits
    for classifier in every(embedding):
        assert classifier.fit(glyphs[:500], labels[:500]) is classifier
        answers = classifier.predict(glyphs[500:])
        assert answers.shape == (200,)
        assert set(answers.tolist()) <= set(range(10))
        assert error(classifier, glyphs[500:], labels[500:]) == pytest.approx(100 * np.mean(answers != labels[500:]))
        assert error(classifier, glyphs[500:], labels[500:]) < (50 if classifier.name == "pixels" else 15)


def test_prepared_is_what_each_makes_of_every_picture(embedded, embedding):
    drawings = [(3, 0), (1, 0), (3, 0)]
    for classifier in every(embedding):
        glyphs = prepared(classifier, embedded, drawings, progress=False)
        assert glyphs.dtype == np.uint8
        assert glyphs.shape == (3, 28, 28)
        for glyph, (item, _) in zip(glyphs, drawings, strict=True):
            assert (glyph == classifier.prepare(embedded.picture(item))).all()
    assert prepared(PixelNeighbors(), embedded, [], progress=False).shape == (0, 28, 28)


def test_the_vote_is_the_recognizers(embedded_model, digits):
    recognizer = Recognizer.load(embedded_model)
    glyphs = digits[0][:100]
    answers = vote(recognizer.neighbors, recognizer.project(glyphs))
    assert answers.tolist() == [recognizer.recognize(glyph).candidates[0][0] for glyph in glyphs]


def test_pixels_are_the_originals_five_neighbours_of_ink_or_none(digits):
    glyphs, labels = digits
    flat = (glyphs >= 128).reshape(len(glyphs), -1)
    oracle = KNeighborsClassifier(5).fit(flat[:500], labels[:500])
    got = PixelNeighbors().fit(glyphs[:500], labels[:500]).predict(glyphs[500:])
    assert (got == oracle.predict(flat[500:])).mean() > 0.95  # ties may fall either way


def test_shrink_keeps_the_whole_picture_and_turns_ink_white():
    dark = np.full((56, 112), 255, np.uint8)
    dark[8:48, 50:62] = 0
    light = 255 - dark
    small = shrink(dark)
    assert small.shape == (28, 28)
    assert small.dtype == np.uint8
    assert (shrink(light) == small).all()
    rows, columns = np.nonzero(small >= 128)
    # A quarter of the size, in the middle of a square of 112.
    assert (rows.min(), rows.max()) == (9, 18)
    assert 12 <= columns.min()
    assert columns.max() <= 15
    assert (shrink(np.pad(small, 0)) == small).all()


def test_shrink_of_a_transparent_canvas_is_not_the_recognizers_glyph():
    canvas = np.zeros((280, 280, 4), np.uint8)
    canvas[20:120, 20:50, 3] = 255
    assert shrink(canvas)[2:12, 2:5].mean() > 200  # where it was drawn
    assert glyph_of(canvas)[2:12, 2:5].mean() < 10  # moved to the middle
