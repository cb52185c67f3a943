"""The page's policy: nothing that runs in it reaches another host, and nothing runs in it but its own files.

The same is tried on the page without its policy, where all of it succeeds: so it is the policy that refuses.
"""

import re
import shutil
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.browser.attempts import INLINE, REACHING, REACHING_TOO, REFUSED
from tests.browser.conftest import Visit
from tests.browser.hand import wait_until_ready
from tests.browser.picture_files import open_picture
from tests.browser.serving import Outside, Site

pytestmark = pytest.mark.thorough

DOORS = (Path(__file__).parents[1] / "policy_worker.py").read_text("utf-8")
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')
HEAR = """addEventListener("securitypolicyviolation", event => (window.refused ??= []).push(event.effectiveDirective));
window.ran = name => void (window.hasRun ??= []).push(name); null"""
ASK = "([door, ...words]) => document.querySelector('script[worker]').xworker.sync[door](...words)"


@pytest.fixture(scope="module")
def opened(browser, built_site, outside, tmp_path_factory):
    """A function that opens the page ready to read, its worker with the doors; without its policy, if that is said."""
    closing = []

    def start(with_policy):
        folder = tmp_path_factory.mktemp("page") / "dist"
        shutil.copytree(built_site, folder)
        site = Site(folder)
        closing.append(site.close)
        for name, change in (
            ("index.html", lambda text: text if with_policy else POLICY.sub("", text)),
            ("worker.py", lambda text: f"{text}\n\n{DOORS}"),
            ("boot/pyodide.mjs", lambda text: f"{text}\nglobalThis.importing = (url) => import(url);\n"),
        ):
            site.path(name).write_text(change(site.text(name)), "utf-8")
        visit = Visit(browser, site.url, outside)
        closing.append(visit.context.close)
        wait_until_ready(visit.page)
        visit.page.evaluate(HEAR)
        return visit

    yield start
    for close in reversed(closing):
        close()


@pytest.fixture(scope="module")
def visit(opened):
    """Of the page as it is."""
    return opened(with_policy=True)


@pytest.fixture
def guarded(visit):
    visit.refused.clear()
    return visit.page


@pytest.fixture(scope="module")
def unguarded(opened):
    return opened(with_policy=False).page


@pytest.fixture
def server():
    """Another host, which would answer."""
    server = Outside()
    yield server
    server.close()


def try_all(page, server):
    for name, attempt in REACHING.items():
        page.evaluate(f"url => {attempt}", f"{server.url}/{name}")
    for name, (_, attempt) in REACHING_TOO.items():
        page.evaluate(f"url => {attempt}", f"{server.url}/{name}")


def try_all_in_worker(page, server):
    names = page.evaluate(ASK, ["attempts"])
    for name in names:
        page.evaluate(ASK, ["attempt", name, f"{server.url}/{name}"])
    return names


def wait_until(page, condition):
    for _ in range(100):
        if condition():
            return
        page.wait_for_timeout(50)


def heard(server):
    return {address.partition("?")[0].rpartition("/")[2] for address in server.asked}


def test_the_page_reaches_no_other_host(guarded, visit, server):
    try_all(guarded, server)
    expected = Counter(REFUSED) + Counter(directive for directive, _ in REACHING_TOO.values())
    wait_until(guarded, lambda: guarded.evaluate("refused.length") >= expected.total())
    assert Counter(guarded.evaluate("refused")) == expected
    assert visit.refused  # any visit of the tests would not have ended well
    assert server.asked == []


def test_the_workers_python_reaches_no_other_host(guarded, visit, server):
    assert all(worker.url.startswith("blob:") for worker in guarded.workers)  # a file would not have the page's policy
    names = try_all_in_worker(guarded, server)
    own = len(names) - 1  # a worker's worker is told of its own
    wait_until(guarded, lambda: len(guarded.evaluate(ASK, ["refused"])) >= own)
    assert Counter(guarded.evaluate(ASK, ["refused"])) == {"connect-src": own - 1, "script-src-elem": 1}
    assert any(url.startswith(server.url) for url in visit.requests)  # likewise
    assert server.asked == []


def test_without_the_policy_page_and_worker_reach_it(unguarded, server):
    try_all(unguarded, server)
    names = try_all_in_worker(unguarded, server)
    wanted = {*REACHING, *REACHING_TOO, *names}
    wait_until(unguarded, lambda: heard(server) >= wanted)
    assert wanted - heard(server) == set()


def test_no_script_or_style_runs_that_is_no_file_of_the_page(guarded, unguarded):
    for page in (guarded, unguarded):
        for attempt in INLINE.values():
            page.evaluate(attempt)
    wait_until(unguarded, lambda: len(unguarded.evaluate("window.hasRun ?? []")) == len(INLINE))
    assert set(unguarded.evaluate("hasRun")) == set(INLINE)
    assert guarded.evaluate("window.hasRun ?? []") == []


def test_python_in_the_worker_makes_no_code_of_a_text(guarded, unguarded):
    assert guarded.evaluate(ASK, ["made_of_texts"]) == ["EvalError", "EvalError"]
    assert unguarded.evaluate(ASK, ["made_of_texts"]) == ["ran", "ran"]


def test_a_picture_that_names_files_and_scripts_asks_nothing_and_runs_nothing(guarded, server):
    """The one kind that could: an image element takes its measures."""
    hostile = f"""<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90" onload="parent.ran('picture')">
      <style>@import url({server.url}/sheet); circle {{ fill: url({server.url}/fill#it) }}</style>
      <script href="{server.url}/script"/><script>top.ran('picture')</script>
      <image href="{server.url}/image" width="9" height="9"/><circle r="9"/>
      <foreignObject width="9" height="9"><img xmlns="http://www.w3.org/1999/xhtml" src="{server.url}/html"/></foreignObject>
    </svg>"""
    open_picture(guarded, hostile.encode(), "hostile.svg", "image/svg+xml")
    guarded.wait_for_selector("#status:text('is an SVG drawing')")
    assert server.asked == []
    assert "picture" not in guarded.evaluate("window.hasRun ?? []")


def test_the_policy_names_no_host_and_stands_before_all_that_it_is_to_hold_back(site):
    text = site.text("index.html")
    [policy] = POLICY.findall(text)
    directives = {name: set(sources) for name, *sources in (each.split() for each in policy.split(";"))}
    assert directives["default-src"] == directives["base-uri"] == directives["form-action"] == {"'none'"}
    assert set().union(*directives.values()) == {"'none'", "'self'", "'wasm-unsafe-eval'", "blob:"}
    tags = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag, attributes):
            tags.append((tag, dict(attributes)))

    Tags().feed(text)
    assert [tag for tag, _ in tags[:6]] == ["html", "head", "meta", "meta", "meta", "meta"]
    assert tags[3][1] == {"http-equiv": "Content-Security-Policy", "content": policy}
    assert tags[4][1] == {"name": "referrer", "content": "no-referrer"}
