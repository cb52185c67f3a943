"""The sheet out and in: to the clipboard, a CSV file, paper or another program, and its own file, which can be opened."""

import asyncio

from jsffi import JsException
from pyscript import document, window
from pyscript.ffi import to_js

from app.clock import PAUSE
from app.dom import by_id, element, enable, on
from app.files.saving import download
from app.sheet import delimited
from app.sheet.keeping import own_file
from app.sheet.keeping.store import address, bytes_of
from app.sheet.table.book import copy_table, listen, tell
from app.sheet.table.rows import Entry
from app.symbols import number_of

NAME = "numbers"
CSV = "text/csv"
AT_ONCE = 50  # rows that are made for the printer, or read from a file, in one piece


class Out:
    def __init__(self, book, mode):
        self.book, self.mode = book, mode
        self.rows = book.rows
        for name, work in (
            ("table-copy", self._copy),
            ("table-csv", self._save_csv),
            ("table-print", lambda: asyncio.create_task(self._print())),
            ("table-share", lambda: asyncio.create_task(self._share())),
            ("table-save", lambda: asyncio.create_task(self._save())),
            ("table-clear", lambda: len(self.rows) and self._ask(True)),
            ("table-clear-no", lambda: self._ask(False)),
            ("table-clear-yes", self._clear),
        ):
            listen(name, work)
        by_id("table-share").hidden = not hasattr(window.navigator, "canShare")
        on("table", "paste", self._pasted)
        on(document.defaultView, "afterprint", lambda event: self._printed())
        book.on_show.append(self._show)

    def _show(self):
        for name in ("table-copy", "table-csv", "table-print", "table-share", "table-save", "table-clear"):
            enable(name, len(self.rows))
        if not len(self.rows):
            by_id("table-clear-sure").hidden = True

    # --- out -----------------------------------------------------------------------------

    def _copy(self):
        """What is selected; all of it where that is but one cell."""
        if len(self.rows):
            one = self.book.selection.is_one
            asyncio.create_task(copy_table(self._all() if one else self.book.copied()))

    def _all(self):
        return self.rows.texts(0, 0, len(self.rows), self.rows.width)

    def _csv(self):
        text = delimited.csv(delimited.plain(self._all(), self.mode.decimal), self.mode.decimal)
        return window.File.new(to_js([text]), NAME + ".csv", to_js({"type": CSV}))

    def _save_csv(self):
        if len(self.rows):
            file = self._csv()
            download(file, file.name)

    async def _share(self):
        if not len(self.rows):
            return
        navigator = window.navigator
        shared = to_js({"files": [self._csv()]})
        if not navigator.canShare(shared):
            shared = to_js({"text": delimited.tsv(self._all())})
        try:
            await navigator.share(shared)
        except JsException as error:
            if "AbortError" not in str(error):  # the person thought better of it
                tell("This browser did not let the page share. Save it as CSV.")

    async def _save(self):
        if not len(self.rows):
            return
        pictures, rows = [], []
        for row in self.rows.rows:
            entries = []
            for each in row.entries:
                picture = each and bytes_of(each.picture)
                if picture is not None:
                    pictures.append(picture)
                entries.append(each and (each.text, each.is_doubtful, each.source, picture.length if picture else 0))
            rows.append(entries)
            if len(rows) % AT_ONCE == 0:
                await asyncio.sleep(PAUSE)
        first = own_file.first_part(rows)
        file = window.Blob.new(to_js([first] + pictures))
        try:
            own_file.start_of(first[: own_file.HEAD].encode(), file.size)
            if len(rows) > own_file.MOST_ROWS:
                raise own_file.FileError(own_file.TOO_LARGE)
        except own_file.FileError:
            tell("The sheet is larger than a file that this page would open again. Save it as CSV.")
            return
        download(file, NAME + own_file.EXTENSION)

    # --- on paper ------------------------------------------------------------------------

    async def _print(self):
        """All rows with their pictures, as a table that only the printer gets."""
        if not len(self.rows):
            return
        table, body, pictures = element("table"), element("tbody"), []
        table.append(body)
        width = self.rows.width
        for i, row in enumerate(self.rows.rows):
            line = element("tr")
            line.append(element("th", str(i + 1)))
            for column in range(width):
                line.append(self._printed_cell(row.entries[column] if column < len(row.entries) else None, pictures))
            body.append(line)
            if i % AT_ONCE == AT_ONCE - 1:
                await asyncio.sleep(PAUSE)
        by_id("paper").replaceChildren(table)
        document.body.toggleAttribute("data-printing", True)
        await window.Promise.allSettled(to_js([picture.decode() for picture in pictures]))
        window.print()

    def _printed_cell(self, entry, pictures):
        cell = element("td", entry.text if entry else "")
        if entry and entry.picture is not None:
            entry.address = entry.address or address(entry.picture)
            picture = document.createElement("img")
            picture.src = entry.address
            picture.alt = ""
            cell.prepend(picture)
            pictures.append(picture)
        if entry and entry.is_doubtful:
            cell.append(element("span", " (?)"))
        return cell

    def _printed(self):
        document.body.toggleAttribute("data-printing", False)
        by_id("paper").replaceChildren()

    # --- in --------------------------------------------------------------------------------

    def _pasted(self, event):
        """Cells of a spreadsheet; a picture is read as anywhere else."""
        if event.target.tagName == "INPUT" or event.clipboardData.files.length:
            return
        text = event.clipboardData.getData("text/plain")
        if text.strip():
            event.preventDefault()
            event.stopPropagation()
            self._take(text, "Pasted")

    def _take(self, text, words):
        try:
            table = [row for row in delimited.table_of(text, self.mode.decimal) if row]
        except delimited.TableError as error:
            tell(str(error))
            return
        if table:
            cells = sum([len(row) for row in table])
            self.book.paste(table, f"{words} {number_of(cells, 'cell')}")

    async def open(self, file):
        """Adds what a file holds, one of the sheet's own or a table as text, below what is there."""
        try:
            await self._open(file)
        except own_file.FileError as error:
            tell(f"{file.name} {error}.")
        except JsException:
            tell(f"{file.name} could not be read.")

    async def _open(self, file):
        head = bytes(window.Uint8Array.new(await file.slice(0, own_file.HEAD).arrayBuffer()))
        if not head.startswith(own_file.MAGIC.encode()) and not file.name.endswith(own_file.EXTENSION):
            if file.size > 4 * delimited.LONGEST or b"\0" in head:
                raise own_file.FileError(own_file.FOREIGN)
            self.book.selection.go(len(self.rows), 0)
            self._take(await file.text(), f"From {file.name}:")
            return
        start, end = own_file.start_of(head, file.size)
        table = own_file.table_of(await file.slice(start, end).text(), file.size - end)
        pictures = await file.slice(end).arrayBuffer()
        rows = []
        for row in table:
            rows.append([each and opened_entry(each, pictures) for each in row])
            if len(rows) % AT_ONCE == 0:
                await asyncio.sleep(PAUSE)
        top = len(self.rows)
        self.rows.add(rows, f"Opened {file.name}")
        if rows:
            self.book.selection.go(top, 0)
        self.book.show()
        self.book.grid.reveal(False)
        tell(f"{number_of(len(rows), 'row')} from {file.name}.")

    # --- all of it goes ----------------------------------------------------------------------

    def _ask(self, sure):
        by_id("table-clear-question").textContent = f"Clear all {number_of(len(self.rows), 'row')} of the sheet?"
        by_id("table-clear-sure").hidden = not sure
        by_id("table-clear-no" if sure else "table-clear").focus()

    def _clear(self):
        by_id("table-clear-sure").hidden = True
        self.rows.remove(0, len(self.rows), "Cleared the sheet")
        tell("The sheet is cleared, here and in this browser. Undo brings it back while the page is open.")
        self.book.show()
        by_id("table-undo").focus()


def opened_entry(each, pictures):
    text, doubtful, source, start, end = each
    picture = window.Uint8Array.new(pictures.slice(start, end)) if end > start else None
    return Entry(text, picture, doubtful, source)
