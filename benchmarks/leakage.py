"""Why the split matters: the Kaggle set's error split by file, as the original project did, and by drawing.

    python benchmarks/leakage.py --data handwritten-digits-not-in-mnist.zip [--count N]

The same nearest neighbours over the same features (no learned metric, so that nothing was fitted on either
side) are tested twice: on a random fifth of the files, and on one part (a, b, c or d: one drawing of each
digit) after training on the other three, in turn.
"""

import argparse

import numpy as np
from recognizer.neighbors import K
from sklearn.model_selection import LeaveOneGroupOut, train_test_split
from sklearn.neighbors import KNeighborsClassifier

from training.datasets import open_dataset
from training.fit import features_of
from training.prepare import glyphs


def error(vectors, labels, train, test):
    model = KNeighborsClassifier(K, weights="distance").fit(vectors[train], labels[train])
    return int((model.predict(vectors[test]) != labels[test]).sum()), len(test)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, metavar="PATH")
    parser.add_argument("--count", type=int, default=20_000, help="files drawn at random (default 20000)")
    options = parser.parse_args()
    dataset = open_dataset(options.data)
    if dataset.kind != "kaggle" or not dataset.groups[0]:
        parser.error("this is not the original Kaggle zip: its drawings are not known")
    chosen = np.sort(np.random.default_rng(0).permutation(len(dataset))[: options.count])
    vectors, labels = features_of(glyphs(dataset, chosen)), dataset.labels[chosen]
    parts = np.array([group[-1] for group in dataset.groups[chosen]])

    train, test = train_test_split(np.arange(len(chosen)), test_size=0.2, random_state=0, stratify=labels)
    wrong, count = error(vectors, labels, train, test)
    print(f"by file:    {100 * wrong / count:6.2f} % wrong of {count:,} (variants of every drawing on both sides)")
    total = np.zeros(2, int)
    for train, test in LeaveOneGroupOut().split(vectors, labels, parts):
        wrong, count = error(vectors, labels, train, test)
        total += wrong, count
        print(f"  part {parts[test[0]]} unseen: {100 * wrong / count:6.2f} % wrong of {count:,}")
    print(f"by drawing: {100 * total[0] / total[1]:6.2f} % wrong of {total[1]:,}")


if __name__ == "__main__":
    main()
