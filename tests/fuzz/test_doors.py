"""A few inputs of each door in every run of the tests; `python -m tests.fuzz` tries thousands, and measures."""

import re
import time
import warnings

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz import recognizers, sheet, training_data
from tests.fuzz.door import Door
from tests.fuzz.work import TRIES, Memory, try_one

DOORS = {door.name: door for door in recognizers.DOORS + training_data.DOORS + sheet.DOORS}


@pytest.mark.parametrize("name", DOORS)
@given(rng=st.randoms(use_true_random=True))
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
def test_anything_ends_in_a_reading_or_a_documented_error(name, rng):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # decoders grumble about what was damaged
        assert DOORS[name].outcome(DOORS[name].make(rng))


def spend(seconds):
    """Seconds of the processor, not of the clock."""
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


@pytest.mark.parametrize("slow", [0, 1, TRIES - 1, TRIES])
def test_an_input_is_too_slow_if_it_is_so_each_time(slow):
    tries = []

    def enter(made):
        tries.append(made)
        spend(0.3 if len(tries) <= slow else 0)
        return "entered"

    came = try_one(Door("one", lambda rng: rng.random(), enter, (), 100, most_seconds=0.2), "0", 0, Memory())
    assert len(set(tries)) == 1
    assert len(tries) == min(slow + 1, TRIES)
    assert came["outcome"] == "entered"
    assert re.fullmatch(r"it took .* s, and 0\.2 s are allowed" if slow == TRIES else "", came["fault"])


def test_a_fault_that_a_slow_input_shows_at_its_second_try_is_one():
    tries = []

    def enter(made):
        tries.append(made)
        spend(0.15)
        if len(tries) == 2:
            raise KeyError("left over from the first")

    came = try_one(Door("one", lambda rng: 1, enter, (), 100, most_seconds=0.1), "0", 0, Memory())
    assert came["fault"].startswith("KeyError")
    assert len(tries) == 2
