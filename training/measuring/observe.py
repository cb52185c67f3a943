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
    strokes were known; answer_with_pen: the best label then, of single digits. They are known of what is drawn with the pad's
    brush.
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
    answer_with_pen: np.ndarray
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
    answer_with_pen: int = NUMBER
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
    names = (
        "answer",
        "confidence",
        "doubt",
        "doubt_as_read",
        "refused",
        "misread",
        "misread_with_pen",
        "answer_with_pen",
    )
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


def pad_variant(dataset):
    """The variant that the pad's brush draws, or the only one."""
    return min(PAD_BRUSH, len(dataset.variants) - 1)


def variants_read(dataset, index):
    """In which of its variants an item is read."""
    return (pad_variant(dataset),) if dataset.labels[index] == NUMBER else range(len(dataset.variants))


def drawn_once(observed):
    """Positions of the single digits, each in one drawing: the pad's brush where there are several."""
    return np.flatnonzero(observed.is_digit & (observed.variant == pad_variant(observed.dataset)))


def _seen(recognizer, dataset, index, variant, picture, reading, symbols):
    text, label = dataset.texts[index], dataset.labels[index]
    misread = reading.text.replace(" ", "") != text  # a gap is no mistake
    refused = all(digit.label is None for digit in reading.digits)
    single = _single(recognizer, reading, picture)
    if label == NOT_A_DIGIT:
        least = min((digit.doubt for digit in reading.digits), default=np.inf)
        return _Seen(doubt=single.doubt, doubt_as_read=least, refused=refused, misread=misread)
    pen = dataset.pen(index, variant) if variant == pad_variant(dataset) else None
    with_pen = reading if pen is None else recognizer.read(picture, pen, symbols)
    misread_with_pen = with_pen.text.replace(" ", "") != text
    if label == NUMBER:
        return _Seen(misread=misread, misread_with_pen=misread_with_pen)
    answer, confidence = single.candidates[0]
    answer_with_pen = _single(recognizer, with_pen, picture).candidates[0][0]
    return _Seen(
        *(answer, confidence, single.doubt, single.doubt, single.label is None, misread),
        misread_with_pen=misread_with_pen,
        answer_with_pen=answer_with_pen,
        glyph=single.glyph,
    )


def _single(recognizer, reading, picture):
    """What stands alone is judged as one mark, digit or not, even where the reading took it for several."""
    return reading.digits[0] if len(reading.digits) == 1 else recognizer.recognize(glyph_of(picture))
