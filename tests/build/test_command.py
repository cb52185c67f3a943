"""`python build.py` as a person runs it: exit status, output, no traceback."""

import http.client
import os
import re
import socket
import subprocess
import sys

import pytest

import build
from building.common import ROOT
from building.page import making
from building.server import PageServer
from building.sources.source import Folder


@pytest.fixture
def command(miniature, monkeypatch):
    """build.main on the project in miniature, its runtime in a folder, no network."""
    real = making.make

    def make_miniature(*, cache, sources, url=None, ran=None):
        folders = [source for source in sources if isinstance(source, Folder)]
        return real(miniature.site, miniature.lock, None, ran, cache=cache, sources=folders, url=url)

    monkeypatch.setattr(making, "make", make_miniature)
    monkeypatch.setenv("NUMBER_READER_CACHE", str(miniature.cache.folder))

    def run(*arguments):
        usual = ("--output", str(miniature.output), "--source", str(miniature.runtime))
        return build.main([*usual, *arguments])

    return run


def test_it_builds_from_a_folder_and_says_where(miniature, command, capsys):
    assert command() == 0
    assert (miniature.output / "index.html").is_file()
    assert f"{miniature.output}: " in capsys.readouterr().out


@pytest.mark.parametrize("output", ["page.html", "new/page.html", "."])
def test_a_single_file_is_written_where_it_is_asked_for_and_its_size_said(command, tmp_path, capsys, output):
    stick = tmp_path / "stick"
    stick.mkdir()
    assert command("--single-file", "--output", str(stick / output)) == 0
    file = stick / "number-reader.html" if output == "." else stick / output
    assert [path for path in stick.rglob("*") if path.is_file()] == [file]
    assert f"{file}: {file.stat().st_size / 1e6:.1f} MB" in capsys.readouterr().out
    assert command("--single-file", "--output", str(file)) == 0  # again: it is ours


def test_a_file_that_is_something_else_is_left_as_it_is(command, tmp_path, capsys):
    (tmp_path / "diary.html").write_text("Dear diary")
    assert command("--single-file", "--output", str(tmp_path / "diary.html")) == 1
    assert (tmp_path / "diary.html").read_text() == "Dear diary"
    assert "left as it is" in capsys.readouterr().err


def test_the_last_single_file_outlasts_a_build_that_fails(miniature, command, tmp_path):
    file = tmp_path / "page.html"
    assert command("--single-file", "--output", str(file)) == 0
    before = file.read_bytes()
    break_model(miniature)
    assert command("--single-file", "--output", str(file)) == 1
    assert file.read_bytes() == before


@pytest.mark.parametrize("other", [["--serve"], ["--url", "https://example.org/"]])
def test_a_single_file_has_no_address(command, other):
    with pytest.raises(SystemExit) as caught:
        command("--single-file", *other)
    assert caught.value.code == 2


def break_model(miniature):
    (miniature.site / "model" / "digits.npz").unlink()
    return "python -m training fit"


def break_bytes(miniature):
    miniature.write(miniature.runtime, {"pyscript/core.js": b"tampered"})
    return miniature.file("pyscript/core.js").sha256


def break_runtime(miniature):
    (miniature.runtime / "pyscript/core.js").unlink()
    return "no source has pyscript/core.js"


def break_output(miniature):
    miniature.output.write_text("a file where the folder should be")
    return str(miniature.output)


def break_pyscript(miniature):
    miniature.pin({"pyscript/core-ABC.js": b"a later version"})
    return "not one: the function made of a worker's hooks (building/runtime/)"


def break_micropython(miniature):
    miniature.pin({"micropython/micropython.mjs": b"a later version"})
    return "building/runtime/micropython.py"


BREAKS = [break_model, break_bytes, break_runtime, break_output, break_pyscript, break_micropython]


@pytest.mark.parametrize("break_it", BREAKS)
def test_an_expected_failure_is_one_message_and_exit_status_1(miniature, command, capsys, break_it):
    clue = break_it(miniature)
    assert command() == 1
    message = capsys.readouterr().err
    assert message.startswith("build.py: ")
    assert clue in message
    assert "Traceback" not in message


def test_a_port_in_use_ends_it_before_anything_is_built(miniature, command, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert command("--serve", "--port", str(port)) == 1
    message = capsys.readouterr().err
    assert f"port {port}" in message
    assert "--port" in message
    assert not miniature.output.exists()


@pytest.mark.parametrize("port", ["-1", "65536", "http"])
def test_an_impossible_port_is_a_usage_error(command, port):
    with pytest.raises(SystemExit) as caught:
        command("--serve", f"--port={port}")
    assert caught.value.code == 2


def test_an_address_is_told_to_the_page(miniature, command):
    assert command("--url", "https://example.org/numbers") == 0
    assert 'content="https://example.org/numbers/preview.png"' in (miniature.output / "index.html").read_text()


@pytest.mark.parametrize("url", ["example.org", "ftp://example.org/", "https://", "https://example.org/?page=1"])
def test_what_is_no_address_is_a_usage_error(command, url):
    with pytest.raises(SystemExit) as caught:
        command(f"--url={url}")
    assert caught.value.code == 2


def test_ctrl_c_ends_the_server_quietly(miniature, command, capsys, monkeypatch):
    served = []

    def interrupted(server):
        with socket.create_connection(server.server_address, timeout=10):  # it listens by then
            served.append(server.url)
        raise KeyboardInterrupt

    monkeypatch.setattr(PageServer, "serve_forever", interrupted)
    assert command("--serve", "--port", "0") == 0
    out, err = capsys.readouterr()
    assert f"Serving on {served[0]} (Ctrl-C ends it)" in out
    assert not err


def test_serve_builds_the_real_page_prints_its_address_and_answers(built_site, tmp_path):
    # `built_site` has filled the cache, so this needs no network.
    process = subprocess.Popen(
        [sys.executable, ROOT / "build.py", "--serve", "--port", "0", "--output", tmp_path / "dist"],
        cwd=tmp_path,  # it must not matter where it is started
        env={**os.environ, "PATH": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        for line in process.stdout:
            if address := re.search(r"http://127\.0\.0\.1:(\d+)/", line):
                break
        else:
            pytest.fail("it ended without printing an address")
        connection = http.client.HTTPConnection("127.0.0.1", int(address[1]), timeout=10)
        connection.request("GET", "/")
        assert connection.getresponse().read() == (built_site / "index.html").read_bytes()
        connection.close()
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()
