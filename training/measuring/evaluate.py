"""Scores a model on data sets, through `Recognizer.read`, as the page uses it."""

from collections import Counter
from itertools import product
from pathlib import Path

import numpy as np

from number_reader import Recognizer
from training.data import splits
from training.data.datasets import NOT_A_DIGIT, NUMBER
from training.data.measures import auroc, calibration_error, interval, percent
from training.learning import limits
from training.measuring.observe import drawn_once, observe

CONFUSIONS = 5  # commonest mistakes named


def evaluate(model, datasets, split=splits.TEST, progress=True):
    """Score a model file on data sets; returns what `summary` makes of the observations."""
    recognizer = Recognizer.load(model)
    return summary(model, recognizer, [observe(recognizer, dataset, split, progress) for dataset in datasets])


def summary(model, recognizer, observations):
    """{"model": file, bytes, vectors and limits of doubt; "datasets": what `score` gives of each; "refusal": how well
    doubt tells each set's digits from each set's marks that are none}."""
    limit = limits.read(model)
    return {
        "model": {
            "file": str(model),
            "bytes": Path(model).stat().st_size,
            "vectors": recognizer.neighbors.n_trained,
            "refuse_above": recognizer.refuse_above,
            "refuse_one_percent": limit,
        },
        "datasets": [score(observed, limit) for observed in observations],
        "refusal": refusal(observations),
    }


def score(observed, limit=None):
    """The figures of one data set.

    Single digits: `count` drawings read, `error_percent` (the best label is wrong, refused or not) with its 95 %
    interval, `refused_percent`, `read_error_percent` (the text shown is not the digit: wrong, refused, or read as
    several), `calibration_error_percent` of the confidences, the first error `by_digit`, both `by_variant`, and where
    writers or drawings are known each one's error and their mean; where the pen's strokes are, `with_strokes`, the first
    error and the one of the text, drawn with the pad's brush. Numbers: `exact_percent`, `exact_with_strokes_percent`. What
    is no digit: `rejected_percent`, read as no digit at all. With `limit`, another limit of doubt, also the shares that it
    would refuse. Pictures of several sorts are counted `by_sort`.
    """
    dataset = observed.dataset
    out = {
        "name": dataset.name,
        "kind": dataset.kind,
        "split": observed.split,
        "count": 0,
        "notes": list(dataset.notes),
    }
    if len(observed.item) == 0:
        return out
    out["milliseconds_per_digit"] = round(observed.milliseconds / max(observed.digits_read, 1), 3)
    if observed.is_digit.any():
        out |= _digits(observed, limit)
    if (numbers := observed.truth == NUMBER).any():
        out |= {"numbers": int(numbers.sum()), "exact_percent": percent(~observed.misread[numbers])}
        if dataset.pen(observed.item[numbers][0]) is not None:
            out["exact_with_strokes_percent"] = percent(~observed.misread_with_pen[numbers])
    if (others := observed.truth == NOT_A_DIGIT).any():
        out |= {"not_digits": int(others.sum()), "rejected_percent": percent(observed.refused[others])}
        if limit is not None:
            out["rejected_at_one_percent"] = percent(observed.doubt[others] > limit)
            out["rejected_as_read_at_one_percent"] = percent(observed.doubt_as_read[others] > limit)
    if dataset.sorts is not None:
        sorts = dataset.sorts[observed.item]
        out["by_sort"] = {
            str(sort): {"count": int((sorts == sort).sum()), "wrong": int(observed.misread[sorts == sort].sum())}
            for sort in np.unique(sorts)
        }
    return out


def _digits(observed, limit):
    """The figures of the single digits of a data set; see `score`."""
    dataset, here = observed.dataset, observed.is_digit
    wrong, misread, ways = observed.wrong[here], observed.misread[here], len(dataset.variants)
    out = {
        "count": int(here.sum()),
        "error_percent": percent(wrong),
        # The ways in which one item is drawn are no further items.
        "error_interval": interval(wrong.sum() / ways, len(wrong) / ways),
        "refused_percent": percent(observed.refused[here]),
        "read_error_percent": percent(misread),
        "calibration_error_percent": round(100 * calibration_error(observed.confidence[here], ~wrong), 3),
    }
    if dataset.pen(observed.item[here][0]) is not None:
        once = drawn_once(observed)
        out["with_strokes"] = {
            "error_percent": percent(observed.answer_with_pen[once] != observed.truth[once]),
            "read_error_percent": percent(observed.misread_with_pen[once]),
        }
    if limit is not None:
        out["refused_at_one_percent"] = percent(observed.doubt[here] > limit)
    if ways > 1:
        drawn = [observed.variant[here] == v for v in range(ways)]
        out["by_variant"] = {
            name: {"error_percent": percent(wrong[so]), "read_error_percent": percent(misread[so])}
            for name, so in zip(dataset.variants, drawn)
        }
    groups = dataset.groups[observed.item[here]]
    if groups[0]:
        by_group = {str(group): percent(wrong[groups == group]) for group in np.unique(groups)}
        out |= {"groups": len(by_group), "mean_over_groups": round(float(np.mean(list(by_group.values()))), 3)}
        out["by_group"] = by_group
    truth = observed.truth[here]
    out["by_digit"] = {
        str(digit): {"count": int((truth == digit).sum()), "error_percent": percent(wrong[truth == digit])}
        for digit in np.unique(truth)
    }
    pairs = Counter(zip(observed.truth[here][wrong].tolist(), observed.answer[here][wrong].tolist()))
    out["confusions"] = [[*pair, n] for pair, n in pairs.most_common(CONFUSIONS)]
    return out


def refusal(observations):
    """[{"digits", "not_digits": names of data sets, "auroc"}] of each set with digits and each with other marks."""
    digits = [(o.dataset.name, o.doubt[o.is_digit]) for o in observations if o.is_digit.any()]
    others = [(o.dataset.name, o.doubt[o.truth == NOT_A_DIGIT]) for o in observations if (o.truth == NOT_A_DIGIT).any()]
    return [
        {"digits": name, "not_digits": other, "auroc": round(auroc(doubt, other_doubt), 4)}
        for (name, doubt), (other, other_doubt) in product(digits, others)
    ]
