"""Which mark of the reading a person looks at: one that they chose, else the least sure one; and the next unsure one."""

from pyscript import document, window

from app.dom import by_id, enable, on, reveal, say
from app.marks.alternatives import title
from app.reading.words import sureness
from app.symbols import spoken

# Single keys act only while the focus is on what they are about (WCAG 2.1.4).
ABOUT = "#pad, .reading, #chosen, #why"
NEXT = "n"


class Chosen:
    """`on_change` are functions called with no arguments when another mark is chosen, or the reading has changed."""

    def __init__(self, desk, viewer):
        self.desk, self.viewer = desk, viewer
        self.marks = []  # of the reading
        self.index = None  # of the mark that a person chose; None: the least sure one is meant
        self.turn = None  # in which it was chosen
        self.is_held = lambda: False  # whether it stays chosen while the drawing grows
        self.on_change = []
        desk.on_reading.append(self._read)
        viewer.on_choice = self._choose_in_picture
        on("number", "click", self._number_clicked)
        on("previous", "click", lambda event: self._step(-1))
        on("next", "click", lambda event: self._step(1))
        on("next-unsure", "click", lambda event: self.next_unsure())
        on(document, "keydown", self._key)

    def _read(self, reading):
        self.marks = reading.marks if reading else []
        if self.turn != self.desk.turn and not self.is_held():
            self.index = None
        if self.index is not None and self.index >= len(self.marks):
            self.index = None
        self._tell(False)

    # --- which it is ---------------------------------------------------------------------

    @property
    def mark(self):
        """The mark that is meant, or None where nothing is read."""
        return self.marks[self.place] if self.marks else None

    @property
    def place(self):
        """Its index among all marks: of the one chosen, or else the least sure one, refused ones first."""
        if self.index is not None:
            return self.index
        return min(range(len(self.marks)), key=lambda i: rank(self.marks[i]))

    @property
    def cell(self):
        """The Cell that it stands in, or None."""
        return self.desk.reading.cell_with(self.mark) if self.marks else None

    def unsure(self):
        """The indices of those that a person should look at."""
        return [i for i, mark in enumerate(self.marks) if sureness(mark) != "sure"]

    # --- choosing ------------------------------------------------------------------------

    def choose(self, index, is_in_view=False):
        """`is_in_view`: whether a person pointed at it, so that the picture is not to move."""
        self.index, self.turn = index, self.desk.turn
        # For who can't see the panel change.
        by_id("pad-says").textContent = f"{title(self)}, in {spoken(self.cell.text)}"
        self._tell(not is_in_view)

    def keep(self, mark=None):
        """The mark that is meant, or this one of the reading, stays chosen, though it is no longer the least sure one."""
        if mark:
            self.marks = self.desk.reading.marks
        mark = mark or self.mark
        places = [i for i, each in enumerate(self.marks) if each is mark]
        self.index, self.turn = (places or [None])[0], self.desk.turn

    def next_unsure(self):
        """Goes to the next one that is not sure, from the last on to the first."""
        unsure = self.unsure()
        if not unsure:
            say("None is left that is not sure." if self.marks else "Nothing is read yet.")
            return
        here = self.index if self.index is not None else -1
        self.choose(([i for i in unsure if i > here] or unsure)[0])
        others = len(unsure) - (sureness(self.mark) != "sure")
        say(f"Not sure. {others} more to look at." if others else "Not sure: the only one left.")

    def _step(self, way):
        if self.marks:
            self.choose((self.place + way) % len(self.marks))

    def _number_clicked(self, event):
        character = event.target.closest("#number > span")
        if character and self.marks and window.getSelection().isCollapsed:  # not where it is selected to be copied
            characters = by_id("number").children
            self.choose(next(i for i in range(characters.length) if characters.item(i).isSameNode(character)))

    def _choose_in_picture(self, cell, place):
        """`place`: (x, y) in pixels of the boxes; where it was no pointer, the least sure mark of the cell is meant."""
        if not self.desk.reading or not cell.marks:
            return  # its rows are still coming
        marks = cell.marks
        if place:
            mark = min(marks, key=lambda mark: distance(mark.box, *place))
        else:
            mark = min(marks, key=rank)
        self.choose(next(i for i, each in enumerate(self.marks) if each is mark), bool(place))
        by_id("chosen").focus()  # where its keys work; the picture has keys of its own
        reveal(by_id("chosen"))

    def _key(self, event):
        """N works over the picture, too, and leaves the focus where the other keys do."""
        if event.repeat or event.defaultPrevented or event.ctrlKey or event.altKey or event.metaKey:
            return
        here = document.activeElement
        if event.key.lower() != NEXT or here.matches("#mend") or not here.closest(ABOUT + ", #picture"):
            return
        event.preventDefault()
        self.next_unsure()
        if here.closest("#picture") and self.marks:
            by_id("chosen").focus()

    def _tell(self, is_to_be_seen):
        by_id("chosen").hidden = not self.marks
        enable("next-unsure", self.unsure())
        for name in ("previous", "next"):
            by_id(name).hidden = len(self.marks) < 2
        meant = document.querySelector("#number > [data-meant]")
        if meant:
            meant.removeAttribute("data-meant")
        characters = by_id("number").children
        if len(self.marks) > 1 and characters.length == len(self.marks):
            characters.item(self.place).toggleAttribute("data-meant", True)
        if self.desk.file:
            self.viewer.mark(self.mark.box if self.marks else None, is_to_be_seen)
        for listener in self.on_change:
            listener()


def rank(mark):
    """Sorts the least sure first."""
    return sureness(mark) != "refused", mark.confidence


def distance(box, x, y):
    """Of a point from the middle of a box, and less from within it."""
    top, left, bottom, right = box
    return max(left - x, x - right, top - y, y - bottom, 0), abs(left + right - 2 * x)
