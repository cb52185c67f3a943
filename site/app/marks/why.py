"""Why a symbol was read so: its glyph, the nearest examples as pictures, and their votes."""

import asyncio

from pyscript import document, window
from pyscript.ffi import to_js

from app.dom import by_id, element, on, percent, reveal, written
from app.marks.alternatives import Alternatives, bar, subject
from app.reading.cells import Mark
from app.reading.glyphs import picture, split
from app.reading.words import called, unread, where_read
from app.symbols import CHARACTERS, MARKS, a, many, name

EXEMPLARS = "./model/exemplars.npz"
SECONDS = 130  # a little more than the worker gives their file
PICTURES = 200  # kept at most, of examples that were shown
LIKE_NONE = 0.3  # the chance of what a refused symbol is most like, below which it is more like something else
EPSILON = 1e-6  # of the vote's weight, as number_reader/classification/neighbors.py has it


class Why:
    """Why the chosen mark was read as it was, where a person asks: `is_open`."""

    def __init__(self, desk, reader, chosen, taught):
        self.desk, self.reader, self.chosen, self.taught = desk, reader, chosen, taught
        self.is_open = False
        self.pictures = {}  # of examples, by row
        self.is_asking = False
        self.problem = ""
        self.alternatives = Alternatives(chosen, self._toggle)
        chosen.is_held = lambda: self.is_open
        chosen.on_change.append(self._show)
        on("why-close", "click", lambda event: self._close())
        on("why-retry", "click", lambda event: self._ask_again())

    def _toggle(self):
        self.is_open = not self.is_open
        self.problem = ""
        self.chosen.keep()
        self._show()
        if self.is_open:
            reveal(by_id("why"))

    def _close(self):
        self.is_open = False
        self._show()
        (self.alternatives.button or by_id("chosen")).focus()

    # --- what is shown -------------------------------------------------------------------

    def _show(self):
        mark = self.chosen.mark
        is_there = mark and mark.read and self.chosen.index is not None  # its mark may have gone
        self.is_open = self.is_open and bool(is_there)
        self.alternatives.show(self.is_open)
        by_id("why").hidden = not self.is_open
        if self.is_open:
            self._show_mark(mark)

    def _show_mark(self, mark):
        marks, symbol = self.desk.mode.marks, Mark(mark.read)  # as it was read, whatever a person said since
        voters = list(mark.read.neighbors)
        by_id("why-title").textContent = title(symbol, self.chosen, marks)
        by_id("why-words").textContent = words(symbol, voters, self.desk.reading.answer.known, marks)
        by_id("why-glyph").replaceChildren(picture(mark.read.ink, "The glyph of " + called(symbol)))
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


def title(symbol, chosen, marks):
    """`marks` are those that are read."""
    it = subject(chosen)
    it = it[0].lower() + it[1:]
    if symbol.label is None:
        return f"Why {it} is not read as a digit" + (" or mark" if marks else "")
    return f"Why {it} is read as {called(symbol) if symbol.label < 10 else a(symbol.label)}"


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
    strokes = as_strokes(symbol)
    if symbol.label is None:
        return f"{refusal(symbol, marks)} {nearest}{strokes}"
    if symbol.label in MARKS:  # its vote is not all: a point and a comma differ by where they stand
        return f"{nearest} With its size and its place on the line, it is {share(symbol.confidence)} sure."
    if strokes:
        return f"{nearest}{strokes} Both together, it is {share(symbol.confidence)} sure."
    runner_up = list(symbol.candidates)[1][0]
    nearer = f"The {many(symbol.label)} are so much nearer than the {many(runner_up)}"
    return f"{nearest} {nearer} that it is {share(symbol.confidence)} sure."


def as_strokes(symbol):
    """What its strokes said, where they were asked."""
    label = symbol.read.strokes
    return (
        ""
        if label is None
        else f" That left a doubt, so its strokes were compared, too: they are most like {a(label)}."
    )


def refusal(symbol, marks):
    """Why it is refused."""
    other = unread(symbol, marks)
    if other is not None:
        return f"It looks like {a(other)}, which is read where “{where_read(other)}” is chosen."
    if symbol.read.nearer <= 1:
        if symbol.candidates[0][1] < LIKE_NONE:
            return f"It is more like what is no digit{' or mark' if marks else ''}: letters, other symbols, scribbles."
        one, other = [a(label) for label, _ in list(symbol.candidates)[:2]]
        return f"It could be {one} or {other}, and is clearly neither."
    known = "digits and marks to be read as one of them" if marks else "digits to be read as one"
    return f"It would have to be {symbol.read.nearer:.1f} times nearer to the known {known}."


def share(part):
    return percent(part).replace(">", "more than ").replace("<", "less than ")
