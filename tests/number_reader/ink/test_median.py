"""The median agrees with numpy's, which is the oracle."""

import hypothesis.extra.numpy as arrays
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from number_reader.ink.median import median

VALUES = st.sampled_from([np.uint8, np.float32, np.float64, np.int64]).flatmap(
    lambda dtype: arrays.arrays(
        dtype,
        arrays.array_shapes(min_dims=1, max_dims=3, max_side=12),
        elements={"allow_nan": False, "allow_infinity": False} if np.issubdtype(dtype, np.floating) else None,
    )
)


@given(VALUES)
def test_of_all_values(values):
    with np.errstate(over="ignore"):
        assert median(values) == np.median(values)


@given(VALUES, st.data())
def test_along_an_axis(values, data):
    axis = data.draw(st.integers(-values.ndim, values.ndim - 1))
    with np.errstate(over="ignore"):
        np.testing.assert_array_equal(median(values, axis=axis), np.median(values, axis=axis))
