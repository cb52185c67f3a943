"""npz.py by itself: arrays of any kind come back, sizes are bounds, and a reason is a sentence that names what is wrong."""

import io
import zipfile

import numpy as np
import pytest

from number_reader.storage import npz
from tests.number_reader.damage import changed, npy, npy_with_header


class Wrong(Exception):
    pass


def file_of(**arrays):
    content = io.BytesIO()
    np.savez_compressed(content, **arrays)
    return content.getvalue()


def read(content, kinds, **how):
    return npz.read(io.BytesIO(content), kinds, "box", Wrong, **how)


ARRAYS = {
    "a number": np.float64(2.5),
    "a row": np.arange(5, dtype=np.int16),
    "text": np.array(["a", "bcd"]),
    "yes and no": np.array([[True], [False]]),
    "nothing": np.zeros((0, 4), np.float32),
    "column by column": np.asfortranarray(np.arange(24.0).reshape(2, 3, 4)),
    "big endian": np.arange(6, dtype=">u4").reshape(2, 3),
}


@pytest.mark.parametrize("array", ARRAYS.values(), ids=list(ARRAYS))
def test_what_numpy_writes_comes_back_as_it_was(array):
    found = read(file_of(a=array), {"a": None})["a"]
    assert found.dtype == array.dtype
    assert found.shape == array.shape
    np.testing.assert_array_equal(found, array)
    assert not found.flags.writeable


def test_arrays_of_one_kind_lie_row_by_row():
    content = file_of(a=np.asfortranarray(np.ones((2, 3))))
    with pytest.raises(Wrong, match=r"^The box's 'a' must be float64 with 2 dimensions, not float64 \(2, 3\)\.$"):
        read(content, {"a": ("float64", 2)})


def test_the_bytes_of_an_array_are_bounded():
    content = file_of(a=np.arange(10, dtype=np.int16))
    assert read(content, {"a": None}, most=20)["a"].size == 10
    with pytest.raises(Wrong, match=r"^The box's 'a' is cut short or too long for its shape \(10,\)\.$"):
        read(content, {"a": None}, most=19)


@pytest.mark.parametrize(("shape", "size"), [((4,), 9), ((4,), 7), ((2, 3), 10), ((0, 10**12), 0), ((0,), 2)])
def test_data_must_fill_the_shape(shape, size):
    header = f"{{'descr': '<i2', 'fortran_order': False, 'shape': {shape}, }}"
    with pytest.raises(Wrong, match=r"^The box's 'a' is cut short or too long for its shape \("):
        read(changed(file_of(a=np.zeros(1)), "a", npy_with_header(header, bytes(size))), {"a": None})


@pytest.mark.parametrize("content", [b"", b"\x93NUMPY", npy(np.zeros(2))[:40], b"x" + npy(np.zeros(2))[1:]])
def test_what_is_no_array_has_no_header(content):
    with pytest.raises(Wrong, match=r"^The box's 'a' has no valid header\.$"):
        read(changed(file_of(a=np.zeros(1)), "a", content), {"a": None})


def test_other_kinds_are_named():
    with pytest.raises(Wrong, match=r"^The box's 'a' must be uint8 with 1 dimensions, not int16 \(4,\)\.$"):
        read(file_of(a=np.zeros(4, np.int16)), {"a": ("uint8", 1)})


def test_keys_too_few_or_too_many_are_named():
    content = file_of(a=np.zeros(1), b=np.zeros(1))
    with pytest.raises(Wrong, match=r"^The box lacks 'c', 'd'\.$"):
        read(content, dict.fromkeys("abcd"))
    with pytest.raises(Wrong, match=r"^The box holds keys that it should not: \['b\.npy'\]\.$"):
        read(content, {"a": None})


def test_a_path_may_lead_nowhere_or_to_no_file(tmp_path):
    with pytest.raises(Wrong, match=r"^There is no box at .*missing\.npz\.$"):
        npz.read(tmp_path / "missing.npz", {"a": None}, "box", Wrong)
    with pytest.raises(Wrong, match=r"^The box can't be read: it is no file$"):
        npz.read(str(tmp_path), {"a": None}, "box", Wrong)


def test_an_open_file_stays_open_and_a_path_is_closed(tmp_path):
    path = tmp_path / "a.npz"
    path.write_bytes(file_of(a=np.ones(3)))
    with path.open("rb") as file:
        for source in (file, path, str(path)):
            assert npz.read(source, {"a": None}, "box", Wrong)["a"].tolist() == [1, 1, 1]
        assert not file.closed


def test_a_file_too_large_for_what_it_may_hold_is_not_looked_at():
    class Large(io.BytesIO):
        def read(self, *_):
            pytest.fail("it was read")

    with pytest.raises(Wrong, match=r"^The box is damaged or no NPZ file: 100,021 bytes are too large$"):
        npz.read(Large(bytes(npz.MAX_OVERHEAD + 21)), {"a": None}, "box", Wrong, most=20)


def with_many_members(count):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for number in range(count):
            archive.writestr(f"{number}.npy", b"")
    return content.getvalue()


def test_a_long_directory_is_not_gone_through(monkeypatch):
    few, many = with_many_members(1000), with_many_members(2500)
    with pytest.raises(Wrong, match="holds keys that it should not"):
        read(few, {})
    monkeypatch.setattr(zipfile, "ZipFile", lambda _: pytest.fail("it was opened"))
    with pytest.raises(Wrong, match="its directory is too large$"):
        read(many, {})


ENDS = {
    "a comment": lambda content: content[:-2] + b"\3\0" + b"hey",
    "a comment that looks like none": lambda content: content[:-2] + b"\2\0" + b"\0\0",
    "another record before it, as of files beyond 4 GB": lambda content: (
        content[:-22] + b"PK\6\7" + bytes(16) + content[-22:]
    ),
    "another mark": lambda content: content[:-22] + b"PK\5\7" + content[-18:],
    "a byte more": lambda content: content + b"\0",
    "a byte less": lambda content: content[:-1],
    "nothing but an end": lambda content: content[-21:],
    "nothing": lambda content: b"",
}


@pytest.mark.parametrize("end", ENDS)
def test_a_file_ends_as_numpy_ends_it(monkeypatch, end):
    """zipfile reads other ends too, with sizes of its own."""
    content = ENDS[end](file_of(a=np.ones(3)))
    monkeypatch.setattr(zipfile, "ZipFile", lambda _: pytest.fail("it was opened"))
    with pytest.raises(Wrong, match="^The box is damaged or no NPZ file: it does not end as an NPZ does$"):
        read(content, {"a": None})


def test_reasons_stay_short():
    with pytest.raises(Wrong) as caught:
        read(file_of(**{"k" * 5000: np.zeros(1)}), {})
    assert len(str(caught.value)) < 2 * npz.REASON
    assert "kkk..." in str(caught.value)
