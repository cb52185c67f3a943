"""All that a report tells, measured: `evaluate`'s figures, and what stands beside them."""

from dataclasses import asdict, dataclass

import numpy as np

from number_reader import Recognizer
from training.data import splits
from training.data.datasets import NOT_A_DIGIT
from training.data.measures import percent, reliability
from training.data.photos import DEVELOPMENT
from training.measuring import leakage
from training.measuring.bars import bars
from training.measuring.evaluate import score, summary
from training.measuring.observe import NUMBER, observe
from training.measuring.speed import COUNT, drawings, latency
from training.report.curves import frontier, learning_curve
from training.synthesis.scribbles import ScribbleSet

COMPARED = ("mnist", "strokes", "embedded", "pictures")  # kinds of data sets that classifiers are compared on
REFUSED = (0.1, 0.5, 1, 2, 5)  # % of the digits, at which the share of other marks refused is told


@dataclass
class Findings:
    """recognizer and observations (Observed, one of each data set): what was seen. result: `evaluate`'s figures.
    photos: `score` of the development half of photos, if there are any. latency: see `speed`. frontier, learning:
    lists of `curves.Point`. leakage: list of `leakage.Test`; the last two are empty where they were left out."""

    recognizer: Recognizer
    observations: list
    result: dict
    photos: list
    latency: dict
    frontier: list
    learning: list
    leakage: list

    @property
    def bars(self):
        return bars(self.result, self.latency)

    @property
    def compared(self):
        return compared(self.observations)

    def figures(self):
        """The figures as plain values, for JSON."""
        return self.result | {
            "bars": [asdict(bar) | {"met": bar.met} for bar in self.bars],
            "photos_development": self.photos,
            "latency": self.latency,
            "refusal_curve": refusal_table(self.observations),
            "reliability": {
                o.dataset.name: reliability(o.confidence[o.is_digit], ~o.wrong[o.is_digit]) for o in self.compared
            },
            "frontier": [asdict(point) for point in self.frontier],
            "learning_curve": [asdict(point) for point in self.learning],
            "leakage": [asdict(test) for test in self.leakage],
        }


def find(model, datasets, split=splits.TEST, brief=False, progress=True):
    """Measure a model file on data sets. brief: without what learns anew, learning curve and leakage."""
    recognizer = Recognizer.load(model)
    sets = [*datasets, ScribbleSet()]
    observations = [observe(recognizer, dataset, split, progress) for dataset in sets]
    observations = [observed for observed in observations if len(observed.item)]
    photos = [score(observe(recognizer, d, DEVELOPMENT, progress)) for d in datasets if d.kind == "photos"]
    pens = [d for d in datasets if d.kind == "strokes" and (d.labels < NOT_A_DIGIT).any()]
    tests = compared(observations)
    single = drawings(pens[0], 1, COUNT, split) if pens else []
    kaggle = [d for d in datasets if leakage.usable(d)]
    learnable = [d for d in datasets if d.kind != "photos" and (d.labels < NOT_A_DIGIT).any()]
    return Findings(
        recognizer,
        observations,
        summary(model, recognizer, observations),
        photos,
        latency(recognizer, pens[0], split, COUNT, progress) if pens else {},
        frontier(model, tests, single, progress),
        [] if brief else learning_curve(learnable, tests, progress),
        leakage.measure(kaggle[0], tests, recognizer, progress=progress) if kaggle and not brief else [],
    )


def compared(observations):
    """The observations that classifiers are compared on."""
    return [o for o in observations if o.dataset.kind in COMPARED and o.is_digit.any()]


def reference_digits(observations):
    """The digits that other marks are told from: pen strokes, as those marks are, or else the first there are."""
    of_digits = [o for o in observations if o.is_digit.any()]
    return next((o for o in of_digits if o.dataset.kind == "strokes"), of_digits[0] if of_digits else None)


def refusal_table(observations):
    """[{"digits": % of the reference digits refused, "limit", name of a data set: % of its marks refused, ...}], at
    limits that refuse REFUSED of them."""
    digits = reference_digits(observations)
    if digits is None:
        return []
    doubt = digits.doubt[digits.is_digit]
    rows = []
    for share in REFUSED:
        limit = float(np.quantile(doubt, 1 - share / 100))
        rows.append(refused_at(limit, observations))
    return rows


def refused_at(limit, observations):
    """One row of `refusal_table`, at this limit of doubt."""
    digits = reference_digits(observations)
    marks = {
        o.dataset.name: percent(o.doubt[o.truth == NOT_A_DIGIT] > limit)
        for o in observations
        if (o.truth == NOT_A_DIGIT).any()
    }
    return {"digits": percent(digits.doubt[digits.is_digit] > limit), "limit": round(limit, 4)} | marks


def misread_numbers(findings):
    """(Observed, position) of each number of several digits that was misread, with or without the pen strokes."""
    return [
        (o, int(position))
        for o in findings.observations
        if o.dataset.kind != "photos"
        for position in np.flatnonzero((o.truth == NUMBER) & (o.misread | o.misread_with_pen))
    ]
