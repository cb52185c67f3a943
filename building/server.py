"""The server of `build.py --serve` and of the tests: a folder on loopback, nothing outside it.

In: a built folder, a port, a prefix. Out: the page over HTTP.
"""

import http.server
import os
import re
import sys
import threading
from pathlib import Path
from typing import Any

from building.common import BuildError

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".npz": "application/octet-stream",
    ".packed": "application/octet-stream",
    ".png": "image/png",
    ".py": "text/x-python; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".whl": "application/octet-stream",
    ".zip": "application/zip",
}

NAMED_BY_CONTENT = re.compile(r"/(?:runtime|model|code)-[0-9a-f]{10}/")


class PageHandler(http.server.SimpleHTTPRequestHandler):
    """Files of one folder under the server's prefix, with the media types browsers insist on."""

    protocol_version = "HTTP/1.1"
    extensions_map = MEDIA_TYPES
    server: "PageServer"

    def send_head(self) -> Any:
        """As the base class; 404 outside the prefix."""
        if not self.path.startswith(self.server.prefix):
            self.send_error(404)
            return None
        return super().send_head()

    def translate_path(self, path: str) -> str:
        """As the base class, the prefix left out."""
        return super().translate_path("/" + path.removeprefix(self.server.prefix))

    def list_directory(self, path: Any) -> None:
        """404: what a folder holds is nobody's business."""
        self.send_error(404)

    def cache_control(self) -> str:
        """What is named by its content never changes; of the rest the next build shows without a hard reload."""
        return "max-age=31536000, immutable" if NAMED_BY_CONTENT.search(self.path) else "no-cache"

    def end_headers(self) -> None:
        """As the base class, with how long a browser may cache the file."""
        self.send_header("Cache-Control", self.cache_control())
        super().end_headers()

    def log_message(self, *message: Any) -> None:
        """Nothing: the build says enough."""


class PageServer(http.server.ThreadingHTTPServer):
    """Serves a folder on loopback. `url` is where the page is; close() ends it."""

    allow_reuse_address = os.name != "nt"  # there it would let two servers share a port

    def __init__(self, directory: str | Path, port: int = 0, prefix: str = "/") -> None:
        """Port 0 takes a free one. BuildError when the port cannot be had."""
        self.prefix = prefix
        try:
            super().__init__(("127.0.0.1", port), PageHandler)
        except OSError as error:
            raise BuildError(
                f"port {port} cannot be used ({error.strerror}); choose another with --port, "
                "or any free one with --port 0"
            ) from None
        self.directory = directory
        self.url = f"http://127.0.0.1:{self.server_port}{prefix}"

    def finish_request(self, request: Any, client_address: Any) -> None:
        """As the base class, with the folder that is served at this moment."""
        handler: Any = self.RequestHandlerClass  # a kind of PageHandler, which takes a directory
        handler(request, client_address, self, directory=self.directory)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """As the base class, but a browser that leaves in the middle of a file is nobody's error."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    def close(self) -> None:
        """Ends what serve() has started, and frees the port."""
        self.shutdown()
        self.server_close()


def serve(directory: str | Path, port: int = 0, prefix: str = "/") -> PageServer:
    """A PageServer already answering in a thread of its own; BuildError as PageServer."""
    server = PageServer(directory, port, prefix)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
