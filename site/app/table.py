"""The sheet's door: what it does comes in a pack of its own, fetched when something is first put into it, or when there is one
in this browser. Add puts what was read into it; so does a second Enter on the pad.
"""

import asyncio

from jsffi import JsException

from app.dom import by_id, enable, offer, on, say
from app.later import fetch

NAME = "sheet"  # under which a tab remembers its own, and the browser that there is one
UNFETCHED = "The sheet could not be fetched. Nothing is lost: try again once you are online."
ALREADY = "This is in the sheet already."
AGAIN = " It is there twice now, as it was and as you mended it."


class Table:
    def __init__(self, desk, mode, tab, browser):
        self.desk, self.mode, self.tab, self.browser = desk, mode, tab, browser
        self.opened = None  # the Sheet (app/sheet/sheet.py)
        self.opening = asyncio.Lock()
        self.busy = False
        self.taken = None  # the Reading that was put into it last, and how often it was mended before
        self.step = None  # of the sheet's, which put it there
        self.entered = None  # the turn of the desk in which Enter asked for a reading
        on("add", "click", lambda event: asyncio.create_task(self.add()))
        on("table-begin", "click", lambda event: asyncio.create_task(self._begin()))
        on("table-file", "change", lambda event: self._chosen())
        desk.on_reading.append(lambda reading: self._show())
        self._show()

    def _show(self):
        enable("add", bool(self.desk.reading and self.desk.reading.text))

    async def sheet(self, now=True):
        """The Sheet, fetched; None where it can't be fetched. now: all of it at once, not first what is kept."""
        async with self.opening:
            if self.opened is None:
                try:
                    await fetch(NAME)
                    from app.sheet.sheet import Sheet
                except JsException:
                    say(UNFETCHED)
                    return None
                sheet = Sheet(self.desk, self.mode, self.tab, self.browser)
                self.opened = sheet
                if now:
                    sheet.equip()
                asyncio.create_task(sheet.open())  # storage that never answers is not waited for
        return self.opened

    async def restore(self):
        """What is kept in this browser is shown; who keeps none fetches nothing."""
        if await self.tab.recall(NAME) or await self.browser.recall(NAME):
            await self.sheet(now=False)

    async def _begin(self):
        sheet = await self.sheet()
        if sheet:
            sheet.book.go(len(sheet.rows), 0)

    def _chosen(self):
        files = by_id("table-file").files
        if files.length:
            asyncio.create_task(self._open(files.item(0)))

    async def _open(self, file):
        sheet = await self.sheet()
        by_id("table-file").value = ""  # the same file can be chosen again
        if sheet:
            sheet.equip()  # it may be there for what is kept alone
            await sheet.out.open(file)

    # --- what was read goes in -------------------------------------------------------------

    def enter(self, was_down):
        """Enter on the pad: the first one reads, with the pen up at once; a second puts what was read into the sheet."""
        if not was_down and self.entered == self.desk.turn and self.desk.reading and self.desk.is_read:
            asyncio.create_task(self.add())
        elif not was_down:
            self.desk.read_again()
        self.entered = self.desk.turn

    async def add(self, quietly=False):
        """Puts what is read now into the sheet, and clears the pad. Whether it is in there."""
        desk = self.desk
        reading = desk.reading
        if self.busy or not (reading and reading.text):
            return False
        state = reading, len(reading.steps)
        was_there = bool(self.taken) and self.taken[0] is reading and self._is_there()
        if state == self.taken and self._is_there():
            say(ALREADY)
            return False
        self.busy, turn = True, desk.turn
        try:
            sheet = await self.sheet()
            if not sheet or turn != desk.turn or not desk.reading:
                return False
            state = desk.reading, len(desk.reading.steps)  # the same may have been read anew meanwhile
            self.taken = state
            sentence = await sheet.take()
        finally:
            self.busy = False
        self.step = step = sheet.rows.done[-1]
        if desk.turn == turn and desk.file is None:
            desk.pad.clear()
        if not quietly:
            sentence += AGAIN if was_there else ""
            offer(sentence, "Undo", lambda: self._undo(step))
        return True

    def _is_there(self):
        """Whether anything that was taken over last is still in the sheet: it may have been undone, deleted, cleared."""
        keys = {row.key for row in self.step[2]} if self.step else ()
        return any([row.key in keys for row in self.opened.rows.rows])

    def _undo(self, step):
        """Takes it out again, unless something else was done since."""
        rows = self.opened.rows
        if rows.done and rows.done[-1] is step:
            self.taken = None
            self.opened.book.undo()
            say("Taken out of the sheet again.")
        else:
            say("The sheet was changed since. Its own Undo takes back one step at a time.")
