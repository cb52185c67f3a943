"""Correcting: one tap or key says which digit or mark the chosen one is. On the pad it is taught with that label at once and
read again; on a picture, which takes longer to read, it is mended where it stands."""

import asyncio

from pyscript import document
from pyscript.ffi import to_js

from app.dom import by_id, element, offer, on, say, written
from app.marks.alternatives import subject
from app.marks.chosen import ABOUT
from app.symbols import CHARACTERS, DIGITS, LABELS, MARKS, a, is_known

TYPED = {"*": "×", "x": "×", "X": "×"}  # what keyboards have for a mark that they lack
NONE = "None"  # the button that says it is no digit or mark


class Correct:
    def __init__(self, desk, chosen, taught, mend):
        self.desk, self.chosen, self.taught, self.mend = desk, chosen, taught, mend
        self.buttons = {label: self._button(label) for label in LABELS}
        self.none = element("button", NONE)
        self.none.type = "button"
        self.none.id = "leave-out"
        on(self.none, "click", lambda event: self._leave_out())
        self._offer()
        desk.mode.on_change.append(self._offer)
        chosen.on_change.append(self._show)
        on(document, "keydown", self._key)

    def _button(self, label):
        button = element("button")
        button.type = "button"
        button.append(written("span", CHARACTERS[label]))
        on(button, "click", lambda event: self._say(label))
        return button

    def _offer(self):
        """The digits and the marks that are read, to be chosen from."""
        offered = [self.buttons[label] for label in LABELS if self._is_offered(label)]
        by_id("labels").replaceChildren(*offered, self.none)

    def _is_offered(self, label):
        return label in DIGITS or CHARACTERS[label] in self.desk.mode.marks

    def _show(self):
        mark = self.chosen.mark
        by_id("correct").hidden = not (mark and mark.read)
        by_id("correct-other").hidden = len(self.chosen.marks) < 2
        if mark and mark.read:
            by_id("correct-label").textContent = f"Wrong? {subject(self.chosen)} is:"

    # --- said ----------------------------------------------------------------------------

    def _key(self, event):
        here = document.activeElement
        if event.repeat or event.defaultPrevented or here.matches("#mend") or not here.closest(ABOUT):
            return
        if event.key == "Delete" and here.closest("#chosen"):
            event.preventDefault()
            self._leave_out()
            return
        label = CHARACTERS.find(TYPED.get(event.key, event.key)) if len(event.key) == 1 else -1
        if not is_known(label) or not self._is_offered(label) or is_held(event, label):
            return
        event.preventDefault()  # some browsers look for words on the page where a slash is typed
        self._say(label)

    @property
    def is_possible(self):
        """Not where what is on the pad now is not what was read."""
        mark = self.chosen.mark
        return bool(mark and mark.read and self.desk.is_read)

    def _leave_out(self):
        if self.is_possible:
            self.mend.leave_out()

    def _say(self, label):
        if not self.is_possible:
            return
        if self.desk.file or self.desk.reading.is_mended:  # read again, it would be lost
            self.mend.say_label(label)
        else:
            self._teach(label)

    def _teach(self, label):
        glyph = self.chosen.mark.read.ink.slice()
        before = self.taught.find(glyph)
        if before and before.label == label:
            say(f"This was taught already: {a(label)}.")
            return
        if not self.taught.room and not before:
            say("No more can be taught than are now. Forget some of them first.")
            return
        self.chosen.keep()  # another label for it comes most likely next
        saved = self.taught.teach((glyph, label))

        def take_back():
            if before:
                self.taught.teach((glyph, before.label))
            else:
                self.taught.forget(glyph)
            say(f"Taken back: {a(label)}.")
            self.buttons[label].focus(to_js({"preventScroll": True}))  # the button that was pressed is gone

        button = offer(f"Taught: this is {a(label)}.", "Undo", take_back)
        asyncio.create_task(self._qualify(saved, button, label, take_back))

    async def _qualify(self, saved, button, label, take_back):
        if not await saved and button.isConnected:
            offer(f"Taught for this visit only: {a(label)}.", "Undo", take_back)


def is_held(event, label):
    """Whether it is a key of a shortcut. Some keyboards need AltGr for a mark, which is told as Ctrl and Alt."""
    held = event.ctrlKey or event.altKey or event.metaKey
    return held and not (label in MARKS and event.getModifierState("AltGraph"))
