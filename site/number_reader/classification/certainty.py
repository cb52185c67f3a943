"""How sure a vote is: doubt (is it a digit at all?) and confidence (is it this digit?)."""

import numpy as np

from number_reader.classification.neighbors import FAR
from number_reader.labels import NOT_A_DIGIT

NONE = 0.85  # 1 would ask only which is nearer, 0 only how near the digits are


def doubt(near):
    """How far a mark is from all digits, also in relation to what is no digit: higher is more doubtful.

    near: what `neighbors.closeness` returns. log of the nearest digit's distance, less NONE times the log of the
    nearest non-digit's.
    """
    score = np.log(near[:NOT_A_DIGIT].min())
    return float(score - NONE * np.log(near[NOT_A_DIGIT]) if near[NOT_A_DIGIT] < FAR else score)


def evidence(shares, near):
    """What confidence is computed from: the margin between the winner and the runner-up, and the doubt.

    Returns (winner, float64 (2,)); the margin is the log ratio of their closeness.
    """
    winner = int(np.argmax(shares))
    others = near[:NOT_A_DIGIT].copy()
    others[winner] = np.inf
    return winner, np.array([np.log(others.min() / near[winner]), doubt(near)])


def confidence(shares, near, calibration):
    """Calibrated probability of each label: float64 (10,), adding up to 1.

    The winner's is a logistic function of its evidence, fitted on validation data (Platt 1999); the others
    share the rest as 1 / closeness^2.
    """
    winner, (margin, doubtful) = evidence(shares, near)
    logit = calibration[0] + calibration[1] * margin + calibration[2] * doubtful
    top = 1 / (1 + np.exp(-np.clip(logit, -30, 30)))
    rest = near[:NOT_A_DIGIT] ** -2.0
    rest[winner] = 0
    rest /= rest.sum()
    top = max(top, rest.max() / (1 + rest.max()))  # the label that is given is never the less sure one
    out = np.minimum((1 - top) * rest, top)  # equal ones may differ by rounding
    out[winner] = top
    return out
