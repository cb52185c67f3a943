"""What is said of a reader in numbers: intervals, calibration, and how well doubt tells digits from other marks."""

import numpy as np
from scipy.stats import rankdata

BINS = 15  # of confidence, equal in width, as Guo et al. (2017) have them


def interval(wrong, count):
    """95 % Wilson interval of a share, in percent: (low, high)."""
    z, p = 1.96, wrong / count
    middle = (p + z * z / (2 * count)) / (1 + z * z / count)
    half = z * np.sqrt(p * (1 - p) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return round(100 * max(middle - half, 0), 3), round(100 * min(middle + half, 1), 3)


def percent(values):
    """Mean of (n,) bools or shares, in percent."""
    return round(100 * float(np.mean(values)), 3)


def reliability(confidence, right, bins=BINS):
    """How often answers given with about the same confidence are right.

    confidence: (n,) in 0..1. right: bool (n,). Returns [(mean confidence, share right, count)] of the bins that are
    not empty, least sure first.
    """
    confidence, right = np.asarray(confidence, float), np.asarray(right, bool)
    number = np.minimum((confidence * bins).astype(int), bins - 1)
    return [
        (float(confidence[here].mean()), float(right[here].mean()), int(here.sum()))
        for here in (number == b for b in range(bins))
        if here.any()
    ]


def calibration_error(confidence, right, bins=BINS):
    """Expected calibration error, 0..1: the mean gap between confidence and share right, bins weighted by count."""
    gaps = [(abs(sure - share), count) for sure, share, count in reliability(confidence, right, bins)]
    return sum(gap * count for gap, count in gaps) / sum(count for _, count in gaps)


def auroc(doubt_of_digits, doubt_of_others):
    """Area under the curve of refusals: the chance that a mark that is no digit is more doubtful than a digit, ties
    counted half (Mann and Whitney 1947). Doubts may be infinite."""
    n, m = len(doubt_of_digits), len(doubt_of_others)
    ranks = rankdata(np.concatenate([doubt_of_digits, doubt_of_others]))
    return float((ranks[n:].sum() - m * (m + 1) / 2) / (n * m))


def limit_refusing(share, doubt, weights):
    """The lowest limit of doubt that refuses (doubt > limit) at most this share, below 1, of the weight of digits.

    doubt, weights: (n,), the digits' own and how much each counts.
    """
    order = np.argsort(doubt)[::-1]
    affordable = np.cumsum(weights[order]) <= share * weights.sum() * (1 + 1e-9)
    return float(doubt[order][affordable.sum()])
