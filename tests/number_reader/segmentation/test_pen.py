"""pen.py: pieces known from the pen's strokes, and strokes that are none of the picture's."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from number_reader import ImageError
from number_reader.ink.image import INK_LEVEL
from number_reader.segmentation.cuts import seams
from number_reader.segmentation.effort import MOST, POINTS
from number_reader.segmentation.pen import (
    BARE,
    BROADEST,
    BRUSHES,
    FAR_OUT,
    LONGER,
    LONGEST,
    MAX_POINTS,
    MAX_STROKES,
    STEP,
    PenPieces,
    _brush,
    _draw,
    _evenly,
    _on_ink,
    checked,
)
from number_reader.segmentation.recent import Recent
from tests.number_reader import hand
from tests.number_reader.test_read import assert_sound
from training.data.strokes import draw

DRAW_TOLERANCE = 1e-3
BRUSH_TOLERANCE = 0.2  # share of the brush's width
SHAPE = (240, 760)


def written(text="2574", brush=16, **place):
    """(ink, strokes) of digits side by side."""
    strokes = hand.strokes_of(text, **place)
    return draw(strokes, brush, SHAPE), strokes


def test_the_lines_of_a_piece_that_was_cut_are_whole_again_where_all_its_parts_are():
    ink, strokes = written("8")
    pieces = PenPieces(ink, strokes)
    [whole] = [pieces.strokes([0])]
    parts, _ = pieces.cut(0, 3)
    assert len(parts) > 1
    for one, other in zip(pieces.strokes(parts[::-1]), whole, strict=True):
        np.testing.assert_array_equal(one, other)
    rest = pieces.strokes(parts[1:])
    assert sum(map(len, rest)) < sum(map(len, whole))
    left, right = (box[k] for k, box in ((1, pieces.boxes[parts[0]]), (3, pieces.boxes[parts[-1]])))
    assert all(left <= x <= right for line in rest for x in line[:, 0])


def as_read(recognizer, ink, strokes):
    image = hand.black_in_alpha(ink)
    reading = recognizer.read(image, strokes)
    assert_sound(reading, image.shape)
    return reading


def same(one, other):
    return one.text == other.text and [digit.candidates for digit in one.digits] == [
        digit.candidates for digit in other.digits
    ]


# Drawing.


@pytest.mark.parametrize("brush", [1, 3, 8.5])
@pytest.mark.parametrize("digit", hand.DIGITS)
def test_strokes_are_drawn_as_training_draws_them(digit, brush):
    lines = hand.strokes_of(str(digit), 34, at=(3, 4))
    ours, theirs = _draw(lines, brush, (41, 41)), draw(lines, brush, (41, 41))
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours, theirs, atol=DRAW_TOLERANCE)


def test_a_line_of_thousands_of_points_is_drawn_the_same():
    lines = [np.random.default_rng(1).uniform(0, 41, (3000, 2)).astype(np.float32), np.array([[5.0, 5.0]])]
    np.testing.assert_allclose(_draw(lines, 1, (41, 41)), draw(lines, 1, (41, 41)), atol=DRAW_TOLERANCE)


def test_a_line_ends_where_it_ends_though_its_last_step_is_short():
    lines = [np.array([[20, 20], [20.9, 20]]), np.array([[5, 30], [15, 30], [15.9, 30.2]])]
    np.testing.assert_allclose(_draw(lines, 3, (41, 41)), draw(lines, 3, (41, 41)), atol=DRAW_TOLERANCE)


def test_a_curve_keeps_its_course_however_many_points_the_pen_sends():
    turn = np.linspace(0, 2 * np.pi, 5000)
    circle = (30 * np.stack([np.cos(turn), np.sin(turn)], axis=1)).astype(np.float32)
    even = _evenly(circle, 10)
    assert np.abs(np.hypot(*even.T) - 30).max() < 0.01, "points are those of the pen"
    assert 20 < len(even) < 50, "half a step apart"


@pytest.mark.parametrize("step", [1, 4, 30])
def test_points_lie_evenly(step):
    line = np.concatenate([hand.DIGITS[3][0], np.array(hand.DIGITS[8][0]) + 1]).astype(np.float32) * 200
    even = _evenly(line, step)
    np.testing.assert_array_equal(even[[0, -1]], line[[0, -1]])
    assert np.hypot(*np.diff(even, axis=0).T).max() <= step * 1.001
    assert len(even) <= np.hypot(*np.diff(line, axis=0).T).sum() / (step / 2) + 2
    crowded = np.repeat(_evenly(line, 0.2), 3, axis=0)
    assert len(_evenly(crowded, step)) <= len(even) * 2


def test_the_ink_of_a_stroke_has_a_size_of_its_own():
    ink, strokes = written("25", height=60)
    _box, crop = PenPieces(ink, strokes).ink([0])
    assert max(crop.shape) == LONGER + 1
    assert crop.dtype == np.float32
    assert 0 <= crop.min()
    assert crop.max() == 1


@pytest.mark.parametrize("brush", [2, 30])
def test_a_piece_is_drawn_anew_in_its_box_with_a_brush_that_suits_it(brush):
    ink, strokes = written("47", brush)
    pieces = PenPieces(ink, strokes)
    for number, stroke in enumerate(strokes):
        (left, top), (right, bottom) = stroke.min(axis=0), stroke.max(axis=0)
        reach = pieces.brush / 2
        box = [*np.floor([top - reach, left - reach]), *np.ceil([bottom + reach, right + reach])]
        np.testing.assert_array_equal(pieces.boxes[number], box)
        height, width = box[2] - box[0], box[3] - box[1]
        scale = LONGER / max(height, width)
        shape = int(np.ceil(height * scale)) + 1, int(np.ceil(width * scale)) + 1
        expected = draw([(stroke - (box[1], box[0])) * scale], min(pieces.brush * scale, BROADEST * LONGER), shape)
        np.testing.assert_allclose(pieces.ink([number])[1], expected, atol=0.02)


def test_what_was_drawn_before_is_not_drawn_again():
    ink, strokes = written("47", 6)
    recent = Recent()
    first, second = PenPieces(ink, strokes, recent), PenPieces(ink, strokes, recent)
    drawn = first.ink([0])[1]
    assert second.ink([0])[1] is drawn
    np.testing.assert_array_equal(PenPieces(ink, strokes).ink([1])[1], second.ink([1])[1])
    assert second.ink([1])[1] is not drawn
    second.brush += 3
    assert second.ink([0])[1].sum() > 1.1 * drawn.sum(), "a broader brush has drawn"


@pytest.mark.parametrize("bare", [0.01, 0.04])
def test_a_little_ink_may_lie_away_from_all_strokes(bare):
    ink, strokes = written("2574")
    side = int(np.sqrt(bare * (ink > INK_LEVEL).sum()))
    ink[-side:, -side:] = 1
    assert bool(PenPieces(ink, strokes).boxes) == (bare < BARE)


def test_a_look_costs_more_the_more_points_there_are_and_a_cut_as_many_as_are_asked_for():
    ink, strokes = written("2")
    pieces = PenPieces(ink, strokes)
    points = sum(map(len, pieces._parts[0]))
    pieces.ink([0])
    assert pieces._effort.left == pytest.approx(MOST - 1 - points / POINTS)
    assert points > 20
    before = pieces._effort.left
    pieces.cut(0, 3)
    assert pieces._effort.left == pytest.approx(before - 3 - 1 - points / POINTS), "it is looked at once more"


# Pieces.


@pytest.mark.parametrize("brush", [2, 8, 16, 30])
def test_there_is_a_piece_for_each_pen_down(brush):
    ink, strokes = written("2574", brush)
    pieces = PenPieces(ink, strokes)
    assert len(pieces.boxes) == len(strokes) == 6
    assert pieces.brush == pytest.approx(brush, rel=BRUSH_TOLERANCE)
    for box, stroke in zip(pieces.boxes, strokes):
        (left, top), (right, bottom) = stroke.min(axis=0) - brush / 2, stroke.max(axis=0) + brush / 2
        assert all(type(side) is int for side in box)
        np.testing.assert_allclose(box, (top, left, bottom, right), atol=2 + 0.1 * brush)


@pytest.mark.parametrize("kind", [np.float32, np.float64, np.int16, np.uint16, list])
def test_any_kind_of_number_will_do(recognizer, kind):
    ink, strokes = written("2574")
    convert = (lambda stroke: stroke.tolist()) if kind is list else lambda stroke: np.rint(stroke).astype(kind)
    assert as_read(recognizer, ink, [convert(stroke) for stroke in strokes]).text == "2574"


def test_the_picture_of_a_piece_is_not_what_crosses_it():
    strokes = hand.strokes_of("08", pitch=70)
    ink = draw(strokes, 16, SHAPE)
    _box, crop = PenPieces(ink, strokes).ink([0])
    alone = PenPieces(draw(strokes[:1], 16, SHAPE), strokes[:1]).ink([0])[1]
    assert crop.shape == alone.shape
    assert np.abs(crop - alone).mean() < 0.03


def test_wiped_away_ink_ends_strokes():
    ink, strokes = written("0")
    before = PenPieces(ink, strokes)
    wiped = ink.copy()
    wiped[120:] = 0
    after = PenPieces(wiped, strokes)
    assert len(after.boxes) == 1
    assert before.boxes[0][2] > 180
    assert after.boxes[0][2] <= 120 + 12
    both = hand.row("25", shape=SHAPE)
    both[:, 200:] = 0
    assert len(PenPieces(both, hand.strokes_of("25")).boxes) == 1


def test_late_counts_the_pen_downs_between():
    ink, strokes = written("257")
    pieces = PenPieces(ink, strokes)  # 2, 5, the bar of the 5, 7
    assert pieces.late([0]) == pieces.late([1, 2]) == pieces.late([0, 1]) == 0
    assert pieces.late([0, 3]) == 2
    assert pieces.late([2, 0]) == 1
    parts, _ = pieces.cut(0, 3)
    assert pieces.late(parts) == 0
    assert pieces.late([parts[-1], 3]) == 2


@pytest.mark.parametrize("text", ["3", "0", "8"])
@pytest.mark.parametrize("most", [0, 1, 4])
def test_parts_of_a_stroke_have_together_all_of_it(text, most):
    a = hand.strokes_of(text, 150)[0]
    stroke = np.concatenate([a, a + (90, 0)])  # two digits in one go
    ink = draw([stroke], 12, SHAPE)
    pieces = PenPieces(ink, [stroke])
    box, crop = pieces.ink([0])
    parts, prices = pieces.cut(0, most)
    assert len(parts) == len(prices) + 1 <= most + 1
    assert (len(parts) > 1) == (most > 0)
    tops, lefts, bottoms, rights = zip(*(pieces.boxes[part] for part in parts))
    np.testing.assert_allclose((min(tops), min(lefts), max(bottoms), max(rights)), box, atol=1)
    assert np.abs(pieces.ink(parts)[1] - crop).mean() < 0.02  # the line is interrupted at the seam
    assert list(lefts) == sorted(lefts)


def test_a_stroke_ends_at_the_seam_and_the_seam_has_its_price():
    a = hand.strokes_of("0", 150)[0]
    stroke = np.concatenate([a, a + (90, 0)])
    pieces = PenPieces(draw([stroke], 12, SHAPE), [stroke])
    (top, left, bottom, right), crop = pieces.ink([0])
    scale = LONGER / max(bottom - top, right - left)
    [(price, path)] = seams(crop, 1)
    points = np.concatenate(pieces._parts[0])
    parts, prices = pieces.cut(0, 1)
    assert prices == [price]
    x, y = ((points - (left, top)) * scale).T
    beyond = x >= path[y.astype(int)]
    for part, mine in zip(parts, (points[~beyond], points[beyond])):
        there = np.concatenate(pieces._parts[part])
        assert sorted(map(tuple, there)) == sorted(map(tuple, mine))


@pytest.mark.parametrize("brush", [1, 3, 9])
@pytest.mark.parametrize(
    "lines", [[[[20, 20]]], [[[20, 20]], [[60, 60]], [[20, 60]]], [[[20, 20], [60, 20], [60, 60]]]]
)
def test_the_brush_is_told_from_the_ink_dots_and_lines_alike(lines, brush):
    lines = [np.array(line, float) for line in lines]
    assert abs(_brush(draw(lines, brush, (80, 80)), lines) - brush) <= BRUSHES


@pytest.mark.parametrize(
    ("stroke", "step"),
    [
        ([[20, 100], [740, 102]], 72 * STEP),  # a flat one: by a tenth of its width
        ([[100, -500], [101, 740]], 240 * STEP),  # a tall one: by the picture's height
        ([[100, 50], [101, 200]], 150 * STEP),
    ],
)
def test_points_are_as_far_apart_as_suits_the_tallest_stroke(stroke, step):
    stroke = np.array(stroke, float)
    pieces = PenPieces(draw([stroke], 6, SHAPE), [stroke])
    [[line]] = pieces._parts
    assert 0.5 * step <= np.hypot(*np.diff(line, axis=0).T).max() <= 1.001 * step


def test_the_first_and_last_pixels_of_the_picture_count():
    line = np.array([[0, 8.9], [5, 0], [0, 0.5], [8.9, 3]])
    [there] = _on_ink(line, np.ones((9, 9), bool))
    np.testing.assert_array_equal(there, line)
    assert _on_ink(line + 9, np.ones((9, 9), bool)) == [] == _on_ink(line - 9, np.ones((9, 9), bool))


@pytest.mark.parametrize("corner", [(0, 0), (1, 0), (0, 1), (1, 1)])
def test_strokes_in_the_corners_of_a_picture_explain_its_ink(corner):
    shape = (101, 203)  # a whole number of no cells
    ends = np.array([[0, 0], [12, 30]]) + np.array(corner) * (190.5, 70.5)
    pieces = PenPieces(draw([ends], 7, shape), [ends])
    assert len(pieces.boxes) == 1


# How far out.


@pytest.mark.parametrize("way", [(1, 0), (-1, 0), (0, 1), (0, -1)])
def test_a_point_at_the_end_of_the_world_spoils_no_other_stroke(way):
    ink, strokes = written("25")
    away = np.concatenate([strokes[0][-1:], [np.array(way) * 1e300]])
    outside = [np.array([[1e5, 1e5], np.array(way) * 1e300])]
    assert PenPieces(ink, strokes + outside).boxes == PenPieces(ink, strokes).boxes
    assert np.isfinite(
        np.concatenate([part for parts in PenPieces(ink, [*strokes, away])._parts for part in parts])
    ).all()


@pytest.mark.parametrize("side", [-1, 1])
def test_a_stroke_that_comes_from_far_out_is_straight(side):
    height, width = SHAPE
    within = np.array([width / 2, height / 2])
    out = within + side * (FAR_OUT + 0.4) * np.array([width, height])
    ink = draw([np.array([within, out])], 8, SHAPE)
    [[line]] = PenPieces(ink, [np.array([within, out])])._parts
    across = (line - within) @ np.array([-height, width]) / np.hypot(height, width)
    assert np.abs(across).max() < 0.1
    assert len(line) > 5


def test_how_far_the_pen_went_outside_the_picture_does_not_count():
    ink, strokes = written("25")
    to_and_fro = np.array([[1000.0, 300], [3000, 1100]] * 10)  # 43,000 px
    assert PenPieces(ink, [*strokes, to_and_fro]).boxes == PenPieces(ink, strokes).boxes != []


def test_digits_of_dots_are_told_by_their_pixels():
    strokes = [
        np.array([point]) for stroke in hand.strokes_of("25") for point in _evenly(stroke.astype(np.float32), 14)
    ]
    pieces = PenPieces(draw(strokes, 8, SHAPE), strokes)
    assert pieces.boxes == []
    assert len(pieces._parts) == len(strokes)


# Strokes that are not those of the picture.

OTHERS = {
    "another number": hand.strokes_of("6308"),
    "the first half": hand.strokes_of("25"),
    "every other one": hand.strokes_of("2574")[::2],
    "all but a long one": hand.strokes_of("2574")[1:],
    "moved aside": [stroke + (40, 0) for stroke in hand.strokes_of("2574")],
    "moved down": [stroke + (0, 30) for stroke in hand.strokes_of("2574")],
    "half as large": [stroke / 2 for stroke in hand.strokes_of("2574")],
    "mirrored": [stroke * (-1, 1) + (SHAPE[1], 0) for stroke in hand.strokes_of("2574")],
    "outside": [stroke + (2000, 0) for stroke in hand.strokes_of("2574")],
    "far outside": [stroke * 1e30 for stroke in hand.strokes_of("2574")],
    "a dot": [np.array([[100.0, 100.0]])],
    "a dot at each corner": [np.array([[x, y]], float) for x in (0, 760) for y in (0, 240)],
    "nothing": [],
    "strokes without points": [np.zeros((0, 2)), [], np.zeros((0, 2), np.float32)],
    "no numbers": [np.full((9, 2), np.nan)] * 3,
    "a number and an infinity": [np.array([[3, np.inf], [50, 50]])],
}


@pytest.mark.parametrize("name", OTHERS)
def test_strokes_of_something_else_are_passed_over(recognizer, name):
    ink, _ = written("2574")
    plain = as_read(recognizer, ink, None)
    assert same(as_read(recognizer, ink, OTHERS[name]), plain)


@pytest.mark.parametrize("name", OTHERS)
def test_no_strokes_fit_a_blank_picture(recognizer, name):
    assert recognizer.read(np.zeros((240, 760, 4), np.uint8), OTHERS[name]).text == ""


@pytest.mark.parametrize(
    "extra", [np.full((4, 2), np.nan), np.zeros((0, 2)), np.array([[5000.0, -300], [6000, 90]]), []]
)
@pytest.mark.parametrize("at", [0, 3, 6])
def test_a_stroke_without_ink_changes_nothing(recognizer, extra, at):
    ink, strokes = written("2574")
    ours, theirs = (as_read(recognizer, ink, those) for those in ([*strokes[:at], extra, *strokes[at:]], strokes))
    assert ours.text == theirs.text
    assert [digit.box for digit in ours.digits] == [digit.box for digit in theirs.digits]


def test_a_stroke_that_leaves_the_picture_and_comes_back(recognizer):
    strokes = [
        np.array([[300, 180], [60, 180], [-400, 300], [-60, 120], [300, 60]], float),
        *hand.strokes_of("7", at=(40, 380)),
    ]
    image_of = partial(draw, brush=16, shape=SHAPE)
    pieces = PenPieces(image_of(strokes), strokes)
    assert len(pieces.boxes) == 2
    assert max(pieces.boxes[0]) <= 320
    as_read(recognizer, image_of(strokes), strokes)


@pytest.mark.parametrize(
    "strokes",
    [
        5,
        "strokes",
        [3, 4],
        [[1, 2]],
        [np.zeros((4, 3))],
        [np.zeros((2, 4, 2))],
        [[[1, 2], [3]]],
        [[["a", "b"]]],
        [[[None, None]]],
        [np.zeros((4, 2), complex)],
        [np.zeros((4, 2)), None],
    ],
    ids=str,
)
def test_what_is_no_list_of_strokes_is_an_error(recognizer, strokes):
    with pytest.raises(ImageError, match="^Strokes must be a list"):
        recognizer.read(hand.black_in_alpha(hand.ink(3)), strokes)


def test_strokes_are_left_as_they_were(recognizer):
    ink, strokes = written("2574")
    before = [stroke.copy() for stroke in strokes]
    as_read(recognizer, ink, strokes)
    for stroke, kept in zip(strokes, before):
        np.testing.assert_array_equal(stroke, kept)


# Size.


def test_strokes_and_their_points_have_a_limit():
    point = np.array([[1.0, 2.0]])
    assert len(checked([point] * MAX_STROKES)) == MAX_STROKES
    assert checked([point] * (MAX_STROKES + 1)) == []
    for line in (np.zeros((MAX_POINTS, 2)), [(0, 0)] * MAX_POINTS):
        assert [stroke.shape for stroke in checked([line])] == [(MAX_POINTS, 2)]
        assert checked([line, point]) == [] == checked([[*line, (0, 0)]])
    half = np.zeros((MAX_POINTS // 2 + 1, 2))
    assert checked([half, half]) == []


def test_a_stroke_without_points_is_none():
    assert checked([[], np.zeros(0), np.zeros((0, 2)), ()]) == []


@pytest.mark.parametrize("points", [1, 2, 5000])
def test_a_pen_that_sends_many_points(recognizer, points):
    """A pen may report a thousand points a second, and many of them from the same place."""
    ink, strokes = written("2574")
    dense = [np.repeat(_evenly(stroke, 150 / points), 2, axis=0) for stroke in strokes]
    assert as_read(recognizer, ink, dense).text == "2574"


def test_an_endless_scribble_is_passed_over():
    rng = np.random.default_rng(8)
    stroke = np.clip(np.cumsum(rng.normal(0, 30, (20_000, 2)), axis=0) % 200, 5, 195)
    ink = draw([stroke[:2000]], 8, (200, 200))
    assert PenPieces(ink, [stroke]).boxes == []


def test_a_line_under_the_number_leaves_its_digits_as_they_are():
    strokes = hand.strokes_of("2574", 60, 70)
    under = np.array([[20, 130], [740, 132]], float)
    ink, with_line = draw(strokes, 6, SHAPE), draw([*strokes, under], 6, SHAPE)
    ours, theirs = PenPieces(ink, strokes), PenPieces(with_line, [*strokes, under])
    assert len(theirs.boxes) == len(ours.boxes) + 1
    for number in range(len(strokes)):
        assert np.abs(ours.ink([number])[1] - theirs.ink([number])[1]).mean() < 0.03
    assert LONGEST > 300  # the line has so many points


@pytest.mark.parametrize("scale", [2.5, 5])
def test_strokes_of_a_large_picture_are_in_its_own_pixels(recognizer, scale):
    shape = tuple(int(side * scale) for side in SHAPE)
    strokes = [stroke * scale for stroke in hand.strokes_of("2574", pitch=150)]
    ink = draw(strokes, 16 * scale, shape)
    reading = as_read(recognizer, ink, strokes)
    assert reading.text == "2574"
    small = [stroke / scale for stroke in strokes]
    alike = as_read(recognizer, draw(small, 16, SHAPE), small)
    for digit, other in zip(reading.digits, alike.digits):
        np.testing.assert_allclose(np.array(digit.box) / scale, other.box, atol=4)
        assert np.abs(digit.glyph.astype(int) - other.glyph).mean() < 4


def test_boxes_lie_in_the_picture_though_the_pen_went_to_its_edge(recognizer):
    strokes = [stroke - stroke.min(axis=0) for stroke in hand.strokes_of("3")]
    ink = draw(strokes, 30, (150, 118))
    reading = as_read(recognizer, ink, strokes)
    assert len(reading.digits) == 1


lines = arrays(
    st.sampled_from([np.float32, np.float64, np.int32]),
    st.tuples(st.integers(0, 6), st.just(2)),
    elements=st.integers(-20, 120),
)


@given(st.lists(lines, max_size=6), st.lists(lines, max_size=3), st.sampled_from([1, 4, 12]))
def test_any_strokes_are_read_soundly(recognizer, drawn, undrawn, brush):
    ink = draw([stroke.astype(float) for stroke in drawn if len(stroke)], brush, (90, 110))
    as_read(recognizer, ink, drawn + undrawn)
