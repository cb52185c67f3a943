"""What a leak between training and test does: the original project's pipeline on the Kaggle set, and others beside it.

The original split the files at random and tested on a fifth of them. But the set holds 40 drawings, each warped
thousands of times, so that every drawing is then on both sides. The same classifiers are tested on drawings that they
have not learnt, on MNIST, and on the strokes of unseen writers.
"""

from dataclasses import dataclass

import numpy as np
from sklearn.model_selection import LeaveOneGroupOut, train_test_split

from training.data import splits
from training.data.measures import interval
from training.measuring.classifiers import FeatureNeighbors, PixelNeighbors, prepared, vote
from training.measuring.observe import drawn_once

COUNT = 20_000  # files drawn at random from the Kaggle set
SEED = 0


@dataclass
class Test:
    """One test: what on, how many items, and which part of the Kaggle set it holds out, if any. unseen: whether the
    shipped model has not learnt these items. wrong: how many items each classifier, by its name, gets wrong."""

    name: str
    count: int
    part: str
    unseen: bool
    wrong: dict

    def interval(self, classifier):
        return interval(self.wrong[classifier], self.count)


def usable(dataset):
    """Whether this is the Kaggle set with its drawings known."""
    return dataset.kind == "kaggle" and dataset.groups[0] != ""


def measure(kaggle, others=(), recognizer=None, count=COUNT, progress=True):
    """All tests of the classifiers that learn from the Kaggle set.

    others: Observed of further data sets, whose digits are tested on too. recognizer: a finished one, to stand as
    "shipped" beside them on the same items. Returns [Test].
    """
    chosen = np.sort(np.random.default_rng(SEED).permutation(len(kaggle))[:count])
    drawings, labels = [(int(item), 0) for item in chosen], kaggle.labels[chosen]
    parts = np.array([group[-1] for group in kaggle.groups[chosen]])
    classifiers = [PixelNeighbors(), FeatureNeighbors()]
    glyphs = [prepared(each, kaggle, drawings, progress) for each in classifiers]

    def test(name, train, held, part=""):
        wrong = {
            each.name: int((each.fit(own[train], labels[train]).predict(own[held]) != labels[held]).sum())
            for each, own in zip(classifiers, glyphs)
        }
        if recognizer:
            answers = vote(recognizer.neighbors, recognizer.project(glyphs[1][held]))  # FeatureNeighbors' glyphs
            wrong["shipped"] = int((answers != labels[held]).sum())
        return Test(name, len(held), part, bool((kaggle.split[chosen[held]] == splits.TEST).all()), wrong)

    fifth = train_test_split(np.arange(len(chosen)), test_size=0.2, random_state=SEED, stratify=labels)
    tests = [test("Kaggle set, a random fifth of the files", *fifth)]
    for train, held in LeaveOneGroupOut().split(chosen, groups=parts):
        part = str(parts[held[0]])
        tests.append(test(f"Kaggle set, the ten drawings of part {part}", train, held, part))
    for each, own in zip(classifiers, glyphs):
        each.fit(own, labels)
    return tests + [_elsewhere(observed, classifiers, progress) for observed in others]


def _elsewhere(observed, classifiers, progress):
    """The test, on the digits of another data set, of classifiers that have learnt all the chosen Kaggle files."""
    pixels, features = classifiers
    seen = drawn_once(observed)
    drawings = list(zip(observed.item[seen], observed.variant[seen]))
    truth = observed.truth[seen]
    wrong = {
        pixels.name: int((pixels.predict(prepared(pixels, observed.dataset, drawings, progress)) != truth).sum()),
        features.name: int((features.predict(observed.glyphs[seen]) != truth).sum()),
        "shipped": int(observed.wrong[seen].sum()),
    }
    return Test(f"{observed.dataset.name}, {observed.split} split", len(seen), "", observed.split == splits.TEST, wrong)
