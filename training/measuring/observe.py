"""Has a recognizer read every item of one side of a data set, as the page would, and keeps what it said."""

import time
from dataclasses import dataclass, field

import numpy as np
from tqdm import tqdm

from training.data import splits
from training.data.datasets import NOT_A_DIGIT, NUMBER, DataSet
from training.learning.prepare import glyph_of

PAD_BRUSH = 1  # the variant in which a pen-written number is read; of digits and other marks all are


@dataclass
class Observed:
    """One entry for each drawing read, (n,) arrays.

    item, variant: which drawing of `dataset` it is. truth: its label. answer, confidence: the best label of what is
    known to be a single digit, and how sure it was, refused or not. doubt: of the whole mark, digit or not.
    doubt_as_read: of what is no digit, the least doubtful part's that was read, infinite if nothing was. refused: no
    part was taken for a digit. misread: the text is not what stands there; misread_with_pen: nor was it when the pen
    strokes were known (numbers only).
    glyphs: uint8 (n, 28, 28), of single digits. milliseconds: spent in reading, over `digits_read` digits.
    """

    dataset: DataSet
    split: str
    item: np.ndarray
    variant: np.ndarray
    truth: np.ndarray
    answer: np.ndarray
    confidence: np.ndarray
    doubt: np.ndarray
    doubt_as_read: np.ndarray
    refused: np.ndarray
    misread: np.ndarray
    misread_with_pen: np.ndarray
    glyphs: np.ndarray
    milliseconds: float
    digits_read: int

    @property
    def is_digit(self):
        return self.truth < NOT_A_DIGIT

    @property
    def wrong(self):
        return self.answer != self.truth


@dataclass
class _Seen:
    """What is kept of one drawing; see Observed."""

    answer: int = NUMBER
    confidence: float = 0.0
    doubt: float = np.inf
    doubt_as_read: float = np.inf
    refused: bool = False
    misread: bool = False
    misread_with_pen: bool = False
    glyph: np.ndarray = field(default_factory=lambda: np.zeros((28, 28), np.uint8))


def observe(recognizer, dataset, split=splits.TEST, progress=True, symbols="numbers"):
    """Read one side of a data set in one of `labels.MODES`; returns Observed."""
    chosen = np.flatnonzero(dataset.split == split)
    drawings, seen = [], []
    milliseconds, digits_read = 0.0, 0
    for index in tqdm(chosen, dataset.name, disable=not progress):
        for variant in variants_read(dataset, index):
            picture = dataset.picture(index, variant)
            start = time.perf_counter()
            reading = recognizer.read(picture, symbols=symbols)
            milliseconds += 1000 * (time.perf_counter() - start)
            digits_read += len(reading.digits)
            drawings.append((index, variant, dataset.labels[index]))
            seen.append(_seen(recognizer, dataset, index, variant, picture, reading, symbols))
    item, variant, truth = np.array(drawings, int).reshape(-1, 3).T
    names = ("answer", "confidence", "doubt", "doubt_as_read", "refused", "misread", "misread_with_pen")
    columns = {name: np.array([getattr(each, name) for each in seen]) for name in names}
    glyphs = np.array([each.glyph for each in seen], np.uint8).reshape(-1, 28, 28)
    return Observed(
        dataset,
        split,
        item,
        variant,
        truth,
        **columns,
        glyphs=glyphs,
        milliseconds=milliseconds,
        digits_read=digits_read,
    )


def variants_read(dataset, index):
    """In which of its variants an item is read."""
    ways = len(dataset.variants)
    return (min(PAD_BRUSH, ways - 1),) if dataset.labels[index] == NUMBER else range(ways)


def drawn_once(observed):
    """Positions of the single digits, each in one drawing: the pad's brush where there are several."""
    variant = min(PAD_BRUSH, len(observed.dataset.variants) - 1)
    return np.flatnonzero(observed.is_digit & (observed.variant == variant))


def _seen(recognizer, dataset, index, variant, picture, reading, symbols):
    text, label = dataset.texts[index], dataset.labels[index]
    misread = reading.text.replace(" ", "") != text  # a gap is no mistake
    if label == NUMBER:
        pen = dataset.pen(index, variant)
        if pen is None:
            return _Seen(misread=misread, misread_with_pen=misread)
        with_pen = recognizer.read(picture, pen, symbols).text.replace(" ", "")
        return _Seen(misread=misread, misread_with_pen=with_pen != text)
    refused = all(digit.label is None for digit in reading.digits)
    # What stands alone is judged as one mark, digit or not, even where the reading took it for several.
    single = reading.digits[0] if len(reading.digits) == 1 else recognizer.recognize(glyph_of(picture))
    answer, confidence = single.candidates[0]
    if label == NOT_A_DIGIT:
        least = min((digit.doubt for digit in reading.digits), default=np.inf)
        return _Seen(doubt=single.doubt, doubt_as_read=least, refused=refused, misread=misread)
    return _Seen(answer, confidence, single.doubt, single.doubt, single.label is None, misread, glyph=single.glyph)
