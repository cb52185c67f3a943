"""What adding a person's digits to a model does for those of theirs that were kept: the error before and after."""

from training.adding import base as learning
from training.data import splits
from training.measuring.evaluate import evaluate

FIGURES = ("error_percent", "refused_percent", "read_error_percent")


def add_and_measure(datasets, base, output, progress=True):
    """Write a model as `adding.base.add` does, keeping a fifth. Returns its Added, and for each data set of which digits
    were kept {"name", "count", "before", "after"}: how many drawings of them were read, and FIGURES of `evaluate.score`."""
    notes = learning.keep_a_fifth(datasets)
    added = learning.add(datasets, base, output, progress)
    added.notes[:0] = notes
    before, after = (evaluate(model, datasets, splits.TEST, progress)["datasets"] for model in (base, output))
    return added, [
        {"name": old["name"], "count": old["count"]}
        | {when: {figure: each[figure] for figure in FIGURES} for when, each in (("before", old), ("after", new))}
        for old, new in zip(before, after)
        if "error_percent" in old
    ]
