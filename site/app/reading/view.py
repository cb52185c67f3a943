"""Shows a reading: the number, how sure it is, and what was recognised."""

from pyscript import window

from app.dom import by_id, element, on, written
from app.reading.words import note, sureness, verdict

IN_ONE_LINE = 12  # characters; a longer number goes on in the next line
GLYPH = 28  # px, the side of a glyph
GAP = 4  # px between two glyphs
PER_ROW = 8  # glyphs
GUESSED, UNREAD = "First guess", "…"
AT_ONCE = 8  # rows that are shown before the page may do something else


class View:
    """`viewer` shows pictures (app/pictures/viewer.py)."""

    def __init__(self, mode, viewer):
        self.mode, self.viewer = mode, viewer
        self.number = by_id("number")
        self.verdict = by_id("verdict")
        self.processed = by_id("processed")
        self.source = by_id("source")
        self.seen = by_id("seen")
        self.note = by_id("note")
        self.shown = None  # the Reading
        self.is_guess = False  # what stands there is a first guess (app/guess/)
        on(self.seen, "toggle", lambda event: self._show_processed())

    def reading(self):
        """A reading is awaited; the last one stays, dimmed by the style, until it comes."""
        self.number.dataset.state = "reading"
        self.number.removeAttribute("aria-live")
        if self.is_guess:  # of other ink
            self.lose()

    def lose(self):
        """What stands there is of other ink, and nothing takes its place yet."""
        self.is_guess = False
        self.number.replaceChildren()
        self.verdict.textContent = ""
        self.note.textContent = ""

    def show_guess(self, guess):
        """A reading is awaited, and digits are guessed meanwhile: [(text, whether it is sure)]. No screen reader is told, and
        it can't be chosen, copied or put into the sheet: it is no reading."""
        if self.number.dataset.state != "reading":
            return
        self.is_guess = True
        guess = _in_one_line(guess)
        whole = element("i", kind="guess")
        whole.append(*[element("span", text, "" if sure else "unsure") for text, sure in guess])
        word = element("i", GUESSED, "guess")
        for each in (whole, word):
            each.setAttribute("aria-hidden", "true")
        self._fit("".join([text * _room(text) for text, _ in guess]))
        self.number.replaceChildren(whole)
        self.verdict.replaceChildren(word)

    def stay(self):
        """No reading is awaited any more: the last one stays."""
        self.number.dataset.state = "done"

    def nothing(self):
        """The pad is blank."""
        self.is_guess = False
        self.number.replaceChildren()
        self.verdict.textContent = ""
        self.seen.hidden = True
        self.number.removeAttribute("aria-busy")  # the reading of a page may have been cancelled
        self.number.dataset.state = "empty"

    def parts(self, reading):
        """Functions that show a Reading when they are called one after the other."""
        if not reading.file:
            return [lambda: self._show_words(reading)]
        spots = [
            lambda i=i: self.viewer.add(reading.rows[i : i + AT_ONCE]) for i in range(0, len(reading.rows), AT_ONCE)
        ]
        return (
            [lambda: self.viewer.show(reading.picture, reading.width, reading.file)]
            + spots
            + self._words_in_parts(reading)
        )

    def show_mended(self, reading, cell):
        """A person has mended a cell, which the status line says: all of a page is not to be announced for it."""
        self.number.setAttribute("aria-live", "off")
        self._show_number(reading)
        self.verdict.textContent = verdict(reading.marks, self.mode.marks)
        if reading.file:
            self.viewer.renew(cell)

    def begin(self, reading):
        """The picture of what is being read is there; its rows come one by one."""
        self.verdict.textContent = self.note.textContent = ""
        self.source.textContent = reading.source
        self.seen.hidden = True
        self.viewer.show(reading.picture, reading.width, reading.file)

    def extend(self, reading, row):
        """A row has come."""
        parts = parts_of([row], " ")
        if len(reading.rows) > 1:
            self.number.append("\n", *parts)
        else:
            self.number.setAttribute("aria-busy", "true")  # it is announced when it is whole
            self.number.dataset.length = "lines"
            self.number.replaceChildren(*parts)
        self.viewer.add([row])

    def _words_in_parts(self, reading):
        """The number of a long page comes in parts, too, and is announced when it is whole."""
        rows, whole = reading.shown_rows, lambda: self._show_words(reading)
        if len(rows) <= AT_ONCE:
            return [whole]

        def begin():
            self.number.setAttribute("aria-busy", "true")
            self._set_out(reading)
            self.number.replaceChildren(*parts_of(rows[:AT_ONCE], reading.gap))

        def rest(first):
            return lambda: self.number.append("\n", *parts_of(rows[first : first + AT_ONCE], reading.gap))

        def end():
            self.number.removeAttribute("aria-busy")
            rest(places[-1])()
            self._show_rest(reading)

        places = list(range(AT_ONCE, len(rows), AT_ONCE))
        return [begin] + [rest(first) for first in places[:-1]] + [end]

    def _show_words(self, reading):
        self.number.removeAttribute("aria-busy")
        self._show_number(reading)
        self._show_rest(reading)

    def _show_rest(self, reading):
        self.shown = reading
        self._show_processed()
        self.verdict.textContent = verdict(reading.marks, self.mode.marks)
        self.source.textContent = reading.source
        self.note.textContent = note(reading.answer)
        self.seen.hidden = False
        self.number.dataset.state = "done"

    def _show_number(self, reading):
        self._set_out(reading)
        self.number.replaceChildren(*parts_of(reading.shown_rows, reading.gap))

    def _set_out(self, reading):
        self.is_guess = False
        self._fit(reading.text)

    def _fit(self, text):
        """Tells the style what will stand there."""
        longest = max([len(line) for line in text.split("\n")])
        self.number.dataset.length = length(text, longest)
        cells = text.replace("\n", "\t").split("\t")
        self.number.style.setProperty("--cell", str(1 + max([len(cell) for cell in cells])))
        self.number.style.setProperty("--digits", str(max(1, min(longest, IN_ONE_LINE))))

    def _show_processed(self):
        """The glyphs, where a person has asked for them: those of a page take a while."""
        if not self.shown or not self.seen.open:
            return
        symbols = list(self.shown.answer.symbols)
        canvas = self.processed
        columns = max(1, min(len(symbols), PER_ROW))
        rows = max(1, -(-len(symbols) // PER_ROW))
        canvas.style.setProperty("--columns", str(columns))
        canvas.width = columns * (GLYPH + GAP) - GAP
        canvas.height = rows * (GLYPH + GAP) - GAP
        context = canvas.getContext("2d")
        for i, symbol in enumerate(symbols):
            bytes_ = window.Uint8ClampedArray.new(symbol.glyph.buffer)
            glyph = window.ImageData.new(bytes_, GLYPH, GLYPH)
            context.putImageData(glyph, i % PER_ROW * (GLYPH + GAP), i // PER_ROW * (GLYPH + GAP))


def length(text, longest):
    """What the style is told of it; `longest`: characters of its longest line."""
    if "\n" in text:
        return "table" if "\t" in text else "lines"
    return "long" if longest > IN_ONE_LINE else "short"


def parts_of(rows, gap):
    """The text of rows of Cells, each mark in an element of its own: the style marks the unsure, and a person chooses it."""
    parts = []
    for i, row in enumerate(rows):
        parts.append("\n" if i else "")
        is_first = True
        for cell in row:
            if cell.parts or gap == "\t":
                parts.append("" if is_first else gap)
                is_first = False
                parts += [part if part == " " else written("span", part.text, kind(part)) for part in cell.parts]
    return [part for part in parts if part != ""]


def kind(mark):
    return sureness(mark) + (" mended" if mark.is_mended else "")


def _room(text):
    """Characters of a number that a part of a guess takes the room of."""
    return 2 if text == UNREAD else 1


def _in_one_line(guess):
    """A guess as it is shown: [(text, whether it is sure)] with one part for all beside each other that are unread, and cut
    where it would need a second line, which would move the pad under the next stroke."""
    shown, room = [], 0
    for text, sure in guess:
        if text == UNREAD and shown and shown[-1][0] == UNREAD:
            continue
        room += _room(text)
        if room > IN_ONE_LINE - _room(UNREAD):
            return shown if UNREAD in (text, shown[-1][0]) else shown + [(UNREAD, False)]
        shown.append((text, sure))
    return shown
