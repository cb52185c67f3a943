"""What the eraser leaves: of the lines, by which digits are told apart, and of the whole picture."""

from math import ceil, sqrt

from pyscript import document, window

from app.drawing.strokes import Line

FAINT = 1 / 8  # of full ink: less can hardly be seen
STEP = 8  # px: how far apart a line is looked at


def lines_left(lines, box, context):
    """The lines, or parts of them, that still lie on ink where it was wiped away within `box`: left, top, right, bottom
    in canvas pixels."""
    left, top = max(int(box[0]), 0), max(int(box[1]), 0)
    right, bottom = min(ceil(box[2]), context.canvas.width), min(ceil(box[3]), context.canvas.height)
    if left >= right or top >= bottom:
        return lines
    pixels = context.getImageData(left, top, right - left, bottom - top).data

    def wiped(x, y):
        if not (left <= x < right and top <= y < bottom):
            return False
        return pixels[4 * ((int(y) - top) * (right - left) + int(x) - left) + 3] < 255 * FAINT

    left_over = []
    for line in lines:
        parts = _parts(line.points, wiped)
        left_over.extend([line] if parts == [line.points] else [Line(part) for part in parts])
    return left_over


def lines_beside(lines, stroke):
    """The same without a look at pixels, where the browser hides them: what the eraser's stroke has not passed over."""
    left, top, right, bottom = stroke.box
    reach = stroke.reach / 2
    trail = list(zip(stroke.points, stroke.points[1:] or stroke.points))

    def wiped(x, y):
        if not (left <= x <= right and top <= y <= bottom):
            return False
        return any([distance(x, y, start, end) <= reach for start, end in trail])

    return [Line(part) for line in lines for part in _parts(line.points, wiped)]


def distance(x, y, start, end):
    """From a point to a segment."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    x, y = x - start[0], y - start[1]
    along = min(1, max(0, (x * dx + y * dy) / max(dx * dx + dy * dy, 1e-9)))
    return sqrt((x - along * dx) ** 2 + (y - along * dy) ** 2)


def _parts(points, wiped):
    """A line without the segments of which all is wiped away."""
    if len(points) == 1:
        return [] if wiped(*points[0]) else [points]
    parts = []
    part = points[:1]
    for (x, y), (end_x, end_y) in zip(points, points[1:]):
        count = ceil(max(abs(end_x - x), abs(end_y - y)) / STEP)
        if all(wiped(x + (end_x - x) * i / count, y + (end_y - y) * i / count) for i in range(count + 1)):
            parts.append(part)
            part = []
        part.append((end_x, end_y))
    parts.append(part)
    return [part for part in parts if len(part) > 1]


def is_blank(canvas):
    """Whether nothing is to be seen on a canvas.

    Python would take seconds to look at each pixel. The browser looks at those of a copy, drawn so faintly that only
    what can be seen is more than zero there.
    """
    copy = document.createElement("canvas")
    copy.width, copy.height = canvas.width, canvas.height
    context = copy.getContext("2d", {"willReadFrequently": True})
    context.globalAlpha = 1 / 255 / FAINT
    context.drawImage(canvas, 0, 0)
    pixels = context.getImageData(0, 0, copy.width, copy.height).data
    return not window.Uint32Array.new(pixels.buffer).some(window.Boolean)
