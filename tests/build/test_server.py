"""The server of `build.py --serve`, asked over real sockets."""

import http.client
import socket

import pytest

from building.common import BuildError
from building.server import PageHandler, serve

MEDIA_TYPES = {
    "index.html": "text/html",
    "styles.css": "text/css",
    "boot.js": "text/javascript",
    "pyodide.mjs": "text/javascript",
    "pyodide.wasm": "application/wasm",
    "config.json": "application/json",
    "manifest.webmanifest": "application/manifest+json",
    "icon.svg": "image/svg+xml",
    "icon.png": "image/png",
    "digits.npz": "application/octet-stream",
    "numpy.whl": "application/octet-stream",
    "stdlib.zip": "application/zip",
    "main.py": "text/x-python",
}


@pytest.fixture(scope="module", params=["/", "/some/sub/path/"])
def server(request, tmp_path_factory):
    page = tmp_path_factory.mktemp("served") / "page"
    (page / "app").mkdir(parents=True)
    for name in MEDIA_TYPES:
        (page / name).write_bytes(f"this is {name}".encode())
    (page.parent / "secret.txt").write_text("not part of the page")
    server = serve(page, prefix=request.param)
    yield server
    server.close()


@pytest.fixture
def get(server):
    """A function that asks the server, over one connection, and gives (response, body)."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)

    def ask(path):
        connection.request("GET", path)
        response = connection.getresponse()
        return response, response.read()

    yield ask
    connection.close()


@pytest.mark.parametrize("name", MEDIA_TYPES)
def test_each_file_comes_whole_with_its_media_type(server, get, name):
    response, body = get(server.prefix + name)
    assert response.status == 200
    assert response.headers.get_content_type() == MEDIA_TYPES[name]
    assert body == f"this is {name}".encode()


def test_the_address_it_prints_is_the_page(server, get):
    assert server.url == f"http://127.0.0.1:{server.server_port}{server.prefix}"
    response, body = get(server.prefix)
    assert (response.status, body) == (200, b"this is index.html")


def test_one_connection_serves_many_requests(server, get):
    first, _ = get(server.prefix + "boot.js")
    second, _ = get(server.prefix + "icon.svg")
    assert first.version == second.version == 11
    assert first.headers.get("Connection") != "close"


@pytest.mark.parametrize(
    "path", ["missing.js", "app/", "../secret.txt", "%2e%2e/secret.txt", "app/../../secret.txt"]
)
def test_what_is_not_part_of_the_page_is_not_found(server, get, path):
    response, body = get(server.prefix + path)
    assert response.status == 404
    assert b"not part of the page" not in body


def test_nothing_is_served_outside_the_prefix(server, get):
    response, _ = get("/index.html")
    assert response.status == (200 if server.prefix == "/" else 404)


def test_a_rebuilt_page_is_not_hidden_by_the_browsers_cache(server, get):
    response, _ = get(server.prefix + "boot.js")
    assert response.headers["Cache-Control"] == "no-cache"


def test_only_this_machine_can_reach_it(server):
    assert server.server_address[0] == "127.0.0.1"


def test_a_port_in_use_is_a_build_error_that_suggests_another(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(BuildError, match=f"port {port} .*--port"):
            serve(tmp_path, port)


@pytest.mark.parametrize(("error", "told"), [(ConnectionResetError, False), (ZeroDivisionError, True)])
def test_a_browser_that_leaves_is_nobodys_error_but_others_are_told(tmp_path, monkeypatch, capsys, error, told):
    def leave(*_):
        raise error

    monkeypatch.setattr(PageHandler, "do_GET", leave)
    server = serve(tmp_path)
    with socket.create_connection(server.server_address, timeout=10) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert connection.recv(1) == b""  # hung up, after what it has to say
    server.close()
    assert (error.__name__ in capsys.readouterr().err) is told


def test_a_closed_server_frees_its_port(tmp_path):
    first = serve(tmp_path)
    first.close()
    second = serve(tmp_path, first.server_port)
    assert second.server_port == first.server_port
    second.close()
