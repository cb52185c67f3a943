"""The first guess: digits that the page reads from the pen's strokes itself, in MicroPython, until the recogniser is there,
or where it never comes. Its code and examples are a pack of their own (number_reader/pen/, model/pen.bin), fetched with the
pad's own files (boot/micropython.mjs). What it says is shown and no more: nothing counts it as read."""

import asyncio

from jsffi import JsException
from pyscript import document

from app.later import fetch

PACK, EXAMPLES = "pen", "pen/pen.bin"


class Guess:
    def __init__(self, pad, desk, view):
        self.pad, self.desk, self.view = pad, desk, view
        self.reader = None  # the PenReader (number_reader/pen/reader.py), while it is needed
        self.busy = False
        desk.on_ink.append(self._ink_is_there)

    async def begin(self):
        """Fetches what it needs, and guesses what is on the pad. Without it the page waits for the recogniser."""
        try:
            await fetch(PACK)
        except JsException:
            return
        if self._is_over() or self.reader:
            return
        from pen.reader import PenReader

        with open(EXAMPLES, "rb") as file:
            reader = PenReader(file.read())
        for _ in reader.unpack():
            await asyncio.sleep(0)  # only then is a pen heard, and garbage collected
            if self._is_over():
                return
        self.reader = reader
        self._ink_is_there()

    def end(self):
        """The recogniser is there. What is shown stays until that has read it."""
        self.reader = None

    def _is_over(self):
        return document.body.dataset.app == "ready"

    def _ink_is_there(self):
        if self.reader and not self.busy and self._is_wanted():
            self.busy = True
            asyncio.create_task(self._guess())

    def _is_wanted(self):
        """Not beside what was read before, which could be copied in its place; not while a pen is down."""
        is_blank_desk = self.desk.file is None and self.desk.reading is None
        return bool(self.reader and is_blank_desk and not self.pad.stroke and self.pad.strokes)

    async def _guess(self):
        """Guesses what is on the pad now; if that has changed before the end, what is there then."""
        turn = None
        while self._is_wanted() and turn != self.desk.turn:
            turn, reader = self.desk.turn, self.reader
            for _ in reader.read(self.pad.lines()):
                await asyncio.sleep(0)
                if turn != self.desk.turn or not self._is_wanted():
                    break
            else:
                if turn == self.desk.turn and self._is_wanted():
                    self.view.show_guess(reader.guess)
        self.busy = False
