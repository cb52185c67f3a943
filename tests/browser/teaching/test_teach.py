"""Teaching: one tap or key corrects a digit at once; what was taught is kept, shared by tabs, listed, saved, forgotten."""

import gzip
import io
import json
import tempfile
from pathlib import Path

import numpy as np
import pytest

from number_reader import Recognizer
from number_reader.labels import CHARACTERS
from number_reader.storage.taught import MOST, pack, unpack
from tests.browser.conftest import PHONE
from tests.browser.hand import Hand, lay_out, number, place, wait_for, wait_until_ready
from tests.browser.start.test_faults import change
from training.data import splits
from training.measuring.speed import pad_picture

ROOT = Path(__file__).parents[3]

SCRIBBLE = [
    [(150 + 25 * i, 60 + 280 * (i % 2)) for i in range(20)],
    [(625 - 25 * i, 60 + 280 * (i % 2)) for i in range(20)],
]

# What IndexedDB holds, read past the page's own code: [[sum of the glyph's bytes, label of a digit or mark], ...].
KEPT = """() => new Promise((resolve) => {
  const opening = indexedDB.open("number-reader-taught");
  opening.onupgradeneeded = () => opening.transaction.abort();  // the page has not made it yet, and this must not
  opening.onerror = () => resolve([]);
  opening.onsuccess = () => {
    const database = opening.result;
    const all = database.transaction("examples").objectStore("examples").getAll();
    all.onsuccess = () => {
      database.close();
      resolve(all.result.map(({glyph, label, mark}) => [glyph.reduce((sum, byte) => sum + byte, 0), label ?? mark]));
    };
  };
})"""


@pytest.fixture(autouse=True)
def no_faults_left(site):
    yield
    site.faults.clear()


@pytest.fixture(scope="module")
def learner(visits):
    """A visit of this module's own, on a laptop: what one test teaches, the next forgets."""
    visit = visits()
    wait_until_ready(visit.page)
    return visit


@pytest.fixture
def page(learner):
    learner.complaints.clear()
    page = learner.page
    forget_everything(page)
    learner.hand.press("#clear")
    yield page
    assert learner.complaints == []


@pytest.fixture
def hand(page, learner):
    return learner.hand


def forget_everything(page):
    if count(page) != "nothing":
        page.evaluate("taught.open = true")
        page.click("#forget")
        page.click("#forget-yes")
        wait_for(page, "document.getElementById('status').textContent.includes('orgotten')")
        assert status(page) == "Everything that was taught is forgotten."
    page.evaluate("taught.open = false")


def count(page):
    """What the page says it was taught."""
    return page.text_content("#taught-count")


def status(page):
    return page.text_content("#status")


def say_it_is(page, label):
    page.locator("#labels button").nth(label).click()


def wait_for_count(page, text):
    page.wait_for_selector(f"#taught-count:text-is('{text}')")


def wait_for_number(page, text):
    """Waits until that is read, of what lay there already."""
    page.wait_for_selector(f"#number[data-state=done]:has-text('{text}')")
    assert number(page) == text


def kept(page, examples):
    """Waits until that many examples are in storage, and returns them."""
    for _ in range(500):
        found = page.evaluate(KEPT)
        if len(found) == examples:
            return found
        page.wait_for_timeout(20)
    raise AssertionError(f"{found} are kept, not {examples}")


def new_visit(visits, **context):
    visit = visits(**context)
    wait_until_ready(visit.page)
    return visit


def reload(page):
    page.reload()
    wait_until_ready(page)


def some_examples(n, seed=0):
    """Glyphs, uint8 (n, 28, 28), and labels: noise, no two alike."""
    rng = np.random.default_rng(seed)
    return rng.integers(0, 256, (n, 28, 28)).astype(np.uint8), rng.integers(0, 10, n)


def import_file(page, content, name="taught.npz"):
    page.evaluate("taught.open = true")
    with tempfile.TemporaryDirectory() as folder:  # a large file is handed over by its name in no time
        file = Path(folder) / name
        file.write_bytes(content)
        page.set_input_files("#import", file)
        wait_for(page, "document.getElementById('import').value === ''")  # it was read


# --- correcting ---------------------------------------------------------------------------------


def test_there_is_nothing_to_correct_before_anything_is_read(page):
    assert not page.locator("#correct").is_visible()


def test_one_tap_corrects_a_digit_at_once(page, hand):
    hand.write("7")
    assert number(page) == "7"
    assert page.text_content("#correct-label") == "Wrong? It is:"
    assert not page.locator("#correct-other").is_visible()
    say_it_is(page, 1)
    assert number(page) == "1"
    assert "Taught: this is a 1." in status(page)
    assert count(page) == "1 digit"
    assert [label for _, label in kept(page, 1)] == [1]


def test_what_was_taught_is_read_in_later_drawings_too(page, hand):
    hand.write("7")
    number(page)
    say_it_is(page, 1)
    number(page)
    hand.press("#clear")
    hand.write("47")
    assert number(page) == "41"


def test_undo_beside_the_sentence_takes_it_back(page, hand):
    hand.write("7")
    number(page)
    say_it_is(page, 1)
    assert number(page) == "1"
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    assert number(page) == "7"
    assert status(page) == "Taken back: a 1."
    assert count(page) == "nothing"
    assert page.evaluate("labels.children[1] === document.activeElement"), "the focus is not lost with the button"
    kept(page, 0)


def test_another_label_replaces_the_one_before(page, hand):
    hand.write("7")
    number(page)
    say_it_is(page, 1)
    number(page)
    say_it_is(page, 4)
    assert number(page) == "4"
    assert count(page) == "1 digit"
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    assert number(page) == "1", "what is taken back is the last label alone"
    assert [label for _, label in kept(page, 1)] == [1]


def test_the_label_that_was_read_can_be_confirmed(page, hand):
    hand.write("7")
    number(page)
    say_it_is(page, 7)
    assert number(page) == "7"
    assert count(page) == "1 digit"
    say_it_is(page, 7)
    assert status(page) == "This was taught already: a 7."
    assert count(page) == "1 digit"


def test_a_refused_mark_is_taught(page, hand):
    hand.draw(SCRIBBLE)
    assert number(page) == "?"
    say_it_is(page, 8)
    assert number(page) == "8"
    assert "Taught: this is an 8." in status(page)


def test_the_least_sure_digit_is_meant_unless_one_is_chosen(page, hand):
    seven, mark = lay_out("78")[:1], [[(x / 5 + 430, y / 2 + 100) for x, y in stroke] for stroke in SCRIBBLE]
    hand.draw([*seven, *mark])
    assert number(page) == "7?"
    assert page.text_content("#correct-label") == "Wrong? Digit 2 is:"  # the scribble is most like one
    assert page.locator("#correct-other").is_visible()
    assert page.text_content("#number [data-meant]") == "?"
    page.locator("#number > span").first.click()
    assert page.text_content("#correct-label") == "Wrong? Digit 1 is:"
    assert page.text_content("#number [data-meant]") == "7"
    say_it_is(page, 1)
    assert number(page) == "1?"
    assert page.text_content("#correct-label") == "Wrong? Digit 1 is:"  # it stays chosen


def test_a_digit_that_is_stepped_to_is_meant(page, hand):
    hand.write("472")
    assert number(page) == "472"
    page.locator("#number > span").nth(0).click()
    page.locator("#next").click()
    assert page.text_content("#correct-label") == "Wrong? Digit 2 is:"
    say_it_is(page, 1)
    assert number(page) == "412"


def test_what_was_taught_last_is_not_meant_in_the_next_drawing(page, hand):
    hand.write("47")
    number(page)
    page.locator("#number > span").nth(1).click()
    say_it_is(page, 1)
    assert number(page) == "41"
    hand.press("#clear")
    hand.draw([*lay_out("78")[:1], *[[(x / 5 + 430, y / 2 + 100) for x, y in stroke] for stroke in SCRIBBLE]])
    assert number(page).endswith("?")
    assert page.text_content("#correct-label") == "Wrong? Digit 2 is:"


def test_what_is_on_the_pad_but_not_read_yet_is_not_taught(page, hand):
    hand.write("7")
    number(page)
    page.mouse.move(*hand.on_screen((600, 100)))
    page.mouse.down()
    assert page.get_attribute("#number", "data-state") == "reading"
    page.locator("#labels button").nth(1).dispatch_event("click")
    assert count(page) == "nothing"
    page.mouse.up()
    number(page)


# --- keys -----------------------------------------------------------------------------------------


def test_a_key_corrects_while_the_focus_is_on_the_pad(page, hand):
    hand.write("7")
    number(page)
    page.keyboard.press("1")
    assert number(page) == "1"
    assert count(page) == "1 digit"


@pytest.mark.parametrize("place", ["#candidates button", "#labels button", "#leave-out", "#copy"])
def test_a_key_corrects_while_the_focus_is_near_the_reading(page, hand, place):
    hand.write("7")
    number(page)
    page.locator(place).first.focus()
    page.keyboard.press("1")
    assert number(page) == "1"
    assert page.evaluate("place => document.querySelector(place) === document.activeElement", place), "the focus stays"
    page.keyboard.press("4")
    assert number(page) == "4"


@pytest.mark.parametrize("keys", [["Tab", "7"], ["Control+1"], ["Alt+1"], ["x"], ["F1"]])
def test_other_keys_and_keys_elsewhere_teach_nothing(page, hand, keys):
    hand.write("7")
    number(page)
    if keys[0] == "Tab":
        page.locator("#brush").focus()
    for key in keys:
        page.keyboard.press(key)
    page.wait_for_timeout(100)
    assert number(page) == "7"
    assert count(page) == "nothing"


def test_everything_is_done_by_keyboard(page, hand):
    hand.write("47")
    number(page)
    page.locator("#candidates button").focus()
    for _ in range(2):  # past the button for the one before
        page.keyboard.press("Tab")
    while page.text_content("#correct-label") != "Wrong? Digit 2 is:":
        page.keyboard.press("Enter")
    page.keyboard.press("1")
    assert number(page) == "41"
    page.locator("#taught summary").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#taught-list li")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.ariaLabel").startswith("Forget this 1")
    page.keyboard.press("Enter")
    assert number(page) == "47"
    assert count(page) == "nothing"
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


# --- marks ----------------------------------------------------------------------------------------


def test_a_mark_is_taught_by_tap_and_by_key(page, hand):
    hand.draw(SCRIBBLE)
    assert number(page) == "?"
    page.get_by_role("button", name="plus sign", exact=True).click()
    page.wait_for_selector("#status:text('Taught: this is a plus sign.')")
    assert count(page) == "1 mark"
    assert [label for _, label in kept(page, 1)] == [CHARACTERS.index("+")]
    number(page)
    page.locator("#pad").focus()
    for key in "/-":  # a slash would look for words on the page in some browsers
        page.keyboard.press(key)
        number(page)
    page.wait_for_selector("#status:text('Taught: this is a minus sign.')")
    page.keyboard.press("*")  # × is not offered
    assert "minus sign" in status(page)
    page.locator("#mode-sums").click()
    number(page)
    page.keyboard.press("*")
    page.wait_for_selector("#status:text('Taught: this is a times sign.')")
    assert [label for _, label in kept(page, 1)] == [CHARACTERS.index("×")]
    page.locator("#taught summary").click()
    assert page.get_attribute("#taught-list b", "aria-label") == "times sign"
    assert page.get_attribute("#taught-list button", "aria-label").startswith("Forget this times sign, taught on")
    page.locator("#mode-numbers").click()


def test_files_of_either_version_are_taken_in_and_marks_go_to_a_file(page):
    glyphs, _ = some_examples(5)
    import_file(page, pack(glyphs[:3], [13, 24, 5]))
    page.wait_for_selector("#status:text('Taught 1 digit and 2 marks from taught.npz.')")
    before_marks = io.BytesIO()
    np.savez_compressed(before_marks, version=np.int32(1), glyphs=glyphs[2:], labels=np.array([4, 6, 7], np.uint8))
    import_file(page, before_marks.getvalue())
    page.wait_for_selector("#status:text('Taught 2 digits from taught.npz; 1 were here already.')")
    assert count(page) == "3 digits and 2 marks"
    assert sorted(listed(page)) == [".", "5", "6", "7", "×"]
    with page.expect_download() as download:
        page.click("#export")
    again, labels = unpack(download.value.path())
    assert {(glyph.tobytes(), int(label)) for glyph, label in zip(again, labels)} == {
        (glyph.tobytes(), label) for glyph, label in zip(glyphs, [13, 24, 5, 6, 7])
    }


# What a later version of the page might keep: labels that this one does not know.
KEEP_UNKNOWN = """() => new Promise((resolve, reject) => {
  const opening = indexedDB.open("number-reader-taught");
  opening.onerror = reject;
  opening.onsuccess = () => {
    const transaction = opening.result.transaction("examples", "readwrite");
    const glyph = byte => new Uint8Array(784).fill(byte);
    transaction.objectStore("examples").put({glyph: glyph(1), label: 99, time: "2030-01-01T00:00:00.000Z"});
    transaction.objectStore("examples").put({glyph: glyph(2), mark: 99, time: "2030-01-01T00:00:00.000Z"});
    transaction.objectStore("examples").put({glyph: glyph(3), letter: "a", time: "2030-01-01T00:00:00.000Z"});
    transaction.oncomplete = () => { opening.result.close(); resolve(); };
  };
})"""


def test_labels_of_a_later_version_are_passed_over_and_stay_in_storage(page, hand):
    hand.write("7")
    number(page)
    say_it_is(page, 1)
    kept(page, 1)
    page.evaluate(KEEP_UNKNOWN)
    reload(page)
    wait_for_count(page, "1 digit")
    assert number(page) == "1"
    say_it_is(page, 4)
    wait_for_number(page, "4")
    page.locator("#taught summary").click()
    page.locator("#taught-list button").click()
    wait_for_number(page, "7")
    assert sorted(total for total, _ in kept(page, 3)) == [784, 2 * 784, 3 * 784]
    say_it_is(page, 1)
    kept(page, 4)
    forget_everything(page)
    kept(page, 0)


def test_a_mark_is_kept_so_that_pages_of_before_there_were_marks_pass_over_it(page, hand):
    """They take what has a `label` for a digit, and would teach it to a worker that knows no such label."""
    hand.write("7")
    number(page)
    page.keyboard.press("/")
    kept(page, 1)
    assert page.evaluate(KEPT.replace("label ?? mark", "label ?? null")) == [[kept(page, 1)[0][0], None]]


# --- on a phone -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def phone(visits):
    return new_visit(visits, viewport=PHONE, has_touch=True, is_mobile=True, device_scale_factor=2)


def write_with_finger(phone, text):
    """As a finger does that rests at the end: Chromium takes a quick swipe for a fling, and the next tap for its end."""
    page, hand = phone.page, phone.hand
    page.locator("#clear").dispatch_event("click")
    page.evaluate("scrollTo(0, 0)")
    for stroke in lay_out(text):
        hand.touch("Start", stroke[0])
        for point in stroke[1:]:
            hand.touch("Move", point)
        page.wait_for_timeout(200)
        hand.touch("Move", (stroke[-1][0] + 1, stroke[-1][1]))
        hand.touch("End")
    number(page)


def test_a_finger_corrects(phone):
    page = phone.page
    write_with_finger(phone, "7")
    assert number(page) == "7"
    page.locator("#labels button").nth(1).tap()
    wait_for_count(page, "1 digit")
    assert number(page) == "1"
    page.get_by_role("status").get_by_role("button", name="Undo").tap()
    wait_for_count(page, "nothing")
    assert number(page) == "7"
    page.locator("#labels button").nth(1).tap()
    wait_for_count(page, "1 digit")
    assert number(page) == "1"
    page.locator("#taught summary").tap()
    page.locator("#taught-list button").tap()
    wait_for_count(page, "nothing")
    assert number(page) == "7"
    assert phone.complaints == []


def test_correcting_moves_the_pad_nowhere(phone):
    page = phone.page
    page.locator("#clear").dispatch_event("click")
    page.evaluate("scrollTo(0, 0)")
    blank = page.locator("#pad").bounding_box()
    write_with_finger(phone, "7")
    assert page.locator("#correct").is_visible()
    assert page.locator("#pad").bounding_box() == blank
    page.locator("#labels button").nth(1).tap()
    wait_for_count(page, "1 digit")
    number(page)
    page.evaluate("scrollTo(0, 0)")
    assert page.locator("#pad").bounding_box() == blank
    page.wait_for_timeout(500)


def test_everything_to_tap_is_large_enough_for_a_finger(phone):
    page = phone.page
    forget_everything(page)
    write_with_finger(phone, "7")
    page.locator("#labels button").nth(1).tap()
    wait_for_count(page, "1 digit")
    page.evaluate("taught.open = true")
    page.locator("#forget").tap()
    selectors = (
        "#labels button",
        "#taught-list button",
        "#export",
        "label[for=import]",
        "#forget",
        "#forget-yes",
        "#forget-no",
    )
    for selector in selectors:
        for box in (each.bounding_box() for each in page.locator(selector).all()):
            assert min(box["width"], box["height"]) >= 44, selector
    undo = page.locator("#status button").evaluate(
        "button => { const style = getComputedStyle(button, '::after'); return [style.width, style.height].map(parseFloat) }"
    )
    assert min(undo) >= 40
    page.locator("#forget-no").tap()


# --- kept -------------------------------------------------------------------------------------------

STATES = """() => {
  window.states = [];
  document.addEventListener("DOMContentLoaded", () => {
    const number = document.getElementById("number");
    new MutationObserver(() => states.push([number.dataset.state, number.textContent]))
      .observe(number, {attributeFilter: ["data-state"]});
  });
}"""


def test_it_survives_a_reload_and_is_known_before_anything_is_read(page, hand):
    hand.write("7")
    number(page)
    say_it_is(page, 1)
    assert number(page) == "1"
    kept(page, 1)
    page.add_init_script(f"({STATES})()")
    page.reload()
    page.wait_for_selector("body[data-python=up]")
    hand.press("#clear")
    hand.write("7")  # while the recogniser loads
    wait_until_ready(page)
    assert number(page) == "1"
    states = page.evaluate("states")
    assert ["done", "1"] in states
    assert ["done", "7"] not in states
    assert count(page) == "1 digit"


def test_a_new_worker_is_taught_everything_again(visits, site):
    change(site, "app/reading/reader.py", "INK_SECONDS = 20", "INK_SECONDS = 1")
    visit = new_visit(visits)
    page, hand = visit.page, visit.hand
    hand.write("7")
    number(page)
    say_it_is(page, 1)
    assert number(page) == "1"
    page.evaluate("document.querySelector('script[type=py][worker]').xworker.terminate()")
    hand.press("#clear")
    hand.write("4")
    page.wait_for_selector("body[data-app=error]", timeout=30_000)
    hand.press("#clear")
    hand.write("7")
    hand.press("#retry")
    page.wait_for_selector("body[data-app=ready]", timeout=60_000)
    assert number(page) == "1"
    say_it_is(page, 4)  # rows are those of the new worker
    assert number(page) == "4"
    assert count(page) == "1 digit"


OPEN_THROWS = "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError') }"
OPEN_FAILS = """IDBFactory.prototype.open = () => {
  const request = new EventTarget();
  setTimeout(() => request.dispatchEvent(new Event('error')));
  return request;
}"""
GETTER_THROWS = """Object.defineProperty(window, 'indexedDB', {
  configurable: true,
  get() { throw new DOMException('no', 'SecurityError') }
})"""
FULL = """const put = IDBObjectStore.prototype.put;
IDBObjectStore.prototype.put = function (record) {
  const request = put.call(this, record);
  this.transaction.abort();
  return request;
}"""
REFUSALS = {"from the start": "", "open throws": OPEN_THROWS, "open fails": OPEN_FAILS, "full": FULL}
# The database is opened for each transaction, so a refusal may begin at any time.
PERMIT = """() => {
  delete window.indexedDB;
  IDBFactory.prototype.open = permitted.open;
  IDBObjectStore.prototype.put = permitted.put;
}"""


@pytest.fixture(scope="module")
def unkept(visits):
    """A visit that is forbidden to keep anything from the start."""
    permitted = "window.permitted = {open: IDBFactory.prototype.open, put: IDBObjectStore.prototype.put};"
    return new_visit(visits, script=permitted + GETTER_THROWS)


@pytest.mark.parametrize("script", REFUSALS.values(), ids=list(REFUSALS))
def test_where_nothing_can_be_kept_it_works_for_this_visit_and_says_so(unkept, script):
    page, hand = unkept.page, unkept.hand
    page.evaluate("taught.open = false")
    if script:
        page.evaluate(PERMIT)
        page.evaluate(f"() => {{ {script} }}")
    hand.press("#clear")
    hand.write("7")
    assert number(page) == "7"
    say_it_is(page, 1)
    assert number(page) == "1"
    page.wait_for_selector("#status:text('Taught for this visit only: a 1.')")
    page.locator("#taught summary").click()
    assert page.locator("#taught-unkept").is_visible()
    page.wait_for_selector("#taught-list li")
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    assert number(page) == "7"
    assert set(unkept.complaints) <= {"no", "Event"}, "what PyScript says of storage"


# How one transaction fails: it is ended, or does not even begin.
FAILS = {
    "ended": "const transaction = real.apply(this, how); queueMicrotask(() => transaction.abort()); return transaction;",
    "not begun": "throw new DOMException('The database connection is closing.', 'InvalidStateError');",
}


@pytest.mark.parametrize("how", FAILS)
def test_one_transaction_that_fails_is_tried_again(page, hand, how):
    """As an iPhone's first one after the page lay in the background."""
    page.evaluate(
        """() => {
        const real = IDBDatabase.prototype.transaction;
        window.failed = false; // one before may have set it
        IDBDatabase.prototype.transaction = function (...how) {
            if (this.name !== "number-reader-taught") return real.apply(this, how);
            IDBDatabase.prototype.transaction = real;
            window.failed = true;
            FAILS
        };
    }""".replace("FAILS", FAILS[how])
    )
    hand.press("#clear")
    hand.write("7")
    number(page)
    say_it_is(page, 1)
    wait_for(page, "window.failed")
    page.wait_for_selector("#status:has-text('Taught: ')")
    assert [label for _, label in kept(page, 1)] == [1]
    assert "for this visit" not in page.text_content("#status")
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    assert number(page) == "7"


def test_what_could_not_be_kept_is_kept_once_it_can_be(page, hand):
    page.evaluate(f"() => {{ {FULL.replace('const put', 'window.put')} }}")
    hand.write("7")
    number(page)
    say_it_is(page, 1)
    page.wait_for_selector("#status:text('for this visit only')")
    page.evaluate("() => { IDBObjectStore.prototype.put = put }")
    hand.press("#clear")
    hand.write("4")
    number(page)
    say_it_is(page, 9)
    assert sorted(label for _, label in kept(page, 2)) == [1, 9]
    page.wait_for_selector("#taught-unkept", state="hidden")


# --- tabs -------------------------------------------------------------------------------------------


@pytest.fixture
def two_tabs(learner, page, hand, site):
    """Two tabs of one browser, each with a 7 on its pad."""
    other = learner.context.new_page()
    other.goto(site.url)
    wait_until_ready(other)
    for tab in (page, other):
        tab.bring_to_front()
        Hand(tab).write("7")
        assert number(tab) == "7"
    yield page, other
    other.close()


def test_tabs_learn_and_forget_together_one_digit_or_everything(two_tabs):
    one, other = two_tabs
    say_it_is(one, 1)
    assert number(one) == "1"
    wait_for_number(other, "1")
    wait_for_count(other, "1 digit")
    say_it_is(other, 4)
    wait_for_number(one, "4")
    assert count(one) == "1 digit"
    one.evaluate("taught.open = true")
    one.locator("#taught-list button").click()
    wait_for_number(other, "7")
    wait_for_count(other, "nothing")

    say_it_is(one, 1)
    wait_for_number(other, "1")
    other.evaluate("taught.open = true")
    assert other.locator("#taught-list li").count() == 1
    forget_everything(one)
    wait_for_number(other, "7")
    wait_for_count(other, "nothing")
    assert other.locator("#taught-list li").count() == 0
    kept(other, 0)
    reload(other)
    wait_for_count(other, "nothing")


# The next time that the page opens its storage, it waits for it: what another tab did comes in between.
OPEN_LATE = """milliseconds => {
  const open = IDBFactory.prototype.open;
  IDBFactory.prototype.open = function (...how) {
    IDBFactory.prototype.open = open;
    const late = new EventTarget();
    setTimeout(() => {
      const request = open.apply(this, how);
      request.onsuccess = () => { late.result = request.result; late.dispatchEvent(new Event("success")); };
    }, milliseconds);
    return late;
  };
}"""


def test_tabs_that_teach_the_same_digit_at_once_agree_in_the_end(two_tabs):
    one, other = two_tabs
    other.evaluate(OPEN_LATE, 2000)
    say_it_is(other, 4)
    say_it_is(one, 1)
    wait_for_number(one, "4")  # what was written last
    assert number(other) == "4"
    [(_, label)] = kept(one, 1)
    assert label == 4
    for tab in (one, other):
        wait_for_count(tab, "1 digit")


def test_storage_that_the_browser_cleared_is_written_anew(page, hand):
    hand.write("7")
    number(page)
    say_it_is(page, 1)
    kept(page, 1)
    assert (
        page.evaluate("""() => new Promise((resolve) => {
      const request = indexedDB.deleteDatabase("number-reader-taught");
      request.onsuccess = () => resolve("deleted");
      request.onblocked = () => resolve("blocked");
    })""")
        == "deleted"
    ), "the page does not hold it open"
    assert number(page) == "1", "what was taught lasts as long as the page"
    hand.press("#clear")
    hand.write("4")
    number(page)
    say_it_is(page, 9)
    page.wait_for_selector("#status:text('Taught: this is a 9.')")
    assert [label for _, label in kept(page, 1)] == [9]


SILENT = "IDBFactory.prototype.open = () => new EventTarget()"


def test_storage_that_never_answers_is_not_waited_for(visits, site):
    change(site, "app/database.py", 'READ_SECONDS if mode == "readonly" else WRITE_SECONDS', "1")
    visit = new_visit(visits, script=SILENT)
    visit.hand.write("7")
    assert number(visit.page) == "7"
    say_it_is(visit.page, 1)
    visit.page.wait_for_selector("#status:text('Taught for this visit only: a 1.')")
    assert number(visit.page) == "1"


@pytest.mark.parametrize("answer", ["true", "false", "Promise.reject(new Error('no'))", "new Promise(() => {})"])
def test_the_browser_is_asked_once_to_keep_what_was_taught(visits, answer):
    script = f"window.asked = 0; StorageManager.prototype.persist = async () => {{ window.asked++; return {answer}; }}"
    visit = new_visit(visits, script=script)
    page, hand = visit.page, visit.hand
    hand.write("7")
    assert number(page) == "7"
    assert page.evaluate("asked") == 0, "there is nothing to lose yet"
    for label in (1, 4):
        say_it_is(page, label)
        page.wait_for_selector(f"#status:text('Taught: this is a {label}.')")
        number(page)
    assert page.evaluate("asked") == 1


# --- the list ---------------------------------------------------------------------------------------


def teach_three(page, hand):
    """A 4 as 9, a 7 as 1, and a 2 as 3: the newest comes first."""
    for digit, label in (("4", 9), ("7", 1), ("2", 3)):
        hand.press("#clear")
        hand.write(digit)
        assert number(page) == digit
        say_it_is(page, label)
        number(page)
        page.wait_for_timeout(5)  # so that no two have the same time


def listed(page):
    return page.locator("#taught-list b").all_text_contents()


def test_the_list_shows_what_was_taught_and_takes_it_out_one_by_one(page, hand):
    teach_three(page, hand)
    assert count(page) == "3 digits"
    page.locator("#taught summary").click()
    page.wait_for_selector("#taught-list li")
    assert listed(page) == ["3", "1", "9"]
    inked = page.locator("#taught-list canvas").evaluate_all(
        "all => all.map(canvas => canvas.getContext('2d').getImageData(0, 0, 28, 28).data.filter(byte => byte < 128).length)"
    )
    assert all(90 < count < 1500 for count in inked), "each glyph is painted"
    page.locator("#taught-list button").nth(1).click()
    assert listed(page) == ["3", "9"]
    assert sorted(label for _, label in kept(page, 2)) == [3, 9]
    assert page.evaluate("document.activeElement.ariaLabel").startswith("Forget this 9")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.ariaLabel").startswith("Forget this 3")
    page.get_by_role("status").get_by_role("button", name="Undo").click()
    assert listed(page) == ["9", "3"]


def test_forgetting_everything_takes_two_steps(page, hand):
    teach_three(page, hand)
    page.locator("#taught summary").click()
    page.click("#forget")
    assert page.text_content("#forget-question") == "Forget all 3 digits for good?"
    assert page.evaluate("document.activeElement.id") == "forget-no"
    page.keyboard.press("Enter")
    assert not page.locator("#forget-sure").is_visible()
    assert page.evaluate("document.activeElement.id") == "forget"
    assert count(page) == "3 digits"
    assert number(page) == "3"
    page.click("#forget")
    page.click("#forget-yes")
    wait_for_number(page, "2")
    assert count(page) == "nothing"
    assert listed(page) == []
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    page.wait_for_selector("#status:text('Everything that was taught is forgotten.')")
    assert page.evaluate(KEPT) == []


def test_it_is_said_where_storage_does_not_forget(page, hand):
    teach_three(page, hand)
    kept(page, 3)
    page.evaluate("""() => {
      window.clearAll = IDBObjectStore.prototype.clear;
      IDBObjectStore.prototype.clear = function () { this.transaction.abort(); };
    }""")
    page.evaluate("taught.open = true")
    page.click("#forget")
    page.click("#forget-yes")
    page.wait_for_selector("#status:text('does not let the page delete')")
    page.evaluate("() => { IDBObjectStore.prototype.clear = clearAll }")
    reload(page)
    wait_for_count(page, "3 digits")


# --- files --------------------------------------------------------------------------------------------


def test_what_was_taught_goes_to_a_file_and_into_another_browser(page, hand, phone):
    teach_three(page, hand)
    page.locator("#taught summary").click()
    with page.expect_download() as download:
        page.click("#export")
    assert download.value.suggested_filename == "number-reader-taught.npz"
    with open(download.value.path(), "rb") as file:
        content = file.read()
    glyphs, labels = unpack(io.BytesIO(content))
    assert labels.tolist() == [3, 1, 9]
    sums = {(int(glyph.sum()), int(label)) for glyph, label in zip(glyphs, labels)}
    assert sums == {tuple(example) for example in page.evaluate(KEPT)}

    other = phone
    forget_everything(other.page)
    write_with_finger(other, "7")
    assert number(other.page) == "7"
    import_file(other.page, content)
    wait_for_number(other.page, "1")
    other.page.wait_for_selector("#status:text('Taught 3 digits from taught.npz.')")
    assert sorted(listed(other.page)) == ["1", "3", "9"]
    kept(other.page, 3)
    import_file(other.page, content)
    other.page.wait_for_selector("#status:text('Taught 0 digits from taught.npz; 3 were here already.')")
    assert count(other.page) == "3 digits"
    forget_everything(other.page)
    assert other.complaints == []


def test_a_file_keeps_the_label_that_was_taught_here(page, hand):
    hand.write("7")
    number(page)
    say_it_is(page, 1)
    assert number(page) == "1"
    page.evaluate("taught.open = true")
    with page.expect_download() as download:
        page.click("#export")
    with open(download.value.path(), "rb") as file:
        content = file.read()
    say_it_is(page, 4)
    assert number(page) == "4"
    import_file(page, content)
    page.wait_for_selector("#status:text('1 were here already')")
    assert number(page) == "4"


BAD = {
    "text": (lambda site: b"These are no digits.", "damaged or no NPZ file"),
    "empty": (lambda site: b"", "damaged or no NPZ file"),
    "the model": (lambda site: site.model.read_bytes(), "lacks 'glyphs'"),
    "cut short": (lambda site: pack(*some_examples(5))[:-100], "damaged or no NPZ file"),
    "too many": (
        lambda site: pack(np.zeros((MOST + 1, 28, 28), np.uint8), np.zeros(MOST + 1, np.uint8)),
        f"at most {MOST:,}",
    ),
    "too large": (lambda site: bytes(20_000_001), "too large"),
}


@pytest.mark.parametrize(("content", "reason"), BAD.values(), ids=list(BAD))
def test_a_file_that_cannot_be_used_is_said_and_changes_nothing(page, hand, site, content, reason):
    hand.write("7")
    number(page)
    say_it_is(page, 1)
    number(page)
    before = kept(page, 1)
    import_file(page, content(site), "broken.npz")
    page.wait_for_selector(f"""#status:text({json.dumps(reason)})""")
    assert status(page).startswith("broken.npz")
    assert count(page) == "1 digit"
    assert number(page) == "1"
    assert page.evaluate(KEPT) == before


def test_hundreds_are_listed_fifty_at_a_time_and_all_known_after_a_reload(page, hand):
    glyphs, labels = some_examples(520)
    import_file(page, pack(glyphs, labels))
    page.wait_for_selector("#status:text('Taught 520 digits')")
    assert page.locator("#taught-list li").count() == 50
    page.click("#taught-more")
    assert page.locator("#taught-list li").count() == 100
    assert page.evaluate("[...document.querySelectorAll('#taught-list button')].indexOf(document.activeElement)") == 50
    kept(page, 520)
    reload(page)
    wait_for_count(page, "520 digits")
    hand.write("47")
    assert number(page) == "47"
    forget_everything(page)
    assert kept(page, 0) == []


FORGET_WHILE_IT_IS_READ = """() => {
  document.getElementById("undo").click();
  return new Promise((done) => setTimeout(() => {
    for (const name of ["forget", "forget-yes"]) document.getElementById(name).click();
    done(document.getElementById("number").dataset.state);
  }, 15));
}"""


def test_what_is_forgotten_while_a_drawing_is_read_does_not_count_there(page, hand):
    hand.write("7")
    say_it_is(page, 1)
    assert number(page) == "1"
    hand.press("#clear")
    assert number(page) == ""
    page.evaluate(FORGET_WHILE_IT_IS_READ)
    wait_for_count(page, "nothing")
    wait_for_number(page, "7")
    kept(page, 0)


def test_there_is_a_limit_and_nothing_beyond_it_is_taken(page, hand, site):
    assert f"LIMIT = {MOST:_}" in (ROOT / "site" / "app" / "teaching" / "taught.py").read_text("utf-8"), (
        "so that what is saved can be taken in again"
    )
    import_file(page, pack(*some_examples(MOST - 10)))
    page.wait_for_selector(f"#status:text('Taught {MOST - 10} digits')")
    import_file(page, pack(*some_examples(11, seed=1)))
    page.wait_for_selector("#status:text('more than 2,000. Forget some first.')")
    assert count(page) == f"{MOST - 10} digits"
    import_file(page, pack(*some_examples(10, seed=1)))
    page.wait_for_selector("#status:text('Taught 10 digits')")
    hand.write("7")
    assert number(page) == "7"
    say_it_is(page, 1)
    assert status(page).startswith("No more can be taught")
    assert number(page) == "7"
    assert count(page) == f"{MOST} digits"
    kept(page, MOST)


# --- a writer's own hand ------------------------------------------------------------------------------

WRITER = "val/val02"  # of the test split: no model has seen this hand
TAUGHT_EACH = 2  # examples of every digit
LOOKED_AT = 40  # drawings of every digit, the first ones
DRAWS = 5  # of the examples
ALSO_RIGHT = 5  # drawings that are read rightly before, and are to be afterwards


class Drawing:
    """A digit as its writer drew it, placed on the pad, and what the recognizer itself reads there."""

    def __init__(self, recognizer, record):
        self.label = record["label"]
        # Every other point: the mouse takes its time for each.
        self.strokes = [stroke[:-1:2] + stroke[-1:] for stroke in place(record["strokes"])]
        self.read_by(recognizer)

    def read_by(self, recognizer):
        strokes = [np.array(stroke, np.float32) for stroke in self.strokes]
        self.reading = recognizer.read(pad_picture(strokes), strokes)
        return self.reading.text == self.label


@pytest.fixture(scope="module")
def drawings(shared_data, site):
    """Of what WRITER drew: examples to teach, misread drawings that the recognizer reads rightly once it is taught these,
    and drawings that it reads rightly anyway.

    What examples do on average, benchmarks/teaching.py measures; here some are drawn that do something, to see that
    the page does the same with them.
    """
    assert splits.load()["writers"][WRITER] == splits.TEST
    recognizer = Recognizer.load(site.model)
    with gzip.open(shared_data / "real" / "strokes-digits.jsonl.gz", "rt") as file:
        records = [record for record in map(json.loads, file) if record["writer"] == WRITER]
    of_digit = {digit: [each for each in records if each["label"] == digit][:LOOKED_AT] for digit in "0123456789"}
    all_drawn = [Drawing(recognizer, record) for records in of_digit.values() for record in records]
    wrong = [drawing for drawing in all_drawn if drawing.reading.text != drawing.label]
    right = [drawing for drawing in all_drawn if drawing.reading.text == drawing.label]
    for seed in range(DRAWS):
        order = np.random.default_rng(seed).permutation(len(right))
        chosen = [[right[i] for i in order if right[i].label == digit][:TAUGHT_EACH] for digit in "0123456789"]
        examples = [drawing for some in chosen for drawing in some]
        rows = recognizer.teach_all(
            np.array([drawing.reading.digits[0].glyph for drawing in examples]),
            [int(drawing.label) for drawing in examples],
        )
        gained = [drawing for drawing in wrong if drawing.read_by(recognizer)]
        recognizer.forget(*rows)
        if gained:
            return examples, gained, [right[i] for i in order if right[i] not in examples][:ALSO_RIGHT]
    raise AssertionError("no draw of examples helps this writer")


def errors(page, hand, drawings):
    """How many of the drawings are read wrongly on the page."""
    wrong = 0
    for drawing in drawings:
        hand.press("#clear")
        hand.draw(drawing.strokes)
        wrong += number(page) != drawing.label
    return wrong


@pytest.mark.thorough
def test_a_writer_s_examples_lower_the_errors_in_what_they_write_next(page, hand, drawings):
    examples, misread, right = drawings
    assert errors(page, hand, misread) > 0  # a mouse stands on whole pixels: one or the other may be read rightly
    for drawing in examples:
        hand.press("#clear")
        hand.draw(drawing.strokes)
        assert number(page) == drawing.label
        page.keyboard.press(drawing.label)
    wait_for_count(page, f"{10 * TAUGHT_EACH} digits")
    assert errors(page, hand, misread + right) == 0
    kept(page, 10 * TAUGHT_EACH)
    reload(page)
    assert errors(page, hand, misread + right) == 0
