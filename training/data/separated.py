"""Single digits out of real numbers: people write them smaller and quicker there, and these are more people."""

import numpy as np

from training.data.datasets import NUMBER, PenSet


def separate(strokes, count):
    """Strokes of a number -> those of its digits, where no digit lies over or under another.

    strokes: float (n, 2) arrays. count: how many digits it has. Returns a list of lists of strokes from left to right;
    None if the columns of ink do not fall apart into just so many.
    """
    groups = []
    for stroke in sorted(strokes, key=lambda stroke: stroke[:, 0].min()):
        left, right = stroke[:, 0].min(), stroke[:, 0].max()
        if groups and left < groups[-1][1]:
            groups[-1][0].append(stroke)
            groups[-1][1] = max(groups[-1][1], right)
        else:
            groups.append([[stroke], right])
    return [group for group, _ in groups] if len(groups) == count else None


class SeparatedDigits(PenSet):
    """The digits of the numbers of a StrokeSet, as if each had been drawn alone; on the side of their writer."""

    kind = "strokes"

    def __init__(self, numbers):
        super().__init__(numbers.path)
        self.name = f"digits of {numbers.name}"
        self.strokes, texts, groups, sides = [], [], [], []
        for i in np.flatnonzero(numbers.labels == NUMBER):
            if not numbers.texts[i].isdecimal():
                continue  # marks lie over and under digits
            digits = separate(numbers.strokes[i], len(numbers.texts[i])) or []
            for text, strokes in zip(numbers.texts[i], digits):
                points = np.concatenate(strokes)
                size = np.ptp(points, axis=0).max()
                if size > 0:
                    self.strokes.append([(stroke - points.min(axis=0)) / size for stroke in strokes])
                    texts.append(text)
                    groups.append(numbers.groups[i])
                    sides.append(numbers.split[i])
        self._settle(texts, groups, sides)
