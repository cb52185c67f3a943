"""Who is on which side: by writer, by drawing, or by the item itself; always the same, never on two sides."""

import json
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.data import splits
from training.data.datasets import StrokeSet
from training.data.strokes import read_strokes

SIDES = {splits.TRAIN, splits.VALIDATION, splits.TEST}
SHARES = {splits.TRAIN: 0.64, splits.VALIDATION: 0.16, splits.TEST: 0.20}
STROKES = ("digits", "numbers", "not-digits", "marks", "expressions")

items = st.lists(st.tuples(st.integers(0, 9), st.text("abcdef", min_size=1, max_size=2)), min_size=1, max_size=60)


@pytest.fixture(scope="module")
def written(shared_data):
    """For each of the stroke files, how much each writer wrote."""
    return {
        name: Counter(r["writer"] for r in read_strokes(shared_data / "real" / f"strokes-{name}.jsonl.gz"))
        for name in STROKES
    }


def labelled(count, seed=0):
    """Labels of uneven frequency and a key for each item."""
    labels = np.random.default_rng(seed).choice(10, count, p=np.arange(1, 11) / 55)
    return labels, [f"item {i}" for i in range(count)]


# Items that nobody knows the writer of.


def test_each_digit_is_split_in_the_same_shares():
    labels, keys = labelled(5000)
    side = splits.stratified(labels, keys)
    for label in range(10):
        mine = side[labels == label]
        for name, share in SHARES.items():
            assert abs((mine == name).sum() - share * mine.size) <= 1.5


@given(items, st.randoms())
def test_order_plays_no_part(items, random):
    side = dict(zip(items, splits.stratified(*zip(*items))))
    shuffled = random.sample(items, len(items))
    assert dict(zip(shuffled, splits.stratified(*zip(*shuffled)))) == side


@given(items)
def test_equal_items_fall_together(items):
    labels, keys = zip(*items)
    side = splits.stratified(labels, keys)
    assert set(side.tolist()) <= SIDES
    assert len({(item, name) for item, name in zip(items, side.tolist())}) == len(set(items))


@pytest.mark.parametrize("count", range(1, 8))
def test_five_of_a_digit_are_enough_for_all_three_sides(count):
    side = set(splits.stratified([3] * count, [str(i) for i in range(count)]).tolist())
    assert splits.TEST in side
    assert side == SIDES or count < 5


# Writers that the file does not know.


@given(st.text())
def test_an_unknown_writer_is_always_on_the_same_side(name):
    assert splits.by_hash(name) in SIDES
    assert splits.by_hash(name) == splits.by_hash(name)


def test_unknown_writers_are_dealt_in_the_same_shares():
    dealt = Counter(splits.by_hash(f"writer {i}") for i in range(5000))
    for name, share in SHARES.items():
        assert dealt[name] / 5000 == pytest.approx(share, abs=0.02)


# Dealing writers.


def test_writers_are_dealt_like_with_like():
    counts = {f"writer {i}": 2**i for i in range(25)}
    sides = splits.deal_writers(counts, np.random.default_rng(0))
    assert set(sides) == set(counts)
    ordered = sorted(counts, key=counts.get)
    for start in range(0, 25, 5):
        five = Counter(sides[writer] for writer in ordered[start : start + 5])
        assert five == {splits.TRAIN: 3, splits.VALIDATION: 1, splits.TEST: 1}


def test_a_deal_depends_on_the_seed_and_not_on_the_order():
    counts = {f"writer {i}": i % 7 for i in range(40)}
    backwards = dict(reversed(counts.items()))
    first = splits.deal_writers(counts, np.random.default_rng(1))
    assert first == splits.deal_writers(backwards, np.random.default_rng(1))
    assert first != splits.deal_writers(counts, np.random.default_rng(2))


# People who stand under two sources.

writers = st.dictionaries(
    st.builds("{}/{}".format, st.sampled_from("abc"), st.sampled_from("xyz")), st.sampled_from(sorted(SIDES))
)


@given(writers)
def test_a_person_is_on_one_side_and_never_nearer_to_training_than_before(dealt):
    found = splits.one_side_each(dealt)
    assert set(found) == set(dealt)
    for name in map(splits.person, dealt):
        own = [writer for writer in dealt if splits.person(writer) == name]
        sides = {dealt[writer] for writer in own}
        farthest = next(side for side in (splits.TEST, splits.VALIDATION, splits.TRAIN) if side in sides)
        assert {found[writer] for writer in own} == {farthest}


@pytest.mark.parametrize(("writer", "name"), [("syn/ann", "ann"), ("ann", "ann"), ("a/b/ann", "ann")])
def test_a_person_is_known_by_what_follows_the_source(writer, name):
    assert splits.person(writer) == name


def test_no_person_of_the_file_is_on_two_sides():
    sides = {}
    for writer, side in splits.load()["writers"].items():
        assert sides.setdefault(splits.person(writer), side) == side


# The file that fixes the sides of the known data.


def test_the_file_fits_the_shared_data(written):
    writers = splits.load()["writers"]
    assert set(writers) == set().union(*written.values())
    assert set(writers.values()) == SIDES


@pytest.mark.parametrize("name", STROKES)
def test_about_a_fifth_of_the_writers_and_of_their_marks_are_test(written, name):
    writers = splits.load()["writers"]
    own = written[name]
    test = [writer for writer in own if writers[writer] == splits.TEST]
    assert 0.1 <= len(test) / len(own) <= 0.3
    # Whose expressions these are was dealt with their digits, and a few wrote most of them.
    most = 0.35 if name == "expressions" else 0.3
    assert 0.1 <= sum(own[writer] for writer in test) / own.total() <= most


def test_the_file_can_be_made_again(shared_data, tmp_path, monkeypatch):
    committed = splits.PATH.read_text()
    monkeypatch.setattr(splits, "PATH", tmp_path / "splits.json")
    splits.make(shared_data)
    assert splits.PATH.read_text() == committed


def test_each_photo_is_on_one_side_and_its_authors_others_with_it(shared_data):
    sides = splits.load()["photos"]
    photos = json.loads((shared_data / "real" / "photos.json").read_text())
    assert {photo["file"] for photo in photos} == set(sides)
    authors = {(photo["source"], sides[photo["file"]]) for photo in photos}
    assert len(authors) == len({author for author, _ in authors})
    assert {side for _, side in authors} == {splits.TEST, "development"}


def test_mnist_validates_on_its_last_ten_thousand_training_pictures():
    assert splits.load()["mnist"]["validation"] == [50_000, 60_000]


# Folds: what is chosen on many hands.


@pytest.mark.parametrize("name", STROKES)
def test_each_writer_outside_the_test_split_is_held_out_once(shared_data, name):
    path = shared_data / "real" / f"strokes-{name}.jsonl.gz"
    plain, held = StrokeSet(path), {}
    for fold in range(splits.FOLDS):
        folded = splits.hold_out(StrokeSet(path), fold)
        np.testing.assert_array_equal(folded.split == splits.TEST, plain.split == splits.TEST)
        for person in {splits.person(w) for w in folded.groups[folded.split == splits.VALIDATION]}:
            assert held.setdefault(person, fold) == fold
        learned = {splits.person(w) for w in folded.groups[folded.split == splits.TRAIN]}
        assert not learned & {person for person, k in held.items() if k == fold}
    assert set(held) == {splits.person(w) for w in plain.groups[plain.split != splits.TEST]}
    assert {person for person, k in held.items() if k == 0} == {
        splits.person(w) for w in plain.groups[plain.split == splits.VALIDATION]
    }
    counts = Counter(held.values())
    assert min(counts.values()) > 0.4 * max(counts.values())
