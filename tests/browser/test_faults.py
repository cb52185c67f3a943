"""What fails is said in plain words, the drawing stays, and trying again works."""

import threading

import numpy as np
import pytest

from building.packing import packed_files, unpacked_files
from tests.browser.conftest import PHONE
from tests.browser.hand import number, wait_until_ready
from tests.browser.ink import coverage
from tests.browser.serving import held, refused, replaced_by

HANGING = "def read(rgba, width, height, pen=None):\n    while True:\n        pass\n\n\ndef was_read("
RAISING = "def read(rgba, width, height, pen=None):\n    raise RuntimeError('on fire')\n\n\ndef was_read("


def change(site, name, old, new):
    """A fault: the page's own file with one passage changed; a module of app/ is in a pack."""
    pack = "app.packed" if name.startswith("app/") else None
    files = unpacked_files(site.path(pack).read_bytes()) if pack else {name: site.path(name).read_bytes()}
    text = files[name].decode()
    assert text.count(old) == 1, f"{name} has no {old!r}"
    files[name] = text.replace(old, new).encode()
    site.faults[pack or name] = replaced_by(packed_files(files) if pack else files[name])


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


def fails_anew(visit):
    """The person tries again while something else is amiss: what the page says then."""
    assert visit.page.evaluate("() => { retry.click(); return document.body.dataset.app; }") == "loading"
    return wait_for_failure(visit.page)


def test_files_of_the_worker_that_cannot_be_had_or_used(visits, site):
    """One after the other: only a start anew can come as far as the next."""
    model = site.path("model/digits.npz").read_bytes()
    site.faults["worker.py"] = refused
    visit = visits(viewport=PHONE)
    messages = [wait_for_failure(visit.page)]
    visit.hand.write("7")
    for name, fault in (("worker.packed", refused), ("model/digits.npz", replaced_by(model[: len(model) // 2]))):
        site.faults.clear()
        site.asked.clear()
        site.faults[name] = fault
        messages.append(fails_anew(visit))
        assert name in site.asked
        width = visit.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert width[0] <= width[1], "the sentence is long, and the button stands beside it"
    assert all("not working" in message for message in messages)
    assert "files could not be used" in messages[-1]
    site.faults.clear()
    retry_reads(visit, "7")


def test_a_runtime_that_cannot_be_had(visits, site):
    visit = None
    for name in ("pyodide.asm.wasm", "python_stdlib.zip", "numpy"):
        for fault in (refused, replaced_by("<!doctype html>")):
            file = f"runtime/pyodide/{name}.packed"
            site.faults.clear()
            site.asked.clear()
            site.faults[file] = fault
            if visit:
                message = fails_anew(visit)
            else:
                visit = visits()
                message = wait_for_failure(visit.page)
                visit.hand.write("7")
            assert "could not start" in message, name
            assert file in site.asked
    site.faults.clear()
    retry_reads(visit, "7")


def test_a_worker_that_hangs_is_given_up_and_a_fault_in_one_is_not_mistaken_for_a_reading(visits, site):
    change(site, "worker.py", "def read(", HANGING)
    change(site, "app/reader.py", "INK_SECONDS = 20", "INK_SECONDS = 1")
    visit = visits()
    wait_until_ready(visit.page)
    visit.hand.write("8")
    message = wait_for_failure(visit.page)
    assert "has not answered for 1 seconds" in message
    change(site, "worker.py", "def read(", RAISING)
    assert "on fire" in fails_anew(visit)
    assert visit.page.get_attribute("#number", "data-state") == "reading"
    site.faults.clear()
    retry_reads(visit, "8")


def test_a_worker_that_starts_late_is_welcome(visits, site):
    late = threading.Event()
    site.faults["runtime/pyodide/pyodide.asm.wasm.packed"] = held(late)
    change(site, "app/reader.py", "START_SECONDS = 90", "START_SECONDS = 1")
    visit = visits()
    wait_for_failure(visit.page)
    visit.hand.write("5")
    late.set()
    visit.page.wait_for_selector("body[data-app=ready]", timeout=60_000)
    assert number(visit.page) == "5"
    assert not visit.page.locator("#retry").is_visible()


def test_without_python_the_page_says_so(visits, site):
    visit = None
    for name in ("runtime/pyscript/core.js", "runtime/micropython/micropython.wasm.packed", "app.packed"):
        site.faults.clear()
        site.faults[name] = refused
        if visit:
            with visit.page.expect_navigation():
                visit.hand.press("#retry")  # reloads
        else:
            visit = visits()
        assert "Python could not be loaded" in wait_for_failure(visit.page), name
    site.faults.clear()
    with visit.page.expect_navigation():
        visit.hand.press("#retry")
    wait_until_ready(visit.page)
    visit.hand.write("1")
    assert number(visit.page) == "1"
