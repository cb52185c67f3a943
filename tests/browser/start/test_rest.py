"""What the page works without is fetched once it reads; where it is called before it has come, another worker goes on."""

import io
import threading
import time

import numpy as np
import pytest

from building.runtime.packing import unpacked_files
from number_reader.storage.taught import unpack
from tests.browser.cold import COLD, COUNTED, OF_PYTHON, REST, choose, reached, wait_for_lack, wait_for_step, with_calls
from tests.browser.conftest import Visit
from tests.browser.hand import number, wait_for, wait_until_ready
from tests.browser.ink import coverage
from tests.browser.picture_files import ROWS, encoded, open_picture, page_of, reading_of
from tests.browser.serving import held, replaced_by
from tests.browser.start.test_faults import change
from tests.browser.start.test_guess import guessed

pytestmark = pytest.mark.thorough

# The page's question whether it can read is answered only once a file has come.
LATE = """

_ping = ping


async def ping():
    request = js.XMLHttpRequest.new()
    request.open("GET", "{}LICENSE.txt", False)
    request.send()
    return await _ping()
"""


@pytest.fixture(autouse=True)
def nothing_left(site):
    yield
    site.faults.clear()
    site.asked.clear()


@pytest.fixture
def gate(site):
    """Holds the rest back until it is set."""
    gate = threading.Event()
    site.faults[REST] = held(gate)
    yield gate
    gate.set()


@pytest.fixture
def start(visits, site):
    """A function that starts a visit, ready to read, whose worker calls the rest (tests/browser/cold.py)."""

    def start(**how):
        with_calls(site, **how)
        visit = visits(script=COUNTED)
        wait_until_ready(visit.page)
        return visit

    return start


def went_on(visit, site):
    """One other worker was started, and nothing is said to have failed."""
    assert visit.page.evaluate("started") == ["", "whole"]
    assert visit.page.get_attribute("body", "data-app") == "ready"
    assert reached(visit.page).count("cold") == 1
    assert site.asked.count(REST) <= 2
    assert visit.complaints == []


def test_the_rest_is_fetched_once_the_page_reads_and_is_no_part_of_the_start(visits, site):
    gate = threading.Event()
    with_calls(site, LATE.format(site.url))
    site.faults["LICENSE.txt"] = held(gate)
    visit = visits(script=COUNTED)
    page = visit.page
    wait_for(page, "reached.split(' ').includes('model')")
    page.wait_for_timeout(300)
    assert REST not in site.asked
    gate.set()
    wait_until_ready(page)
    wait_for_step(page, "rest")
    page.wait_for_timeout(100)  # bytes are told of every twentieth of a second
    assert page.evaluate("String(downloaded)") == page.get_attribute("meta[name=awaited]", "content")
    visit.hand.write("64")
    assert number(page) == "64"
    assert "cold" not in reached(page)
    choose(page, "digits")
    wait_for_step(page, "cold")
    assert number(page) == "64"
    visit.hand.press("#clear")
    visit.hand.write("5")
    assert number(page) == "5"
    assert reached(page).count("cold") == 1
    assert page.evaluate("started") == [""]
    assert site.asked.count(REST) == 1
    assert visit.complaints == []


def test_a_reading_that_calls_it_too_early_is_shown_by_another_worker(start, site, gate):
    visit = start()
    page, hand = visit.page, visit.hand
    hand.write("7")
    assert number(page) == "7"
    page.locator("#labels button").nth(1).click()
    page.wait_for_selector("#number:has-text('1')")
    hand.draw([[(x, 120), (x, 280)] for x in range(550, 800, 50)])
    wait_for_lack(page)
    assert not page.locator("#retry").is_visible()
    page.wait_for_selector("#number .guess")
    hand.press("#clear")
    choose(page, "digits")
    hand.write("64")
    guessed(page, "64")
    drawn = coverage(page)
    gate.set()
    wait_until_ready(page)
    assert number(page) == "64"
    assert np.array_equal(coverage(page), drawn)
    hand.press("#clear")
    hand.write("7")
    assert number(page) == "1"
    page.locator("#candidates button").click()
    assert page.text_content("#voters li:first-child .mine") == "taught by you"
    assert page.text_content("#taught-count") == "1 digit"
    went_on(visit, site)


def test_a_function_of_python_s_own_is_had_from_it_too(start, site, gate):
    assert [name for name in unpacked_files(site.path(REST).read_bytes()) if name.endswith(".python")]
    visit = start(call=OF_PYTHON)
    page = visit.page
    choose(page, "digits")
    visit.hand.write("64")
    wait_for_lack(page)
    gate.set()
    wait_until_ready(page)
    assert number(page) == "64"
    assert page.evaluate("started") == ["", "whole"]
    visit.hand.press("#clear")
    visit.hand.write("5")
    assert number(page) == "5"
    assert "cold" in reached(page)
    assert page.evaluate("started") == ["", "whole"]
    assert visit.complaints == []


def test_a_picture_is_read_again_with_no_row_twice(start, site, gate):
    visit = start()
    page = visit.page
    choose(page, "digits")
    page.evaluate("addEventListener('stepped', ({detail}) => detail.k === 2 && (window.second = true))")
    open_picture(page, encoded(page_of(ROWS[:4])), "page.png")
    wait_for_lack(page)
    assert page.evaluate("second"), "rows were shown"
    assert not page.locator("#cancel").is_visible()
    gate.set()
    assert reading_of(page, "page.png") == "\n".join(ROWS[:4])
    assert page.get_attribute("body", "data-place") == "picture"
    assert not page.locator("#progress").is_visible()
    went_on(visit, site)


def test_where_the_browser_saves_data_it_is_fetched_when_it_is_called_and_a_file_is_saved_all_the_same(
    start, site, gate
):
    saves_data = "Object.defineProperty(navigator, 'connection', { value: { saveData: true } });\n"
    site.faults["boot/pyodide.mjs"] = replaced_by(saves_data + site.text("boot/pyodide.mjs"))
    visit = start()
    page = visit.page
    visit.hand.write("7")
    assert number(page) == "7"
    page.locator("#labels button").nth(1).click()
    page.wait_for_selector("#number:has-text('1')")
    number(page)
    assert REST not in site.asked
    page.locator("#taught summary").click()
    with page.expect_download() as download:
        page.click("#export")
        wait_for_lack(page)
        gate.set()
    with open(download.value.path(), "rb") as file:
        assert unpack(io.BytesIO(file.read()))[1].tolist() == [1]
    page.set_input_files("#import", download.value.path())
    page.wait_for_selector("#status:has-text('1 were here already')")
    assert page.text_content("#number") == "1"
    went_on(visit, site)


def test_a_start_that_calls_it_before_the_page_has_taken_the_worker(browser, outside, site, gate):
    """As another engine might. PyScript comes late, and must not get the worker that has stopped. Whoever looks after the
    visits of all tests hears of it."""
    taken = threading.Event()
    site.faults["runtime/pyscript/core.js"] = held(taken)
    change(site, "boot/early.js", "LONGEST = 10", "LONGEST = 0")
    change(site, "boot/pyodide.mjs", "import numpy, number_reader", f"import numpy; {COLD}")
    visit = Visit(browser, "about:blank", outside, script=COUNTED, site=site)
    page = visit.page
    page.goto(site.url, wait_until="commit")
    end = time.monotonic() + 30
    while not visit.cold:
        assert time.monotonic() < end
        page.wait_for_timeout(50)
    taken.set()
    wait_for(page, "started.length > 1")
    gate.set()
    wait_until_ready(page)
    visit.hand.write("64")
    assert number(page) == "64"
    went_on(visit, site)
    with pytest.raises(AssertionError, match="profile"):
        visit.close()
