"""Hosts as they are: files declared as gzip or packed once more, endings unknown, scripts sent as text, old pages after a new
deployment, web pages in place of files. The page starts, or names the file and the reason."""

import gzip
import itertools
import json
import mimetypes
import re
import shutil
import xml.etree.ElementTree

import pytest

from tests.browser.conftest import LAPTOP, Visit
from tests.browser.hand import Hand, number, wait_for, wait_until_ready
from tests.browser.kept_files import files_to_keep
from tests.browser.serving import Site, plain

pytestmark = pytest.mark.thorough

STATUS = "body[data-app=error]"
KNOWN_TO_OLD_HOSTS = (".html", ".css", ".js", ".json", ".png", ".svg", ".txt", ".ico", ".jpg", "")


@pytest.fixture
def host(built_site):
    host = Site(built_site)
    yield host
    host.close()


@pytest.fixture
def open_page(browser, outside):
    visits = []

    def open_page(url, **context):
        visits.append(Visit(browser, url, outside, viewport=LAPTOP, **context))
        return visits[-1]

    yield open_page
    for visit in visits:
        visit.close()


def answered(content, headers):
    """A fault: these bytes under these headers."""

    def answer(handler):
        handler.send_response(200)
        for name, value in headers.items():
            handler.send_header(name, value)
        if headers.get("Connection") == "close":  # its end tells how long it is
            handler.close_connection = True
        else:
            handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return answer


def failure(page):
    page.wait_for_selector(STATUS, timeout=30_000)
    return page.text_content("#status")


def packs(site):
    return [name for name in site._files() if name.endswith(".packed")]


# Keeps what the page tells of its progress: each value of the bar, and each text beside it.
LISTEN = """window.told = [], window.words = [];
{
  const bar = Object.getOwnPropertyDescriptor(HTMLProgressElement.prototype, "value");
  const set = function (value) { told.push(Number(value)); bar.set.call(this, value); };
  Object.defineProperty(HTMLProgressElement.prototype, "value", { ...bar, set });
  new MutationObserver((changes) => {
    for (const { target } of changes) if (target.id === "remaining") words.push(target.textContent);
  }).observe(document, { childList: true, subtree: true });
}"""


def progresses(page):
    """Whether what it told goes forward, from 0 to 100 at most, and is nothing but numbers; from 0 again with each try."""
    told, words = page.evaluate("[told, words]")
    assert told
    assert all(0 <= value <= 100 for value in told)  # NaN is not
    assert all(later >= value or later == 0 for value, later in itertools.pairwise(told)), told
    for each in words:
        assert re.fullmatch(r"(\d+\.\d/\d+\.\d MB(, [1-9]\d* (s|min))?)?", each), words
    return True


# --- packed files ---------------------------------------------------------------------------------

GZIPPED = {
    "declared as gzip": (False, {"Content-Encoding": "gzip", "Content-Type": "application/octet-stream"}),
    "packed once more": (
        True,
        {"Content-Encoding": "gzip", "Content-Type": "application/octet-stream", "Connection": "close"},
    ),
    "packed once more and not declared": (True, {"Content-Type": "application/x-gzip"}),
}


@pytest.mark.parametrize("kind", GZIPPED)
def test_packed_files_load_whatever_the_host_makes_of_them_and_are_kept(open_page, host, kind):
    once_more, headers = GZIPPED[kind]
    for name in packs(host):
        content = host.path(name).read_bytes()
        host.faults[name] = answered(gzip.compress(content) if once_more else content, headers)
    visit = open_page(host.url, service_workers="allow", script=LISTEN)
    wait_until_ready(visit.page)
    assert progresses(visit.page)
    visit.page.wait_for_selector("#offline:text-is('Ready to work offline')", timeout=30_000)
    host.close()
    visit.page.reload()
    wait_until_ready(visit.page)
    assert progresses(visit.page)
    visit.hand.write("4")
    assert number(visit.page) == "4"


# --- endings and media types ------------------------------------------------------------------------


def test_every_ending_is_known_to_old_hosts_or_named_for_IIS(built_site):
    config = xml.etree.ElementTree.parse(built_site / "web.config")
    named = {each.get("fileExtension") for each in config.iter("mimeMap")}
    removed = {each.get("fileExtension") for each in config.iter("remove")}
    endings = {path.suffix for path in built_site.rglob("*") if path.is_file() and not path.name.startswith(".")}
    assert endings - set(KNOWN_TO_OLD_HOSTS) - {".config"} == named
    assert removed == named  # a newer IIS knows some, and would not start with two of one
    assert "./web.config" not in files_to_keep(built_site)


@pytest.mark.parametrize("name", ["boot/micropython.mjs", "app.packed", "worker.packed", "model/digits.npz.packed"])
def test_a_file_that_the_host_does_not_serve_is_named_with_the_reason(open_page, host, name):
    host.faults[name] = lambda handler: handler.send_error(404)
    message = failure(open_page(host.url).page)
    assert "404" in message
    assert name.split("/")[-1].split(".")[0] in message
    if name in ("worker.packed", "model/digits.npz.packed"):
        assert "blocker" not in message  # the host has answered


@pytest.mark.parametrize(("headers", "told"), [({"Content-Type": "text/plain"}, "text/plain"), ({}, "nothing")])
def test_scripts_sent_as_text_or_as_nothing_are_said(open_page, host, headers, told):
    name = "boot/micropython.mjs"
    host.faults[name] = answered(host.path(name).read_bytes(), headers)
    assert f"micropython.mjs comes from its host as {told}" in failure(open_page(host.url).page)


def test_a_page_of_which_nothing_may_run_says_so(open_page, host):
    """As with X-Content-Type-Options: nosniff, which also holds back the scripts that would say it."""
    for name in host._files():
        if name.endswith((".js", ".mjs")):
            headers = {"Content-Type": "text/plain", "X-Content-Type-Options": "nosniff"}
            host.faults[name] = answered(host.path(name).read_bytes(), headers)
    visit = open_page(host.url)
    assert not visit.page.locator(".late").is_visible()  # at first
    wait_for(visit.page, "getComputedStyle(document.querySelector('.late')).visibility === 'visible'", timeout=30_000)
    assert "Nothing of this page has run" in visit.page.text_content(".late")


def test_a_page_that_runs_never_says_that_nothing_does(open_page, host):
    visit = open_page(host.url)
    wait_until_ready(visit.page)
    assert visit.page.evaluate("getComputedStyle(document.querySelector('.late')).display") == "none"


# --- after a deployment ------------------------------------------------------------------------------


def aged(folder, index):
    """A fault: index.html as an earlier deployment had it, and as a cache may keep it for ten minutes. Whoever asks for it
    anew gets the host's own."""

    def answer(handler):
        if "no-cache" in handler.headers.get("Cache-Control", "") or "max-age=0" in handler.headers.get(
            "Cache-Control", ""
        ):
            return True
        return answered(index, {"Content-Type": "text/html", "Cache-Control": "max-age=600"})(handler)

    return answer


def of_before(built_site):
    """The page's index.html with names of folders that are no longer there."""
    text = (built_site / "index.html").read_text("utf-8")
    return re.sub(r"(code|runtime|model)-[0-9a-f]{10}", r"\1-0123456789", text).encode()


WEB_PAGE = b"<!doctype html><title>My site</title><p>There is no such page."


@pytest.mark.parametrize("missing", ["404", "200", "one script"])
def test_an_old_page_of_before_the_deployment_fetches_itself_anew(open_page, host, built_site, missing):
    old = of_before(built_site)
    host.faults["index.html"] = aged(built_site, old)
    if missing != "404":
        for name in gone(built_site, old):
            host.faults[name] = answered(WEB_PAGE, {"Content-Type": "text/html"})
    if missing == "one script":  # what came in its place is an error of the window, not of its element
        for name in gone(built_site, old) - {"code-0123456789/boot/page.js"}:
            content = host.path(plain(name)).read_bytes()
            host.faults[name] = answered(content, {"Content-Type": mimetypes.guess_type(name)[0] or "text/javascript"})
    visit = open_page(host.url)
    started = "window.downloaded !== undefined && document.body?.dataset.app === 'ready'"
    wait_for(visit.page, started, timeout=60_000)
    visit.hand.write("3")
    assert number(visit.page) == "3"
    assert host.asked.count("index.html") <= 3


def gone(built_site, old):
    """The files of the old page, as its server names them."""
    return set(re.findall(r"\./((?:code|runtime|model)-0123456789/[\w./-]+)", old.decode()))


@pytest.mark.parametrize("missing", ["404", "200"])
def test_a_page_whose_files_are_not_on_the_host_says_so_and_is_not_loaded_for_ever(
    open_page, host, built_site, missing
):
    old = of_before(built_site)
    host.faults["index.html"] = answered(old, {"Content-Type": "text/html"})
    if missing == "200":
        for name in gone(built_site, old):
            host.faults[name] = answered(WEB_PAGE, {"Content-Type": "text/html"})
    message = failure(open_page(host.url).page)
    assert "nothing can be read" in message
    assert host.asked.count("index.html") == 2  # the host was asked whether there is another, and there is not


def test_a_host_that_has_another_old_page_each_time_does_not_have_it_loaded_for_ever(open_page, host, built_site):
    ages = itertools.count()

    def another(handler):
        old = of_before(built_site).replace(b"-0123456789", b"-%010x" % next(ages))
        return answered(old, {"Content-Type": "text/html"})(handler)

    host.faults["index.html"] = another
    assert "nothing can be read" in failure(open_page(host.url).page)
    assert host.asked.count("index.html") == 3


def test_a_kept_page_that_lost_a_file_takes_the_new_version(open_page, host, built_site, tmp_path):
    """Its own is no longer on the host."""
    visit = open_page(host.url, service_workers="allow")
    page = visit.page
    wait_until_ready(page)
    page.wait_for_selector("#offline:text-is('Ready to work offline')", timeout=30_000)
    later = tmp_path / "later"
    shutil.copytree(built_site, later)
    rename(later)
    lost = host.address("runtime/micropython/micropython.wasm.packed")
    host.deploy(later)
    page.evaluate(
        """async (lost) => {
            const [name] = (await caches.keys()).filter((name) => name.startsWith("number-reader"));
            await (await caches.open(name)).delete(new URL(lost, document.baseURI).href);
        }""",
        lost,
    )
    page.reload()
    assert "micropython.wasm" in failure(page)
    with page.expect_navigation(timeout=60_000):
        page.click("#retry")
    wait_until_ready(page)
    Hand(page).write("6")
    assert number(page) == "6"


def rename(folder):
    """A later version: the same files under another name of their folder."""
    (runtime,) = folder.glob("runtime-*")
    name = "runtime-fedcba9876"
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix in (".html", ".js", ".mjs", ".py", ".css"):
            path.write_text(path.read_text("utf-8").replace(runtime.name, name), "utf-8")
    runtime.rename(folder / name)
    worker = folder / "service-worker.js"
    text = worker.read_text("utf-8")
    files = files_to_keep(folder)
    start, end = (
        text.index("const FILES = ") + len("const FILES = "),
        text.index("};", text.index("const FILES = ")) + 1,
    )
    text = text[:start] + json.dumps(files) + text[end:]
    worker.write_text(re.sub(r'const VERSION = "\w+"', 'const VERSION = "later"', text), "utf-8")


ROOT_PAGE = b"<!doctype html><title>The account's own site</title>"
ROOT_WORKER = b"""addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  if (event.request.url.endsWith("styles.css"))
    event.respondWith(new Response("body { --foreign: 1 }", { headers: { "Content-Type": "text/css" } }));
});
"""


def test_files_of_another_site_s_service_worker_give_way_to_our_own(open_page, host):
    """One at the root of the account answers for this page, too, and may have old or foreign copies."""
    host.faults["/root.html"] = answered(ROOT_PAGE, {"Content-Type": "text/html"})
    host.faults["/root-worker.js"] = answered(ROOT_WORKER, {"Content-Type": "text/javascript"})
    origin = host.url.split("/some/")[0]
    visit = open_page(origin + "/root.html", service_workers="allow")
    page = visit.page
    page.evaluate(
        "navigator.serviceWorker.register('/root-worker.js').then(() => navigator.serviceWorker.ready).then(() => 1)"
    )
    page.goto(host.url)
    foreign = "getComputedStyle(document.body).getPropertyValue('--foreign')"
    wait_for(page, f"{foreign} === '1'")  # so the test could fail
    wait_for(page, f"document.body?.dataset.app === 'ready' && {foreign} === ''", timeout=60_000)
    page.wait_for_selector("#offline:text-is('Ready to work offline')", timeout=30_000)


# --- blockers and networks ---------------------------------------------------------------------------


@pytest.mark.parametrize("held", ["pyodide", "wasm", "core", "worker"])
def test_what_a_blocker_holds_back_is_said_as_such(open_page, host, held):
    visit = open_page("about:blank", script=LISTEN)
    # The page itself, and what has the name of the blocked part in it.
    visit.context.route(
        re.compile(rf"/[\w./-]*{held}[\w.-]*\.(js|mjs|py|packed)$"), lambda route: route.abort("blockedbyclient")
    )
    visit.page.goto(host.url)
    message = failure(visit.page)
    assert "blocker" in message
    visit.context.unroute_all()
    visit.page.click("#retry")
    visit.page.wait_for_selector("body[data-app=ready]", timeout=60_000)
    assert progresses(visit.page)


def test_a_web_page_in_place_of_a_file_is_named(open_page, host):
    """As a network of a firm that blocks what it does not know answers."""
    host.faults["runtime/pyodide/pyodide.asm.wasm.packed"] = answered(WEB_PAGE, {"Content-Type": "text/html"})
    message = failure(open_page(host.url).page)
    assert "pyodide.asm.wasm.packed" in message
    assert "web page" in message
    assert "blocker" not in message


# What extensions do to every page: they stand between it and what it calls, and add elements of their own.
WRAPPED = """{
  const real = { fetch, Worker, open: XMLHttpRequest.prototype.open };
  window.fetch = function (...asked) { return real.fetch.apply(window, asked).then((answer) => answer); };
  window.Worker = new Proxy(Worker, { construct: (kind, how, as) => Reflect.construct(kind, how, as) });
  XMLHttpRequest.prototype.open = function (...how) { return real.open.apply(this, how); };
  addEventListener("DOMContentLoaded", () => {
    document.documentElement.append(document.createElement("grammarly-desktop-integration"));
    document.body.prepend(document.createElement("div"));
    document.getElementById("sheet").append(document.createElement("div"));
    for (const each of document.querySelectorAll("input")) each.setAttribute("data-lpignore", "true");
    document.body.setAttribute("cz-shortcut-listen", "true");
  });
}"""


def test_extensions_that_wrap_what_the_page_calls_and_add_to_it_do_not_stop_it(open_page, host):
    visit = open_page(host.url, script=WRAPPED)
    wait_until_ready(visit.page)
    visit.hand.write("4")
    assert number(visit.page) == "4"


def test_WebAssembly_that_a_mode_of_the_browser_refuses_is_said(open_page, host):
    visit = open_page("about:blank")
    visit.context.add_init_script(
        "WebAssembly.Module = class { constructor() { throw new WebAssembly.CompileError('disallowed'); } };"
        "WebAssembly.compile = WebAssembly.compileStreaming = WebAssembly.instantiate = WebAssembly.instantiateStreaming ="
        " async () => { throw new WebAssembly.CompileError('disallowed by embedder'); };"
    )
    visit.page.goto(host.url)
    message = failure(visit.page)
    assert "Lockdown Mode" in message
    assert "exception" in message


def test_a_page_that_nobody_leaves_looks_for_a_new_version_once_a_day(open_page, host):
    visit = open_page("about:blank", service_workers="allow")
    visit.context.add_init_script(
        "const later = setInterval; window.setInterval = (work, ms) => later(work, ms === 24 * 60 * 60 * 1000 ? 500 : ms);"
    )
    visit.page.goto(host.url)
    visit.page.wait_for_selector("#offline:text-is('Ready to work offline')", timeout=30_000)
    before = host.asked.count("service-worker.js")
    for _ in range(60):
        visit.page.wait_for_timeout(100)
        if host.asked.count("service-worker.js") > before:
            break
    assert host.asked.count("service-worker.js") > before
