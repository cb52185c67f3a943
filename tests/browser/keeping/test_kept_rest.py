"""The rest of Python as it is kept for offline use: called without a connection, evicted, damaged; builds with and without."""

import os
import time

import pytest

from building.page import offline
from building.page.folder import build_folder, write_whole
from building.sources.cache import usual_cache
from building.sources.fetching import usual_sources
from tests.browser.cold import COUNTED, REST, calls, choose, reached, wait_for_step
from tests.browser.conftest import LAPTOP, Visit
from tests.browser.hand import Hand, number, wait_until_ready
from tests.browser.keeping.test_offline import DAMAGE, OVERWRITE, come_back, reload, wait_for_line, wait_until
from tests.browser.kept_files import FETCHED, KEPT, READY, files_to_keep
from tests.browser.serving import Site
from tests.conftest import ROOT

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def calling(built_site, tmp_path_factory):
    """The page in two parts, and whole, each with a worker that calls the rest (tests/browser/cold.py)."""
    folder = tmp_path_factory.mktemp("builds")
    with usual_sources() as sources:
        build_folder(folder / "whole", ran=None, cache=usual_cache(), sources=sources)
    return with_calls(built_site, folder / "split"), with_calls(folder / "whole", folder / "other")


def with_calls(page, output):
    """Built anew from the folder `page`."""
    files = {path.relative_to(page).as_posix(): path.read_bytes() for path in page.rglob("*") if path.is_file()}
    worker = next(name for name in files if name.endswith("/worker.py"))
    files |= {worker: files[worker] + calls().encode(), offline.WORKER: (ROOT / "site" / offline.WORKER).read_bytes()}
    offline.finish(files)
    write_whole(output, files)
    return output


def deploy(site, page, later):
    """later: seconds, as the server tells versions apart by the second."""
    for path in page.rglob("*"):
        os.utime(path, (time.time() + later, time.time() + later))
    site.deploy(page)


@pytest.fixture
def start(browser, outside):
    """A function that starts a visit of a Site until all is kept."""
    visits = []

    def start(site):
        visit = Visit(browser, "about:blank", outside, service_workers="allow", script=COUNTED, viewport=LAPTOP)
        visits.append(visit)
        visit.page.goto(site.url)
        wait_until_ready(visit.page)
        wait_for_line(visit.page, READY)
        return visit

    yield start
    for visit in visits:
        visit.cold.clear()  # its worker.py is ours
        visit.close()


@pytest.fixture
def site(calling):
    site = Site(calling[0])
    yield site
    site.close()


def reads_cold(page, text="64"):
    """And leaves nothing that a page which is loaded anew would read at once, before the rest has come."""
    page.bring_to_front()  # input waits for frames, which a tab behind another has few of
    hand = Hand(page)
    choose(page, "digits")
    hand.write(text)
    assert number(page) == text
    assert page.get_attribute("body", "data-app") == "ready"
    hand.press("#clear")


def test_it_is_kept_called_offline_got_anew_where_it_is_gone_and_mended_where_it_is_damaged(start, site):
    visit = start(site)
    page = visit.page
    files, address = files_to_keep(site.page), site.address(REST)
    assert page.evaluate(KEPT) == sorted(files)
    assert page.evaluate(FETCHED, [address]) == {address: files[address]}, "unpacked"

    page.evaluate(OVERWRITE, [address, None])
    reload(page)
    wait_for_step(page, "rest")
    wait_until(page, lambda: page.evaluate(KEPT) == sorted(files))
    reads_cold(page)
    assert page.evaluate("started") == [""]

    page.evaluate(DAMAGE, [address, "cut"])
    reload(page)
    wait_until(page, lambda: page.evaluate(FETCHED, [address]) == {address: files[address]})
    reads_cold(page)

    site.close()
    reload(page)
    wait_for_step(page, "rest")
    reads_cold(page, "5")
    assert reached(page).count("cold") == 1
    assert page.evaluate("started") == [""]


def test_from_a_whole_build_to_one_in_two_parts_and_back_with_two_tabs(start, site, calling):
    split, whole = calling
    site.deploy(whole)
    visit = start(site)
    page, other = visit.page, visit.context.new_page()
    other.goto(site.url)
    wait_until_ready(other)
    for i, (new, old) in enumerate([(split, whole), (whole, split)]):
        deploy(site, new, 60 * (i + 1))
        come_back(page)
        page.wait_for_selector("#update:visible")
        for tab in (page, other):  # the old version reads on, and calls what the host no longer has
            reads_cold(tab)
            assert ("cold" in reached(tab)) == (old is split)
        reload(other)
        reads_cold(other)
        files = files_to_keep(old)
        assert other.evaluate(FETCHED, list(files)) == files, "no mixture"
        with other.expect_navigation(), page.expect_navigation():
            page.click("#update")
        for tab in (page, other):
            wait_until_ready(tab)
            wait_for_line(tab, READY)
            reads_cold(tab, "5")
        files = files_to_keep(new)
        assert page.evaluate(FETCHED, list(files)) == files
        assert page.evaluate(KEPT) == sorted(files)
        assert len(page.evaluate("caches.keys()")) == 1
