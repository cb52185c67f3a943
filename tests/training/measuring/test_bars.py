"""bars.py: which misses make the check fail."""

import pytest

from training.measuring.bars import Bar, bars


@pytest.mark.parametrize(
    ("bar", "met", "step_back"),
    [
        (Bar("error", 0.4, 0.5, "%"), True, False),
        (Bar("error", 0.6, 0.5, "%"), False, True),
        (Bar("right", 96, 95, "%", at_least=True), True, False),
        (Bar("right", 94, 95, "%", at_least=True), False, True),
        (Bar("right", 94, 95, "%", at_least=True, stands=94), False, False),
        (Bar("right", 93, 95, "%", at_least=True, stands=94), False, True),
        (Bar("error", 0.6, 0.5, "%", stands=0.55), False, True),
        (Bar("time", 9, 3, "ms", timed=True), False, False),
        (Bar("unknown", None, 3, "%"), False, True),
        (Bar("unknown", None, 3, "%", stands=4), False, True),
    ],
)
def test_a_miss_fails_the_check_unless_it_is_known_and_no_worse_or_a_time(bar, met, step_back):
    assert (bar.met, bar.step_back) == (met, step_back)


def test_what_is_shown_where_marks_are_not_read_has_bars_of_its_own():
    result = {"model": {"bytes": 1}, "datasets": [], "refusal": []}
    brushes = {"thin brush": 1.0, "pad's brush": 2.0, "thick brush": 3.0}
    digits = {"kind": "strokes", "by_variant": {name: {"read_error_percent": value} for name, value in brushes.items()}}
    digits["with_strokes"] = {"error_percent": 0.5, "read_error_percent": 1.1}
    numbers = {"kind": "strokes", "exact_percent": 95.0, "exact_with_strokes_percent": 94.0}
    added = bars(result, {}, digits_alone=[digits, numbers])[len(bars(result, {})) :]
    assert [bar.measured for bar in added] == [2.0, 1.1, 95.0, 94.0]
    assert [bar.met for bar in added] == [False, True, True, False]
    assert all(bar.name.endswith(', "digits"') for bar in added)
