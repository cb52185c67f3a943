"""neighbors.py against brute force and scikit-learn: distances, votes, ties, what is taught and forgotten."""

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from number_reader.classification.neighbors import EPSILON, FAR, NEAREST, K, Neighbors, closeness
from number_reader.labels import LABELS, NOT_A_DIGIT

DISTANCE_TOLERANCE = 1e-4
SHARE_TOLERANCE = 1e-3


def scattered(per_label=(20,) * LABELS, d=6, seed=0):
    """Overlapping clouds, one for each label."""
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(len(per_label)), per_label).astype(np.uint8)
    centres = rng.normal(size=(len(per_label), d))
    return (centres[labels] + rng.normal(size=(len(labels), d))).astype(np.float32), labels


@pytest.fixture
def known():
    return Neighbors(*scattered())


@pytest.fixture(scope="module")
def queries():
    return np.random.default_rng(1).normal(size=(300, 6)).astype(np.float32) * 1.5


def brute_distances(known, query):
    return ((known.vectors.astype(float) - query) ** 2).sum(axis=1)


def votes(known, squared):
    return known.votes(squared, known.smallest(squared))


def test_distances_are_those_of_brute_force(known, queries):
    for query in queries:
        squared = known.squared_distances(query)
        np.testing.assert_allclose(squared, brute_distances(known, query), atol=DISTANCE_TOLERANCE)
        assert (squared >= 0).all()


def test_distances_go_where_there_is_room_for_them(known, queries):
    room = np.empty((len(queries), len(known.labels)), np.float32)
    found = known.squared_distances(queries, room)
    assert found is room
    np.testing.assert_array_equal(found, known.squared_distances(queries))


def test_votes_are_scikit_learns(known, queries):
    digits = known.labels < NOT_A_DIGIT
    oracle = KNeighborsClassifier(K, weights=lambda distances: 1 / (distances**2 + EPSILON), algorithm="brute")
    oracle.fit(known.vectors[digits].astype(float), known.labels[digits])
    expected = oracle.predict_proba(queries)
    neighbours = oracle.kneighbors(queries, return_distance=False)
    for query, shares, rows in zip(queries, expected, neighbours):
        ours, voters = votes(known, known.squared_distances(query))
        np.testing.assert_allclose(ours, shares, atol=SHARE_TOLERANCE)
        assert voters.tolist() == rows.tolist()


def test_in_the_browser_vectors_lie_row_by_row_and_say_the_same(queries, monkeypatch):
    vectors, labels = scattered()
    columns = Neighbors(np.asfortranarray(vectors), labels)
    monkeypatch.setattr("sys.platform", "emscripten")
    rows = Neighbors(np.asfortranarray(vectors), labels)
    assert rows.vectors.flags.c_contiguous
    assert columns.vectors.flags.f_contiguous
    np.testing.assert_allclose(
        rows.squared_distances(queries), columns.squared_distances(queries), atol=DISTANCE_TOLERANCE
    )


def test_what_is_no_digit_has_no_vote(known):
    query = known.vectors[known.labels == NOT_A_DIGIT][0]
    shares, voters = votes(known, known.squared_distances(query))
    assert shares.shape == (10,)
    assert shares.sum() == pytest.approx(1)
    assert (known.labels[voters] < NOT_A_DIGIT).all()


def test_closeness_is_the_mean_of_the_nearest_of_each_label(known, queries):
    for query in queries[:50]:
        squared = brute_distances(known, query)
        expected = [np.sort(squared[known.labels == label])[:NEAREST].mean() for label in range(LABELS)]
        np.testing.assert_allclose(
            closeness(known.smallest(known.squared_distances(query))), expected, atol=DISTANCE_TOLERANCE
        )


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_closeness_of_labels_with_few_or_no_vectors(count):
    vectors, labels = scattered((count, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0))
    near = closeness(Neighbors(vectors, labels).smallest(((vectors - 0.5) ** 2).sum(axis=1)))
    assert near[0] == pytest.approx(np.sort(((vectors[:count] - 0.5) ** 2).sum(axis=1))[:NEAREST].mean(), rel=1e-5)
    assert (near[[1, 3, 10]] >= FAR).all()
    assert near[2] < FAR


def test_an_exact_match_outvotes_all_others(known):
    for row in range(0, 200, 7):
        shares, voters = votes(known, known.squared_distances(known.vectors[row]))
        assert voters[0] == row
        assert shares.argmax() == known.labels[row]
        assert 0.99 < shares.max() <= 1
        assert shares.min() >= 0


def test_a_tie_goes_to_the_lower_row():
    labels = np.arange(10, dtype=np.uint8)
    known = Neighbors(np.ones((10, 2), np.float32), labels)
    shares, voters = votes(known, known.squared_distances(np.zeros(2, np.float32)))
    assert voters.tolist() == [0, 1, 2, 3, 4]
    np.testing.assert_allclose(shares[:5], 0.2)


def test_fewer_vectors_than_voters_all_vote():
    known = Neighbors(np.eye(3, dtype=np.float32), np.array([1, 2, 2], np.uint8))
    shares, voters = votes(known, known.squared_distances(np.zeros(3, np.float32)))
    assert sorted(voters.tolist()) == [0, 1, 2]
    assert shares[2] == pytest.approx(2 / 3)


# Teaching and forgetting.


def test_what_is_taught_is_as_if_it_had_been_there_from_the_start(queries):
    vectors, labels = scattered()
    taught = np.arange(len(labels)) % 4 == 1
    partly = Neighbors(vectors[~taught], labels[~taught])
    digits = taught & (labels < NOT_A_DIGIT)
    half = np.arange(len(labels)) < len(labels) // 2
    for some in (digits & half, digits & ~half):
        partly.teach(vectors[some], labels[some])
    kept = ~taught | (labels < NOT_A_DIGIT)
    whole = Neighbors(vectors[kept], labels[kept])
    for query in queries[:100]:
        ours, theirs = partly.squared_distances(query), whole.squared_distances(query)
        np.testing.assert_allclose(
            closeness(partly.smallest(ours)), closeness(whole.smallest(theirs)), atol=DISTANCE_TOLERANCE
        )
        np.testing.assert_allclose(votes(partly, ours)[0], votes(whole, theirs)[0], atol=SHARE_TOLERANCE)
        found = partly.vectors[votes(partly, ours)[1]]
        np.testing.assert_array_equal(found, whole.vectors[votes(whole, theirs)[1]])


def test_a_label_that_was_missing_can_be_taught():
    vectors, labels = scattered((5,) * 9 + (0, 5))
    known = Neighbors(vectors, labels)
    known.teach(np.full((1, 6), 9, np.float32), [9])
    shares, _ = votes(known, known.squared_distances(np.full(6, 9, np.float32)))
    assert shares.argmax() == 9


def test_rows_keep_their_numbers_when_others_are_forgotten(known):
    n = known.n_trained
    spots = np.eye(6, dtype=np.float32)[:4] * 50
    assert known.teach(spots[:3], range(3)).tolist() == [n, n + 1, n + 2]
    assert known.teach(spots[3:], [3]).tolist() == [n + 3]
    known.forget([n + 1])
    assert known.rows[votes(known, known.squared_distances(spots[2]))[1][0]] == n + 2
    assert known.teach(spots[1:2], [7]).tolist() == [n + 4], "a number is never used twice"
    known.forget([n + 4, n])
    known.forget([n + 2, n + 3])
    assert len(known.vectors) == len(known.labels) == len(known.rows) == n


def test_forgetting_undoes_teaching(known, queries):
    before = [votes(known, known.squared_distances(query)) for query in queries[:20]]
    known.forget(known.teach(queries[:2], [3, 4]).tolist())
    for query, (shares, voters) in zip(queries, before):
        again, again_voters = votes(known, known.squared_distances(query))
        np.testing.assert_array_equal(shares, again)
        np.testing.assert_array_equal(voters, again_voters)


@pytest.mark.parametrize("row", [0, 5, -1, 220, 10**9])
def test_only_what_was_taught_can_be_forgotten(known, row):
    known.teach(np.zeros((1, 6), np.float32), [1])
    with pytest.raises(KeyError, match=f"number {row}'"):
        known.forget([known.n_trained, row])
    assert known.n_trained in known.rows, "one that cannot be forgotten keeps the others"


def test_nothing_is_forgotten_twice(known):
    rows = known.teach(np.zeros((1, 6), np.float32), [1])
    known.forget(rows)
    with pytest.raises(KeyError):
        known.forget(rows)


def test_one_taught_vector_vouches_for_its_label(known):
    far = np.full((1, 6), 30, np.float32)
    nearby = far + np.eye(6, dtype=np.float32)[:1]
    before = closeness(known.smallest(known.squared_distances(far)))
    known.teach(nearby, [4])
    squared = known.squared_distances(far)
    near = closeness(known.smallest(squared))
    assert near[0, 4] > 100, "its three nearest are far away in the mean"
    known.vouch(near, squared)
    assert near[0, 4] == pytest.approx(1, rel=1e-2)
    np.testing.assert_array_equal(np.delete(near, 4), np.delete(before, 4))


def test_each_of_many_is_vouched_for_by_itself(known, queries):
    known.teach(queries[[3, 7]], [4, 4])
    squared = known.squared_distances(queries)
    near = closeness(known.smallest(squared))
    known.vouch(near, squared)
    for k in (3, 7, 11):
        alone = closeness(known.smallest(squared[k]))
        known.vouch(alone, squared[k])
        np.testing.assert_array_equal(near[k], alone)
    assert (near > 0).all(), "no log of 0"
    assert near[[3, 7], 4] == pytest.approx(0, abs=DISTANCE_TOLERANCE), "and yet exact"


def test_who_is_far_away_vouches_for_nothing(known, queries):
    known.teach(np.full((1, 6), 30, np.float32), [4])
    squared = known.squared_distances(queries)
    near = closeness(known.smallest(squared))
    vouched = near.copy()
    known.vouch(vouched, squared)
    np.testing.assert_array_equal(vouched, near)


@pytest.mark.parametrize("order", ["C", "F"])
def test_vectors_keep_their_layout_in_memory(order):
    vectors, labels = scattered()
    known = Neighbors(np.asarray(vectors, order=order), labels)
    for change in (lambda: known.teach(vectors[:3], [1, 2, 3]), lambda: known.forget(known.rows[-2:])):
        change()
        assert known.labels.dtype == np.uint8
        assert known.vectors.flags[f"{order}_CONTIGUOUS"]
        assert not known.vectors.flags["CF".replace(order, "") + "_CONTIGUOUS"]
