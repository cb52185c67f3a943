"""Fixtures: the built page in Chromium, Firefox and WebKit, in a profile that knows nothing, watched for complaints.

A test that takes `visit`, `page`, `first_visit` or `file_visit` runs in each browser; `@pytest.mark.engines("firefox")`
names those that can, where not all do.
"""

import os
import shutil
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser.serving import Outside, Site
from tests.visits.bidi import Firefox, NotStarted
from tests.visits.chromium import ChromiumVisit
from tests.visits.firefox import FirefoxVisit
from tests.visits.webkit import NotInstalled, WebKitVisit, browser_path, screen, webkit

ENGINES = ("chromium", "firefox", "webkit")

FIREFOX_NAMES = ("firefox", "firefox-esr")
FIREFOX_PLACES = (
    "/Applications/Firefox.app/Contents/MacOS/firefox",
    r"C:\Program Files\Mozilla Firefox\firefox.exe",
)

# The browsers' makers, whom they ask for lists and updates of their own; the requests of the page itself are seen one by one.
MAKERS = (".mozilla.com", ".mozilla.org", ".mozilla.net", ".firefox.com", ".google.com", ".googleapis.com")
OWN = ("blob:", "data:")


def pytest_generate_tests(metafunc):
    if "engine" in metafunc.fixturenames:
        mark = metafunc.definition.get_closest_marker("engines")
        metafunc.parametrize("engine", mark.args if mark else ENGINES, scope="module")


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
def new_visit(engine, request):
    """A function that starts a visit in a browser that has not seen the page before, to be used in a `with`."""
    return request.getfixturevalue(f"new_visit_in_{engine}")


@pytest.fixture(scope="module")
def new_visit_in_chromium(browser, tmp_path_factory, outside):
    @contextmanager
    def start():
        visit = ChromiumVisit(browser, tmp_path_factory.mktemp("downloads"), outside.url)
        yield visit
        visit.context.close()

    return start


@pytest.fixture(scope="session")
def firefox_path(skip_or_fail):
    """A Firefox of this machine: $FIREFOX, or an installed one."""
    if chosen := os.environ.get("FIREFOX"):
        if not Path(chosen).is_file():
            pytest.fail(f"FIREFOX names {chosen}, which is no file", pytrace=False)
        return chosen
    on_path = (shutil.which(name) for name in FIREFOX_NAMES)
    in_place = (place for place in FIREFOX_PLACES if Path(place).is_file())
    installed = next(filter(None, (*on_path, *in_place)), None)
    if not installed:
        skip_or_fail("there is no Firefox; FIREFOX=PATH names one")
    return installed


@pytest.fixture(scope="module")
def new_visit_in_firefox(firefox_path, tmp_path_factory, outside, skip_or_fail):
    """In one Firefox for the module: a new site, which a test may have, is new to it."""
    downloads = tmp_path_factory.mktemp("downloads")
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

    @contextmanager
    def start():
        visit = FirefoxVisit(downloads)
        with firefox.connection(visit.hear) as connection:
            visit.start(connection)
            yield visit

    yield start
    firefox.close()


@pytest.fixture(scope="session")
def display(skip_or_fail):
    """A screen that nobody sees."""
    with ExitStack() as stack:
        try:
            browser_path()
            name = stack.enter_context(screen())
        except NotInstalled as missing:
            skip_or_fail(str(missing))
        yield name


@pytest.fixture(scope="module")
def new_visit_in_webkit(display, tmp_path_factory, outside):
    @contextmanager
    def start():
        home = tmp_path_factory.mktemp("home")
        with webkit(display, home, urlsplit(outside.url).netloc) as driver:
            yield WebKitVisit(driver, home)

    return start


@pytest.fixture(scope="module")
def visit(new_visit, site):
    """One visit that the module's tests share, ready to read."""
    with new_visit() as visit:
        visit.open(site.url)
        yield visit


@pytest.fixture
def page(visit, site):
    """The shared visit with a blank pad. Nothing may be complained of, nor any other host asked."""
    visit.to_pad()
    visit.press("#clear")
    yield visit
    complaints, requests = visit.what_was_said()
    assert complaints == []
    assert [url for url in requests if not url.startswith((site.url, *OWN))] == []
