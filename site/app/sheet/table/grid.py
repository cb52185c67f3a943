"""The sheet as a table to be seen: of thousands of rows only those in sight are elements of the page.

It follows the grid pattern of the ARIA Authoring Practices: one cell is in the order of Tab, arrows go to the others
(keys.py). Rows are of one height and lie where their number says, so that what leaves on one side comes in on the other.
"""

import asyncio

from pyscript import document
from pyscript.ffi import to_js

from app.clock import PAUSE
from app.dom import by_id, element, on
from app.sheet.keeping.store import address
from app.symbols import spoken

AROUND = 6  # rows beyond those in sight
LETTERS = 26
DOUBTFUL = ", not sure"
AT_ONCE = 6  # pictures shown in one piece


class Line:
    """One row of the page, shown for one row of the sheet after the other. What calls JavaScript is slow: a line is a copy of
    one that is there already, and only what differs is changed."""

    def __init__(self, template):
        self.element = template.cloneNode(True)
        children = self.element.children
        self.head = children.item(0)
        self.cells = [children.item(i) for i in range(1, children.length)]
        self.index = None
        self.said = [(None, False, False) for _ in self.cells]  # what each shows: (entry, is selected, has the keys)

    def show(self, index, entries, selection, waiting):
        """waiting: a list that gets (line, cell, entry) of each picture that is to be shown when there is time."""
        if index != self.index:
            self.index = index
            self.element.setAttribute("aria-rowindex", str(index + 2))
            self.element.style.setProperty("--at", str(index))
            self.head.textContent = str(index + 1)
        top, left, bottom, right = selection.block
        inside, here = top <= index < bottom, index == selection.row
        for column in range(len(self.cells)):
            entry = entries[column] if column < len(entries) else None
            said = entry, inside and left <= column < right, here and column == selection.column
            before = self.said[column]
            if said != before:
                cell = self.cells[column]
                self.said[column] = said
                if entry is not before[0]:
                    if fill(cell, entry, before[0]):
                        waiting.append((self, cell, entry))
                if said[1] != before[1]:
                    cell.setAttribute("aria-selected", "true" if said[1] else "false")
                if said[2] != before[2]:
                    cell.tabIndex = 0 if said[2] else -1


def template_of(columns):
    """The element of a row with so many empty cells."""
    made, head = element("div"), element("div", kind="row-head")
    made.setAttribute("role", "row")
    head.setAttribute("role", "rowheader")
    head.setAttribute("aria-colindex", "1")
    made.append(head)
    for column in range(columns):
        cell, picture = element("div"), element("img")
        picture.alt = ""
        picture.hidden = True
        cell.setAttribute("role", "gridcell")
        cell.setAttribute("aria-colindex", str(column + 2))
        cell.setAttribute("aria-selected", "false")
        cell.tabIndex = -1
        cell.append(picture, element("span"))
        made.append(cell)
    return made


def fill(cell, entry, before):
    """Text and picture of an entry, in the cell of the one before. Whether there is a picture still to be shown."""
    cell.lastElementChild.textContent = entry.text if entry else ""
    label = label_of(entry)
    if label or label_of(before):
        is_doubtful = label.endswith(DOUBTFUL)
        cell.className = "doubtful" if is_doubtful else ""
        cell.setAttribute("aria-label", label) if label else cell.removeAttribute("aria-label")
    has_picture = bool(entry) and entry.picture is not None
    if has_picture and entry.address:
        show_picture(cell, entry)
        return False
    if before and before.picture is not None:
        cell.firstElementChild.hidden = True
    return has_picture


def label_of(entry):
    """What screen readers say of an entry where its text does not do; ""."""
    if not entry:
        return ""
    if entry.is_doubtful or "?" in entry.text:
        return spoken(entry.text) + DOUBTFUL
    return "" if entry.text.isdigit() else spoken(entry.text)


def show_picture(cell, entry):
    if not entry.address:
        entry.address = address(entry.picture)
    picture = cell.firstElementChild
    picture.src = entry.address
    picture.hidden = False


class Grid:
    """Shows rows and a Selection of them."""

    def __init__(self, rows, selection):
        self.rows, self.selection = rows, selection
        self.box, self.body, self.heads = by_id("cells"), by_id("lines"), by_id("heads")
        self.lines = {}  # by the row that each shows
        self.spare = []
        self.columns = 0
        self.is_held = False  # a cell is edited: its element has to stay
        self.template = None
        self.waiting = []  # (line, cell, entry) whose picture is to be shown
        on(self.box, "scroll", lambda event: self.show())

    def page(self):
        """How many rows are in sight at once."""
        return max(1, int(self.box.clientHeight / self.line_height()) - 2)

    def line_height(self):
        return self.heads.offsetHeight or 44

    def show(self):
        """What is in sight now, as it is now."""
        columns = self.columns if self.is_held else max(1, self.rows.width)
        had_focus = columns != self.columns and self.box.contains(document.activeElement)
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
            self.lines[index] = self.spare.pop() if self.spare else Line(self.template)
        waited = bool(self.waiting)
        for index in wanted:
            entries, line = rows[index].entries if index < len(rows) else [], self.lines[index]
            line.show(index, entries, self.selection, self.waiting)
        for line in self.spare:
            line.element.remove()
        self.spare = []
        if new:
            self._set_in_order()
        if had_focus:  # its line is another one
            self.cell().focus(to_js({"preventScroll": True}))
        if self.waiting and not waited:
            asyncio.create_task(self._show_pictures())

    async def _show_pictures(self):
        """What is read first is there first; and none is shown of what has gone out of sight meanwhile."""
        while self.waiting:
            await asyncio.sleep(PAUSE)
            now, self.waiting = self.waiting[:AT_ONCE], self.waiting[AT_ONCE:]
            for line, cell, entry in now:
                if any([entry is said[0] for said in line.said]):
                    show_picture(cell, entry)

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
        self.count()
        self.show()

    def count(self):
        self.box.setAttribute("aria-rowcount", str(len(self.rows) + 2))
        self.body.style.setProperty("--rows", str(len(self.rows) + 1))

    def _show_heads(self, columns):
        self.columns = columns
        for line in self.lines.values():
            line.element.remove()
        self.lines, self.spare, self.waiting = {}, [], []
        self.template = template_of(columns)
        self.box.setAttribute("aria-colcount", str(columns + 1))
        self.box.style.setProperty("--columns", str(columns))
        made = []
        for index in range(columns + 1):
            head = element("div", letters(index - 1) if index else "All", "corner" if not index else "")
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
