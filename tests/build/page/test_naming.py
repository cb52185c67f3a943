"""Names by content, and the addresses that follow them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from building.page.naming import addressed, content_hash

FILES = st.dictionaries(st.text("abc/._", min_size=1), st.binary(max_size=50), max_size=5)


@given(FILES, FILES)
def test_the_hash_is_that_of_names_and_bytes(files, others):
    assert (content_hash(files) == content_hash(others)) == (files == others)


MOVED = {"runtime": "runtime-1", "model": "model-2", "boot": "code/boot", "worker.py": "code/worker.py"}


@pytest.mark.parametrize(
    "text, here, there, expected",
    [
        ('src="./worker.py"', "", "", 'src="./code/worker.py"'),
        ('src="./icons/icon.svg"', "", "", 'src="./icons/icon.svg"'),
        ('at("../runtime/pyodide/")', "boot", "code/boot", 'at("../../runtime-1/pyodide/")'),
        ("from './unpack.mjs'", "boot", "code/boot", "from './unpack.mjs'"),
        ("url(./runtimes/x)", "", "", "url(./runtimes/x)"),
        ("the runtime ./ of it", "", "", "the runtime ./ of it"),
    ],
)
def test_addresses_follow_what_has_moved(text, here, there, expected):
    assert addressed(text, here, there, MOVED) == expected
