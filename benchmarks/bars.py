"""The bars of recognition, each measured on test data and held against its limit.

    python benchmarks/bars.py --data ../shared/data [--model FILE.npz] [--split validation]

Ends with status 1 if one is missed, but for times, which depend on the machine, and for what is known to be missed and
no worse (training/measuring/bars.py). These are checks against regression: nothing is ever chosen by them. The
validation split is for trying the command out: the shipped model has learnt from it.
"""

import argparse
import sys
from pathlib import Path

import root  # noqa: F401, first: it says where the modules below are
from threadpoolctl import threadpool_limits

from number_reader import Recognizer
from training.__main__ import SHIPPED, escape_what_can_not_be_written, print_refusal, print_scores
from training.data import splits
from training.data.opening import open_dataset
from training.data.photos import DEVELOPMENT
from training.learning import limits
from training.measuring import expressions
from training.measuring.bars import bars
from training.measuring.evaluate import score, summary
from training.measuring.observe import observe
from training.measuring.speed import latency
from training.synthesis.scribbles import ScribbleSet

MNIST, DIGITS, NUMBERS = "mnist.npz", "real/strokes-digits.jsonl.gz", "real/strokes-numbers.jsonl.gz"
OTHERS = ["handwritten-digits-not-in-mnist.zip", "real/strokes-not-digits.jsonl.gz"]
PHOTOS = "real/photos.json"


def print_expressions(name, found):
    print(f"\n{name}: {found['strings']} strings of {found['writers']} writers")
    print(f"  symbols right: {found['symbols']:.1f} %, mean over writers {found['symbols_over_writers']:.1f} %")
    short = (
        ""
        if found["short_exact"] is None
        else f", of those up to {expressions.SHORT} symbols {found['short_exact']:.1f} %"
    )
    print(f"  exactly right: {found['exact']:.1f} %{short}")
    print(
        f"  gain a digit: {found['gained']:.1f} %, lose a mark unsaid: {found['lost']:.1f} %; "
        f"{found['unsure']:.1f} % of symbols: ?"
    )
    print("  " + ", ".join(f"{mark} {share:.0f} % of {count}" for mark, (share, count) in found["marks"].items()))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, type=Path, metavar="FOLDER")
    parser.add_argument("--model", default=SHIPPED, metavar="FILE.npz")
    parser.add_argument("--split", default=splits.TEST, choices=(splits.VALIDATION, splits.TEST))
    options = parser.parse_args()
    escape_what_can_not_be_written()
    with threadpool_limits(1):
        recognizer = Recognizer.load(options.model)
        sets = {name: open_dataset(options.data / name) for name in (MNIST, DIGITS, NUMBERS, *OTHERS, PHOTOS)}
        observed = [observe(recognizer, each, options.split) for each in (*sets.values(), ScribbleSet())]
        # Where no marks are read, digits must be read no worse, either.
        digits_alone = [observe(recognizer, sets[name], options.split, symbols="digits") for name in (DIGITS, NUMBERS)]
        development = observe(recognizer, sets[PHOTOS], DEVELOPMENT)
        times = latency(recognizer, sets[DIGITS], options.split)
        strings = expressions.measure(recognizer, options.data, options.split)
    result = summary(options.model, recognizer, observed)
    for each in [*result["datasets"], score(development)]:
        print_scores(each)
    print_refusal(result["refusal"])
    for name, time in times.items():
        print(f"\n{name}: {time['median']:.1f} at the median, {time['p95']:.1f} at the 95th percentile")
    if result["model"]["refuse_one_percent"] is None:
        print(f"\nThere is no {limits.path_for(options.model)}: the limit that refuses 1 % is not known.")
    for name, found in strings.items():
        print_expressions(name, found)
    table = bars(result, times, strings, list(map(score, digits_alone)))
    print(f"\n{'bar':52}{'measured':>14}  wanted")
    for bar in table:
        print(f"{bar.name:52}{bar.found:>14}  {bar.wanted:20}{bar.verdict if bar.met else bar.verdict.upper()}")
    return int(any(bar.step_back for bar in table))


if __name__ == "__main__":
    sys.exit(main())
