"""fit.py and prepare.py: what is learned from, what is left alone, and how sure the result is."""

import numpy as np
import pytest

from number_reader import Recognizer
from number_reader.classification.embedding import AROUND, CELLS, Embedding
from number_reader.classification.features import FEATURES
from number_reader.labels import CHARACTERS, PART, SEVERAL
from number_reader.storage import model
from number_reader.storage.exemplars import STEP, Exemplars
from tests.number_reader import hand
from tests.number_reader.conftest import SHIPPED
from training.data import splits
from training.data.datasets import NOT_A_DIGIT, DataSet
from training.data.errors import DataError
from training.data.opening import open_dataset
from training.learning.calibration import COST, REFUSED, limit_of_doubt
from training.learning.examples import MIX, OTHERS, Prepared, chosen_items, features_of, mix_weights, prepare_all
from training.learning.fit import COLUMNS, VECTOR_VARIANTS, build, exemplars_path, fit, join
from training.learning.prepare import glyph_of, glyphs
from training.synthesis.scribbles import ScribbleSet

MOST_REFUSED = 0.1  # of unseen digits, where 0.005 of the validation digits may be
RELIABLE = 0.03  # mean confidence and share of right answers may differ by this much


class Fake(DataSet):
    """A data set in memory: labels, groups and split as told; each picture is a drawn digit."""

    kind = "pictures"

    def __init__(self, texts, groups, split):
        super().__init__("fake")
        self._settle(texts, groups, split)

    def picture(self, index, variant=0):
        assert self.split[index] != splits.TEST, "a test picture was looked at"
        text = self.texts[index]
        return hand.black_in_alpha(hand.ink(int(text) if text else 0, 60, 8 + index % 5, (5, 5), (75, 75)))


# What is learned from.


def test_nothing_of_the_test_side_and_no_number_is_learned_from():
    fake = Fake(["1", "22", "", "3", "4"], ["a"] * 5, ["train", "train", "validation", "test", "validation"])
    assert chosen_items(fake, np.random.default_rng(0)).tolist() == [0, 2, 4]


def test_of_each_group_only_so_many_are_learned_from():
    fake = Fake(["1"] * 90, np.repeat(["a", "b", "c"], [50, 30, 10]), ["train"] * 90)
    fake.limit_per_group = 20
    chosen = chosen_items(fake, np.random.default_rng(0))
    assert np.unique(fake.groups[chosen], return_counts=True)[1].tolist() == [20, 20, 10]
    assert chosen.tolist() == sorted(set(chosen.tolist()))
    assert chosen.tolist() == chosen_items(fake, np.random.default_rng(0)).tolist()


def test_test_pictures_are_never_looked_at():
    side = np.array(["train", "validation", "test"] * 10)
    fake = Fake([str(i % 10) for i in range(30)], [""] * 30, side)
    items = prepare_all([fake], progress=False)
    assert len(items) == 20
    assert set(items.split.tolist()) == {"train", "validation"}


def test_pictures_without_ink_are_left_out():
    class Blank(Fake):
        def picture(self, index, variant=0):
            return np.zeros((9, 9, 4), np.uint8) if index == 1 else super().picture(index)

    items = prepare_all([Blank(["1", "2", "3"], [""] * 3, ["train"] * 3)], progress=False)
    assert items.labels.tolist() == [1, 3]


def prepared(kinds, groups, labels=None):
    n = len(kinds)
    blank = np.zeros(n)
    return Prepared(
        np.zeros((n, 28, 28), np.uint8),
        blank if labels is None else np.array(labels),
        blank,
        np.array(kinds),
        np.array(groups, str),
        blank,
    )


def test_each_kind_of_data_fills_its_share_whatever_its_size():
    items = prepared(["mnist"] * 90 + ["strokes"] * 10, [""] * 90 + ["w"] * 10)
    weights = mix_weights(items)
    assert weights[:90].sum() / weights[90:].sum() == pytest.approx(MIX["mnist"] / MIX["strokes"])


def test_a_writer_who_wrote_much_counts_more_but_not_as_much_more():
    weights = mix_weights(prepared(["strokes"] * 20, ["much"] * 16 + ["little"] * 4))
    assert weights[:16].sum() / weights[16:].sum() == pytest.approx(2)  # the root of four times as much


def test_what_is_no_digit_has_a_share_of_its_own():
    items = prepared(["strokes"] * 30, ["w"] * 30, [3] * 10 + [NOT_A_DIGIT] * 20)
    weights = mix_weights(items)
    assert weights[:10].sum() == pytest.approx(MIX["strokes"])
    assert weights[10:].sum() == pytest.approx(OTHERS["strokes"])
    assert np.ptp(weights[10:]) == 0


# Joining what was learned.


def random_embedding(seed, kernels, d):
    rng = np.random.default_rng(seed)
    shapes = (FEATURES, d), (AROUND, kernels), (kernels,), (CELLS * kernels, d)
    return Embedding(*(rng.normal(size=shape).astype(np.float32) for shape in shapes))


def test_distances_in_joined_embeddings_are_those_in_each_added_up(monkeypatch):
    monkeypatch.setattr("training.learning.fit.COLUMNS", 8)  # all of them
    vectors = np.random.default_rng(0).random((40, FEATURES)).astype(np.float32)
    nets = random_embedding(1, 2, 5), random_embedding(2, 3, 3)
    joined = join(nets, vectors, np.ones(40))
    assert joined.kernels.shape[1] == 5
    assert joined.dimensions == 8

    def squared(points):
        return ((points[:, None] - points) ** 2).sum(axis=2)

    expected = sum(
        squared(net(vectors)) / ((net(vectors) - net(vectors).mean(0)) ** 2).sum(axis=1).mean() for net in nets
    )
    np.testing.assert_allclose(squared(joined(vectors)), expected, atol=1e-3)


def test_the_columns_kept_are_those_that_spread_most(monkeypatch):
    vectors = np.random.default_rng(0).random((40, FEATURES)).astype(np.float32)
    nets = random_embedding(1, 2, 5), random_embedding(2, 3, 3)
    spreads = []
    for columns in (8, 3):
        monkeypatch.setattr("training.learning.fit.COLUMNS", columns)
        spreads.append(join(nets, vectors, np.ones(40))(vectors).var(axis=0))
    assert (np.diff(spreads[0]) < 1e-6).all()
    np.testing.assert_allclose(spreads[0][:3], spreads[1], rtol=1e-3)


# The limit of doubt.


def test_the_limit_refuses_its_share_of_what_is_no_digit_where_digits_allow():
    accepted = round(1000 * (1 - REFUSED))
    digits, none = (
        np.linspace(0, 1, 10_001),
        np.append(np.linspace(0.9, 0.997, accepted), np.full(1000 - accepted, 2.0)),
    )
    limit = limit_of_doubt(digits, np.ones(digits.size), none)
    assert (none > limit).mean() == pytest.approx(REFUSED, abs=0.01)
    for none, cost in ((np.full(10, -1.0), COST[1]), (np.full(10, 9.0), COST[0])):
        limit = limit_of_doubt(digits, np.ones(digits.size), none)
        assert (digits > limit).mean() == pytest.approx(cost, abs=2e-4)


# Glyphs.


def test_a_glyph_for_training_is_the_one_that_the_page_makes(embedded):
    recognizer = Recognizer.load(SHIPPED)
    pictures = [hand.black_in_alpha(hand.ink(digit)) for digit in hand.DIGITS]
    for picture in pictures:
        np.testing.assert_array_equal(glyph_of(picture), recognizer.read(picture).digits[0].glyph)


def test_glyphs_come_item_by_item_in_each_variant(small_strokes):
    dataset = open_dataset(small_strokes)
    together = glyphs(dataset, [3, 5], (0, 2), jobs=1, progress=False)
    expected = [glyph_of(dataset.picture(item, variant)) for item in (3, 5) for variant in (0, 2)]
    np.testing.assert_array_equal(together, expected)
    assert glyphs(dataset, [], (0, 2), progress=False).shape == (0, 28, 28)


def test_parts_of_one_digit_stay_together():
    coverage = hand.row("11")
    left, right = glyph_of(hand.dark_on_light(coverage)), glyph_of(hand.dark_on_light(hand.row("1")))
    columns = np.flatnonzero(left.any(axis=0))
    assert np.ptp(columns) > np.ptp(np.flatnonzero(right.any(axis=0)))


# What comes out.


def test_a_model_holds_every_item_that_may_be_learned_from(embedded_model, embedded, quick):
    loaded = model.load(embedded_model)
    assert loaded.embedding.dimensions == COLUMNS
    learned_from = embedded.split != splits.TEST
    counts = np.bincount(loaded.labels)
    assert counts[:10].tolist() == np.bincount(embedded.labels[learned_from]).tolist()
    scribbles = ScribbleSet()
    assert counts[10] == len(VECTOR_VARIANTS) * (scribbles.split != splits.TEST).sum()
    assert "embedded" in loaded.about


def test_each_row_of_a_model_has_the_glyph_that_its_vector_came_from(monkeypatch):
    embedding = model.round_embedding(random_embedding(0, 2, COLUMNS))
    monkeypatch.setattr("training.learning.fit.learn_embedding", lambda items, progress: embedding)
    monkeypatch.setattr("training.learning.thin.ENOUGH", 50)
    rng = np.random.default_rng(3)
    n = 600
    items = prepared(["strokes"] * n, [""] * n, rng.integers(0, PART + 1, n))
    items.glyphs[:], items.variants = rng.integers(0, 256, (n, 28, 28)), np.arange(n) % 4
    built, kept = build(items, progress=False)
    assert 50 < len(kept) < np.sum((items.labels < NOT_A_DIGIT) & np.isin(items.variants, VECTOR_VARIANTS)), (
        "some left out"
    )
    assert (built["labels"][: len(kept)] < NOT_A_DIGIT).all()
    assert (built["labels"][len(kept) :] >= NOT_A_DIGIT).all()
    np.testing.assert_allclose(embedding(features_of(kept)), built["vectors"][: len(kept)], atol=1e-4)


def test_the_pictures_beside_a_model_are_those_of_its_rows(embedded_model, embedded):
    loaded = Exemplars.load(exemplars_path(embedded_model), Recognizer.load(embedded_model))
    learned_from = np.flatnonzero(embedded.split != splits.TEST)
    true = glyphs(embedded, learned_from, jobs=1, progress=False)
    true = true[np.argsort(embedded.labels[learned_from], kind="stable")]
    assert len(loaded) == len(true)
    found = loaded.glyphs(range(len(true)))
    assert np.abs(found.astype(int) - true).max() <= STEP / 2
    np.testing.assert_array_equal(found >= 128, true >= 128)


def test_the_page_finds_the_pictures_of_its_model_and_no_other_model_takes_their_place(tmp_path):
    assert exemplars_path(tmp_path / "digits.npz") == tmp_path / "exemplars.npz"
    assert exemplars_path(str(tmp_path / "mine.npz")) == tmp_path / "mine.exemplars.npz"


def test_all_kinds_of_data_make_one_model(folder, small_mnist, small_zip, small_strokes, tmp_path, quick):
    datasets = [open_dataset(path) for path in (folder, small_mnist, small_zip, small_strokes)]
    figures = fit(datasets, tmp_path / "m.npz", progress=False)
    kinds = ("pictures", "mnist", "strokes")
    expected = {f"{kind} {what} %" for kind in kinds for what in ("error", "refused")}
    assert set(figures) == {*expected, "no digits refused %", "limit of doubt that refuses 1 %"}
    loaded = model.load(tmp_path / "m.npz")
    among_others = {CHARACTERS.index(mark) for mark in ",%"}  # as letters and symbols were once collected
    assert set(loaded.labels.tolist()) == {*range(10), NOT_A_DIGIT, SEVERAL, PART, *among_others}
    for dataset in datasets:
        assert dataset.name in loaded.about
    recognizer = Recognizer.load(tmp_path / "m.npz")
    read = [recognizer.read(hand.black_in_alpha(hand.ink(d))).digits[0].candidates[0][0] for d in hand.DIGITS]
    assert np.sum(np.array(read) == list(hand.DIGITS)) >= 9


@pytest.mark.parametrize("side", [splits.TRAIN, splits.VALIDATION])
def test_a_digit_missing_from_a_side_is_named(side, tmp_path):
    sides = [splits.TRAIN, splits.VALIDATION]
    items = [(str(digit), s) for digit in range(10) for s in sides if (digit, s) not in {(6, side), (8, side)}]
    with pytest.raises(DataError, match=f"no {side} examples of 6, 8"):
        fit([Fake(*zip(*((t, "", s) for t, s in items)))], tmp_path / "m.npz", progress=False)
    assert not any(tmp_path.iterdir())


# How sure it is.


def answers(recognizer, pictures, labels):
    """Confidence and rightness of the best candidate for each picture, and which are refused."""
    digits = [recognizer.recognize(glyph_of(picture)) for picture in pictures]
    sure = np.array([digit.confidence for digit in digits])
    right = np.array([digit.candidates[0][0] == label for digit, label in zip(digits, labels)])
    return sure, right, np.array([digit.label is None for digit in digits])


def test_confidence_is_about_the_share_of_right_answers_on_unseen_digits(embedded_model, embedded):
    unseen = np.flatnonzero(embedded.split == splits.TEST)
    sure, right, refused = answers(Recognizer.load(embedded_model), embedded.pixels[unseen], embedded.labels[unseen])
    assert sure.mean() == pytest.approx(right.mean(), abs=RELIABLE)
    assert sure[right].mean() > sure[~right].mean() + 0.1
    assert refused.mean() < MOST_REFUSED


def test_the_shipped_models_confidence_is_reliable_on_unseen_handwriting(shared_data):
    recognizer = Recognizer.load(SHIPPED)
    dataset = open_dataset(shared_data / "real" / "strokes-digits.jsonl.gz")
    unseen = np.flatnonzero(dataset.split == splits.TEST)[::5]
    sure, right, refused = answers(recognizer, [dataset.picture(i, 1) for i in unseen], dataset.labels[unseen])
    assert sure.mean() == pytest.approx(right.mean(), abs=RELIABLE)
    assert right[sure > 0.99].mean() > 0.99
    assert refused.mean() < MOST_REFUSED
