"""What the tests of the start share."""

import threading

import pytest

from tests.browser.serving import held


@pytest.fixture
def gate(site):
    """Holds the recogniser's model back until it is set."""
    gate = threading.Event()
    site.faults["model/digits.npz.packed"] = held(gate)
    yield gate
    gate.set()
    site.faults.clear()
