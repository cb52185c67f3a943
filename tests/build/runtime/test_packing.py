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


def test_no_pack_begins_as_gzip_once_it_is_unpacked():
    """The page goes by how a file begins: a table of 35,615 characters would begin so."""

    def of(length):
        return gzip.decompress(packed_files({"a" * length: b""}))

    short = int.from_bytes(of(1)[:4], "little")
    whole = of(0x8B1F - short + 1)
    assert int.from_bytes(whole[:4], "little") == 0x8B1F + 1
    assert unpacked_files(packed_files({"a" * (0x8B1F - short + 1): b"1"})) == {"a" * (0x8B1F - short + 1): b"1"}
