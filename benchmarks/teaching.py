"""What teaching a few of a writer's digits does for the rest of them, of writers whom the model never saw; and what it
does to add the same few to the model, as `fit --base` does.

    python benchmarks/teaching.py --data ../shared/data --folds build [--shipped]

Who wrote every digit six times or more is measured: digits drawn with the pad's brush, the examples drawn at random ten
times over, errors counted of the digits that are never taught in that draw, label wrong or refused. The shipped model is
new to the four test writers. For the others, but those on whom its limit of doubt was settled, the folder holds models
that left out a fold of the writers each (fold1.npz, ...: `python -m training fit --fold 1 --first-pass build/fold1.npz
--data ...`, as docs/recognition.md has it). With --shipped the four test writers alone are measured.

Ends with status 1 unless five examples of each digit lower the error, of at least ten writers together and of their mean,
by more than chance would (95 % interval), and adding them lowers the mean over writers as far as teaching does, with no
writer worse.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import root  # noqa: F401, first: it says where the modules below are
from threadpoolctl import threadpool_limits

from number_reader.storage import model as model_file
from training.__main__ import SHIPPED
from training.data import splits
from training.data.opening import open_dataset
from training.measuring import teaching

STROKES = "real/strokes-digits.jsonl.gz"
WRITERS = 10  # at least


def models(digits, folder):
    """Models, and the writers to whom each is new: [(name, Model, [writer, ...])]. folder: of those that left out a fold, or
    None for the shipped one alone."""
    shipped = model_file.load(SHIPPED)
    found = [("shipped", shipped, teaching.writers(digits, splits.TEST))]
    for fold in range(1, splits.FOLDS) if folder else ():
        theirs = [w for w in teaching.writers(digits, splits.TRAIN) if splits.fold_of(w, splits.TRAIN) == fold]
        found.append((f"fold {fold}", teaching.without(folder / f"fold{fold}.npz", shipped), theirs))
    return found


def percents(lesson):
    """Error before, after teaching and after adding each number of examples, %."""
    return [100 * errors.mean() for errors in (lesson.before, *lesson.after.values(), *lesson.added.values())]


def columns(figures):
    return f"{figures[0]:>9}" + "".join(f"{figure:>9}" for figure in figures[1:])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, type=Path, metavar="FOLDER")
    measured = parser.add_mutually_exclusive_group(required=True)
    measured.add_argument("--folds", type=Path, metavar="FOLDER", help="of the models that left out a fold")
    measured.add_argument("--shipped", action="store_true", help="measure the four to whom the shipped model is new")
    options = parser.parse_args()
    digits = open_dataset(options.data / STROKES)
    heads = ["untaught", *(f"{way} {each}" for way in ("taught", "added") for each in teaching.EACH)]
    print(f"{'error of the digits left, in %':38}{'digits':>7}{columns(heads)}   weights")
    lessons = []
    with threadpool_limits(1):
        for named, model, writers in models(digits, options.folds):
            for writer in writers:
                lesson = teaching.lesson(model, digits, writer, np.random.default_rng(teaching.SEED))
                lessons.append(lesson)
                name = f"{writer:28}{named:10}{lesson.before.shape[1]:7}"
                weights = " ".join("".join(map(str, sorted(chosen))) for chosen in lesson.weights.values())
                print(f"{name}{columns([f'{percent:.2f}' for percent in percents(lesson)])}   {weights}", flush=True)
    return report(lessons)


def report(lessons):
    """Print what became of all writers together. Returns the command's status."""
    counts = [lesson.before.shape[1] for lesson in lessons]
    table = np.array([percents(lesson) for lesson in lessons])
    totals = {"all digits": np.average(table, axis=0, weights=counts), "mean over writers": table.mean(axis=0)}
    for name, row in totals.items():
        print(f"{name:38}{sum(counts):7}{columns([f'{percent:.2f}' for percent in row])}")
    for way, verb in (("after", "taught"), ("added", "added")):
        for each in teaching.EACH:
            for name, (points, low, high) in zip(totals, teaching.gain(lessons, each, way)):
                print(f"{each} of each digit {verb}, {name}: {points:.2f} points fewer (95 %: {low:.2f} to {high:.2f})")
            print(f"{each} of each digit {verb}, worse: {', '.join(teaching.worse(lessons, each, way)) or 'nobody'}")
    lowered = all(low > 0 for _, low, _ in teaching.gain(lessons, teaching.MOST))
    met = lowered and len(lessons) >= WRITERS
    print(f"{'met' if met else 'MISSED'}: {len(lessons)} writers (bar: {WRITERS}), error lowered: {lowered}")
    taught, added = (teaching.gain(lessons, teaching.MOST, way)[1][0] for way in ("after", "added"))
    nobody = not teaching.worse(lessons, teaching.MOST)
    as_far = nobody and added >= taught
    print(
        f"{'met' if as_far else 'MISSED'}: adding lowers the mean as far as teaching: {added >= taught}, nobody worse: {nobody}"
    )
    return 0 if met and as_far else 1


if __name__ == "__main__":
    sys.exit(main())
