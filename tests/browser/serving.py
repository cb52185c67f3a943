"""The built page on loopback, with a record of what was asked for and faults to inject."""

import http.server
import re
import socket
import threading
from contextlib import suppress

from building.common import ROOT
from building.server import PageHandler, serve


class Handler(PageHandler):
    """Serves the page as build.py does, unless a fault is set for the file asked for."""

    name = ""

    def setup(self):
        super().setup()
        self.server.connections.append(self.connection)

    def do_GET(self):
        full = self.path.split("?")[0].removeprefix(self.server.prefix)
        name = plain(full) or "index.html"
        self.server.asked.append(name)
        self.name = name
        self.directory = str(self.server.directory)  # a connection outlasts a deployment
        fault = self.server.faults.get(full) or self.server.faults.get(name)
        if fault is None or fault(self):
            super().do_GET()

    def cache_control(self):
        return "no-cache"  # a fault that was taken away is to be seen

    def log_request(self, code="-", size="-"):
        self.server.answered.append((self.name, int(code)))


def plain(name):
    """A file's name without what the build put there: runtime-0123456789/x is runtime/x, code-0123456789/x is x."""
    return re.sub(r"^(?:code-[0-9a-f]{10}/|(runtime|model)-[0-9a-f]{10}(?=/))", r"\1", name)


class Site:
    """A server of the folder `page` under a sub-path. `faults` maps a file's plain name, or its full one, to a function
    of its request's handler; the file itself is served too if that returns True. `answered` has
    each file's name with the status it was answered with."""

    def __init__(self, page):
        self.page = page
        self.server = serve(page, prefix="/some/sub/path/")
        self.server.RequestHandlerClass = Handler
        self.server.asked = self.asked = []
        self.server.connections = []
        self.server.answered = self.answered = []
        self.server.faults = self.faults = {}
        self.url = self.server.url

    def deploy(self, page):
        """From now on another folder is served."""
        self.page = self.server.directory = page

    def close(self):
        """Ends it altogether: browsers keep connections open, which would still be served."""
        self.server.close()
        for connection in self.server.connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    @property
    def model(self):
        """The model that the page has, as it is before the build packs it."""
        return ROOT / "site" / "model" / "digits.npz"

    def text(self, name):
        return self.path(name).read_text("utf-8")

    def path(self, name):
        """Where a file lies that has this plain name."""
        return self._files()[name]

    def address(self, name):
        """The address of that file from the page."""
        return "./" + self.path(name).relative_to(self.page).as_posix()

    def has(self, name):
        return name in self._files()

    def _files(self):
        files = (path for path in self.page.rglob("*") if path.is_file())
        return {plain(path.relative_to(self.page).as_posix()): path for path in files}


def refused(handler):
    handler.send_error(500)


def replaced_by(content):
    """A fault: other bytes in place of the file's."""
    content = content.encode() if isinstance(content, str) else content

    def answer(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", handler.guess_type(handler.path))
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def held(until):
    """A fault: the file comes only once the threading.Event `until` is set."""

    def answer(handler):
        return until.wait(timeout=60)

    return answer


class Outside:
    """A proxy that stands for every other host: it records what is asked of it and refuses."""

    def __init__(self):
        asked = self.asked = []

        class Refuse(http.server.BaseHTTPRequestHandler):
            def refuse(self):
                asked.append(self.path)
                self.send_error(403)

            do_GET = do_POST = do_HEAD = do_CONNECT = refuse

            def log_message(self, *message):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Refuse)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
