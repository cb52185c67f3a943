"""exemplars.py: each row's picture is that row's; a file that is not this model's is a ModelError and nothing worse."""

import io
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from number_reader import ModelError, Recognizer
from number_reader.labels import LABELS, MARKS, NOT_A_DIGIT, PART, SEVERAL
from number_reader.storage import exemplars, model
from number_reader.storage.exemplars import STEP, Exemplars
from tests.number_reader import hand
from tests.number_reader.conftest import SHIPPED, small_model
from tests.number_reader.damage import LITTLE_MEMORY, bomb, changed, claims, damaged, members, npy, zipped

SHIPPED_EXEMPLARS = SHIPPED.with_name("exemplars.npz")
# Rows of the small model, three of each label in their order: those of digits and marks, and the others.
ROWS = [row for row in range(3 * LABELS) if row // 3 not in (NOT_A_DIGIT, SEVERAL, PART)]
BARE = sorted(set(range(3 * LABELS)) - set(ROWS))
COUNT = len(ROWS)
ABOUT = "random noise"


@pytest.fixture(scope="module")
def known(small_model_bytes):
    """The small recognizer; nothing here teaches it."""
    return Recognizer.load(io.BytesIO(small_model_bytes))


@pytest.fixture(scope="module")
def glyphs():
    return np.random.default_rng(1).integers(0, 256, (COUNT, 28, 28), dtype=np.uint8)


@pytest.fixture(scope="module")
def content(tmp_path_factory, known, glyphs):
    path = tmp_path_factory.mktemp("exemplars") / "small.npz"
    exemplars.save(path, glyphs, known.fingerprint, ABOUT)
    return path.read_bytes()


def load(content, known):
    return Exemplars.load(io.BytesIO(content), known)


def assert_exemplars_or_error(content, known):
    """Loads bytes that may be damaged: a ModelError with a reason, or exemplars for every digit and mark."""
    try:
        loaded = load(content, known)
    except ModelError as error:
        assert len(str(error)) > 10
        return
    found = loaded.glyphs(ROWS)
    assert found.shape == (COUNT, 28, 28)
    assert found.dtype == np.uint8


# Saving and loading.


def test_what_is_saved_is_loaded_to_half_a_step_of_grey(content, known, glyphs):
    found = load(content, known).glyphs(ROWS)
    assert found.shape == glyphs.shape
    assert found.dtype == np.uint8
    assert np.abs(found.astype(int) - glyphs).max() <= STEP / 2
    np.testing.assert_array_equal(found >= 128, glyphs >= 128)


@given(drawn=arrays(np.uint8, (COUNT, 28, 28), elements=st.sampled_from([0, STEP, 2 * STEP, 255])))
def test_the_four_greys_come_back_as_they_were(drawn, known, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "greys.npz"
    exemplars.save(path, drawn, known.fingerprint, ABOUT)
    np.testing.assert_array_equal(Exemplars.load(path, known).glyphs(ROWS), drawn)


@pytest.mark.parametrize("digit", range(10))
def test_a_drawn_digit_still_looks_as_it_did(digit, recognizer, known, tmp_path):
    glyph = recognizer.read(hand.black_in_alpha(hand.ink(digit))).digits[0].glyph
    exemplars.save(tmp_path / "e.npz", np.repeat(glyph[None], COUNT, 0), known.fingerprint, ABOUT)
    (found,) = Exemplars.load(tmp_path / "e.npz", known).glyphs([17])
    assert np.abs(found.astype(int) - glyph).mean() < 6  # of 255
    assert recognizer.recognize(found).label == digit


def test_the_same_glyphs_are_the_same_file_whenever_they_are_saved(content, known, glyphs, tmp_path, monkeypatch):
    monkeypatch.setattr("time.time", lambda: 2e9)
    monkeypatch.setattr("time.localtime", lambda *_: (2033, 5, 18, 3, 33, 20, 2, 138, 0))
    exemplars.save(tmp_path / "again.npz", glyphs, known.fingerprint, ABOUT)
    assert (tmp_path / "again.npz").read_bytes() == content


def test_exemplars_can_be_loaded_from_a_path_its_name_or_an_open_file(tmp_path, content, known):
    path = tmp_path / "e.npz"
    path.write_bytes(content)
    with path.open("rb") as file:
        loaded = [Exemplars.load(source, known) for source in (path, str(path), file)]
    assert len({one.glyphs(ROWS).tobytes() for one in loaded}) == 1


# Asking for rows.


def test_rows_come_in_the_order_asked_for_and_as_often(content, known):
    loaded = load(content, known)
    every = loaded.glyphs(ROWS)
    places = [COUNT - 1, 0, 7, 7, 10, 30]  # digits and marks
    rows = [ROWS[place] for place in places]
    np.testing.assert_array_equal(loaded.glyphs([*rows[:-1], np.int64(rows[-1])]), every[places])
    np.testing.assert_array_equal(loaded.glyphs(np.array(rows)), every[places])
    assert loaded.glyphs([]).shape == (0, 28, 28)
    assert loaded.glyphs([]).dtype == np.uint8
    assert len(loaded) == COUNT


def test_what_is_given_out_can_be_changed_without_harm(content, known):
    loaded = load(content, known)
    first = loaded.glyphs([4])
    kept = first.copy()
    first[:] = 0
    np.testing.assert_array_equal(loaded.glyphs([4]), kept)


@pytest.mark.parametrize("row", [-1, *BARE, 3 * LABELS, 3 * LABELS + 9, 2**31, 2**63, -(2**70)])
def test_a_row_that_is_no_digits_and_no_marks_is_an_index_error(content, known, row):
    with pytest.raises(IndexError, match=f"no example of row {row}$"):
        load(content, known).glyphs([3, row])


def test_what_was_taught_has_no_picture_here_and_takes_none_away(small_model_bytes, content):
    taught = Recognizer.load(io.BytesIO(small_model_bytes))
    index = taught.teach(np.eye(28, dtype=np.uint8) * 255, 4)
    loaded = load(content, taught)
    assert len(loaded) == COUNT
    with pytest.raises(IndexError):
        loaded.glyphs([index])


# The shipped file.


@pytest.fixture(scope="module")
def shipped(recognizer):
    return Exemplars.load(SHIPPED_EXEMPLARS, recognizer)


def test_the_shipped_file_is_the_shipped_models_and_small(shipped, recognizer):
    labels = recognizer.neighbors.labels
    assert len(shipped) == (labels < NOT_A_DIGIT).sum() + (labels >= MARKS.start).sum()
    assert SHIPPED_EXEMPLARS.stat().st_size <= 3_000_000
    about = bytes(np.load(SHIPPED_EXEMPLARS)["about"]).decode()
    assert "CC BY-SA 4.0" in about
    assert "mnist" in about


def test_every_shipped_picture_has_ink(shipped, recognizer):
    rows = exemplars.shown(recognizer.neighbors.labels)
    assert len(rows) == len(shipped)
    assert (shipped.glyphs(rows).max(axis=(1, 2)) == 255).mean() > 0.999


def test_a_shipped_picture_is_nearest_to_the_vector_of_its_own_row(shipped, recognizer):
    shown = exemplars.shown(recognizer.neighbors.labels)
    rows = np.random.default_rng(0).choice(shown, 300, replace=False)
    squared = recognizer.neighbors.squared_distances(recognizer.project(shipped.glyphs(rows)))
    ranks = (squared[:, shown] < squared[np.arange(rows.size), rows][:, None]).sum(axis=1)
    assert (ranks == 0).mean() > 0.9
    assert np.median(ranks) == 0


def test_every_voter_of_a_digit_has_a_picture(shipped, recognizer):
    digit = recognizer.read(hand.black_in_alpha(hand.ink(5))).digits[0]
    pictures = shipped.glyphs([neighbor.index for neighbor in digit.neighbors])
    assert [recognizer.recognize(picture).label for picture in pictures] == [n.label for n in digit.neighbors]


# What is no file of exemplars, or another model's.


@pytest.mark.parametrize("change", ["vectors", "labels"])
def test_exemplars_of_another_model_are_an_error(content, change, tmp_path):
    parts = small_model()
    if change == "vectors":
        parts["vectors"] = parts["vectors"] + 1
    else:
        parts["labels"] = np.roll(parts["labels"], 1)  # as many of each
    model.save(tmp_path / "other.npz", **parts)
    with pytest.raises(ModelError, match="another model"):
        load(content, Recognizer.load(tmp_path / "other.npz"))


def test_the_shipped_exemplars_are_not_the_small_models(known):
    with pytest.raises(ModelError, match="another model"):
        Exemplars.load(SHIPPED_EXEMPLARS, known)


def test_no_file_is_an_error_that_names_it(tmp_path, known):
    with pytest.raises(ModelError, match="no example file at .*missing.npz"):
        Exemplars.load(tmp_path / "missing.npz", known)


def test_a_model_is_no_file_of_exemplars(small_model_bytes, known):
    with pytest.raises(ModelError, match="lacks 'fingerprint', 'bands'"):
        load(small_model_bytes, known)


WRONG = {
    "version": [np.int32(2), np.int32(0), np.int64(1), np.array([1], np.int32)],
    "fingerprint": [np.uint32(1), np.int64(1), np.array([1], np.uint32)],
    "bands": [
        np.zeros((7, COUNT - 1, 28), np.uint8),
        np.zeros((7, COUNT + 1, 28), np.uint8),
        np.zeros((7, 0, 28), np.uint8),
        np.zeros((8, COUNT, 28), np.uint8),
        np.zeros((7, COUNT, 27), np.uint8),
        np.zeros((COUNT, 7, 28), np.uint8),
        np.zeros((7, COUNT * 28), np.uint8),
        np.zeros((7, COUNT, 28), np.int8),
        np.zeros((7, COUNT, 28), np.float32),
        np.zeros((7, COUNT, 28), object),
        np.asfortranarray(np.zeros((7, COUNT, 28), np.uint8)),
    ],
    "about": [np.array("text"), np.int32(1), np.zeros((1, 1), np.uint8)],
}


@pytest.mark.parametrize(
    ("key", "value"),
    [(key, value) for key, values in WRONG.items() for value in values],
    ids=lambda value: value if isinstance(value, str) else f"{np.asarray(value).dtype}{np.shape(value)}",
)
def test_arrays_of_a_wrong_type_shape_or_value_are_an_error(content, known, key, value):
    said = {"fingerprint": "fingerprint|another model", "bands": "bands|wrong size|another model"}.get(key, key)
    with pytest.raises(ModelError, match=f"^The (example file('s)?|pictures) .*({said}).*\\.$"):
        load(changed(content, key, npy(value)), known)


@pytest.mark.parametrize("key", exemplars.KEYS)
def test_a_missing_key_is_an_error_that_names_it(content, known, key):
    parts = members(content)
    del parts[key + ".npy"]
    with pytest.raises(ModelError, match=f"lacks '{key}'"):
        load(zipped(parts), known)


def test_a_key_too_many_is_an_error_that_names_it(content, known):
    with pytest.raises(ModelError, match="weights"):
        load(zipped(members(content) | {"weights.npy": npy(np.int32(1))}), known)


def test_a_file_cut_short_anywhere_is_an_error(content, known):
    for size in [*range(0, len(content), 97), len(content) - 1]:
        with pytest.raises(ModelError):
            load(content[:size], known)


@given(st.data())
def test_bytes_changed_put_in_or_left_out_are_an_error_or_exemplars(content, known, data):
    assert_exemplars_or_error(data.draw(damaged(content)), known)


@given(key=st.sampled_from(sorted(exemplars.KEYS)), claim=claims())
def test_an_array_that_claims_any_type_and_shape_is_an_error_or_exemplars(content, known, key, claim):
    assert_exemplars_or_error(changed(content, key, claim), known)


@pytest.mark.parametrize("honest", [True, False], ids=["its size declared", "a small size declared"])
def test_a_zip_bomb_is_an_error_and_does_not_go_off(content, known, honest):
    content = bomb(members(content)["version.npy"], honest)
    tracemalloc.start()
    try:
        with pytest.raises(ModelError):
            load(content, known)
        assert tracemalloc.get_traced_memory()[1] < LITTLE_MEMORY
    finally:
        tracemalloc.stop()


@given(st.binary(max_size=300))
def test_any_bytes_are_an_error(known, content):
    with pytest.raises(ModelError):
        load(content, known)
