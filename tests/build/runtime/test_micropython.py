"""What building/runtime/micropython.py changes.

That deadlines then survive a clock that jumps: tests/browser/test_faults.py.
"""

import pytest

from building.runtime.micropython import STEADY, TICKS, with_steady_ticks


def test_ticks_are_of_a_clock_that_nobody_sets():
    assert with_steady_ticks(b"{a:1," + TICKS + b",b}") == b"{a:1," + STEADY + b",b}"
    assert b"Date" not in STEADY


@pytest.mark.parametrize("times", [0, 2])
def test_another_module_is_refused(times):
    with pytest.raises(ValueError, match="not one"):
        with_steady_ticks(TICKS * times)
