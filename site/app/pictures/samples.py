"""Sample pictures: one tap opens them as if they had been chosen. tools/samples.py drew them."""

import asyncio

from jsffi import JsException
from pyscript import window

from app.dom import by_id, on, say
from app.pictures.pictures import named


class Samples:
    def __init__(self, pictures, desk):
        self.pictures, self.desk = pictures, desk
        buttons = by_id("samples").querySelectorAll("button")
        for i in range(buttons.length):
            self._wire(buttons.item(i))

    def _wire(self, button):
        on(button, "click", lambda event: asyncio.create_task(self._open(button)))

    async def _open(self, button):
        turn = self.desk.turn
        try:
            answer = await window.fetch(button.querySelector("img").src)
            blob = await answer.blob() if answer.ok else None
        except JsException:
            blob = None
        if turn != self.desk.turn:  # something was drawn or opened meanwhile
            return
        if blob is None:
            say("This sample could not be fetched. Check the connection.")
            return
        name = "Sample: " + button.textContent.strip().lower()
        self.pictures.take(named(blob, name))
