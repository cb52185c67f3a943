"""A visit in WebKitGTK, the engine of Safari and of every browser on an iPhone, driven by its own WebDriver.

That delivers fingers as a mouse and a pen without pressure, so here a script makes their pointer events.
"""

import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

from selenium import webdriver
from selenium.common.exceptions import JavascriptException, WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.command import Command
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

from tests.visits.visit import SECONDS, NoPage, Visit, key_actions, pointer_actions

DRIVER = "WebKitWebDriver"
BROWSER = "MiniBrowser"  # in a folder of libraries, as no person is meant to use it
FOLDERS = ("/usr/lib", "/usr/lib64", "/usr/libexec")
SCREEN = "1400x1100x24"
WINDOW = (1280, 900)  # of the browser; its bars take the rest of what is higher than a laptop's page

# The driver tells nothing of the console, and a browser that is driven prints nothing of it: from when a page can be spoken
# to, a script listens.
LISTEN = """(() => {
  if (window.complaints) return;
  window.complaints = [];
  for (const level of ["error", "warn"]) {
    const say = console[level];
    console[level] = (...words) => { complaints.push(words.join(" ")); say.apply(console, words); };
  }
  addEventListener("error", ({message, target}) => complaints.push(message ?? `${target.src ?? target.href} failed`), true);
  addEventListener("unhandledrejection", ({reason}) => complaints.push(`${reason}`));
  addEventListener("securitypolicyviolation", ({blockedURI}) => complaints.push(`${blockedURI} is refused`));
})()"""
TAKE = "complaints.splice(0)"
ASKED = "performance.getEntries().map(({name}) => name).filter(name => name.includes(':'))"


class NotInstalled(Exception):
    """What is missing, in a sentence."""


def browser_path():
    """Where MiniBrowser lies; NotInstalled if it or its driver does not."""
    if not shutil.which(DRIVER):
        raise NotInstalled(f"there is no {DRIVER}; Debian's package webkit2gtk-driver has it")
    found = [path for folder in FOLDERS for path in Path(folder).glob(f"**/webkit2gtk-4.[01]/{BROWSER}")]
    if not found:
        raise NotInstalled(f"there is no {BROWSER} in {', '.join(FOLDERS)}; Debian's package webkit2gtk-driver has it")
    return max(found)


@contextmanager
def screen():
    """The name of a display that nobody sees; NotInstalled where none can be had."""
    if not shutil.which("Xvfb"):
        raise NotInstalled("there is no Xvfb; Debian's package xvfb has it")
    ours, its = os.pipe()
    command = ["Xvfb", "-displayfd", str(its), "-screen", "0", SCREEN, "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[its], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        os.close(its)
        with os.fdopen(ours) as told:
            number = told.readline().strip()
        try:
            if not number:
                raise NotInstalled("Xvfb does not start")
            yield f":{number}"
        finally:
            process.terminate()


@contextmanager
def webkit(display, home, proxy=""):
    """A driver of a MiniBrowser that knows nothing yet: a home of its own, and a memory that ends with it."""
    (home / "said.txt").touch()
    environment = os.environ | {
        "DISPLAY": display,
        "HOME": str(home),
        "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
        "LIBGL_ALWAYS_SOFTWARE": "1",
    }
    for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_DOWNLOAD_DIR", "WAYLAND_DISPLAY"):
        environment.pop(name, None)
    options = Options()
    options.binary_location = str(browser_path())
    options.add_argument("--automation")
    options.add_argument("--enable-write-console-messages-to-stdout=true")
    if proxy:
        through = {"proxyType": "manual", "httpProxy": proxy, "sslProxy": proxy, "noProxy": ["127.0.0.1"]}
        options.set_capability("proxy", through)  # Selenium's own Proxy writes noProxy as no list
    with (home / "said.txt").open("wb") as said:
        service = Service(shutil.which(DRIVER), env=environment, log_output=said)
        driver = webdriver.WebKitGTK(options=options, service=service)
        try:
            driver.set_script_timeout(SECONDS)
            yield driver
        finally:
            driver.quit()


class WebKitVisit(Visit):
    has_http_cache = False  # where it is driven; elsewhere it has one, and downloads each file once

    def __init__(self, driver, home):
        super().__init__(home)
        self.driver = driver
        self.set_window(None)

    def navigate(self, url):
        self.driver.get(url)

    def wait_until_ready(self):
        self.evaluate(LISTEN)
        super().wait_until_ready()

    def leave(self, act):
        self._take()
        super().leave(act)

    def _take(self):
        self.complaints += self.evaluate(TAKE)
        self.requests += self.evaluate(ASKED)

    def what_was_said(self):
        self._take()
        return super().what_was_said()

    def run_script(self, script):
        caught = f"(async () => {script})().then(value => [value], error => [null, `${{error}}`]).then(arguments[0])"
        try:
            value, *error = self.driver.execute_async_script(caught)
        except JavascriptException as gone:  # so it says where a page ends while its script runs
            raise NoPage from gone
        except WebDriverException as gone:
            raise NoPage from gone
        assert not error, error
        return value

    def set_window(self, size):
        wide, high = WINDOW
        if size:  # it is the window's that can be set, bars included
            bars = self.driver.execute_script("return [outerWidth - innerWidth, outerHeight - innerHeight]")
            wide, high = size["width"] + bars[0], size["height"] + bars[1]
        self.driver.set_window_size(wide, high)

    def _perform(self, actions):
        self.driver.execute(Command.W3C_ACTIONS, {"actions": [actions]})

    def point(self, trail):
        self._perform(pointer_actions(trail))

    def key(self, name, *held):
        self._perform(key_actions(name, *held))

    def touch(self, trail):
        self.made_by_script(trail, "touch", 0.5)

    def draw_with_pen(self, stroke, pressure, erases=False):
        self.made_by_script(self.on_screen(stroke), "pen", pressure, erases)

    def choose_file(self, selector, path):
        self.driver.find_element(By.CSS_SELECTOR, selector).send_keys(str(path))
