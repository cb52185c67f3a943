"""model.py: what is saved is loaded; anything else on the disk is a ModelError and nothing worse."""

import io
import os
import stat
import tracemalloc
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from number_reader import ModelError
from number_reader.classification.embedding import AROUND, CELLS, Embedding
from number_reader.classification.features import FEATURES
from number_reader.labels import LABELS, NOT_A_DIGIT
from number_reader.storage import model
from tests.number_reader.conftest import SHIPPED, small_model
from tests.number_reader.damage import (
    LITTLE_MEMORY,
    bomb,
    changed,
    claims,
    damaged,
    members,
    npy,
    npy_with_header,
    zipped,
)


def load(content):
    return model.load(io.BytesIO(content))


def assert_model_or_error(content):
    """Loads bytes that may be damaged: a ModelError with a reason, or a model that holds together."""
    try:
        loaded = load(content)
    except ModelError as error:
        assert len(str(error)) > 10
        return
    d = loaded.embedding.dimensions
    assert np.isfinite(loaded.embedding(np.ones((1, FEATURES), np.float32))).all()
    assert loaded.vectors.shape == (len(loaded.labels), d)
    assert (np.diff(loaded.labels.astype(int)) >= 0).all()
    assert loaded.labels[-1] < LABELS
    assert loaded.calibration.shape == (3,)
    assert np.isfinite(loaded.calibration).all()
    assert isinstance(loaded.about, str)


# Rounding.


@given(arrays(np.float32, (9, 5), elements=st.floats(-1e3, 1e3, width=32)))
def test_rounding_columns_is_off_by_half_a_step_at_most_and_done_once(matrix):
    whole, scale = model.round_columns(matrix)
    assert whole.dtype == np.int8
    assert (scale > 0).all(), "a column of zeros still has a scale"
    assert (np.abs(whole * scale - matrix) <= scale * 0.501 + 1e-6).all()
    assert (np.abs(whole).max(axis=0) == 127)[np.abs(matrix).max(axis=0) > 1e-6].all(), "no finer steps would do"
    again, _ = model.round_columns(whole * scale)
    np.testing.assert_array_equal(again, whole)


def test_one_step_serves_all_columns():
    vectors = np.random.default_rng(0).normal(size=(5000, 4)) * [3, 1, 0.1, 0]
    step = model.step_of(vectors)
    whole = model.round_vectors(vectors, step)
    assert whole.dtype == np.int8
    assert (np.abs(whole[:, 0]) <= model.REACH).mean() == pytest.approx(0.997, abs=0.0015)
    assert (np.abs(whole * step - vectors) <= step / 2 + 1e-6).all()
    assert model.step_of(np.zeros((3, 4))) > 0


def test_a_coordinate_beyond_what_fits_becomes_the_largest_that_does():
    assert model.round_vectors(np.array([[1e9, -1e9]]), 0.5).tolist() == [[127, -127]]


# Saving and loading.


def test_what_is_saved_is_loaded(tmp_path):
    parts = small_model()
    model.save(tmp_path / "m.npz", **parts)
    loaded = model.load(tmp_path / "m.npz")
    rounded = model.round_embedding(parts["embedding"])
    for name in ("linear", "kernels", "mixing", "bias"):
        np.testing.assert_array_equal(getattr(loaded.embedding, name), getattr(rounded, name))
    order = np.argsort(parts["labels"], kind="stable")
    assert loaded.step == pytest.approx(parts["step"])
    assert (np.abs(loaded.vectors - parts["vectors"][order]) <= parts["step"] / 2 + 1e-6).all()
    np.testing.assert_array_equal(loaded.labels, parts["labels"][order])
    assert loaded.labels.dtype == np.uint8
    assert loaded.vectors.dtype == loaded.embedding.bias.dtype == np.float32
    assert (loaded.refuse_above, loaded.calibration.tolist(), loaded.about) == (1.5, [0.5, 2, -1], "random numbers")


def test_the_same_model_is_the_same_file_whenever_it_is_saved(tmp_path, monkeypatch):
    model.save(tmp_path / "a.npz", **small_model())
    monkeypatch.setattr("time.time", lambda: 2e9)
    monkeypatch.setattr("time.localtime", lambda *_: (2033, 5, 18, 3, 33, 20, 2, 138, 0))
    model.save(tmp_path / "b.npz", **small_model())
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def test_a_model_can_be_loaded_from_a_path_its_name_or_an_open_file(tmp_path, small_model_bytes):
    path = tmp_path / "m.npz"
    path.write_bytes(small_model_bytes)
    with path.open("rb") as file:
        loaded = [model.load(path), model.load(str(path)), model.load(file)]
    assert len({one.vectors.tobytes() for one in loaded}) == 1


def test_the_shipped_model_is_complete_and_small():
    loaded = model.load(SHIPPED)
    assert set(loaded.labels.tolist()) == set(range(LABELS))
    assert SHIPPED.stat().st_size <= 1_200_000
    assert "CC BY-SA 4.0" in loaded.about


# Writing whole or not at all.


def test_a_file_is_made_beside_the_one_that_it_replaces(tmp_path, monkeypatch):
    """Elsewhere could be another file system, from which nothing is put in place at once."""
    replaced = []
    replace = os.replace
    monkeypatch.setattr(os, "replace", lambda new, old: (replaced.append((Path(new), Path(old))), replace(new, old)))
    model.write_whole(tmp_path / "new folder" / "m.npz", b"whole")
    [(new, old)] = replaced
    assert new.parent == old.parent == tmp_path / "new folder"
    assert old.read_bytes() == b"whole"
    assert new.name.startswith("m.npz"), "what is left after a power cut tells what it is"
    assert new.name.endswith(".part")


@pytest.mark.parametrize("step", ["fsync", "replace", "chmod"])
def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, step):
    path = tmp_path / "m.npz"
    path.write_bytes(b"the old one")

    def fail(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(OSError, match="no space left"):
        model.write_whole(path, b"the new one")
    assert path.read_bytes() == b"the old one"
    assert list(tmp_path.iterdir()) == [path]


def test_an_interrupted_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "m.npz"
    path.write_bytes(b"the old one")

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        model.save(path, **small_model())
    assert path.read_bytes() == b"the old one"
    assert list(tmp_path.iterdir()) == [path]


def test_a_write_makes_its_folder_and_a_file_that_others_may_read(tmp_path):
    path = tmp_path / "new" / "folder" / "m.npz"
    model.write_whole(path, b"content")
    model.write_whole(path, b"other content")
    assert path.read_bytes() == b"other content"
    assert list(path.parent.iterdir()) == [path]
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_a_fingerprint_tells_one_model_from_another(tmp_path):
    parts = small_model()
    other, labels = parts["vectors"].copy(), parts["labels"].copy()
    other[7, 2] += 2 * parts["step"]
    labels[labels == 1] = 2
    found = []
    for number, changes in enumerate(({}, {"about": "others"}, {"vectors": other}, {"labels": labels})):
        model.save(tmp_path / f"{number}.npz", **parts | changes)
        found.append(model.load(tmp_path / f"{number}.npz").fingerprint)
    assert found[0] == found[1]
    assert len(set(found)) == 3


# What is no model.


def test_no_file_is_an_error_that_names_it(tmp_path):
    with pytest.raises(ModelError, match="no model at .*missing.npz"):
        model.load(tmp_path / "missing.npz")


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip at all" * 100, b"\x93NUMPY\x01\x00"])
def test_what_is_no_zip_is_an_error(content):
    with pytest.raises(ModelError):
        load(content)


def test_a_folder_is_an_error(tmp_path):
    with pytest.raises(ModelError, match="can't be read"):
        model.load(tmp_path)


def test_a_file_cut_short_anywhere_is_an_error():
    content = SHIPPED.read_bytes()
    for size in [*range(200), *range(0, len(content), 997), len(content) - 1]:
        with pytest.raises(ModelError):
            load(content[:size])


def test_a_changed_byte_anywhere_is_an_error_or_a_model(small_model_bytes):
    for at in range(len(small_model_bytes)):
        for flip in (0xFF, 0x01, 0x04, 0x06, 0x08):  # some turn the compression into LZMA and the like
            flipped = bytearray(small_model_bytes)
            flipped[at] ^= flip
            assert_model_or_error(bytes(flipped))


@given(st.data())
def test_bytes_changed_put_in_or_left_out_are_an_error_or_a_model(small_model_bytes, data):
    assert_model_or_error(data.draw(damaged(small_model_bytes)))


@given(key=st.sampled_from(sorted(model.KEYS)), data=st.data())
def test_changed_arrays_with_a_right_checksum_are_an_error_or_a_model(small_model_bytes, key, data):
    content = bytearray(members(small_model_bytes)[key + ".npy"])
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    assert_model_or_error(changed(small_model_bytes, key, bytes(content)))


@given(key=st.sampled_from(sorted(model.KEYS)), claim=claims())
def test_an_array_that_claims_any_type_and_shape_is_an_error_or_a_model(small_model_bytes, key, claim):
    assert_model_or_error(changed(small_model_bytes, key, claim))


@pytest.mark.parametrize("key", model.KEYS)
def test_a_missing_key_is_an_error_that_names_it(small_model_bytes, key):
    parts = members(small_model_bytes)
    del parts[key + ".npy"]
    with pytest.raises(ModelError, match=f"lacks '{key}'"):
        load(zipped(parts))


@pytest.mark.parametrize("extra", ["weights.npy", "../about.npy", "about", "ABOUT.npy"])
def test_a_key_too_many_is_an_error_that_names_it(small_model_bytes, extra):
    with pytest.raises(ModelError, match="should not"):
        load(zipped(members(small_model_bytes) | {extra: npy(np.int32(1))}))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_key_twice_is_an_error(small_model_bytes):
    out = io.BytesIO(small_model_bytes)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("version.npy", members(small_model_bytes)["version.npy"])
    with pytest.raises(ModelError, match="twice"):
        load(out.getvalue())


@pytest.mark.parametrize("key", model.KEYS)
def test_pickled_objects_are_an_error_and_never_run(small_model_bytes, key):
    class Trap:
        def __reduce__(self):
            return pytest.fail, ("the pickle was run",)

    _kind, dimensions = model.KEYS[key]
    trap = np.empty((1,) * dimensions, object)
    trap[...] = Trap()
    with pytest.raises(ModelError, match=key):
        load(changed(small_model_bytes, key, npy(trap)))


HUGE = np.full(4, 3e38, np.float32)  # finite itself; what it scales is not
WRONG = {
    "version": [np.int32(2), np.int32(0), np.int64(1), np.array([1], np.int32), np.float32(1)],
    "linear": [
        np.zeros((FEATURES, 4), np.uint8),
        np.zeros((FEATURES, 4), np.float32),
        np.zeros((FEATURES - 1, 4), np.int8),
        np.zeros((FEATURES, 3), np.int8),
        np.zeros((FEATURES, 300), np.int8),
        np.zeros((FEATURES, 0), np.int8),
        np.zeros((FEATURES, 4, 1), np.int8),
        np.zeros((4, FEATURES), np.int8),
    ],
    "kernels": [np.zeros((AROUND, 3), np.int8), np.zeros((AROUND, 0), np.int8), np.zeros((AROUND + 1, 2), np.int8)],
    "mixing": [np.zeros((2 * CELLS, 3), np.int8), np.zeros((CELLS, 4), np.int8)],
    "bias": [np.zeros(3, np.float32), np.array([0, np.nan], np.float32), np.array([0, np.inf], np.float32)],
    "linear_scale": [
        np.ones(3, np.float32),
        np.ones(4),
        np.zeros(4, np.float32),
        np.full(4, np.nan, np.float32),
        HUGE,
        HUGE / 1e18,
    ],
    "kernels_scale": [np.ones(3, np.float32), np.full(2, np.inf, np.float32), HUGE[:2]],
    "mixing_scale": [np.ones(5, np.float32), -np.ones(4, np.float32), HUGE],
    "step": [np.float32(0), np.float32(-1), np.float32(np.nan), np.float32(3e38), np.ones(1, np.float32)],
    "vectors": [
        np.zeros((3, 3 * LABELS), np.int8),
        np.zeros((4, 3 * LABELS), np.uint8),
        np.zeros((4, 38), np.int8),
        np.zeros((4, 0), np.int8),
    ],
    "counts": [
        np.full(13, 4, np.int64),
        np.full(10, 3, np.int64),
        np.full(13, 3, np.int32),
        np.array([-3, 9, *[3] * 11]),
        np.array([2**62, 2**62, 2**62, 2**62, 3 * LABELS, *[0] * (LABELS - 5)]),  # adds up to their number in 64 bits
        np.array([*[0] * 10, 3 * LABELS, *[0] * (LABELS - 11)]),  # no digits at all
    ],
    "refuse_above": [np.float32(np.nan), np.float32(np.inf), np.float64(1), np.ones(1, np.float32)],
    "calibration": [
        np.ones(2, np.float32),
        np.array([1, np.nan, 1], np.float32),
        np.ones(3),
        np.ones((3, 1), np.float32),
    ],
    "about": [
        np.array("text"),
        np.bytes_(b"about"),
        np.int32(1),
        np.array([[65]], np.uint8),
        np.array([255], np.uint8),
    ],
}
# What the reason names: the array, or what it is part of.
SAID = {key: key for key in WRONG} | {
    **dict.fromkeys(("linear", "kernels"), "'linear|'kernels|embedding"),
    **{
        key: f"'{key}'|scales are too large"
        for key in ("bias", "linear_scale", "kernels_scale", "mixing_scale", "step")
    },
    "counts": "counts|no digits",
    "vectors": "vectors|counts",
    "refuse_above": "'refuse_above'|calibration",
}


@pytest.mark.parametrize(
    ("key", "value"),
    [(key, value) for key, values in WRONG.items() for value in values],
    ids=lambda value: value if isinstance(value, str) else f"{np.asarray(value).dtype}{np.shape(value)}",
)
def test_arrays_of_a_wrong_type_shape_or_value_are_an_error(small_model_bytes, key, value):
    with pytest.raises(ModelError, match=f"^The model.*({SAID[key]}).*\\.$"):
        load(changed(small_model_bytes, key, npy(value)))


@pytest.mark.parametrize("labels", [[7] * 39, [*range(10)] * 3, [0, *[NOT_A_DIGIT] * 38]])
def test_a_model_need_not_know_every_label(tmp_path, labels):
    vectors = np.random.default_rng(7).normal(size=(len(labels), 4))
    model.save(tmp_path / "m.npz", **small_model(labels=np.array(labels), vectors=vectors))
    assert model.load(tmp_path / "m.npz").labels.tolist() == sorted(labels)


def of_dimensions(d, c):
    rng = np.random.default_rng(7)
    shapes = (FEATURES, d), (AROUND, c), (c,), (c * CELLS, d)
    embedding = Embedding(*(rng.normal(size=shape).astype(np.float32) for shape in shapes))
    return small_model(embedding=embedding, vectors=rng.normal(size=(3 * LABELS, d)))


@pytest.mark.parametrize(("d", "c"), [(0, 2), (300, 2), (4, 300)])
def test_an_embedding_into_nothing_or_too_much_is_an_error(tmp_path, d, c):
    model.save(tmp_path / "m.npz", **of_dimensions(d, c))
    with pytest.raises(ModelError, match="embedding has a wrong shape"):
        model.load(tmp_path / "m.npz")


def test_an_embedding_without_kernels_is_an_error(small_model_bytes):
    content = small_model_bytes
    for key, value in {
        "kernels": np.zeros((AROUND, 0), np.int8),
        "kernels_scale": np.zeros(0, np.float32),
        "bias": np.zeros(0, np.float32),
        "mixing": np.zeros((0, 4), np.int8),
    }.items():
        content = changed(content, key, npy(value))
    with pytest.raises(ModelError, match="embedding has a wrong shape"):
        load(content)


@pytest.mark.parametrize(("d", "c"), [(1, 2), (4, 1), (1, 1), (200, 30)])
def test_an_embedding_may_be_narrow_or_wide(tmp_path, d, c):
    model.save(tmp_path / "m.npz", **of_dimensions(d, c))
    loaded = model.load(tmp_path / "m.npz")
    assert loaded.embedding(np.ones((5, FEATURES), np.float32)).shape == (5, d)
    assert loaded.vectors.shape == (3 * LABELS, d)


def test_as_many_vectors_as_are_allowed_are_read_and_no_more(small_model_bytes):
    def of(n):
        counts = np.array([n, *[0] * (LABELS - 1)])
        return changed(changed(small_model_bytes, "vectors", npy(np.zeros((4, n), np.int8))), "counts", npy(counts))

    assert len(load(of(model.MOST)).labels) == model.MOST
    with pytest.raises(ModelError, match="has 1,000,001 vectors; at most 1,000,000 can be read"):
        load(of(model.MOST + 1))


def test_large_scales_are_read_as_long_as_distances_are_finite(small_model_bytes):
    assert load(changed(small_model_bytes, "linear_scale", npy(np.full(4, 1e9, np.float32)))).labels.size


@pytest.mark.parametrize(
    ("shape", "size"),
    [
        ("(9999999999, 99)", 66),
        ("(0, 1000000000000000000000000000000)", 0),
        ("(-33, -2)", 66),
        ("(True, True)", 1),
        ("(33, 2), 'more': 1", 66),
        ("(33,) * 2", 66),
        ("[" * 400, 66),
        ("__import__('os').abort()", 66),
    ],
)
def test_a_header_that_claims_the_impossible_is_an_error(small_model_bytes, shape, size):
    header = f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}}}"
    tracemalloc.start()
    try:
        with pytest.raises(ModelError, match="vectors"):
            load(changed(small_model_bytes, "vectors", npy_with_header(header, bytes(size))))
        assert tracemalloc.get_traced_memory()[1] < LITTLE_MEMORY
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("kind", ["<f3", "|u9", "<i16"])
def test_a_type_that_numpy_has_not_is_an_error(small_model_bytes, kind):
    header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': (13,), }}"
    with pytest.raises(ModelError, match="'counts' has no valid header"):
        load(changed(small_model_bytes, "counts", npy_with_header(header, bytes(13 * 16))))


@pytest.mark.parametrize("text", [b"\xff", b"\xc3", b"\xed\xa0\x80"], ids=["no UTF-8", "cut short", "half a surrogate"])
def test_text_that_is_none_is_an_error(small_model_bytes, text):
    with pytest.raises(ModelError, match="no text"):
        load(changed(small_model_bytes, "about", npy(np.frombuffer(text, np.uint8))))


@pytest.mark.parametrize("honest", [True, False], ids=["its size declared", "a small size declared"])
def test_a_zip_bomb_is_an_error_and_does_not_go_off(small_model_bytes, honest):
    content = bomb(members(small_model_bytes)["version.npy"], honest)
    tracemalloc.start()
    try:
        with pytest.raises(ModelError):
            load(content)
        assert tracemalloc.get_traced_memory()[1] < LITTLE_MEMORY
    finally:
        tracemalloc.stop()


@given(st.binary(max_size=300))
def test_any_bytes_are_an_error(content):
    with pytest.raises(ModelError):
        load(content)
