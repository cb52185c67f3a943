"""The evidence in one HTML file: what the reader gets right and wrong, how sure it is, and what others would do.

`write` measures a model and writes the page; it needs nothing from outside, its pictures and charts lie in it.
"""

import json
import math
from pathlib import Path

from number_reader.storage.model import write_whole
from training.data import splits
from training.data.opening import open_dataset
from training.learning.fit import check_output
from training.report import accuracy, beyond, comparison, doubt
from training.report.findings import find
from training.report.markup import document, join, paragraph, table, tag
from training.report.provenance import provenance

TYPES = ("*.npz", "*.zip", "*.jsonl.gz", "photos.json")

COMMANDS = (
    "python -m training evaluate --data PATH ... [--json]",
    "python benchmarks/bars.py --data FOLDER",
    "python benchmarks/leakage.py --data ZIP",
)
SECTIONS = [
    ("summary", "The bars", accuracy.summary),
    ("data-sets", "Error by data set", accuracy.data_sets),
    ("writers", "Error by writer", accuracy.writers),
    ("confusion", "What is taken for what", accuracy.confusion),
    ("mistakes", "The worst mistakes", accuracy.mistakes),
    ("numbers", "Whole numbers", beyond.numbers),
    ("photos", "Photos and other pictures", beyond.photos),
    ("confidence", "How sure, and how often right", doubt.calibration),
    ("refusal", "What is no digit", doubt.refusal),
    ("speed", "Speed", beyond.speed),
    ("kept", "Size and speed against error", comparison.kept),
    ("learning", "More training items, other classifiers", comparison.learning),
    ("leakage", "What a leaking split hides", comparison.leak),
]


def paths_in(paths):
    """PATHs as given, with a folder that holds data sets instead of digits' folders replaced by those data sets."""
    out = []
    for path in map(Path, paths):
        digits = path.is_dir() and any(each.is_dir() for digit in range(10) for each in path.rglob(str(digit)))
        found = sorted(each for kind in TYPES for each in path.rglob(kind)) if path.is_dir() and not digits else []
        out += found or [path]
    return out


def write(model, paths, output, arguments, *, split=splits.TEST, brief=False, as_json=False, progress=True):
    """Measure a model file and write the report, and with `as_json` its figures beside it.

    paths: of data sets, or of folders that hold some; [] for scikit-learn's digits. arguments: the command's own, to
    be quoted. Returns the paths written.
    """
    output = Path(output)
    check_output(output)
    files = paths_in(paths)
    datasets = [open_dataset(path) for path in files or [None]]
    for dataset in datasets:
        dataset.check()
    origin = provenance(arguments, [model, *files])
    findings = find(model, datasets, split, brief, progress)
    write_whole(output, page(findings, origin, split).encode(errors="backslashreplace"))  # arguments may be no text
    if not as_json:
        return [output]
    figures = {"split": split, "provenance": origin} | findings.figures()
    beside = output.with_suffix(".json")
    write_whole(beside, json.dumps(_finite(figures), indent=1, allow_nan=False).encode() + b"\n")
    return [output, beside]


def _finite(value):
    """Plain values with null for what JSON has no number for."""
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def page(findings, origin, split):
    """The report as HTML text."""
    sections = [(name, title, make(findings)) for name, title, make in SECTIONS]
    return document(
        "How well the number reader reads",
        _lead(findings, split),
        [*sections, ("origin", "How this was made", _origin(origin))],
    )


def _lead(findings, split):
    model = findings.result["model"]
    learnt = "which no training has seen" if split == splits.TEST else "which the model may have learnt: errors flatter"
    return paragraph(
        f"{Path(model['file']).name}: {model['bytes']:,} bytes, {model['vectors']:,} vectors. "
        f"Measured on the {split} split, {learnt}."
    )


def _origin(origin):
    rows = [
        (each["file"], f"{each['bytes']:,}", tag("td", tag("code", each["sha256"]), class_="words"))
        for each in origin["files"]
    ]
    facts = ("commit", "date", "machine", "software")
    return join(
        [
            tag("pre", origin["command"]),
            tag("ul", *(tag("li", f"{name}: {origin[name]}") for name in facts)),
            table("Files", ("file", "bytes", "SHA-256"), rows),
            paragraph("Other commands print parts of this:"),
            tag("ul", *(tag("li", tag("code", each)) for each in COMMANDS)),
        ]
    )
