"""Median and percentiles agree with numpy's to the last bit: it is the oracle. Reading imports none of what they do."""

import subprocess
import sys

import hypothesis.extra.numpy as arrays
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from number_reader.ink.median import median, percentile
from tests.browser.picture_files import handwriting
from tests.number_reader.page.made import grid

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


@given(VALUES, st.one_of(st.integers(0, 100), st.floats(0, 100)))
def test_percentiles_of_all_values(values, percent):
    with np.errstate(over="ignore", invalid="ignore"):
        found, numpys = percentile(values, percent), np.percentile(values, percent)
    np.testing.assert_array_equal(found, numpys)
    assert np.asarray(found).dtype == numpys.dtype


# Reads what goes through all steps, is taught and forgets; says what of numpy that brought along.
READ = """
import sys
import numpy as np
import number_reader
pictures = np.load(sys.argv[1])
reader = number_reader.load()
reader.read(pictures["number"], symbols="sums")
reader.read(np.dstack([pictures["number"]] * 3 + [np.full_like(pictures["number"], 200)]))
reader.read_page(pictures["page"])
glyphs = np.ones((60, 28, 28), np.uint8) * np.arange(1, 61, dtype=np.uint8)[:, None, None]
rows = reader.teach_all(glyphs, [3] * 60)
reader.read(pictures["number"])
reader.forget(*rows)
print(sorted(name for name in sys.modules if name.startswith(("numpy.ma.", "numpy.polynomial."))))
"""


def test_reading_imports_no_masked_arrays_and_no_polynomials(tmp_path):
    """In a Python of its own, as what makes the pictures imports them."""
    page = grid([["12", "45", "7"], ["73", "26", "58"], ["50", "94", "3"]])
    np.savez(tmp_path / "pictures.npz", number=handwriting("2026"), page=page)
    told = [sys.executable, "-c", READ, str(tmp_path / "pictures.npz")]
    done = subprocess.run(told, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
