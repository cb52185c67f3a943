"""The chosen mark's best candidates as bars; it can be opened to see why it was read so."""

from pyscript import document
from pyscript.ffi import to_js

from app.dom import by_id, element, on_items, percent, written
from app.reading.words import called, noun, sureness
from app.symbols import CHARACTERS

SHOWN = 3  # candidates of a mark


class Alternatives:
    """Calls `on_why()` where a person asks why it was read so."""

    def __init__(self, chosen, on_why):
        self.chosen = chosen
        self.button = None
        on_items("candidates", lambda place: self.button and on_why())

    def show(self, is_open):
        """`is_open`: whether it is said why."""
        is_here = bool(self.button) and self.button.isSameNode(document.activeElement)
        mark, self.button = self.chosen.mark, None
        by_id("candidates").replaceChildren(*([self._item(mark, is_open)] if mark else []))
        if is_here and self.button:  # it is made anew with each reading, but the person is still there
            self.button.focus(to_js({"preventScroll": True}))

    def _item(self, mark, is_open):
        """The list item of a mark: its best candidates as bars."""
        item = element("li", kind=sureness(mark))
        heading = element("h2")
        if mark.read:
            self.button = element("button", title(self.chosen) + " ", "plain")
            self.button.type = "button"
            self.button.setAttribute("aria-expanded", "true" if is_open else "false")
            self.button.setAttribute("aria-controls", "why")
            self.button.append(element("span", "Why?"))
            heading.append(self.button)
        else:
            heading.textContent = title(self.chosen)
        bars = element("ul")
        for label, share in list(mark.candidates)[:SHOWN]:
            bars.append(bar(label, share))
        item.append(*([heading, bars] if mark.read else [heading]))
        return item


def title(chosen):
    mark = chosen.mark
    if not mark.read:
        return "As you typed it"
    if mark.is_mended:
        return f"{subject(chosen)} is {called(mark)}, you say"
    if len(chosen.marks) == 1:
        return "At best" if mark.label is None else "It could be"
    return f"{subject(chosen)}: {called(mark)}"


def subject(chosen):
    """What the chosen mark is called: "It" where there is no other, else "Digit 2" of its number."""
    if len(chosen.marks) == 1:
        return "It"
    cell = chosen.cell
    word = "Symbol" if noun(cell.marks) == "symbol" else "Digit"
    place = next(i for i, mark in enumerate(cell.marks, 1) if mark is chosen.mark)
    return f"{word} {place}"


def bar(label, share):
    """A list item: what a label is written as, its share as a bar, and as a number."""
    drawn = element("span", kind="bar")
    drawn.style.setProperty("--share", str(share))
    item = element("li")
    item.append(written("b", CHARACTERS[label]), drawn, element("span", percent(share), "share"))
    return item
