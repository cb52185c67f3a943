"""certainty.py: doubt and confidence keep the promises of their docstrings."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from recognizer.certainty import confidence, doubt, evidence
from recognizer.model import LABELS, NOT_A_DIGIT
from recognizer.neighbors import EPSILON, FAR


def test_doubt_grows_with_the_distance_from_all_digits():
    near = np.linspace(1, 2, LABELS)
    assert doubt(near * 2) > doubt(near)
    nearer_to_no_digit = near.copy()
    nearer_to_no_digit[NOT_A_DIGIT] = 0.1
    assert doubt(nearer_to_no_digit) > doubt(near)


def test_doubt_does_without_examples_of_what_is_no_digit():
    near = np.append(np.linspace(1, 2, 10), np.full(LABELS - 10, FAR + EPSILON))
    assert doubt(near) == pytest.approx(0)


def test_the_margin_is_negative_where_the_votes_overrule_the_nearest_label():
    near = np.full(LABELS, 4.0)
    near[2], near[3] = 1, 2
    shares = np.zeros(10)
    shares[3] = 1
    winner, (margin, _) = evidence(shares, near)
    assert winner == 3 and margin == pytest.approx(np.log(1 / 2))


@given(
    near=arrays(float, LABELS, elements=st.floats(1e-6, 1e6)),
    shares=arrays(float, 10, elements=st.floats(0, 1)),
    calibration=arrays(float, 3, elements=st.floats(-100, 100)),
)
def test_confidences_are_probabilities_whatever_the_distances(near, shares, calibration):
    sure = confidence(shares, near, calibration)
    assert sure.shape == (10,) and np.isfinite(sure).all()
    assert (sure >= 0).all() and sure.sum() == pytest.approx(1)


def test_confidence_grows_with_the_margin():
    shares = np.eye(10)[4]
    near = np.full(LABELS, 2.0)
    sure = []
    for own in (1.5, 1, 0.5, 0.1):
        near[4] = own
        sure.append(confidence(shares, near, np.array([0, 1, 0]))[4])
    assert sure == sorted(sure)
