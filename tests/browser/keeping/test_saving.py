"""Files out of an installed app: an iPhone's has no place for a download, so they go through the system's share sheet."""

import pytest

from tests.browser.conftest import PHONE
from tests.browser.hand import number, wait_for, wait_until_ready

pytestmark = pytest.mark.thorough

INSTALLED = """Object.defineProperty(navigator, "standalone", {value: true});
window.shared = [];
window.answer = () => Promise.resolve();
navigator.canShare = ({ files }) => files.length === 1;
navigator.share = async ({ files }) => {
  shared.push({ name: files[0].name, type: files[0].type, size: files[0].size, tapped: navigator.userActivation.isActive });
  return answer();
};"""
WITHOUT = """Object.defineProperty(navigator, "standalone", {value: true});
delete Navigator.prototype.canShare; delete Navigator.prototype.share;"""
REJECTS = "(name) => { window.answer = () => Promise.reject(new DOMException('no', name)); }"


@pytest.fixture
def start(visits):
    def start(script):
        visit = visits(viewport=PHONE, script=script, accept_downloads=True)
        visit.downloads = []
        visit.page.on("download", lambda download: visit.downloads.append(download))
        wait_until_ready(visit.page)
        visit.hand.write("5")
        assert number(visit.page) == "5"
        return visit

    return start


def shared(page, count):
    wait_for(page, f"window.shared.length === {count}")
    return page.evaluate("window.shared")


def test_what_is_saved_or_exported_is_shared_and_not_downloaded(start):
    visit = start(INSTALLED)
    page = visit.page
    page.click("#save")
    assert [each["name"] for each in shared(page, 1)] == ["number.png"]
    page.evaluate("document.getElementById('save-glyphs').click()")
    shared(page, 2)
    page.click("#labels button:has-text('5')")
    page.evaluate("document.getElementById('taught').open = true")
    page.wait_for_selector("#export:not([data-idle])")
    page.click("#export")
    files = shared(page, 3)
    assert all(each["size"] > 50 for each in files)
    assert files[0]["tapped"]
    assert files[2]["tapped"]
    assert visit.downloads == []


def test_a_sheet_that_is_closed_again_needs_no_words(start):
    visit = start(INSTALLED)
    page = visit.page
    before = page.text_content("#status")
    page.evaluate(REJECTS, "AbortError")
    page.click("#save")
    shared(page, 1)
    page.wait_for_timeout(200)
    assert page.text_content("#status") == before


def test_a_tap_that_is_no_longer_one_is_asked_for_again(start):
    visit = start(INSTALLED)
    page = visit.page
    page.evaluate(REJECTS, "NotAllowedError")
    page.click("#save")
    page.wait_for_selector("#status button:has-text('Save it')")
    page.evaluate("() => { window.answer = () => Promise.resolve(); }")
    page.click("#status button")
    assert len(shared(page, 2)) == 2


def test_without_a_share_sheet_it_says_what_to_do(start):
    visit = start(WITHOUT)
    visit.page.click("#save")
    visit.page.wait_for_selector("#status:has-text('Open the page in the browser')")
    assert visit.downloads == []


def test_in_a_browser_it_is_a_download(start):
    visit = start("window.nothing = true")
    with visit.page.expect_download() as download:
        visit.page.click("#save")
    assert download.value.suggested_filename == "number.png"
    # Elsewhere than on an iPhone an app of its own is told so.
    visit.page.evaluate("""() => {
        const real = matchMedia;
        window.matchMedia = (query) => query === "(display-mode: standalone)" ? { matches: true } : real(query);
        window.shared = [];
        navigator.canShare = () => true;
        navigator.share = async ({ files }) => { shared.push({ name: files[0].name }); };
    }""")
    visit.page.click("#save")
    assert shared(visit.page, 1) == [{"name": "number.png"}]
