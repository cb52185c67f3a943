"""Shows a reading: the number, how sure it is, the alternatives, and what was recognised."""

from app.dom import element, percent
from pyscript import document, window

SURE = 0.9  # a digit below this confidence is marked as unsure
GLYPH = 28  # px, the side of a glyph
GAP = 4  # px between two glyphs
PER_ROW = 8  # glyphs
ALTERNATIVES = 3  # candidates shown per digit
MARK = "#b3401f"  # the colour of boxes; styles.css calls it --accent


class View:
    def __init__(self):
        self.number = document.getElementById("number")
        self.verdict = document.getElementById("verdict")
        self.candidates = document.getElementById("candidates")
        self.raw = document.getElementById("raw")
        self.processed = document.getElementById("processed")
        self.source = document.getElementById("source")
        self.seen = document.getElementById("seen")

    def reading(self):
        """A reading is awaited; the last one stays, dimmed by the style, until it comes."""
        self.number.dataset.state = "reading"

    def nothing(self):
        """The pad is blank."""
        self.number.replaceChildren()
        self.verdict.textContent = ""
        self.candidates.replaceChildren()
        self.seen.hidden = True
        self.number.dataset.state = "empty"

    def show(self, answer, picture, source):
        """Shows what the worker answered about `picture`, something a canvas can draw.

        `source` says what was read, "Your drawing" or a file's name.
        """
        digits = [digit for digit in answer.digits]
        self._show_number(answer.text, digits)
        self.verdict.textContent = verdict(digits)
        self.candidates.replaceChildren(*[alternatives(digit, i, len(digits)) for i, digit in enumerate(digits)])
        self.source.textContent = source
        self._show_raw(picture, digits, getattr(answer, "width", None) or picture.width)
        self._show_processed(digits)
        self.seen.hidden = False
        self.number.dataset.state = "done"

    def _show_number(self, text, digits):
        """The text, each digit in an element of its own so that the style can mark the unsure."""
        parts = []
        rest = iter(digits)
        for character in text:
            if character == "\n":
                parts.append(document.createTextNode(character))
                continue
            parts.append(element("span", character, sureness(next(rest))))
        count = len(text)
        length = "long" if count > 6 else "middle" if count > 3 else "short"
        self.number.dataset.length = "lines" if "\n" in text else length
        self.number.replaceChildren(*parts)

    def _show_raw(self, picture, digits, width):
        """The picture and a box around each digit, given in pixels of a picture `width` wide."""
        canvas = self.raw
        canvas.width = picture.width
        canvas.height = picture.height
        context = canvas.getContext("2d")
        context.drawImage(picture, 0, 0)
        scale = picture.width / width
        margin = max(2, picture.width // 100)
        context.strokeStyle = MARK
        context.lineWidth = max(1, picture.width / 200)
        for digit in digits:
            top, left, bottom, right = [side * scale for side in digit.box]
            context.strokeRect(left - margin, top - margin, right - left + 2 * margin, bottom - top + 2 * margin)

    def _show_processed(self, digits):
        canvas = self.processed
        columns = max(1, min(len(digits), PER_ROW))
        rows = max(1, -(-len(digits) // PER_ROW))
        canvas.width = columns * (GLYPH + GAP) - GAP
        canvas.height = rows * (GLYPH + GAP) - GAP
        context = canvas.getContext("2d")
        for i, digit in enumerate(digits):
            bytes_ = window.Uint8ClampedArray.new(digit.glyph.buffer)
            glyph = window.ImageData.new(bytes_, GLYPH, GLYPH)
            context.putImageData(glyph, i % PER_ROW * (GLYPH + GAP), i // PER_ROW * (GLYPH + GAP))


def sureness(digit):
    if digit.label is None:
        return "refused"
    return "sure" if digit.confidence >= SURE else "unsure"


def verdict(digits):
    """One sentence on how far the reading can be trusted."""
    if not digits:
        return "No digit found."
    refused = [digit for digit in digits if digit.label is None]
    if refused:
        if len(digits) == 1:
            return "This does not look like a digit."
        if len(refused) == 1:
            return "One mark (?) does not look like a digit."
        return f"{len(refused)} marks (?) do not look like digits."
    confidence = 1
    for digit in digits:
        confidence *= digit.confidence
    word = "Sure" if confidence >= SURE else "Not quite sure"
    return f"{word}: {percent(confidence)}"


def alternatives(digit, index, count):
    """The list item of one digit of `count`: its best candidates as bars."""
    item = element("li", kind=sureness(digit))
    read = "?" if digit.label is None else str(digit.label)
    alone = "At best" if digit.label is None else "It could be"
    item.append(element("h2", f"Digit {index + 1}: {read}" if count > 1 else alone))
    bars = element("ul")
    for label, share in list(digit.candidates)[:ALTERNATIVES]:
        bar = element("span", kind="bar")
        bar.style.setProperty("--share", str(share))
        row = element("li")
        row.append(element("b", str(label)), bar, element("span", percent(share), "share"))
        bars.append(row)
    item.append(bars)
    return item
