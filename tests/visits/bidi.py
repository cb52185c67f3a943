"""A small client of WebDriver BiDi, the protocol by which Firefox lets itself be driven (w3c.github.io/webdriver-bidi)."""

import json
import subprocess
import time
from contextlib import contextmanager

from websockets.sync.client import connect

SECONDS = 60  # for any one answer


class Refused(Exception):
    """Firefox's own words on why it did not do what it was told."""


class NotStarted(Exception):
    """Firefox ended, or did not listen, before anything was asked of it."""


class Connection:
    """Sends commands and waits for their answers; what happens meanwhile is told to `hear(method, params)`."""

    def __init__(self, socket, hear):
        self.socket = socket
        self.hear = hear
        self.sent = 0

    def command(self, method, **params):
        self.sent += 1
        self.socket.send(json.dumps({"id": self.sent, "method": method, "params": params}))
        while True:
            message = json.loads(self.socket.recv(timeout=SECONDS))
            if message["type"] == "event":
                self.hear(message["method"], message["params"])
            elif message["id"] == self.sent:
                if message["type"] == "error":
                    raise Refused(f"{method}: {message['error']}: {message['message']}")
                return message["result"]


class Firefox:
    """A headless Firefox with a profile of its own in `folder`, which must be empty; `preferences` as in about:config."""

    def __init__(self, program, folder, preferences):
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in preferences.items()]
        (folder / "user.js").write_text("".join(lines), "utf-8")
        command = [program, "--headless", "--no-remote", "--remote-debugging-port=0", "--profile", str(folder)]
        command.append("--remote-allow-system-access")  # to its own window, which can do what BiDi has no words for
        self.said = folder / "said.txt"
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said)
        try:
            self.url = f"ws://127.0.0.1:{self._port(folder / 'WebDriverBiDiServer.json')}/session"
        except NotStarted:
            self.close()
            raise

    @contextmanager
    def connection(self, hear):
        with connect(self.url, max_size=None, proxy=None) as socket:
            connection = Connection(socket, hear)
            connection.command("session.new", capabilities={})
            yield connection
            connection.command("session.end")  # there is only ever one

    def _port(self, file):
        """Firefox writes it down once it listens."""
        end = time.monotonic() + SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            try:
                return json.loads(file.read_text("utf-8"))["ws_port"]
            except (FileNotFoundError, json.JSONDecodeError):  # not yet, or not yet all of it
                time.sleep(0.05)
        raise NotStarted(self.said.read_text("utf-8", "replace")[-300:])

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
