"""What fails is said in plain words, the drawing stays, and trying again works."""

import threading

import numpy as np
import pytest

from tests.browser.conftest import PHONE
from tests.browser.hand import number, wait_until_ready
from tests.browser.ink import coverage
from tests.browser.serving import held, refused, replaced_by

HANGING = "def read(rgba, width, height, pen=None):\n    while True:\n        pass\n\n\ndef was_read("
RAISING = "def read(rgba, width, height, pen=None):\n    raise RuntimeError('on fire')\n\n\ndef was_read("


def changed(site, name, old, new):
    """A fault: the page's own file with one passage changed."""
    text = site.text(name)
    assert text.count(old) == 1, f"{name} has no {old!r}"
    return replaced_by(text.replace(old, new))


@pytest.fixture(autouse=True)
def no_faults_left(site):
    yield
    site.faults.clear()


def wait_for_failure(page):
    page.wait_for_selector("body[data-app=error]", timeout=30_000)
    assert page.locator("#retry").is_visible()
    return page.text_content("#status")


def retry_reads(visit, expected):
    """The person tries again; what is on the pad is read."""
    drawn = coverage(visit.page)
    visit.hand.press("#retry")
    visit.page.wait_for_selector("body[data-app=ready]", timeout=60_000)
    assert number(visit.page) == expected
    assert np.array_equal(coverage(visit.page), drawn)
    assert not visit.page.locator("#retry").is_visible()


def test_files_of_the_worker_that_cannot_be_had_or_used(visits, site):
    """One after the other, each in place of the one before: only a start anew can come as far as the next."""
    model = (site.page / "model" / "digits.npz").read_bytes()
    site.faults["worker.py"] = refused
    visit = visits(viewport=PHONE)
    assert "not working" in wait_for_failure(visit.page)
    visit.hand.write("7")
    for name, fault, words in (
        ("recognizer/model.py", refused, "recognizer/model.py"),
        ("model/digits.npz", replaced_by(model[: len(model) // 2]), "files could not be used"),
    ):
        site.faults.clear()
        site.faults[name] = fault
        visit.hand.press("#retry")
        visit.page.wait_for_selector("body[data-app=loading]")
        message = wait_for_failure(visit.page)
        assert "not working" in message and words in message
        width = visit.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert width[0] <= width[1], "the sentence is long, and the button stands beside it"
    site.faults.clear()
    retry_reads(visit, "7")


def test_a_runtime_that_cannot_be_had(visits, site):
    """Pyodide tells nobody but the console, so only the deadline notices."""
    site.faults["runtime/pyodide/pyodide.asm.wasm"] = refused
    site.faults["app/reader.py"] = changed(site, "app/reader.py", "START_SECONDS = 90", "START_SECONDS = 3")
    visit = visits()
    assert "has not started after 3 seconds" in wait_for_failure(visit.page)
    visit.hand.write("7")
    site.faults.clear()
    retry_reads(visit, "7")


def test_a_worker_that_hangs_is_given_up_and_a_fault_in_one_is_not_mistaken_for_a_reading(visits, site):
    site.faults["worker.py"] = changed(site, "worker.py", "def read(", HANGING)
    site.faults["app/reader.py"] = changed(site, "app/reader.py", "INK_SECONDS = 20", "INK_SECONDS = 1")
    visit = visits()
    wait_until_ready(visit.page)
    visit.hand.write("8")
    message = wait_for_failure(visit.page)
    assert "has not answered for 1 seconds" in message
    site.faults["worker.py"] = changed(site, "worker.py", "def read(", RAISING)
    visit.hand.press("#retry")
    visit.page.wait_for_selector("#status:text('on fire')", timeout=60_000)
    assert "on fire" in wait_for_failure(visit.page)
    assert visit.page.get_attribute("#number", "data-state") == "reading"
    site.faults.clear()
    retry_reads(visit, "8")


def test_a_worker_that_starts_late_is_welcome(visits, site):
    late = threading.Event()
    site.faults["runtime/pyodide/pyodide.asm.wasm"] = held(late)
    site.faults["app/reader.py"] = changed(site, "app/reader.py", "START_SECONDS = 90", "START_SECONDS = 1")
    visit = visits()
    wait_for_failure(visit.page)
    visit.hand.write("5")
    late.set()
    visit.page.wait_for_selector("body[data-app=ready]", timeout=60_000)
    assert number(visit.page) == "5"
    assert not visit.page.locator("#retry").is_visible()


def test_without_python_the_page_says_so(visits, site):
    site.faults["runtime/pyscript/core.js"] = refused
    visit = visits()
    assert "Python could not be loaded" in wait_for_failure(visit.page)
    site.faults.clear()
    site.faults["runtime/micropython/micropython.wasm"] = refused
    with visit.page.expect_navigation():
        visit.hand.press("#retry")  # reloads
    assert "Python could not be loaded" in wait_for_failure(visit.page)
    site.faults.clear()
    visit.hand.press("#retry")
    wait_until_ready(visit.page)
    visit.hand.write("1")
    assert number(visit.page) == "1"
