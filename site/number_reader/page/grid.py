"""Rulings and grids as dark and as thick as the ink: found in the mask of ink, and taken out without the strokes on them.

Across a line that runs from left to right, runs of ink from top to bottom are as short as it is thick; where a stroke
crosses or touches it, they are longer. So only pixels of short runs are taken out (line removal by vertical runs, as in
music scores: Carter and Bacon 1992), and only of long chains of them. `ink/rulings.py` does the faint ones, in grey.
"""

from dataclasses import dataclass

import numpy as np

from number_reader.segmentation.components import label_components

MIN_SIDE = 40  # px of a side below which no lines are looked for
THICK = 0.012  # of the longer side: what is thicker is no line
PIECE = 0.025  # of the longer side: shorter pieces say nothing of a line
SHORT_PIECE, BETWEEN = 8, 0.75  # px, and share of the distance between lines across: of upright ones, which these cut
TALL = 0.5  # of the lines across that an upright one must pass
LEAST_PIECE = 14  # px
STEEPEST = 0.25  # of a piece
GAP = 0.08  # of the width that a line may have between two pieces: digits on it
MOST_PIECES = 4000  # more are a pattern
EXTENT = 0.35  # of the width: shorter lines are none
COVER = 0.45  # of its extent in which a line is seen
MIN_LONE = 200  # px of a side below which a line alone is none
ALONE = 0.85  # extent of a line that has no two beside it
FAMILY = 3
MOST_LINES = 120  # of a family
BLOCK = 16  # px along a line that are looked at together where it is followed
SHOWN = 0.4  # of their columns must have ink
MISSED = 4  # blocks in a row without any: there it ends
LOOK_BACK = 80  # px that say how it goes on
REMAINS, MOSTLY = 4, 0.75  # what lies within so many px of a line, for the most part, is what is left of it
DOUBLE, USUAL = 0.3, 75  # of the usual distance between lines, this percentile of all: nearer ones are one border


@dataclass
class Line:
    """A line: `course`, its height at every column, float (w,); where it begins and ends; how thick it is, px."""

    course: np.ndarray
    start: int
    end: int
    thick: float


@dataclass
class Grid:
    """Lines across and lines upright (whose courses are columns at every row), sorted; double ones merged."""

    across: list
    upright: list

    @property
    def is_table(self):
        """Whether it has cells."""
        return len(self.across) >= FAMILY and len(self.upright) >= 2

    def place(self, y, x):
        """(row, column) of a point: how many lines it lies below and to the right of."""
        row = sum(line.course[min(max(int(x), 0), len(line.course) - 1)] < y for line in self.across)
        column = sum(line.course[min(max(int(y), 0), len(line.course) - 1)] < x for line in self.upright)
        return row, column


def without_lines(mask):
    """Take lines out of a mask of ink, bool (h, w): (mask without them, Grid). The same mask if there are none."""
    empty = Grid([], [])
    if min(mask.shape) < MIN_SIDE:
        return mask, empty
    across = _lines(mask)
    enough = len(across) >= FAMILY
    across = [
        line
        for line in across
        if enough or (line.end - line.start >= ALONE * mask.shape[1] and min(mask.shape) >= MIN_LONE)
    ]
    upright = []
    if across:
        # Upright lines alone would be ones.
        top = min(line.course[line.start : line.end].min() for line in across)
        bottom = max(line.course[line.start : line.end].max() for line in across)
        apart = (bottom - top) / max(len(across) - 1, 1)
        tall = _lines(mask.T, max(SHORT_PIECE, BETWEEN * apart)) if enough else []
        upright = [line for line in tall if line.end - line.start >= TALL * (bottom - top)]
    if not across:
        return mask, empty
    rest = mask.copy()
    on = [np.zeros(mask.shape, bool), np.zeros(mask.shape, bool)]
    for view, lines, near in ((mask, across, on[0]), (mask.T, upright, on[1].T)):
        short = _runs(view)
        for line in lines:
            _mark(near, line)
            reach = near & view & (short <= 1.6 * line.thick + 2)
            (rest if near is on[0] else rest.T)[reach] = False
    rest &= ~(on[0] & on[1])  # crossings
    beside = np.zeros(mask.shape, bool)
    for near, lines in ((beside, across), (beside.T, upright)):
        for line in lines:
            _mark(near, line, REMAINS)
    labels, _, areas = label_components(rest)
    if areas.size:
        close = np.bincount(labels[rest & beside], minlength=areas.size + 1)[1:]
        gone = np.append(False, close >= MOSTLY * areas)
        rest &= ~gone[labels]
    return rest, Grid(_merged(across), _merged(upright))


def _runs(mask):
    """How long the upright run of ink is in which each pixel lies: int32 (h, w), 0 for paper."""
    h, w = mask.shape
    flat = np.zeros((w, h + 2), np.int8)
    flat[:, 1:-1] = mask.T
    edges = np.diff(flat.ravel())
    starts, ends = np.flatnonzero(edges == 1) + 1, np.flatnonzero(edges == -1) + 1
    out = np.zeros(w * (h + 2), np.int32)
    lengths = ends - starts
    at = np.repeat(starts - np.cumsum(lengths) + lengths, lengths) + np.arange(lengths.sum())
    out[at] = np.repeat(lengths, lengths)
    return out.reshape(w, h + 2)[:, 1:-1].T


def _lines(mask, least=None):
    """The lines that run across a mask, from the left. least: px of a piece, if that is known."""
    h, w = mask.shape
    runs = _runs(mask)
    thick = max(4, round(THICK * max(h, w)))
    thin = (runs > 0) & (runs <= thick)
    labels, boxes, areas = label_components(thin)
    wide = boxes[:, 3] - boxes[:, 1]
    high = boxes[:, 2] - boxes[:, 0]
    long = (
        (wide >= (least or max(LEAST_PIECE, PIECE * max(h, w))))
        & (high <= STEEPEST * wide + thick)
        & (areas <= thick * wide)
    )
    kept = np.flatnonzero(long)
    if not 0 < kept.size <= MOST_PIECES:
        return []
    pieces = [_piece(labels, boxes[i], i + 1, runs) for i in kept]
    found = []
    for chain in _chains(pieces, GAP * w):
        start, end = min(p[0][0] for p in chain), max(p[0][-1] for p in chain) + 1
        seen = sum(len(p[0]) for p in chain)
        if end - start < EXTENT * w or seen < COVER * (end - start):
            continue
        columns, heights = (np.concatenate([p[k] for p in chain]) for k in (0, 1))
        order = np.argsort(columns, kind="stable")
        columns, heights = columns[order], heights[order]
        thickness = float(np.median([p[2] for p in chain]))
        found.append(_followed(thin, columns, heights, thickness))
    found.sort(key=lambda line: line.course.mean())
    return found if len(found) <= MOST_LINES else []


def _followed(thin, columns, heights, thick):
    """The Line through points of known columns and heights, followed block by block along thin runs in the mask, also
    where the pieces are short and beyond its ends, as far as it shows."""
    h, w = thin.shape
    course = np.interp(np.arange(w), columns, heights)
    start, end = int(columns[0]), int(columns[-1]) + 1
    reach = int(thick) + 3
    offsets = np.arange(-reach, reach + 1)

    def nudge(first, last):
        """How far off the ink lies from the course in some columns; None where there is next to none."""
        at = np.floor(course[first:last] + 0.5).astype(np.intp) + offsets[:, None]
        seen = thin[np.clip(at, 0, h - 1), np.arange(first, last)] & (at >= 0) & (at < h)
        return float(np.median(offsets[np.nonzero(seen)[0]])) if seen.any(axis=0).mean() > SHOWN else None

    for sign in (1, -1):
        back = max(start, end - LOOK_BACK) if sign > 0 else min(end, start + LOOK_BACK)
        edge = end if sign > 0 else start
        few = slice(*sorted((back, edge)))
        slope = float(np.polynomial.polynomial.polyfit(np.arange(w)[few], course[few], 1)[1]) if back != edge else 0.0
        tip = end - 1 if sign > 0 else start
        missed = 0
        while 0 <= tip + sign < w:
            beyond = np.arange(tip + 1, min(tip + 1 + BLOCK, w)) if sign > 0 else np.arange(max(tip - BLOCK, 0), tip)
            course[beyond] = course[tip] + slope * (beyond - tip)
            off = nudge(beyond[0], beyond[-1] + 1)
            missed = 0 if off is not None else missed + 1
            if off is not None:
                course[beyond] += off * np.abs(beyond - tip) / len(beyond)
                slope += 0.3 * sign * off / len(beyond)
            tip = int(beyond[-1] if sign > 0 else beyond[0])
            if off is not None and missed == 0:
                start, end = min(start, tip), max(end, tip + 1)
            if missed > MISSED:
                rest = np.arange(tip, w) if sign > 0 else np.arange(0, tip)
                course[rest] = course[tip] + slope * (rest - tip)
                break
    for first in range(start, end, BLOCK):
        off = nudge(first, min(first + BLOCK, end))
        if off is not None:
            course[first : first + BLOCK] += off
    return Line(course, start, end, thick)


def _piece(labels, box, name, runs):
    """(columns, heights of its middle there, thickness) of a component."""
    top, left, bottom, right = box
    own = labels[top:bottom, left:right] == name
    count = own.sum(axis=0)
    columns = np.flatnonzero(count)
    heights = (own * np.arange(bottom - top)[:, None]).sum(axis=0)[columns] / count[columns] + top
    return columns + left, heights, float(np.percentile(count[columns], 80))


def _chains(pieces, gap):
    """Pieces in lists, each of pieces that go on from one another; a piece goes on from the nearest that aims at it."""
    order = sorted(range(len(pieces)), key=lambda i: pieces[i][0][0])
    ends = []  # of open chains: (right end, height there, slope, pieces)
    for i in order:
        columns, heights, _ = pieces[i]
        reach = min(len(columns), 60)
        slope = float(np.polynomial.polynomial.polyfit(columns[-reach:], heights[-reach:], 1)[1])
        first = float(np.mean(heights[:8]))
        best, least = None, np.inf
        for end in ends:
            apart = columns[0] - end[0]
            if -4 <= apart <= gap:
                off = abs(first - (end[1] + end[2] * apart))
                if off <= 2.5 + 0.04 * max(apart, 0) and off + 0.02 * apart < least:
                    best, least = end, off + 0.02 * apart
        last = float(np.mean(heights[-8:]))
        if best is None:
            ends.append([columns[-1], last, slope, [i]])
        else:
            run = columns[-1] - best[0]
            best[2] = slope if run >= 40 else 0.5 * (slope + best[2])
            best[0], best[1] = columns[-1], last
            best[3].append(i)
    return [[pieces[i] for i in end[3]] for end in ends]


def _mark(near, line, beside=2):
    """Set the pixels on a line, and so many px beside it, in a mask, in place."""
    h, _ = near.shape
    half = line.thick / 2 + beside
    for shift in range(-int(half) - 1, int(half) + 2):
        columns = np.arange(max(line.start - 6, 0), min(line.end + 6, near.shape[1]))
        rows = np.floor(line.course[columns] + 0.5).astype(np.intp) + shift
        inside = (rows >= 0) & (rows < h) & (abs(shift) <= half)
        near[rows[inside], columns[inside]] = True


def _merged(lines):
    """Lines without those that only double another."""
    if len(lines) < 2:
        return lines
    middles = [float(line.course.mean()) for line in lines]
    usual = float(np.percentile(np.diff(middles), USUAL))
    kept = [lines[0]]
    for line, apart in zip(lines[1:], np.diff(middles)):
        if apart > DOUBLE * usual:
            kept.append(line)
    return kept
