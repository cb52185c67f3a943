"""The package clients as sources, played by scripts that put a prepared archive where it is wanted."""

import io
import os
import stat
import sys
import tarfile
import zipfile

import pytest

from building.sources import clients
from building.sources.clients import Npm, Pip
from building.sources.fetching import RuntimeUnavailable, ask, fetch
from building.sources.lock import parse_entry
from tests.build.sources.conftest import CORE

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
    source = Npm(miniature.root)
    source.log, source.package = log, archive
    return source


@needs_scripts
def test_npm_delivers_a_package_once_for_all_its_files(miniature, npm):
    names = [CORE, "pyscript/core.css"]
    pack_tgz(npm.package, {name.split("/")[1]: miniature.bytes[name] for name in names})
    files = [miniature.file(name) for name in names]
    got = {file.name: data for file, data in fetch(files, miniature.cache, [npm])}
    assert got == {name: miniature.bytes[name] for name in names}
    assert npm.log.read_text().splitlines() == ["pack --loglevel=error --fetch-retries=1 pyscript@1.0.0"]


@needs_scripts
def test_npm_is_not_asked_for_what_pip_has(miniature, npm):
    file = parse_entry({**miniature.entry(CORE), "client": "pip"})
    assert npm.read(file) is None
    assert not npm.log.exists()


@needs_scripts
def test_a_damaged_package_is_refused(miniature, npm, file):
    npm.package.write_bytes(b"\x1f\x8b not gzip")
    with pytest.raises(RuntimeUnavailable, match=r"pyscript@1\.0\.0 came damaged"):
        list(fetch([file], miniature.cache, [npm]))


@needs_scripts
def test_tampered_bytes_in_a_package_are_refused(miniature, npm, file):
    pack_tgz(npm.package, {"core.js": b"export *!"})
    with pytest.raises(RuntimeUnavailable, match=f"npm: wrong bytes: .*{file.sha256}"):
        list(fetch([file], miniature.cache, [npm]))


@needs_scripts
def test_a_package_without_the_file_says_so(miniature, npm, file):
    pack_tgz(npm.package, {"other.js": b"other"})
    with pytest.raises(RuntimeUnavailable, match="npm: does not have it"):
        list(fetch([file], miniature.cache, [npm]))


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
        with pytest.raises(RuntimeUnavailable, match="npm error code ENOTFOUND"):
            ask(each, [npm], down)
    assert npm.log.read_text().splitlines() == ["asked"]


@needs_scripts
def test_a_client_that_never_ends_is_ended(miniature, npm, file, monkeypatch):
    monkeypatch.setattr(clients, "CLIENT_TIMEOUT", 0.2)
    (miniature.root / "bin" / "npm").write_text("#!/bin/sh\nexec /bin/sleep 60\n")
    with pytest.raises(RuntimeUnavailable, match=r"pyscript@1\.0\.0 took more than 0\.2 s"):
        list(fetch([file], miniature.cache, [npm]))


@needs_scripts
def test_a_client_that_delivers_nothing_is_no_traceback(miniature, npm, file):
    (miniature.root / "bin" / "npm").write_text("#!/bin/sh\nexit 0\n")
    with pytest.raises(RuntimeUnavailable, match="was not delivered: exit status 0"):
        list(fetch([file], miniature.cache, [npm]))


@needs_scripts
def test_pip_delivers_a_file_from_inside_a_wheel(miniature, monkeypatch):
    log, wheel = miniature.root / "log", miniature.root / "box.whl"
    stand_in(miniature.root / "bin" / "python", wheel, log)
    monkeypatch.setattr(sys, "executable", str(miniature.root / "bin" / "python"))
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("box/core.js", miniature.bytes[CORE])
    entry = {**miniature.entry(CORE), "client": "pip", "package": "box==1.0", "path": "box/core.js"}
    file = parse_entry(entry)
    sources = [Npm(miniature.root), Pip(miniature.root)]
    assert dict(fetch([file], miniature.cache, sources)) == {file: miniature.bytes[CORE]}
    called = log.read_text()
    assert called.startswith("-m pip download") and called.endswith("box==1.0\n")
    assert "--no-deps" in called and "--python-version 3.12 --only-binary=:all:" in called
