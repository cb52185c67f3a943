"""While Python loads: progress is shown, and what is drawn meanwhile is read afterwards."""

from tests.browser.conftest import PHONE
from tests.browser.hand import number, wait_until_ready
from tests.browser.start.test_faults import change


def test_what_is_drawn_before_the_recogniser_is_ready_is_read_then(visits, gate):
    visit = visits()
    page, hand = visit.page, visit.hand
    page.wait_for_selector("body[data-python=up]")
    hand.write("64")
    assert page.get_attribute("body", "data-app") == "loading"
    assert page.get_attribute("#number", "data-state") == "reading"
    assert page.locator("#progress").is_visible()
    assert page.evaluate("0 < progress.value && progress.value < progress.max")
    assert "can draw already" in page.text_content("#status")
    gate.set()
    wait_until_ready(page)
    assert number(page) == "64"
    assert not page.locator("#progress").is_visible()
    assert page.text_content("#status") == "Ready"
    assert visit.complaints == []


def test_ink_cleared_before_the_recogniser_is_ready_is_not_read_and_the_pad_stays_where_it_is(visits, gate):
    visit = visits(viewport=PHONE)
    page, hand = visit.page, visit.hand
    page.wait_for_selector("body[data-python=up]")
    page.wait_for_selector("#status:text('can draw already')")
    place = page.locator("#pad").bounding_box()
    told = page.evaluate("""() => {
      document.getElementById("remaining").textContent = "12.3/45.6 MB, 59 min";
      return document.getElementById("pad").getBoundingClientRect().y;
    }""")
    assert told == place["y"]
    hand.write("6")
    hand.press("#clear")
    gate.set()
    wait_until_ready(page)
    assert page.get_attribute("#number", "data-state") == "empty"
    assert number(page) == ""
    assert page.locator("#pad").bounding_box() == place


def test_the_worker_asks_for_its_files_once_the_pads_have_come_and_begins_after_that(visits, site):
    """The one needs nothing but a free line, the other the processor, too, which the pad may still need."""
    change(site, "boot/micropython.mjs", 'dispatchEvent(new Event("pad-has-come"))', "0")
    visit = visits(viewport=PHONE)
    wait_until_ready(visit.page)  # it begins all the same, in the end
    asked = [name.removeprefix("runtime/pyodide/") for name in site.asked]
    pad = max(asked.index(name) for name in ("app.packed", "runtime/micropython/micropython.wasm.packed", "pen.packed"))
    assert pad < asked.index("pyodide.asm.wasm.packed") < asked.index("pyodide.asm.mjs")
    assert visit.complaints == []
    site.faults.clear()
