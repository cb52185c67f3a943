"""What the tests of sources share: a file of the lock, and what can be wrong with its bytes."""

import pytest

CORE = "pyscript/core.js"


def damaged(data):
    """The ways a file can be wrong: changed, cut short, too long, empty."""
    return {
        "changed": data[:-1] + bytes([data[-1] ^ 1]),
        "truncated": data[:-1],
        "oversized": data + b" ",
        "empty": b"",
    }


@pytest.fixture
def file(miniature):
    return miniature.file(CORE)
