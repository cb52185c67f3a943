"""Where the runtime's bytes come from, and that wrong ones are never used."""

import hashlib
import http.client
import importlib.util
import io

import pytest

from building.common import BuildError
from building.sources.clients import Npm, Pip
from building.sources.fetching import RuntimeUnavailable, fetch, usual_sources
from building.sources.lock import parse_entry
from building.sources.source import CDN, Cdn, Folder
from tests.build.sources.conftest import CORE, damaged


class Answers:
    """An opener for Cdn that knows these files; remembers what it was asked for."""

    def __init__(self, files):
        self.files, self.asked = files, []

    def __call__(self, address, timeout):
        self.asked.append(address)
        return io.BytesIO(self.files[address.removeprefix(f"{CDN}npm/")])


@pytest.mark.parametrize("damage", ["changed", "truncated", "oversized", "empty"])
def test_wrong_bytes_of_one_source_are_replaced_by_those_of_the_next(miniature, damage):
    wrong = damaged(miniature.bytes[CORE])[damage]
    miniature.write(miniature.root / "wrong", {CORE: wrong})
    miniature.build(Folder(miniature.root / "wrong"), Folder(miniature.runtime))
    assert miniature.plain()[f"runtime/{CORE}"] == miniature.bytes[CORE]


@pytest.mark.parametrize("damage", ["changed", "truncated", "oversized", "empty"])
def test_wrong_bytes_everywhere_end_the_build_with_what_was_expected_and_got(
    miniature, file, damage
):
    wrong = damaged(miniature.bytes[CORE])[damage]
    miniature.write(miniature.runtime, {CORE: wrong})
    with pytest.raises(RuntimeUnavailable) as caught:
        miniature.build()
    message = str(caught.value)
    assert CORE in message and str(miniature.runtime) in message
    assert file.sha256 in message and hashlib.sha256(wrong).hexdigest() in message
    assert not miniature.output.exists()


def test_a_source_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(BuildError, match=r"--source .*nowhere"):
        Folder(tmp_path / "nowhere")


def test_folders_are_asked_before_the_network(miniature):
    with usual_sources([miniature.runtime]) as sources:
        assert [source.name for source in sources] == [
            f"the folder {miniature.runtime}",
            "the CDN",
            "npm",
            "pip",
        ]


def test_the_cdn_is_asked_for_each_file_by_its_own_address(miniature):
    answers = Answers(miniature.bytes)
    miniature.build(Cdn(answers))
    assert answers.asked == [f"{CDN}npm/{name}" for name in miniature.bytes]


@pytest.mark.parametrize("damage", ["changed", "truncated", "oversized", "empty"])
def test_wrong_bytes_of_the_cdn_are_refused(miniature, file, damage):
    answers = Answers({CORE: damaged(miniature.bytes[CORE])[damage]})
    with pytest.raises(RuntimeUnavailable, match=f"the CDN: wrong bytes: .*{file.sha256}"):
        list(fetch([file], miniature.cache, [Cdn(answers)]))


def test_an_unreachable_cdn_is_asked_once(miniature, offline):
    miniature.build(Cdn(offline), Folder(miniature.runtime))
    assert offline.asked == 1


def test_an_answer_of_the_cdn_that_breaks_off_is_no_traceback(miniature):
    def breaks_off(address, timeout):
        raise http.client.IncompleteRead(b"half")

    miniature.build(Cdn(breaks_off), Folder(miniature.runtime))
    assert miniature.plain()[f"runtime/{CORE}"] == miniature.bytes[CORE]


def test_with_no_source_reachable_every_source_is_named(miniature, offline, monkeypatch):
    monkeypatch.setenv("PATH", str(miniature.root / "empty"))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    entry = {**miniature.entry(CORE), "client": "pip"}
    scratch = miniature.root
    sources = [Cdn(offline), Npm(scratch), Pip(scratch)]
    with pytest.raises(RuntimeUnavailable) as from_npm:
        list(fetch([miniature.file(CORE)], miniature.cache, sources))
    with pytest.raises(RuntimeUnavailable) as from_pip:
        list(fetch([parse_entry(entry)], miniature.cache, sources))
    assert "the CDN: OSError('no network')" in str(from_npm.value)
    assert "npm: it is not installed" in str(from_npm.value)
    assert "pip:" in str(from_pip.value) and "has no pip" in str(from_pip.value)
