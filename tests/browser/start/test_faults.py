"""What fails is said in plain words, the drawing stays, and trying again works. docs/faults.md has a table of them.

Deadlines are shortened where a test would have to wait for them, never what is tested.
"""

import re
import threading
import time

import numpy as np
import pytest

from building.runtime.packing import packed_files, unpacked_files
from tests.browser.conftest import PHONE
from tests.browser.hand import number, wait_for, wait_until_ready
from tests.browser.ink import coverage
from tests.browser.serving import held, refused, replaced_by

pytestmark = pytest.mark.thorough

HANGING = "def read(rgba, width, height, pen=None, *mode):\n    while True:\n        pass\n\n\ndef was_read("
SLOW = (
    "def read(rgba, width, height, pen=None, *mode):\n    end = time.monotonic() + 1\n"
    "    while time.monotonic() < end:\n        pass\n"
)
RAISING = "def read(rgba, width, height, pen=None, *mode):\n    raise RuntimeError('on fire')\n\n\ndef was_read("


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


JUMP = "seconds => { const now = Date.now; Date.now = () => now() + 1000 * seconds; }"
HOUR = 3600  # s
DEAD_AT_ONCE = """const Alive = Worker;
window.Worker = class extends Alive {
  constructor(...how) {
    super(...how);
    if (!window.killed) this.terminate();
    window.killed = true;
  }
};"""
TAKEN = "() => Boolean(document.querySelector('script[type=py][worker]')?.xworker)"
TERMINATE = "document.querySelector('script[type=py][worker]').xworker.terminate()"


def stalls(lifted, end):
    """A fault: who asks before the threading.Event `lifted` hears nothing until `end`."""

    def answer(handler):
        return True if lifted.is_set() else end.wait(timeout=60)

    return answer


def drips(content, seconds, done):
    """A fault: the file comes whole, but in as many seconds; then the threading.Event `done` is set."""
    parts = 20

    def answer(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", handler.guess_type(handler.path))
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        size = -(-len(content) // parts)
        for i in range(parts):
            time.sleep(seconds / parts)
            handler.wfile.write(content[i * size : (i + 1) * size])
            handler.wfile.flush()
        done.set()

    return answer


def wait_for_failure(page):
    page.wait_for_selector("body[data-app=error]", timeout=30_000)
    assert page.locator("#retry").is_visible()
    return page.text_content("#status")


def wait_until_ready_again(page):
    """Where something may be said to have failed before."""
    page.wait_for_selector("body[data-app=ready]", timeout=60_000)


def retry_reloads(visit):
    """The person tries again where Python itself is missing: the page is loaded anew."""
    with visit.page.expect_navigation():
        visit.hand.press("#retry")


def retry_reads(visit, expected):
    """The person tries again; what is on the pad is read."""
    drawn = coverage(visit.page)
    visit.hand.press("#retry")
    wait_until_ready_again(visit.page)
    assert number(visit.page) == expected
    assert np.array_equal(coverage(visit.page), drawn)
    assert not visit.page.locator("#retry").is_visible()


def fails_anew(visit):
    """The person tries again while something else is amiss: what the page says then."""
    assert visit.page.evaluate("() => { retry.click(); return document.body.dataset.app; }") == "loading"
    return wait_for_failure(visit.page)


def test_files_of_the_worker_that_cannot_be_had_or_used(visits, site):
    """One after the other: only a start anew can come as far as the next."""
    model = site.path("model/digits.npz.packed").read_bytes()
    site.faults["worker.py"] = refused
    visit = visits(viewport=PHONE)
    messages = [wait_for_failure(visit.page)]
    visit.hand.write("7")
    for name, fault in (("worker.packed", refused), ("model/digits.npz.packed", replaced_by(model[: len(model) // 2]))):
        site.faults.clear()
        site.asked.clear()
        site.faults[name] = fault
        messages.append(fails_anew(visit))
        assert name in site.asked
        width = visit.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert width[0] <= width[1], "the sentence is long, and the button stands beside it"
    assert all("not working" in message for message in messages)
    assert "It could not start: digits.npz.packed: " in messages[-1]
    assert "Check the connection" in messages[-1]
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
    visit.cold.clear()  # without its library Python does what it never does with it, and another worker fails once more


def test_a_worker_that_hangs_is_given_up_and_a_fault_in_one_is_not_mistaken_for_a_reading(visits, site):
    change(site, "worker.py", "def read(", HANGING)
    change(site, "app/reading/reader.py", "INK_SECONDS = 20", "INK_SECONDS = 1")
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
    change(site, "app/reading/reader.py", "START_SECONDS = 45", "START_SECONDS = 1")
    visit = visits()
    wait_for_failure(visit.page)
    visit.hand.write("5")
    late.set()
    wait_until_ready_again(visit.page)
    assert number(visit.page) == "5"
    assert not visit.page.locator("#retry").is_visible()


def test_without_python_the_page_says_so(visits, site):
    visit = None
    for name in ("runtime/pyscript/core.js", "runtime/micropython/micropython.wasm.packed", "app.packed"):
        site.faults.clear()
        site.faults[name] = refused
        if visit:
            retry_reloads(visit)
        else:
            visit = visits()
        assert "Python could not be loaded" in wait_for_failure(visit.page), name
    site.faults.clear()
    retry_reloads(visit)
    wait_until_ready(visit.page)
    visit.hand.write("1")
    assert number(visit.page) == "1"


# --- the worker that begins before PyScript asks for one (boot/early.js) ------------------------------


def test_a_file_that_the_worker_begins_with_is_missing_half_or_an_error_page(visits, site):
    """It is said long before the deadline of a start, which wait_for_failure would not wait for."""
    asm = site.path("runtime/pyodide/pyodide.asm.mjs").read_bytes()
    faults = {
        "boot/pyodide.mjs": refused,
        "runtime/pyodide/pyodide.asm.mjs": replaced_by(asm[: len(asm) // 2]),
        "runtime/pyodide/pyodide.mjs": replaced_by("<p>error"),
    }
    visit = None
    for name, fault in faults.items():
        site.faults.clear()
        site.faults[name] = fault
        if visit:
            visit.page.reload()
        else:
            visit = visits()
        assert "not working" in wait_for_failure(visit.page), name
    visit.hand.write("7")
    site.faults.clear()
    retry_reads(visit, "7")


def test_a_file_that_fails_once_PyScript_has_the_worker(visits, site):
    taken = threading.Event()
    site.faults["boot/pyodide.mjs"] = lambda handler: taken.wait(timeout=60) and refused(handler)
    visit = visits()
    wait_for(visit.page, TAKEN)
    taken.set()
    assert "could not start" in wait_for_failure(visit.page)
    visit.hand.write("7")
    site.faults.clear()
    retry_reads(visit, "7")


def test_what_PyScript_says_to_a_worker_that_does_not_yet_listen_is_kept_for_it(visits, site):
    listens = threading.Event()
    site.faults["runtime/pyscript/worker.mjs"] = held(listens)
    visit = visits()
    wait_for(visit.page, TAKEN)
    visit.page.wait_for_timeout(500)  # PyScript says what it has to
    listens.set()
    wait_until_ready(visit.page)


def test_without_the_early_worker_PyScript_makes_one(visits, site):
    """At once, or when it is asked to try again: it may have taken the early one before that failed."""
    worker = site.path("runtime/pyscript/worker.mjs").read_bytes()
    for fault in (refused, replaced_by(worker[: len(worker) // 2])):
        site.faults["runtime/pyscript/worker.mjs"] = fault
        visit = visits()
        visit.page.wait_for_selector("body:is([data-app=ready], [data-app=error])")
        if visit.page.get_attribute("body", "data-app") == "error":
            visit.page.click("#retry")
        wait_until_ready(visit.page)
    visit.hand.write("7")
    assert number(visit.page) == "7"


@pytest.mark.parametrize("is_taken", [False, True], ids=["before PyScript has it", "after"])
def test_a_worker_that_dies_while_it_starts(visits, site, is_taken):
    change(site, "app/reading/reader.py", "START_SECONDS = 45", "START_SECONDS = 1")
    gate = threading.Event()
    site.faults["model/digits.npz.packed"] = held(gate)
    visit = visits(script=None if is_taken else DEAD_AT_ONCE)
    visit.page.wait_for_selector("body[data-python=up]")
    if is_taken:
        wait_for(visit.page, TAKEN)
        visit.page.evaluate(TERMINATE)
    gate.set()
    assert re.search("Nothing was heard of it for 1 seconds: its worker .*[.] Wait", wait_for_failure(visit.page))
    visit.hand.write("7")
    retry_reads(visit, "7")


def test_a_file_that_stalls_can_be_asked_for_again(visits, site):
    change(site, "app/reading/reader.py", "START_SECONDS = 45", "START_SECONDS = 1")
    lifted, end = threading.Event(), threading.Event()
    site.faults["boot/pyodide.mjs"] = site.faults["runtime/pyodide/numpy.packed"] = stalls(lifted, end)
    visit = visits()
    message = wait_for_failure(visit.page)
    assert "Nothing was heard" in message
    assert "its worker has begun, but does not listen" in message
    visit.hand.write("7")
    lifted.set()
    try:
        retry_reads(visit, "7")
    finally:
        end.set()


def test_what_fails_after_the_start_is_not_called_a_start_that_failed(visits, site):
    change(site, "worker.py", "def read(", HANGING)
    change(site, "app/reading/reader.py", "INK_SECONDS = 20", "INK_SECONDS, START_SECONDS = 1, 3")
    visit = visits()
    wait_until_ready_again(visit.page)
    visit.hand.write("8")
    assert "has not answered for 1 seconds" in wait_for_failure(visit.page)
    visit.page.wait_for_timeout(5000)  # nothing is heard of it meanwhile
    assert "has not answered for 1 seconds" in visit.page.text_content("#status")


def test_a_start_that_stops_in_Python_says_where(visits, site):
    change(site, "app/reading/reader.py", "START_SECONDS = 45", "START_SECONDS = 5")  # each step but these takes less
    change(site, "worker.py", "    global _recognizer\n", "    global _recognizer\n    while True:\n        pass\n")
    visit = visits()
    assert "Python has started, but its model is not loaded" in wait_for_failure(visit.page)
    change(
        site, "worker.py", "async def ping():\n", "async def ping():\n    recognizer()\n    while True:\n        pass\n"
    )
    assert "its model is loaded, but it does not answer" in fails_anew(visit)
    site.faults.clear()
    retry_reads(visit, "")


@pytest.mark.parametrize("place", ["first", "later"])
def test_the_order_in_which_the_worker_s_modules_run_does_not_matter(visits, site, place):
    """Engines differ in it: see boot/early.js."""
    text = site.text("boot/early.js")
    line = re.search(r' *"\S*/pyscript/worker\.mjs",\n', text)[0]
    if place == "later":  # PyScript has spoken by then
        late = "modules.map((name) => import(name))"
        assert text.count(late) == 1
        wait = "new Promise((go) => setTimeout(go, name.endsWith('/worker.mjs') ? 1000 : 0))"
        text = text.replace(late, f"modules.map((name) => {wait}.then(() => import(name)))")
    else:
        text = text.replace(line, "").replace("const modules = all([\n", f"const modules = all([\n{line}")
    site.faults["boot/early.js"] = replaced_by(text)
    visit = visits()
    wait_until_ready(visit.page)
    visit.hand.write("7")
    assert number(visit.page) == "7"


def test_a_slow_line_is_no_failure(visits, site):
    change(site, "app/reading/reader.py", "START_SECONDS = 45", "START_SECONDS = 2")
    done = threading.Event()
    site.faults["runtime/pyodide/numpy.packed"] = drips(site.path("runtime/pyodide/numpy.packed").read_bytes(), 4, done)
    visit = visits()
    told = loads_until(done, visit.page)
    assert told == sorted(told)
    assert told[0] < told[-1], "how much has come"
    wait_until_ready_again(visit.page)


def test_a_slow_line_is_no_failure_when_it_is_tried_again(visits, site):
    change(site, "app/reading/reader.py", "START_SECONDS = 45", "START_SECONDS = 2")
    site.faults["runtime/pyodide/numpy.packed"] = refused
    visit = visits()
    wait_for_failure(visit.page)
    visit.hand.write("7")
    done = threading.Event()
    site.faults["runtime/pyodide/numpy.packed"] = drips(site.path("runtime/pyodide/numpy.packed").read_bytes(), 4, done)
    visit.hand.press("#retry")
    told = loads_until(done, visit.page)
    assert told == sorted(told), "what came the first time does not count"
    assert told[0] < told[-1]
    wait_until_ready_again(visit.page)
    assert number(visit.page) == "7"


def loads_until(done, page):
    """Until the threading.Event `done` is set, nothing is said to have failed. The megabytes that the page told of."""
    told = []
    while not done.is_set():
        assert page.get_attribute("body", "data-app") == "loading", page.text_content("#status")
        told += [float(number) for number in re.findall(r"^[\d.]+(?=/[\d.]+ MB)", page.text_content("#remaining"))]
        page.wait_for_timeout(100)
    return told


def test_python_that_stalls_is_said_too(visits, site):
    change(site, "boot/page.js", "PATIENCE = 60", "PATIENCE = 1")
    end = threading.Event()
    site.faults["runtime/micropython/micropython.wasm.packed"] = held(end)
    visit = visits()
    assert "Python could not be loaded" in wait_for_failure(visit.page)
    end.set()
    wait_until_ready_again(visit.page)  # late is not never


def test_modules_of_python_that_are_half_or_an_error_page(visits, site):
    visit = None
    for name in ("runtime/pyscript/core.js", "runtime/micropython/micropython.mjs", "boot/micropython.mjs"):
        content = site.path(name).read_bytes()
        for fault in (replaced_by(content[: len(content) // 2]), replaced_by("<!doctype html>")):
            site.faults.clear()
            change(site, "boot/page.js", "GRACE = 3", "GRACE = 1")
            site.faults[name] = fault
            if visit:
                visit.page.reload()
            else:
                visit = visits()
            assert "Python could not be loaded" in wait_for_failure(visit.page), name
    site.faults.clear()
    retry_reloads(visit)
    wait_until_ready(visit.page)


def test_reloads_during_the_start_lose_nothing(visits, site):
    visit = visits()
    visit.page.wait_for_selector("body[data-python=up]")
    visit.hand.write("64")
    drawn = coverage(visit.page)
    for moment in ("() => document.body", "() => document.body?.dataset.python", TAKEN):
        visit.page.reload(wait_until="commit")
        wait_for(visit.page, moment)
    visit.page.reload()
    wait_until_ready(visit.page)
    assert number(visit.page) == "64"
    assert np.array_equal(coverage(visit.page), drawn)


# --- clock and tab -------------------------------------------------------------------------------------


def test_a_clock_that_jumps_ends_no_deadline_and_stops_none(visits, site):
    change(site, "worker.py", "def read(", SLOW + "    return read_(rgba, width, height, pen)\n\n\ndef read_(")
    change(site, "app/reading/reader.py", "INK_SECONDS = 20", "INK_SECONDS = 4")
    visit = visits()
    page, hand = visit.page, visit.hand
    wait_until_ready(page)
    hand.write("7")
    page.evaluate(JUMP, HOUR)
    assert number(page) == "7"
    assert page.get_attribute("body", "data-app") == "ready"
    page.evaluate(TERMINATE)
    hand.write("1")
    page.evaluate(JUMP, -2 * HOUR)
    assert "has not answered for 4 seconds" in wait_for_failure(page)
    page.evaluate(JUMP, -HOUR)
    hand.press("#clear")
    hand.write("7")
    site.faults.clear()
    retry_reads(visit, "7")


def test_a_tab_that_is_hidden_frozen_and_restored_goes_on(visits, site):
    change(site, "app/reading/reader.py", "INK_SECONDS = 20", "INK_SECONDS = 2")
    visit = visits()
    page, hand = visit.page, visit.hand
    wait_until_ready(page)
    hand.write("7")
    hand.session.send("Page.setWebLifecycleState", {"state": "frozen"})
    time.sleep(3)  # longer than the deadline
    hand.session.send("Page.setWebLifecycleState", {"state": "active"})
    assert number(page) == "7"
    assert page.get_attribute("body", "data-app") == "ready"
    hand.press("#clear")
    hand.write("64")
    assert number(page) == "64"
