"""taught.py: what is packed comes back, and no other file does any harm."""

import io
import pickle
import tracemalloc
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from number_reader.classification.normalize import SIDE
from number_reader.labels import DIGITS, MARKS
from number_reader.storage.taught import KNOWN, MOST, TaughtError, pack, unpack


def some(n=20, seed=0):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (n, SIDE, SIDE)).astype(np.uint8), rng.choice(KNOWN, n).astype(np.uint8)


def written(**arrays):
    """The bytes of an NPZ file: a right one, but for these arrays; None leaves one out."""
    glyphs, labels = some()
    arrays = {"version": np.int32(2), "glyphs": glyphs, "labels": labels} | arrays
    file = io.BytesIO()
    np.savez_compressed(file, **{key: array for key, array in arrays.items() if array is not None})
    return file.getvalue()


def test_what_is_packed_comes_back():
    glyphs, labels = some()
    again, labels_again = unpack(io.BytesIO(pack(glyphs, labels.tolist())))
    np.testing.assert_array_equal(again, glyphs)
    np.testing.assert_array_equal(labels_again, labels)


def test_a_file_of_version_1_is_read():
    glyphs, _ = some()
    digits = np.arange(20, dtype=np.uint8) % 10
    again, labels = unpack(io.BytesIO(written(version=np.int32(1), labels=digits)))
    np.testing.assert_array_equal(again, glyphs)
    np.testing.assert_array_equal(labels, digits)


def test_a_file_is_of_the_version_that_knows_marks():
    with np.load(io.BytesIO(pack(*some()))) as file:
        assert file["version"] == 2


def test_the_same_examples_are_the_same_file():
    assert pack(*some()) == pack(*some())


def test_a_file_is_small():
    glyphs = np.zeros((100, SIDE, SIDE), np.uint8)
    glyphs[:, 4:24, 12:16] = np.arange(100)[:, None, None]
    assert len(pack(glyphs, [1] * 100)) < 3_000


def test_a_glyph_that_is_there_twice_is_taken_once_with_its_later_label():
    glyphs, _labels = some(4)
    again, labels_again = unpack(io.BytesIO(pack(glyphs[[0, 1, 0, 2, 1]], [3, 4, 5, 6, 4])))
    np.testing.assert_array_equal(again, glyphs[[0, 2, 1]])
    assert labels_again.tolist() == [5, 6, 4]


def test_as_many_as_are_allowed_are_taken():
    glyphs = np.zeros((MOST, SIDE, SIDE), np.uint8)
    glyphs.reshape(MOST, -1)[:, :2] = np.stack([np.arange(MOST) // 256, np.arange(MOST) % 256], axis=1)
    assert len(unpack(io.BytesIO(pack(glyphs, [7] * MOST)))[0]) == MOST


WRONG = {
    "another version": ({"version": np.int32(3)}, "version 3"),
    "no version yet": ({"version": np.int32(0)}, "version 0"),
    "no version": ({"version": None}, "lacks 'version'"),
    "no labels": ({"labels": None}, "lacks 'labels'"),
    "another key": ({"extra": np.zeros(3)}, "extra"),
    "none": ({"glyphs": np.zeros((0, SIDE, SIDE), np.uint8), "labels": np.zeros(0, np.uint8)}, "no taught digits"),
    "too many": (
        {"glyphs": np.zeros((MOST + 1, SIDE, SIDE), np.uint8), "labels": np.zeros(MOST + 1, np.uint8)},
        "at most 2,000",
    ),
    "another size": ({"glyphs": np.zeros((20, SIDE, SIDE + 1), np.uint8)}, "do not fit"),
    "flat": ({"glyphs": np.zeros((20, SIDE * SIDE), np.uint8)}, "3 dimensions"),
    "grey as float": ({"glyphs": np.zeros((20, SIDE, SIDE))}, "uint8"),
    "a label too few": ({"labels": np.zeros(19, np.uint8)}, "do not fit"),
    "labels of another type": ({"labels": np.zeros(20, np.int64)}, "uint8"),
    "a label that is none": ({"labels": np.full(20, 10, np.uint8)}, "no digits"),
    "a label between digits and marks": ({"labels": np.full(20, 12, np.uint8)}, "no marks"),
    "a label of a later version": ({"labels": np.full(20, 25, np.uint8)}, "no marks"),
    "marks in a file of version 1": ({"version": np.int32(1), "labels": np.full(20, 13, np.uint8)}, "no digits"),
    "objects": ({"labels": np.array([0] * 20, object)}, "labels"),
}


@pytest.mark.parametrize(("arrays", "reason"), WRONG.values(), ids=list(WRONG))
def test_a_wrong_file_is_an_error_that_says_why(arrays, reason):
    with pytest.raises(TaughtError, match=f"^The (file( of taught digits)?('s)?|glyphs) .*{reason}.*\\.$"):
        unpack(io.BytesIO(written(**arrays)))


def test_a_model_is_no_file_of_taught_digits(small_model_bytes):
    with pytest.raises(TaughtError, match="lacks 'glyphs'"):
        unpack(io.BytesIO(small_model_bytes))


@given(st.binary(max_size=200))
def test_any_bytes_are_an_error(content):
    with pytest.raises(TaughtError):
        unpack(io.BytesIO(content))


@given(st.data())
def test_changed_bytes_are_an_error_or_digits(data):
    content = bytearray(pack(*some(5)))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        glyphs, labels = unpack(io.BytesIO(bytes(content)))
    except TaughtError:
        return
    assert glyphs.shape[1:] == (SIDE, SIDE)
    assert glyphs.dtype == labels.dtype == np.uint8
    assert 0 < len(glyphs) == len(labels) <= MOST
    assert set(labels.tolist()) <= {*DIGITS, *MARKS}


def test_a_file_cut_short_anywhere_is_an_error():
    content = pack(*some(3))
    for end in range(0, len(content), 7):
        with pytest.raises(TaughtError):
            unpack(io.BytesIO(content[:end]))


def test_a_zip_bomb_is_an_error_and_does_not_go_off():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("glyphs.npy", "w", force_zip64=True) as member:
            for _ in range(400):
                member.write(bytes(1_000_000))
    tracemalloc.start()
    with pytest.raises(TaughtError, match="too large"):
        unpack(io.BytesIO(file.getvalue()))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 200_000_000


def test_pickled_objects_never_run():
    class Trap:
        def __reduce__(self):
            return (pytest.fail, ("the pickle ran",))

    file = io.BytesIO(written(labels=None))
    with zipfile.ZipFile(file, "a") as archive:
        header = io.BytesIO()
        np.lib.format.write_array_header_1_0(header, {"descr": "|O", "fortran_order": False, "shape": (1,)})
        archive.writestr("labels.npy", header.getvalue() + pickle.dumps(Trap()))
    with pytest.raises(TaughtError):
        unpack(file)
