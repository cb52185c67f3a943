"""The list of what was taught: to be looked at, taken out one by one or all, saved to a file, and taken in from one."""

import asyncio

from jsffi import JsException
from pyscript import document, window
from pyscript.ffi import to_js

from app.dom import by_id, element, enable, offer, on, on_items, say, written
from app.files.saving import download
from app.reading.glyphs import picture
from app.symbols import CHARACTERS, a, counted, name

PAGE = 50  # examples shown at once, and added by each "Show more"
FILE = "number-reader-taught.npz"
FILE_LIMIT = 2_100_000  # bytes, as in number_reader/storage/taught.py: no file of so many digits as are taken has more


class TaughtPanel:
    def __init__(self, taught):
        self.taught = taught
        self.shown = PAGE
        self.items = {}  # by key: (example, list item, button)
        self.listed = []  # examples
        taught.on_change.append(self._show)
        on("taught", "toggle", lambda event: self._show())
        on_items("taught-list", lambda index: self._forget(self.listed[index]))
        on("taught-more", "click", self._show_more)
        on("export", "click", lambda event: len(self.taught) and asyncio.create_task(self._export()))
        on("import", "change", self._chosen)
        on("forget", "click", lambda event: len(self.taught) and self._ask_whether(True))
        on("forget-no", "click", lambda event: self._ask_whether(False))
        on("forget-yes", "click", lambda event: asyncio.create_task(self._forget_everything()))
        self._show()

    # --- the list ------------------------------------------------------------------------

    def _show(self):
        count = len(self.taught)
        by_id("taught-count").textContent = self._counted() if count else "nothing"
        by_id("taught-unkept").hidden = self.taught.is_kept
        enable("export", count)
        enable("forget", count)
        if not count:
            by_id("forget-sure").hidden = True
        if by_id("taught").open:
            self._show_list()

    def _show_list(self):
        examples = self.taught.newest_first()
        self.listed = examples[: self.shown]
        self.items = {example.key: self._item(example) for example in self.listed}
        focused = document.activeElement
        by_id("taught-list").replaceChildren(*[self.items[each.key][1] for each in self.listed])
        if by_id("taught-list").contains(focused):  # taken out and put back, it lost the focus
            focused.focus(to_js({"preventScroll": True}))
        by_id("taught-more").hidden = len(examples) <= self.shown

    def _item(self, example):
        """The list item of an example, the one that it has if it has one."""
        known = self.items.get(example.key)
        if known and known[0] is example:
            return known
        item, button = element("li"), element("button", "Forget")
        button.type = "button"
        day = window.Date.new(example.time).toLocaleDateString()
        button.setAttribute("aria-label", f"Forget this {name(example.label)}, taught on {day}")
        item.append(
            picture(example.glyph, f"Your {name(example.label)}"), written("b", CHARACTERS[example.label]), button
        )
        return example, item, button

    def _show_more(self, event):
        first = self.shown
        self.shown += PAGE
        self._show_list()
        self._focus(first)  # the button may be gone

    def _focus(self, index):
        """The focus goes to the button of an item, of the last one if there are fewer, or to what opens the list."""
        buttons = by_id("taught-list").querySelectorAll("button")
        last = buttons.length - 1
        (buttons.item(min(index, last)) if last >= 0 else by_id("taught").querySelector("summary")).focus()

    def _forget(self, example):
        index = [each.key for each in self.taught.newest_first()].index(example.key)
        self.taught.forget(example.glyph)
        self._focus(index)
        offer(f"Forgotten: {a(example.label)}.", "Undo", lambda: self._remember(example))

    def _remember(self, example):
        self.taught.teach((example.glyph, example.label))
        say(f"Taught again: {a(example.label)}.")
        self._focus(0)

    # --- all of them ---------------------------------------------------------------------

    def _counted(self):
        return counted([example.label for example in self.taught.newest_first()])

    def _ask_whether(self, sure):
        all_of_them = "this" if len(self.taught) == 1 else "all"
        by_id("forget-question").textContent = f"Forget {all_of_them} {self._counted()} for good?"
        by_id("forget-sure").hidden = not sure
        by_id("forget-no" if sure else "forget").focus()

    async def _forget_everything(self):
        by_id("forget-sure").hidden = True
        self._focus(0)
        if await self.taught.forget_everything():
            say("Everything that was taught is forgotten.")
        else:
            say("Forgotten for now, but this browser does not let the page delete what it keeps.")
        self._focus(0)

    # --- files ---------------------------------------------------------------------------

    async def _export(self):
        answer = await self.taught.export()
        if hasattr(answer, "error"):
            say(answer.error)
        else:
            download(window.Blob.new(to_js([answer])), FILE)

    def _chosen(self, event):
        files = by_id("import").files
        if files.length:
            asyncio.create_task(self._import(files.item(0)))

    async def _import(self, file):
        try:
            if file.size > FILE_LIMIT:
                say(f"{file.name} is too large to be a file of taught digits.")
                return
            content = window.Uint8Array.new(await file.arrayBuffer())
        except JsException:
            say(f"{file.name} could not be read.")
            return
        finally:
            by_id("import").value = ""  # the same file can be chosen again
        answer = await self.taught.import_(content)
        if hasattr(answer, "error"):
            say(f"{file.name}: {answer.error}")
            return
        labels, known = answer
        sentence = f"Taught {counted(labels)} from {file.name}"
        say(f"{sentence}; {known} were here already." if known else sentence + ".")
