"""A few inputs of each door in every run of the tests; `python -m tests.fuzz` tries thousands, and measures."""

import warnings

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz import recognizers, training_data

DOORS = {door.name: door for door in recognizers.DOORS + training_data.DOORS}


@pytest.mark.parametrize("name", DOORS)
@given(rng=st.randoms(use_true_random=True))
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
def test_anything_ends_in_a_reading_or_a_documented_error(name, rng):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # decoders grumble about what was damaged
        assert DOORS[name].outcome(DOORS[name].make(rng))
