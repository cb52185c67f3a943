"""Which writers, drawings, photos and numbers belong to train, validation and test.

`splits.json` beside this file fixes it for the data sets that the shipped model is made from. It was written once by

    python -m training.data.splits ../shared/data

and is the only place that says who is on which side. Data sets that it does not know are split 80/20 by a
hash, so that the same item always falls on the same side.
"""

import hashlib
import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np

PATH = Path(__file__).with_name("splits.json")
TRAIN, VALIDATION, TEST = "train", "validation", "test"
FOLDS = 3  # parts of the writers outside the test split, each with about as many as the others
SEED = 20261122
# SHA-256 of "digit/number crc32" of every file of the Kaggle set in its original order (picture_sets.KaggleSet).
KAGGLE_DIGEST = "4ed1ac6fff98e218d81c0b7288476c03e78199d0926274323824e9970a153714"


def load():
    return json.loads(PATH.read_text())


def by_hash(name, seed=SEED):
    """A group that splits.json does not know: 64 % train, 16 % validation, 20 % test, by SHA-256 of its name."""
    share = int.from_bytes(hashlib.sha256(f"{seed}/{name}".encode()).digest()[:8]) / 2**64
    return TEST if share < 0.2 else VALIDATION if share < 0.36 else TRAIN


def stratified(labels, keys):
    """Split items without a known writer or drawing: of each label 20 % test, 16 % validation, 64 % train.

    labels: (n,) ints. keys: n strings, each item's own (a hash of its pixels): order and file names play no
    part, and equal items fall together. Returns an (n,) array of split names.
    """
    labels = np.asarray(labels)
    split = np.full(len(labels), TRAIN, "<U10")
    for label in np.unique(labels):
        mine = np.flatnonzero(labels == label)
        unique = sorted(set(keys[i] for i in mine), key=lambda k: hashlib.sha256(f"{SEED}/{k}".encode()).digest())
        side = {
            key: TEST if rank < 0.2 * len(unique) else VALIDATION if rank < 0.36 * len(unique) else TRAIN
            for rank, key in enumerate(unique)
        }
        for i in mine:
            split[i] = side[keys[i]]
    return split


def deal_writers(counts, rng):
    """Deal writers to the three sides, like with like: in each five of about the same amount, one is test and
    one validation. counts: {writer: items}. Returns {writer: side}."""
    ordered = sorted(counts, key=lambda writer: (-counts[writer], writer))
    sides = {}
    for start in range(0, len(ordered), 5):
        five = ordered[start : start + 5]
        deal = rng.permutation([TEST, VALIDATION, TRAIN, TRAIN, TRAIN])
        sides.update(zip(five, (str(side) for side in deal)))
    return sides


def person(writer):
    """Who a writer is: what follows the slash, as some people stand under two sources."""
    return writer.rpartition("/")[2]


def one_side_each(writers):
    """{writer: side} with each person on one side: the one that is farthest from training of those that their names have."""
    sides = {}
    for writer, side in writers.items():
        sides[person(writer)] = min(side, sides.get(person(writer), TRAIN), key=(TEST, VALIDATION, TRAIN).index)
    return {writer: sides[person(writer)] for writer in writers}


def fold_of(writer, side):
    """Which of FOLDS a writer of a side belongs to: 0 for validation, another for train, None for test. What is chosen on
    many hands takes them from all folds, each read by a model that learned from the others (cross-fitting)."""
    if side != TRAIN:
        return 0 if side == VALIDATION else None
    return 1 + int.from_bytes(hashlib.sha256(f"fold/{person(writer)}".encode()).digest()[:8]) % (FOLDS - 1)


def hold_out(dataset, fold):
    """Make the writers of a fold the validation split of a set of strokes, and all others outside the test split its train
    split. Fold 0 leaves it as it is."""
    if fold and dataset.kind == "strokes":
        folds = [fold_of(writer, side) for writer, side in zip(dataset.groups, dataset.split)]
        dataset.split = np.array([TEST if k is None else VALIDATION if k == fold else TRAIN for k in folds], "<U10")
    return dataset


def make(folder):
    """Write splits.json from the shared data folder (see its README for the format)."""
    from training.data.strokes import read_strokes

    rng = np.random.default_rng(SEED)
    writers = {}
    for name in ("digits", "numbers", "not-digits"):
        records = read_strokes(folder / "real" / f"strokes-{name}.jsonl.gz")
        counts = Counter(r["writer"] for r in records if r["writer"] not in writers)
        writers.update(deal_writers(counts, rng))
    writers = one_side_each(writers)
    for name in ("marks", "expressions"):  # dealt last, so that nobody's side moves by them
        records = read_strokes(folder / "real" / f"strokes-{name}.jsonl.gz")
        known = {person(writer): side for writer, side in writers.items()}
        counts = Counter(r["writer"] for r in records)
        writers.update({writer: known[person(writer)] for writer in counts if person(writer) in known})
        writers.update(deal_writers({w: n for w, n in counts.items() if w not in writers}, rng))
    # Photos: one author's pictures on one side; each half has paper photographs, drawings and numbers.
    test_authors = {
        "github:Krisut01/Activity1",
        "github:7eraflops/mnist-digit-recognition",
        "github:bikz05/digit-recognition",
    }
    photos = json.loads((folder / "real" / "photos.json").read_text())
    splits = {
        "seed": SEED,
        "mnist": {"validation": [50000, 60000]},
        "kaggle": {
            "digest": KAGGLE_DIGEST,
            "part_ends": [2024, 4940, 7856, 10772],
            "parts": ["test", "validation", "train", "train"],
        },
        "photos": {p["file"]: TEST if p["source"] in test_authors else "development" for p in photos},
        "writers": dict(sorted(writers.items())),
    }
    PATH.write_text(json.dumps(splits, indent=1) + "\n")


if __name__ == "__main__":
    make(Path(sys.argv[1]))
