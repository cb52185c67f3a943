"""Measures against scikit-learn, scipy and plain loops."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from sklearn.metrics import roc_auc_score

from training.data.measures import auroc, calibration_error, interval, limit_refusing, percent, reliability

doubts = st.lists(st.sampled_from([-3.0, -1.5, 0.0, 0.25, 2.0, 7.0]) | st.floats(-9, 9), min_size=1, max_size=40)


@given(st.integers(1, 20_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_interval_is_wilsons(counts):
    wrong, count = counts
    wanted = binomtest(wrong, count).proportion_ci(method="wilson")
    assert interval(wrong, count) == pytest.approx((100 * wanted.low, 100 * wanted.high), abs=0.002)


@given(doubts, doubts)
def test_auroc_is_scikit_learns(digits, others):
    truth = [0] * len(digits) + [1] * len(others)
    assert auroc(digits, others) == pytest.approx(roc_auc_score(truth, digits + others), abs=1e-12)


def test_auroc_knows_infinite_doubt():
    assert auroc([0.0, 1.0], [np.inf, np.inf]) == 1
    assert auroc([0.0, np.inf], [np.inf]) == 0.75


answers = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60)


@given(answers)
def test_calibration_error_is_the_weighted_gap_of_fifteen_bins(answers):
    bins = {}
    for sure, right in answers:
        bins.setdefault(min(int(sure * 15), 14), []).append((sure, right))
    gaps = [abs(sum(s for s, _ in each) - sum(r for _, r in each)) for each in bins.values()]
    sure, right = zip(*answers)
    assert calibration_error(sure, right) == pytest.approx(sum(gaps) / len(answers), abs=1e-12)
    table = reliability(sure, right)
    assert sum(count for *_, count in table) == len(answers)
    assert [row[0] for row in table] == sorted(row[0] for row in table)


def test_what_is_said_with_the_confidence_it_deserves_has_no_calibration_error():
    assert calibration_error([0.75] * 4, [True, True, True, False]) == 0
    assert calibration_error([1.0] * 4, [False] * 4) == 1


@given(st.floats(0, 0.9), st.lists(st.tuples(st.integers(-9, 9), st.integers(1, 5)), min_size=1, max_size=40))
def test_limit_refuses_at_most_the_share_and_no_lower_limit_does(share, weighted):
    doubt, weights = np.array(weighted, float).T
    limit = limit_refusing(share, doubt, weights)
    repeated = np.repeat(doubt, weights.astype(int))
    assert np.mean(repeated > limit) <= share + 1e-8
    assert np.mean(repeated >= limit) > share


def test_percent():
    assert percent([True, False, False]) == 33.333
