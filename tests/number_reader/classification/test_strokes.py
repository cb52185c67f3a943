"""strokes.py: what a digit's strokes add to its glyph, where it is asked, and files that are no examples."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from number_reader import ModelError, Recognizer
from number_reader.classification.strokes import DOUBT, MARGIN, NEAREST, UNIT, WEIGHT, WEIGHTS, Strokes
from number_reader.labels import NOT_A_DIGIT
from number_reader.pen.examples import Examples
from number_reader.pen.features import features
from tests.browser.hand import DIGITS, lay_out
from tests.number_reader.conftest import SHIPPED
from training.data.strokes import draw

DATA = (SHIPPED.parent / "pen.bin").read_bytes()
LIMIT = -0.2


@pytest.fixture(scope="module")
def strokes():
    return Strokes(DATA)


def compared(recognizer, text):
    return recognizer.compare(recognizer.read(picture(text)).symbols[0].glyph[None])[0]


def picture(text):
    """A text in the hand of the tests: white paper, uint8 (400, 800)."""
    lines = [np.array(line, np.float32) for line in lay_out(text)]
    return np.uint8(255 - 255 * draw(lines, 20, (400, 800)))


def test_it_is_asked_where_the_glyph_leaves_a_doubt(strokes, recognizer):
    sure = replace(compared(recognizer, "3"), margin=2 * MARGIN, doubt=LIMIT - 2 * DOUBT)
    assert not strokes.are_asked(sure, LIMIT)
    assert strokes.are_asked(replace(sure, margin=MARGIN / 2), LIMIT)
    assert strokes.are_asked(replace(sure, doubt=LIMIT - DOUBT / 2), LIMIT)
    assert not strokes.are_asked(replace(sure, margin=0, taught=3), LIMIT), "a person said what it is"


@pytest.mark.parametrize("text", list(DIGITS))
def test_it_says_how_near_glyph_and_strokes_are_together(strokes, recognizer, text):
    pen = [np.array(line, np.float32) for line in lay_out(text)]
    alone = compared(recognizer, text)
    found = strokes.beside(alone, pen)
    examples = Examples(DATA[:-WEIGHTS])
    list(examples.unpack())
    theirs = [UNIT * np.mean(some[:NEAREST]) for some in examples.nearest(features([line.tolist() for line in pen]))]
    known = slice(NOT_A_DIGIT + 1)
    wanted = np.exp((1 - WEIGHT) * np.log(alone.near[known]) + WEIGHT * np.log(theirs))
    np.testing.assert_allclose(found.near[known], wanted)
    np.testing.assert_array_equal(found.near[NOT_A_DIGIT + 1 :], alone.near[NOT_A_DIGIT + 1 :])
    assert found.winner == int(np.argmin(wanted[:NOT_A_DIGIT])) == int(np.argmax(found.shares))
    assert found.strokes == int(np.argmin(theirs[:NOT_A_DIGIT]))
    assert found.shares.sum() == pytest.approx(1)
    np.testing.assert_array_equal(found.voters, alone.voters)


@pytest.mark.parametrize("symbols", ["numbers", "digits"])
def test_pixels_alone_are_read_as_without_it(recognizer, symbols):
    without = Recognizer.load(SHIPPED, b"")
    for text in ("2026", "38", "471"):
        one, other = (each.read(picture(text), None, symbols) for each in (recognizer, without))
        assert [(s.label, s.confidence, s.doubt, s.strokes) for s in one.symbols] == [
            (s.label, s.confidence, s.doubt, None) for s in other.symbols
        ]


@given(st.binary(min_size=1, max_size=400) | st.integers(1, len(DATA) - 1).map(lambda end: DATA[:end]))
def test_bytes_that_are_no_examples_are_refused(data):
    with pytest.raises(ValueError):
        Strokes(data)


def test_a_model_says_that_its_examples_of_strokes_are_none():
    with pytest.raises(ModelError, match="examples of pen strokes"):
        Recognizer.load(SHIPPED, DATA[:1000])
