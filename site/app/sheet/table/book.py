"""The sheet at work: what can be done with its rows, done, shown and said."""

import asyncio

from pyscript import document

from app.dom import by_id, enable, on
from app.files.clipboard import copy
from app.sheet.table.grid import Grid, letters
from app.sheet.table.keys import Keys
from app.sheet.table.rows import Entry
from app.sheet.table.selection import Selection
from app.symbols import number_of, spoken

# What its own file may hold, and delimited.py takes: see own_file.py.
MOST_COLUMNS, MOST_TYPED = 50, 1000
TOO_WIDE = f"A row would have more than {MOST_COLUMNS} cells."


def tell(sentence):
    """Says what was done, below the table; screen readers announce it once."""
    by_id("table-says").textContent = sentence


class Book:
    """`on_show` are functions called after each change of what is there or selected."""

    def __init__(self, rows):
        self.rows = rows
        self.selection = Selection(rows)
        self.grid = Grid(rows, self.selection)
        self.editor = None  # the field in the cell that is edited
        self.edited = (
            None  # (key of its row, None below the last; its column): rows may come and the selection go meanwhile
        )
        self.on_show = []
        self.keys = Keys(self)
        rows.on_change.append(lambda start, old, new: self.selection.stay())
        for name, work in (
            ("cell-edit", self.edit),
            ("cell-empty", self.empty),
            ("rows-remove", self.remove),
            ("rows-up", lambda: self.move(-1)),
            ("rows-down", lambda: self.move(1)),
            ("table-undo", self.undo),
            ("table-redo", self.redo),
            ("table-join", self.join),
            ("cells-extend", self._extend),
        ):
            listen(name, work)

    def show(self):
        self.grid.show_all()
        self._shown()

    def _shown(self):
        self._show_tools()
        for listener in self.on_show:
            listener()

    def _show_tools(self):
        top, _, bottom, _ = self.selection.block
        there = len(self.rows)
        for name, possible in (
            ("table-undo", self.rows.done),
            ("table-redo", self.rows.undone),
            ("cell-empty", top < there),
            ("rows-remove", top < there),
            ("rows-up", 0 < top < there),
            ("rows-down", bottom < there),
            ("table-join", self.rows.joined),
        ):
            enable(name, possible)

    # --- where -----------------------------------------------------------------------------

    def go(self, row, column, extend=False, whole="", focus=True):
        self.selection.go(row, column, extend, whole)
        self.grid.reveal(focus)
        self._shown()

    def go_whole(self, row, column, extend=False):
        """Selects a row, a column, or with -1 for both all of it."""
        if row < 0 and column < 0:
            self.go(self.selection.row, self.selection.column, whole="all")
            tell("All cells are selected.")
        elif row < 0:
            self.go(self.selection.row, column, extend and self.selection.whole == "columns", "columns")
            tell(f"Column {letters(self.selection.column)} is selected.")
        else:
            self.go(row, self.selection.column, extend and self.selection.whole == "rows", "rows")
            tell(f"Row {self.selection.row + 1} is selected.")

    def _extend(self):
        self.keys.extends = not self.keys.extends
        by_id("cells-extend").setAttribute("aria-pressed", "true" if self.keys.extends else "false")

    def select(self, top, left, bottom, right):
        """Shows a block of cells and selects it; the focus stays where it is. A cell that is edited stays selected."""
        if self.editor:
            self.show()
            return
        self.selection.select(top, left, bottom, right)
        self.grid.count()
        self.grid.reveal(False)
        self._shown()

    # --- a cell is edited --------------------------------------------------------------------

    def is_edited(self, target):
        return self.editor is not None and target.tagName == "INPUT"

    def edit(self, text=None):
        """Opens the field of a cell with what it says, or with the first character of something else."""
        selection = self.selection
        selection.go(selection.row, selection.column)
        self.grid.reveal()
        entry = self.rows.at(selection.row, selection.column)
        key = self.rows.rows[selection.row].key if selection.row < len(self.rows) else None
        self.edited = key, selection.column
        self.editor = document.createElement("input")
        self.editor.maxLength = MOST_TYPED
        self.editor.className = "editor"
        self.editor.autocomplete = "off"
        self.editor.spellcheck = False
        self.editor.setAttribute("aria-label", f"Cell {letters(selection.column)}{selection.row + 1}")
        self.editor.value = (entry.text if entry else "") if text is None else text
        self.grid.cell().append(self.editor)
        self.grid.is_held = True
        on(self.editor, "blur", lambda event: self.commit(0, 0, False))
        self.editor.focus()
        if text is None:
            self.editor.select()

    def drop(self):
        """What was typed is not taken."""
        self._close()
        self.grid.reveal()

    def _close(self):
        editor, self.editor, self.grid.is_held = self.editor, None, False
        if editor:
            editor.remove()
        return editor

    def commit(self, down, right, focus=True):
        """Takes what was typed, and goes on from there if it is a key that ended it. What was doubtful is sure then; not where
        a field that was opened by mistake is left as it was."""
        editor = self._close()
        if not editor:
            return
        text = editor.value.strip()
        key, column = self.edited
        row = self.rows.index_of(key)
        old = self.rows.at(row, column)
        if text != (old.text if old else "") or (focus and old and old.is_doubtful):
            new = Entry(text, old and old.picture, source=old.source if old else "") if text else None
            name = f"{letters(column)}{row + 1}"
            self.rows.set(row, column, new, f"Edited {name}")
            tell(f"{name} is {spoken(text)}." if text else f"{name} is empty.")
            self.show()
        if focus:
            self.go(row + down, column + right)

    # --- what is selected is changed ------------------------------------------------------------

    def empty(self, block=None):
        """What is selected, or the block that is given."""
        top, left, bottom, right = block or self.selection.block
        if top < len(self.rows):
            self.rows.empty(top, left, bottom, right, "Emptied")
            tell("Emptied.")
            self.show()

    def remove(self):
        top, _, bottom, _ = self.selection.block
        bottom = min(bottom, len(self.rows))
        if top < bottom:
            words = f"Deleted row {top + 1}" if bottom - top == 1 else f"Deleted {bottom - top} rows"
            self.rows.remove(top, bottom, words)
            self.selection.go(top, self.selection.column)
            self._done(words + ".")

    def move(self, by):
        top, _, bottom, _ = self.selection.block
        if self.rows.move(top, bottom, by, "Moved"):
            self.selection.row += by
            self.selection.from_row += by
            self._done(f"Moved {'up' if by < 0 else 'down'} to row {top + by + 1}.")

    def paste(self, table, words):
        """A block of texts goes over what is there, from the first cell of what is selected on."""
        top, left, _, _ = self.selection.block
        if left + max([len(row) for row in table]) > MOST_COLUMNS:
            tell(TOO_WIDE)
            return
        self.rows.put(top, left, [[Entry(text) if text else None for text in row] for row in table], words)
        self.select(top, left, top + len(table), left + max([len(row) for row in table]))
        self._done(words + ".")

    def join(self):
        joined = self.rows.joined
        if joined and sum(self.rows.widths(*joined)) > MOST_COLUMNS:
            tell(TOO_WIDE)
        elif joined:
            self.rows.join("Put beside the page before")
            self._done(f"The last page is now beside the one before, from row {joined[0] + 1} on.")

    def undo(self):
        words = self.rows.undo()
        self._done(f"Undone: {words}." if words else "Nothing to undo.")

    def redo(self):
        words = self.rows.redo()
        self._done(f"Done again: {words}." if words else "Nothing to do again.")

    def _done(self, sentence):
        tell(sentence)
        self.grid.count()
        self.grid.reveal(self.grid.box.contains(document.activeElement))
        self._shown()

    # --- the clipboard ---------------------------------------------------------------------------

    def copied(self):
        """What is selected, as texts."""
        return self.rows.texts(*self.selection.block)

    def copy(self):
        asyncio.create_task(copy_table(self.copied()))

    def cut(self):
        asyncio.create_task(self._cut(self.selection.block, self.copied()))

    async def _cut(self, block, texts):
        """Empties only what was copied: the browser may not let it, or the cells may be others by then."""
        if await copy_table(texts) and self.rows.texts(*block) == texts:
            self.empty(block)


async def copy_table(table):
    """As a text that a spreadsheet takes as cells; whether the browser let it."""
    from app.sheet.delimited import tsv  # what is not needed to show a sheet comes after that

    cells = sum([len([each for each in row if each]) for row in table])
    is_copied = await copy(tsv(table))
    copied, refused = f"Copied {number_of(cells, 'cell')}.", "This browser did not let the page copy. Save it as CSV."
    tell(copied if is_copied else refused)
    return is_copied


def listen(name, work):
    """`work()` when the button is pressed."""
    on(name, "click", lambda event: work())
