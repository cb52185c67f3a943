"""k-nearest neighbours: distances, votes, and how near each class is."""

import sys

import numpy as np

from number_reader.labels import LABELS, NOT_A_DIGIT

K = 5  # neighbours that vote
NEAREST = 3  # neighbours whose mean squared distance says how near a class is
EPSILON = 1e-6  # keeps the vote of an exact match finite
FAR = 1e6  # squared distance to a class with no vectors


class Neighbors:
    """Training vectors, and what was taught since.

    vectors: float32 (n, d), labels: uint8 (n,), sorted: digits first. Row numbers are stable: taught
    vectors get n, n + 1, ... and keep their number when others are forgotten.
    """

    def __init__(self, vectors, labels):
        self.n_trained = len(vectors)
        if sys.platform == "emscripten":  # no BLAS there, and numpy's own product goes along rows
            vectors = np.ascontiguousarray(vectors)
        self.vectors, self.labels = vectors, labels
        self.rows = np.arange(len(vectors))
        self.next_row = len(vectors)
        self._squares = np.einsum("nd,nd->n", vectors, vectors)
        self._starts = np.searchsorted(labels, np.arange(LABELS + 1)).tolist()

    def squared_distances(self, queries, out=None):
        """Squared distances from embedded queries (..., d) to all vectors, taught ones last: float32 (..., m), in
        `out` if it is given."""
        squared = np.matmul(-2 * queries, self.vectors.T, out=out)  # and on in place: there is no larger array
        squared += self._squares
        squared += (queries * queries).sum(axis=-1, keepdims=True)
        return np.maximum(squared, 0, out=squared)

    def smallest(self, squared):
        """The K smallest squared distances, of (..., m), to each label: float32 (..., LABELS, K), in no order, FAR where
        a label has fewer vectors."""
        out = np.full((*squared.shape[:-1], LABELS, K), FAR, np.float32)
        for label in range(LABELS):
            own = squared[..., self._starts[label] : self._starts[label + 1]]  # a slice: labels are sorted
            if own.shape[-1] > K:
                own = np.partition(own, K - 1, axis=-1)[..., :K]
            out[..., label, : own.shape[-1]] = own
        for label, taught in self._taught(squared):
            both = np.concatenate([out[..., label, :], taught], axis=-1)
            out[..., label, :] = np.partition(both, K - 1, axis=-1)[..., :K]
        return out

    def vouch(self, near, squared):
        """Lower closeness, float64 (..., LABELS), to what the nearest taught vector of each label alone says, where that
        is nearer: a person said what it is, so it need not be borne out by others. squared: (..., m)."""
        for label, taught in self._taught(squared):
            near[..., label] = np.minimum(near[..., label], taught.min(axis=-1) + EPSILON)

    def _taught(self, squared):
        """Of squared distances (..., m): each label that was taught, and those to its taught vectors."""
        labels = self.labels[self.n_trained :]
        return [(label, squared[..., self.n_trained :][..., labels == label]) for label in sorted(set(labels.tolist()))]

    def votes(self, squared, smallest):
        """Weighted votes of the K nearest digits, from squared distances (m,) and the `smallest` of them: (shares float64
        (10,) adding up to 1, positions of the voters, nearest first). Each votes with 1 / (D^2 + EPSILON), as Dudani
        (1976) has it in spirit. What is no digit has no vote, and ties go to the lower position.
        """
        limit = np.partition(smallest[:NOT_A_DIGIT], K - 1, axis=None)[K - 1]
        inside = np.flatnonzero(squared[: self._starts[NOT_A_DIGIT]] <= limit)  # no more than a few; digits come first
        if len(squared) > self.n_trained:
            taught = self.n_trained + np.flatnonzero(squared[self.n_trained :] <= limit)
            inside = np.append(inside, taught[self.labels[taught] < NOT_A_DIGIT])
        voters = inside[np.argsort(squared[inside], kind="stable")][:K]
        weights = 1 / (squared[voters].astype(np.float64) + EPSILON)
        shares = np.bincount(self.labels[voters], weights, minlength=10)
        return shares / shares.sum(), voters

    def teach(self, vectors, labels):
        """Add vectors, float32 (k, d), with their labels; returns their row numbers, int (k,)."""
        n = len(self.vectors)
        grown = np.empty_like(self.vectors, shape=(n + len(vectors), self.vectors.shape[1]))  # in the same layout
        grown[:n], grown[n:] = self.vectors, vectors
        rows = np.arange(self.next_row, self.next_row + len(vectors))
        self.vectors = grown
        self.labels = np.append(self.labels, np.asarray(labels, np.uint8))
        self._squares = np.append(self._squares, np.einsum("nd,nd->n", vectors, vectors))
        self.rows = np.append(self.rows, rows)
        self.next_row += len(vectors)
        return rows

    def forget(self, rows):
        """Take taught vectors out again. KeyError if there is no taught vector with one of these row numbers; then all
        stay."""
        taught = self.rows[self.n_trained :]
        known = set(taught.tolist())
        for row in rows:
            if not isinstance(row, (int, float, np.number)) or row not in known:
                raise KeyError(f"nothing that was taught has number {str(row)[:50]}")
        gone = set(rows)
        kept = np.array([row not in gone for row in self.rows.tolist()], dtype=bool)
        fewer = np.empty_like(self.vectors, shape=(int(kept.sum()), self.vectors.shape[1]))
        self.vectors = np.compress(kept, self.vectors, axis=0, out=fewer)
        self.labels, self.rows, self._squares = self.labels[kept], self.rows[kept], self._squares[kept]


def closeness(smallest):
    """Mean of the NEAREST smallest squared distances to each label, of what `Neighbors.smallest` returns, (..., K):
    float64 (...), FAR for a label without vectors."""
    few = np.sort(smallest, axis=-1)[..., :NEAREST].astype(np.float64)
    known = few < FAR
    count = known.sum(axis=-1)
    return np.where(count, np.where(known, few, 0).sum(axis=-1) / np.maximum(count, 1), FAR) + EPSILON
