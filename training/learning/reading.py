"""Learns the weights of number_reader/segmentation/lattice.py: what makes a segment of a number a digit.

    python -m training.learning.reading --data ../shared/data --model build/first-pass.npz

prints them, with the share of validation numbers read exactly before and after. The model must not have learned from the
validation split: `python -m training fit --first-pass build/first-pass.npz ...` keeps such a one.

Numbers whose text is known, but not where each digit ends, are enough: the likelihood of a text is the sum over all ways
through the lattice that read it, over the sum of all ways (a semi-Markov conditional random field, Sarawagi and Cohen 2004,
with the ways hidden as in Graves et al. 2006).
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from threadpoolctl import threadpool_limits
from tqdm import tqdm

from number_reader import Recognizer
from number_reader.segmentation.lattice import MEASURES, WEIGHTS
from training.data import splits
from training.data.opening import open_dataset
from training.synthesis.numbers import MadeNumbers

SEED = 1
MADE, SINGLES, MNIST = 900, None, 1500  # how many made numbers, single stroke digits and MNIST digits to learn from
PRIOR = 0.5  # weight of the squared change of a weight: keeps those that hardly matter where they were
STEPS = 60


@dataclass
class Example:
    """The lattice of a picture. kind: of data. text: int (t,), its digits. edges: int (m, 2), start and end of each segment,
    sorted. measures: float (m, len(MEASURES)). labels: int (m,), the digit read, -1 for no mark. refused: bool (m,)."""

    kind: str
    text: np.ndarray
    size: int
    edges: np.ndarray
    measures: np.ndarray
    labels: np.ndarray
    refused: np.ndarray


def example(recognizer, image, strokes, text, kind):
    """The Example of a picture; None if it shows no mark."""
    edges, measures, labels, refused, size = [], [], [], [], 0
    for lattice in recognizer.lattices(image, strokes)[0]:
        for segment in sorted(lattice.segments, key=lambda segment: (segment.start, segment.end)):
            edges.append((segment.start + size, segment.end + size))
            measures.append(segment.measures)
            labels.append(-1 if segment.digit is None else segment.digit.winner)
            refused.append(segment.digit is not None and segment.digit.doubt > recognizer.refuse_above)
        size += len(lattice.order)
    if not edges:
        return None
    return Example(
        kind,
        np.array([int(c) for c in text]),
        size,
        np.array(edges),
        np.array(measures, float),
        np.array(labels),
        np.array(refused),
    )


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
    total, gradient = PRIOR * ((weights - before) ** 2).sum(), 2 * PRIOR * (weights - before)
    for lattice in examples:
        costs = lattice.measures @ weights
        reads, wanted = ways_that_read(lattice, costs)
        if wanted is not None:
            everything, found = all_ways(lattice, costs)
            total += everything - reads
            gradient += (wanted - found) @ lattice.measures
    return total, gradient


def learn(examples, before=WEIGHTS):
    """Weights, float64 (len(MEASURES),), that make the texts of the examples most likely."""
    before = np.asarray(before, float)
    choices = [lattice for lattice in examples if len(lattice.edges) > 1]
    with np.errstate(all="ignore"):  # -inf stands for no way
        return minimize(loss, before, (choices, before), jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x


def text_read(lattice, weights):
    """The text of the cheapest way."""
    costs = lattice.measures @ weights
    best = [(0.0, "")] + [(np.inf, "")] * lattice.size
    for k, (start, end) in enumerate(lattice.edges.tolist()):
        cost = best[start][0] + costs[k]
        if cost < best[end][0]:
            mark = "" if lattice.labels[k] < 0 else "?" if lattice.refused[k] else str(lattice.labels[k])
            best[end] = cost, best[start][1] + mark
    return best[-1][1]


def exact(examples, weights):
    """{kind: share of the texts read exactly, in percent}."""
    right = {}
    for lattice in examples:
        right.setdefault(lattice.kind, []).append(text_read(lattice, weights) == "".join(map(str, lattice.text)))
    return {kind: round(100 * float(np.mean(those)), 2) for kind, those in right.items()}


def validation_examples(recognizer, folder, progress=True):
    """Examples of numbers, made and real, and of single digits, by writers of the validation split."""
    digits = open_dataset(folder / "real/strokes-digits.jsonl.gz")
    numbers, mnist = open_dataset(folder / "real/strokes-numbers.jsonl.gz"), open_dataset(folder / "mnist.npz")
    rng = np.random.default_rng(SEED)

    def unseen(dataset, count):
        own = np.flatnonzero(dataset.split == splits.VALIDATION)
        return rng.permutation(own)[:count]

    made = MadeNumbers(digits, splits.VALIDATION, MADE, SEED)
    jobs = [(made, i, k % 4, "made numbers") for k, i in enumerate(range(len(made)))]
    jobs += [(numbers, i, v, "real numbers") for i in unseen(numbers, None) for v in range(4)]
    jobs += [(digits, i, k % 4, "single digits") for k, i in enumerate(unseen(digits, SINGLES))]
    jobs += [(mnist, i, 0, "MNIST") for i in unseen(mnist, MNIST)]
    examples = []
    for dataset, i, variant, kind in tqdm(jobs, "lattices", disable=not progress):
        pen = dataset.pen(i, variant)
        for strokes, way in ((None, "pixels"),) if pen is None else ((None, "pixels"), (pen, "strokes")):
            found = example(recognizer, dataset.picture(i, variant), strokes, str(dataset.texts[i]), f"{kind}, {way}")
            examples += [found] if found else []
    return examples


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, type=Path, metavar="FOLDER")
    parser.add_argument("--model", required=True, metavar="FILE.npz")
    options = parser.parse_args()
    with threadpool_limits(1):
        examples = validation_examples(Recognizer.load(options.model), options.data)
        weights = learn(examples).round(2)
    for kind, share in exact(examples, WEIGHTS).items():
        print(f"{kind}: {share} % exactly right, {exact(examples, weights)[kind]} with the new weights")
    print("WEIGHTS = np.array(\n    [" + ", ".join(str(weight) for weight in weights) + "], np.float32\n)")
    print(dict(zip(MEASURES, weights.tolist())))


if __name__ == "__main__":
    main()
