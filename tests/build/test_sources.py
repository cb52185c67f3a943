"""Where the runtime's bytes come from, and that wrong ones are never used."""

import http.client
import io
import os
import stat
import sys
import tarfile
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

import build

CORE = "pyscript/core.js"


def damaged(data):
    """The ways a file can be wrong: changed, cut short, too long, empty."""
    return {
        "changed": data[:-1] + bytes([data[-1] ^ 1]),
        "truncated": data[:-1],
        "oversized": data + b" ",
        "empty": b"",
    }


class Answers:
    """An opener for build.Cdn that knows these files; remembers what it was asked for."""

    def __init__(self, files):
        self.files, self.asked = files, []

    def __call__(self, address, timeout):
        self.asked.append(address)
        return io.BytesIO(self.files[address.removeprefix(f"{build.CDN}npm/")])


@pytest.fixture
def file(miniature):
    return miniature.file(CORE)


@given(st.binary(min_size=1, max_size=40), st.binary(max_size=40))
def test_only_the_bytes_of_the_lock_match(data, other):
    digest = build.hashlib.sha256(data).hexdigest()
    file = build.RuntimeFile("a", len(data), digest, "a", "npm", "a@1", "a")
    assert build.mismatch(file, data) is None
    assert (build.mismatch(file, other) is None) == (other == data)


@pytest.mark.parametrize("damage", ["changed", "truncated", "oversized", "empty"])
def test_wrong_bytes_of_one_source_are_replaced_by_those_of_the_next(miniature, damage):
    wrong = damaged(miniature.bytes[CORE])[damage]
    miniature.write(miniature.root / "wrong", {CORE: wrong})
    miniature.build(build.Folder(miniature.root / "wrong"), build.Folder(miniature.runtime))
    assert miniature.plain()[f"runtime/{CORE}"] == miniature.bytes[CORE]


@pytest.mark.parametrize("damage", ["changed", "truncated", "oversized", "empty"])
def test_wrong_bytes_everywhere_end_the_build_with_what_was_expected_and_got(
    miniature, file, damage
):
    wrong = damaged(miniature.bytes[CORE])[damage]
    miniature.write(miniature.runtime, {CORE: wrong})
    with pytest.raises(build.RuntimeUnavailable) as caught:
        miniature.build()
    message = str(caught.value)
    assert CORE in message and str(miniature.runtime) in message
    assert file.sha256 in message and build.hashlib.sha256(wrong).hexdigest() in message
    assert not miniature.output.exists()


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
    with pytest.raises(build.RuntimeUnavailable, match=CORE):
        miniature.build()
    assert not (miniature.cache.folder / file.sha256).exists()


def test_a_second_build_asks_no_source(miniature, offline, tree):
    miniature.build()
    first = tree(miniature.output)
    miniature.build(build.Cdn(offline))
    assert offline.asked == 0
    assert tree(miniature.output) == first


def test_the_cache_holds_whole_files_only(miniature):
    miniature.build()
    assert sorted(os.listdir(miniature.cache.folder)) == sorted(
        miniature.file(name).sha256 for name in miniature.bytes
    )


def test_the_cache_can_be_elsewhere(monkeypatch, tmp_path):
    monkeypatch.setenv("NUMBER_READER_CACHE", str(tmp_path))
    assert build.usual_cache().folder == tmp_path
    monkeypatch.delenv("NUMBER_READER_CACHE")
    assert build.usual_cache().folder == build.ROOT / ".cache" / "runtime"


def test_a_source_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(build.BuildError, match="--source .*nowhere"):
        build.Folder(tmp_path / "nowhere")


def test_folders_are_asked_before_the_network(miniature):
    with build.usual_sources([miniature.runtime]) as sources:
        assert [source.name for source in sources] == [
            f"the folder {miniature.runtime}",
            "the CDN",
            "npm",
            "pip",
        ]


def test_the_cdn_is_asked_for_each_file_by_its_own_address(miniature):
    answers = Answers(miniature.bytes)
    miniature.build(build.Cdn(answers))
    assert answers.asked == [f"{build.CDN}npm/{name}" for name in miniature.bytes]


@pytest.mark.parametrize("damage", ["changed", "truncated", "oversized", "empty"])
def test_wrong_bytes_of_the_cdn_are_refused(miniature, file, damage):
    answers = Answers({CORE: damaged(miniature.bytes[CORE])[damage]})
    with pytest.raises(build.RuntimeUnavailable, match=f"the CDN: wrong bytes: .*{file.sha256}"):
        list(build.fetch([file], miniature.cache, [build.Cdn(answers)]))


def test_an_unreachable_cdn_is_asked_once(miniature, offline):
    miniature.build(build.Cdn(offline), build.Folder(miniature.runtime))
    assert offline.asked == 1


def test_an_answer_of_the_cdn_that_breaks_off_is_no_traceback(miniature):
    def breaks_off(address, timeout):
        raise http.client.IncompleteRead(b"half")

    miniature.build(build.Cdn(breaks_off), build.Folder(miniature.runtime))
    assert miniature.plain()[f"runtime/{CORE}"] == miniature.bytes[CORE]


def test_with_no_source_reachable_every_source_is_named(miniature, offline, monkeypatch):
    monkeypatch.setenv("PATH", str(miniature.root / "empty"))
    monkeypatch.setattr(build.importlib.util, "find_spec", lambda name: None)
    entry = {**miniature.entry(CORE), "client": "pip"}
    scratch = miniature.root
    sources = [build.Cdn(offline), build.Npm(scratch), build.Pip(scratch)]
    with pytest.raises(build.RuntimeUnavailable) as from_npm:
        list(build.fetch([miniature.file(CORE)], miniature.cache, sources))
    with pytest.raises(build.RuntimeUnavailable) as from_pip:
        list(build.fetch([build.parse_entry(entry)], miniature.cache, sources))
    assert "the CDN: OSError('no network')" in str(from_npm.value)
    assert "npm: it is not installed" in str(from_npm.value)
    assert "pip:" in str(from_pip.value) and "has no pip" in str(from_pip.value)


# --- the package clients, played by scripts that put a prepared archive where it is wanted ---

needs_scripts = pytest.mark.skipif(os.name == "nt", reason="the stand-ins are shell scripts")


def stand_in(path, archive, log):
    path.parent.mkdir(exist_ok=True)
    path.write_text(f'#!/bin/sh\necho "$@" >> "{log}"\n/bin/cp "{archive}" .\n')
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def pack_tgz(path, files):
    with tarfile.open(path, "w:gz") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))


@pytest.fixture
def npm(miniature, monkeypatch):
    """Npm with a client that delivers `package.tgz`; `log` lists what it was called with."""
    monkeypatch.setenv("PATH", str(miniature.root / "bin"))
    log, archive = miniature.root / "log", miniature.root / "package.tgz"
    stand_in(miniature.root / "bin" / "npm", archive, log)
    source = build.Npm(miniature.root)
    source.log, source.package = log, archive
    return source


@needs_scripts
def test_npm_delivers_a_package_once_for_all_its_files(miniature, npm):
    names = [CORE, "pyscript/core.css"]
    pack_tgz(npm.package, {name.split("/")[1]: miniature.bytes[name] for name in names})
    files = [miniature.file(name) for name in names]
    got = {file.name: data for file, data in build.fetch(files, miniature.cache, [npm])}
    assert got == {name: miniature.bytes[name] for name in names}
    assert npm.log.read_text().splitlines() == [
        "pack --loglevel=error --fetch-retries=1 pyscript@1.0.0"
    ]


@needs_scripts
def test_npm_is_not_asked_for_what_pip_has(miniature, npm):
    file = build.parse_entry({**miniature.entry(CORE), "client": "pip"})
    assert npm.read(file) is None
    assert not npm.log.exists()


@needs_scripts
def test_a_damaged_package_is_refused(miniature, npm, file):
    npm.package.write_bytes(b"\x1f\x8b not gzip")
    with pytest.raises(build.RuntimeUnavailable, match="pyscript@1.0.0 came damaged"):
        list(build.fetch([file], miniature.cache, [npm]))


@needs_scripts
def test_tampered_bytes_in_a_package_are_refused(miniature, npm, file):
    pack_tgz(npm.package, {"core.js": b"export *!"})
    with pytest.raises(build.RuntimeUnavailable, match=f"npm: wrong bytes: .*{file.sha256}"):
        list(build.fetch([file], miniature.cache, [npm]))


@needs_scripts
def test_a_package_without_the_file_says_so(miniature, npm, file):
    pack_tgz(npm.package, {"other.js": b"other"})
    with pytest.raises(build.RuntimeUnavailable, match="npm: does not have it"):
        list(build.fetch([file], miniature.cache, [npm]))


@needs_scripts
def test_a_client_that_fails_is_quoted_and_not_asked_again(miniature, npm, file):
    script = miniature.root / "bin" / "npm"
    script.write_text(
        f'#!/bin/sh\necho asked >> "{npm.log}"\necho "npm warn no error yet" >&2\n'
        'echo "npm error code ENOTFOUND" >&2\nexit 1\n'
    )
    files = [file, miniature.file("pyscript/core.css")]
    down = {}
    for each in files:
        with pytest.raises(build.RuntimeUnavailable, match="npm error code ENOTFOUND"):
            build.ask(each, [npm], down)
    assert npm.log.read_text().splitlines() == ["asked"]


@needs_scripts
def test_a_client_that_never_ends_is_ended(miniature, npm, file, monkeypatch):
    monkeypatch.setattr(build, "CLIENT_TIMEOUT", 0.2)
    (miniature.root / "bin" / "npm").write_text("#!/bin/sh\nexec /bin/sleep 60\n")
    with pytest.raises(build.RuntimeUnavailable, match="pyscript@1.0.0 took more than 0.2 s"):
        list(build.fetch([file], miniature.cache, [npm]))


@needs_scripts
def test_a_client_that_delivers_nothing_is_no_traceback(miniature, npm, file):
    (miniature.root / "bin" / "npm").write_text("#!/bin/sh\nexit 0\n")
    with pytest.raises(build.RuntimeUnavailable, match="was not delivered: exit status 0"):
        list(build.fetch([file], miniature.cache, [npm]))


@needs_scripts
def test_pip_delivers_a_file_from_inside_a_wheel(miniature, monkeypatch):
    log, wheel = miniature.root / "log", miniature.root / "box.whl"
    stand_in(miniature.root / "bin" / "python", wheel, log)
    monkeypatch.setattr(sys, "executable", str(miniature.root / "bin" / "python"))
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("box/core.js", miniature.bytes[CORE])
    entry = {**miniature.entry(CORE), "client": "pip", "package": "box==1.0", "path": "box/core.js"}
    file = build.parse_entry(entry)
    sources = [build.Npm(miniature.root), build.Pip(miniature.root)]
    assert dict(build.fetch([file], miniature.cache, sources)) == {file: miniature.bytes[CORE]}
    called = log.read_text()
    assert called.startswith("-m pip download") and called.endswith("box==1.0\n")
    assert "--no-deps" in called and "--python-version 3.12 --only-binary=:all:" in called
