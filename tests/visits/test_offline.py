"""A browser keeps the page after one visit, works with the server gone, and goes over to a new version whole."""

import collections

import numpy as np
import pytest

from tests.browser.hand import lay_out
from tests.browser.ink import coverage
from tests.browser.kept_files import FETCHED, KEPT, READY, files_to_keep
from tests.browser.serving import Site

pytestmark = pytest.mark.thorough


@pytest.fixture
def first_visit(new_visit, built_site):
    """The first visit of somebody, until the page is kept. Nothing may be complained of, nor any other host asked."""
    site = Site(built_site)
    with new_visit() as visit:
        visit.site = site
        visit.open(site.url)
        visit.wait_for_text("#offline", READY)
        yield visit
        complaints, requests = visit.what_was_said()
    site.close()
    assert complaints == []  # failed requests are among them
    assert [url for url in requests if not url.startswith((site.url, "blob:", "data:"))] == []


def teach_a_1(visit):
    """A 7 is written, read, and corrected."""
    visit.press("#clear")
    visit.draw(lay_out("7"))
    assert visit.number() == "7"
    visit.press("#labels button:nth-child(2)")
    visit.wait_for_text("#number", "1")
    visit.wait_for_text("#taught-count", "1 digit")


def test_with_the_server_gone_it_starts_reads_teaches_and_saves(first_visit, built_site):
    visit, site = first_visit, first_visit.site
    assert visit.evaluate(f"({KEPT})()") == sorted(files_to_keep(built_site))
    if visit.has_http_cache:
        sent = collections.Counter(name for name, status in site.answered if status == 200)
        assert max(sent.values()) == 1, sent.most_common(3)
    site.close()
    visit.reload()
    visit.wait_for_text("#offline", READY)
    visit.draw(lay_out("26"))
    assert visit.number() == "26"
    teach_a_1(visit)
    visit.press("#save")
    assert visit.saved_file().read_bytes().startswith(b"\x89PNG")


def offer(visit, build):
    """Another build is deployed, and the person comes back to this tab."""
    visit.site.deploy(build)
    visit.evaluate("void document.dispatchEvent(new Event('visibilitychange'))")
    visit.wait_for("document.getElementById('update').checkVisibility()")


def accept(visit, build):
    """What is there then is all of that build."""
    visit.leave(lambda: visit.press("#update"))
    visit.wait_for_text("#offline", READY)
    assert not visit.is_seen("#update")
    files = files_to_keep(build)
    assert visit.evaluate(FETCHED, list(files)) == files
    assert visit.evaluate(f"({KEPT})()") == sorted(files)


def test_a_new_version_is_offered_and_taken_whole_with_nothing_lost(first_visit, built_site, next_build):
    visit = first_visit
    teach_a_1(visit)
    drawn = coverage(visit)
    offer(visit, next_build)
    files = files_to_keep(built_site)
    assert visit.evaluate(FETCHED, list(files)) == files  # of the old one until the new one is accepted
    accept(visit, next_build)
    assert visit.text("footer p").split()[-1] == "9.9.9"
    assert visit.text("#taught-count") == "1 digit"
    assert visit.number() == "1"
    assert np.array_equal(coverage(visit), drawn)


@pytest.mark.engines("firefox")  # the others' protocols can't reload so
def test_a_page_loaded_past_what_is_kept_goes_over_to_a_new_version_too(first_visit, next_build):
    """It uses no version, so that the next one has none to wait for."""
    visit = first_visit
    teach_a_1(visit)
    visit.reload_past_all_caches()
    assert visit.evaluate("navigator.serviceWorker.controller") is None
    offer(visit, next_build)
    accept(visit, next_build)
    assert visit.text("#taught-count") == "1 digit"
    assert visit.number() == "1"
