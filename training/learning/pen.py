"""Makes site/model/pen.bin, the examples of the page's first guess, from pen strokes alone:

    python -m training.learning.pen --data ../shared/data --output site/model/pen.bin

Metric and examples come from digits, marks and other symbols by train writers, the weights of the line from lines made of
validation writers' digits and marks. Fixed by SEED.
"""

import argparse
import struct
from pathlib import Path

import numpy as np
from sklearn.cluster import MiniBatchKMeans
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits
from tqdm import tqdm, trange

from number_reader.labels import NOT_A_DIGIT
from number_reader.pen.examples import DIGITS, FARTHEST, MAGIC, MIDDLE, ZERO, Examples
from number_reader.pen.features import features
from number_reader.pen.line import MEASURES, Line
from training.data import splits
from training.data.opening import open_dataset
from training.learning.metric import Adam, loss_and_gradient
from training.synthesis import expressions, pens

SEED = 20261130
OUTPUT = Path(__file__).parents[2] / "site" / "model" / "pen.bin"
SETS = "digits", "marks", "not-digits"
OTHER = DIGITS  # the class of what is no digit, of parts of one and of several at once
COPIES = 4  # warped ones of each digit
LINES, TRIED = 700, 900  # made lines: whose wrong groups are learned, by which the weights are
KINDS = ("plain",) * 6 + tuple(expressions.KINDS)
AXES, DIMENSIONS = 48, 24  # learned; kept
PROTOTYPES, OTHER_PROTOTYPES = 20, 100  # of a class
OTHER_SHARE = 0.1  # of what is drawn to learn the metric from
STEPS, BATCH, RATE, TEMPERATURE_RATE, TEMPERATURE = 6_000, 256, 2e-3, 1e-2, 40.0
CENTRES, OTHER_CENTRES = 200, 300  # of a digit; of all that is none
WIDEST = 0.997  # this share of a dimension's values is within the 4 bits


def digit_vectors(digits, rng):
    """(features float32 (n, f), labels (n,)) of the train writers' digits, then of COPIES warped ones of each."""
    items = pens.digits_of(digits, splits.TRAIN)
    own = [features([stroke.tolist() for stroke in digits.strokes[i]]) for i in tqdm(items, desc="digits")]
    for _ in trange(COPIES, desc="copies"):
        own += [features(pens.warped(digits.strokes[i], rng)) for i in items]
    return np.array(own, np.float32), np.tile(digits.labels[items], 1 + COPIES).astype(int)


def other_vectors(digits, marks, others):
    """Features, float32 (n, f), of what is no digit: wrong groups of made lines, marks, letters and symbols."""
    found = []
    for made in tqdm(pens.lines(digits, marks, splits.TRAIN, LINES, SEED, KINDS), desc="wrong groups"):
        line = Line(made.strokes)
        found += [line.strokes[a:b] for a, b in line.runs if not pens.label_of((a, b), line, made).isdigit()]
    for dataset in (marks, others):
        items = np.flatnonzero((dataset.split == splits.TRAIN) & (dataset.labels >= NOT_A_DIGIT))
        found += [[stroke.tolist() for stroke in dataset.strokes[i]] for i in items]
    return np.array([features(strokes) for strokes in tqdm(found, desc="no digits")], np.float32)


def learn(vectors, labels, seed):
    """(mean (f,), projection float32 (f, DIMENSIONS)): as metric.py learns it, without its kernels."""
    rng = np.random.default_rng(seed)
    is_digit = labels < OTHER
    drawn = np.where(is_digit, (1 - OTHER_SHARE) / is_digit.sum(), OTHER_SHARE / max((~is_digit).sum(), 1)).cumsum()
    mean = vectors[is_digit].mean(0)
    vectors = vectors - mean
    projection = _axes(vectors[is_digit])[:, :AXES]
    prototypes, owners = [], []
    for label in np.unique(labels):
        count = PROTOTYPES if label < OTHER else OTHER_PROTOTYPES
        prototypes.append(centres(vectors[labels == label] @ projection, count, seed))
        owners += [label] * len(prototypes[-1])
    prototypes, owners = np.concatenate(prototypes), np.array(owners)
    log_t = np.array([np.log(TEMPERATURE)], np.float32)
    parts = Adam(projection, RATE), Adam(prototypes, RATE), Adam(log_t, TEMPERATURE_RATE)
    for step in trange(STEPS, desc="metric", mininterval=1):
        batch = np.searchsorted(drawn, rng.random(BATCH)).clip(max=len(vectors) - 1)
        x = vectors[batch]
        _, dz, dp, dt = loss_and_gradient(
            x @ projection, labels[batch][:, None] == owners, prototypes, np.exp(log_t[0])
        )
        for part, gradient in zip(parts, (x.T @ dz, dp, np.array([dt], np.float32))):
            part.update(gradient, 0.5 * (1 + np.cos(np.pi * step / STEPS)))
    return mean, (projection @ _axes(vectors @ projection)[:, :DIMENSIONS]).astype(np.float32)


def _axes(vectors):
    """The principal axes, largest first."""
    return np.ascontiguousarray(np.linalg.eigh(np.cov(vectors.T))[1][:, ::-1], np.float32)


def centres(vectors, count, seed):
    found = MiniBatchKMeans(min(count, len(vectors)), n_init=1, batch_size=2048, random_state=seed).fit(vectors)
    return found.cluster_centers_.astype(np.float32)


def written(mean, projection, vectors, labels):
    """The file of examples (number_reader/pen/examples.py) without its weights. vectors: (n, d), sorted by labels (n,)."""
    steps = np.quantile(np.abs(vectors), WIDEST, axis=0) / 7
    nibbles = np.clip(np.rint(vectors / steps), -MIDDLE, 7).astype(int)
    # What a lane can come to: see Examples.nearest. Rounding takes half a unit for each dimension.
    squares = (steps**2 * (ZERO - 100) / ((MIDDLE**2 + 2 * MIDDLE * FARTHEST) * (steps**2).sum())).astype(np.float32)
    most = np.abs(projection).max(0) / 127
    weights = np.rint(projection / most).astype(np.int8)
    scales = 2 * squares / steps * most
    shifts = (mean @ weights) * scales
    halves = np.pad(nibbles + MIDDLE, ((0, len(nibbles) % 2), (0, 0))).astype(np.uint8)
    packed = (halves[0::2] | halves[1::2] << 4).T
    counts = np.bincount(labels, minlength=OTHER + 1)
    head = MAGIC + struct.pack("<BBH", projection.shape[1], len(counts), len(projection))
    numbers = np.stack([scales, shifts, squares], axis=1).astype("<f4")
    return head + counts.astype("<u2").tobytes() + weights.tobytes() + numbers.tobytes() + packed.tobytes()


def line_weights(data, digits, marks):
    """The weights of MEASURES, float (m,), which tell by a logistic regression whether a group is one digit."""
    examples = Examples(data)
    list(examples.unpack())
    rows, wanted = [], []
    for made in tqdm(pens.lines(digits, marks, splits.VALIDATION, TRIED, SEED, KINDS), desc="weights"):
        line = Line(made.strokes)
        for run in line.runs:
            distances = examples.nearest(features(line.strokes[run[0] : run[1]]))
            rows.append(line.measures(run, distances))
            wanted.append(pens.label_of(run, line, made).isdigit())
    found = LogisticRegression(C=10, fit_intercept=False, max_iter=5000).fit(np.array(rows), wanted)
    return found.coef_[0]


def make(folder, fold=0):
    """The bytes of the file, made from the shared data folder. fold: the writers who take validation's place."""
    digits, marks, others = (
        splits.hold_out(open_dataset(Path(folder) / "real" / f"strokes-{name}.jsonl.gz"), fold) for name in SETS
    )
    vectors, labels = digit_vectors(digits, np.random.default_rng(SEED))
    no_digits = other_vectors(digits, marks, others)
    mean, projection = learn(
        np.concatenate([vectors, no_digits]), np.append(labels, np.full(len(no_digits), OTHER)), SEED
    )
    groups = [(vectors[labels == digit], CENTRES) for digit in range(DIGITS)] + [(no_digits, OTHER_CENTRES)]
    chosen = [centres((group - mean) @ projection, count, SEED) for group, count in groups]
    data = written(mean, projection, np.concatenate(chosen), np.repeat(range(OTHER + 1), list(map(len, chosen))))
    weights = line_weights(data, digits, marks)
    for name, weight in zip(MEASURES, weights):
        print(f"{name:8} {weight:7.3f}")
    return data + np.asarray(weights, "<f4").tobytes()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, help="the folder of shared data")
    parser.add_argument(
        "--fold", type=int, choices=range(splits.FOLDS), default=0, help="whose writers it is not to see"
    )
    parser.add_argument("--output", default=OUTPUT, help=f"default: {OUTPUT.name} of the page")
    options = parser.parse_args()
    with threadpool_limits(1):
        data = make(options.data, options.fold)
    Path(options.output).write_bytes(data)
    print(f"wrote {options.output}: {len(data):,} bytes")


if __name__ == "__main__":
    main()
