"""Rulings and grids as dark and as thick as the ink, or fainter: taken out of a page's ink without the strokes on them.

`lines.py` finds them. On a line only pixels of short runs across it go, and those no darker than a faint line is; what
crosses it stays (line removal by vertical runs, as in music scores: Carter and Bacon 1992). `ink/rulings.py` does those
that are too faint even for that, in grey.
"""

from dataclasses import dataclass

import numpy as np

from number_reader.ink.image import INK_LEVEL
from number_reader.ink.median import median, percentile
from number_reader.page.lines import completed, find_lines, merged, runs_of
from number_reader.segmentation.components import label_components

MIN_SIDE = 40  # px of a side below which no lines are looked for
LOW = 0.12, 0.3, 0.05  # ink, 0..1, from which on it may be a line; the next where there is no grid by one
SHORT_PIECE, BETWEEN = 8, 0.75  # px, and share of the distance between lines across: of upright ones, which these cut
LITTLE, LEAST_LITTLE = 0.12, 60  # of the width, and px: lines of a small table are longer than this
SPAN = 0.7  # of the way from the first upright line to the last that lines across must go
TALL = 0.5  # of the lines across that an upright one must pass
LEAST_LONE, MIN_LONE = 80, 200  # px of a side below which a line alone is none, or must come
LEAVES = 3  # px near to both edges
ALONE = 0.85  # extent of a line that has no two beside it
FAMILY = 3
FRAMED = 5  # lines of a small table: its frame, and one within it
MEETS = 0.06  # of the longer side of a frame, by which the ends of its lines may miss one another
REMAINS, MOSTLY = 4, 0.75  # what lies within so many px of a line, for the most part, is what is left of it
CLOSE = 0.1  # but no more than so much of the distance between lines
FAINT, DARKER = 0.7, 1.3  # a line with less ink than this is faint: what is so many times as dark is ink on it
BETWEEN_THEM = 0.35  # and as far as this from it to the ink
DARK_MARKS, FEW_MARKS = 75, 60  # percentile of marks off the lines, if there are so many px, that says how dark ink is
ALONG, THICKER = 7, 0.9  # px of a line together, and px by which they are thicker where a stroke lies along it
PART, UPRIGHT_PART = 0.22, 0.45  # of a component's pixels, and of a cell's height: so much in another cell is another's


@dataclass
class Grid:
    """Lines across and lines upright (whose courses are columns at every row), sorted; double ones merged."""

    across: list
    upright: list

    @property
    def is_table(self):
        """Whether it has cells."""
        many, two = len(self.across) >= FAMILY, min(len(self.across), len(self.upright)) >= 2
        return (many and two) or (two and len(self.across) + len(self.upright) >= FRAMED)

    def place(self, y, x):
        """(row, column) of points, int or int (n,): how many lines they lie below and to the right of."""
        row, column = np.zeros(np.shape(y), np.intp), np.zeros(np.shape(y), np.intp)
        y, x = np.asarray(y, np.intp), np.asarray(x, np.intp)
        for line in self.across:
            row += line.course[np.clip(x, 0, len(line.course) - 1)] < y
        for line in self.upright:
            column += line.course[np.clip(y, 0, len(line.course) - 1)] < x
        return row, column

    @property
    def cell(self):
        """Usual (height, width) of a cell, px."""
        return tuple(
            float(median(np.diff([float(line.course.mean()) for line in lines])))
            for lines in (self.across, self.upright)
        )


def without_lines(ink):
    """Take lines out of an ink map, float32 (h, w), which may be above 1 where lines are lighter than writing.

    Returns (mask of what else is ink, bool (h, w); a Grid; the ink of most of that, of which INK_LEVEL is a share).
    """
    mask, empty = ink > INK_LEVEL, Grid([], [])
    if min(mask.shape) < MIN_SIDE:
        return mask, empty, 1.0
    for level in LOW:
        low = ink > level
        runs = runs_of(low), runs_of(low.T)
        across, upright = _families(runs)
        if upright:
            break
    if not across:
        return mask, empty, 1.0
    on = np.zeros(mask.shape, bool)
    for view, lines in ((on, across), (on.T, upright)):
        for line in lines:
            _mark(view, line)
    full = _full(ink, mask & ~on)
    rest = ink > INK_LEVEL * full
    crossing = [np.zeros(mask.shape, bool), np.zeros(mask.shape, bool)]
    strokes = np.zeros(mask.shape, bool)
    for view, own, short, lines, near, kept in (
        (rest, ink, runs[0], across, crossing[0], strokes),
        (rest.T, ink.T, runs[1], upright, crossing[1].T, strokes.T),
    ):
        for line in lines:
            here = np.zeros(view.shape, bool)
            _mark(here, line)
            level = _level(own, line)
            if level < FAINT * full:
                stays = own > max(DARKER * level, level + BETWEEN_THEM * (full - level))
                kept |= here & stays
            else:
                stays = (short > 1.6 * line.thick + 2) | _thicker(short, line)
                near |= here
            view[here & ~stays] = False
    # Where dark lines cross, runs are long both ways.
    rest &= ~(crossing[0] & crossing[1] & ~strokes)
    return _without_remains(rest, across, upright), Grid(merged(across), merged(upright)), full


def _full(ink, mask):
    """How dark most of the marks of a mask are; 1.0 where there are few."""
    marks = ink[mask]
    return max(float(percentile(marks, DARK_MARKS)), 1e-3) if marks.size >= FEW_MARKS else 1.0


def _thicker(short, line):
    """Where a line is thicker than it usually is, as a stroke lies along it: bool (w,) of columns. short: int (h, w), runs
    across it."""
    h, w = short.shape
    columns = np.arange(w)
    rows = np.clip(np.floor(line.course + 0.5).astype(np.intp), 0, h - 1)
    length = np.max([short[np.clip(rows + k, 0, h - 1), columns] for k in (-1, 0, 1)], axis=0)
    seen = length[line.start : line.end]
    seen = seen[(seen > 0) & (seen <= 3 * line.thick + 4)]
    if not seen.size:
        return np.zeros(w, bool)
    usual = float(median(seen))
    varies = float(median(np.abs(seen - usual)))
    more = np.clip(length - usual, -2, 4).astype(float)
    mean = np.convolve(np.pad(more, ALONG // 2, mode="edge"), np.ones(ALONG) / ALONG, mode="valid")
    return mean >= max(THICKER, 0.3 * usual, 1.5 * varies)


def _families(runs):
    """(Lines across, upright Lines) from the runs of a mask and of its transpose; ([], []) where they are none."""
    shape = runs[0].shape
    across, upright = _crossing(runs, find_lines(runs[0]))
    if len(across) >= FAMILY or upright:
        return across, upright
    small = _crossing(runs, find_lines(runs[0], extent=max(LITTLE * shape[1], LEAST_LITTLE)))
    if small[1]:
        return small
    return [line for line in across if _is_alone(line, shape)], []


def _crossing(runs, across):
    """(Lines across and those missed, upright Lines that make a grid or frame with them)."""
    if len(across) < 2:  # digits that stand on one line show a second, where they are round
        return across, []
    across = completed(across, runs[0])
    # Upright lines alone would be ones.
    top = min(line.course[line.start : line.end].min() for line in across)
    bottom = max(line.course[line.start : line.end].max() for line in across)
    apart, tall = (bottom - top) / max(len(merged(across)) - 1, 1), TALL * (bottom - top)
    least = max(SHORT_PIECE, BETWEEN * apart)
    found = find_lines(runs[1], least, max(tall, LEAST_LITTLE / 2)) or find_lines(runs[1])
    upright = [line for line in completed(found, runs[1]) if line.end - line.start >= tall]
    if _is_frame(across, upright) or (len(across) >= FAMILY and _spans(across, upright)):
        return across, upright
    return across, []


def _spans(across, upright):
    """Whether most lines across reach from the first upright one to the last."""
    if not upright:
        return False
    left, right = (float(median(line.course[line.start : line.end])) for line in (upright[0], upright[-1]))
    shared = [min(line.end, right) - max(line.start, left) for line in across]
    return float(median(shared)) >= SPAN * (right - left)


def _is_alone(line, shape):
    """Whether a line without others is one: in a small picture, which a digit may fill, only if it leaves it both ways."""
    width, side = shape[1], min(shape)
    if line.end - line.start < ALONE * width or side < LEAST_LONE:
        return False
    return side >= MIN_LONE or (line.start <= LEAVES and line.end >= width - LEAVES)


def _is_frame(across, upright):
    """Whether the outer lines meet at four corners, and a line is within."""
    if len(upright) < 2 or len(merged(across)) + len(merged(upright)) < FRAMED:
        return False
    high, wide = (abs(float(ends[-1].course.mean() - ends[0].course.mean())) for ends in (across, upright))
    near = max(8, MEETS * max(high, wide))
    for lines, others in ((across, upright), (upright, across)):
        for line in (lines[0], lines[-1]):
            for end, other in ((line.start, others[0]), (line.end - 1, others[-1])):
                at = int(np.clip(line.course[end], 0, len(other.course) - 1))
                if abs(other.course[at] - end) > near:
                    return False
    return True


def _level(ink, line):
    """How dark a line usually is, 0..1."""
    h = ink.shape[0]
    columns = np.arange(line.start, line.end)
    if not columns.size:
        return 1.0
    rows = np.floor(line.course[columns] + 0.5).astype(np.intp)
    return float(median(np.max([ink[np.clip(rows + k, 0, h - 1), columns] for k in (-1, 0, 1)], axis=0)))


def _without_remains(rest, across, upright):
    """The mask without components that lie on lines for the most part, and are as thin as what is left of one."""
    labels, boxes, areas = label_components(rest)
    gone = np.zeros(areas.size + 1, bool)
    for view, lines, names, along in ((rest, across, labels, 0), (rest.T, upright, labels.T, 1)):
        if not lines or not areas.size:
            continue
        middles = [float(line.course.mean()) for line in merged(lines)]
        apart = float(median(np.diff(middles))) if len(middles) > 1 else np.inf
        reach = min(REMAINS, max(1, CLOSE * apart))
        beside = np.zeros(view.shape, bool)
        for line in lines:
            _mark(beside, line, reach)
        close = np.bincount(names[view & beside], minlength=areas.size + 1)[1:]
        thick = max(line.thick for line in lines) + 2 * reach
        gone[1:] |= (close >= MOSTLY * areas) & (boxes[:, along + 2] - boxes[:, along] <= thick)
    return rest & ~gone[labels]


def _mark(near, line, beside=2):
    """Set the pixels on a line, and so many px beside it, in a mask, in place."""
    h, _ = near.shape
    half = line.thick / 2 + beside
    for shift in range(-int(half) - 1, int(half) + 2):
        columns = np.arange(max(line.start - 6, 0), min(line.end + 6, near.shape[1]))
        rows = np.floor(line.course[columns] + 0.5).astype(np.intp) + shift
        inside = (rows >= 0) & (rows < h) & (abs(shift) <= half)
        near[rows[inside], columns[inside]] = True


def parted(grid, labels, boxes):
    """Components parted where they lie in several cells, as digits that touch across a line do.

    labels: int (h, w), 0 for paper; boxes: int (n, 4). Returns labels, boxes and areas as `label_components` does, and the
    (row, column) of each, int (m, 2). What reaches a little into another cell stays with the rest.
    """
    y, x = np.nonzero(labels)
    if not y.size:
        return labels, boxes, np.empty(0, np.intp), np.empty((0, 2), np.intp)
    row, column = grid.place(y, x)
    columns = len(grid.upright) + 1
    cells = columns * (len(grid.across) + 1)
    keys, part = np.unique(labels[y, x] * np.int64(cells) + row * columns + column, return_inverse=True)
    areas, around = np.bincount(part), _boxes(part, y, x, len(keys))
    name = keys // cells - 1
    whole = np.bincount(name, areas, minlength=len(boxes))
    order = np.lexsort((areas, name))
    last = np.append(name[order][1:] != name[order][:-1], True)
    main = np.zeros(len(boxes), np.intp)
    main[name[order][last]] = order[last]
    own = (areas >= PART * whole[name]) & (around[:, 2] - around[:, 0] >= UPRIGHT_PART * grid.cell[0])
    # A stroke over the border is no number outside.
    own &= (keys % cells // columns % len(grid.across) > 0) & (keys % columns % len(grid.upright) > 0)
    own |= main[name] == np.arange(len(keys))
    to = np.where(own, np.arange(len(keys)), main[name])
    kept, number = np.unique(to, return_inverse=True)
    out = np.zeros_like(labels)
    out[y, x] = number[part] + 1
    places = np.stack([keys[kept] % cells // columns, keys[kept] % columns], axis=1)
    return out, _boxes(number[part], y, x, len(kept)), np.bincount(number[part]), places


def _boxes(names, y, x, count):
    """Boxes of points by name 0..count-1: int (count, 4), half-open."""
    out = np.empty((count, 4), np.intp)
    out[:, :2], out[:, 2:] = np.iinfo(np.intp).max, 0
    for k, values in enumerate((y, x)):
        np.minimum.at(out[:, k], names, values)
        np.maximum.at(out[:, k + 2], names, values + 1)
    return out
