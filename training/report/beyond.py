"""Sections on more than single digits: whole numbers, photos, and how long reading takes."""

import numpy as np
from skimage.transform import resize

from training.data.measures import interval
from training.report.accuracy import number, span
from training.report.findings import misread_numbers
from training.report.markup import Markup, join, paragraph, picture, table, tag

SHOWN = 16  # misread numbers
SHOWN_WIDTH = 220  # px


def numbers(findings):
    rows = []
    for scores in findings.result["datasets"]:
        if "numbers" not in scores or scores["kind"] == "photos":
            continue
        for words, key in (("pixels only", "exact_percent"), ("with the pen strokes", "exact_with_strokes_percent")):
            if key in scores:
                count = scores["numbers"]
                right = round(scores[key] * count / 100)
                rows.append(
                    (
                        f"{scores['name']}, {words}",
                        f"{right} of {count}",
                        number(scores[key], 1),
                        span(interval(right, count), 1),
                    )
                )
    if not rows:
        return paragraph("No whole numbers were given.")
    wrong = misread_numbers(findings)
    shown = [_misread(findings.recognizer, *each) for each in wrong[:SHOWN]]
    return join(
        [
            table("Whole numbers read exactly right", ("numbers", "right", "%", "95 %"), rows),
            tag("h3", f"{len(shown)} of the {len(wrong)} numbers misread in one way or the other"),
            tag("ul", *shown, class_="gallery wide") if shown else paragraph("None."),
        ]
    )


def _misread(recognizer, observed, position):
    dataset, item, variant = observed.dataset, observed.item[position], int(observed.variant[position])
    image, pen = dataset.picture(item, variant), dataset.pen(item, variant)
    ink = image[..., 3].astype(float) / 255
    width = min(SHOWN_WIDTH, ink.shape[1])
    small = resize(ink, (max(1, round(width * ink.shape[0] / ink.shape[1])), width), anti_aliasing=True)
    truth = dataset.texts[item]
    known = (
        []
        if pen is None
        else [Markup("<br />"), f"with the pen strokes: {_line(recognizer.read(image, strokes=pen).text)}"]
    )
    return tag(
        "li",
        picture(np.rint(255 * (1 - small)).astype(np.uint8), f"The number {truth}", width),
        tag("strong", truth),
        Markup("<br />"),
        f"from pixels: {_line(recognizer.read(image).text)}",
        *known,
    )


def _line(text):
    """A text on one line, which may have been read as several."""
    return text.replace("\n", " / ") or "nothing"


def photos(findings):
    halves = [scores for scores in findings.result["datasets"] if scores["kind"] == "photos"] + findings.photos
    rows = [
        (f"{sort}, {scores['split']} half", f"{counted['wrong']} of {counted['count']}")
        for scores in halves
        for sort, counted in scores.get("by_sort", {}).items()
    ]
    if not rows:
        return paragraph("No photos were given.")
    note = (
        "The development half was there to be looked at while the reader was made. The pictures are other people's "
        "and are not shown."
    )
    return table("Pictures whose text is not read exactly right", ("pictures", "wrong"), rows, note)


def speed(findings):
    names = {
        "digit_milliseconds": "one digit on the pad",
        "number_milliseconds": "eight digits of one writer on the pad",
    }
    rows = [
        (names[key], number(value["median"], 1), number(value["p95"], 1)) for key, value in findings.latency.items()
    ]
    each = [
        (scores["name"], number(scores["milliseconds_per_digit"]))
        for scores in findings.result["datasets"]
        if "milliseconds_per_digit" in scores
    ]
    return join(
        [
            table(
                "Reading a picture of the pad's size, one thread",
                ("drawing", "median, ms", "95th percentile, ms"),
                rows,
            ),
            table("Time per digit, reading every picture of a data set", ("data set", "ms"), each),
        ]
    )
