"""Mending what was read, where it stands: a mark is said to be another or none, a number is typed; the next reading knows
nothing of it, unless it is taught."""

import asyncio

from app.dom import by_id, offer, on, say
from app.symbols import a, number_of

LONGEST = 40  # characters


class Mend:
    """`on_change()`s of the chosen mark keep the field at what its number says."""

    def __init__(self, desk, chosen, taught):
        self.desk, self.chosen, self.taught = desk, chosen, taught
        chosen.on_change.append(self._show)
        on("mend", "keydown", self._key)
        on("mend", "change", lambda event: self._take())
        on("teach", "click", lambda event: self._teach())
        self._show()

    def _show(self):
        cell = self.chosen.cell
        by_id("mend").value = cell.text if cell else ""
        count = len(self.desk.reading.untaught) if self.desk.reading else 0
        by_id("teach").hidden = not count
        by_id("teach").textContent = f"Teach {count}"

    def _key(self, event):
        if event.key == "Enter":
            event.preventDefault()
            self._take()
            by_id("mend").select()
        elif event.key == "Escape":
            event.preventDefault()
            event.stopPropagation()
            self._show()
            by_id("chosen").focus()

    def _take(self):
        """What was typed is what the number says."""
        cell, text = self.chosen.cell, " ".join(by_id("mend").value.split())[:LONGEST]
        if not cell or not self.desk.is_read or text == cell.text:
            self._show()
            return
        self._mend(cell, cell.typed(text), f"It says {text} now." if text else "It is left out.")

    def say_label(self, label):
        mark, cell = self.chosen.mark, self.chosen.cell
        self._mend(cell, cell.with_label(mark, label), f"This is {a(label)} now.")

    def leave_out(self):
        """The chosen mark is none."""
        mark, cell = self.chosen.mark, self.chosen.cell
        self._mend(cell, cell.without(mark), "It is left out.")

    def _mend(self, cell, parts, sentence):
        place = next(i for i, mark in enumerate(cell.marks) if mark is self.chosen.mark)
        self.desk.reading.mend(cell, parts)
        if cell.marks:  # there may be fewer now
            self.chosen.keep(cell.marks[min(place, len(cell.marks) - 1)])
        self.desk.mended(cell)
        offer(sentence, "Undo", self.step_back)

    def step_back(self):
        """Takes back what was mended last. Whether there was anything."""
        if not (self.desk.reading and self.desk.reading.is_mended):
            return False
        cell = self.desk.reading.step_back()
        self.chosen.keep(cell.marks[0])
        self.desk.mended(cell)
        say(f"Taken back: it says {cell.text}.")
        return True

    # --- taught --------------------------------------------------------------------------

    def _teach(self):
        """All that a person said to be others than were read, in one go; what they mended stays as it is."""
        marks = self.desk.reading.untaught if self.desk.reading else []
        room = self.taught.room
        if len(marks) > room:
            say(f"There is room for {number_of(room, 'example')} more. Forget some of them first.")
            return
        for mark in marks:
            mark.is_taught = True
        pairs = [(mark.read.ink.slice(), mark.label) for mark in marks]
        asyncio.create_task(self._report(self.taught.teach(*pairs), len(pairs)))
        self._show()

    async def _report(self, saved, count):
        visit = "" if await saved else " for this visit only"
        say(f"Taught{visit}: {number_of(count, 'example')}. They vote from the next reading on.")
