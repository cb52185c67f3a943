"""Learns the weights of number_reader.lattice.lattice.py: what makes a segment of a number a digit.

    python -m training.learning.reading --data ../shared/data --model build/first-pass.npz

prints them, with the share of validation numbers read exactly before and after. The model must not have learned from the
validation split: `python -m training fit --first-pass build/first-pass.npz ...` keeps such a one.

Numbers whose text is known, but not where each digit ends, are enough: the likelihood of a text is the sum over all ways
through the lattice that read it, over the sum of all ways (a semi-Markov conditional random field, Sarawagi and Cohen 2004,
with the ways hidden as in Graves et al. 2006).
"""

import argparse
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


def all_ways(lattice, costs):
    """Log of the sum over all ways of exp(-cost), and the probability of each segment (m,)."""
    ahead, behind = np.full(lattice.size + 1, -np.inf), np.full(lattice.size + 1, -np.inf)
    ahead[0] = behind[lattice.size] = 0
    edges = lattice.edges.tolist()
    for k, (start, end) in enumerate(edges):
        ahead[end] = np.logaddexp(ahead[end], ahead[start] - costs[k])
    for k, (start, end) in reversed(list(enumerate(edges))):
        behind[start] = np.logaddexp(behind[start], behind[end] - costs[k])
    starts, ends = lattice.edges.T
    return ahead[-1], np.exp(ahead[starts] - costs + behind[ends] - ahead[-1])


def ways_that_read(lattice, costs):
    """The same over the ways that read the text; (-inf, None) if none does."""
    text = lattice.text
    shape = lattice.size + 1, len(text) + 1
    ahead, behind = np.full(shape, -np.inf), np.full(shape, -np.inf)
    ahead[0, 0] = behind[-1, -1] = 0
    edges = lattice.edges.tolist()
    for k, (start, end) in enumerate(edges):
        if lattice.labels[k] < 0:
            ahead[end] = np.logaddexp(ahead[end], ahead[start] - costs[k])
        else:
            step = np.where(text == lattice.labels[k], ahead[start, :-1] - costs[k], -np.inf)
            ahead[end, 1:] = np.logaddexp(ahead[end, 1:], step)
    total = ahead[-1, -1]
    if total == -np.inf:
        return total, None
    probability = np.empty(len(edges))
    for k, (start, end) in reversed(list(enumerate(edges))):
        if lattice.labels[k] < 0:
            onward = behind[end] - costs[k]
            probability[k] = np.exp(np.logaddexp.reduce(ahead[start] + onward) - total)
            behind[start] = np.logaddexp(behind[start], onward)
        else:
            onward = np.where(text == lattice.labels[k], behind[end, 1:] - costs[k], -np.inf)
            probability[k] = np.exp(np.logaddexp.reduce(ahead[start, :-1] + onward) - total)
            behind[start, :-1] = np.logaddexp(behind[start, :-1], onward)
    return total, probability


def loss(weights, examples, before):
    """Negative log likelihood of the texts, with the prior, and its gradient. Texts that no way reads say nothing."""
    prior = np.where(before == 0, NEW, PRIOR)
    total, gradient = (prior * (weights - before) ** 2).sum(), 2 * prior * (weights - before)
    for lattice in examples:
        costs = lattice.measures @ weights
        reads, wanted = ways_that_read(lattice, costs)
        if wanted is not None:
            everything, found = all_ways(lattice, costs)
            total += everything - reads
            gradient += (wanted - found) @ lattice.measures
    return total, gradient


def learn(examples, before=measures.WEIGHTS, steps=STEPS):
    """Weights, float64 (as many as measures), that make the texts of the examples most likely."""
    before = np.asarray(before, float)
    choices = [lattice for lattice in examples if len(lattice.edges) > 1]
    with np.errstate(all="ignore"):  # -inf stands for no way
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
