"""What teaching a few of a writer's digits does for the rest of them, of writers whom the model never saw.

    python benchmarks/teaching.py --data ../shared/data [--all] [--models FOLDER]

Who wrote every digit six times or more is measured: digits drawn with the pad's brush, the examples drawn at random ten
times over, errors counted of the digits that are never taught in that draw, label wrong or refused. The shipped model is
new to the four test writers. For half of the other 18 a model is made as it was made, without them; with --all one for
the other half, too. That takes a quarter of an hour each on two cores the first time: they are kept in the folder, and
made anew if they are deleted there.

Ends with status 1 unless five examples of each digit lower the error, of at least ten writers together and of their mean,
by more than chance would (95 % interval).
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import root  # noqa: F401, first: it says where the modules below are
from threadpoolctl import threadpool_limits

from number_reader import Recognizer
from training.__main__ import SHIPPED
from training.data import splits
from training.data.opening import open_dataset
from training.measuring import teaching

STROKES = "real/strokes-digits.jsonl.gz"
LEARNED = [  # what the shipped model is made of, in the order in which docs/recognition.md names it
    "mnist.npz",
    "handwritten-digits-not-in-mnist.zip",
    STROKES,
    "real/strokes-numbers.jsonl.gz",
    "real/strokes-not-digits.jsonl.gz",
]
MODELS = Path("build") / "teaching"
WRITERS = 10  # at least


def models(data, digits, folder, count):
    """The shipped model and so many made ones, and the writers to whom each is new: [(path, [name, ...])]."""
    found = [(SHIPPED, teaching.writers(digits, splits.TEST))]
    for number, left_out in enumerate(teaching.folds(digits)[:count], 1):
        path = folder / f"without-{number}.npz"
        if not path.is_file():
            print(f"{path} is made without {', '.join(left_out)}", flush=True)
            teaching.fit_without(left_out, [open_dataset(data / name) for name in LEARNED], path)
        found.append((path, left_out))
    return found


def percents(lesson):
    """Error before teaching and after each number of examples, %."""
    return [100 * errors.mean() for errors in (lesson.before, *lesson.after.values())]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, type=Path, metavar="FOLDER")
    parser.add_argument("--all", action="store_true", help="measure all 22 writers, not 13")
    parser.add_argument(
        "--models", default=MODELS, type=Path, metavar="FOLDER", help=f"of the models made for this (default {MODELS})"
    )
    options = parser.parse_args()
    digits = open_dataset(options.data / STROKES)
    columns = f"{'untaught':>10}" + "".join(f"{f'{each} of each':>11}" for each in teaching.EACH)
    print(f"{'error of the digits left, in %':40}{'digits':>7}{columns}")
    lessons = []
    with threadpool_limits(1):
        for path, writers in models(options.data, digits, options.models, teaching.FOLDS if options.all else 1):
            recognizer = Recognizer.load(path)
            for writer in writers:
                lessons.append(teaching.lesson(recognizer, digits, writer, np.random.default_rng(teaching.SEED)))
                figures = "".join(f"{percent:11.2f}" for percent in percents(lessons[-1]))
                print(
                    f"{writer:30}{'shipped' if path == SHIPPED else path.stem:10}{lessons[-1].before.shape[1]:7}{figures[1:]}",
                    flush=True,
                )
    counts = [lesson.before.shape[1] for lesson in lessons]
    table = np.array([percents(lesson) for lesson in lessons])
    totals = {"all digits": np.average(table, axis=0, weights=counts), "mean over writers": table.mean(axis=0)}
    for name, row in totals.items():
        print(f"{name:40}{sum(counts):7}" + "".join(f"{percent:11.2f}" for percent in row)[1:])
    for each in teaching.EACH:
        for name, (points, low, high) in zip(totals, teaching.gain(lessons, each)):
            print(f"{each} of each digit, {name}: {points:.2f} points fewer (95 %: {low:.2f} to {high:.2f})")
    lowered = all(low > 0 for _, low, _ in teaching.gain(lessons, teaching.MOST))
    met = lowered and len(lessons) >= WRITERS
    print(f"{'met' if met else 'MISSED'}: {len(lessons)} writers (bar: {WRITERS}), error lowered: {lowered}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
