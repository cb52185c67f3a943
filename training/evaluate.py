"""Scores a model on data sets, through `Recognizer.read`, as the page uses it."""

import time
from collections import Counter
from pathlib import Path

import numpy as np
from recognizer import Recognizer
from tqdm import tqdm

from . import splits
from .datasets import NOT_A_DIGIT
from .prepare import glyph_of


def interval(wrong, count):
    """95 % Wilson interval of a share, in percent: (low, high)."""
    z, p = 1.96, wrong / count
    middle = (p + z * z / (2 * count)) / (1 + z * z / count)
    half = z * np.sqrt(p * (1 - p) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return round(100 * max(middle - half, 0), 3), round(100 * min(middle + half, 1), 3)


def percent(values):
    return round(100 * float(np.mean(values)), 3)


def score(recognizer, dataset, split=splits.TEST, progress=True):
    """Read every item of one side of a data set's split in each of its variants.

    Returns a dict. Single digits: `count` drawings read, `error_percent` (the best label is wrong, refused or
    not), `refused_percent`, `read_error_percent` (the text shown is not the digit: wrong, refused, or read as
    several), its 95 % interval, both errors `by_variant`, and over writers or drawings where known the mean error.
    Numbers: `exact_percent`. What is no digit: `rejected_percent`, read as no digit at all.
    """
    chosen = np.flatnonzero(dataset.split == split)
    ways = len(dataset.variants)
    results = {name: [] for name in ("item", "variant", "wrong", "refused", "misread")}
    milliseconds, digits_read = 0.0, 0
    for index in tqdm(chosen, dataset.name, disable=not progress):
        for variant in range(ways):
            picture = dataset.picture(index, variant)
            start = time.perf_counter()
            reading = recognizer.read(picture)
            milliseconds += 1000 * (time.perf_counter() - start)
            digits_read += len(reading.digits)
            label = dataset.labels[index]
            if label == NOT_A_DIGIT:
                wrong = refused = all(d.label is None for d in reading.digits)
            else:
                single = reading.digits[0] if len(reading.digits) == 1 else recognizer.recognize(glyph_of(picture))
                wrong, refused = single.candidates[0][0] != label, single.label is None
            misread = reading.text != dataset.texts[index]
            for name, value in zip(results, (index, variant, wrong, refused, misread)):
                results[name].append(value)
    item = np.array(results["item"], int)
    variant, wrong, refused, misread = (np.array(results[name]) for name in ("variant", "wrong", "refused", "misread"))
    out = {"name": dataset.name, "kind": dataset.kind, "split": split, "count": 0, "notes": list(dataset.notes)}
    if len(item) == 0:
        return out
    out["milliseconds_per_digit"] = round(milliseconds / max(digits_read, 1), 3)
    labels = dataset.labels[item]
    is_digit = labels < NOT_A_DIGIT
    if is_digit.any():
        count, groups = int(is_digit.sum()), dataset.groups[item][is_digit]
        bad = wrong[is_digit]
        out |= {
            "count": count,
            "error_percent": percent(bad),
            # The ways in which one item is drawn are no further items.
            "error_interval": interval(bad.mean() * count / ways, count / ways),
            "refused_percent": percent(refused[is_digit]),
            "read_error_percent": percent(misread[is_digit]),
        }
        if ways > 1:
            shown = misread[is_digit]
            out["by_variant"] = {
                name: {"error_percent": percent(bad[here]), "read_error_percent": percent(shown[here])}
                for name, here in ((name, variant[is_digit] == v) for v, name in enumerate(dataset.variants))
            }
        if groups[0]:
            by_group = {str(g): percent(bad[groups == g]) for g in np.unique(groups)}
            out |= {"groups": len(by_group), "mean_over_groups": round(float(np.mean(list(by_group.values()))), 3)}
            out["by_group"] = by_group
        out["confusions"] = [[*pair, n] for pair, n in _confusions(dataset, recognizer, item, variant, wrong & is_digit)]
    if (labels == 255).any():
        numbers = misread[(labels == 255) & (variant == 1)]
        out |= {"numbers": len(numbers), "exact_percent": percent(~numbers)}
    if (labels == NOT_A_DIGIT).any():
        rejected = refused[labels == NOT_A_DIGIT]
        out |= {"not_digits": len(rejected), "rejected_percent": percent(rejected)}
    return out


def _confusions(dataset, recognizer, item, variant, wrong, most=5):
    """The commonest mistakes as ((truth, answer), how often)."""
    pairs = Counter()
    for i, v in zip(item[wrong], variant[wrong]):
        answer = recognizer.recognize(glyph_of(dataset.picture(i, v))).candidates[0][0]
        pairs[int(dataset.labels[i]), answer] += 1
    return pairs.most_common(most)


def evaluate(model, datasets, split=splits.TEST, progress=True):
    """Score a model file on data sets: {"model": {...}, "datasets": [...]}, as `score` gives them."""
    recognizer = Recognizer.load(model)
    return {
        "model": {
            "file": str(model),
            "bytes": Path(model).stat().st_size,
            "vectors": recognizer.neighbors.n_trained,
        },
        "datasets": [score(recognizer, dataset, split, progress) for dataset in datasets],
    }
