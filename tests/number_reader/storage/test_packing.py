"""NPZ files as small as deflate makes them: numpy and zipfile read them as any other."""

import io
import zipfile

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from number_reader.storage import packing

SHAPES = arrays_of.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=9)
ARRAYS = st.sampled_from(["int8", "uint8", "float32", "int64"]).flatmap(lambda kind: arrays_of.arrays(kind, SHAPES))


@given(st.dictionaries(st.from_regex(r"\A[a-z_]{1,9}\Z"), ARRAYS, max_size=4))
def test_numpy_reads_what_was_packed(arrays):
    content = packing.packed(**arrays)
    with np.load(io.BytesIO(content), allow_pickle=False) as read:
        assert read.files == list(arrays)
        for name, array in arrays.items():
            assert read[name].dtype == array.dtype
            np.testing.assert_array_equal(read[name], array)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert {each.date_time for each in archive.infolist()} <= {(1980, 1, 1, 0, 0, 0)}
    assert packing.packed(**arrays) == content


def test_what_looks_like_noise_is_smaller_than_numpy_packs_it():
    noise = np.random.default_rng(0).normal(0, np.linspace(20, 2, 40)[:, None], (40, 5000)).astype(np.int8)
    usual = io.BytesIO()
    np.savez_compressed(usual, noise=noise)
    assert len(packing.packed(noise=noise)) < 0.96 * len(usual.getvalue())
