"""certainty.py: doubt and confidence keep the promises of their docstrings."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from number_reader.classification.certainty import NONE, confidence, doubt, evidence
from number_reader.classification.neighbors import EPSILON, FAR
from number_reader.labels import LABELS, NOT_A_DIGIT


def test_doubt_grows_with_the_distance_from_all_digits():
    near = np.linspace(1, 2, LABELS)
    assert doubt(near * 2) > doubt(near)
    nearer_to_no_digit = near.copy()
    nearer_to_no_digit[NOT_A_DIGIT] = 0.1
    assert doubt(nearer_to_no_digit) > doubt(near)


def test_doubt_does_without_examples_of_what_is_no_digit():
    near = np.append(np.linspace(1, 2, 10), np.full(LABELS - 10, FAR + EPSILON))
    assert doubt(near) == pytest.approx(0)


@pytest.mark.parametrize("times", [0.2, 3])
def test_doubt_counts_what_is_no_digit_nearly_as_much(times):
    near = np.linspace(0.5, 2, LABELS)
    farther = near.copy()
    farther[NOT_A_DIGIT] *= times
    assert doubt(near) - doubt(farther) == pytest.approx(NONE * np.log(times))
    farther[:NOT_A_DIGIT] *= times
    assert doubt(farther) - doubt(near) == pytest.approx((1 - NONE) * np.log(times))
    farther[NOT_A_DIGIT + 1 :] *= times
    assert doubt(farther) - doubt(near) == pytest.approx((1 - NONE) * np.log(times)), "parts of digits count not"


def test_evidence_is_the_margin_to_the_nearest_other_digit_and_the_doubt():
    near = np.arange(3.0, 3 + LABELS)
    near[[6, 1]] = 0.5, 1.5
    near[NOT_A_DIGIT:] = 0.1
    before = near.copy()
    winner, (margin, doubtful) = evidence(np.eye(10)[6], near)
    assert (winner, doubtful) == (6, doubt(near))
    assert margin == pytest.approx(np.log(1.5 / 0.5))
    np.testing.assert_array_equal(near, before)


def test_the_margin_is_negative_where_the_votes_overrule_the_nearest_label():
    near = np.full(LABELS, 4.0)
    near[2], near[3] = 1, 2
    shares = np.zeros(10)
    shares[3] = 1
    winner, (margin, _) = evidence(shares, near)
    assert winner == 3
    assert margin == pytest.approx(np.log(1 / 2))


@given(
    near=arrays(float, LABELS, elements=st.floats(1e-6, 1e6)),
    shares=arrays(float, 10, elements=st.floats(0, 1)),
    calibration=arrays(float, 3, elements=st.floats(-100, 100)),
)
def test_confidences_are_probabilities_whatever_the_distances(near, shares, calibration):
    sure = confidence(shares, near, calibration)
    assert sure.shape == (10,)
    assert np.isfinite(sure).all()
    assert (sure >= 0).all()
    assert sure.sum() == pytest.approx(1)
    assert sure[shares.argmax()] == sure.max(), "the label that is given is never the less sure one"


@pytest.mark.parametrize("calibration", [(0.3, 1.2, -0.7), (2, 0.4, 0), (1, 0, -1.5)])
def test_confidence_is_a_logistic_function_and_the_others_share_the_rest(calibration):
    near = np.linspace(1, 4, LABELS)
    near[7] = 0.4
    sure = confidence(np.eye(10)[7], near, np.array(calibration))
    _, (margin, doubtful) = evidence(np.eye(10)[7], near)
    expected = calibration[0] + calibration[1] * margin + calibration[2] * doubtful
    assert np.log(sure[7] / (1 - sure[7])) == pytest.approx(expected)
    for label in (0, 3, 9):
        assert sure[label] / sure[5] == pytest.approx((near[5] / near[label]) ** 2)


@pytest.mark.parametrize("logit", [-1e9, -50, 50, 1e9])
def test_nothing_is_quite_sure_and_nothing_overflows(logit):
    near = np.full(LABELS, 2.0)
    near[7] = 0.1
    with np.errstate(all="raise"):
        sure = confidence(np.eye(10)[7], near, np.array([logit, 0, 0]))
    assert sure[7] == sure.max() < 1
    assert (sure > 0).all()
    assert sure[7] == pytest.approx(1 if logit > 0 else 0.1, abs=1e-9)


def test_confidence_grows_with_the_margin():
    shares = np.eye(10)[4]
    near = np.full(LABELS, 2.0)
    sure = []
    for own in (1.5, 1, 0.5, 0.1):
        near[4] = own
        sure.append(confidence(shares, near, np.array([0, 1, 0]))[4])
    assert sure == sorted(sure)
