"""Fixtures: the built page in a Firefox of this machine, in a profile that knows nothing, watched for complaints."""

import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser.serving import Outside, Site
from tests.firefox.bidi import Firefox, NotStarted
from tests.firefox.visit import Visit

NAMES = ("firefox", "firefox-esr")
PLACES = (
    "/Applications/Firefox.app/Contents/MacOS/firefox",
    r"C:\Program Files\Mozilla Firefox\firefox.exe",
)


@pytest.fixture(scope="session")
def firefox_path(skip_or_fail):
    """A Firefox of this machine: $FIREFOX, or an installed one."""
    if chosen := os.environ.get("FIREFOX"):
        if not Path(chosen).is_file():
            pytest.fail(f"FIREFOX names {chosen}, which is no file", pytrace=False)
        return chosen
    on_path = (shutil.which(name) for name in NAMES)
    in_place = (place for place in PLACES if Path(place).is_file())
    installed = next(filter(None, (*on_path, *in_place)), None)
    if not installed:
        skip_or_fail("there is no Firefox; FIREFOX=PATH names one")
    return installed


# Firefox's makers, whom it asks for lists and updates of its own; the requests of the page itself are seen one by one.
MAKERS = (".mozilla.com", ".mozilla.org", ".mozilla.net", ".firefox.com")


@pytest.fixture(scope="module")
def outside():
    """Every other host. Nothing that a module's tests do may ask it for anything."""
    outside = Outside()
    yield outside
    outside.close()
    hosts = {urlsplit(f"//{each}" if "://" not in each else each).hostname for each in outside.asked}
    assert [host for host in hosts if not host.endswith(MAKERS)] == []


@pytest.fixture(scope="module")
def site(built_site):
    site = Site(built_site)
    yield site
    site.close()


@pytest.fixture(scope="module")
def downloads(tmp_path_factory):
    """The folder that Firefox saves to."""
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="module")
def firefox(firefox_path, tmp_path_factory, outside, downloads, skip_or_fail):
    host, port = outside.server.server_address
    preferences = {
        # All but loopback goes through `outside`.
        "network.proxy.type": 1,
        "network.proxy.http": host,
        "network.proxy.http_port": port,
        "network.proxy.ssl": host,
        "network.proxy.ssl_port": port,
        "dom.w3c_touch_events.enabled": 1,  # as with a screen that feels fingers
        "media.gmp-manager.updateEnabled": False,  # modules for films, from a third party
        "browser.download.folderList": 2,  # the folder named next, and nobody is asked
        "browser.download.dir": str(downloads),
    }
    try:
        firefox = Firefox(firefox_path, tmp_path_factory.mktemp("profile"), preferences)
    except NotStarted as error:
        skip_or_fail(f"{firefox_path} does not start: {error}")
    yield firefox
    firefox.close()


@pytest.fixture(scope="module")
def visit(firefox, site):
    """One visit that the module's tests share, ready to read."""
    visit = Visit()
    with firefox.connection(visit.hear) as connection:
        visit.start(connection)
        visit.open(site.url)
        yield visit


@pytest.fixture
def page(visit, site):
    """The shared visit with a blank pad. Nothing may be complained of, nor any other host asked."""
    visit.press("#clear")
    yield visit
    complaints, visit.complaints = visit.complaints, []
    requests, visit.requests = visit.requests, []
    assert complaints == []
    assert [url for url in requests if not url.startswith((site.url, "blob:", "data:"))] == []
