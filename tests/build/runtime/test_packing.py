"""Packs: what goes in comes out again, and the same bytes give the same pack."""

import gzip

from hypothesis import given
from hypothesis import strategies as st

from building.runtime.packing import packed, packed_files, unpacked_files

FILES = st.dictionaries(st.text("abc/._", min_size=1), st.binary(max_size=50), max_size=5)


@given(FILES)
def test_what_is_packed_comes_out_again(files):
    assert unpacked_files(packed_files(files)) == files
    assert packed_files(dict(reversed(files.items()))) == packed_files(files)


@given(st.binary(max_size=200))
def test_the_same_bytes_are_packed_the_same(data):
    assert gzip.decompress(packed(data)) == data
    assert packed(data) == packed(data)
    assert packed(data)[4:8] == bytes(4)  # no time
