"""Learns the weights of number_reader.lattice.lattice.py: what makes a segment of a number a digit; and of marks.py.

    python -m training.learning.reading --data ../shared/data --folds build [--marks] [--leave FOLD]

writes or prints them. The folder holds fold0.npz, fold1.npz, ...: models that have not learned from one fold of the writers
each (`python -m training fit --fold K --first-pass build/foldK.npz ...`), and for `--marks` such networks (`net.py`). So the
hands that it learns from are unseen ones, and many. `--leave` learns from the other folds and says how it reads that one.

Numbers whose text is known, but not where each digit ends, are enough: the likelihood of a text is the sum over all ways
through the lattice that read it, over the sum of all ways (a semi-Markov conditional random field, Sarawagi and Cohen 2004,
with the ways hidden as in Graves et al. 2006).
"""

import argparse
import math
import multiprocessing
from collections import namedtuple
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from threadpoolctl import threadpool_limits

from number_reader import Recognizer
from number_reader.labels import CHARACTERS, REFUSED
from number_reader.lattice import mark_weights, marks, measures
from number_reader.lattice.ways import cheapest
from training.data import splits
from training.learning import lattices

PRIOR = 0.5  # weight of the squared change of a weight: keeps those that hardly matter where they were,
NEW = 0.03  # and of one that was 0
STEPS, MARK_STEPS = 60, (40, 45)  # of optimisation; with marks, on every fifth example first
FIFTH = 5
PARTS = 8  # of the examples, whatever the number of processors: sums come out the same
Edge = namedtuple("Edge", "start end label refused")
KIND_OF = np.array([marks.KIND[label] for label in range(len(CHARACTERS))])
HEAD = '''"""What each measure of `marks.ALL` costs, and that one of `marks.KINDS` follows another (the last row is the
beginning, the last column the end), learned by `python -m training.learning.reading --marks`."""

import numpy as np

'''


def log_sum(a, b):
    """log(exp(a) + exp(b)), floats; either may be -inf."""
    low, high = (a, b) if a < b else (b, a)
    return high if low == -math.inf else high + math.log1p(math.exp(low - high))


def arrivals(lattice, costs):
    """Probability that a way which passes the end of a segment comes over that segment, float (m,), for each, if a way is as
    likely as exp(-cost) and no order costs anything. Their product along a way is its probability."""
    ahead, edges = [0.0] + [-math.inf] * lattice.size, lattice.edges.tolist()
    for (start, end), cost in zip(edges, costs.tolist()):
        ahead[end] = log_sum(ahead[end], ahead[start] - cost)
    ahead = np.array(ahead)
    starts, ends = lattice.edges.T
    reached = ahead[ends] > -math.inf  # a part may lie where no way leads
    return np.exp(np.where(reached, ahead[starts] - costs - ahead[ends], -math.inf))


def all_ways(lattice, arriving, likely):
    """Sum over all ways of the product of `arriving` and of `likely`, float (n + 1, n + 1), exp(-what steps cost); each
    segment's probability, (m,); and how often each step is expected, (n + 1, n + 1)."""
    n = len(likely) - 1
    kinds, edges, weights = lattice.kinds.tolist(), lattice.edges.tolist(), arriving.tolist()
    starting = [[] for _ in range(lattice.size)]
    for k, (start, _) in enumerate(edges):
        starting[start].append(k)
    # By the kind that came last, n for none yet; `onward` and `taken` by the one that comes next.
    ahead, behind, onward, taken = np.zeros((4, lattice.size + 1, n + 1))
    ahead[0, n], behind[-1] = 1, likely[:, n]
    for place in range(lattice.size):
        onward[place] = ahead[place] @ likely
        for k in starting[place]:
            if kinds[k] < 0:
                ahead[edges[k][1]] += weights[k] * ahead[place]
            else:
                ahead[edges[k][1], kinds[k]] += weights[k] * onward[place, kinds[k]]
    total, probability = float(ahead[-1] @ likely[:, n]), np.zeros(len(edges))
    for place in reversed(range(lattice.size)):
        for k in starting[place]:
            if kinds[k] < 0:
                then = weights[k] * behind[edges[k][1]]
                behind[place] += then
                probability[k] = float(ahead[place] @ then)
            else:
                then = weights[k] * behind[edges[k][1], kinds[k]]
                taken[place, kinds[k]] += then
                probability[k] = onward[place, kinds[k]] * then
        behind[place] += likely @ taken[place]
    expected = likely * (ahead.T @ taken)
    expected[:, n] += ahead[-1] * likely[:, n]
    return total, probability / total, expected / total


def ways_that_read(lattice, arriving, likely):
    """The same over the ways that read the text; (0, None, None) if none does."""
    n = len(likely) - 1
    text, labels, kinds = lattice.text, lattice.labels.tolist(), lattice.kinds.tolist()
    last = np.append(n, KIND_OF[text])  # the kind that came last before each place of the text
    places = {label: np.flatnonzero(text == label) for label in set(labels)}  # where a label may stand in the text
    ahead, behind = np.zeros((2, lattice.size + 1, len(text) + 1))
    ahead[0, 0], behind[-1, -1] = 1, likely[last[-1], n]
    edges, weights = lattice.edges.tolist(), arriving.tolist()
    used = [k for k, label in enumerate(labels) if label < 0 or places[label].size]
    for k in used:
        start, end = edges[k]
        if labels[k] < 0:
            ahead[end] += weights[k] * ahead[start]
        else:
            at = places[labels[k]]
            ahead[end, at + 1] += weights[k] * ahead[start, at] * likely[last[at], kinds[k]]
    total = float(ahead[-1, -1] * likely[last[-1], n])
    if not total > 0:
        return 0.0, None, None
    probability, expected = np.zeros(len(edges)), np.zeros_like(likely)
    expected[last[-1], n] = 1
    for k in reversed(used):
        start, end = edges[k]
        if labels[k] < 0:
            onward = weights[k] * behind[end]
            probability[k] = ahead[start] @ onward / total
            behind[start] += onward
        else:
            at = places[labels[k]]
            onward = weights[k] * behind[end, at + 1] * likely[last[at], kinds[k]]
            there = ahead[start, at] * onward / total
            probability[k] = there.sum()
            np.add.at(expected[:, kinds[k]], last[at], there)
            behind[start, at] += onward
    return total, probability, expected


def loss(values, examples):
    """Negative log likelihood of the texts, each as often as it counts, and its gradient. Texts that no way reads say nothing.

    values: weights and, where they are more than the measures, what steps cost, row by row.
    """
    k = examples[0].measures.shape[1]
    weights, n = values[:k], math.isqrt(len(values) - k)
    likely = np.exp(-values[k:].reshape(n, n)) if n else np.ones((2, 2))
    total, gradient = 0.0, np.zeros(len(values))
    for lattice in examples:
        arriving = arrivals(lattice, lattice.measures @ weights)
        some, wanted, steps = ways_that_read(lattice, arriving, likely)
        if wanted is not None:
            every, found, taken = all_ways(lattice, arriving, likely)
            total += lattice.weight * (math.log(every) - math.log(some))
            gradient[:k] += lattice.weight * ((wanted - found) @ lattice.measures)
            if n:
                gradient[k:] += lattice.weight * (steps - taken).ravel()
    return total, gradient


def with_prior(found, values, before):
    """Sum of what `loss` found of parts of the examples, and of the prior: weights are near what they were."""
    prior = np.where(before == 0, NEW, PRIOR)
    totals, gradients = zip(*found)
    change = values - before
    return sum(totals) + (prior * change**2).sum(), sum(gradients) + 2 * prior * change


def learn(examples, before=measures.WEIGHTS, few=0, steps=STEPS):
    """Values, float64 (as many as `before`), that make the texts of the examples most likely: see `loss`. few: steps on every
    fifth example first, where many values begin at 0."""
    before = values = np.asarray(before, float)
    choices = [lattice for lattice in examples if len(lattice.edges) > 1]
    for some, most in ((choices[::FIFTH], few), (choices, steps)):
        if most:
            values = _minimized(some, values, before, len(choices) / len(some), most)
    return values


def _minimized(examples, values, before, times, steps):
    """Values after so many steps of optimisation. times: how often each example counts."""
    parts = [part for part in (examples[k::PARTS] for k in range(PARTS)) if part]
    with multiprocessing.Pool(initializer=_take, initargs=(parts,)) as pool:

        def whole(values):
            found = pool.starmap(_loss_of_part, [(values, k) for k in range(len(parts))], chunksize=1)
            return with_prior([(total * times, gradient * times) for total, gradient in found], values, before)

        return minimize(whole, values, jac=True, method="L-BFGS-B", options={"maxiter": steps}).x


_parts: list = []  # of the examples, in a process of the pool


def _take(parts):
    _parts[:] = parts


def _loss_of_part(values, k):
    return loss(values, _parts[k])


def text_read(lattice, values):
    """The text of the cheapest way."""
    k = lattice.measures.shape[1]
    n = math.isqrt(len(values) - k)
    edges = [
        Edge(start, end, label, refused)
        for (start, end), label, refused in zip(
            lattice.edges.tolist(), lattice.labels.tolist(), lattice.refused.tolist()
        )
    ]
    kinds = [None if kind < 0 else kind for kind in lattice.kinds.tolist()]
    steps = values[k:].reshape(n, n) if n else np.zeros((2, 2))
    way = cheapest(edges, lattice.measures @ values[:k], lattice.size, kinds, steps)
    return "".join(REFUSED if edge.refused else CHARACTERS[edge.label] for edge in way if edge.label >= 0)


def exact(examples, values):
    """{kind: share of the texts read exactly, in percent}."""
    right = {}
    for lattice in examples:
        text = "".join(CHARACTERS[label] for label in lattice.text)
        right.setdefault(lattice.kind, []).append(text_read(lattice, values) == text)
    return {kind: round(100 * float(np.mean(those)), 2) for kind, those in right.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, type=Path, metavar="FOLDER")
    parser.add_argument("--folds", required=True, type=Path, metavar="FOLDER")
    parser.add_argument("--marks", action="store_true", help="those of digits and marks together")
    parser.add_argument(
        "--leave", type=int, choices=range(splits.FOLDS), metavar="FOLD", help="to be read, not learned from"
    )
    options = parser.parse_args()
    before = now = measures.WEIGHTS
    if options.marks:
        before, now = starting(), np.append(marks.WEIGHTS, marks.STEPS)
    with threadpool_limits(1):
        folds = [of_fold(options, fold) for fold in range(splits.FOLDS)]
        examples = [each for fold, found in enumerate(folds) if fold != options.leave for each in found]
        values = learn(examples, before, *(MARK_STEPS if options.marks else (0, STEPS))).round(2)
    read = examples if options.leave is None else folds[options.leave]
    then = exact(read, now)
    for kind, share in exact(read, values).items():
        print(f"{kind}: {then[kind]} % exactly right, {share} with the new weights")
    if options.leave is None and options.marks:
        write(values)
    elif options.leave is None:
        print(dict(zip(measures.MEASURES, values.tolist())))


def of_fold(options, fold):
    """The Examples of a fold, read by a model and a network that have not learned from it."""
    recognizer = Recognizer.load(options.folds / f"fold{fold}.npz")
    network = lattices.kept(options.folds, fold) if options.marks else None
    return lattices.of_fold(recognizer, options.data, fold, network)


def starting():
    """Values to begin with, where there are marks: the weights of the measures that digits have, and 0."""
    digits = measures.WEIGHTS.astype(float)
    return np.append(digits, np.zeros(len(marks.ALL) - len(digits) + (len(marks.KINDS) + 1) ** 2))


def write(values):
    """Write mark_weights.py. values: weights, and what steps cost, as `loss` takes them."""
    weights, steps = np.split(values, [len(marks.ALL)])
    n = len(marks.KINDS) + 1
    rows = [", ".join(f"{value:g}" for value in weights[start : start + 16]) for start in range(0, len(weights), 16)]
    table = [f"[{', '.join(f'{value:g}' for value in row)}]" for row in steps.reshape(n, n)]
    Path(mark_weights.__file__).write_text(HEAD + _array("WEIGHTS", rows) + _array("STEPS", table))


def _array(name, rows):
    lines = "\n".join(f"        {row}," for row in rows)
    return f"{name} = np.array(\n    [\n{lines}\n    ],\n    np.float32,\n)  # fmt: skip\n"


if __name__ == "__main__":
    main()
