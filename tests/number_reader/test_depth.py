"""command.py, pictures of more than 8 bits: scaled by the white that their values need. scikit-image is the oracle."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from skimage.exposure import rescale_intensity
from skimage.util import img_as_ubyte

from number_reader.command import scaled

BITS = {"uint8": 8, "uint10": 10, "uint12": 12, "uint14": 14, "uint16": 16}
RAMP = np.linspace(0, 1, 400).reshape(20, 20)


def ramp(bits):
    """All values of so many bits, evenly, as 16-bit files hold them."""
    return np.rint(RAMP * (2**bits - 1)).astype(np.uint16)


@pytest.mark.parametrize("name", BITS)
def test_whole_values_come_as_scikit_image_scales_them(name):
    values = ramp(BITS[name])
    ours = scaled(values)
    theirs = rescale_intensity(values.astype(float), in_range=(0, 2 ** BITS[name] - 1), out_range=(0, 255))
    assert np.abs(ours - theirs).max() <= 1
    assert np.array_equal(ours, img_as_ubyte(values << (16 - BITS[name])))


@given(arrays.arrays(np.uint16, (4, 5), elements=st.integers(0, 65535)))
def test_any_whole_values_are_the_upper_8_of_the_bits_that_they_need(values):
    bits = next(bits for bits in BITS.values() if values.max() < 2**bits)
    assert np.array_equal(scaled(values), img_as_ubyte(values << (16 - bits)))


@given(arrays.arrays(np.float32, (4, 5), elements=st.floats(0, 1, width=32)))
def test_floats_up_to_1_come_as_scikit_image_scales_them(values):
    assert np.array_equal(scaled(values), img_as_ubyte(values))


@given(arrays.arrays(np.float32, (4, 5), elements=st.floats(-1, 1, width=32)))
def test_floats_of_both_signs_have_grey_at_0(values):
    values[0, :2] = -1, 1
    theirs = rescale_intensity(values.astype(float), in_range=(-1, 1), out_range=(0, 255))
    assert np.abs(scaled(values) - theirs).max() <= 0.51


@pytest.mark.parametrize("white", [255, 1023, 4095, 65535])
def test_floats_that_count_as_whole_values_do_are_scaled_alike(white):
    theirs = rescale_intensity(RAMP, in_range=(0, 1), out_range=(0, 255))
    assert np.abs(scaled((RAMP * white).astype(np.float32)) - theirs).max() <= 0.51


def test_what_is_dark_in_8_bits_stays_dark():
    dark = np.random.default_rng(0).integers(0, 20, (30, 30))
    for values in (dark.astype(np.uint16), dark.astype(np.int32)):
        assert np.array_equal(scaled(values), dark)
    assert np.abs(scaled(dark.astype(np.float32)) - dark).max() == 0


@pytest.mark.parametrize("noise", [1, 9])
def test_noise_on_black_is_not_blown_up(noise):
    values = np.random.default_rng(0).integers(0, noise + 1, (30, 30))
    assert scaled(values.astype(np.uint16)).max() == noise
    assert scaled((values / 1000).astype(np.float32)).max() <= 3


@pytest.mark.parametrize("value", [0, 3, 200, 255, 256, 3000, 4095, 65535, -7, 0.0, 0.5, 1.0, 90.5, -3.0])
def test_a_blank_picture_stays_blank(value):
    dtype = np.float32 if isinstance(value, float) else np.int32
    assert len(np.unique(scaled(np.full((9, 9), value, dtype)))) == 1


def test_a_little_beyond_black_and_white_is_black_and_white():
    values = np.array([[-0.06, 0, 0.5, 1, 1.07]], np.float32)
    assert scaled(values).tolist() == [[0, 0, 128, 255, 255]]


def test_what_is_no_number_decides_nothing():
    values = np.array([[np.nan, np.inf, -np.inf, 0.5, 1]], np.float32)
    assert scaled(values).tolist() == [[0, 255, 0, 128, 255]]
    assert not scaled(np.full((3, 3), np.nan, np.float32)).any()


@given(arrays.arrays(np.float32, (3, 4)) | arrays.arrays(np.int32, (3, 4)) | arrays.arrays(np.uint16, (3, 4)))
def test_any_values_are_scaled_and_keep_their_order(values):
    ours = scaled(values)
    assert (ours.dtype, ours.shape) == (np.uint8, values.shape)
    known = np.isfinite(values)
    order = np.argsort(values[known])
    assert (np.diff(ours[known][order].astype(int)) >= 0).all()
