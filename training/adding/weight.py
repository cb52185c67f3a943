"""How much a person's own vectors count beside those of a model: how many times each stands among them.

Nothing is said of it in the file, and votes, closeness and doubt need not know. Three times is as much as being taught:
one example then vouches for itself, as the reader asks for the mean distance of the NEAREST three.
"""

from dataclasses import dataclass

import numpy as np

from number_reader.classification.certainty import evidence
from number_reader.classification.neighbors import FAR, NEAREST, K, Neighbors, closeness
from number_reader.labels import LABELS, NOT_A_DIGIT

WEIGHTS = range(NEAREST + 1)
READ = 2_000  # of the person's digits that are read to choose, at most
SAMPLE = 1_000  # of the model's own digits that are read as well
HARM = 0.01  # share of these that may be lost
TOGETHER = 8  # vectors compared with the model's at once
MEMORY = 20_000_000  # distances held at once


@dataclass
class Choice:
    """What was chosen, and from what. weight: of WEIGHTS. read: how many of the person's digits were read, each as if it
    were not among those added; wrong: {weight: how many of them were read wrong or refused}. sampled: how many of the
    model's own digits were read in the same way; lost: {weight: how many of them more than with weight 0 were wrong}.
    """

    weight: int
    read: int
    wrong: dict
    sampled: int
    lost: dict


class Scale:
    """Weighs vectors against a Model (see number_reader/storage/model.py), which it does not change."""

    def __init__(self, model):
        self.known = Neighbors(model.vectors, model.labels)
        self.refuse_above = model.refuse_above
        digits = int((model.labels < NOT_A_DIGIT).sum())
        self.rows = np.unique(np.linspace(0, digits - 1, SAMPLE).astype(int))
        self.near_rows = self.nearest(model.vectors[self.rows], self.rows)

    def nearest(self, vectors, without=None):
        """The K smallest squared distances of vectors, float32 (n, d), to the model's of each label: float32 (n, LABELS, K).
        without: the row, (n,), that is passed over for each."""
        out = np.empty((len(vectors), LABELS, K), np.float32)
        for start in range(0, len(vectors), TOGETHER):
            some = slice(start, start + TOGETHER)
            squared = self.known.squared_distances(vectors[some])
            if without is not None:
                squared[np.arange(len(squared)), without[some]] = FAR
            out[some] = self.known.smallest(squared)
        return out

    def wrong(self, near, truth, squared, labels, weight):
        """Which digits are read wrong or refused, bool (n,), where m vectors of these labels count `weight` times.

        near: float32 (n, LABELS, K), what `nearest` says of the digits. truth: (n,). squared: float32 (n, m), their
        distances to the m, FAR where one is passed over. labels: (m,).
        """
        columns = np.concatenate([np.repeat(np.arange(LABELS, dtype=np.uint8), K), np.repeat(labels, weight)])
        order = np.argsort(columns, kind="stable")
        known = Neighbors(np.zeros((len(columns), 1), np.float32), columns[order])  # it is asked for votes only
        out = np.empty(len(near), bool)
        step = max(MEMORY // len(columns), 1)
        for start in range(0, len(near), step):
            some = slice(start, start + step)
            added = np.repeat(squared[some], weight, axis=1)
            all_of_them = np.concatenate([near[some].reshape(-1, LABELS * K), added], axis=1)[:, order]
            smallest = known.smallest(all_of_them)
            close = closeness(smallest)
            for k in range(len(all_of_them)):
                winner, (_, doubt) = evidence(known.votes(all_of_them[k], smallest[k])[0], close[k])
                out[start + k] = winner != truth[start + k] or doubt > self.refuse_above
        return out

    def choose(self, vectors, labels, near=None):
        """The weight with which vectors are added, as a Choice.

        vectors: float32 (m, d), rounded as the file will hold them. labels: uint8 (m,), digits and marks; only digits are
        read. near: what `nearest` says of the vectors, if it is known already.

        Each digit is read as if it had not been added, nor any just like it. The least share of errors wins, with the
        share of the model's own digits that is lost added to it, which is HARM at most; where several are as good, the
        greatest. That few examples can't show yet what they are worth is no reason to leave them out: they are what the
        person writes.
        """
        digits = np.flatnonzero(labels < NOT_A_DIGIT)
        digits = digits[np.unique(np.linspace(0, len(digits) - 1, min(READ, len(digits))).astype(int))]
        near = self.nearest(vectors[digits]) if near is None else near[digits]
        between = squared_distances(vectors[digits], vectors)
        _, kinds = np.unique(vectors, axis=0, return_inverse=True)
        kinds = kinds.reshape(-1)
        between[kinds[digits, None] == kinds] = FAR
        wrong = {w: int(self.wrong(near, labels[digits], between, labels, w).sum()) for w in WEIGHTS}
        from_rows = squared_distances(self.known.vectors[self.rows], vectors)
        touched = (from_rows < self.near_rows.max(axis=-1)[:, labels]).any(axis=1)  # others are read as before
        truth = self.known.labels[self.rows[touched]]
        there = self.near_rows[touched], truth, from_rows[touched], labels
        lost = {w: int(self.wrong(*there, w).sum()) for w in WEIGHTS}
        lost = {w: lost[w] - lost[0] for w in WEIGHTS}
        costs = {w: wrong[w] / max(len(digits), 1) + max(lost[w], 0) / len(self.rows) for w in WEIGHTS}
        allowed = [w for w in WEIGHTS if lost[w] <= HARM * len(self.rows)]
        weight = min(allowed, key=lambda w: (costs[w], -w))
        return Choice(weight, len(digits), wrong, len(self.rows), lost)


def squared_distances(some, others):
    """Squared distances float32 (n, m) between vectors, float32 (n, d) and (m, d)."""
    squares = (some * some).sum(axis=1)[:, None] + (others * others).sum(axis=1)
    return np.maximum(squares - 2 * some @ others.T, 0).astype(np.float32)
