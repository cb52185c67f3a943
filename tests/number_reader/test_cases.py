"""Cases of other people's users (shared/cases/reports.md, A8, A9, A14): digits small, large and in corners, hard-edged, in any
colour; a 9 as others write it. All are in the tests' own handwriting."""

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


# Of a 9, in a box of 0..1: what is round, and what comes after it.
BOWLS = {
    "round": [(0.78, 0.18), (0.6, 0.02), (0.32, 0.04), (0.16, 0.24), (0.3, 0.46), (0.58, 0.44), (0.78, 0.18)],
    "narrow": [(0.78, 0.2), (0.66, 0.03), (0.5, 0.05), (0.4, 0.25), (0.5, 0.45), (0.66, 0.4), (0.78, 0.2)],
    "open": [(0.8, 0.08), (0.55, 0.0), (0.28, 0.06), (0.18, 0.26), (0.34, 0.44), (0.6, 0.4), (0.78, 0.22)],
    "low": [(0.78, 0.2), (0.58, 0.0), (0.26, 0.04), (0.08, 0.28), (0.24, 0.54), (0.56, 0.5), (0.78, 0.2)],
    "flat": [(0.78, 0.14), (0.53, 0.0), (0.18, 0.02), (0.01, 0.2), (0.18, 0.38), (0.55, 0.36), (0.78, 0.14)],
}
LEGS = {
    "straight": [(0.78, 0.6), (0.78, 1.0)],
    "slanting": [(0.7, 0.6), (0.52, 1.0)],
    "hooked": [(0.78, 0.7), (0.7, 0.92), (0.5, 1.0), (0.28, 0.93)],
    "a little hooked": [(0.78, 0.75), (0.72, 0.95), (0.58, 1.0)],
    "as of a g": [(0.8, 0.75), (0.74, 1.0), (0.5, 1.08), (0.24, 0.98), (0.2, 0.84)],
    "as of an S": [(0.7, 0.45), (0.82, 0.66), (0.78, 0.88), (0.5, 1.0), (0.2, 0.9)],
}


def rounded(points):
    """Corners cut twice, as a hand makes none (Chaikin)."""
    points = np.array(points)
    for _ in range(2):
        before, after = points[:-1], points[1:]
        between = np.stack([0.75 * before + 0.25 * after, 0.25 * before + 0.75 * after], axis=1).reshape(-1, 2)
        points = np.concatenate([points[:1], between, points[-1:]])
    return points


@pytest.mark.parametrize("bowl", BOWLS)
def test_a_nine_of_any_shape_is_a_nine_or_refused(recognizer, bowl):
    """From the pen's strokes and as a picture; "?" is no way out for most."""
    texts = []
    for leg in LEGS.values():
        stroke = np.array((300, 70)) + np.array((160, 240)) * rounded(BOWLS[bowl] + leg)
        image = pad_with([stroke.tolist()], 20)
        texts += [recognizer.read(image, [stroke]).text, recognizer.read(255 - image[..., 3]).text]
    assert set(texts) <= {"9", "?"}
    assert texts.count("9") > 0.8 * len(texts)
