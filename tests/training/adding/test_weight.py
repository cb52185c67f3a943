"""How much a person's own vectors count is chosen by what the reader itself would say with them."""

import numpy as np
import pytest

from number_reader import Recognizer
from number_reader.classification.neighbors import FAR, NEAREST
from number_reader.labels import NOT_A_DIGIT
from number_reader.storage import model as model_file
from training.adding.base import add_vectors
from training.adding.weight import HARM, SAMPLE, WEIGHTS, Scale, squared_distances
from training.learning import prepare
from training.learning.examples import features_of

SOME = np.arange(0, 1700, 17)  # of scikit-learn's digits


@pytest.fixture(scope="module")
def model(embedded_model):
    return model_file.load(embedded_model)


@pytest.fixture(scope="module")
def scale(model):
    return Scale(model)


@pytest.fixture(scope="module")
def mirrored(embedded):
    """Glyphs and labels of digits in mirror writing, which the model has not seen."""
    glyphs = prepare.glyphs(embedded, SOME, jobs=1, progress=False)[:, :, ::-1]
    return np.ascontiguousarray(glyphs), embedded.labels[SOME]


def vectors_of(model, glyphs):
    """Not rounded to the model's step, so that no two distances are the same by chance."""
    return model.embedding(features_of(glyphs))


@pytest.mark.parametrize("weight", WEIGHTS)
def test_what_is_wrong_with_a_weight_is_what_the_reader_then_reads_wrong(model, scale, mirrored, weight):
    glyphs, labels = mirrored
    vectors = vectors_of(model, glyphs)
    added, read = np.arange(0, len(labels), 2), np.arange(1, len(labels), 2)
    squared = squared_distances(vectors[read], vectors[added])
    found = scale.wrong(scale.nearest(vectors[read]), labels[read], squared, labels[added], weight)
    reader = Recognizer(add_vectors(model, vectors[added], labels[added], weight)[0])
    wrong = [reader.recognize(glyphs[i]).label != labels[i] for i in read]
    assert found.tolist() == wrong
    assert 0 < sum(wrong) < len(wrong)


def best(choice):
    """The weights with the least cost, as `choose` says it is found."""
    costs = {w: choice.wrong[w] / choice.read + max(choice.lost[w], 0) / choice.sampled for w in WEIGHTS}
    costs = {w: cost for w, cost in costs.items() if choice.lost[w] <= HARM * choice.sampled}
    return [w for w in costs if costs[w] == min(costs.values())]


def test_examples_that_make_the_others_read_better_are_added(model, scale, mirrored):
    glyphs, labels = mirrored
    choice = scale.choose(vectors_of(model, glyphs), labels)
    assert choice.read == len(labels)
    assert set(choice.wrong) == set(choice.lost) == set(WEIGHTS)
    assert choice.weight == max(best(choice)) > 0
    assert choice.wrong[choice.weight] < choice.wrong[0]


def test_where_nothing_can_be_seen_yet_an_example_vouches_for_itself(model, scale):
    """Of digits that are read right without it, say."""
    labels = np.arange(10, dtype=np.uint8)
    middles = np.array([model.vectors[model.labels == digit][10] for digit in labels]) + model.step / 9
    choice = scale.choose(middles, labels)
    assert len(best(choice)) == len(WEIGHTS)
    assert choice.weight == max(WEIGHTS) == NEAREST


def test_twins_do_not_vouch_for_each_other(model, scale, mirrored):
    glyphs, labels = mirrored
    vectors = vectors_of(model, glyphs)
    twice = scale.choose(np.tile(vectors, (2, 1)), np.tile(labels, 2))
    # Each sees two of every other, and neither of itself.
    squared = np.where(np.eye(len(vectors)), FAR, squared_distances(vectors, vectors)).astype(np.float32)
    wrong = scale.wrong(scale.nearest(vectors), labels, np.tile(squared, 2), np.tile(labels, 2), 1)
    assert twice.wrong[1] == 2 * wrong.sum()


def test_labels_that_would_spoil_the_model_are_not_added(model, scale):
    """What every digit of the model is, said to be the next one."""
    known = np.flatnonzero(model.labels < NOT_A_DIGIT)
    said = ((model.labels[known] + 1) % 10).astype(np.uint8)
    vectors = model.vectors[known] + model.step / 9
    choice = scale.choose(vectors, said)
    assert choice.lost[3] > HARM * choice.sampled
    assert choice.weight == 0
    assert choice.sampled <= SAMPLE


def test_the_models_own_digits_are_read_without_themselves(model, scale):
    """Else none of them would ever be wrong, and none could be lost."""
    assert (scale.near_rows.min(axis=-1)[np.arange(len(scale.rows)), model.labels[scale.rows]] > 0).any()
    again = scale.nearest(model.vectors[scale.rows])
    assert (again.min(axis=-1)[np.arange(len(scale.rows)), model.labels[scale.rows]] < 1e-3).all()


def test_marks_alone_are_added(model, scale, mirrored):
    glyphs, _ = mirrored
    choice = scale.choose(vectors_of(model, glyphs[:6]), np.full(6, 13, np.uint8))
    assert (choice.read, choice.weight) == (0, max(WEIGHTS))
