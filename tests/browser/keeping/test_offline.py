"""Offline: one visit keeps the whole page, nothing is downloaded twice, versions never mix, and what fails is said."""

import collections
import os

import pytest

from tests.browser.conftest import LAPTOP, Visit
from tests.browser.hand import Hand, number, wait_until_ready
from tests.browser.ink import coverage
from tests.browser.kept_files import FETCHED, KEPT, READY, files_to_keep
from tests.browser.picture_files import encoded, handwriting, open_picture
from tests.browser.serving import Outside, Site, refused, replaced_by
from tests.browser.test_accessibility import complaints

pytestmark = pytest.mark.thorough

CACHES = "caches.keys()"
INSTALLING = "async () => Boolean((await navigator.serviceWorker.getRegistration()).installing)"
OVERWRITE = """async ([address, text]) => {
  const [name] = (await caches.keys()).filter((name) => name.startsWith("number-reader"));
  const cache = await caches.open(name);
  if (text === null) await cache.delete(address);
  else await cache.put(address, new Response(text));
}"""


class Profile:
    """A browser with a profile on disk, as people's are. Others keep little of what they download. It asks its maker for
    this and that, so it has an outside of its own."""

    def __init__(self, browser, folder, path):
        self.browser, self.folder, self.path = browser, folder, path

    def new_context(self, **context):
        root = "CI" in os.environ or (hasattr(os, "geteuid") and os.geteuid() == 0)
        return self.browser.browser_type.launch_persistent_context(
            self.folder, executable_path=self.path, chromium_sandbox=not root, **context
        )


@pytest.fixture(scope="module")
def first_visit(browser, chromium_path, built_site, tmp_path_factory):
    """The first visit of somebody, until the page is kept."""
    site, outside = Site(built_site), Outside()
    profile = Profile(browser, tmp_path_factory.mktemp("profile"), chromium_path)
    visit = Visit(profile, site.url, outside, service_workers="allow", viewport=LAPTOP)
    visit.site = site
    wait_until_ready(visit.page)
    wait_for_line(visit.page, READY)
    yield visit
    visit.close()
    outside.close()
    site.close()


@pytest.fixture
def start(browser, own_site, outside):
    """A function that starts a first visit, ready to read."""
    visits = []

    def start(script=None, before=None):
        visit = Visit(browser, "about:blank", outside, service_workers="allow", viewport=LAPTOP)
        visits.append(visit)
        if script:
            visit.context.add_init_script(script)
        if before:
            before(visit)
        visit.page.goto(own_site.url)
        wait_until_ready(visit.page)
        return visit

    yield start
    for visit in visits:
        visit.close()


def wait_for_line(page, text):
    page.wait_for_selector(f"#offline:text-is('{text}')", timeout=30_000)


def works(page, text="26"):
    hand = Hand(page)
    hand.press("#clear")
    hand.write(text)
    assert number(page) == text


def reload(page):
    page.reload()
    wait_until_ready(page)


def come_back(page):
    """The person was in another tab and comes back to this one."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def wait_until(page, condition):
    for _ in range(200):
        if condition():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it never came to that")


def version(page):
    return page.locator("footer p").text_content().split()[-1]


# --- one visit ----------------------------------------------------------------------------------


def test_the_first_visit_keeps_every_file_and_downloads_nothing_twice(first_visit, built_site):
    page, site = first_visit.page, first_visit.site
    files = files_to_keep(built_site)
    assert len(files) > 20
    assert page.evaluate(KEPT) == sorted(files)
    sent = collections.Counter(name for name, status in site.answered if status == 200)
    assert max(sent.values()) == 1, sent.most_common(3)
    assert {status for _, status in site.answered} == {200, 304}
    assert all(url.startswith((site.url, f"blob:{site.url[:20]}", "data:")) for url in first_visit.requests)
    assert first_visit.complaints == []


def test_it_can_be_installed(first_visit):
    session = first_visit.hand.session
    assert session.send("Page.getInstallabilityErrors") == {"installabilityErrors": []}
    manifest = session.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert manifest["url"].endswith("/manifest.webmanifest")


def test_with_the_server_gone_it_starts_reads_teaches_and_saves(first_visit):
    visit, page, hand = first_visit, first_visit.page, first_visit.hand
    visit.site.close()
    asked = len(visit.site.asked)
    visit.complaints.clear()
    page.goto(visit.site.url + "index.html?from=afar#pad")
    wait_until_ready(page)
    wait_for_line(page, READY)
    works(page, "47")
    page.locator("#labels button").nth(1).click()
    page.wait_for_selector("#status:has-text('Taught: this is a 1.')")
    number(page)
    with page.expect_download() as saved:
        hand.press("#save")
    assert saved.value.path().read_bytes().startswith(b"\x89PNG")
    open_picture(page, encoded(handwriting("58")), "mine.png")
    page.wait_for_selector("#source:text('mine.png')")
    assert number(page) == "58"
    page.locator("#samples button").first.click()
    page.wait_for_selector("#source:has-text('Sample')")
    assert visit.complaints == []  # failed requests are among them
    assert len(visit.site.asked) == asked


# --- a new version ------------------------------------------------------------------------------


def test_a_new_version_is_offered_and_taken_by_all_tabs_whole_with_nothing_lost(
    start, own_site, built_site, next_build
):
    visit = start()
    page = visit.page
    wait_for_line(page, READY)
    page.evaluate("async () => (await caches.open('exemplars')).put('./e', new Response('kept'))")
    old_version = version(page)
    works(page, "7")
    page.locator("#labels button").nth(1).click()
    page.wait_for_selector("#number:has-text('1')")
    drawn = coverage(page)

    # The first try of the new version is not whole: the old one goes on.
    own_site.faults["styles.css"] = refused
    own_site.deploy(next_build)
    come_back(page)
    twice = 2  # asked for as usual, then past the browser's own cache
    wait_until(page, lambda: own_site.answered.count(("styles.css", 500)) == twice)
    wait_until(page, lambda: not page.evaluate(INSTALLING))
    assert len([name for name in page.evaluate(CACHES) if name.startswith("number-reader")]) == 1
    assert not page.locator("#update").is_visible()
    assert page.text_content("#offline") == READY

    # The second is, and is offered; until then, and until that is accepted, only the old one is used.
    own_site.faults.clear()
    come_back(page)
    page.wait_for_selector("#update:visible")
    other = visit.context.new_page()
    other.goto(own_site.url)
    wait_until_ready(other)
    assert version(other) == version(page) == old_version
    files = files_to_keep(built_site)
    assert other.evaluate(FETCHED, list(files)) == files
    Hand(other).write("4")
    assert number(other) == "4"
    assert complaints(other) == []
    other.locator("#later").click()
    assert not other.locator("#update").is_visible()

    with other.expect_navigation(), page.expect_navigation():
        page.click("#update")
    for tab in (page, other):
        wait_until_ready(tab)
        wait_for_line(tab, READY)
        assert version(tab) == "9.9.9"
        assert not tab.locator("#update").is_visible()
    files = files_to_keep(next_build)
    assert page.evaluate(FETCHED, list(files)) == files
    assert page.evaluate(KEPT) == sorted(files)
    assert len(page.evaluate(CACHES)) == 2
    assert "exemplars" in page.evaluate(CACHES)
    assert page.text_content("#taught-count") == "1 digit"
    assert number(page) == "1"
    assert (coverage(page) == drawn).all()
    assert number(other) == "4"


# --- what can fail --------------------------------------------------------------------------------


def test_a_page_that_cannot_be_kept_whole_is_not_kept_works_and_is_tried_again(start, own_site):
    own_site.faults["LICENSE.txt"] = refused
    visit = start()
    page = visit.page
    failed = "Online only: the page could not be kept this time"
    wait_for_line(page, failed)
    works(page)
    assert page.evaluate(CACHES) == []
    own_site.faults["LICENSE.txt"] = replaced_by("tampered")
    reload(page)
    wait_for_line(page, failed)
    assert page.evaluate(CACHES) == []
    own_site.faults.clear()
    reload(page)
    wait_for_line(page, READY)
    works(page)


def test_without_room_it_works_online_and_says_so(start, own_site):
    def fill(visit):
        visit.hand.session.send(
            "Storage.overrideQuotaForOrigin", {"origin": own_site.url.split("/some")[0], "quotaSize": 5e6}
        )

    page = start(before=fill).page
    wait_for_line(page, "Online only: there is no room to keep the page")
    works(page)
    assert page.evaluate(CACHES) == []


FORBIDDEN = {
    "missing": "delete Navigator.prototype.serviceWorker",
    "out of sight": """Object.defineProperty(Navigator.prototype, "serviceWorker", {
        get() { throw new DOMException("sandboxed", "SecurityError"); }})""",
}


@pytest.mark.parametrize("script", FORBIDDEN.values(), ids=FORBIDDEN)
def test_where_it_is_forbidden_it_works_online_and_says_so(start, script):
    visit = start(script)
    wait_for_line(visit.page, "Online only: this browser does not let the page be kept")
    works(visit.page)
    assert visit.complaints == []


def test_what_is_damaged_or_missing_is_fetched_again(start, own_site, built_site):
    page = start().page
    wait_for_line(page, READY)
    model, worker = (own_site.address(name) for name in ("model/digits.npz.packed", "worker.py"))
    page.evaluate(OVERWRITE, [model, "damaged"])
    page.evaluate(OVERWRITE, ["./LICENSE.txt", "damaged"])
    page.evaluate(OVERWRITE, [worker, None])
    page.reload()
    page.wait_for_selector("body[data-app=error]", timeout=30_000)
    files = files_to_keep(built_site)
    wait_until(page, lambda: page.evaluate(FETCHED, [model]) == {model: files[model]})
    page.click("#retry")
    page.wait_for_selector("body[data-app=ready]", timeout=60_000)
    works(page)
    own_site.close()
    reload(page)
    assert page.evaluate(KEPT) == sorted(files)
    assert page.evaluate(FETCHED, list(files)) == files


# What is packed is kept unpacked, with a header that says so.
DAMAGE = """async ([address, how]) => {
  const [name] = (await caches.keys()).filter((name) => name.startsWith("number-reader"));
  const cache = await caches.open(name);
  const kept = await cache.match(address);
  const headers = new Headers(kept.headers);
  let bytes = new Uint8Array(await kept.arrayBuffer());
  if (how === "flipped") bytes[bytes.length >> 1] ^= 1;
  if (how === "cut") bytes = bytes.slice(0, bytes.length >> 1);
  if (how === "no header") headers.delete("Unpacked");
  await cache.put(address, new Response(bytes, { headers }));
}"""


def test_what_is_kept_unpacked_and_damaged_is_found_and_fetched_again(start, own_site, built_site):
    page = start().page
    wait_for_line(page, READY)
    files = files_to_keep(built_site)
    for damage in (
        {"runtime/pyodide/numpy.packed": "cut"},
        {"runtime/pyodide/pyodide.asm.wasm.packed": "no header", "worker.packed": "flipped", "styles.css": "cut"},
    ):
        damaged = {own_site.address(name): how for name, how in damage.items()}
        for address, how in damaged.items():
            page.evaluate(DAMAGE, [address, how])
        page.reload()
        page.wait_for_selector("body:not([data-app=loading])", timeout=30_000)  # what only lacks its header still loads
        sound = {address: files[address] for address in damaged}
        wait_until(page, lambda: page.evaluate(FETCHED, list(damaged)) == sound)  # noqa: B023, it is called at once
        if page.get_attribute("body", "data-app") == "error":
            page.click("#retry")
        page.wait_for_selector("body[data-app=ready]", timeout=60_000)
    works(page)


def test_a_page_that_is_damaged_itself_mends_itself(start, own_site, built_site):
    page = start().page
    wait_for_line(page, READY)
    files = files_to_keep(built_site)
    for name in ("index.html", "boot/page.js"):
        address = "./" if name == "index.html" else own_site.address(name)
        page.evaluate(DAMAGE, [address, "cut"])
        reload(page)
        assert page.evaluate(FETCHED, [address]) == {address: files[address]}
    works(page)
    address = own_site.address("app.packed")  # without Python boot/page.js asks for it
    page.evaluate(DAMAGE, [address, "cut"])
    page.reload()
    page.wait_for_selector("body[data-app=error]", timeout=30_000)
    wait_until(page, lambda: page.evaluate(FETCHED, [address]) == {address: files[address]})
    with page.expect_navigation(timeout=60_000):
        page.click("#retry")
    page.wait_for_selector("body[data-app=ready]", timeout=60_000)


SAVES_DATA = "Object.defineProperty(navigator, 'connection', {value: {saveData: true}})"


def test_where_the_browser_saves_data_nothing_is_fetched_that_is_not_needed_yet(start, own_site):
    visit = start(SAVES_DATA)
    wait_for_line(visit.page, "Online only: this browser saves data, so the page is not kept")
    works(visit.page)
    assert "service-worker.js" not in own_site.asked
