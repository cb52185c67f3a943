"""A host for benchmarks: it serves a folder as most do, counts what it sends, and may lie behind a slow line."""

import gzip
import threading
import time
from functools import lru_cache
from pathlib import Path

import root  # noqa: F401, first: it says where the modules below are

from building.server import PageHandler, serve
from tests.browser.serving import plain

TEXT = (".html", ".css", ".js", ".mjs", ".json", ".py", ".svg", ".txt", ".webmanifest", ".wasm", ".md")  # a host gzips
CHUNK = 16_384


class Line:
    """What all connections of a host share: so many bytes a second, and each request waits for `latency` s first."""

    def __init__(self, rate, latency):
        self.rate, self.latency, self.free, self.lock = rate, latency, 0.0, threading.Lock()

    def wait(self, size):
        with self.lock:
            self.free = max(self.free, time.monotonic()) + size / self.rate
            until = self.free
        time.sleep(max(0.0, until - time.monotonic()))


@lru_cache
def gzipped(data):
    """As a host sends it, which has done so before anybody asked."""
    return gzip.compress(data, 6)


class Host(PageHandler):
    """The server of build.py, which counts what it sends: its kind is that of its server."""

    def do_GET(self):
        if self.server.line:
            time.sleep(self.server.line.latency)
        path = Path(self.translate_path(self.path.split("?")[0]))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file() or self.headers.get("If-Modified-Since"):
            return super().do_GET()
        data = path.read_bytes()
        zipped = self.server.zips and path.suffix in TEXT
        data = gzipped(data) if zipped else data
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Last-Modified", self.date_time_string(path.stat().st_mtime))
        if zipped:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        for start in range(0, len(data), CHUNK):
            part = data[start : start + CHUNK]
            if self.server.line:
                self.server.line.wait(len(part))
            self.wfile.write(part)

    def handle_one_request(self):
        sent = self.wfile = Counting(self.connection)
        self.path = ""
        super().handle_one_request()
        if sent.count and self.path:
            name = plain(self.path.split("?")[0].removeprefix(self.server.prefix)) or "index.html"
            self.server.sent[name] = self.server.sent.get(name, 0) + sent.count


class Counting:
    """A connection's writer that counts bytes, headers included."""

    closed = False

    def __init__(self, connection):
        self.connection, self.count = connection, 0

    def write(self, data):
        self.count += len(data)
        self.connection.sendall(data)
        return len(data)

    def flush(self):
        pass

    def close(self):
        pass


def host(folder, zips=True, line=None):
    """A server of the folder. zips: whether it gzips text and wasm. line: a Line, or None where it is fast."""
    server = serve(folder, prefix="/number-reader/")
    server.RequestHandlerClass = Host
    server.zips, server.line, server.sent = zips, line, {}
    return server
