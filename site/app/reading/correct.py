"""Correcting: one tap or key says which digit it is, and the glyph is taught with that label at once."""

import asyncio

from pyscript import document
from pyscript.ffi import to_js

from app.dom import a, by_id, element, offer, on, say

# Single keys act only while the focus is on what they are about (WCAG 2.1.4).
ABOUT = "#pad, .reading, #correct, .alternatives, #why"
DIGITS = "0123456789"


class Correct:
    def __init__(self, desk, why, taught):
        self.desk, self.why, self.taught = desk, why, taught
        self.last = None  # (turn, index) of what was taught last: another label for it comes most likely next
        self.buttons = [self._button(digit) for digit in DIGITS]
        by_id("labels").replaceChildren(*self.buttons)
        why.on_choice.append(self._show)
        on(document, "keydown", self._key)

    def _button(self, digit):
        button = element("button", digit)
        button.type = "button"
        on(button, "click", lambda event: self._teach(int(digit)))
        return button

    # --- which digit ---------------------------------------------------------------------

    def chosen(self):
        """The index of the digit that is open, or was taught last; or None."""
        if self.why.opened is not None:
            return self.why.opened
        if self.last and self.last[0] == self.desk.turn and self.last[1] < len(self.why.digits):
            return self.last[1]
        return None

    def meant(self):
        """The index of the digit chosen, or else of the least sure one, refused ones first."""
        digits, chosen = self.why.digits, self.chosen()
        if chosen is not None:
            return chosen
        return min(range(len(digits)), key=lambda i: (digits[i].label is not None, digits[i].confidence))

    def _show(self):
        digits, chosen = self.why.digits, self.chosen()
        by_id("correct").hidden = not digits
        characters = by_id("number").children
        for i in range(characters.length):
            characters.item(i).toggleAttribute("data-meant", i == chosen)
        by_id("correct-other").hidden = len(digits) < 2
        if digits:
            subject = f"Digit {self.meant() + 1}" if len(digits) > 1 else "It"
            by_id("correct-label").textContent = f"Wrong? {subject} is:"

    # --- teaching ------------------------------------------------------------------------

    def _key(self, event):
        if event.ctrlKey or event.altKey or event.metaKey or event.repeat or event.defaultPrevented:
            return
        if len(event.key) == 1 and event.key in DIGITS and document.activeElement.closest(ABOUT):
            event.preventDefault()
            self._teach(int(event.key))

    def _teach(self, label):
        if not self.desk.answer or not self.why.digits or not self.desk.is_read:
            return  # what is on the pad now is not what was read
        meant = self.meant()
        glyph = self.why.digits[meant].ink.slice()
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
