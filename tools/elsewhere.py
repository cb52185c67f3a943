"""The page in the engines beside Chromium: what tools/ran.py and cold.py do in each, as they need other functions of
Pyodide's."""

import shutil
from contextlib import ExitStack, contextmanager

from used import pages  # first: it says where the modules below are

from tests.browser.hand import lay_out
from tests.browser.picture_files import encoded
from tests.visits.bidi import Firefox
from tests.visits.conftest import FIREFOX_NAMES
from tests.visits.firefox import FirefoxVisit
from tests.visits.webkit import NotInstalled, WebKitVisit, screen, webkit

PAGE_SECONDS = 120


@contextmanager
def firefox(folder):
    path = next(filter(None, map(shutil.which, FIREFOX_NAMES)), None)
    if path is None:
        raise NotInstalled("there is no Firefox")
    browser, visit = Firefox(path, folder, {}), FirefoxVisit(folder)
    try:
        with browser.connection(visit.hear) as connection:
            visit.start(connection)
            yield visit
    finally:
        browser.close()


@contextmanager
def webkit_gtk(folder):
    with ExitStack() as stack:
        display = stack.enter_context(screen())
        yield WebKitVisit(stack.enter_context(webkit(display, folder)), folder)


ENGINES = {"Firefox": firefox, "WebKit": webkit_gtk}


def walk(visit, url, folder):
    """Numbers written, corrected and explained; what was taught saved and read in; pages of every kind."""
    visit.open(url)
    for text in ("2026", "-12.5", "408"):
        visit.press("#clear")
        visit.draw(lay_out(text))
        visit.number()
    visit.press("#candidates > li")
    visit.wait_for("document.querySelector('#why-note').textContent === ''")
    visit.press("#labels button:nth-child(4)")
    visit.wait_for("!document.querySelector('#export').hasAttribute('data-idle')")
    visit.press("#taught summary")
    visit.press("#export")
    for name, picture in pages().items():
        for form in ("png", "jpeg") if name == "table" else ("png",):
            (folder / f"{name}.{form}").write_bytes(encoded(picture, form.upper()))
            visit.choose_file("#image", folder / f"{name}.{form}")
            visit.wait_for(f"document.querySelector('#source').textContent.includes('{name}.{form}')", PAGE_SECONDS)
            visit.number()
