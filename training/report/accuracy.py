"""Sections on what is read right and wrong: bars, data sets, writers, confusions, mistakes."""

import numpy as np

from training.data.measures import interval
from training.report.markup import Markup, join, paragraph, picture, table, tag

MISTAKES = 24  # shown of each data set
WRITERS = 30  # told of, those with the highest errors first


def number(value, digits=2):
    """A figure for people, a dash where there is none."""
    return "–" if value is None else f"{value:,.{digits}f}"


def span(low_high, digits=2):
    """An interval, which is not to be broken."""
    return f"{low_high[0]:.{digits}f}\u00a0to\u00a0{low_high[1]:.{digits}f}"


def summary(findings):
    found = findings.bars
    rows = [(bar.name, tag("td", bar.verdict, class_=bar.verdict), bar.found, bar.wanted) for bar in found]
    met, measured = sum(bar.met for bar in found), sum(bar.measured is not None for bar in found)
    rest = f" {len(found) - measured} could not be measured on the data given." if measured < len(found) else ""
    return join(
        [
            paragraph(f"Of {measured} bars that were measured, {met} are met.{rest}"),
            table("The bars, each measured on the split named above", ("bar", "", "measured", "wanted"), rows),
        ]
    )


def data_sets(findings):
    rows, brushes = [], []
    for scores in findings.result["datasets"]:
        if "error_percent" not in scores:
            continue
        rows.append(
            (
                scores["name"],
                f"{scores['count']:,}",
                number(scores["error_percent"]),
                span(scores["error_interval"]),
                number(scores["read_error_percent"]),
                number(scores["refused_percent"]),
                number(scores.get("mean_over_groups")),
                number(scores["calibration_error_percent"]),
            )
        )
        for name, error in scores.get("by_variant", {}).items():
            brushes.append(
                (f"{scores['name']}, {name}", number(error["error_percent"]), number(error["read_error_percent"]))
            )
    note = (
        "Wrong: the best label is not the digit, refused or not. Text wrong: also counts a refusal, and a digit "
        "read as several. The interval is Wilson's; the ways in which one item is drawn count as one item."
    )
    head = (
        "data set",
        "drawings",
        "wrong, %",
        "95 %",
        "text wrong, %",
        "refused, %",
        "mean over writers or drawings, %",
        "calibration error, %",
    )
    parts = [table("Error by data set", head, rows, note)]
    parts.append(table("Error by brush", ("drawn with", "wrong, %", "text wrong, %"), brushes))
    warnings = {note for scores in findings.result["datasets"] for note in scores["notes"]}
    parts += [paragraph(f"Note: {warning}.") for warning in sorted(warnings)]
    return join(parts)


def writers(findings):
    """Each writer's error, the highest first."""
    parts = []
    for observed in findings.compared:
        here = observed.is_digit
        groups, wrong = observed.dataset.groups[observed.item[here]], observed.wrong[here]
        if not groups[0]:
            continue
        ways = len(observed.dataset.variants)
        each = []
        for name in np.unique(groups):
            own = wrong[groups == name]
            each.append((100 * own.mean(), str(name), len(own) // ways, int(own.sum())))
        each.sort(key=lambda row: (-row[0], row[1]))
        rows = [
            (name, f"{items:,}", f"{bad:,}", number(error), span(interval(bad / ways, items)))
            for error, name, items, bad in each[:WRITERS]
        ]
        spotless = sum(error == 0 for error, *_ in each)
        parts.append(paragraph(f"{observed.dataset.name}: {spotless} of {len(each)} writers have no error at all."))
        head = ("writer", "digits", "drawings wrong", "wrong, %", "95 %")
        parts.append(
            table(f"Error by writer, {observed.dataset.name}", head, rows, f"Each digit is drawn in {ways} ways.")
        )
    return join(parts) if parts else paragraph("Nobody knows who wrote these digits.")


def confusion(findings):
    return join(_matrix(observed) for observed in findings.compared)


def _matrix(observed):
    counts = np.zeros((10, 10), int)
    np.add.at(counts, (observed.truth[observed.is_digit], observed.answer[observed.is_digit]), 1)
    worst = max(1, (counts - np.diag(np.diag(counts))).max())
    rows = []
    for truth in range(10):
        cells = [
            tag(
                "td",
                f"{n:,}" if n else "·",
                class_="heat",
                style=f"--share:{0.08 if truth == answer else round(0.85 * n / worst, 2)}",
            )
            for answer, n in enumerate(counts[truth])
        ]
        total = counts[truth].sum()
        rows.append((str(truth), *cells, number(100 * (1 - counts[truth, truth] / total)) if total else "–"))
    return table(
        f"Confusion matrix, {observed.dataset.name}: rows are what was written, columns what was read",
        ("", *map(str, range(10)), "wrong, %"),
        rows,
    )


def mistakes(findings):
    """The surest wrong answers of each data set, as the glyphs that were compared."""
    parts = [
        paragraph(
            "The wrong answers that were given with the most confidence. Some are mislabelled, some nobody could tell."
        )
    ]
    for observed in findings.compared:
        wrong = np.flatnonzero(observed.is_digit & observed.wrong)
        order = wrong[np.argsort(-observed.confidence[wrong], kind="stable")]
        _, first = np.unique(observed.item[order], return_index=True)
        order = order[np.sort(first)]  # one drawing of each item
        shown = [_mistake(findings.recognizer, observed, position) for position in order[:MISTAKES]]
        parts.append(tag("h3", f"{observed.dataset.name}: {len(shown)} of {len(order)} items that were read wrongly"))
        parts.append(tag("ul", *shown, class_="gallery") if shown else paragraph("None."))
    return join(parts)


def _mistake(recognizer, observed, position):
    truth, answer = int(observed.truth[position]), int(observed.answer[position])
    glyph = observed.glyphs[position]
    near = " ".join(str(neighbor.label) for neighbor in recognizer.recognize(glyph).neighbors)
    refused = ", refused" if observed.refused[position] else ""
    return tag(
        "li",
        picture(255 - glyph, f"A {truth} that was read as {answer}", 84),
        tag("strong", f"{truth} read as {answer}"),
        Markup("<br />"),
        f"{100 * observed.confidence[position]:.0f} % sure{refused}",
        Markup("<br />"),
        f"neighbours: {near}",
    )
