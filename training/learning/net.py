"""Learns number_reader/lattice/net_weights.py: which symbol some pieces are, from shape and place.

    python -m training.learning.net --data ../shared/data --model build/fold0.npz --folds build

It learns from pieces of lines whose text is known, by writers outside the test split; which pieces are which symbol, the
lattice's present weights say, held to the ways that read the text. Lines are slanted and stretched at random, as other hands
would write them. Beside it, networks that each left out one fold of the writers (net0.npz, ...) are kept, for `reading` to
choose by.
"""

import argparse
import json
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier
from threadpoolctl import threadpool_limits
from tqdm import tqdm

from number_reader import Recognizer
from number_reader.classification.features import features
from number_reader.labels import CHARACTERS, NOT_A_DIGIT, REFUSED
from number_reader.lattice import marks, net, net_weights
from training.data import splits
from training.data.opening import open_dataset
from training.learning import lattices, reading
from training.synthesis.expressions import KINDS, MadeExpressions
from training.synthesis.scribbles import ScribbleSet

SEED = 3
EXPRESSIONS, SINGLES, MNIST, LONE = 1200, 500, 300, 200  # how many of each to learn from, of each fold
MADE = (*KINDS, "date", "sum", "sum", "percent")  # what is made: more of what is rare or hard
SLANT, STRETCH = 0.2, 0.12  # standard deviations of slant, and of the log of how much wider
CERTAIN = 0.9  # pieces are a symbol, or none, if the ways that read the text say so with this chance
CHUNK = 20
STAGES = (2e-3, 10), (1e-3, 8), (3e-4, 6), (1e-4, 4)  # learning rate of Adam, and epochs
BATCH, DECAY = 256, 1e-3
ABSENT = -20.0  # bias of a class without examples
HEAD = '''"""The network of net.py, learned by `python -m training.learning.net`."""
# ruff: noqa: E501

'''


@dataclass
class Seen:
    """Pieces of lines: features float16 (n, FEATURES), geometry float32 (n, len(GEOMETRY)), labels (n,) of net.CLASSES."""

    features: np.ndarray
    geometry: np.ndarray
    labels: np.ndarray


def distorted(strokes, rng):
    """Strokes as a hand would write them that slants or stretches otherwise; still in 0..1 of the longer side."""
    slant, stretch = rng.normal(0, SLANT), np.exp(rng.normal(0, STRETCH))
    moved = [np.stack([stroke[:, 0] * stretch - slant * stroke[:, 1], stroke[:, 1]], axis=1) for stroke in strokes]
    points = np.concatenate(moved)
    low, size = points.min(axis=0), max(np.ptp(points, axis=0).max(), 1e-3)
    return [((stroke - low) / size).astype(np.float32) for stroke in moved]


def pieces_of(recognizer, image, strokes, text):
    """The Seen of one picture; None if no way through its lattice reads the text, or if it has no ink."""
    found = recognizer.lattices(image, strokes, True)[0]
    one = lattices.example_of(found, text, "", True)
    if one is None:
        return None
    arriving = reading.arrivals(one, one.measures @ marks.WEIGHTS.astype(float))
    _, wanted, _ = reading.ways_that_read(one, arriving, np.exp(-marks.STEPS.astype(float)))
    if wanted is None:
        return None
    chances, glyphs, geometry, start = {}, [], [], 0
    for (begin, end), label, chance in zip(one.edges.tolist(), one.labels.tolist(), wanted.tolist()):
        chances.setdefault((begin, end), {})[label] = chance
    labels = []
    for lattice in found:
        digits = {(s.start, s.end): s for s in lattice.segments if s.label is not None and s.label < NOT_A_DIGIT}
        for (begin, end), row in lattice.runs.items():
            here = chances[begin + start, end + start]
            label, chance = max(here.items(), key=lambda pair: pair[1])
            if label >= 0 and chance > CERTAIN:
                labels.append(label)
            elif sum(share for each, share in here.items() if each >= 0) < 1 - CERTAIN:
                labels.append(net.WRONG)
            else:
                continue
            glyphs.append(digits[begin, end].digit.glyph)
            geometry.append(lattice.geometry[row])
        start += len(lattice.order)
    if not labels:
        return None
    return Seen(features(np.array(glyphs)).astype(np.float16), np.array(geometry, np.float32), np.array(labels))


def of_fold(recognizer, folder, fold, progress=True):
    """What the network learns from of one of `splits.FOLDS`' writers: a Seen."""
    names = ("digits", "numbers", "marks", "expressions", "not-digits")
    digits, numbers, single, real, others = (
        splits.hold_out(open_dataset(folder / f"real/strokes-{name}.jsonl.gz"), fold) for name in names
    )
    mnist, scribbles = open_dataset(folder / "mnist.npz"), ScribbleSet()
    rng = np.random.default_rng(SEED + fold)

    def own(dataset, count=None, split=splits.VALIDATION):
        return rng.permutation(np.flatnonzero(dataset.split == split))[:count]

    made = MadeExpressions(digits, single, splits.VALIDATION, EXPRESSIONS, SEED + fold, MADE, others, borrow=True)
    jobs = [(made, i, i % 3) for i in range(len(made))]
    jobs += [(real, i, v) for i in own(real) for v in range(3)]
    jobs += [(numbers, i, k % 4) for k, i in enumerate(own(numbers))]
    jobs += [(digits, i, k % 4) for k, i in enumerate(own(digits, SINGLES))]
    jobs += [(mnist, i, 0) for i in own(mnist, MNIST, splits.TRAIN)]
    jobs += [(single, i, 1) for i in own(single) if CHARACTERS[single.labels[i]] in lattices.CLEAR][:LONE]
    jobs += [(others, i, 1) for i in own(others) if others.labels[i] == NOT_A_DIGIT][:LONE]
    jobs += [(scribbles, i, 1) for i in own(scribbles, LONE, splits.TRAIN)]
    for dataset in (made, real, numbers, digits, single, others):
        dataset.strokes = [distorted(strokes, rng) for strokes in dataset.strokes]
    chunks = [jobs[start : start + CHUNK] for start in range(0, len(jobs), CHUNK)]
    done = Parallel(n_jobs=-1, return_as="generator")(delayed(_chunk)(recognizer, chunk) for chunk in chunks)
    seen = [each for chunk in tqdm(done, f"lines, fold {fold}", len(chunks), disable=not progress) for each in chunk]
    return together(seen)


def together(seen):
    """One Seen of several."""
    return Seen(*(np.concatenate([getattr(each, name) for each in seen]) for name in Seen.__dataclass_fields__))


def _chunk(recognizer, jobs):
    found = []
    for dataset, i, variant in jobs:
        text, pen = str(dataset.texts[i]) or REFUSED, dataset.pen(i, variant)
        for strokes in (None,) if pen is None else (None, pen):
            found.append(pieces_of(recognizer, dataset.picture(i, variant), strokes, text))
    return [each for each in found if each is not None]


def learn(seen, progress=True):
    """A Net, from a Seen."""
    shapes = net.coarser(seen.features.astype(np.float32))
    inputs = np.concatenate([shapes, seen.geometry], axis=1)
    labels = np.array([net.AT[label] for label in seen.labels.tolist()])
    settings = {"alpha": DECAY, "batch_size": BATCH, "random_state": SEED, "warm_start": True, "n_iter_no_change": 1000}
    network = MLPClassifier((net.HIDDEN,), **settings)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # each stage ends where it was told to
        for rate, epochs in tqdm(STAGES, "network", disable=not progress):
            network.set_params(learning_rate_init=rate, max_iter=epochs).fit(inputs, labels)
    first, second = network.coefs_
    hidden, bias = np.zeros((net.HIDDEN, len(net.CLASSES))), np.full(len(net.CLASSES), ABSENT)
    hidden[:, network.classes_], bias[network.classes_] = second, network.intercepts_[1]
    k = net.SEEN
    biases = network.intercepts_[0].astype(np.float32), bias.astype(np.float32)
    return net.Net(first[:k].astype(np.float32), first[k:].astype(np.float32), hidden.astype(np.float32), biases)


def write(learned):
    """Write net_weights.py."""
    parts = {
        "FROM_SHAPE": net.packed(learned.shape, net.COARSE),
        "FROM_GEOMETRY": net.packed(learned.geometry, net.FINE),
        "FROM_HIDDEN": net.packed(learned.hidden, net.FINE),
        "BIASES_OF_HIDDEN": (net.as_text(learned.biases[0].astype(np.float16).tobytes()),),
        "BIASES": (net.as_text(learned.biases[1].astype(np.float16).tobytes()),),
    }
    lines = [f"{name} = {', '.join(map(json.dumps, texts))}\n" for name, texts in parts.items()]
    Path(net_weights.__file__).write_text(HEAD + "".join(lines))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, type=Path, metavar="FOLDER")
    parser.add_argument("--model", required=True, metavar="FILE.npz")
    parser.add_argument(
        "--folds", required=True, type=Path, metavar="FOLDER", help="where to keep what left out a fold"
    )
    options = parser.parse_args()
    with threadpool_limits(1):
        recognizer = Recognizer.load(options.model)
        seen = [of_fold(recognizer, options.data, fold) for fold in range(splits.FOLDS)]
        for fold in range(splits.FOLDS):
            lattices.keep(options.folds, fold, learn(together(seen[:fold] + seen[fold + 1 :])))
        write(learn(together(seen)))


if __name__ == "__main__":
    main()
