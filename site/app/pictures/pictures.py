"""Pictures in: chosen, taken by the camera, dropped anywhere on the page, or pasted."""

import asyncio

from pyscript import document, window
from pyscript.ffi import to_js

from app.dom import READY, by_id, on, reveal, say
from app.pictures.copied import html_in, picture_in
from app.pictures.several import Several

PASTED, DROPPED = "Pasted picture", "Dropped picture"
NONE_PASTED = "There is no picture on the clipboard. Copy a picture, then paste it here."
NONE_DROPPED = "What was dropped is not a file. Drop a picture's file here, or copy the picture and paste it."
EMPTY = "The copied picture is empty. Copy it once more, or save it and open the file."
WORKPLACE = ".state, .reading, .drawing, #chosen, #why"
WRITTEN_IN = "textarea, [contenteditable], input:not([type=file], [type=range], [type=checkbox], [type=radio])"


class Pictures:
    """The ways in; all end at `desk.open`. Several pictures go into the sheet, one after the other."""

    def __init__(self, desk, table):
        self.desk, self.table = desk, table
        self.several = Several(desk, table)
        on("image", "change", self._chosen)
        page = document.documentElement
        on(page, "paste", self._pasted)
        # Without these two the browser would leave the page for the file, and the drawing with it.
        on(page, "dragenter", self._dragged)
        on(page, "dragover", self._dragged)
        on(page, "drop", self._dropped)
        on("drop", "dragleave", lambda event: self._show_target(False))
        on("write", "click", lambda event: desk.close())
        on(page, "keydown", self._key)

    def take(self, file, note=READY):
        """Opens a picture, and says `note` of it."""
        if document.body.dataset.app == "ready" or note != READY:
            say(note)
        self.desk.open(file)
        reveal(document.querySelector(".reading"))  # a sample is tried far below it

    def _take_all(self, files):
        """Opens the pictures among some files; where none calls itself one, the first file has its say."""
        files = [files.item(i) for i in range(files.length)]
        pictures = [file for file in files if file.type.startswith("image/") and file.size]
        if len(pictures) > 1:
            self.several.begin(pictures)
            reveal(document.querySelector(".reading"))
        elif len(files) == 1 or not pictures:
            self.take(files[0])
        else:
            self.take(pictures[0], f"Of {len(files)} files only {pictures[0].name} is a picture.")

    def _key(self, event):
        """Escape goes back to the pad, from wherever the picture is looked at."""
        here = event.target
        is_here = here.matches("body") or here.closest(WORKPLACE)
        if (
            event.key == "Escape"
            and not event.defaultPrevented
            and is_here
            and document.body.dataset.place == "picture"
        ):
            event.preventDefault()
            self.desk.close()

    # --- the file chooser ----------------------------------------------------------------

    def _chosen(self, event):
        chosen = by_id("image").files
        if chosen.length:
            self._take_all(chosen)
            by_id("image").value = ""  # the same file can be chosen again

    # --- drag and drop -------------------------------------------------------------------

    def _dragged(self, event):
        event.preventDefault()
        event.dataTransfer.dropEffect = "copy"
        self._show_target(event.dataTransfer.types.includes("Files"))

    def _dropped(self, event):
        event.preventDefault()
        self._show_target(False)
        if event.dataTransfer.files.length:
            self._take_all(event.dataTransfer.files)
        else:
            self._take_from_html(event.dataTransfer, DROPPED, NONE_DROPPED)

    def _show_target(self, shown):
        # It covers the page, so that what is dragged leaves it only where it leaves the window.
        by_id("drop").hidden = not shown

    # --- the clipboard -------------------------------------------------------------------

    def _pasted(self, event):
        if event.target.matches(WRITTEN_IN):
            return
        event.preventDefault()
        pasted = event.clipboardData.files
        if not pasted.length:
            self._take_from_html(event.clipboardData, PASTED, NONE_PASTED)
        elif pasted.length == 1 and not pasted.item(0).size:
            self._take_from_html(event.clipboardData, PASTED, EMPTY)
        elif pasted.length == 1 and pasted.item(0).name == "image.png":  # the browser's name for what was no file
            self.take(named(pasted.item(0), PASTED))
        else:
            self._take_all(pasted)

    # --- text that may hold one ----------------------------------------------------------

    def _take_from_html(self, transfer, name, otherwise):
        """Opens the picture in the HTML of what was dropped or pasted, or says why it can't, or `otherwise`."""
        html = html_in(transfer)
        if html:
            asyncio.create_task(self._open_from_html(html, name, otherwise))
        else:
            say(otherwise)

    async def _open_from_html(self, html, name, otherwise):
        turn = self.desk.turn
        blob, problem = await picture_in(html)
        if turn != self.desk.turn:  # something was drawn or opened meanwhile
            return
        if blob:
            self.take(named(blob, name))
        else:
            say(problem or otherwise)


def named(blob, name):
    """A Blob as a File of that name."""
    return window.File.new(to_js([blob]), name, to_js({"type": blob.type}))
