"""Correcting: one tap or key says which digit or mark it is, and the glyph is taught with that label at once."""

import asyncio

from pyscript import document
from pyscript.ffi import to_js

from app.dom import by_id, element, offer, on, say, written
from app.reading.view import noun
from app.symbols import CHARACTERS, DIGITS, LABELS, MARKS, a, is_known

# Single keys act only while the focus is on what they are about (WCAG 2.1.4).
ABOUT = "#pad, .reading, #correct, .alternatives, #why"
TYPED = {"*": "×", "x": "×", "X": "×"}  # what keyboards have for a mark that they lack


class Correct:
    def __init__(self, desk, why, taught):
        self.desk, self.why, self.taught = desk, why, taught
        self.last = None  # (turn, index) of what was taught last: another label for it comes most likely next
        self.buttons = {label: self._button(label) for label in LABELS}
        self._offer()
        desk.mode.on_change.append(self._offer)
        why.on_choice.append(self._show)
        on(document, "keydown", self._key)

    def _button(self, label):
        button = element("button")
        button.type = "button"
        button.append(written("span", CHARACTERS[label]))
        on(button, "click", lambda event: self._teach(label))
        return button

    def _offer(self):
        """The digits and the marks that are read, to be chosen from."""
        offered = [self.buttons[label] for label in LABELS if self._is_offered(label)]
        by_id("labels").replaceChildren(*offered)

    def _is_offered(self, label):
        return label in DIGITS or CHARACTERS[label] in self.desk.mode.marks

    # --- which symbol --------------------------------------------------------------------

    def chosen(self):
        """The index of the symbol that is open, or was taught last; or None."""
        if self.why.opened is not None:
            return self.why.opened
        if self.last and self.last[0] == self.desk.turn and self.last[1] < len(self.why.symbols):
            return self.last[1]
        return None

    def meant(self):
        """The index of the symbol chosen, or else of the least sure one, refused ones first."""
        symbols, chosen = self.why.symbols, self.chosen()
        if chosen is not None:
            return chosen
        return min(range(len(symbols)), key=lambda i: (symbols[i].label is not None, symbols[i].confidence))

    def _show(self):
        symbols, chosen = self.why.symbols, self.chosen()
        by_id("correct").hidden = not symbols
        characters = by_id("number").children
        for i in range(characters.length):
            characters.item(i).toggleAttribute("data-meant", i == chosen)
        by_id("correct-other").hidden = len(symbols) < 2
        if symbols:
            word = "Symbol" if noun(symbols) == "symbol" else "Digit"
            subject = f"{word} {self.meant() + 1}" if len(symbols) > 1 else "It"
            by_id("correct-label").textContent = f"Wrong? {subject} is:"

    # --- teaching ------------------------------------------------------------------------

    def _key(self, event):
        if event.repeat or event.defaultPrevented or not document.activeElement.closest(ABOUT):
            return
        label = CHARACTERS.find(TYPED.get(event.key, event.key)) if len(event.key) == 1 else -1
        if not is_known(label) or not self._is_offered(label) or is_held(event, label):
            return
        event.preventDefault()  # some browsers look for words on the page where a slash is typed
        self._teach(label)

    def _teach(self, label):
        if not self.desk.answer or not self.why.symbols or not self.desk.is_read:
            return  # what is on the pad now is not what was read
        meant = self.meant()
        glyph = self.why.symbols[meant].ink.slice()
        before = self.taught.find(glyph)
        if before and before.label == label:
            say(f"This was taught already: {a(label)}.")
            return
        if self.taught.is_full and not before:
            say("No more can be taught than are now. Forget some of them first.")
            return
        self.last = self.desk.turn, meant
        saved = self.taught.teach(glyph, label)

        def take_back():
            if before:
                self.taught.teach(glyph, before.label)
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
