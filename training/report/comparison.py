"""Sections that compare: vectors kept, training items and classifiers, and what a leaking split hides."""

from training.measuring.leakage import COUNT
from training.report.accuracy import number, span
from training.report.charts import Axis, Series, chart
from training.report.curves import METRIC_UP_TO
from training.report.markup import join, paragraph, table, tag

LEFT_OUT = "Left out (--brief), or the data for it were not given."


def kept(findings):
    points = findings.frontier
    names = list(points[0].wrong) if points else []
    if not names:
        return paragraph(LEFT_OUT)
    rows = [
        (
            f"{point.size:,}",
            number(point.bytes / 1e6),
            number(point.milliseconds),
            *(f"{point.percent(name):.2f} ({span(point.interval(name))})" for name in names),
        )
        for point in points
    ]
    figures = [
        _curve(f"Error against size, {name}", "vectors kept", points, {"shipped metric": points}, name)
        for name in names
    ]
    head = ("vectors", "file, MB", "one digit, ms", *(f"{name}, wrong % (95 %)" for name in names))
    return join(
        [
            paragraph(
                "The shipped model with only some of its vectors, drawn at random, the same share of each label."
            ),
            tag("div", *figures, class_="pair"),
            table("Size and speed against error", head, rows),
        ]
    )


def learning(findings):
    points = findings.learning
    if not points:
        return paragraph(LEFT_OUT)
    classifiers = list(dict.fromkeys(point.classifier for point in points))
    names = list(points[0].wrong)
    figures, tables = [], []
    for name in names:
        lines = {each: [p for p in points if p.classifier == each] for each in classifiers}
        figures.append(_curve(f"Error against training items, {name}", "training items", points, lines, name, log=True))
        sizes = [p.size for p in lines[classifiers[0]]]
        found = {(p.classifier, p.size): p.percent(name) for p in points}
        rows = [(each, *(number(found.get((each, size))) for size in sizes)) for each in classifiers]
        shipped = findings.frontier[-1]
        note = f"The shipped model, with all its {shipped.size:,} vectors: {shipped.percent(name):.2f}."
        tables.append(
            table(
                f"Wrong, %, by number of training items, {name}",
                ("classifier", *(f"{size:,}" for size in sizes)),
                rows,
                note,
            )
        )
    return join(
        [
            paragraph(
                "Each classifier learns from the same items, drawn at random, and from nothing else. “pixels” is "
                "the original project's: the whole picture shrunk to 28x28, each pixel ink or none, five neighbours. "
                "The next ones add, in turn, the recognizer's glyphs (size, place), its gradient features with slant "
                f"and size evened out, and the metric, which is learned anew from up to {METRIC_UP_TO:,} items only, "
                "as that takes long; the shipped model's error is told below."
            ),
            tag("div", *figures, class_="pair"),
            *tables,
        ]
    )


def _curve(title, across, points, lines, name, log=False):
    """Error against size; lines: {series: [Point]}. log: errors differ manyfold."""
    sizes = [point.size for point in points]
    top = max(point.interval(name)[1] for point in points)
    low = min((p.percent(name) for p in points if p.percent(name) > 0), default=0.1) / 2 if log else 0
    x = Axis(across, min(sizes) * 0.9, max(sizes) * 1.1, log=True)
    series = [
        Series(each, [(p.size, p.percent(name)) for p in own], [p.interval(name) for p in own])
        for each, own in lines.items()
    ]
    return chart(title, x, Axis("wrong, %", low, top * 1.02, log), series)


def leak(findings):
    tests = findings.leakage
    if not tests:
        return paragraph(LEFT_OUT)
    names = {"pixels": "the original's pixels", "features": "our features", "shipped": "the shipped model"}
    rows = []
    for test in tests:
        cells = [
            f"{100 * test.wrong[name] / test.count:.2f} ({span(test.interval(name))})"
            if name != "shipped" or test.unseen
            else "learnt them"
            for name in names
        ]
        rows.append((test.name, f"{test.count:,}", *cells))
    return join(
        [
            paragraph(
                "The original project trained on the Kaggle set and tested on a random fifth of its files. That set "
                "holds 40 drawings, each warped thousands of times, so a test file's neighbours are variants of the "
                "same drawing and the error is next to nothing. On drawings that were held out, and on other people's "
                "digits, the same program errs as the rows below say."
            ),
            table(
                f"The original's pipeline (binarised 28x28 pixels, k = 5), learning from the same {COUNT:,} files as "
                "our features; wrong, % (95 %)",
                ("tested on", "items", *names.values()),
                rows,
                "The first two learn from the Kaggle files alone: without the held-out ones in the rows of that set, "
                "from all of them below. The shipped model learnt from the data in its model card, and is tested on "
                "exactly the same items; where it has learnt the drawings itself, its figure would mean nothing.",
            ),
        ]
    )
