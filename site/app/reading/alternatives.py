"""The alternatives of each digit as a list of bars; each digit can be opened to see why it was read so."""

from pyscript import document
from pyscript.ffi import to_js

from app.dom import by_id, element, on_items, percent
from app.reading.view import read_as, sureness

SHOWN = 3  # candidates of a digit


class Alternatives:
    """Calls `on_choice(index)` where a person asks for a digit, in the list, in the number or in what was seen."""

    def __init__(self, desk, on_choice):
        self.list = by_id("candidates")
        self.buttons = []
        on_items("candidates", on_choice)
        desk.on_reading.append(self._show)

    def _show(self, answer):
        focused = [i for i, button in enumerate(self.buttons) if button.isSameNode(document.activeElement)]
        digits = list(answer.digits) if answer else []
        items = [self._item(digit, i, len(digits)) for i, digit in enumerate(digits)]
        self.list.replaceChildren(*items)
        self.buttons = [item.querySelector("button") for item in items]
        if focused and self.buttons:  # the list is made anew with each reading, but the person is still there
            self.buttons[min(focused[0], len(self.buttons) - 1)].focus(to_js({"preventScroll": True}))

    def mark(self, opened):
        """Says which digit is open, an index or None."""
        for i, button in enumerate(self.buttons):
            button.setAttribute("aria-expanded", "true" if i == opened else "false")

    def _item(self, digit, index, count):
        """The list item of one digit of `count`: its best candidates as bars."""
        item = element("li", kind=sureness(digit))
        heading = element("h2")
        button = element("button", title(digit, index, count) + " ", "plain")
        button.type = "button"
        button.setAttribute("aria-expanded", "false")
        button.setAttribute("aria-controls", "why")
        button.append(element("span", "Why?"))
        heading.append(button)
        bars = element("ul")
        for label, share in list(digit.candidates)[:SHOWN]:
            bars.append(bar(str(label), share))
        item.append(heading, bars)
        return item


def title(digit, index, count):
    if count == 1:
        return "At best" if digit.label is None else "It could be"
    return f"Digit {index + 1}: {read_as(digit)}"


def bar(name, share):
    """A list item: a name, its share as a bar, and as a number."""
    drawn = element("span", kind="bar")
    drawn.style.setProperty("--share", str(share))
    item = element("li")
    item.append(element("b", name), drawn, element("span", percent(share), "share"))
    return item
