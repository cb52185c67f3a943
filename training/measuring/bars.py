"""The bars that recognition has to meet, each a limit on a figure of `evaluate` and `speed`.

They are checks against regression: nothing is ever chosen by them.
"""

from dataclasses import dataclass

from training.data.photos import OTHER, PAPER

MEGABYTE = 1_000_000
STROKES_SHOWN = 1.75  # where the bar on the text of digits whose strokes are known stands
WIDTHS = ("thin brush", "pad's brush", "thick brush")


@dataclass
class Bar:
    """One bar: measured must be at most `limit` (or at least, where `at_least`). measured is None where the data or
    the limit of doubt to measure it are not there, which counts as missed. stands: where a bar that is known to be
    missed stands, with a little room, as another processor rounds differently; only what is worse is a step back.
    timed: depends on the machine and what else it does."""

    name: str
    measured: float | None
    limit: float
    unit: str
    at_least: bool = False
    stands: float | None = None
    timed: bool = False

    @property
    def met(self):
        return self.measured is not None and (
            self.measured >= self.limit if self.at_least else self.measured <= self.limit
        )

    @property
    def step_back(self):
        """Whether a check has to fail for it: not for times, which say more of a busy machine."""
        if self.met or self.timed:
            return False
        if self.stands is None or self.measured is None:
            return True
        return self.measured < self.stands if self.at_least else self.measured > self.stands

    @property
    def verdict(self):
        return "not measured" if self.measured is None else "met" if self.met else "missed"

    @property
    def wanted(self):
        return f"{'at least' if self.at_least else 'at most'} {self.limit:g} {self.unit}"

    @property
    def found(self):
        if self.measured is None:
            return "-"
        digits = 0 if isinstance(self.measured, int) else 3 if self.unit in ("", "MB") else 2
        return f"{self.measured:.{digits}f} {self.unit}".strip()


def bars(result, latency, expressions=None, digits_alone=()):
    """All bars. result: what `evaluate` returns of the shared data. latency: what `speed.latency` does. expressions: what
    `expressions.measure` does, None where strings are not measured. digits_alone: scores of pen strokes and of whole numbers
    in the mode "digits", if they were read in it."""
    scores = result["datasets"]
    digits = _first(scores, "by_variant", "strokes")
    marks, numbers = _first(scores, "rejected_percent", "strokes"), _first(scores, "exact_percent", "strokes")
    mnist, photos = _first(scores, "error_percent", "mnist"), _first(scores, "by_sort", "photos")
    pairs = {(pair["digits"], pair["not_digits"]): pair["auroc"] for pair in result["refusal"]}
    return [
        Bar("MNIST test, wrong", mnist.get("error_percent"), 0.40, "%", stands=0.43),
        Bar("size of the model", result["model"]["bytes"] / MEGABYTE, 1.03, "MB"),
        Bar("strokes of unseen writers, three brushes, wrong", _of_three(digits, "error_percent"), 1.05, "%"),
        Bar("  strokes known, pad's brush, wrong", digits.get("with_strokes", {}).get("error_percent"), 0.8, "%"),
        *_shown(digits, numbers, "", (2.1, None, None)),
        _photographs(photos, PAPER, 10),
        _photographs(photos, OTHER, 30),
        Bar("no digits, refused where 1 % of digits is", marks.get("rejected_at_one_percent"), 75, "%", at_least=True),
        Bar(
            "doubt tells digits from no digits, AUROC",
            pairs.get((digits.get("name"), marks.get("name"))),
            0.96,
            "",
            True,
        ),
        Bar("MNIST test, expected calibration error", mnist.get("calibration_error_percent"), 1, "%"),
        Bar("strokes, expected calibration error", digits.get("calibration_error_percent"), 1, "%"),
        Bar("one digit, native, median", latency.get("digit_milliseconds", {}).get("median"), 3, "ms", timed=True),
        Bar(
            "a number of eight digits, native, median",
            latency.get("number_milliseconds", {}).get("median"),
            25,
            "ms",
            timed=True,
        ),
        *(_digits_alone(digits_alone) if digits_alone else []),
        *(_expressions(expressions) if expressions else []),
    ]


def _shown(digits, numbers, mode, stands):
    """The bars on what is shown in a mode, of digits and of whole numbers."""
    whole = {"limit": 94.7, "unit": "%", "at_least": True}  # 54 of 57
    text, pixels, strokes = stands
    known = digits.get("with_strokes", {})
    return [
        Bar(f"  text shown is not the digit{mode}", _of_three(digits, "read_error_percent"), 1.65, "%", stands=text),
        Bar(f"  text shown, strokes known{mode}", known.get("read_error_percent"), 1.2, "%", stands=STROKES_SHOWN),
        Bar(f"whole numbers, pixels only, exactly right{mode}", numbers.get("exact_percent"), **whole, stands=pixels),
        Bar(
            f"whole numbers, strokes known, exactly right{mode}",
            numbers.get("exact_with_strokes_percent"),
            **whole,
            stands=strokes,
        ),
    ]


def _digits_alone(scores):
    """The same, where marks are not read."""
    digits, numbers = (_first(scores, figure, "strokes") for figure in ("by_variant", "exact_percent"))
    return _shown(digits, numbers, ', "digits"', (1.75, None, None))


def _of_three(digits, figure):
    """The mean of a figure over three brushes; None if it was not measured."""
    found = [digits["by_variant"][width][figure] for width in WIDTHS if width in digits.get("by_variant", {})]
    return sum(found) / len(found) if found else None


def _expressions(found):
    """The bars on strings of digits and marks."""
    real, pixels = found["real expressions, strokes known"], found["real expressions, pixels only"]
    made, sums = found["made strings, strokes known"], found["made sums, strokes known"]
    least = min(made["marks"], key=lambda mark: made["marks"][mark][0])
    return [
        Bar("real expressions, strokes known, symbols right", real["symbols"], 93, "%", at_least=True),
        Bar("  those up to 21 symbols, exactly right", real["short_exact"], 85, "%", at_least=True, stands=72.0),
        Bar("real expressions, pixels only, symbols right", pixels["symbols"], 88, "%", at_least=True),
        Bar(
            f"made strings, the mark least often read ({least})",
            made["marks"][least][0],
            90,
            "%",
            at_least=True,
            stands=65.0,
        ),
        Bar("made strings that gain a digit", made["gained"], 1, "%", stands=10.2),
        Bar("made strings that lose a mark unsaid", made["lost"], 1, "%", stands=1.4),
        Bar("made sums, exactly right", sums["exact"], 80, "%", at_least=True, stands=71.5),
    ]


def _first(scores, figure, kind):
    """The first data set of this kind that has this figure, {} if none."""
    return next((each for each in scores if each["kind"] == kind and figure in each), {})


def _photographs(photos, sort, one_in):
    """The bar on a sort of pictures: at most one wrong in so many, as counts."""
    counted = photos.get("by_sort", {}).get(sort, {})
    count = counted.get("count", 0)
    return Bar(f"{sort}, test half, wrong{f' of {count}' if count else ''}", counted.get("wrong"), count // one_in, "")
