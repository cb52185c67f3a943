"""Cases of other people's users (shared/cases/reports.md, A8 and A14): digits small, large and in corners, hard-edged, in any
colour. All are in the tests' own handwriting."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

import number_reader
from tests.browser.hand import DIGITS, PAD

FINER = 4


@pytest.fixture(scope="module")
def recognizer():
    return number_reader.load()


def pad_with(strokes, width):
    """What the pad would have: uint8 (height, width, 4), ink in alpha."""
    picture = Image.new("L", (PAD["width"] * FINER, PAD["height"] * FINER), 0)
    pen, radius = ImageDraw.Draw(picture), width * FINER / 2
    for stroke in strokes:
        points = [(x * FINER, y * FINER) for x, y in stroke]
        pen.line(points, fill=255, width=round(2 * radius), joint="curve")
        for x, y in points:
            pen.ellipse([x - radius, y - radius, x + radius, y + radius], fill=255)
    ink = np.array(picture.resize((PAD["width"], PAD["height"]), Image.Resampling.BOX))
    return np.stack([np.zeros_like(ink)] * 3 + [ink], axis=-1)


@pytest.mark.parametrize(("high", "width"), [(30, 8), (60, 10), (376, 20)])
@pytest.mark.parametrize("digit", DIGITS)
def test_a_digit_is_read_at_every_place_of_the_pad(recognizer, digit, high, width):
    margin = width / 2 + 1
    for across in (0, 0.5, 1):
        for down in (0, 0.5, 1):
            left = margin + across * (PAD["width"] - 2 * margin - high / 2)
            top = margin + down * max(0, PAD["height"] - 2 * margin - high)
            strokes = [[(left + x * high / 2, top + y * high) for x, y in stroke] for stroke in DIGITS[digit]]
            image = pad_with(strokes, width)
            assert recognizer.read(image, [np.array(stroke) for stroke in strokes]).text == digit
            assert recognizer.read(image).text == digit


@pytest.mark.parametrize(
    ("side", "width"), [(28, 2), (28, 3), (56, 1), (56, 3), (280, 3), (280, 30), (1080, 8), (1080, 30)]
)
@pytest.mark.parametrize("digit", DIGITS)
def test_hard_edged_digits_are_read_black_on_white_and_white_on_black(recognizer, digit, side, width):
    picture = Image.new("L", (side, side), 255)
    pen = ImageDraw.Draw(picture)
    high, wide = 0.7 * side, 0.5 * side * 0.7
    for stroke in DIGITS[digit]:
        points = [(side / 2 - wide / 2 + x * wide, side / 2 - high / 2 + y * high) for x, y in stroke]
        pen.line(points, fill=0, width=width)
        for x, y in points if width > 3 else []:
            pen.ellipse([x - width / 2, y - width / 2, x + width / 2, y + width / 2], fill=0)
    image = np.array(picture)
    assert recognizer.read(image).text == digit
    assert recognizer.read(255 - image).text == digit
