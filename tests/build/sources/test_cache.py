"""The cache: what is fetched once is not fetched again, and damage in it is noticed."""

import os

import pytest

from building.common import ROOT
from building.sources.cache import usual_cache
from building.sources.fetching import RuntimeUnavailable
from building.sources.source import Cdn
from tests.build.sources.conftest import CORE, damaged


@pytest.mark.parametrize("damage", ["changed", "truncated", "oversized", "empty"])
def test_a_damaged_cache_entry_is_reported_and_fetched_again(miniature, file, damage, capsys):
    miniature.build()
    cached = miniature.cache.folder / file.sha256
    cached.write_bytes(damaged(miniature.bytes[CORE])[damage])
    capsys.readouterr()
    miniature.build()
    assert f"{CORE} was damaged in the cache" in capsys.readouterr().out
    assert cached.read_bytes() == miniature.bytes[CORE]


def test_a_damaged_cache_entry_is_gone_even_when_no_source_has_the_file(miniature, file):
    miniature.build()
    (miniature.cache.folder / file.sha256).write_bytes(b"damage")
    (miniature.runtime / CORE).unlink()
    with pytest.raises(RuntimeUnavailable, match=CORE):
        miniature.build()
    assert not (miniature.cache.folder / file.sha256).exists()


def test_a_second_build_asks_no_source(miniature, offline, tree):
    miniature.build()
    first = tree(miniature.output)
    miniature.build(Cdn(offline))
    assert offline.asked == 0
    assert tree(miniature.output) == first


def test_the_cache_holds_whole_files_only(miniature):
    miniature.build()
    assert sorted(os.listdir(miniature.cache.folder)) == sorted(miniature.file(name).sha256 for name in miniature.bytes)


def test_the_cache_can_be_elsewhere(monkeypatch, tmp_path):
    monkeypatch.setenv("NUMBER_READER_CACHE", str(tmp_path))
    assert usual_cache().folder == tmp_path
    monkeypatch.delenv("NUMBER_READER_CACHE")
    assert usual_cache().folder == ROOT / ".cache" / "runtime"
