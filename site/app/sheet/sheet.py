"""What app/table.py gets when the sheet is first used: rows taken over, put right, kept and taken out."""

import asyncio

from app.clock import PAUSE
from app.dom import by_id
from app.sheet.keeping.keeper import Keeper
from app.sheet.table.book import Book
from app.sheet.table.rows import Entry, Rows
from app.symbols import number_of

AT_ONCE = 8  # pictures taken in one piece
UNKEPT = "This browser does not let the page keep the sheet: it lasts as long as the page is open. Save it as a file."
LATER = "Another sheet is kept here by a later version of this page. It is left as it is."


class Sheet:
    def __init__(self, desk, mode, tab, browser):
        self.desk, self.mode = desk, mode
        self.rows = Rows()
        self.book = Book(self.rows)
        self.keeper = Keeper(self.rows, tab, browser, self._show_kept, self._show_late)
        self.out = self.summary = None  # see equip()
        self.said = ""  # of what is kept
        by_id("table").toggleAttribute("data-open", True)

    async def open(self):
        """It is shown, empty until what was kept of it is there."""
        self.book.show()
        if await self.keeper.open():
            self.book.selection.go(len(self.rows) - 1, 0)
            self.book.grid.count()
            self.book.grid.reveal(False)
            await asyncio.sleep(PAUSE)
        self.equip()
        self.book.show()

    def equip(self):
        """What is not needed to see a sheet comes after that: the line below it, and the ways out and in."""
        if self.out is None:
            from app.sheet.out import Out
            from app.sheet.table.summary import Summary

            self.out, self.summary = Out(self.book, self.mode), Summary(self.book, self.mode)

    def _show_late(self, count):
        """So many rows have come before those that are there."""
        self.book.selection.row += count
        self.book.selection.from_row += count
        self.book.show()

    def _show_kept(self):
        sentences = [UNKEPT] if not self.keeper.is_kept else []
        sentences += [LATER] if self.keeper.is_later else []
        said = " ".join(sentences)
        if said != self.said:
            self.said = said
            by_id("table-unkept").textContent = said
            by_id("table-unkept").hidden = not said

    # --- what was read comes in -----------------------------------------------------------

    async def take(self):
        """Takes over what is read now, as one step. Returns what is to be said, "" if there is nothing."""
        from app.sheet.keeping.crops import Camera

        self.equip()
        desk = self.desk
        cells = [row for row in desk.rows() if desk.reading.is_table or any([cell.text for cell in row])]
        if not cells:
            return ""
        is_page = desk.file is not None
        source = desk.file.name if is_page else ""
        camera = Camera(*desk.picture())
        table, taken = [], 0
        for row in cells:
            table.append([self._entry(cell, camera, source) for cell in row])
            taken += len(row)
            if taken >= AT_ONCE:
                taken = 0
                await asyncio.sleep(PAUSE)
        return await self.add(table, is_page, source)

    def _entry(self, cell, camera, source):
        return Entry(cell.text, camera.take(cell.box), cell.is_doubtful, source) if cell.text else None

    async def add(self, table, is_page, source):
        entries = [each for row in table for each in row if each]
        what = in_words(entries) if len(table) == 1 else f"{number_of(len(table), 'row')} of {source or 'your drawing'}"
        top = len(self.rows)
        self.rows.add(table, f"Added {what}", is_page)
        self.book.select(top, 0, top + len(table), max([len(row) for row in table]))
        return f"Added {what}. {await self._counted()}"

    async def _counted(self):
        """ "12 entries, sum 345." Of more than one column a sum would mean nothing."""
        count = self.rows.count
        said = "1 entry" if count == 1 else f"{count} entries"
        if self.rows.width != 1:
            return said + "."
        from app.sheet.table.summary import tallied

        tally = await tallied(self.rows.rows, 0, 1, self.mode.decimal)
        return " ".join([said + (f", sum {tally.sum()}." if tally.sum() else ".")] + tally.warnings())


def in_words(entries):
    texts = [each.text for each in entries]
    return " ".join(texts) if len(" ".join(texts)) < 40 else number_of(len(texts), "cell")
