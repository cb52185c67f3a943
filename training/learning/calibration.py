"""Settles on unseen handwriting how sure a vote may be, and how much doubt is too much."""

import numpy as np
from sklearn.linear_model import LogisticRegression
from tqdm import tqdm

from number_reader.classification.certainty import evidence
from number_reader.classification.neighbors import Neighbors, closeness
from number_reader.storage import model as model_file
from training.data.datasets import NOT_A_DIGIT
from training.data.measures import limit_refusing
from training.learning import limits
from training.learning.examples import features_of, mix_weights

ONE_PERCENT = "limit of doubt that refuses 1 %"  # of the validation digits: where models are compared
# The limit of doubt refuses this share of the validation marks that are no digit, within what it may cost: a share of
# the validation digits that are read right.
REFUSED, COST = 0.78, (0.0005, 0.005)


def judge(built, glyphs, progress=True):
    """What a model that is not yet saved says of glyphs: (winner (n,), evidence (n, 2)), see `certainty.evidence`."""
    whole = model_file.round_vectors(built["vectors"], built["step"])
    known = Neighbors(whole * np.float32(built["step"]), built["labels"])
    winners, rows = [], []
    for query in tqdm(built["embedding"](features_of(glyphs)), "calibrate", disable=not progress):
        squared = known.squared_distances(query)
        smallest = known.smallest(squared)
        shares, _ = known.votes(squared, smallest)
        winner, row = evidence(shares, closeness(smallest))
        winners.append(winner)
        rows.append(row)
    return np.array(winners), np.array(rows)


def calibrate(built, validation, progress=True):
    """Fit confidence and the limit of doubt on validation glyphs that the vectors of `built` do not hold.

    Returns {"refuse_above", "calibration"}, and validation figures as a dict for people.
    """
    digits = validation[validation.labels < NOT_A_DIGIT]
    winners, rows = judge(built, digits.glyphs, progress)
    right = winners == digits.labels
    weights = mix_weights(digits)
    # One made-up mistake and one made-up success without any margin: the fit exists even where the model
    # makes no mistake at all.
    middle = np.median(rows[:, 1])
    fit_rows = np.vstack([rows, [[0, middle], [0, middle]]])
    fit_right = np.append(right, [True, False])
    fit_weights = np.append(weights, [weights.mean()] * 2) / weights.mean()
    logistic = LogisticRegression(C=1e3, max_iter=1000).fit(fit_rows, fit_right, fit_weights)

    none = validation[validation.labels == NOT_A_DIGIT]
    if (none.kinds != "scribbles").any():  # what people drew tells more than what was made up
        none = none[none.kinds != "scribbles"]
    doubts = judge(built, none.glyphs, progress)[1][:, 1]
    limit = limit_of_doubt(rows[right, 1], weights[right], doubts)
    figures = {}
    for kind in np.unique(digits.kinds):
        mine = digits.kinds == kind
        figures[f"{kind} error %"] = round(100 * float(np.mean(~right[mine])), 2)
        figures[f"{kind} refused %"] = round(100 * float(np.mean(rows[mine, 1] > limit)), 2)
    figures["no digits refused %"] = round(100 * float(np.mean(doubts > limit)), 1)
    figures[ONE_PERCENT] = round(limit_refusing(limits.SHARE, rows[:, 1], weights), 6)
    calibration = [float(logistic.intercept_[0]), *(float(c) for c in logistic.coef_[0])]
    return {"refuse_above": limit, "calibration": calibration}, figures


def limit_of_doubt(digits, weights, none):
    """The doubt beyond which a mark is no digit, a float: see REFUSED and COST.

    digits, weights: (n,), the doubt of digits that were read right and how much each counts. none: (m,), the doubt of
    marks that are no digit.
    """
    order = np.argsort(digits)
    share = np.cumsum(weights[order]) / weights.sum()
    loosest, tightest = (digits[order][np.searchsorted(share, 1 - cost).clip(max=len(share) - 1)] for cost in COST)
    return float(np.clip(np.quantile(none, 1 - REFUSED), tightest, loosest))
