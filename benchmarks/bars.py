"""The bars of recognition, each measured on test data and held against its limit.

    python benchmarks/bars.py --data ../shared/data [--model FILE.npz]

Ends with status 1 if one is missed. These are checks against regression: nothing is ever chosen by them.
"""

import argparse
import sys
from pathlib import Path

from threadpoolctl import threadpool_limits

from training.__main__ import SHIPPED, print_scores
from training.datasets import open_dataset
from training.evaluate import evaluate
from training.scribbles import ScribbleSet

MEGABYTE = 1_000_000
BARS = [  # data set, figure, limit
    ("mnist.npz", "error_percent", 0.60),
    ("real/strokes-digits.jsonl.gz", "error_percent", 1.8),
]
REPORTED = ["handwritten-digits-not-in-mnist.zip", "real/strokes-not-digits.jsonl.gz", "real/strokes-numbers.jsonl.gz"]
MODEL_MEGABYTES = 1.5


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, type=Path, metavar="FOLDER")
    parser.add_argument("--model", default=SHIPPED, metavar="FILE.npz")
    options = parser.parse_args()
    names = [name for name, _, _ in BARS] + REPORTED
    with threadpool_limits(1):
        datasets = [open_dataset(options.data / name) for name in names]
        result = evaluate(options.model, [*datasets, ScribbleSet()])
    scores = dict(zip(names, result["datasets"]))
    for each in result["datasets"]:
        print_scores(each)
    rows = [(f"{name} {figure}", scores[name][figure], limit) for name, figure, limit in BARS]
    rows.append(("model, MB", result["model"]["bytes"] / MEGABYTE, MODEL_MEGABYTES))
    print(f"\n{'bar':46}{'measured':>10}{'at most':>10}")
    for name, value, limit in rows:
        print(f"{name:46}{value:10.3f}{limit:10.2f}  {'met' if value <= limit else 'MISSED'}")
    return int(any(value > limit for _, value, limit in rows))


if __name__ == "__main__":
    sys.exit(main())
