"""The picture in the one place: shown whole at first, zoomed and moved, never past its edges; each number over its place.

What is over it are elements that stand at shares of its size, so that they follow it and keep their own size on the screen
with no work of Python's. gestures.py has what a person does.
"""

from pyscript import window
from pyscript.ffi import create_proxy

from app.dom import by_id, element, enable, on, reveal
from app.symbols import spoken

MOST = 12  # times as large as it is shown whole
STEP = 1.5  # times, of a button or key
MOVE = 0.25  # of what is seen, of an arrow key
LEGIBLE = 40  # px of the screen: as high as the chosen mark is made, if it is less
DENSE = 16  # px: where boxes are less high, their labels would hide the rows above
EDGE = 0.06  # of the picture's size: over what is so near to its edge a label would be cut
LETTER, GAP = 10, 24  # px: at most so wide is a letter of a label, and what is around it
NEAR = 22  # px around a finger in which a mark is found


class Viewer:
    """`on_choice(cell, place)` is called with the Cell (app/reading/cells.py) that a person asks for, and where: x and y in
    pixels of the boxes, or None where it was no pointer."""

    def __init__(self):
        self.frame, self.layer, self.raw = by_id("picture"), by_id("layer"), by_id("raw")
        self.on_choice = lambda cell, place: None
        self.picture, self.width, self.scale = None, 1, 1  # boxes are in pixels of it `width` wide; its own for each
        self.zoom, self.x, self.y = (
            1,
            0,
            0,
        )  # times as large as when it is whole; of its left upper corner, px of the frame
        self.cells, self.spots, self.heights = [], [], []
        self.chosen = self.file = None  # the box of the chosen mark; what is shown
        for name, step in (("zoom-in", STEP), ("zoom-out", 1 / STEP)):
            on(name, "click", lambda event, step=step: self.zoom_by(step))
        on("zoom-fit", "click", lambda event: self.fit())
        on(self.frame, "click", self._clicked)
        window.ResizeObserver.new(create_proxy(lambda *_: self.lay_out())).observe(self.frame)

    # --- what is shown -------------------------------------------------------------------

    def show(self, picture, width, file):
        """Shows a picture of a file, whole unless the file was shown just before; boxes are in pixels of one `width` px
        wide."""
        is_other, self.file = self.file is not file, file
        self.picture, self.width, self.scale = picture, width, picture.width / width
        self.cells, self.spots, self.heights, self.chosen = [], [], [], None
        by_id("spots").replaceChildren()
        by_id("chosen-mark").hidden = True
        self.raw.width, self.raw.height = picture.width, picture.height
        self.raw.getContext("2d").drawImage(picture, 0, 0)
        if is_other:
            self.zoom = 1
        self.lay_out()

    def add(self, rows):
        """Shows what was read, rows of Cells, over its place."""
        made = []
        for row in rows:
            row = [cell for cell in row if cell.box and cell.parts]
            for cell in row:
                self.cells.append(cell)
                self.heights.append(cell.box[2] - cell.box[0])
                spot = element("button")
                spot.type = "button"
                spot.tabIndex = -1  # there may be hundreds: buttons and keys go from one to the next
                self._place(spot, cell.box)
                spot.dataset.label = self._side(cell, len(row) == 1)
                self._write(spot, cell)
                self.spots.append(spot)
                made.append(spot)
        by_id("spots").append(*made)
        if self.heights:
            high = sorted(self.heights)[len(self.heights) // 2]
            self.layer.style.setProperty("--high", str(high / self.width))
            self._thin_out()

    def renew(self, cell):
        """The cell was mended."""
        for each, spot in zip(self.cells, self.spots):
            if each is cell:
                self._write(spot, cell)

    def _write(self, spot, cell):
        text = cell.text
        is_doubtful = cell.is_doubtful
        spot.className = "doubtful" if is_doubtful else "gone" if not text else ""
        label = element("span", text + (" ?" if is_doubtful and "?" not in text else ""))
        spot.replaceChildren(label)
        name = spoken(text) + (", not sure" if is_doubtful else "")
        if name != label.textContent:
            spot.setAttribute("aria-label", name or "nothing")
        else:
            spot.removeAttribute("aria-label")

    def _place(self, target, box):
        """Over a box; as shares of the picture's size, in one text, since a page has hundreds."""
        top, left, bottom, right = box
        wide, high = self.width / 100, self.width * self.picture.height / self.picture.width / 100
        target.style.cssText = (
            f"left:{left / wide:.3f}%;top:{top / high:.3f}%;width:{(right - left) / wide:.3f}%;"
            f"height:{(bottom - top) / high:.3f}%"
        )

    def _side(self, cell, is_alone):
        """Where its label stands: beside a number that is alone in its row, where it hides none; else above it, or below it
        where the picture ends; "" is above its middle."""
        top, left, _, right = cell.box
        wide, _, unit = self.size()
        height = self.width * self.picture.height / self.picture.width
        beside = (wide - self.width * unit) / 2  # of the picture where it is whole
        room = LETTER * len(cell.text) + GAP
        if is_alone and beside + (self.width - right) * unit >= room:
            return "right"
        if is_alone and beside + left * unit >= room:
            return "left"
        if top < EDGE * height:
            return "below"
        return "start" if left < EDGE * self.width else "end" if right > (1 - EDGE) * self.width else ""

    def mark(self, box, is_to_be_seen):
        """Outlines the chosen mark, and brings it into view where that is asked for; None: there is none."""
        self.chosen = box
        by_id("chosen-mark").hidden = not box
        if box and self.picture:
            self._place(by_id("chosen-mark"), box)
            if is_to_be_seen:
                self.reveal(box)

    # --- zoomed and moved ----------------------------------------------------------------

    def size(self):
        """(width, height) of the frame, and pixels of the screen for each of the boxes where the picture is whole."""
        wide, high = self.frame.clientWidth, self.frame.clientHeight
        if not self.picture or not wide or not high:
            return wide, high, 0
        return wide, high, min(wide / self.picture.width, high / self.picture.height) * self.scale

    def lay_out(self):
        """Puts the layer where zoom and place say, within the edges."""
        wide, high, unit = self.size()
        if not unit:
            return
        self.zoom = min(max(self.zoom, 1), MOST)
        across = unit * self.zoom * self.width
        down = across * self.picture.height / self.picture.width
        self.x, self.y = within(self.x, across, wide), within(self.y, down, high)
        self.layer.style.cssText = (
            f"width:{across:.2f}px;height:{down:.2f}px;transform:translate({self.x:.2f}px,{self.y:.2f}px);"
            f"--high:{self.layer.style.getPropertyValue('--high') or 0}"
        )
        self.frame.toggleAttribute("data-zoomed", self.zoom > 1)
        enable("zoom-in", self.zoom < MOST)
        enable("zoom-out", self.zoom > 1)
        enable("zoom-fit", self.zoom > 1)
        self._thin_out()

    def _thin_out(self):
        unit = self.size()[2] * self.zoom
        high = float(self.layer.style.getPropertyValue("--high") or 0) * self.width
        self.layer.toggleAttribute("data-dense", 0 < high * unit < DENSE)

    def fit(self):
        self.zoom = 1
        self.lay_out()

    def zoom_by(self, times, x=None, y=None):
        """Around a point of the frame, or its middle. Whether anything changed."""
        wide, high, _ = self.size()
        x, y = (wide / 2, high / 2) if x is None else (x, y)
        before = self.zoom
        self.zoom = min(max(self.zoom * times, 1), MOST)
        times = self.zoom / before
        self.x, self.y = x - (x - self.x) * times, y - (y - self.y) * times
        self.lay_out()
        return self.zoom != before

    def move_by(self, across, down):
        """Pixels of the screen."""
        self.x, self.y = self.x + across, self.y + down
        self.lay_out()

    def move(self, columns, rows):
        """An arrow key: what lies that way comes nearer."""
        wide, high, _ = self.size()
        self.move_by(-MOVE * wide * columns, -MOVE * high * rows)

    def reveal(self, box):
        """Zooms and moves no more than it takes to see a box, large enough."""
        reveal(self.frame)
        wide, high, unit = self.size()
        top, left, bottom, right = box
        usual = sorted(self.heights)[len(self.heights) // 2] if self.heights else 1
        tall = max(bottom - top, usual) * unit * self.zoom  # a dash is flat, and yet as large as its neighbours
        if not tall:
            return
        if tall < LEGIBLE:
            self.zoom = min(self.zoom * LEGIBLE / tall, MOST)
        unit *= self.zoom
        edge = min(LEGIBLE, wide / 4, high / 4)
        x, y = self.x + (left + right) / 2 * unit, self.y + (top + bottom) / 2 * unit
        if tall < LEGIBLE or not (edge <= x <= wide - edge and edge <= y <= high - edge):
            self.x += wide / 2 - x
            self.y += high / 2 - y
        self.lay_out()

    # --- chosen --------------------------------------------------------------------------

    def _clicked(self, event):
        spot = event.target.closest("#spots button")
        if not event.detail and spot:  # by a screen reader
            for cell, each in zip(self.cells, self.spots):
                if each.isSameNode(spot):
                    self.on_choice(cell, None)
            return
        rect, unit = self.layer.getBoundingClientRect(), self.size()[2] * self.zoom
        x, y = (event.clientX - rect.left) / unit, (event.clientY - rect.top) / unit
        distances = [(away(cell.box, x, y), i) for i, cell in enumerate(self.cells) if cell.parts]
        nearest = min(distances) if distances else None
        if spot or (nearest and nearest[0] * unit <= NEAR):
            for i, each in enumerate(self.spots):  # its label hangs over other boxes
                if spot and each.isSameNode(spot) and (nearest is None or nearest[0] > 0):
                    nearest = 0, i
            self.on_choice(self.cells[nearest[1]], (x, y))


def within(start, length, room):
    """Where something so long begins, to fill the room or else stand in its middle."""
    return (room - length) / 2 if length <= room else min(0, max(start, room - length))


def away(box, x, y):
    """How far a point is from a box."""
    top, left, bottom, right = box
    return max(left - x, x - right, top - y, y - bottom, 0)
