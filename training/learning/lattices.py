"""Lattices of pictures by unseen writers whose text is known, for `reading` to learn from, and the networks that have not seen
those writers, either."""

from dataclasses import dataclass

import numpy as np
from joblib import Parallel, delayed
from tqdm import tqdm

from number_reader.labels import CHARACTERS, NOT_A_DIGIT, REFUSED
from number_reader.lattice import net
from number_reader.lattice.marks import KIND, MarkLattice
from training.data import splits
from training.data.opening import open_dataset
from training.synthesis.expressions import MadeExpressions
from training.synthesis.numbers import MadeNumbers
from training.synthesis.scribbles import ScribbleSet

SEED = 1
MADE, SINGLES, MNIST = 900, None, 1500  # how many made numbers, single stroke digits and MNIST digits to learn from,
BESIDE_MARKS = 300, 600, 500  # and how many where made strings with marks are there, too:
EXPRESSIONS, LONE = 1000, 200  # of those, and of marks alone
# How much an example counts, by its kind, where there are marks: most of what people write is digits, which must lose nothing.
COUNTS = {"single digits": 6.0, "MNIST": 6.0, "real numbers": 6.0, "made numbers": 3.0, "real expressions": 2.0}
CLEAR = "+%$=×-"  # marks that are no digit where they stand alone
CHUNK = 20
PARTS = "shape", "geometry", "hidden"  # of a Net


@dataclass
class Example:
    """The lattice of a picture. kind: of data. text: int (t,), the labels of its symbols. size: how many pieces. edges: int
    (m, 2), start and end of each segment, sorted. measures: float (m, k). labels: int (m,), the symbol read, -1 for none.
    kinds: int (m,), which of `marks.KINDS` that is, -1 for none. refused: bool (m,). weight: how much it counts."""

    kind: str
    text: np.ndarray
    size: int
    edges: np.ndarray
    measures: np.ndarray
    labels: np.ndarray
    kinds: np.ndarray
    refused: np.ndarray
    weight: float = 1.0


def example(recognizer, image, strokes, text, kind, marks=False):
    """The Example of a picture; None if it shows no symbol. marks: whether marks are symbols."""
    return example_of(recognizer.lattices(image, strokes, marks)[0], text, kind, marks)


def example_of(found, text, kind, marks):
    """The Example of the lattices of a picture's lines; see `example`."""
    edges, measures, labels, refused, size = [], [], [], [], 0
    for lattice in found:
        for segment in sorted(lattice.segments, key=lambda segment: (segment.start, segment.end)):
            edges.append((segment.start + size, segment.end + size))
            measures.append(segment.measures)
            labels.append(-1 if segment.label is None else segment.label)
            refused.append(segment.label is not None and lattice.is_refused(segment))
        size += len(lattice.order)
    if not edges:
        return None
    text = np.array([CHARACTERS.index(c) for c in text if c != " "])
    kinds = [KIND.get(label, -1) if marks else min(label, 0) for label in labels]
    columns = np.array(edges), np.array(measures, np.float32), np.array(labels), np.array(kinds), np.array(refused)
    return Example(kind, text, size, *columns)


def of_fold(recognizer, folder, fold=0, network=None, progress=True):
    """Examples of numbers, made and real, and of single digits, by the writers of a fold, from whom `recognizer` must not have
    learned; with a `network`, a Net that has not, either, also of strings with marks, and of marks alone."""
    marks = network is not None

    def opened(name):
        return splits.hold_out(open_dataset(folder / f"real/strokes-{name}.jsonl.gz"), fold)

    digits, numbers, mnist = opened("digits"), opened("numbers"), open_dataset(folder / "mnist.npz")
    rng = np.random.default_rng(SEED + fold)

    def unseen(dataset, count):
        own = np.flatnonzero(dataset.split == splits.VALIDATION)
        return rng.permutation(own)[:count]

    n_made, n_singles, n_mnist = BESIDE_MARKS if marks else (MADE, SINGLES, MNIST)
    made = MadeNumbers(digits, splits.VALIDATION, n_made, SEED + fold, **({"marked": 0} if marks else {}))
    jobs = [(made, i, k % 4, "made numbers") for k, i in enumerate(range(len(made)))]
    jobs += [(numbers, i, v, "real numbers") for i in unseen(numbers, None) for v in range(4)]
    jobs += [(digits, i, k % 4, "single digits") for k, i in enumerate(unseen(digits, n_singles))]
    jobs += [(mnist, i, 0, "MNIST") for i in unseen(mnist, n_mnist)]
    if marks:
        single, real, others = opened("marks"), opened("expressions"), opened("not-digits")
        made = MadeExpressions(digits, single, splits.VALIDATION, EXPRESSIONS, SEED + fold, others=others)
        jobs += [(made, i, i % 3, "made expressions") for i in range(len(made))]
        jobs += [(real, i, v, "real expressions") for i in unseen(real, None) for v in range(3)]
        clear = [i for i in unseen(single, None) if CHARACTERS[single.labels[i]] in CLEAR]
        jobs += [(single, i, 1, "marks alone") for i in clear[:LONE]]
        strange = [i for i in unseen(others, None) if others.labels[i] == NOT_A_DIGIT]
        jobs += [(others, i, 1, "neither, alone") for i in strange[:LONE]]
        scribbles = ScribbleSet()
        jobs += [(scribbles, i, 1, "scribbles") for i in unseen(scribbles, LONE)]
    chunks = [jobs[start : start + CHUNK] for start in range(0, len(jobs), CHUNK)]
    work = (delayed(_chunk)(recognizer, chunk, network) for chunk in chunks)
    done = Parallel(n_jobs=-1, return_as="generator")(work)
    return [each for chunk in tqdm(done, f"lattices, fold {fold}", len(chunks), disable=not progress) for each in chunk]


def _chunk(recognizer, jobs, network):
    found, marks = [], network is not None
    if marks:
        MarkLattice.net = network  # in a process that reads nothing else
    for dataset, i, variant, kind in jobs:
        pen = dataset.pen(i, variant)
        for strokes, way in ((None, "pixels"),) if pen is None else ((None, "pixels"), (pen, "strokes")):
            text = str(dataset.texts[i]) or REFUSED
            one = example(recognizer, dataset.picture(i, variant), strokes, text, f"{kind}, {way}", marks)
            if one:
                one.weight = COUNTS.get(kind, 1.0) if marks else 1.0
                found.append(one)
    return found


def keep(folder, fold, learned):
    """Keep a Net that left out a fold, for `kept`."""
    parts = {part: getattr(learned, part) for part in PARTS}
    np.savez(folder / f"net{fold}.npz", **parts, inner=learned.biases[0], outer=learned.biases[1])


def kept(folder, fold):
    """The Net of `keep`, rounded as the shipped one is."""
    with np.load(folder / f"net{fold}.npz") as parts:
        shape, geometry, hidden = (
            net.unpacked(*net.packed(parts[part], most)) for part, most in zip(PARTS, (net.COARSE, net.FINE, net.FINE))
        )
        return net.Net(shape, geometry, hidden, (parts["inner"], parts["outer"]))
