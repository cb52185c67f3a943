"""Lines as thin as a pen's that run across a mask, straight or bent, whole or in pieces.

Across a line that runs from left to right, runs of ink from top to bottom are as short as it is thick; where a stroke
crosses or touches it, they are longer. So lines are long chains of short runs (as in music scores: Carter and Bacon 1992).
What is missed then is looked for along the courses that the lines around it lead one to expect.
"""

from dataclasses import dataclass

import numpy as np

from number_reader.ink.median import median, percentile
from number_reader.ink.polynomial import fitted
from number_reader.segmentation.components import label_components

THICK, LEAST_THICK = 0.012, 6  # of the longer side, and px: what is thicker is no line
PIECE = 0.025  # of the longer side: shorter pieces say nothing of a line
LEAST_PIECE = 14  # px
STEEPEST = 0.25  # of a piece
GAP = 0.08  # of the width that a line may have between two pieces: digits on it
MOST_PIECES = 4000  # more are a pattern
EXTENT = 0.35  # of the width: shorter lines are none
COVER = 0.45  # of its extent in which a line is seen
MOST_LINES = 120  # of a family
BLOCK = 16  # px along a line that are looked at together where it is followed
SHOWN = 0.4  # of their columns must have ink
MISSED = 4  # blocks in a row without any: there it ends
LOOK_BACK = 80  # px that say how it goes on
DOUBLE, USUAL = 0.3, 75  # of the usual distance between lines, this percentile of all: nearer ones are one border
EXPECTED = 0.5  # of the course that its neighbours lead one to expect must show a line that was missed,
ROOM, ALIKE = (
    1.6,
    0.85,
)  # usual distances that have room for a line between, and the share of the others' that it shows else
ROUNDS = 4  # of looking for them
GOES_ON = 1.5  # distances of two lines, over which their bend goes on to change beyond them
ASTRAY = 0.15  # of the distance between lines, by which one may leave the way of its neighbours
SHARP = 0.6  # and less than so much of that a few px beside it


@dataclass
class Line:
    """A line: `course`, its height at every column, float (w,); where it begins and ends; how thick it is, px."""

    course: np.ndarray
    start: int
    end: int
    thick: float


def runs_of(mask):
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


def thickest(shape):
    """How thick a line of a picture may be, px."""
    return max(LEAST_THICK, round(THICK * max(shape)))


def find_lines(runs, least=None, extent=None):
    """The Lines that run across a mask, top first. runs: int32 (h, w), its `runs_of`. least, extent: px of a piece and of a
    line, if those are known."""
    h, w = runs.shape
    thick = thickest(runs.shape)
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
    pieces = [_piece(labels, boxes[i], i + 1) for i in kept]
    chosen = []
    for chain in _chains(pieces, GAP * min(w, 2 * extent if extent else w)):
        start, end = min(p[0][0] for p in chain), max(p[0][-1] for p in chain) + 1
        seen = sum(len(p[0]) for p in chain)
        if end - start < (extent or EXTENT * w) or seen < COVER * (end - start):
            continue
        chosen.append(chain)
    if len(chosen) > MOST_LINES:
        return []
    found = []
    for chain in chosen:
        columns, heights = (np.concatenate([p[k] for p in chain]) for k in (0, 1))
        order = np.argsort(columns, kind="stable")
        thickness = float(median([p[2] for p in chain]))
        found.append(_followed(thin, columns[order], heights[order], thickness))
    return sorted(found, key=lambda line: line.course.mean())


def completed(lines, runs):
    """Lines of a family, and those that were missed between and beside them, top first."""
    thin = (runs > 0) & (runs <= thickest(runs.shape))
    near = thin.copy()
    for k in (1, 2):
        near[k:] |= thin[:-k]
        near[:-k] |= thin[k:]
    lines = steadied(lines)
    for _ in range(ROUNDS):
        more = _missed(lines, thin, near) if 0 < len(lines) <= MOST_LINES else []
        if not more:
            break
        lines = steadied(sorted(lines + more, key=lambda line: line.course.mean()))
    return lines


def steadied(lines):
    """Lines, of which each that leaves the way of its neighbours for a while is led back to it: a stroke led it astray."""
    out = list(lines)
    singles = merged(lines)
    for before, line, after in zip(singles, singles[1:], singles[2:]):
        middle = (before.course + after.course) / 2
        off = line.course - middle
        usual = float(median(off[line.start : line.end])) if line.end > line.start else float(median(off))
        limit = ASTRAY * float((after.course - before.course).mean()) / 2
        astray = np.abs(off - usual) > limit
        if 0 < astray.mean() <= 0.5:
            k = next(i for i, each in enumerate(out) if each is line)
            out[k] = Line(np.where(astray, middle + usual, line.course), line.start, line.end, line.thick)
    return out


def _missed(lines, thin, near):
    """Lines that show where those that are known lead one to expect them. near: bool (h, w), beside `thin`, too."""
    h = len(thin)
    singles = merged(lines)
    columns = np.arange(int(median([line.start for line in lines])), int(median([line.end for line in lines])))
    if columns.size < BLOCK:
        return []
    middles, expected = _between([line.course[columns] for line in singles], h)
    at = np.floor(expected + 0.5).astype(np.intp)
    inside = (at >= 0) & (at < h)
    shown = (near[np.clip(at, 0, h - 1), columns] & inside).mean(axis=1)
    thick = float(median([line.thick for line in lines]))
    least = 2 * thick + 6
    apart = max(DOUBLE * float(percentile(np.diff(middles), 25)), least) if len(singles) > 1 else least
    free = np.abs(np.arange(h)[:, None] - middles).min(axis=1) >= apart
    wanted = _wanted(middles, shown)
    free &= shown >= wanted
    found = []
    aside = round(thick) + 5
    while len(found) <= MOST_LINES:
        peak = best = int(np.argmax(np.where(free, shown, 0)))
        if not free[best] or shown[best] < wanted[best]:
            break
        level = shown >= shown[best] - 1e-9  # the middle of a plateau
        end = best
        while end + 1 < h and level[end + 1]:
            end += 1
        best = (best + end) // 2
        sides = [shown[k] for k in (best - aside, best + aside) if 0 <= k < h]
        if max(sides, default=0) <= SHARP * shown[best]:
            found.append(_followed(thin, columns, expected[best], thick))
        free[max(best - int(apart), 0) : best + int(apart) + 1] = False
        free[peak] = False  # which a wide plateau may have far from its middle
    return found


def _wanted(middles, shown):
    """How much of its course must show a line at each height, 0..1, float (h,): where it would part a usual distance, as much
    as of the lines that are known, as a column of digits shows something, too."""
    wanted = np.full(len(shown), EXPECTED)
    known = median(shown[np.clip(np.rint(middles), 0, len(shown) - 1).astype(np.intp)])
    if len(middles) == 2:
        wanted[:] = max(EXPECTED, ALIKE * known)
    if len(middles) > 2:
        apart = np.diff(middles)
        for k in np.flatnonzero(apart < ROOM * median(apart)):
            here = slice(max(int(middles[k]), 0), int(middles[k + 1]) + 1)
            wanted[here] = max(EXPECTED, ALIKE * known)
    return wanted


def _between(courses, h):
    """(mean heights of courses, the course through each of h heights that they lead one to expect, float (h, w)): between
    two lines a mean of both, beyond the last one as they go on to change, for a while."""
    courses = np.array(courses)
    middles = courses.mean(axis=1)
    heights = np.arange(h, dtype=float)
    if len(courses) == 1:
        return middles, courses + (heights - middles)[:, None]
    below = np.clip(np.searchsorted(middles, heights) - 1, 0, len(courses) - 2)
    share = ((heights - middles[below]) / np.diff(middles)[below])[:, None]
    bent = courses - middles[:, None]
    share_of_bend = np.clip(share, -GOES_ON, 1 + GOES_ON)
    return middles, bent[below] * (1 - share_of_bend) + bent[below + 1] * share_of_bend + heights[:, None]


def merged(lines):
    """Lines without those that only double another."""
    if len(lines) < 2:
        return lines
    middles = [float(line.course.mean()) for line in lines]
    usual = float(percentile(np.diff(middles), USUAL))
    kept = [lines[0]]
    for line, apart in zip(lines[1:], np.diff(middles)):
        if apart > DOUBLE * usual:
            kept.append(line)
    return kept


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
        return float(median(offsets[np.nonzero(seen)[0]])) if seen.any(axis=0).mean() > SHOWN else None

    for sign in (1, -1):
        back = max(start, end - LOOK_BACK) if sign > 0 else min(end, start + LOOK_BACK)
        edge = end if sign > 0 else start
        few = slice(*sorted((back, edge)))
        slope = float(fitted(np.arange(w)[few], course[few], 1)[1]) if back != edge else 0.0
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


def _piece(labels, box, name):
    """(columns, heights of its middle there, thickness) of a component."""
    top, left, bottom, right = box
    own = labels[top:bottom, left:right] == name
    count = own.sum(axis=0)
    columns = np.flatnonzero(count)
    heights = (own * np.arange(bottom - top)[:, None]).sum(axis=0)[columns] / count[columns] + top
    return columns + left, heights, float(percentile(count[columns], 80))


def _chains(pieces, gap):
    """Pieces in lists, each of pieces that go on from one another; a piece goes on from the nearest that aims at it."""
    order = sorted(range(len(pieces)), key=lambda i: pieces[i][0][0])
    ends = []  # of open chains: (right end, height there, slope, pieces)
    for i in order:
        columns, heights, _ = pieces[i]
        reach = min(len(columns), 60)
        slope = float(fitted(columns[-reach:], heights[-reach:], 1)[1])
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
