"""The built page, served on loopback and open in a headless Chromium: what the benchmarks of the page share."""

import os
import shutil
import tempfile
from contextlib import contextmanager, redirect_stdout
from pathlib import Path

import root  # noqa: F401, first: it says where the modules below are
from playwright.sync_api import sync_playwright

from building.page.folder import build_folder
from building.server import serve
from building.sources.cache import usual_cache
from building.sources.fetching import usual_sources
from tests.browser.hand import wait_until_ready

LAPTOP = {"width": 1280, "height": 800}


@contextmanager
def served_folder(**how):
    """The page's folder, built anew; how: what making.make takes."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "dist"
        # build.py tells where each file came from; that is nobody's business here.
        with usual_sources() as sources, open(os.devnull, "w") as quiet, redirect_stdout(quiet):
            build_folder(page, cache=usual_cache(), sources=sources, **how)
        yield page


@contextmanager
def served_page():
    """The address of the page, built anew."""
    with served_folder() as page:
        server = serve(page)
        try:
            yield server.url
        finally:
            server.close()


def chromium_path():
    """A Chromium of this machine: $CHROME, or one that is installed."""
    return os.environ.get("CHROME") or shutil.which("chromium") or shutil.which("google-chrome")


@contextmanager
def opened_page(url, viewport=LAPTOP, until_ready=wait_until_ready):
    """The page, ready to read unless `until_ready(page)` waits for less, in a Chromium of this machine ($CHROME, or one that
    is installed)."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), chromium_sandbox=False)
        page = browser.new_page(viewport=viewport)
        page.goto(url)
        until_ready(page)
        yield page
        browser.close()
