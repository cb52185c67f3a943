"""Polynomials agree with numpy's to the last bit: it is the oracle."""

import hypothesis.extra.numpy as arrays
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from number_reader.ink.polynomial import fitted, value_at

NUMBERS = st.floats(-1e6, 1e6, allow_subnormal=False)


@pytest.mark.filterwarnings("ignore:The fit may be poorly")
@pytest.mark.parametrize("degree", [0, 1, 2])
@given(data=st.data())
def test_they_are_numpys(degree, data):
    n = data.draw(st.integers(1, 30))
    x, y = (data.draw(arrays.arrays(np.float64, n, elements=NUMBERS)) for _ in range(2))
    found = fitted(x, y, degree)
    np.testing.assert_array_equal(found, np.polynomial.polynomial.polyfit(x, y, degree))
    np.testing.assert_array_equal(value_at(x, found), np.polynomial.polynomial.polyval(x, found))


def test_of_whole_numbers_and_lists():
    columns, heights = np.arange(9), [3, 3, 4, 4, 5, 6, 6, 7, 7]
    np.testing.assert_array_equal(fitted(columns, heights, 1), np.polynomial.polynomial.polyfit(columns, heights, 1))
