"""Components of a page's ink -> those that may be writing, and their rows."""

import numpy as np

from number_reader.ink.median import median
from number_reader.segmentation.segment import overlap

SMALLEST = 0.006  # of the longer side: a component lower than this says nothing of how high writing is,
LEAST = 5  # px, nor is one of less
DUST = 0.3  # of the usual height: smaller both ways is dust
BESIDE = 1.0  # usual heights: unless it lies as near as this to writing, as points do
TOO_HIGH = 4.0  # usual heights: what is higher is no digit of this page
LOW, HIGH = 0.6, 2.0  # usual heights: what lies on the picture's edge and is lower or larger is no digit
MAJOR = 0.5  # of the usual height: lower ones open no row
SHARED = 0.45  # of the lower one's height: neighbours of a row share so much
REACH = 6.0  # usual heights: how far apart they may be
MOST = 3000  # components; a page with more is a pattern


def usual_height(boxes, shape):
    """The median height of components that are more than dust, px; 0 if there are none. boxes: int (n, 4)."""
    heights = boxes[:, 2] - boxes[:, 0]
    real = heights[(heights >= max(LEAST, SMALLEST * max(shape))) & (heights < 0.5 * shape[0])]
    return float(median(real)) if real.size else float(heights.max(initial=0))


def writing(boxes, areas, usual, shape):
    """Which components may be writing, bool (n,). shape: of the picture: what lies on its edge and is no digit, by its size,
    is a table or a shadow."""
    heights, widths = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    dust = (np.maximum(heights, widths) < DUST * usual) | (areas < 3)
    high = heights > TOO_HIGH * usual
    wide = widths > 3 * TOO_HIGH * usual
    edge = (boxes[:, :2] <= 1).any(axis=1) | (boxes[:, 2:] >= np.subtract(shape, 1)).any(axis=1)
    odd = edge & ((heights < LOW * usual) | (heights > HIGH * usual) | (widths > HIGH * usual))
    kept = ~(dust | high | wide | odd)
    # Points are as small as dust, but stand beside digits.
    tall = boxes[kept & (heights >= MAJOR * usual)]
    for i in np.flatnonzero(dust & ~edge & (areas >= 3)):
        top, left, bottom, right = boxes[i]
        below = (bottom <= tall[:, 2] + DUST * usual) & (top >= tall[:, 0] - DUST * usual)
        beside = np.maximum(tall[:, 1] - right, left - tall[:, 3])
        kept[i] = bool((below & (beside <= BESIDE * usual)).any()) and max(heights[i], widths[i]) >= 0.08 * usual
    return kept


def rows_of(boxes, usual):
    """Numbers of boxes, list of lists: rows, top first, each from left to right. A row goes on from each component to the
    nearest one that shares some of its height, so that rows may climb or bend."""
    if not 0 < len(boxes) <= MOST:
        return []
    heights = [bottom - top for top, _, bottom, _ in boxes]
    major = [i for i in range(len(boxes)) if heights[i] >= MAJOR * usual] or list(range(len(boxes)))
    order = sorted(major, key=lambda i: boxes[i][1] + boxes[i][3])
    rows: list[list[int]] = []
    for i in order:
        best, least = None, REACH * usual
        for row in rows:
            # The last two: a low digit at the end must not lead the row astray.
            shared = max(overlap(boxes[j], boxes[i], 0) / min(heights[i], heights[j]) for j in row[-2:])
            apart = max(boxes[i][1] - max(boxes[j][3] for j in row[-2:]), 0) + (1 - shared) * usual
            if shared > SHARED and apart < least:
                best, least = row, apart
        if best is None:
            rows.append([i])
        else:
            best.append(i)
    rows = _joined(rows, boxes)
    for i in set(range(len(boxes))) - set(major):
        near = min(rows, key=lambda row: min(_distance(boxes[j], boxes[i]) for j in row))
        near.append(i)
    for row in rows:
        row.sort(key=lambda i: boxes[i][1] + boxes[i][3])
    return rows


def _joined(rows, boxes):
    """Rows that lie beside one another at one height, joined; top first."""
    middle = [median([(boxes[i][0] + boxes[i][2]) / 2 for i in row]) for row in rows]
    high = [median([boxes[i][2] - boxes[i][0] for i in row]) for row in rows]
    ends = [(min(boxes[i][1] for i in row), max(boxes[i][3] for i in row)) for row in rows]
    done: list[list[int]] = []
    for k in sorted(range(len(rows)), key=lambda k: middle[k]):
        for group in done:
            alike = all(abs(middle[k] - middle[m]) < 0.4 * max(high[k], high[m]) for m in group)
            free = all(ends[k][0] >= ends[m][1] or ends[k][1] <= ends[m][0] for m in group)
            if alike and free:
                group.append(k)
                break
        else:
            done.append([k])
    return [[i for k in group for i in rows[k]] for group in done]


def _distance(a, b):
    return max(-overlap(a, b, 0), 0) + max(-overlap(a, b, 1), 0)
