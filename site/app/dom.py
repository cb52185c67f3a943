"""Small helpers for the page's elements."""

import asyncio

from pyscript import document
from pyscript.ffi import create_proxy, to_js

from app.symbols import NAMES

READY = "Ready"  # what the status line says when there is nothing else to say


def by_id(name):
    return document.getElementById(name)


def on(target, event, handler):
    """Calls `handler(event)`; `target` is an element or its id."""
    (by_id(target) if isinstance(target, str) else target).addEventListener(event, create_proxy(handler))


def on_items(target, handler):
    """Calls `handler(index)` when a button in an item of the list `target` is clicked.

    One listener serves all items that come and go. A function of Python that holds an item and listens to it would keep
    it for ever: no garbage collector sees through both Python and JavaScript.
    """

    def clicked(event):
        button = event.target.closest("button")
        items = by_id(target).children
        for index in range(items.length if button else 0):
            if items.item(index).contains(button):
                handler(index)
                return

    on(target, "click", clicked)


def element(name, text="", kind=""):
    made = document.createElement(name)
    made.textContent = text
    if kind:
        made.className = kind
    return made


def written(name, character, kind=""):
    """An element with a digit or a mark, which screen readers call by its name."""
    made = element(name, character, kind)
    if character in NAMES:
        made.setAttribute("role", "img")
        made.setAttribute("aria-label", NAMES[character])
    return made


_standing = [""]


def stands(sentence):
    """What goes with all that is said from now on, as it stays true; "" where nothing does."""
    _standing[0] = sentence


def say(sentence):
    """One sentence in the page's status line, which screen readers announce: once, not with every stroke."""
    if _standing[0] and _standing[0] not in sentence:
        sentence += (" " if sentence.endswith(".") else ". ") + _standing[0] + "."
    if by_id("status").textContent != sentence:
        by_id("status").textContent = sentence


async def say_once_ready(sentence):
    """Says it after the start, whose end has words of its own."""
    while document.body.dataset.app != "ready":
        await asyncio.sleep(0.1)
    say(sentence)


def offer(sentence, name, action):
    """A sentence in the status line, and a button after it that goes with it; returns the button."""
    _offered[:] = [action]
    button = element("button", name)
    button.type = "button"
    by_id("status").replaceChildren(sentence + " ", button)
    return button


_offered = []  # what the button in the status line does; for its listener, see on_items
on("status", "click", lambda event: event.target.closest("button") and _offered[0]())


def enable(name, possible):
    """Greys the button `name` where it would do nothing, and says so. It stays in the order of the keyboard: a button
    that is disabled loses the focus."""
    by_id(name).toggleAttribute("data-idle", not possible)
    by_id(name).setAttribute("aria-disabled", "false" if possible else "true")


def reveal(target):
    """Scrolls no further than it takes to see an element, and at once: a page still on its way would move the pad under
    the pen."""
    target.scrollIntoView(to_js({"block": "nearest"}))


def percent(share):
    """A share as people say it; a vote of neighbours is never certain."""
    if share >= 0.995:
        return ">99 %"
    if share < 0.005:
        return "<1 %"
    return f"{round(share * 100)} %"
