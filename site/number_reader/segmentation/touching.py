"""Which pen-downs touch: from pixels they would be one piece, so that what they make together has to be tried, and is not to
be torn for nothing."""

import numpy as np

from number_reader.segmentation.segment import hull

HIGHER = 1.5  # times as high as its highest pen-down: what touches and is higher is two lines that touch


def patches(parts, boxes, reach):
    """Which patch of ink each pen-down is part of: a list of numbers, equal where pen-downs touch, by others too.

    parts: of each pen-down its float (n, 2) points. boxes: theirs. reach: px between two points that touch.
    """
    found = list(range(len(parts)))
    sides = np.array(boxes, int).reshape(-1, 4)
    for i in range(1, len(parts)):
        both = np.minimum(sides[i, 2:], sides[:i, 2:]) - np.maximum(sides[i, :2], sides[:i, :2])
        for j in np.flatnonzero((both >= 0).all(axis=1)).tolist():
            if found[i] != found[j] and _touch(parts[i], parts[j], reach):
                found = [found[j] if patch == found[i] else patch for patch in found]
    return found


def _touch(points, others, reach):
    apart = points[:, None] - others
    return bool((apart * apart).sum(axis=2).min() <= reach * reach)


def with_caps(lines, patch_of, boxes):
    """Lines, lists of numbers, with those put back that are the cap of a 5 or the bar of a 7: all that stands in them touches
    what stands in one other, and is hardly higher with it. patch_of: of each number, from `patches`."""
    lines = [list(line) for line in lines]
    for line in sorted(lines, key=len):
        for other in lines:
            own, theirs = ({patch_of[i] for i in each} for each in (line, other))
            if other is not line and own <= theirs and all(_is_low(patch, patch_of, boxes) for patch in own):
                other += line
                line.clear()
                break
    return [line for line in lines if line]


def _is_low(patch, patch_of, boxes):
    inside = [box for box, of in zip(boxes, patch_of) if of == patch]
    top, _, bottom, _ = hull(inside)
    return bottom - top <= HIGHER * max(box[2] - box[0] for box in inside)
