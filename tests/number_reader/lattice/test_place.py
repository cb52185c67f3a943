"""place.py: where something stands on its line, against the digits beside it."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from number_reader.lattice.place import Places, leans

TALL = (0, 0, 40, 20), (0, 60, 40, 80)  # two digits, with room between them
POINT = (36, 38, 40, 46)


def places(*boxes, usual=None):
    return Places(dict(enumerate(boxes)), 40, usual or {})


def test_a_place_is_told_in_heights_of_the_digits_near_it():
    place = places(*TALL, POINT).of(POINT, [2])
    assert place.high == pytest.approx(math.log(4 / 40))
    assert place.wide == pytest.approx(math.log(8 / 40))
    assert place.middle == pytest.approx((38 - 20) / 40)


def test_digits_far_off_say_where_a_mark_stands_only_if_none_is_near():
    low = [(100, left, 120, left + 10) for left in (1_000, 1_020, 1_040)]
    here = places(*TALL, POINT).of(POINT, [2])
    assert places(*TALL, POINT, *low).of(POINT, [2]) == here
    lone = (36, 500, 40, 508)
    assert places(*TALL, lone).of(lone, [2]) == here


def test_what_stands_alone_has_no_place():
    assert places(TALL[0]).of(TALL[0], [0]) is None
    assert places(TALL[0], POINT).of(POINT, [1]) is not None
    assert places(TALL[0], POINT).of(TALL[0], [0]) is None  # a point says nothing of where digits stand


def test_how_far_it_leans_is_held_against_the_others_of_its_line():
    line = places(*TALL, (0, 100, 40, 120), usual={0: 0.3, 1: 0.5, 2: 0.4})
    assert line.of(TALL[0], [0], 0.1).lean == pytest.approx(0.1 - 0.5)  # the middle of two is the upper one
    assert places(*TALL).of(TALL[0], [0], 0.1).lean == 0


@given(st.floats(-1, 1))
def test_a_stroke_leans_as_far_as_it_was_drawn(slope):
    glyph = np.zeros((1, 28, 28), np.uint8)
    for row in range(4, 24):
        glyph[0, row, round(13.5 + slope * (row - 13.5) * 0.6)] = 255
    assert leans(glyph)[0] == pytest.approx(0.6 * slope, abs=0.1)
    assert leans(glyph[:0]) == []
