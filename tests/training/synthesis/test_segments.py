"""segments.py: which segments of a number are wrong, told from whose ink they hold."""

import numpy as np
import pytest

from number_reader.classification.normalize import glyph
from number_reader.ink.frames import trim
from number_reader.ink.image import ink_map
from tests.number_reader.hand import DIGITS
from training.data.datasets import StrokeSet
from training.data.strokes import picture
from training.synthesis.segments import PART, SEVERAL, glyphs, wrong_segments

SIZE, BRUSH = 300, 16


def digits_at(text, pitch):
    """Strokes of each digit of a text, `pitch` heights apart."""
    return [[np.array(stroke, np.float32) + (pitch * k, 0) for stroke in DIGITS[int(c)]] for k, c in enumerate(text)]


def found(text, pitch):
    return wrong_segments(digits_at(text, pitch), SIZE, BRUSH)


def kinds(text, pitch):
    return {kind for _, kind in found(text, pitch)}


def test_glyphs_are_glyphs():
    for shape, kind in found("33", 0.55):
        assert shape.shape == (28, 28)
        assert shape.dtype == np.uint8
        assert shape.any()
        assert kind in (SEVERAL, PART)


@pytest.mark.parametrize("text", ["33", "25", "80"])
def test_two_that_touch_are_several(text):
    assert SEVERAL in kinds(text, 0.55)


@pytest.mark.parametrize("text", ["33", "25", "80"])
def test_digits_apart_are_not_several(text):
    assert SEVERAL not in kinds(text, 1.5)


@pytest.mark.parametrize("digit", "023568")
def test_what_a_seam_cuts_off_a_lone_digit_is_a_part(digit):
    assert kinds(digit, 1) == {PART}


def test_the_whole_of_a_lone_digit_is_not_wrong():
    """Each digit's whole ink makes a glyph that is not among its wrong segments."""
    for digit in "02358":
        (strokes,) = digits_at(digit, 1)
        whole = glyph(ink_map(trim(picture(strokes, SIZE, BRUSH))[0])[0])
        assert all(np.abs(shape.astype(int) - whole).mean() > 1 for shape, _ in found(digit, 1))


def test_strokes_of_a_digit_that_stand_apart_are_parts():
    apart = [[np.array([(0, 0), (0, 1)], np.float32), np.array([(0.4, 0), (0.4, 1)], np.float32)]]
    assert [kind for _, kind in wrong_segments(apart, SIZE, BRUSH) if kind == PART]


def test_pictures_that_would_be_shrunk_are_left_out():
    assert wrong_segments(digits_at("33", 0.65), 2500, BRUSH) == []


def test_as_many_of_each_kind_as_asked_for(small_strokes):
    digits = StrokeSet(small_strokes)
    items = np.flatnonzero(digits.labels < 10)
    shapes, labels = glyphs(digits, items, 12, seed=3, progress=False)
    assert shapes.shape == (24, 28, 28)
    assert shapes.dtype == np.uint8
    assert labels.tolist() == [SEVERAL] * 12 + [PART] * 12
    again, _ = glyphs(digits, items, 12, seed=3, progress=False)
    np.testing.assert_array_equal(shapes, again)
