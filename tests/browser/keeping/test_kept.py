"""What lies on the page outlasts a reload, a rotation of the phone and a new size of the window; Clear removes it."""

import json
from datetime import UTC, datetime

import numpy as np
import pytest

from tests.browser.conftest import LAPTOP, PHONE
from tests.browser.hand import Hand, lay_out, number, wait_for, wait_until_ready
from tests.browser.ink import coverage
from tests.browser.picture_files import encoded, handwriting, open_picture, reading_of

SIDEWAYS = {"width": PHONE["height"], "height": PHONE["width"]}

# As where a person blocks all storage: the very property throws. PyScript has a database of its own.
FORBIDDEN = """for (const storage of ["sessionStorage", "localStorage"]) Object.defineProperty(window, storage, {
  get() { throw new DOMException("forbidden", "SecurityError"); }});
const open = IDBFactory.prototype.open;
IDBFactory.prototype.open = function (name) {
  if (name.startsWith("number-reader")) throw new DOMException("forbidden", "SecurityError");
  return open.apply(this, arguments);
};"""
FULL = """Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };
IDBObjectStore.prototype.put = function () { this.transaction.abort(); };"""

STORED_FILES = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open("number-reader-pictures");
  opening.onupgradeneeded = () => opening.transaction.abort();
  opening.onerror = () => resolve([]);
  opening.onsuccess = () => {
    const asked = opening.result.transaction("files").objectStore("files").getAllKeys();
    asked.onsuccess = () => { opening.result.close(); resolve(asked.result); };
  };
})"""


# Stores a file once more, under a key of another time.
STORE_UNDER = """([key, older]) => new Promise((resolve, reject) => {
  const opening = indexedDB.open("number-reader-pictures");
  opening.onerror = reject;
  opening.onsuccess = () => {
    const transaction = opening.result.transaction("files", "readwrite");
    const files = transaction.objectStore("files");
    files.get(key).onsuccess = event => files.put(event.target.result, older + key.slice(key.indexOf(" ")));
    transaction.oncomplete = () => { opening.result.close(); resolve(); };
  };
})"""


@pytest.fixture
def own(visits):
    """A function that starts a visit of the test's own, ready to read; at the end it has nothing to complain of."""
    started = []

    def start(**context):
        visit = visits(**context)
        wait_until_ready(visit.page)
        started.append(visit)
        return visit

    yield start
    for visit in started:
        assert visit.complaints == []
        visit.context.close()


def reload(page):
    page.reload()
    wait_until_ready(page)


def wait_for_files(page, count):
    """Once as many pictures are stored, in all tabs together."""
    for _ in range(500):
        keys = page.evaluate(STORED_FILES)
        if len(keys) == count:
            return keys
        page.wait_for_timeout(20)
    raise AssertionError(f"{len(keys)} pictures are stored, not {count}")


# --- reload -----------------------------------------------------------------------------------


def test_the_drawing_outlasts_a_reload_with_its_strokes(page, hand):
    """Digits that run into each other are told apart by these."""
    hand.draw(lay_out("253", spacing=0.55))
    assert number(page) == "253"
    drawn = coverage(page)
    reload(page)
    assert number(page) == "253"
    assert np.array_equal(coverage(page), drawn)
    assert page.get_attribute("#sheet", "data-blank") is None
    hand.draw([[(700, 100), (700, 300)]])
    assert number(page) == "2531"


def test_ink_of_a_pen_and_of_the_eraser_comes_back_as_the_very_same_pixels(page, hand):
    hand.draw_with_pen([[(100 + 10 * i, 200 + i % 7) for i in range(50)]], [[0.1 + 0.017 * i for i in range(50)]])
    page.fill("#brush", "33")
    hand.draw([[(100.3, 100.7), (600.1, 301.9), (650, 50)]])
    hand.press("#eraser")
    hand.draw([[(300, 50), (310, 350), (330, 340)]])
    hand.press("#eraser")
    hand.draw([[(700, 300)]])
    number(page)
    drawn = coverage(page)
    reload(page)
    assert np.array_equal(coverage(page), drawn)


def test_undo_and_redo_outlast_a_reload(page, hand):
    steps = [coverage(page)]
    for x in (100, 300, 500):
        hand.draw([[(x, 100), (x, 300)]])
        steps.append(coverage(page))
    hand.press("#undo")
    reload(page)
    assert np.array_equal(coverage(page), steps[2])
    hand.press("#redo")
    assert np.array_equal(coverage(page), steps[3])
    for step in (steps[2], steps[1], steps[0]):
        hand.press("#undo")
        assert np.array_equal(coverage(page), step)
    reload(page)
    assert page.get_attribute("#number", "data-state") == "empty"
    hand.press("#redo")
    assert np.array_equal(coverage(page), steps[1])


def test_a_stroke_under_way_is_kept(page, hand):
    hand.write("1")
    page.mouse.move(*hand.on_screen((600, 100)))
    page.mouse.down()
    page.mouse.move(*hand.on_screen((600, 300)))
    reload(page)
    page.mouse.up()
    ink = coverage(page)
    assert ink[200, 600] > 0.9
    assert number(page) == "11"


def test_clear_removes_what_is_kept(page, hand):
    hand.write("4")
    assert page.evaluate("Object.keys(sessionStorage).length") == 1
    hand.press("#clear")
    wait_for(page, "Object.keys(sessionStorage).length === 0")
    reload(page)
    assert not coverage(page).any()
    assert page.get_attribute("#number", "data-state") == "empty"
    hand.write("7")
    kept = json.loads(page.evaluate("Object.values(sessionStorage)[0]"))
    assert [len(part) for part in kept] == [1, 0]  # nothing from before


def test_wiping_all_away_removes_what_is_kept(page, hand):
    hand.draw([[(200, 200), (600, 200)]])
    hand.press("#eraser")
    hand.draw([[(200, 200), (600, 200)]])
    assert page.get_attribute("#number", "data-state") == "empty"
    assert page.evaluate("Object.keys(sessionStorage).length") == 0
    hand.press("#eraser")


def test_what_another_version_of_the_page_kept_does_no_harm(page, hand, visit):
    hand.write("1")
    assert number(page) == "1"
    for text in ("no JSON", "7", "[[[20]], []]", "[[[20, false, [], null]], []]", '{"a": 1}'):
        page.evaluate(
            """text => {
            const key = Object.keys(sessionStorage)[0];
            Storage.prototype.setItem.call(sessionStorage, key, text);
            Storage.prototype.setItem = () => {};
        }""",
            text,
        )
        page.reload()
        page.wait_for_selector("body[data-python=up]")
        wait_for(page, "Object.values(sessionStorage).length === 0")  # it was looked at, and thrown away
        assert page.get_attribute("#number", "data-state") == "empty", text
        assert not coverage(page).any(), text
        hand.write("1")
        wait_for(page, "Object.values(sessionStorage).length === 1")
        [kept] = page.evaluate("Object.values(sessionStorage)")
        assert [len(part) for part in json.loads(kept)] == [1, 0], text
    wait_until_ready(page)
    assert number(page) == "1"
    # What was on its way when the page was loaded anew did not come.
    visit.complaints[:] = [each for each in visit.complaints if not each.startswith("http")]


# --- rotation and size ------------------------------------------------------------------------


def test_turning_the_phone_keeps_the_ink_and_the_pen_in_place(own):
    visit = own(viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2)
    page, hand = visit.page, visit.hand
    hand.draw_with_finger(lay_out("25"))
    assert number(page) == "25"
    drawn = coverage(page)
    for turned in (SIDEWAYS, PHONE):
        page.set_viewport_size(turned)
        assert np.array_equal(coverage(page), drawn)
        assert number(page) == "25"
    page.set_viewport_size(SIDEWAYS)
    hand.draw_with_finger([[(700, 100), (700, 300)]])
    assert coverage(page)[200, 700] > 0.9
    assert number(page) == "251"


def test_a_new_size_of_the_window_in_the_middle_of_a_stroke(page, hand):
    page.mouse.move(*hand.on_screen((200, 100)))
    page.mouse.down()
    page.mouse.move(*hand.on_screen((200, 300)))
    page.set_viewport_size({"width": 700, "height": 700})
    page.mouse.move(*hand.on_screen((600, 300)))
    page.mouse.up()
    ink = coverage(page)
    page.set_viewport_size(LAPTOP)
    assert ink[200, 200] > 0.9
    assert ink[300, 400] > 0.9


# --- pictures ---------------------------------------------------------------------------------


def test_a_picture_outlasts_one_reload_after_the_other(page, hand):
    hand.write("3")
    assert number(page) == "3"
    drawn = coverage(page)
    open_picture(page, encoded(handwriting("58")), "mine.png")
    assert number(page) == "58"
    wait_for_files(page, 1)
    for size in (PHONE, LAPTOP):
        page.set_viewport_size(size)
        reload(page)
        page.wait_for_selector("#source:text('mine.png')")
        assert number(page) == "58"
        assert np.array_equal(coverage(page), drawn)  # under it
        assert page.get_attribute("body", "data-place") == "picture"
    wait_for_files(page, 1)


def test_a_picture_that_was_turned_by_hand_is_turned_after_a_reload(page):
    open_picture(page, encoded(np.rot90(handwriting("1"))), "1.png")
    reading_of(page, "1.png")
    page.locator("#turn").click()
    page.wait_for_selector("#note:text('turned by 90°')")
    assert number(page) == "1"
    wait_for_files(page, 1)
    reload(page)
    page.wait_for_selector("#note:text('turned by 90°')")
    assert number(page) == "1"
    open_picture(page, encoded(handwriting("58")), "58.png")  # which is not turned for it
    assert reading_of(page, "58.png") == "58"


def test_of_several_pictures_the_last_is_kept(page):
    for text in ("1", "24", "58"):
        open_picture(page, encoded(handwriting(text)), f"{text}.png")
    assert reading_of(page, "58.png") == "58"
    wait_for_files(page, 1)
    reload(page)
    page.wait_for_selector("#source:text('58.png')")
    assert number(page) == "58"


def test_drawing_forgets_the_picture(page, hand):
    open_picture(page, encoded(handwriting("58")))
    assert number(page) == "58"
    wait_for_files(page, 1)
    hand.write("3")
    assert number(page) == "3"
    wait_for_files(page, 0)
    reload(page)
    assert number(page) == "3"
    assert page.text_content("#source") == "Your drawing"


def test_going_back_to_the_pad_forgets_the_picture(page, hand):
    open_picture(page, encoded(handwriting("58")))
    assert number(page) == "58"
    wait_for_files(page, 1)
    hand.press("#write")
    assert page.get_attribute("#number", "data-state") == "empty"
    assert page.get_attribute("body", "data-place") == "pad"
    wait_for_files(page, 0)
    reload(page)
    assert page.get_attribute("#number", "data-state") == "empty"


def test_a_picture_that_cannot_be_read_is_not_kept(page):
    open_picture(page, b"This is not a picture.")
    page.wait_for_selector("#status:text-matches('is a text file')")
    assert page.evaluate(STORED_FILES) == []


def test_two_tabs_keep_their_own_drawings_and_pictures(page, hand, site):
    other = page.context.new_page()
    others_hand = Hand(other)
    hand.write("4")
    assert number(page) == "4"
    other.goto(site.url)
    wait_until_ready(other)
    assert not coverage(other).any()  # each tab starts blank
    others_hand.write("7")
    assert number(other) == "7"
    drawn = coverage(page), coverage(other)
    open_picture(page, encoded(handwriting("58")), "58.png")
    assert reading_of(page, "58.png") == "58"
    open_picture(other, encoded(handwriting("24")), "24.png")
    assert reading_of(other, "24.png") == "24"
    wait_for_files(page, 2)

    reload(other)
    assert reading_of(other, "24.png") == "24"
    assert np.array_equal(coverage(other), drawn[1])
    others_hand.draw([[(700, 100), (700, 300)]])
    assert number(other) == "71"
    wait_for_files(other, 1)

    reload(page)
    assert reading_of(page, "58.png") == "58"
    assert np.array_equal(coverage(page), drawn[0])
    hand.draw([[(700, 100), (700, 300)]])
    assert number(page) == "41"
    wait_for_files(other, 0)
    other.close()


def test_what_closed_tabs_left_is_thrown_away_after_a_day(visits, site):
    visit = visits()
    visit.page.wait_for_selector("body[data-python=up]")
    open_picture(visit.page, encoded(handwriting("58")))
    [key] = wait_for_files(visit.page, 1)
    assert key[:4] == visit.page.evaluate(
        "new Date().toISOString().slice(0, 4)"
    )  # all of the time, not its last 32 bits
    hour = 3600  # s
    now = visit.page.evaluate("Date.now()") / 1000
    visit.page.evaluate(STORE_UNDER, [key, datetime.fromtimestamp(now - 2 * hour, UTC).isoformat()])
    assert len(wait_for_files(visit.page, 2)) == 2
    later = visit.context.new_page()
    later.clock.install(time=now + 23 * hour)
    visit.page.close()
    later.goto(site.url)
    assert wait_for_files(later, 1) == [key], "the one of 25 hours ago is gone, that of 23 is not"
    later.wait_for_selector("body[data-python=up]")
    assert page_is_blank(later)
    visit.context.close()


def page_is_blank(page):
    return page.get_attribute("#number", "data-state") == "empty"


# --- where nothing can be kept ------------------------------------------------------------------


def test_where_storage_is_forbidden_the_page_works_and_says_nothing_of_it(own):
    visit = own(script=FORBIDDEN)
    works_and_keeps_nothing(visit.page, visit.hand)


def test_where_storage_is_full_the_page_works_and_says_nothing_of_it(page, hand):
    page.evaluate(f"() => {{ {FULL} }}")
    works_and_keeps_nothing(page, hand)


def works_and_keeps_nothing(page, hand):
    hand.write("4")
    assert number(page) == "4"
    open_picture(page, encoded(handwriting("58")))
    assert number(page) == "58"
    hand.draw([[(700, 100), (700, 300)]])
    assert number(page) == "41"
    hand.press("#undo")
    assert number(page) == "4"
    assert page.text_content("#status") == "Ready"
    reload(page)
    assert page_is_blank(page)
    hand.write("7")
    assert number(page) == "7"


def test_a_picture_that_ended_the_page_twice_is_not_opened_for_ever(page, visit):
    """As on a phone whose memory it fills: the tab is gone before it is read."""
    open_picture(page, encoded(handwriting("58")), "huge.png")
    assert reading_of(page, "huge.png") == "58"
    wait_for_files(page, 1)
    tries = "sessionStorage.getItem('tries of ' + location.pathname)"
    assert page.evaluate(tries) is None  # it was read
    page.evaluate("sessionStorage.setItem('tries of ' + location.pathname, '1')")
    reload(page)
    assert reading_of(page, "huge.png") == "58"  # once more is no harm
    assert page.evaluate(tries) is None
    page.route("**/worker.packed", lambda route: None)  # it is never read
    for times in ("1", "2"):
        [key] = wait_for_files(page, 1)
        page.reload()
        wait_for(page, f"{tries} === '{times}'", timeout=60_000)
        is_kept_anew = f"({STORED_FILES})().then(keys => keys.length === 1 && keys[0] !== {json.dumps(key)})"
        wait_for(page, is_kept_anew, timeout=60_000)
    page.unroute_all(behavior="ignoreErrors")
    reload(page)
    page.wait_for_selector("#status:has-text('huge.png was not opened again')", timeout=60_000)
    assert page.get_attribute("#number", "data-state") == "empty"
    reload(page)  # and it is forgotten
    assert page.get_attribute("#number", "data-state") == "empty"
    # What was on its way when the page was loaded anew did not come.
    visit.complaints[:] = [each for each in visit.complaints if not each.startswith("http")]


# What a person had chosen and unfolded.
VIEW = """[scrollY, brush.value, eraser.getAttribute("aria-pressed"),
  [...document.querySelectorAll("details[open]")].map(each => each.id),
  undo.getAttribute("aria-disabled"), redo.getAttribute("aria-disabled")]"""
# So that nothing of the page runs at its end.
ENDS_UNHEARD = """for (const name of ["pagehide", "visibilitychange", "beforeunload"])
  addEventListener(name, event => event.stopImmediatePropagation(), true);"""


def test_a_page_that_the_system_ends_while_a_picture_is_chosen_comes_back_as_it_was(visits):
    """As Android does, whose camera needs the memory."""
    visit = visits(script=ENDS_UNHEARD)
    page, hand = visit.page, visit.hand
    wait_until_ready(page)
    hand.write("17")
    hand.press("#undo")
    assert number(page) == "1"
    say = "#labels button:has-text('1')"
    page.locator(say).first.click()
    page.wait_for_selector("#taught-count:text('1 digit')")
    page.fill("#brush", "31")
    hand.press("#eraser")
    page.evaluate("about.open = keys.open = taught.open = true")
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    with page.expect_file_chooser():
        page.evaluate("image.click()")
    before = page.evaluate(VIEW)
    assert before[1:] == [
        "31",
        "true",
        ["keys", "taught", "about"],
        "false",
        "false",
    ]  # there is something to undo and redo
    assert before[0] > 300
    reload(page)
    assert number(page) == "1"
    after = page.evaluate(VIEW)
    assert after[1:] == before[1:]
    assert after[0] == pytest.approx(before[0], abs=100)  # sentences have another length
    page.wait_for_selector("#taught-count:text('1 digit')")
    page.wait_for_selector("#status:has-text('with the camera app')")
    page.evaluate("image.dispatchEvent(new Event('cancel'))")
    reload(page)  # and a chooser that was closed says nothing
    page.wait_for_selector("#status:text('Ready')")
    visit.context.close()


def test_what_was_mended_of_a_picture_outlasts_a_reload(page, hand):
    open_picture(page, encoded(handwriting("58")), "mended.png")
    assert reading_of(page, "mended.png") == "58"
    wait_for_files(page, 1)
    page.fill("#mend", "1234")
    page.keyboard.press("Enter")
    assert number(page) == "1234"
    reload(page)
    wait_for(page, "document.getElementById('number').textContent === '1234'")
    reload(page)  # and the next one
    wait_for(page, "document.getElementById('number').textContent === '1234'")
    page.locator("#chosen").focus()
    page.keyboard.press("Control+z")  # it is a step that can be taken back
    assert number(page) == "58"
    reload(page)
    assert reading_of(page, "mended.png") == "58"


def test_what_was_mended_is_not_said_of_another_picture(page, hand):
    open_picture(page, encoded(handwriting("58")), "one.png")
    assert reading_of(page, "one.png") == "58"
    page.fill("#mend", "59")
    page.keyboard.press("Enter")
    open_picture(page, encoded(handwriting("24")), "two.png")
    assert reading_of(page, "two.png") == "24"
    wait_for_files(page, 1)
    reload(page)
    assert reading_of(page, "two.png") == "24"
