"""Why the split matters: the Kaggle set's error split by file, as the original project did, and by drawing.

    python benchmarks/leakage.py --data handwritten-digits-not-in-mnist.zip [--count N]

The original's pixels and our features (no learned metric, so that nothing was fitted on either side) are compared on a
random fifth of the files, and on one part (a, b, c or d: one drawing of each digit) after training on the other three,
in turn. `python -m training report` has the same beside MNIST, strokes and the shipped model.
"""

import argparse

import root  # noqa: F401, first: it says where the modules below are

from training.data.opening import open_dataset
from training.measuring import leakage


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, metavar="PATH")
    parser.add_argument("--count", type=int, default=leakage.COUNT, help="files drawn at random (default %(default)s)")
    options = parser.parse_args()
    dataset = open_dataset(options.data)
    if not leakage.usable(dataset):
        parser.error("this is not the original Kaggle zip: its drawings are not known")
    tests = leakage.measure(dataset, count=options.count)
    print(f"\n{'wrong, %':44}{'files':>7}{'pixels':>9}{'features':>10}")
    for test in tests:
        shares = [100 * wrong / test.count for wrong in test.wrong.values()]
        print(f"{test.name:44}{test.count:7,}{shares[0]:9.2f}{shares[1]:10.2f}")
    held = [test for test in tests if test.part]
    total = sum(test.count for test in held)
    shares = [100 * sum(test.wrong[name] for test in held) / total for name in held[0].wrong]
    print(f"{'the four parts together':44}{total:7,}{shares[0]:9.2f}{shares[1]:10.2f}")


if __name__ == "__main__":
    main()
