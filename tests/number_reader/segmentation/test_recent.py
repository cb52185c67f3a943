"""A number that is read after each of its strokes reads as if it had never been read before."""

import numpy as np
import pytest

from number_reader.segmentation.recent import LARGEST, MOST, Recent, key_of
from tests.number_reader.hand import DIGITS, SIDE, as_bytes
from training.data.strokes import draw

SHAPE = (280, 900)


def strokes_of(text):
    return [
        np.array(stroke) * 150 + (60 + 180 * i, 60) for i, digit in enumerate(text) for stroke in DIGITS[int(digit)]
    ]


def read(recognizer, strokes):
    return recognizer.read(255 - as_bytes(draw(strokes, 14, SHAPE)), strokes)


def told(reading):
    return reading.text, [
        (digit.label, digit.box, round(digit.confidence, 4), round(digit.doubt, 4), digit.glyph.tobytes())
        for digit in reading.digits
    ]


def test_strokes_that_come_one_by_one_read_as_all_at_once(recognizer):
    strokes = strokes_of("4752")
    for count in range(1, len(strokes) + 1):
        reading = read(recognizer, strokes[:count])
    recognizer.recent.clear()
    assert told(reading) == told(read(recognizer, strokes))
    assert reading.text == "4752"


def test_what_has_not_changed_is_not_compared_again(recognizer, monkeypatch):
    recognizer.recent.clear()
    compared = []
    compare = recognizer.compare
    monkeypatch.setattr(recognizer, "compare", lambda glyphs: compared.append(len(glyphs)) or compare(glyphs))
    strokes = strokes_of("4752")
    first = read(recognizer, strokes)
    once = sum(compared)
    assert told(read(recognizer, strokes)) == told(first)
    assert once > 0
    assert sum(compared) == once


def test_what_is_taught_and_forgotten_counts_at_once(recognizer):
    strokes = strokes_of("7")
    before = read(recognizer, strokes)
    row = recognizer.teach(before.digits[0].glyph, 3)
    assert read(recognizer, strokes).digits[0].neighbors[0].taught
    recognizer.forget(row)
    assert told(read(recognizer, strokes)) == told(before)


def test_the_oldest_are_dropped():
    recent = Recent()
    for i in range(MOST + 1):
        recent.keep(("a", i), i + 1)
        recent.find(("a", 0))
    assert recent.find(("a", 0)) == 1
    assert recent.find(("a", 1)) is None
    assert recent.find(("a", MOST)) == MOST + 1
    assert all(recent.find(("a", i)) == i + 1 for i in range(2, MOST)), "and no others"


@pytest.mark.parametrize("size", [LARGEST, LARGEST + 1])
def test_what_is_large_is_not_kept(size):
    recent, key = Recent(), key_of("a", [np.zeros(size, np.uint8)])
    recent.keep(key, 1)
    assert recent.find(key) == (1 if size == LARGEST else None)


def test_keys_tell_apart_what_has_the_same_bytes():
    one = np.zeros((SIDE, 2), np.uint8)
    assert len({key_of("a", [one]), key_of("b", [one]), key_of("a", [one.T]), key_of("a", [one], 1)}) == 4
