"""Shows a reading: the number, how sure it is, and what was recognised."""

from pyscript import document, window
from pyscript.ffi import create_proxy, to_js

from app.dom import percent, written
from app.symbols import CALLED, CHARACTERS, MARKS, MODES, a, name

IN_ONE_LINE = 12  # characters; a longer number goes on in the next line
LIKELY = 0.5  # a mark that the mode does not read is named if it is more likely than this
SURE = 0.9  # a symbol below this confidence is marked as unsure
MANY = 16  # symbols; of more the page counts the unsure ones: the chance that all are right says little of each
GLYPH = 28  # px, the side of a glyph
GAP = 4  # px between two glyphs
PER_ROW = 8  # glyphs
SMALL = 400  # px; a picture whose longer side is below this is shown larger, for its labels to be readable
LABEL = 14  # px on the screen, the height of a label's figures,
SMALLEST, OF_BOX = 8, 0.6  # or, in dense rows, less: so much of a box's height, for labels not to hide the row above
MARK = "#b3401f"  # the colour of boxes; styles.css calls it --accent
ON_MARK = "#fff"


class View:
    def __init__(self, mode):
        self.mode = mode
        self.number = document.getElementById("number")
        self.verdict = document.getElementById("verdict")
        self.raw = document.getElementById("raw")
        self.processed = document.getElementById("processed")
        self.source = document.getElementById("source")
        self.seen = document.getElementById("seen")
        self.note = document.getElementById("note")
        self.shown = None  # what #raw shows: see _show_raw
        self.label_scale = 0  # pixels of #raw in one of the screen, for which its labels were drawn
        window.ResizeObserver.new(create_proxy(lambda *_: self._resized())).observe(self.raw)

    def reading(self):
        """A reading is awaited; the last one stays, dimmed by the style, until it comes."""
        self.number.dataset.state = "reading"

    def stay(self):
        """No reading is awaited any more: the last one stays."""
        self.number.dataset.state = "done"

    def nothing(self):
        """The pad is blank."""
        self.number.replaceChildren()
        self.verdict.textContent = ""
        self.seen.hidden = True
        self.number.removeAttribute("aria-busy")  # the reading of a page may have been cancelled
        self.number.dataset.state = "empty"

    def show(self, answer, picture, source):
        """Shows what the worker answered about `picture`, something a canvas can draw.

        `source` says what was read, "Your drawing" or a file's name.
        """
        for part in self.parts(answer, picture, source):
            part()

    def parts(self, answer, picture, source):
        """The same as functions to be called one after the other."""
        symbols = list(answer.symbols)
        return [
            lambda: self._show_raw(picture, symbols, getattr(answer, "width", None) or picture.width),
            lambda: self._show_processed(symbols),
            lambda: self._show_words(answer, symbols, source),
        ]

    def _show_words(self, answer, symbols, source):
        self._show_number(answer.text, symbols)
        self.verdict.textContent = verdict(symbols, self.mode.marks)
        self.source.textContent = source
        self.note.textContent = note(answer)
        self.seen.dataset.of = "picture" if hasattr(answer, "picture") else "drawing"
        self.seen.hidden = False
        self.number.removeAttribute("aria-busy")
        self.number.dataset.state = "done"

    def begin(self, picture, source, width):
        """What is read is a picture as wide as `width` px, which is shown now; its rows come one by one."""
        self.verdict.textContent = self.note.textContent = ""
        self.source.textContent = source
        self.seen.dataset.of = "picture"
        self.seen.hidden = False
        self._show_raw(picture, [], width)

    def extend(self, text, symbols):
        """A row has come."""
        picture, before, scale = self.shown
        if before:
            self.number.append("\n", *parts_of(text, symbols))
        else:
            self.number.setAttribute("aria-busy", "true")  # it is announced when it is whole
            self.number.dataset.length = "lines"
            self.number.replaceChildren(*parts_of(text, symbols))
        self.shown = picture, before + symbols, scale
        self._draw_boxes(symbols, scale)

    def _show_number(self, text, symbols):
        longest = max([len(line) for line in text.split("\n")])
        self.number.dataset.length = length(text, longest)
        self.number.style.setProperty(
            "--cell", str(1 + max([len(cell) for cell in text.replace("\n", "\t").split("\t")]))
        )
        self.number.style.setProperty("--digits", str(max(1, min(longest, IN_ONE_LINE))))
        self.number.replaceChildren(*parts_of(text, symbols))

    def _show_raw(self, picture, symbols, width):
        """The picture, and around each symbol a box with its label; boxes are in pixels of a picture `width` wide."""
        zoom = max(1, SMALL // max(picture.width, picture.height))
        self.raw.width = picture.width * zoom
        self.raw.height = picture.height * zoom
        self.raw.ariaLabel = "With a box around each symbol read: " + (", ".join(map(called, symbols)) or "none")
        self.shown = picture, symbols, self.raw.width / width
        self._draw_raw()

    def _resized(self):
        """Labels keep their size on the screen when the canvas does not."""
        if self.shown and not self.seen.hidden and abs(self._scale() / self.label_scale - 1) > 0.02:
            self._draw_raw()

    def _scale(self):
        return self.raw.width / max(1, self.raw.getBoundingClientRect().width)

    def _draw_raw(self):
        picture, symbols, scale = self.shown
        canvas = self.raw
        context = canvas.getContext("2d")
        context.clearRect(0, 0, canvas.width, canvas.height)
        context.imageSmoothingEnabled = False  # it is drawn as it is, or in whole pixels larger
        context.drawImage(picture, 0, 0, canvas.width, canvas.height)
        self.label_scale = self._scale()
        self._draw_boxes(symbols, scale)

    def _draw_boxes(self, symbols, scale):
        context, unit = self.raw.getContext("2d"), self.label_scale
        margin = 3 * unit
        boxes = []
        for symbol in symbols:
            top, left, bottom, right = [side * scale for side in symbol.box]
            boxes.append((left - margin, top - margin, right - left + 2 * margin, bottom - top + 2 * margin))
        for symbol, box in zip(symbols, boxes):
            outline(context, box, unit, symbol.label is None)
        heights = sorted([box[3] / unit for box in boxes]) or [0]
        size = unit * max(SMALLEST, min(LABEL, OF_BOX * heights[len(heights) // 2]))
        for symbol, box in zip(symbols, boxes):  # after all boxes, which would cross them
            label(context, read_as(symbol), box, size)

    def _show_processed(self, symbols):
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


def parts_of(text, symbols):
    """The text, each symbol in an element of its own so that the style can mark the unsure."""
    rest = iter(symbols)
    return [each if each in "\n\t " else written("span", each, sureness(next(rest))) for each in text]


def note(answer):
    """What was done to a picture before it was read, and what was not read of it."""
    said = []
    if getattr(answer, "sheet", False):
        said.append("The sheet on it was cut out.")
    turn = round(getattr(answer, "turn", 0))
    if turn:
        said.append(f"It was turned by {abs(turn)}°" + (" to the left." if -180 < turn < 0 else "."))
    left_out = getattr(answer, "left_out", 0)
    if left_out:
        said.append("What seems to be no number was left out.")
    return " ".join(said)


def outline(context, box, unit, refused):
    """A box that shows on light and on dark; a dashed one where nothing was recognised."""
    context.setLineDash(to_js([5 * unit, 4 * unit] if refused else []))
    for colour, width in ((ON_MARK, 4), (MARK, 2)):
        context.strokeStyle = colour
        context.lineWidth = width * unit
        context.strokeRect(*box)
    context.setLineDash(to_js([]))


def label(context, text, box, size):
    """What was read, `size` px high, on a plate on top of its box, or in it where the picture ends above."""
    left, top, width, _ = box
    context.font = f"700 {size}px system-ui, sans-serif"
    context.textAlign = "center"
    context.textBaseline = "middle"
    wide, high = size, 1.25 * size
    left = min(max(0, left + width / 2 - wide / 2), context.canvas.width - wide)
    top = max(0, top - high)
    context.fillStyle = MARK
    context.fillRect(left, top, wide, high)
    context.fillStyle = ON_MARK
    context.fillText(text, left + wide / 2, top + 0.54 * high)


def read_as(symbol):
    return "?" if symbol.label is None else CHARACTERS[symbol.label]


def called(symbol):
    """As `read_as`, in words where it is a mark."""
    return "?" if symbol.label is None else name(symbol.label)


def sureness(symbol):
    if symbol.label is None:
        return "refused"
    return "sure" if symbol.confidence >= SURE else "unsure"


def likeliest(symbol):
    """The label that it has or, where it is refused, would have at best."""
    return symbol.candidates[0][0] if symbol.label is None else symbol.label


def noun(symbols):
    """What all of them are called in sentences."""
    return "symbol" if any([likeliest(each) in MARKS for each in symbols]) else "digit"


def unread(symbol, marks):
    """The label of a mark that was refused because it is none of `marks`, those that are read; else None."""
    label, chance = symbol.candidates[0][0], symbol.candidates[0][1]
    is_likely = symbol.label is None and chance >= LIKELY
    return label if is_likely and label in MARKS and CHARACTERS[label] not in marks else None


def where_read(label):
    """What the page calls the mode that reads a mark."""
    return next(CALLED[mode] for mode in ("numbers", "sums") if CHARACTERS[label] in MODES[mode])


def verdict(symbols, marks):
    """One sentence on how far the reading can be trusted; `marks` are those that are read."""
    if not symbols:
        return "No digit found."
    refused = [each for each in symbols if each.label is None]
    if refused:
        return why_refused(refused, len(symbols), marks)
    if len(symbols) > MANY:
        unsure = len([each for each in symbols if each.confidence < SURE])
        if unsure:
            return f"{unsure} of {len(symbols)} are not sure: they are underlined."
        return f"None of {len(symbols)} looks doubtful."
    confidence = 1
    for symbol in symbols:
        confidence *= symbol.confidence
    word = "Sure" if confidence >= SURE else "Not quite sure"
    return f"{word}: {percent(confidence)}"


def why_refused(refused, count, marks):
    """What those that were refused of `count` symbols look like."""
    others = [label for label in [unread(each, marks) for each in refused] if label is not None]
    if others:
        one = "This" if count == 1 else "(?)"
        return f"{one} may be {a(others[0])}: try “{where_read(others[0])}”."
    if len(refused) == count == 1:
        return "This does not look like a digit" + (" or mark." if marks else ".")
    if len(refused) == 1:
        return "One (?) does not look like a digit" + (" or mark." if marks else ".")
    return f"{len(refused)} (?) do not look like digits" + (" or marks." if marks else ".")
