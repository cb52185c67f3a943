"""Real digits in made tables: ruled grids, mark lists and small framed tables, as scanned and as photographed.

Drawn flat, with digits of one writer, then bent and seen from the side, lit unevenly, blurred and with grain. Nothing here
is made like any picture of `pages.json`.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from scipy.ndimage import gaussian_filter, map_coordinates

from training.data.strokes import draw

PAPER = (215, 250)  # grey
LINE = (40, 180)  # grey of lines: as dark as ink, and faint
INK = (25, 80)
THICK = (1, 2, 3)  # px
HIGH = (0.5, 0.85)  # of a cell, of digits
TOUCHING = 0.2  # share of cells whose digits touch or cross a line
FILLED = {"sudoku": 0.55, "grid": 1.0, "marks": 0.95, "small": 1.0}
WARP = 0.02  # of the longer side, by which a photographed sheet bends
LEAN = 0.08  # of a side, by which a corner of a photographed sheet moves
WOBBLE, RUNS_OVER = 1.2, 8  # px by which lines drawn by hand sway, and by which they miss the border
VIEWS = ("scanned", "photographed", "photographed from the side", "drawn by hand, photographed small from the side")
WORDS = (
    "Anna Berta Carl Doris Emil Franz Greta Hans Ida Jonas Karla Linus Mona Nils Olga Paul Rosa Sven Tina Uwe".split()
)


@dataclass
class Table:
    """picture: uint8 (H, W). rows: of the texts of its cells, "." for an empty one and for printed words. kind: a key of
    FILLED. how: what was done to it, in words."""

    picture: np.ndarray
    rows: list[list[str]]
    kind: str
    how: str


def tables(digits, side, count, seed):
    """Yields Tables, each by one writer of a side of the split. digits: a StrokeSet. Kinds take turns, and so do
    VIEWS."""
    rng = np.random.default_rng(seed)
    own = np.flatnonzero((digits.split == side) & (digits.labels < 10))
    writers = [
        writer
        for writer in np.unique(digits.groups[own])
        if len(np.unique(digits.labels[own[digits.groups[own] == writer]])) == 10
    ]
    for k in range(count):
        of_writer = own[digits.groups[own] == writers[int(rng.integers(len(writers)))]]
        glyphs = {
            label: [digits.strokes[i] for i in of_writer[digits.labels[of_writer] == label]] for label in range(10)
        }
        yield table(glyphs, list(FILLED)[k % len(FILLED)], (k // len(FILLED)) % 4, rng)


def table(glyphs, kind, view, rng):
    """A Table. glyphs: {digit: its strokes, several}. view: number of one of VIEWS."""
    down, across = {"sudoku": (9, 9), "grid": (9, 9), "marks": (17, 7), "small": rng.integers((2, 1), (5, 4))}[kind]
    longest = {"sudoku": 1, "grid": 1, "marks": 2, "small": 3}[kind]
    high = int(rng.integers(36, 60)) if kind != "small" else int(rng.integers(50, 90))
    wide = int(high * {1: 1.0, 2: 1.6, 3: 2.2}[longest] * rng.uniform(0.95, 1.2))
    margin = rng.integers(4, 90, 2) if view < 3 else rng.integers(100, 300, 2)
    words = int(high * rng.uniform(3, 4.5)) if kind == "marks" else 0
    size = (down * high + 2 * margin[0], across * wide + words + 2 * margin[1])
    paper, line, ink_grey = (rng.uniform(*ends) for ends in (PAPER, LINE, INK))
    thick = int(rng.choice(THICK))
    edges = [int(margin[1])] + [int(margin[1]) + words + c * wide for c in range(0 if words else 1, across + 1)]
    ends = edges[0], edges[-1], int(margin[0]), int(margin[0] + down * high)
    thicker = 2 * (kind == "sudoku")
    lines = [
        ((ends[0], y), (ends[1], y), thick + thicker * (r % 3 == 0))
        for r, y in enumerate(range(ends[2], ends[3] + 1, high))
    ]
    lines += [((x, ends[2]), (x, ends[3]), thick + thicker * (c % 3 == 0)) for c, x in enumerate(edges)]
    grid = _ruled(lines, (int(size[0]), int(size[1])), view == 3, rng)
    print_ = Image.new("L", grid.shape[::-1], 0)
    font = ImageFont.load_default(int(0.4 * high))
    rows, strokes = [], []
    for r in range(down):
        if words:
            at = int(margin[1]) + 6, int(margin[0] + (r + 0.28) * high)
            ImageDraw.Draw(print_).text(at, f"{rng.choice(WORDS)} {rng.choice(WORDS)}", 255, font)
        row = ["."] if words else []
        for c in range(across):
            if rng.random() >= FILLED[kind]:
                row.append(".")
                continue
            length = int(rng.integers(max(longest - 1, 1), longest + 1))
            text = "".join(str(each) for each in rng.integers(0, 10, length))
            row.append(text)
            left = margin[1] + words + c * wide
            strokes += _written(glyphs, text, (margin[0] + r * high, left, high, wide), rng)
        rows.append(row)
    width = max(1.6, high * rng.uniform(0.05, 0.09))
    ink = draw(strokes, width, grid.shape) if strokes else np.zeros_like(grid)
    dark = np.maximum(ink * (paper - ink_grey), np.asarray(print_, np.float32) / 255 * (paper - 40))
    picture = paper - np.maximum(dark, grid * (paper - line))
    how = f"{VIEWS[view]}, lines {thick} px, grey {line:.0f}, paper {paper:.0f}, ink {ink_grey:.0f}"
    if view:
        picture = _photographed(picture, paper, view >= 2, rng)
    return Table(np.rint(np.clip(picture, 0, 255)).astype(np.uint8), rows, kind, how)


def _ruled(lines, size, by_hand, rng):
    """Coverage, float32 (h, w), of (start, end, thickness) of lines, px; by hand they sway and don't end at the border."""
    if by_hand:
        strokes = []
        for start, end, _ in lines:
            start, end = np.array(start, float), np.array(end, float)
            along = (end - start) / np.hypot(*(end - start))
            start, end = start - along * rng.normal(0, RUNS_OVER), end + along * rng.normal(0, RUNS_OVER)
            at = np.linspace(0, 1, 40)[:, None]
            sway = WOBBLE * sum(rng.normal() * np.sin(np.pi * k * at + rng.uniform(0, 6)) for k in (1, 2, 3))
            strokes.append((start + (end - start) * at + sway * along[::-1]).astype(np.float32))
        return draw(strokes, lines[0][2] + 0.5, size)
    page = Image.new("L", size[::-1], 0)
    for start, end, thick in lines:
        ImageDraw.Draw(page).line((*start, *end), 255, thick)
    return np.asarray(page, np.float32) / 255


def _written(glyphs, text, cell, rng):
    """Strokes, px, of a number in a cell (top, left, height, width)."""
    top, left, high, wide = cell
    parts, right = [], 0.0
    for each in text:
        glyph = glyphs[int(each)][int(rng.integers(len(glyphs[int(each)])))]
        points = np.concatenate(glyph)
        low, span = points.min(axis=0), np.ptp(points, axis=0)
        scale = rng.normal(1, 0.05) / max(span[1], 0.6 * span[0], 1e-3)
        gap = rng.uniform(0.12, 0.3) if parts else 0.0
        parts.append([(stroke - low) * scale + (right + gap, 1 - span[1] * scale) for stroke in glyph])
        right += gap + span[0] * scale
    tall = min(rng.uniform(*HIGH) * high, 0.85 * wide / max(right, 0.1))
    free = high - tall, max(wide - right * tall, 0)
    if rng.random() < TOUCHING:
        over = rng.uniform(0, 0.12) * high
        y = rng.choice([-over, free[0] + over])
        x = free[1] * rng.uniform(0.2, 0.8)
    else:
        y, x = free[0] * rng.uniform(0.3, 0.7), free[1] * rng.uniform(0.25, 0.75)
    return [(stroke * tall + (left + x, top + y)).astype(np.float32) for part in parts for stroke in part]


def _photographed(picture, paper, aside, rng):
    """float (h, w) grey as a camera sees it: bent by WARP, leaning by LEAN if `aside`, shaded, soft and grainy."""
    h, w = picture.shape
    y, x = np.mgrid[:h, :w].astype(np.float32)
    u, v = x / w - 0.5, y / h - 0.5
    reach = WARP * max(h, w)
    bend = rng.uniform(-1, 1, 4)
    rows = y + reach * (bend[0] * (4 * u * u - 0.5) + 0.4 * bend[1] * np.sin(2 * np.pi * u + 5 * bend[3]))
    columns = x + 0.6 * reach * (bend[2] * (4 * v * v - 0.5) + 0.4 * bend[3] * np.sin(2 * np.pi * v + 5 * bend[1]))
    if aside:
        depth = 1 + LEAN * (rng.uniform(-2, 2) * u + rng.uniform(-2, 2) * v)
        rows, columns = (rows - h / 2) / depth + h / 2, (columns - w / 2) / depth + w / 2
        turn = np.deg2rad(rng.uniform(-2, 2))
        middle = rows - h / 2, columns - w / 2
        rows = middle[0] * np.cos(turn) - middle[1] * np.sin(turn) + h / 2
        columns = middle[0] * np.sin(turn) + middle[1] * np.cos(turn) + w / 2
    seen = map_coordinates(picture, [rows, columns], order=1, mode="constant", cval=paper)
    light = 1 + rng.uniform(-0.25, 0.25) * u + rng.uniform(-0.25, 0.25) * v
    seen = gaussian_filter(seen * light * rng.uniform(0.75, 1), rng.uniform(0.4, 0.9))
    return seen + rng.normal(0, rng.uniform(1, 4), seen.shape)
