"""Reads handwritten numbers from pixels, by k-nearest neighbours. numpy only.

    from recognizer import Recognizer
    reading = Recognizer.load("site/model/digits.npz").read(image)
"""

from dataclasses import dataclass

import numpy as np

from . import certainty, model
from .features import features
from .image import ImageError, check, ink_map, trim
from .model import ModelError
from .neighbors import Neighbors
from .normalize import SIDE, glyph
from .segment import join, lines, near_pairs, segment

__all__ = ["Digit", "ImageError", "ModelError", "Neighbor", "Reading", "Recognizer"]


@dataclass
class Neighbor:
    """A training vector near a glyph: its label, its distance, its row, and whether it was taught."""

    label: int
    distance: float
    index: int
    taught: bool


@dataclass
class Digit:
    """One mark that was read.

    label: 0..9, or None if it is refused. confidence: 0..1, that of the best label. candidates: (label,
    confidence) of all ten, best first. box: (top, left, bottom, right) px of the picture, half-open. glyph:
    uint8 (28, 28), 255 for ink. neighbors: the digits that voted, nearest first. doubt: refused where it
    exceeds the model's limit.
    """

    label: int | None
    confidence: float
    candidates: list
    box: tuple
    glyph: np.ndarray
    neighbors: list
    doubt: float


@dataclass
class Reading:
    """What a picture says: text, lines joined by newlines, "?" for a refused mark, "" for blank; and its digits."""

    text: str
    digits: list


class Recognizer:
    """Reads numbers; load one with `Recognizer.load`."""

    def __init__(self, loaded):
        self.projection, self.calibration = loaded.projection, loaded.calibration
        self.refuse_above, self.about = loaded.refuse_above, loaded.about
        self.neighbors = Neighbors(loaded.vectors, loaded.labels)

    @classmethod
    def load(cls, source):
        """Load a model file (a path or a binary file object). ModelError, with a reason, on anything wrong."""
        return cls(model.load(source))

    def read(self, image, strokes=None):
        """Read a picture.

        image: uint8 (H, W), (H, W, 3) or (H, W, 4); ImageError otherwise. strokes: optional list of (n, 2)
        arrays in image pixels, one per pen-down; not needed so far, as pixels alone decide. Returns a Reading.
        """
        check(image)
        trimmed, top, left = trim(image)
        ink, factor = ink_map(trimmed)
        rows = lines((digit.box, digit) for digit in self._digits(segment(ink)))
        digits = [digit for row in rows for _, digit in row]
        for digit in digits:
            digit.box = tuple(side * factor + start for side, start in zip(digit.box, (top, left, top, left)))
        return Reading("\n".join("".join(_character(digit) for _, digit in row) for row in rows), digits)

    def teach(self, glyph, label):
        """Add a training vector: glyph uint8 (28, 28), label 0..9. Returns the index that `forget` takes."""
        glyph = np.asarray(glyph)
        if glyph.shape != (SIDE, SIDE) or glyph.dtype != np.uint8:
            raise ImageError(f"A glyph must be {SIDE}x{SIDE} bytes.")
        if label not in range(10):
            raise ValueError("A label must be a digit from 0 to 9.")
        return self.neighbors.teach(self.project(glyph[None])[0], label)

    def forget(self, index):
        """Take out what `teach` added. KeyError if nothing that was taught has that index."""
        self.neighbors.forget(index)

    def project(self, glyphs):
        """uint8 (n, 28, 28) glyphs -> float32 (n, d) vectors in the learned metric."""
        return features(glyphs) @ self.projection

    def recognize(self, glyph):
        """Classify one glyph, uint8 (28, 28); returns a Digit whose box is the glyph itself."""
        known = self.neighbors
        squared = known.squared_distances(self.project(glyph[None])[0])
        shares, voters = known.votes(squared)
        near = known.closeness(squared)
        sure = certainty.confidence(shares, near, self.calibration)
        doubt = certainty.doubt(near)
        winner = int(np.argmax(shares))
        order = [winner] + [int(label) for label in np.argsort(-sure) if label != winner]
        return Digit(
            label=None if doubt > self.refuse_above else winner,
            confidence=float(sure[winner]),
            candidates=[(label, float(sure[label])) for label in order],
            box=(0, 0, SIDE, SIDE),
            glyph=glyph,
            neighbors=[
                Neighbor(
                    int(known.labels[i]), float(np.sqrt(squared[i])), int(known.rows[i]), bool(i >= known.n_trained)
                )
                for i in voters
            ],
            doubt=doubt,
        )

    def _digits(self, parts):
        """Recognize parts of a picture; two near ones that together are less doubtful than the worse of them
        alone (a broken 4, a 5 and its flag) become one digit."""
        digits = [self._digit(*part) for part in parts]
        pairs = near_pairs([box for box, _ in parts])
        while pairs:
            i, j = pairs.pop(0)
            whole = join(parts[i], parts[j])
            together = self._digit(*whole)
            if together.doubt < max(digits[i].doubt, digits[j].doubt):
                parts[i], digits[i] = whole, together
                del parts[j], digits[j]
                pairs = near_pairs([box for box, _ in parts])
        return digits

    def _digit(self, box, ink):
        digit = self.recognize(glyph(ink))
        digit.box = box
        return digit


def _character(digit):
    return "?" if digit.label is None else str(digit.label)
