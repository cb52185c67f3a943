"""Learns the weights of number_reader.lattice.lattice.py: what makes a segment of a number a digit.

    python -m training.learning.reading --data ../shared/data --model build/first-pass.npz

prints them, with the share of validation numbers read exactly before and after. The model must not have learned from the
validation split: `python -m training fit --first-pass build/first-pass.npz ...` keeps such a one.

Numbers whose text is known, but not where each digit ends, are enough: the likelihood of a text is the sum over all ways
through the lattice that read it, over the sum of all ways (a semi-Markov conditional random field, Sarawagi and Cohen 2004,
with the ways hidden as in Graves et al. 2006).
"""

import argparse
import math
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from threadpoolctl import threadpool_limits

from number_reader import Recognizer
from number_reader.labels import CHARACTERS
from number_reader.lattice import mark_weights, marks, measures
from training.learning import lattices

PRIOR = 0.5  # weight of the squared change of a weight: keeps those that hardly matter where they were,
NEW = 0.03  # and of one that was 0
STEPS = 60
HEAD = '''"""What each measure of `marks.ALL` costs, learned by `python -m training.learning.reading --marks`."""

import numpy as np

'''


def log_sum(a, b):
    """log(exp(a) + exp(b)), floats; either may be -inf."""
    low, high = (a, b) if a < b else (b, a)
    return high if low == -math.inf else high + math.log1p(math.exp(low - high))


def arrivals(lattice, costs):
    """Probability that a way which passes the end of a segment comes over that segment, float (m,), for each; and of each
    segment, (m,), that the way takes it: over all ways, each as likely as exp(-cost)."""
    edges, costs = lattice.edges.tolist(), costs.tolist()
    ahead, behind = [0.0] + [-math.inf] * lattice.size, [-math.inf] * lattice.size + [0.0]
    for (start, end), cost in zip(edges, costs):
        ahead[end] = log_sum(ahead[end], ahead[start] - cost)
    for (start, end), cost in zip(reversed(edges), reversed(costs)):
        behind[start] = log_sum(behind[start], behind[end] - cost)
    ahead, behind = np.array(ahead), np.array(behind)
    starts, ends = lattice.edges.T
    here = ahead[starts] - costs
    reached = ahead[ends] > -math.inf  # a part may lie where no way leads
    return np.exp(np.where(reached, here - ahead[ends], -math.inf)), np.exp(here + behind[ends] - ahead[-1])


def ways_that_read(lattice, arriving):
    """How likely the ways that read the text are together, and each segment's probability among them, (m,); (0, None) if no
    way reads it. arriving: see `arrivals`; the product along a way is its probability."""
    text, labels = lattice.text, lattice.labels.tolist()
    places = {label: np.flatnonzero(text == label) for label in set(labels)}  # where a label may stand in the text
    ahead, behind = np.zeros((2, lattice.size + 1, len(text) + 1))
    ahead[0, 0] = behind[-1, -1] = 1
    edges, arriving = lattice.edges.tolist(), arriving.tolist()
    used = [k for k, label in enumerate(labels) if label < 0 or places[label].size]
    for k in used:
        start, end = edges[k]
        if labels[k] < 0:
            ahead[end] += arriving[k] * ahead[start]
        else:
            at = places[labels[k]]
            ahead[end, at + 1] += arriving[k] * ahead[start, at]
    total = ahead[-1, -1]
    if not total > 0:
        return 0.0, None
    probability = np.zeros(len(edges))
    for k in reversed(used):
        start, end = edges[k]
        if labels[k] < 0:
            onward, at = arriving[k] * behind[end], slice(None)
        else:
            at = places[labels[k]]
            onward = arriving[k] * behind[end, at + 1]
        probability[k] = ahead[start, at] @ onward / total
        behind[start, at] += onward
    return total, probability


def loss(weights, examples, before):
    """Negative log likelihood of the texts, with the prior, and its gradient. Texts that no way reads say nothing."""
    prior = np.where(before == 0, NEW, PRIOR)
    total, gradient = (prior * (weights - before) ** 2).sum(), 2 * prior * (weights - before)
    for lattice in examples:
        arriving, found = arrivals(lattice, lattice.measures @ weights)
        share, wanted = ways_that_read(lattice, arriving)
        if wanted is not None:
            total -= math.log(share)
            gradient += (wanted - found) @ lattice.measures
    return total, gradient


def learn(examples, before=measures.WEIGHTS, steps=STEPS):
    """Weights, float64 (as many as measures), that make the texts of the examples most likely."""
    before = np.asarray(before, float)
    choices = [lattice for lattice in examples if len(lattice.edges) > 1]
    with np.errstate(all="ignore"):  # where no way leads, -inf less -inf
        return minimize(loss, before, (choices, before), jac=True, method="L-BFGS-B", options={"maxiter": steps}).x


def text_read(lattice, weights):
    """The text of the cheapest way."""
    costs = lattice.measures @ weights
    best = [(0.0, "")] + [(np.inf, "")] * lattice.size
    for k, (start, end) in enumerate(lattice.edges.tolist()):
        cost = best[start][0] + costs[k]
        if cost < best[end][0]:
            mark = "" if lattice.labels[k] < 0 else "?" if lattice.refused[k] else CHARACTERS[lattice.labels[k]]
            best[end] = cost, best[start][1] + mark
    return best[-1][1]


def exact(examples, weights):
    """{kind: share of the texts read exactly, in percent}."""
    right = {}
    for lattice in examples:
        text = "".join(CHARACTERS[label] for label in lattice.text)
        right.setdefault(lattice.kind, []).append(text_read(lattice, weights) == text)
    return {kind: round(100 * float(np.mean(those)), 2) for kind, those in right.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, type=Path, metavar="FOLDER")
    parser.add_argument("--model", required=True, metavar="FILE.npz")
    parser.add_argument("--marks", action="store_true", help="those of digits and marks together")
    options = parser.parse_args()
    before = starting(marks.ALL) if options.marks else measures.WEIGHTS
    with threadpool_limits(1):
        examples = lattices.of_validation(Recognizer.load(options.model), options.data, options.marks)
        weights = learn(examples, before, 2 * STEPS if options.marks else STEPS).round(2)
    for kind, share in exact(examples, marks.WEIGHTS if options.marks else before).items():
        print(f"{kind}: {share} % exactly right, {exact(examples, weights)[kind]} with the new weights")
    print(dict(zip(marks.ALL if options.marks else measures.MEASURES, weights.tolist())))
    if options.marks:
        write(weights)


def starting(names):
    """Weights to begin with, float (len(names),): those of the measures that digits have, and 0."""
    return np.append(measures.WEIGHTS.astype(float), np.zeros(len(names) - len(measures.WEIGHTS)))


def write(weights):
    """Write mark_weights.py."""
    rows = [", ".join(f"{weight:g}" for weight in weights[start : start + 16]) for start in range(0, len(weights), 16)]
    lines = "\n".join(f"        {row}," for row in rows)
    Path(mark_weights.__file__).write_text(HEAD + f"WEIGHTS = np.array(\n    [\n{lines}\n    ],\n    np.float32,\n)  # fmt: skip\n")


if __name__ == "__main__":
    main()
