"""The alternatives of each symbol as a list of bars; each symbol can be opened to see why it was read so."""

from collections import OrderedDict

from pyscript import document
from pyscript.ffi import to_js

from app.dom import by_id, element, on_items, percent, written
from app.reading.view import called, noun, sureness
from app.symbols import CHARACTERS

SHOWN = 3  # candidates of a symbol
MOST = 30  # symbols in the list; of more, these are the first that are not sure


class Alternatives:
    """Calls `on_choice(index)` where a person asks for a symbol, in the list, in the number or in what was seen."""

    def __init__(self, desk, on_choice):
        self.list = by_id("candidates")
        self.buttons = {}  # by the symbol's index
        on_items("candidates", lambda place: on_choice(list(self.buttons)[place]))
        desk.on_reading.append(self._show)

    def _show(self, answer):
        places = list(self.buttons.values())
        focused = [place for place, button in enumerate(places) if button.isSameNode(document.activeElement)]
        symbols = list(answer.symbols) if answer else []
        items = OrderedDict((i, self._item(i, symbols)) for i in listed(symbols))
        self.list.replaceChildren(*items.values())
        self.buttons = OrderedDict((i, item.querySelector("button")) for i, item in items.items())
        if focused and self.buttons:  # the list is made anew with each reading, but the person is still there
            places = list(self.buttons.values())
            places[min(focused[0], len(places) - 1)].focus(to_js({"preventScroll": True}))

    def mark(self, opened):
        """Says which symbol is open, an index or None."""
        for i, button in self.buttons.items():
            button.setAttribute("aria-expanded", "true" if i == opened else "false")

    def _item(self, index, symbols):
        """The list item of one of the symbols: its best candidates as bars."""
        symbol = symbols[index]
        item = element("li", kind=sureness(symbol))
        heading = element("h2")
        button = element("button", title(index, symbols) + " ", "plain")
        button.type = "button"
        button.setAttribute("aria-expanded", "false")
        button.setAttribute("aria-controls", "why")
        button.append(element("span", "Why?"))
        heading.append(button)
        bars = element("ul")
        for label, share in list(symbol.candidates)[:SHOWN]:
            bars.append(bar(label, share))
        item.append(heading, bars)
        return item


def listed(symbols):
    """The indices of those that the list has."""
    if len(symbols) <= MOST:
        return list(range(len(symbols)))
    return [i for i, symbol in enumerate(symbols) if sureness(symbol) != "sure"][:MOST]


def title(index, symbols):
    if len(symbols) == 1:
        return "At best" if symbols[0].label is None else "It could be"
    word = "Symbol" if noun(symbols) == "symbol" else "Digit"
    return f"{word} {index + 1}: {called(symbols[index])}"


def bar(label, share):
    """A list item: what a label is written as, its share as a bar, and as a number."""
    drawn = element("span", kind="bar")
    drawn.style.setProperty("--share", str(share))
    item = element("li")
    item.append(written("b", CHARACTERS[label]), drawn, element("span", percent(share), "share"))
    return item
