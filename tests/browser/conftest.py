"""Fixtures: the page served under a sub-path, open in a real browser, watched for complaints."""

import os
import re
from urllib.parse import urlsplit

import pytest

from tests.browser.hand import Hand, wait_until_ready
from tests.browser.serving import Outside, Site

LAPTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


# A browser has business of its own with its maker: updates, accounts, what it may fill into a field for text. The page
# has no part in it.
BROWSERS_OWN = re.compile(r"(?:https?://)?[a-z-]+\.(?:google|googleapis)\.com[:/].*")


def others(outside):
    """What was asked of other hosts, but for the browser's own business."""
    return [address for address in outside.asked if not BROWSERS_OWN.fullmatch(address)]


NEEDED = re.compile("the rest .* is needed")

# Playwright says so on the page's console.
NOT_KEPT_OFFLINE = "Service Worker registration blocked by Playwright"


@pytest.fixture(scope="module")
def outside():
    """Every other host. Nothing that a module's tests do may ask it for anything."""
    outside = Outside()
    yield outside
    outside.close()
    assert others(outside) == []


@pytest.fixture(scope="module")
def site(built_site):
    site = Site(built_site)
    yield site
    site.close()


@pytest.fixture
def own_site(built_site):
    """A server that a test alone has, and may end."""
    site = Site(built_site)
    yield site
    site.close()


class Visit:
    """A person's visit: a page, a hand on its pad, and what the browser complained of. Unless it is asked for, the page is
    not kept for offline use, which would make every visit longer, and later ones deaf to faults of the server."""

    def __init__(self, browser, url, outside, service_workers="block", script=None, site=None, **context):
        """script: what runs in every page of the visit before anything of ours does. site: the Site, if a test may have it
        serve another worker.py, which may call what it likes of Python."""
        settings = {
            "proxy": {"server": outside.url, "bypass": "127.0.0.1"},
            "service_workers": service_workers,
            "reduced_motion": "reduce",  # a hand would wait until the page has scrolled to what it opened
        }
        self.context = browser.new_context(**settings | context)
        if script:
            self.context.add_init_script(script)
        self.page = self.context.new_page()
        self.hand = Hand(self.page)
        self.complaints = []
        self.site = site
        self.cold = []  # calls of functions that the page works without (site/boot/rest.mjs)
        self.requests = []
        self.refused = []  # what the page's own policy would not let it do
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.context.on("console", self._note)
        self.context.on("request", lambda request: self.requests.append(request.url))
        self.context.on("requestfailed", lambda request: self.complaints.append(request.url))
        self.page.goto(url)

    def close(self):
        """Ends it. Whatever was done, the page has asked no other origin, its policy had nothing to refuse, and no function was
        called that is shipped apart; a test that has it do so clears `cold`."""
        self.context.close()
        origins = {urlsplit(url)[:2] for url in self.requests if not url.startswith(("blob:", "data:"))}
        assert len(origins) <= 1, origins
        assert self.refused == []
        assert self.cold == [], "tools/ran.py makes the profile anew"

    def _note(self, message):
        """Of every page that the visit has or had."""
        if message.text.startswith("ran beyond") and "NUMBER_READER_RAN" in os.environ:  # the page is tools/ran.py's
            with open(os.environ["NUMBER_READER_RAN"], "a", encoding="utf-8") as out:
                out.write(message.text + "\n")
        if NEEDED.match(message.text) and not (self.site and "worker.py" in self.site.faults):
            self.cold.append(message.text)

    def _hear(self, message):
        if "Content Security Policy" in message.text:
            self.refused.append(message.text)
        if message.type in ("error", "warning") and message.text != NOT_KEPT_OFFLINE:
            self.complaints.append(message.text)


@pytest.fixture(scope="module")
def visits(browser, site, outside):
    """A function that starts a visit; all end with the module."""
    open_visits = []

    def start(**context):
        visit = Visit(browser, site.url, outside, site=site, **({"viewport": LAPTOP} | context))
        open_visits.append(visit)
        return visit

    yield start
    for visit in open_visits:
        visit.close()


@pytest.fixture(scope="module")
def visit(visits):
    """One visit on a laptop that the module's tests share, ready to read."""
    visit = visits()
    wait_until_ready(visit.page)
    return visit


# At once, where a hand would take a tenth of a second before each of some hundred tests.
AS_AT_FIRST = """() => {
  document.getElementById("clear").click();
  const brush = document.getElementById("brush");
  brush.value = "20";
  brush.dispatchEvent(new Event("input", {bubbles: true}));
  brush.focus();
}"""


@pytest.fixture
def page(visit):
    """The shared page with a blank pad and the usual brush; no complaint may come from the test."""
    visit.complaints.clear()
    visit.page.evaluate(AS_AT_FIRST)
    yield visit.page
    assert visit.complaints == []


@pytest.fixture
def hand(page, visit):
    return visit.hand
