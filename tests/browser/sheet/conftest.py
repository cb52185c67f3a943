"""A page for each test of the sheet, as what is kept of one would be there in the next."""

import pytest

from tests.browser.conftest import LAPTOP
from tests.browser.hand import number, wait_for, wait_until_ready


class Sheet:
    """A visit, and its sheet as a person sees it."""

    def __init__(self, visit):
        self.visit, self.page, self.hand = visit, visit.page, visit.hand

    def texts(self):
        """Rows of texts as the elements have them: only those in sight and near."""
        return self.page.evaluate("""() => [...document.querySelectorAll("#lines [role=row]")].map(row =>
            [...row.querySelectorAll("[role=gridcell]")].map(cell => cell.textContent)).slice(0, -1)""")

    def write(self, text):
        """On the pad, until it is read."""
        self.page.evaluate("scrollTo(0, 0)")
        self.hand.write(text)
        assert number(self.page) == text

    def add(self, text=None):
        """Adds what is read, or what is written now, until it is said."""
        if text:
            self.write(text)
        self.hand.press("#add")
        self.says("Added")

    def fill(self, text):
        """Pastes a table, from the first empty row on."""
        self.page.locator("#table-begin:visible, #cell-edit:visible").first.wait_for()
        if self.page.locator("#table-begin").is_visible():
            self.hand.press("#table-begin")
            wait_for(self.page, "document.activeElement.closest('#cells')")
        self.page.locator("[role=gridcell][tabindex='0']").focus()
        self.paste(text)

    def paste(self, text):
        """On what has the focus, as a spreadsheet's cells come."""
        self.page.evaluate(
            """text => {
              const clipboardData = new DataTransfer();
              clipboardData.setData("text/plain", text);
              const options = {bubbles: true, cancelable: true, clipboardData};
              document.activeElement.dispatchEvent(new ClipboardEvent("paste", options));
            }""",
            text,
        )

    def says(self, words):
        """In the status line."""
        self.page.locator("#status", has_text=words).wait_for()
        return self.page.text_content("#status")

    def tells(self, words):
        """Below the table."""
        self.page.locator("#table-says", has_text=words).wait_for()
        return self.page.text_content("#table-says")

    def sums(self, words):
        """In the line under the table."""
        self.page.locator("#sums", has_text=words).wait_for()

    def cell(self, name):
        """ "B3" as an element."""
        return self.page.locator(
            f"#lines [aria-rowindex='{int(name[1:]) + 1}'] [aria-colindex='{ord(name[0]) - ord('A') + 2}']"
        )

    def here(self):
        """The cell that has the focus, as "B3"."""
        return self.page.evaluate("""() => {
          const cell = document.activeElement.closest("[role=gridcell]");
          return cell && String.fromCharCode(63 + +cell.ariaColIndex) + (cell.parentElement.ariaRowIndex - 1);
        }""")

    def selected(self):
        return self.page.locator("#lines [aria-selected=true]").all_text_contents()

    def kept(self, count):
        """Waits until so many rows are in storage, and gives their texts."""
        return self.page.evaluate(KEPT, count)

    def reload(self):
        self.page.reload()
        wait_until_ready(self.page)


KEPT = """async count => {
  const all = async () => {
    const known = await indexedDB.databases(); // asked for, it would be made
    if (!known.some(({name}) => name === "number-reader-sheets")) return [];
    return new Promise((resolve, reject) => {
      const opening = indexedDB.open("number-reader-sheets");
      opening.onsuccess = () => {
        const asked = opening.result.transaction("rows").objectStore("rows").getAll();
        asked.onsuccess = () => { opening.result.close(); resolve(asked.result); };
      };
      opening.onerror = reject;
    });
  };
  for (let i = 0; i < 100; i++) {
    const rows = await all();
    if (rows.length === count)
      return rows.sort((a, b) => a.place - b.place).map(row => JSON.parse(row.entries).map(each => each && each[0]));
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  return "there are " + (await all()).length;
}"""


@pytest.fixture
def start(visits):
    """A function that starts a visit; no complaint may come from any."""
    started = []

    def begin(**context):
        visit = visits(**({"viewport": LAPTOP, "permissions": ["clipboard-read", "clipboard-write"]} | context))
        wait_until_ready(visit.page)
        started.append(visit)
        return Sheet(visit)

    yield begin
    for visit in started:
        assert visit.complaints == []
        visit.page.close()


CLEAR = """() => {
  for (const name of ["clear", "table-clear", "table-clear-yes"]) document.getElementById(name).click();
}"""


@pytest.fixture(scope="module")
def shared(visits):
    visit = visits(viewport=LAPTOP, permissions=["clipboard-read", "clipboard-write"])
    wait_until_ready(visit.page)
    return visit


@pytest.fixture
def sheet(shared):
    """The module's shared page with a blank pad and nothing in its sheet."""
    shared.complaints.clear()
    shared.page.evaluate(CLEAR)
    yield Sheet(shared)
    assert shared.complaints == []
