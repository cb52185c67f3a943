"""The rest can't be had, or can't be used: nothing is amiss until it is called; then the page says what it lacks, once."""

import re
import threading

import pytest

from building.runtime.packing import packed_files, unpacked_files
from tests.browser.cold import COUNTED, REST, choose, reached, with_calls
from tests.browser.conftest import Visit
from tests.browser.hand import number, wait_until_ready
from tests.browser.serving import held, replaced_by
from tests.browser.start.test_faults import change, wait_for_failure, wait_until_ready_again
from tests.browser.start.test_guess import guessed

pytestmark = pytest.mark.thorough

STILL = "The recogniser is not working, your drawing is kept and digits are only guessed. "
LACKS = "It needs a part of Python that is not here: "


def kinds_of(rest):
    """What may come as the rest, with what is said of it."""
    files = unpacked_files(rest)
    flipped = bytearray(rest)
    flipped[len(rest) // 2] ^= 1
    other = "rest.packed: it is damaged, or of another version."
    advice = ".* Check the connection, .*"
    return [
        (replaced_by(packed_files({f"other-{name}": data for name, data in files.items()})), other),
        (replaced_by(packed_files({name: b"not WebAssembly" for name in files})), other),
        (not_found, "rest.packed: the host answered with status 404."),
        (replaced_by(rest[: len(rest) // 2]), "rest.packed: " + advice),
        (replaced_by(bytes(flipped)), "rest.packed: " + advice),
        (replaced_by("<!doctype html>"), "rest.packed: the host sent a web page in its place."),
    ]


def not_found(handler):
    handler.send_error(404)


@pytest.fixture(autouse=True)
def nothing_left(site):
    yield
    site.faults.clear()
    site.asked.clear()


def reads_until_it_is_called(visit):
    """What makes no such call is read as ever; then a 64 is not, and is guessed. What the page says."""
    page, hand = visit.page, visit.hand
    hand.press("#clear")
    hand.write("7")
    assert number(page) == "7"
    assert page.get_attribute("body", "data-app") == "ready"
    hand.press("#clear")
    choose(page, "digits")
    hand.write("64")
    wait_for_failure(page)
    guessed(page, "64")
    said = page.text_content("#status")
    assert said.startswith(STILL)
    return said.removeprefix(STILL)


def test_a_rest_that_is_missing_half_damaged_or_of_another_build(visits, site):
    with_calls(site)
    visit = page = None
    for i, (fault, says) in enumerate(kinds_of(site.path(REST).read_bytes())):
        site.faults[REST] = fault
        if visit:
            choose(page, "numbers")
            page.click("#retry")
        else:
            visit = visits(script=COUNTED)
            page = visit.page
        wait_until_ready_again(page)
        said = reads_until_it_is_called(visit)
        assert re.fullmatch(LACKS + says, said)
        page.wait_for_timeout(300)  # it is left at that
        assert page.evaluate("started") == ["", "whole"] + i * ["whole"], "once by itself, then each time by the person"
        assert site.asked.count(REST) == 2 + i
    del site.faults[REST]
    page.click("#retry")
    wait_until_ready_again(page)
    assert number(page) == "64"
    assert reached(page).count("cold") == 1
    assert not page.locator("#retry").is_visible()


def test_a_rest_that_stalls_holds_up_no_start_for_long(visits, site):
    """Another worker starts without it, reads on, and says so only where it is called."""
    with_calls(site)
    change(site, "boot/pyodide.mjs", "SILENCE = 10_000", "SILENCE = 1_000")
    end = threading.Event()
    site.faults[REST] = held(end)
    visit = visits(script=COUNTED)
    try:
        wait_until_ready(visit.page)
        for _ in range(2):
            said = reads_until_it_is_called(visit)
            assert re.fullmatch(LACKS + "rest.packed: it has not come yet. Check the connection, .*", said)
            choose(visit.page, "numbers")
            visit.page.click("#retry")
            wait_until_ready_again(visit.page)
        assert visit.page.evaluate("started") == ["", "whole", "whole", "whole"]
    finally:
        end.set()


def test_without_a_connection_it_reads_on_and_says_what_is_missing(browser, outside, own_site, tmp_path):
    """A first visit whose rest never came, and nothing is kept: the host has other files, then there is no host."""
    with_calls(own_site)
    own_site.faults[REST] = not_found
    visit = Visit(browser, own_site.url, outside, script=COUNTED, site=own_site)
    page = visit.page
    wait_until_ready(page)
    own_site.faults.clear()
    own_site.deploy(tmp_path)
    assert re.fullmatch(LACKS + ".*worker.py.*", reads_until_it_is_called(visit))
    own_site.close()
    page.click("#retry")
    wait_for_failure(page)
    assert LACKS in page.text_content("#status")
    assert page.evaluate("started") == ["", "whole", "whole"]
    visit.hand.press("#clear")
    visit.hand.write("5")
    guessed(page, "5")
    visit.cold.clear()  # of a worker.py that is ours, even if its fault was lifted by then
    visit.close()
