"""The sheet as a table to be seen: of thousands of rows only those in sight are elements of the page.

It follows the grid pattern of the ARIA Authoring Practices: one cell is in the order of Tab, arrows go to the others
(keys.py). Rows are of one height and lie where their number says, so that what leaves on one side comes in on the other.
"""

from pyscript import document
from pyscript.ffi import to_js

from app.dom import by_id, element, on
from app.sheet.keeping.crops import address
from app.sheet.keeping.store import bytes_of
from app.symbols import NAMES, spoken

AROUND = 6  # rows beyond those in sight
LETTERS = 26


class Line:
    """One row of the page, shown for one row of the sheet after the other."""

    def __init__(self):
        self.element = element("div")
        self.element.setAttribute("role", "row")
        self.head = element("div", kind="row-head")
        self.head.setAttribute("role", "rowheader")
        self.head.setAttribute("aria-colindex", "1")
        self.element.append(self.head)
        self.index = None
        self.cells = []
        self.said = []  # for each cell what it shows: (entry, is selected, has the keys)

    def show(self, index, entries, columns, selection):
        if index != self.index:
            self.index = index
            self.element.setAttribute("aria-rowindex", str(index + 2))
            self.element.style.setProperty("--at", str(index))
            self.head.textContent = str(index + 1)
        while len(self.cells) > columns:
            self.cells.pop().remove()
            self.said.pop()
        while len(self.cells) < columns:
            self._add_cell()
        top, left, bottom, right = selection.block
        inside, here = top <= index < bottom, index == selection.row
        for column in range(columns):
            entry = entries[column] if column < len(entries) else None
            said = entry, inside and left <= column < right, here and column == selection.column
            if said != self.said[column]:
                self._show_cell(self.cells[column], said, self.said[column])
                self.said[column] = said

    def _add_cell(self):
        cell = element("div")
        cell.setAttribute("role", "gridcell")
        cell.setAttribute("aria-colindex", str(len(self.cells) + 2))
        cell.setAttribute("aria-selected", "false")
        cell.tabIndex = -1
        self.element.append(cell)
        self.cells.append(cell)
        self.said.append((None, False, False))

    def _show_cell(self, cell, said, before):
        entry, is_selected, has_keys = said
        if entry is not before[0]:
            fill(cell, entry)
        if is_selected != before[1]:
            cell.setAttribute("aria-selected", "true" if is_selected else "false")
        if has_keys != before[2]:
            cell.tabIndex = 0 if has_keys else -1


def fill(cell, entry):
    """Text and picture of an entry, in its cell."""
    cell.textContent = entry.text if entry else ""
    is_doubtful = bool(entry) and (entry.is_doubtful or "?" in entry.text)
    cell.className = "doubtful" if is_doubtful else ""
    marks = [each for each in entry.text if each in NAMES] if entry else []
    if is_doubtful or marks:
        cell.setAttribute("aria-label", spoken(entry.text) + (", not sure" if is_doubtful else ""))
    else:
        cell.removeAttribute("aria-label")
    if entry and entry.picture is not None:
        if entry.address is None:
            entry.address = address(bytes_of(entry.picture))
        picture = document.createElement("img")
        picture.alt = ""
        picture.src = entry.address
        cell.prepend(picture)


class Grid:
    """Shows rows and a Selection of them."""

    def __init__(self, rows, selection):
        self.rows, self.selection = rows, selection
        self.box, self.body, self.heads = by_id("cells"), by_id("lines"), by_id("heads")
        self.lines = {}  # by the row that each shows
        self.spare = []
        self.columns = 0
        on(self.box, "scroll", lambda event: self.show())

    def page(self):
        """How many rows are in sight at once."""
        return max(1, int(self.box.clientHeight / self.line_height()) - 2)

    def line_height(self):
        return self.heads.offsetHeight or 44

    def show(self):
        """What is in sight now, as it is now."""
        columns = max(1, self.rows.width)
        if columns != self.columns:
            self._show_heads(columns)
        height = self.line_height()
        first = max(0, int(self.box.scrollTop / height) - AROUND)
        last = min(len(self.rows), first + int(self.box.clientHeight / height) + 2 * AROUND)
        wanted = set(range(first, last + 1))
        wanted.add(self.selection.row)  # what has the keys stays, or they would be lost
        for index in [each for each in self.lines if each not in wanted]:
            self.spare.append(self.lines.pop(index))
        rows = self.rows.rows
        new = [index for index in wanted if index not in self.lines]
        for index in new:
            self.lines[index] = self.spare.pop() if self.spare else Line()
        for index in wanted:
            entries = rows[index].entries if index < len(rows) else []
            self.lines[index].show(index, entries, columns, self.selection)
        for line in self.spare:
            line.element.remove()
        self.spare = []
        if new:
            self._set_in_order()

    def _set_in_order(self):
        """Screen readers go by the order of elements. The one with the focus is not moved: it would lose it."""
        here = self.selection.row
        fixed = self.lines[here].element
        if not self.body.contains(fixed):
            self.body.append(fixed)
        for index in sorted(self.lines):
            if index < here:
                fixed.before(self.lines[index].element)
            elif index > here:
                self.body.append(self.lines[index].element)

    def show_all(self):
        """After a change: how many there are, too."""
        self.box.setAttribute("aria-rowcount", str(len(self.rows) + 2))
        self.body.style.setProperty("--rows", str(len(self.rows) + 1))
        self.show()

    def _show_heads(self, columns):
        self.columns = columns
        self.box.setAttribute("aria-colcount", str(columns + 1))
        self.box.style.setProperty("--columns", str(columns))
        made = []
        for index in range(columns + 1):
            head = element("div", letters(index - 1) if index else "", "corner" if not index else "")
            head.setAttribute("role", "columnheader")
            head.setAttribute("aria-colindex", str(index + 1))
            if not index:
                head.setAttribute("aria-label", "All cells")
            made.append(head)
        self.heads.replaceChildren(*made)

    # --- places ---------------------------------------------------------------------------

    def reveal(self, focus=True):
        """Scrolls the table, not the page, until the cell that has the keys is in sight; `focus` gives it the focus."""
        height = self.line_height()
        top = self.selection.row * height
        inside = self.box.clientHeight - height  # under the heads
        if top < self.box.scrollTop:
            self.box.scrollTop = top
        elif top + height > self.box.scrollTop + inside:
            self.box.scrollTop = top + height - inside
        self.show()
        cell = self.cell()
        edge = self.heads.firstElementChild.offsetWidth
        if cell.offsetLeft - edge < self.box.scrollLeft:
            self.box.scrollLeft = cell.offsetLeft - edge
        elif cell.offsetLeft + cell.offsetWidth > self.box.scrollLeft + self.box.clientWidth:
            self.box.scrollLeft = cell.offsetLeft + cell.offsetWidth - self.box.clientWidth
        if focus:
            cell.focus(to_js({"preventScroll": True}))

    def cell(self):
        """The element that has the keys."""
        return self.lines[self.selection.row].cells[self.selection.column]

    def place_of(self, target):
        """(row, column) of what an event came from: row -1 for the heads, column -1 for a row's; None beside them."""
        part = target.closest("[role=gridcell], [role=rowheader], [role=columnheader]")
        if not hasattr(part, "closest"):
            return None
        column = int(part.getAttribute("aria-colindex") or 1) - 2
        if part.getAttribute("role") == "columnheader":
            return -1, column
        return int(part.closest("[role=row]").getAttribute("aria-rowindex")) - 2, column


def letters(column):
    """A, B, ..., Z, AA, AB, ..."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, LETTERS)
        name = chr(ord("A") + rest) + name
    return name
