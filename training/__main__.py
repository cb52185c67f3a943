"""Commands: fit a model, evaluate it, report on it, read pictures.

python -m training fit --data PATH ... [--output FILE.npz]
python -m training fit --base MODEL.npz --data PATH ... [--output FILE.npz]
python -m training evaluate --data PATH ... [--model FILE.npz] [--split NAME] [--json]
python -m training report --data PATH ... [--model FILE.npz] [--output FILE.html] [--split NAME] [--brief] [--json]
python -m training read FILE ... [--model FILE.npz]
"""

import argparse
import json
import sys
import time
from pathlib import Path

from threadpoolctl import threadpool_limits

from number_reader import ImageError, ModelError, Recognizer
from number_reader.command import printable
from training.data import splits
from training.data.errors import DataError
from training.processes import shared_folder

SHIPPED = Path(__file__).parent.parent / "site" / "model" / "digits.npz"
EMBEDDED = Path("build") / "embedded.npz"
REPORT = Path("build") / "report.html"
OWN = Path("build") / "own.npz"
SPLITS = (splits.TRAIN, splits.VALIDATION, splits.TEST, "development")  # the last: of photos


def parser():
    main = argparse.ArgumentParser(prog="python -m training", description="Trains and measures the number reader.")
    commands = main.add_subparsers(dest="command", required=True)
    data = "a zip of <digit>/<n>.png, an mnist.npz, strokes (*.jsonl.gz), or a folder of pictures in <digit>/"
    measured = f"{data}, or a list of pictures (*.json)"

    fit = commands.add_parser("fit", help="make a model file from data sets")
    fit.add_argument("--data", nargs="+", metavar="PATH", help=f"{data}; without it scikit-learn's bundled digits")
    fit.add_argument(
        "--output", metavar="FILE.npz", help=f"default: the shipped model, or {EMBEDDED} when --data is not given"
    )
    fit.add_argument(
        "--first-pass", metavar="FILE.npz", help="keep the model of the train split alone, for choices on validation"
    )
    fit.add_argument(
        "--fold",
        type=int,
        choices=range(splits.FOLDS),
        help="the first pass alone, with another part of the writers outside the test split for validation",
    )
    fit.add_argument(
        "--base", metavar="MODEL.npz", help=f"add the data to this model, in seconds; --output is then {OWN} by default"
    )
    evaluate = commands.add_parser("evaluate", help="measure a model on data sets")
    evaluate.add_argument(
        "--data", nargs="+", metavar="PATH", help=f"{measured}; without it scikit-learn's bundled digits"
    )
    evaluate.add_argument("--model", default=SHIPPED, metavar="FILE.npz", help="default: the shipped model")
    evaluate.add_argument("--split", default=splits.TEST, choices=SPLITS)
    evaluate.add_argument("--json", action="store_true", help="print JSON and nothing else")

    report = commands.add_parser("report", help="write all that is measured of a model as one HTML file")
    report.add_argument(
        "--data",
        nargs="+",
        default=[],
        metavar="PATH",
        help=f"{measured}, or a folder that holds several of those; without it scikit-learn's bundled digits",
    )
    report.add_argument("--model", default=SHIPPED, metavar="FILE.npz", help="default: the shipped model")
    report.add_argument("--output", default=REPORT, metavar="FILE.html", help=f"default: {REPORT}")
    report.add_argument("--split", default=splits.TEST, choices=(splits.VALIDATION, splits.TEST))
    report.add_argument("--brief", action="store_true", help="leave out what learns anew: learning curve and leakage")
    report.add_argument("--json", action="store_true", help="also write the figures as JSON beside the page")

    read = commands.add_parser("read", help="read numbers from picture files")
    read.add_argument("files", nargs="+", metavar="FILE")
    read.add_argument("--model", default=SHIPPED, metavar="FILE.npz", help="default: the shipped model")
    return main


def run_fit(options):
    from training.learning.fit import exemplars_path, fit

    start = time.time()
    if options.base:
        return run_fit_base(options, start)
    output = Path(options.output) if options.output else SHIPPED if options.data else EMBEDDED
    datasets = open_for_learning(options.data or [None])
    if options.fold is not None:
        if not options.first_pass or options.output:
            raise DataError("--fold makes no more than a first pass: say with --first-pass where to keep it.")
        datasets, output = [splits.hold_out(dataset, options.fold) for dataset in datasets], None
    figures = fit(datasets, output, first_pass=options.first_pass)
    print(f"validation: {', '.join(f'{name} {value}' for name, value in figures.items())}")
    if output is None:
        print(f"wrote {options.first_pass}, in {(time.time() - start) / 60:.1f} minutes")
        return
    print(f"wrote {output}: {output.stat().st_size:,} bytes, in {(time.time() - start) / 60:.1f} minutes")
    print(f"beside it {exemplars_path(output).name}: pictures of its digits, for the page to show")


def open_for_learning(paths):
    from training.data.opening import open_dataset

    datasets = [open_dataset(path) for path in paths]
    for dataset in datasets:
        if dataset.kind == "photos":
            raise DataError(f"{dataset.path} is for measuring only; nothing is learned from it.")
    print_notes((d.name, d.notes) for d in datasets)
    for dataset in datasets:
        dataset.check()
    return datasets


def run_fit_base(options, start):
    from training.measuring.adding import add_and_measure

    if not options.data:
        raise DataError("--base adds to a model what --data holds; say where that is.")
    if options.first_pass:
        raise DataError("--first-pass has no meaning with --base: nothing is learned twice.")
    output = Path(options.output or OWN)
    added, kept = add_and_measure(open_for_learning(options.data), options.base, output)
    print_notes([(output.name, added.notes)])
    choice = added.choice
    print(
        f"{added.glyphs:,} examples, each added with weight {choice.weight}, which was chosen on them and the base's own:"
    )
    for weight, wrong in choice.wrong.items():
        print(
            f"  weight {weight}: {wrong} of {choice.read:,}, each read without itself, are wrong or refused; ", end=""
        )
        print(f"of {choice.sampled:,} of the base {choice.lost[weight]:+d}")
    for scores in kept:
        print(f"{scores['name']}: {scores['count']:,} drawings of digits kept, never learned")
        for when in ("before", "after"):
            print(f"  {when:6} {scores[when]['error_percent']:6.2f} % wrong; ", end="")
            print(f"text shown is not the digit: {scores[when]['read_error_percent']:.2f} %")
    if not kept:
        print("no digits were kept to measure on, so nobody knows what it does")
    print(f"wrote {output}: {output.stat().st_size:,} bytes, in {time.time() - start:.1f} seconds")
    if added.pictures:
        print(f"beside it {added.pictures.name}: pictures of its digits, for the page to show")


def run_evaluate(options):
    from training.data.opening import open_dataset
    from training.measuring.evaluate import evaluate

    datasets = [open_dataset(path) for path in options.data or [None]]
    for dataset in datasets:
        dataset.check(options.split)
    result = evaluate(options.model, datasets, options.split, progress=not options.json)
    if options.json:
        print(json.dumps(result, indent=1))
        return
    print_notes((d["name"], d["notes"]) for d in result["datasets"])
    print(f"{options.model}: {result['model']['bytes']:,} bytes, {result['model']['vectors']:,} vectors")
    for scores in result["datasets"]:
        print_scores(scores)
    print_refusal(result["refusal"])


def print_scores(scores):
    print(f"\n{scores['name']} ({scores['split']})")
    if "error_percent" in scores:
        low, high = scores["error_interval"]
        print(f"  {scores['count']:,} digits: {scores['error_percent']:.2f} % wrong (95 %: {low:.2f} to {high:.2f})")
        print(f"  refused {scores['refused_percent']:.2f} %; ", end="")
        print(f"text shown is not the digit: {scores['read_error_percent']:.2f} %")
    for name, error in scores.get("by_variant", {}).items():
        print(f"    {name}: {error['error_percent']:.2f} % wrong, shown {error['read_error_percent']:.2f} %")
    if "with_strokes" in scores:
        wrong, shown = (scores["with_strokes"][figure] for figure in ("error_percent", "read_error_percent"))
        print(f"    with the pen strokes known: {wrong:.2f} % wrong, shown {shown:.2f} %")
    if "by_digit" in scores:
        each = (
            f"{digit} {error['error_percent']:.1f} % of {error['count']:,}"
            for digit, error in scores["by_digit"].items()
        )
        print(f"  wrong of each digit: {', '.join(each)}")
    if "calibration_error_percent" in scores:
        print(f"  expected calibration error of the confidences: {scores['calibration_error_percent']:.2f} %")
    if "groups" in scores:
        print(f"  mean over {scores['groups']} writers or drawings: {scores['mean_over_groups']:.2f} % wrong")
    if "numbers" in scores:
        print(f"  {scores['numbers']:,} numbers: {scores['exact_percent']:.1f} % exactly right")
    if "exact_with_strokes_percent" in scores:
        print(f"    with the pen strokes known: {scores['exact_with_strokes_percent']:.1f} %")
    for sort, counted in scores.get("by_sort", {}).items():
        print(f"  {sort}: {counted['wrong']} of {counted['count']} read wrong")
    if "not_digits" in scores:
        print(f"  {scores['not_digits']:,} marks that are no digit: {scores['rejected_percent']:.1f} % refused")
    if "rejected_at_one_percent" in scores:
        whole, read = scores["rejected_at_one_percent"], scores["rejected_as_read_at_one_percent"]
        print(
            f"  at the limit that refuses 1 % of digits: {whole:.1f} % as one mark, {read:.1f} % as read, maybe in parts"
        )
    if scores.get("confusions"):
        print("  commonest mistakes: " + ", ".join(f"{t} read as {a} ({n})" for t, a, n in scores["confusions"]))
    if "milliseconds_per_digit" in scores:
        print(f"  {scores['milliseconds_per_digit']:.2f} ms per digit")
    else:
        print("  nothing in this split")


def print_refusal(pairs):
    for pair in pairs:
        print(f"\ndoubt: {pair['digits']} against marks of {pair['not_digits']}: AUROC {pair['auroc']:.3f}")


def print_notes(named_notes):
    for name, notes in named_notes:
        for note in notes:
            print(f"note: {printable(f'{name}: {note}')}", file=sys.stderr)


def run_report(options):
    from training.report.writing import write

    start = time.time()
    written = write(
        options.model,
        options.data,
        options.output,
        options.arguments,
        split=options.split,
        brief=options.brief,
        as_json=options.json,
    )
    print(f"wrote {' and '.join(map(str, written))} in {(time.time() - start) / 60:.1f} minutes")


def run_read(options):
    from training.data.pictures import read_picture

    recognizer = Recognizer.load(options.model)
    for file in options.files:
        reading = recognizer.read(read_picture(file))
        sure = " ".join(f"{digit.confidence:.2f}" for digit in reading.digits)
        print(f"{printable(file)}\t{reading.text!r}\t{sure}")


COMMANDS = {"fit": run_fit, "evaluate": run_evaluate, "report": run_report, "read": run_read}


def escape_what_can_not_be_written():
    """A terminal or a file may lack the letters of a name, as one of Windows does: print their numbers, and go on."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def main(arguments=None):
    arguments = sys.argv[1:] if arguments is None else arguments
    escape_what_can_not_be_written()
    options = parser().parse_args(arguments)
    options.arguments = arguments
    try:
        # One thread for linear algebra: sums come out the same on any number of cores, timings too.
        with threadpool_limits(1), shared_folder():
            COMMANDS[options.command](options)
    except (DataError, ModelError, ImageError) as error:
        # A file may have any name, and a terminal does what some say.
        print(f"{options.command}: {printable(str(error))}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
