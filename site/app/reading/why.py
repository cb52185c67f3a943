"""Why a symbol was read so: its glyph, the nearest examples as pictures, and their votes."""

import asyncio

from pyscript import document, window
from pyscript.ffi import to_js

from app.dom import by_id, element, on, percent, reveal, written
from app.reading.alternatives import Alternatives, bar
from app.reading.glyphs import picture, split
from app.reading.view import called, noun, unread, where_read
from app.symbols import CHARACTERS, MARKS, a, many, name

EXEMPLARS = "./model/exemplars.npz"
SECONDS = 130  # a little more than the worker gives their file
PICTURES = 200  # kept at most, of examples that were shown
LIKE_NONE = 0.3  # the chance of what a refused symbol is most like, below which it is more like something else
EPSILON = 1e-6  # of the vote's weight, as number_reader/classification/neighbors.py has it


class Why:
    """Knows which symbol of the reading is open: `opened`, an index or None. `on_choice` are functions called with no
    arguments when that, or the reading, has changed."""

    def __init__(self, desk, reader, taught):
        self.desk, self.reader, self.taught = desk, reader, taught
        self.opened = None
        self.on_choice = []
        self.pictures = {}  # of examples, by row
        self.is_asking = False
        self.problem = ""
        self.alternatives = Alternatives(desk, self._chosen_in_list)
        desk.on_reading.append(lambda answer: self._show())
        on("number", "click", self._number_clicked)
        on("raw", "click", self._raw_clicked)
        on("why-close", "click", lambda event: self._close())
        on("why-retry", "click", lambda event: self._ask_again())

    @property
    def symbols(self):
        return list(self.desk.answer.symbols) if self.desk.answer else []

    # --- which symbol --------------------------------------------------------------------

    def choose(self, index):
        """Opens a symbol, or closes it if it is the open one."""
        self.opened = None if index == self.opened else index
        self.problem = ""
        self._show()

    def _close(self):
        button = self.alternatives.buttons.get(self.opened)  # a long list does not have all
        self.choose(self.opened)
        (button or by_id("pad")).focus()

    def _chosen_in_list(self, index):
        self.choose(index)
        if self.opened is not None:
            reveal(by_id("why"))

    def _number_clicked(self, event):
        character = event.target.closest("#number > span")
        if character and window.getSelection().isCollapsed:  # not where the number is selected to be copied
            characters = by_id("number").children
            self.choose(next(i for i in range(characters.length) if characters.item(i).isSameNode(character)))

    def _raw_clicked(self, event):
        """Opens the symbol in whose box the click was."""
        _, symbols, scale = self.desk.view.shown
        canvas = by_id("raw")
        on_screen = canvas.getBoundingClientRect()
        zoom = min(on_screen.width / canvas.width, on_screen.height / canvas.height) * scale
        x = (event.clientX - on_screen.left - on_screen.width / 2) / zoom + canvas.width / scale / 2
        y = (event.clientY - on_screen.top - on_screen.height / 2) / zoom + canvas.height / scale / 2
        for i, symbol in enumerate(symbols):
            top, left, bottom, right = list(symbol.box)
            if left <= x <= right and top <= y <= bottom:
                self._chosen_in_list(i)
                return

    # --- what is shown -------------------------------------------------------------------

    def _show(self):
        symbols = self.symbols
        if self.opened is not None and self.opened >= len(symbols):
            self.opened = None
        self.alternatives.mark(self.opened)
        by_id("why").hidden = self.opened is None
        if self.opened is not None:
            self._show_symbol(symbols)
        for listener in self.on_choice:
            listener()

    def _show_symbol(self, symbols):
        symbol, marks = symbols[self.opened], self.desk.mode.marks
        voters = list(symbol.neighbors)
        by_id("why-title").textContent = title(self.opened, symbols, marks)
        by_id("why-words").textContent = words(symbol, voters, self.desk.answer.known, marks)
        by_id("why-glyph").replaceChildren(picture(symbol.ink, "The glyph of " + called(symbol)))
        by_id("voters").replaceChildren(*[self._voter(voter) for voter in voters])
        shares = sorted(votes(voters).items(), key=lambda item: -item[1])
        by_id("votes").replaceChildren(*[bar(label, share) for label, share in shares])
        by_id("voters").toggleAttribute("data-bare", bool(self.problem))
        by_id("why-note").textContent = self.problem
        by_id("why-retry").hidden = not self.problem
        missing = [voter.index for voter in voters if not voter.taught and voter.index not in self.pictures]
        if missing and not self.problem:
            by_id("why-note").textContent = "Fetching the pictures of the examples."
            if not self.is_asking:
                asyncio.create_task(self._ask(missing))

    def _voter(self, voter):
        item = element("li")
        paper = self._paper(voter)
        item.append(paper or element("span", kind="paper"))
        item.append(written("b", CHARACTERS[voter.label]), element("span", f"at {voter.distance:.2f}"))
        if voter.taught:
            item.append(element("span", "taught by you", "mine"))
        return item

    def _paper(self, voter):
        """The picture of an example, or None where it is not here."""
        if not voter.taught:
            return self.pictures.get(voter.index)
        example = self.taught.at_row(voter.index)
        return picture(example.glyph, f"{name(voter.label)}, taught by you") if example else None

    # --- pictures of examples ------------------------------------------------------------

    async def _ask(self, rows):
        self.is_asking = True
        url = window.URL.new(EXEMPLARS, document.baseURI).href
        answer = await self.reader.call(lambda worker: worker.exemplars(to_js(rows), url), SECONDS)
        self.is_asking = False
        if hasattr(answer, "error"):
            self.problem = answer.error
        else:
            if len(self.pictures) > PICTURES:
                self.pictures = {}
            for row, ink in zip(rows, split(answer.glyphs)):
                self.pictures[row] = picture(ink, "A training example")
        self._show()

    def _ask_again(self):
        self.problem = ""
        self._show()
        by_id("why-close").focus()  # the button that was pressed is gone


def votes(voters):
    """The share of the votes that each label has; one weighs more the nearer it is."""
    weights = {}
    for voter in voters:
        weights[voter.label] = weights.get(voter.label, 0) + 1 / (voter.distance**2 + EPSILON)
    return {label: weight / sum(weights.values()) for label, weight in weights.items()}


def title(index, symbols, marks):
    """`marks` are those that are read."""
    symbol = symbols[index]
    subject = f"{noun(symbols)} {index + 1}" if len(symbols) > 1 else "it"
    if symbol.label is None:
        return f"Why {subject} is not read as a digit" + (" or mark" if marks else "")
    return f"Why {subject} is read as {called(symbol) if symbol.label < 10 else a(symbol.label)}"


def words(symbol, voters, known, marks):
    """What the examples say, in sentences."""
    if not voters:
        return ""
    shares = votes(voters)
    counts = {label: sum(voter.label == label for voter in voters) for label in shares}
    first, *others = sorted(shares, key=lambda label: (-counts[label], -shares[label]))
    some = f"{counts[first]} of the {len(voters)}" if others else f"All {len(voters)}"
    rest = "".join(
        f", {counts[label]} {'is ' + a(label) if counts[label] == 1 else 'are ' + many(label)}" for label in others
    )
    nearest = f"{some} nearest of {known:,} known examples are {many(first)}{rest}."
    best = max(shares, key=lambda label: shares[label])
    weight = f" A vote weighs more the nearer its example is: the {many(best)} have {share(shares[best])} of the votes."
    nearest += weight if others else ""
    if symbol.label is None:
        return f"{refusal(symbol, marks)} {nearest}"
    if symbol.label in MARKS:  # its vote is not all: a point and a comma differ by where they stand
        return f"{nearest} With its size and its place on the line, it is {share(symbol.confidence)} sure."
    runner_up = list(symbol.candidates)[1][0]
    nearer = f"The {many(symbol.label)} are so much nearer than the {many(runner_up)}"
    return f"{nearest} {nearer} that it is {share(symbol.confidence)} sure."


def refusal(symbol, marks):
    """Why it is refused."""
    other = unread(symbol, marks)
    if other is not None:
        return f"It looks like {a(other)}, which is read where “{where_read(other)}” is chosen."
    if symbol.nearer <= 1:
        if symbol.candidates[0][1] < LIKE_NONE:
            return f"It is more like what is no digit{' or mark' if marks else ''}: letters, other symbols, scribbles."
        one, other = [a(label) for label, _ in list(symbol.candidates)[:2]]
        return f"It could be {one} or {other}, and is clearly neither."
    known = "digits and marks to be read as one of them" if marks else "digits to be read as one"
    return f"It would have to be {symbol.nearer:.1f} times nearer to the known {known}."


def share(part):
    return percent(part).replace(">", "more than ").replace("<", "less than ")
