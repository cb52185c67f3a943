"""Sections on how sure the answers are, and on what is refused."""

import numpy as np

from training.data.datasets import NOT_A_DIGIT
from training.data.measures import reliability
from training.report.accuracy import number
from training.report.charts import Axis, Series, chart
from training.report.findings import reference_digits, refusal_table, refused_at
from training.report.markup import join, paragraph, table, tag

CURVE_TO = 10  # % of the digits refused, where the curve ends


def calibration(findings):
    parts = [
        paragraph(
            "A confidence is honest if answers given with 90 % are right nine times in ten. Each point is a bin of "
            "confidence; the expected calibration error is the mean distance from the dashed line, bins weighted by "
            "count."
        )
    ]
    figures, tables = [], []
    errors = {scores["name"]: scores.get("calibration_error_percent") for scores in findings.result["datasets"]}
    for observed in findings.compared:
        here, name = observed.is_digit, observed.dataset.name
        bins = reliability(observed.confidence[here], ~observed.wrong[here])
        points = [(100 * sure, 100 * right) for sure, right, _ in bins]
        axes = Axis("confidence, %", 0, 100), Axis("right, %", 0, 100)
        caption = f"{name}: expected calibration error {number(errors[name])} %"
        figures.append(chart(f"Reliability diagram, {name}", *axes, [Series(name, points)], caption, even=True))
        rows = [(f"{sure:.1f}", f"{right:.1f}", f"{n:,}") for (sure, right), (*_, n) in zip(points, bins)]
        tables.append(table(f"Bins of confidence, {name}", ("mean confidence, %", "right, %", "drawings"), rows))
    return join([*parts, tag("div", *figures, class_="pair"), tag("div", *tables, class_="pair")])


def refusal(findings):
    digits = reference_digits(findings.observations)
    if digits is None:
        return paragraph("No digits were given.")
    model = findings.result["model"]
    limits = [
        ("the shipped limit", model["refuse_above"]),
        ("the limit set for 1 % on validation", model["refuse_one_percent"]),
    ]
    doubt = np.sort(digits.doubt[digits.is_digit])
    series = []
    for observed in findings.observations:
        marks = observed.doubt[observed.truth == NOT_A_DIGIT]
        if marks.size:
            steps = np.quantile(doubt, 1 - np.linspace(0, CURVE_TO, 201) / 100)
            points = [(100 * float((doubt > at).mean()), 100 * float((marks > at).mean())) for at in steps]
            series.append(Series(observed.dataset.name, points, dots=False))
    rows = []
    for name, limit in limits:
        if limit is None:
            continue
        row = refused_at(limit, findings.observations)
        points = [(row["digits"], row[s.name]) for s in series if s.line]
        series.append(Series(name, points, line=False))
        rows.append(_row(name, row))
    rows += [_row(f"{row['digits']:.1f} % of these digits", row) for row in refusal_table(findings.observations)]
    names = [s.name for s in series if s.line]
    axes = Axis(f"digits refused, % ({digits.dataset.name})", 0, CURVE_TO), Axis("refused, %", 0, 100)
    aurocs = [
        (f"{pair['digits']} against {pair['not_digits']}", f"{pair['auroc']:.4f}")
        for pair in findings.result["refusal"]
    ]
    note = (
        None
        if limits[1][1] is not None
        else "The limit that refuses 1 % of validation digits is not known for this model."
    )
    return join(
        [
            paragraph(
                "Letters, symbols and scribbles should be refused, digits should not. A limit of doubt trades one for "
                "the other."
            ),
            chart("Share of other marks refused against share of digits refused", *axes, series),
            table(
                "Refused at some limits of doubt", ("limit", "digits, %", *(f"{name}, %" for name in names)), rows, note
            ),
            table("How well doubt tells digits from other marks (AUROC)", ("digits against marks", "AUROC"), aurocs),
        ]
    )


def _row(name, row):
    return (name, *(number(value) for key, value in row.items() if key != "limit"))
