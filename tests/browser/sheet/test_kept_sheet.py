"""The sheet is kept in this browser: over reloads, tabs, crashes, updates, and where storage is full, forbidden or silent."""

import pytest

from tests.browser.hand import number, wait_for, wait_until_ready
from tests.browser.serving import refused, replaced_by
from tests.browser.sheet.conftest import Sheet

pytestmark = pytest.mark.thorough

TABLE = [["12", "7"], ["30", "8"]]
AS_TEXT = "12\t7\n30\t8"


def another_tab(sheet):
    """A second tab of the same browser."""
    page = sheet.visit.context.new_page()
    page.goto(sheet.page.url)
    wait_until_ready(page)
    return page


def cells(page, count):
    """The texts of the sheet in another tab, once there are so many rows, the empty one included."""
    wait_for(page, "count => document.querySelectorAll('#lines [role=row]').length === count", count)
    return page.locator("#lines [role=gridcell]").all_text_contents()


def test_who_keeps_no_sheet_fetches_nothing_of_it(start):
    sheet = start()
    sheet.page.wait_for_timeout(300)
    assert not [url for url in sheet.visit.requests if "sheet.packed" in url]
    assert sheet.page.locator("#cells").is_hidden()
    sheet.add("7")
    assert [url for url in sheet.visit.requests if "sheet.packed" in url]


def test_a_reload_loses_nothing(start):
    sheet = start()
    sheet.add("407")
    sheet.page.locator("[role=gridcell][tabindex='0']").focus()
    sheet.page.keyboard.press("ArrowDown")
    sheet.paste(AS_TEXT)
    assert sheet.kept(3) == [["407"], *TABLE]
    sheet.reload()
    assert cells(sheet.page, 4) == ["407", "", "12", "7", "30", "8", "", ""]
    sheet.page.locator("#cells img:visible").wait_for()
    sheet.page.locator("[role=gridcell][tabindex='0']").focus()
    sheet.page.keyboard.press("Control+Home")
    sheet.page.keyboard.press("Alt+ArrowDown")
    sheet.page.keyboard.press("Control+End")
    sheet.page.keyboard.press("Control+Delete")
    assert sheet.kept(2) == [["12", "7"], ["407"]], "its order is kept, and its edits"
    sheet.reload()
    assert cells(sheet.page, 3) == ["12", "7", "407", "", "", ""]


def test_cleared_it_is_gone_from_the_browser_and_undo_brings_it_back(start):
    sheet = start()
    sheet.fill(AS_TEXT)
    assert sheet.kept(2) == TABLE
    sheet.hand.press("#table-clear")
    assert sheet.page.text_content("#table-clear-question") == "Clear all 2 rows of the sheet?"
    sheet.hand.press("#table-clear-no")
    assert sheet.texts() == TABLE
    sheet.hand.press("#table-clear")
    sheet.hand.press("#table-clear-yes")
    assert sheet.kept(0) == []
    sheet.hand.press("#table-undo")
    assert sheet.kept(2) == TABLE
    sheet.hand.press("#table-redo")
    assert sheet.kept(0) == []
    sheet.reload()
    sheet.page.wait_for_timeout(300)
    assert sheet.texts() == []


def test_two_tabs_have_a_sheet_each_and_the_next_tab_takes_the_last_one_up(start):
    sheet = start()
    sheet.fill(AS_TEXT)
    sheet.kept(2)
    other = another_tab(sheet)
    other.wait_for_selector("#table[data-open]")
    other.wait_for_timeout(300)
    assert cells(other, 1) == [""], "the first is held"
    second = Sheet(type("Tab", (), {"page": other, "hand": type(sheet.hand)(other)}))
    second.add("5")
    assert sheet.kept(3)
    assert sheet.texts() == TABLE
    for page in (sheet.page, other):
        page.reload()
        wait_until_ready(page)
    assert cells(sheet.page, 3)[:4] == ["12", "7", "30", "8"]
    assert cells(other, 2) == ["5", ""]
    other.close()
    third = another_tab(sheet)
    assert cells(third, 2) == ["5", ""], "the one that no tab holds"
    third.close()


def test_a_duplicated_tab_has_a_copy(start):
    sheet = start()
    sheet.fill(AS_TEXT)
    sheet.kept(2)
    remembered = sheet.page.evaluate("JSON.stringify(sessionStorage)")
    copy = sheet.visit.context.new_page()
    copy.add_init_script(
        f"if (!sessionStorage.length) for (const [k, v] of Object.entries({remembered})) sessionStorage.setItem(k, v);"
    )
    copy.goto(sheet.page.url)
    wait_until_ready(copy)
    assert cells(copy, 3)[:4] == ["12", "7", "30", "8"]
    assert sheet.kept(4)
    copy.locator("[role=gridcell][tabindex='0']").focus()
    copy.keyboard.press("Control+Home")
    copy.keyboard.press("Control+Delete")
    sheet.kept(3)
    assert sheet.texts() == TABLE
    sheet.reload()
    assert cells(sheet.page, 3)[:4] == ["12", "7", "30", "8"], "the first is as it was"
    copy.close()


def test_a_crash_while_taking_over_keeps_all_of_it_or_nothing(start):
    """The page is torn away between what it does in one transaction, and when it tries that again."""
    sheet = start()
    sheet.fill("1\n2")
    assert sheet.kept(2)
    sheet.page.evaluate("""() => {
      const put = IDBObjectStore.prototype.put;
      let count = 0;
      IDBObjectStore.prototype.put = function (...record) {
        const request = put.apply(this, record);
        const transaction = this.transaction;
        if (this.name === "rows" && ++count % 4 === 3) queueMicrotask(() => transaction.abort()); // as its end does
        return request;
      };
    }""")
    sheet.page.keyboard.press("Control+End")
    sheet.page.keyboard.press("ArrowDown")
    sheet.paste("3\n4\n5\n6")
    sheet.page.locator("#table-unkept:visible").wait_for()
    assert sheet.kept(2) == [["1"], ["2"]]
    sheet.reload()
    assert cells(sheet.page, 3) == ["1", "2", ""]


# --- faults ---------------------------------------------------------------------------------------

FULL = """
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...record) {
    const request = put.apply(this, record);
    const transaction = this.transaction;
    if (this.name === "rows" && !window.thereIsRoom && !transaction.isFull) {
      transaction.isFull = true;
      queueMicrotask(() => transaction.abort());
    }
    return request;
  };
"""
FORBIDDEN = "Object.defineProperty(window, 'indexedDB', {get() { throw new DOMException('no', 'SecurityError'); }});"
SILENT = "IDBFactory.prototype.open = () => new EventTarget();"
NO_LOCKS = "Object.defineProperty(Navigator.prototype, 'locks', {value: undefined});"


@pytest.mark.parametrize("fault", [FULL, FORBIDDEN], ids=["full", "forbidden"])
def test_storage_that_is_full_or_forbidden_is_said_and_nothing_is_lost_while_the_page_is_open(start, fault):
    sheet = start(script=fault)
    sheet.add("407")
    sheet.page.locator("#table-unkept:visible").wait_for()
    assert "does not let the page keep the sheet" in sheet.page.text_content("#table-unkept")
    sheet.add("3")
    assert sheet.texts() == [["407"], ["3"]]
    sheet.page.locator("[role=gridcell][tabindex='0']").focus()
    sheet.page.keyboard.press("Control+z")
    assert sheet.texts() == [["407"]]
    sheet.page.reload()
    wait_until_ready(sheet.page)
    sheet.visit.complaints.clear()  # of the fault itself


def test_once_there_is_room_again_everything_is_kept(start):
    sheet = start(script=FULL)
    sheet.add("407")
    sheet.page.locator("#table-unkept:visible").wait_for()
    sheet.page.evaluate("window.thereIsRoom = true")
    sheet.add("3")
    sheet.page.locator("#table-unkept").wait_for(state="hidden")
    assert sheet.kept(2) == [["407"], ["3"]]


# For the sheets alone, until it is said that they answer.
ILL = """const open = IDBFactory.prototype.open;
IDBFactory.prototype.open = function (name, ...rest) {
  if (name !== "number-reader-sheets" || !sessionStorage.ill) return open.call(this, name, ...rest);
  const request = new EventTarget();
  setTimeout(() => request.dispatchEvent(new Event("error")));
  return request;
}"""


def test_what_could_not_be_read_at_first_is_not_left_behind_for_another_sheet(start):
    sheet = start(script=ILL)
    sheet.add("4")
    assert sheet.kept(1) == [["4"]]
    sheet.page.evaluate("sessionStorage.ill = 'yes'")
    sheet.reload()
    sheet.page.locator("#table-unkept:visible").wait_for()
    sheet.page.evaluate("sessionStorage.removeItem('ill')")
    sheet.add("17")
    sheet.page.locator("#table-unkept").wait_for(state="hidden")
    assert sheet.kept(2) == [["4"], ["17"]]
    sheet.reload()
    sheet.cell("A2").wait_for()
    assert sheet.texts() == [["4"], ["17"]]


def test_storage_that_never_answers_is_not_waited_for(start):
    sheet = start(script=SILENT)
    sheet.add("407")
    assert sheet.texts() == [["407"]]
    sheet.page.locator("#table-unkept:visible").wait_for(timeout=60_000)
    assert sheet.texts() == [["407"]]


def test_what_is_added_before_the_kept_rows_have_come_stands_below_them(start, site):
    sheet = start()
    sheet.fill(AS_TEXT)
    sheet.kept(2)
    context = sheet.visit.context
    context.add_init_script("""
      const open = IDBFactory.prototype.open;
      IDBFactory.prototype.open = function (name, ...rest) {
        const request = open.call(this, name, ...rest);
        if (name !== "number-reader-sheets" || window.letIn) return request;
        const late = new EventTarget();
        for (const kind of ["upgradeneeded", "success", "error"])
          request.addEventListener(kind, event => {
            Object.defineProperty(late, "result", {value: request.result, configurable: true});
            const tell = () => window.letIn ? late.dispatchEvent(new Event(kind)) : setTimeout(tell, 20);
            tell();
          });
        return late;
      };
    """)
    sheet.page.reload()
    wait_until_ready(sheet.page)
    sheet.write("5")
    sheet.hand.press("#add")
    sheet.says("Added 5.")
    assert sheet.texts() == [["5"]]
    sheet.page.evaluate("window.letIn = true")
    assert cells(sheet.page, 4) == ["12", "7", "30", "8", "5", "", "", ""]
    assert sheet.kept(3) == [*TABLE, ["5"]]


def test_a_sheet_of_a_later_version_is_left_as_it_is_and_said(start):
    sheet = start()
    sheet.fill(AS_TEXT)
    sheet.kept(2)
    sheet.page.evaluate("""() => new Promise(resolve => {
      indexedDB.open("number-reader-sheets").onsuccess = ({target: {result}}) => {
        const sheets = result.transaction("sheets", "readwrite").objectStore("sheets");
        sheets.getAll().onsuccess = ({target}) => {
          sheets.put({...target.result[0], version: 2, more: "of it"}).onsuccess = () => { result.close(); resolve(); };
        };
      };
    })""")
    sheet.reload()
    sheet.page.locator("#table-unkept:visible").wait_for()
    assert "by a later version of this page" in sheet.page.text_content("#table-unkept")
    assert cells(sheet.page, 1) == [""]
    sheet.add("3")
    rows = sheet.kept(3)
    assert sorted(rows) == sorted([*TABLE, ["3"]]), "it is still there"


def test_an_update_of_the_page_in_between_loses_nothing(start, site):
    """All that a new version changes for the sheet is the code that reads it."""
    sheet = start()
    sheet.fill(AS_TEXT)
    sheet.kept(2)
    title = "<h1>Number reader, the next</h1>"
    put = replaced_by(site.text("index.html").replace("<h1>Number reader</h1>", title))

    def next_version(handler):
        handler.path += "index.html"  # or it would be no page
        put(handler)

    site.faults["index.html"] = next_version
    try:
        sheet.reload()
        assert sheet.page.text_content("h1") == "Number reader, the next"
        assert cells(sheet.page, 3)[:4] == ["12", "7", "30", "8"]
    finally:
        site.faults.clear()


def test_without_locks_a_tab_keeps_its_own_sheet(start):
    sheet = start(script=NO_LOCKS)
    sheet.add("407")
    sheet.kept(1)
    sheet.reload()
    assert cells(sheet.page, 2) == ["407", ""]


def test_a_pack_that_cannot_be_fetched_is_said_and_tried_again(start, site):
    sheet = start()
    sheet.write("7")
    site.faults["sheet.packed"] = refused
    sheet.hand.press("#add")
    assert "could not be fetched" in sheet.says("could not be fetched")
    assert number(sheet.page) == "7"
    site.faults.clear()
    sheet.hand.press("#add")
    sheet.says("Added 7.")
    sheet.visit.complaints.clear()
