"""lattice.py: the cheapest way against all ways, and what the segments are."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from number_reader.labels import LABELS, SEVERAL
from number_reader.lattice import lattice as module
from number_reader.lattice import measures
from number_reader.lattice.lattice import FILLED, FLAT, FULL, MARK, SURE, WIDEST, Lattice, Segment
from number_reader.lattice.measures import MEASURES, WEIGHTS, astride, line_height
from number_reader.segmentation.pen import PenPieces
from number_reader.segmentation.pieces import InkPieces
from number_reader.segmentation.segment import hull
from tests.number_reader import hand
from tests.number_reader.lattice.pieces import LIMIT, Boxes, Judged, lists_of_boxes
from training.data.strokes import draw


def lattice_of(boxes, judge=lambda inks: [Judged() for _ in inks], patches=None):
    return Lattice(Boxes(boxes, patches), range(len(boxes)), judge, LIMIT)


def all_ways(lattice, start=0):
    """Every way from a position to the end, as lists of segments."""
    if start == len(lattice.order):
        yield []
    for segment in lattice.segments:
        if segment.start == start:
            for rest in all_ways(lattice, segment.end):
                yield [segment, *rest]


def cost(way, weights):
    return sum(float(segment.measures @ weights) for segment in way)


some_boxes = lists_of_boxes(3, 2, 7)


@given(some_boxes, st.integers(0, 2**32 - 1))
def test_the_best_way_is_the_cheapest_of_all(boxes, seed):
    rng = np.random.default_rng(seed)
    judge = lambda inks: [Judged(rng.uniform(0.5, 2, LABELS), *rng.normal(size=2)) for _ in inks]  # noqa: E731
    lattice = lattice_of(boxes, judge)
    weights = rng.normal(size=len(MEASURES))
    ways = list(all_ways(lattice))
    found = lattice.best(weights)
    cheapest = min(ways, key=lambda way: cost(way, weights))
    assert [(segment.start, segment.end) for segment in found] == [
        (segment.start, segment.end) for segment in cheapest if segment.digit is not None
    ]


@given(some_boxes)
def test_every_piece_can_stand_alone(boxes):
    """So every position can be reached, and there is always a way."""
    lattice = lattice_of(boxes)
    alone = {(segment.start, segment.end) for segment in lattice.segments if segment.digit is not None}
    assert {(k, k + 1) for k in range(len(boxes))} <= alone
    for segment in lattice.segments:
        assert 0 <= segment.start < segment.end <= len(lattice.order)
        assert segment.measures.shape == (len(MEASURES),)
        assert np.isfinite(segment.measures).all()
        assert segment.box == hull([boxes[i] for i in lattice.order[segment.start : segment.end]])
    assert lattice.best(np.zeros(len(MEASURES))) is not None


@given(some_boxes)
def test_pieces_come_from_left_to_right(boxes):
    lattice = lattice_of(boxes)
    assert sorted(lattice.order) == list(range(len(boxes)))
    middles = [boxes[i][1] + boxes[i][3] for i in lattice.order]
    assert middles == sorted(middles)


def test_there_is_a_weight_for_each_measure():
    assert WEIGHTS.shape == (len(MEASURES),)
    assert np.isfinite(WEIGHTS).all()


def measured(segment):
    return dict(zip(MEASURES, segment.measures.tolist()))


def segment_at(lattice, start, end, dropped=False):
    (found,) = (s for s in lattice.segments if (s.start, s.end, s.digit is None) == (start, end, dropped))
    return measured(found)


# What becomes a segment.


def test_only_small_marks_can_be_dropped():
    digit, dot, dash = (0, 0, 100, 60), (90, 80, 100, 90), (48, 110, 55, 150)
    dropped = [s.box for s in lattice_of([digit, dot, dash]).segments if s.digit is None]
    assert dropped == [dot, dash]
    assert max(40, 10) < MARK * 100


def test_a_lone_mark_is_dropped_only_if_it_is_flat():
    """The height of a line is that of its marks: a lone dot is not small."""
    assert line_height([(50, 0, 55, 100)]) == 50
    for box, dropped in (((0, 0, 100, 6), 0), ((0, 0, 10, 10), 0), ((0, 0, 20, 60), 1)):
        assert len([s for s in lattice_of([box]).segments if s.digit is None]) == dropped


def test_what_is_far_apart_is_not_one_digit():
    lattice = lattice_of([(0, 0, 100, 40), (0, 120, 100, 160)])
    assert {(s.start, s.end) for s in lattice.segments} == {(0, 1), (1, 2)}


def is_joined(first, **judged):
    """Whether a piece and one 10 px beside it, as high as the line, could be one digit."""
    _top, _left, _bottom, right = first
    lattice = lattice_of([first, (0, right + 10, 100, right + 50)], lambda inks: [Judged(**judged) for _ in inks])
    return any((segment.start, segment.end) == (0, 2) for segment in lattice.segments)


def test_two_that_are_surely_digits_with_paper_between_them_are_not_one():
    """Each higher than wide, and surely one."""
    digit = (0, 0, 100, 40)
    assert not is_joined(digit)
    assert is_joined(digit, doubt=LIMIT - SURE), "as sure as that is not enough"
    assert is_joined(digit, doubt=LIMIT)
    assert not is_joined((100 - round(100 * FULL) - 1, 0, 100, 40))
    assert is_joined((100 - round(100 * FULL), 0, 100, 40)), "a low one may be a part"


def runs_of(*boxes, doubt=LIMIT, patches=None):
    """Which pieces together could be a digit, of pieces that are surely none or none of which is sure."""
    lattice = lattice_of(boxes, lambda inks: [Judged(doubt=doubt) for _ in inks], patches)
    return {(segment.start, segment.end) for segment in lattice.segments if segment.end - segment.start > 1}


def test_as_many_as_six_pieces_are_one_digit():
    stems = [(0, 12 * k, 100, 12 * k + 8) for k in range(9)]
    assert runs_of(*stems) == {(k, end) for k in range(9) for end in range(k + 2, min(k + 6, 9) + 1)}


@pytest.mark.parametrize(("gap", "doubt", "joined"), [
    (35, LIMIT, True), (36, LIMIT, False), (0, LIMIT - 2, True), (1, LIMIT - 2, False), (1, LIMIT, True),
])  # fmt: skip
def test_gaps_within_a_digit_are_narrow_and_there_are_none_between_sure_ones(gap, doubt, joined):
    assert bool(runs_of((0, 0, 100, 40), (0, 40 + gap, 100, 80 + gap), doubt=doubt)) == joined


def test_what_is_wider_is_no_digit_unless_the_line_is_higher():
    assert runs_of((0, 0, 100, 70), (0, 100, 100, 170)) == {(0, 2)}
    assert runs_of((0, 0, 100, 70), (0, 100, 100, 171)) == set()
    assert runs_of((90, 0, 100, 50), (90, 60, 100, 115), (0, 300, 100, 350)) == {(0, 2)}
    assert runs_of((90, 0, 100, 50), (90, 60, 100, 125), (0, 300, 100, 350)) == set()


def test_what_cannot_be_joined_ends_no_other_run():
    assert runs_of((0, 0, 100, 40), (0, 200, 100, 240), (0, 250, 100, 290)) == {(1, 3)}
    assert runs_of((0, 0, 100, 160), (0, 170, 100, 200), (0, 210, 100, 240)) == {(1, 3)}


class Recorded(Boxes):
    """One piece that could be cut, with this ink."""

    def __init__(self, box, ink):
        super().__init__([box])
        self.given, self.was_cut = np.array(ink, np.float32), False

    def ink(self, numbers):
        return self.boxes[0], self.given

    def cut(self, number, most):
        self.was_cut = True
        return [number], []


def is_cut(height, width, ink=1.0):
    pieces = Recorded((0, 0, height, width), np.broadcast_to(ink, (height, width)))
    Lattice(pieces, [0], judge_doubtful, LIMIT)
    return pieces.was_cut


def test_a_dash_is_flat_and_filled_and_never_cut():
    assert FLAT * 100 == 40
    assert is_cut(40, 100)
    assert not is_cut(39, 100)
    assert not is_cut(19, 50)
    sparse = np.zeros((19, 50))
    sparse[::4, ::2] = sparse[-1, -1] = 1
    assert is_cut(19, 50, sparse)
    exactly = np.zeros((19, 50))
    exactly[:8] = exactly[-1, -1] = 1
    exactly[0, 1:22] = 0
    assert exactly.sum() == FILLED * exactly.size
    assert is_cut(19, 50, exactly)
    assert is_cut(19, 50, np.zeros((19, 50))), "of what is too thin to be seen nothing is known"


def test_a_slash_is_never_cut(monkeypatch):
    assert is_cut(100, 60)
    monkeypatch.setattr(module, "slashes", lambda pieces, line: {0})
    assert not is_cut(100, 60)


def test_no_segment_of_several_pieces_is_too_wide():
    boxes = [(0, 30 * k, 100, 30 * k + 28) for k in range(9)]
    for segment in lattice_of(boxes).segments:
        top, left, bottom, right = segment.box
        assert right - left <= WIDEST * (bottom - top)


def test_what_is_flat_may_become_a_digit_with_its_upright():
    """The bowl of a 4, all of it to the left of what it needs to be no dash."""
    assert runs_of((40, 0, 70, 60), (50, 60, 75, 130), (0, 90, 100, 135)) == {(0, 3), (1, 3)}


def test_touching_pen_downs_are_tried_together_however_wide():
    boxes = [(0, 0, 100, 100), (0, 80, 30, 240)]
    assert runs_of(*boxes) == set()
    assert runs_of(*boxes, patches=[0, 0]) == {(0, 2)}
    assert runs_of((0, 300, 100, 340), *boxes, patches=[1, 0, 0]) == {(0, 2)}, "nothing else is tried for that"


def test_what_touches_around_another_is_no_run_of_its_own():
    assert runs_of((0, 0, 100, 100), (0, 110, 100, 190), (0, 200, 100, 330), patches=[0, 1, 0]) == set()


# Measures.


def test_the_height_of_a_line_is_a_pixel_at_least_and_half_the_width_of_its_widest_mark():
    assert line_height([(3, 3, 4, 4)]) == 1
    assert line_height([(0, 0, 30, 50), (0, 60, 40, 70)]) == 40
    assert line_height([(0, 0, 30, 100), (0, 60, 40, 70)]) == 50


@pytest.mark.parametrize(
    ("a", "b", "shared", "common"),
    [
        ((0, 0, 10, 10), (20, 5, 30, 15), 0.5, 0),  # one above the other
        ((0, 0, 10, 10), (0, 20, 10, 30), 0, 0),  # side by side
        ((0, 0, 10, 10), (0, 5, 40, 35), 0.5, 50 / 1200),
        ((0, 5, 40, 35), (0, 0, 10, 10), 0.5, 50 / 1200),
        ((0, 0, 5, 1), (0, 0, 5, 1), 1, 1),
        ((0, 0, 1, 1), (0, 0, 1, 1), 1, 1),
    ],
)
def test_what_two_boxes_cover_both(a, b, shared, common):
    assert measures.shared(a, b) == pytest.approx(shared)
    assert measures.common(a, b) == pytest.approx(common)
    _, areas = astride([a, b], [0, 1])
    np.testing.assert_allclose(areas, [[0, common], [common, 0]])


@pytest.mark.parametrize(
    ("digits", "several", "expected"), [(1, 10, 0), (1, 1, 1), (0.5, 0.5, 1), (3, 1, 2), (1, 2, 0.307)]
)
def test_how_much_nearer_it_is_to_wrong_segments_has_bounds(digits, several, expected):
    near = np.full(LABELS, 9.0)
    near[4], near[SEVERAL] = digits, several
    assert measures.nearer(near, SEVERAL) == pytest.approx(expected, abs=1e-3)


def test_measures_of_a_lone_digit():
    found = segment_at(lattice_of([(0, 0, 100, 60)]), 0, 1)
    assert {name for name, value in found.items() if value} == {"digit", "doubt", "margin", "several", "part"}
    assert found["doubt"] == -1
    assert found["margin"] == 1
    assert found["several"] == found["part"] == found["digit"] == 1


@pytest.mark.parametrize(("doubt", "measured", "refused"), [(-5, -1, 0), (-0.3, -0.3, 0), (0.3, 0.3, 0.3), (5, 2, 2)])
def test_doubt_is_measured_from_the_limit_within_bounds(doubt, measured, refused):
    found = segment_at(lattice_of([(0, 0, 100, 60)], lambda inks: [Judged(doubt=LIMIT + doubt) for _ in inks]), 0, 1)
    assert (found["doubt"], found["refused"]) == pytest.approx((measured, refused))


@pytest.mark.parametrize(("margin", "measured"), [(-1, 0), (0.5, 0.5), (5, 2)])
def test_margins_have_bounds(margin, measured):
    found = segment_at(lattice_of([(0, 0, 100, 60)], lambda inks: [Judged(margin=margin) for _ in inks]), 0, 1)
    assert found["margin"] == measured


def test_a_mark_of_one_row_is_measured_too():
    found = segment_at(lattice_of([(5, 0, 6, 3)]), 0, 1)
    assert found["wide"] == 2
    assert found["low"] == pytest.approx(np.log(1.5) - 0.2)


def test_measures_of_pieces_joined():
    """A stem, and a bar that begins 10 px on and lies over nothing."""
    found = segment_at(lattice_of([(0, 0, 100, 20), (0, 30, 12, 70)]), 0, 2)
    assert found["joined"] == 1
    assert found["gap"] == pytest.approx(0.1)
    assert found["shared"] == 0
    crossing = segment_at(lattice_of([(0, 0, 100, 40), (0, 30, 12, 50)]), 0, 2)
    assert crossing["gap"] == 0
    assert crossing["shared"] == pytest.approx(0.5)


def test_splitting_what_overlies_is_measured():
    """A bar of 20 px over the last 10 of a digit's 40, and a loop that stands on another."""
    lattice = lattice_of([(0, 0, 100, 40), (0, 30, 12, 50)])
    for k in (0, 1):
        found = segment_at(lattice, k, k + 1)
        assert found["split"] == 0
        assert found["torn"] == pytest.approx(120 / 4000)
    stacked = segment_at(lattice_of([(0, 0, 55, 50), (50, 0, 100, 40)]), 0, 1)
    assert stacked["split"] == pytest.approx(5 * (0.8 - 0.4))
    assert stacked["torn"] == pytest.approx(5 * 40 / (55 * 50))
    whole = segment_at(lattice, 0, 2)
    assert whole["split"] == whole["torn"] == 0
    assert whole["inside"] == pytest.approx(120 / 4000)


def test_parts_of_one_piece_do_not_lie_over_one_another():
    boxes = [(0, 0, 10, 10), (0, 5, 10, 15), (0, 5, 10, 15)]
    over, common = astride(boxes, [0, 0, 1])
    np.testing.assert_allclose(over, [[0, 0, 0.5], [0, 0, 1], [0.5, 1, 0]])
    np.testing.assert_allclose(common, over)


def test_small_marks_may_be_dropped_but_no_digit_that_is_sure():
    def droppable(side, **judged):
        boxes = [(0, 0, 100, 60), (100 - side, 80, 100, 80 + side)]
        lattice = lattice_of(boxes, lambda inks: [Judged(**judged) for _ in inks])
        return any(segment.digit is None and segment.start == 1 for segment in lattice.segments)

    assert droppable(20, winner=0)
    assert droppable(40, winner=1)
    assert droppable(40, winner=0, doubt=LIMIT)
    assert not droppable(30, winner=0)
    assert not droppable(45, winner=1)
    assert droppable(40, winner=0, doubt=LIMIT - SURE)
    assert not droppable(round(100 * MARK), winner=1)


def test_how_low_a_mark_is_depends_on_its_neighbours():
    """A line whose digits become half as high on the way."""
    lattice = lattice_of([(0, 0, 100, 60), (40, 200, 90, 230), (40, 240, 90, 270)])
    assert segment_at(lattice, 2, 3)["low"] == 0
    assert segment_at(lattice_of([(0, 0, 100, 60), (40, 70, 90, 100)]), 1, 2)["low"] == pytest.approx(np.log(2) - 0.2)
    assert segment_at(lattice_of([(0, 0, 100, 60), (50, 160, 100, 190)]), 1, 2)["low"] == 0
    assert segment_at(lattice_of([(0, 0, 100, 60), (50, 159, 100, 189)]), 1, 2)["low"] > 0
    speck = lattice_of([(0, 0, 100, 60), (98, 700, 100, 703)])
    assert segment_at(speck, 1, 2)["low"] == pytest.approx(np.log(25) - 0.2)


def test_a_low_mark_and_a_wide_mark_are_measured():
    lattice = lattice_of([(0, 0, 100, 60), (60, 80, 90, 140)])
    assert segment_at(lattice, 1, 2)["low"] == pytest.approx(np.log(100 / 30) - 0.2)
    assert segment_at(lattice, 1, 2)["wide"] == 1
    assert segment_at(lattice, 0, 1)["low"] == segment_at(lattice, 0, 1)["wide"] == 0


def test_what_is_dropped_is_measured_by_its_size():
    found = segment_at(lattice_of([(0, 0, 100, 60), (80, 70, 90, 110)]), 1, 2, dropped=True)
    assert {name: value for name, value in found.items() if value} == {"dropped": 1, "lost": pytest.approx(0.4)}
    assert segment_at(lattice_of([(0, 0, 20, 60)]), 0, 1, dropped=True)["lost"] == 1, "longer than its line is high"


def judge_doubtful(inks):
    """So that everything is cut that can be."""
    return [Judged(doubt=LIMIT + 1) for _ in inks]


def test_seams_have_a_price():
    ink = np.maximum.reduce([hand.ink(3, 150, 20, (30, 30 + 85 * i), (220, 460)) for i in range(2)])
    lattice = Lattice(InkPieces(ink), [0], judge_doubtful, LIMIT)
    assert len(lattice.order) > 1
    firsts = [measured(s) for s in lattice.segments if s.start == 0]
    assert all(first["cut"] == first["price"] == 0 for first in firsts)
    laters = [measured(s) for s in lattice.segments if s.start > 0 and s.digit is not None]
    assert all(later["cut"] == 1 and later["price"] > 0 and later["split"] == 0 for later in laters)
    assert all(measured(s)["joined"] == 0 for s in lattice.segments), "parts of one mark are not joined across paper"
    assert segment_at(lattice, 0, len(lattice.order))["cut"] == 0
    assert {(k, k + 1) for k in range(len(lattice.order))} <= {(s.start, s.end) for s in lattice.segments}


def test_the_last_part_of_a_cut_mark_is_not_joined_to_one_far_away():
    ink = np.maximum.reduce([hand.ink(3, 150, 20, (30, at), (220, 760)) for at in (30, 115, 320)])
    pieces = InkPieces(ink)
    assert len(pieces.boxes) == 2
    lattice = Lattice(pieces, [0, 1], judge_doubtful, LIMIT)
    far = [k for k, i in enumerate(lattice.order) if pieces.boxes[i][1] > 300]
    assert all(segment.start >= far[0] for segment in lattice.segments if segment.end > far[0])


def test_a_mark_whose_parts_are_no_digits_stays_whole():
    """Of a scribble, cut into parts, some part always resembles a digit."""
    ink = np.maximum.reduce([hand.ink(3, 150, 20, (30, 30 + 85 * i), (220, 460)) for i in range(2)])

    for doubt, expected in ((-1, True), (0.5, False)):
        lattice = Lattice(InkPieces(ink), [0], lambda inks: [Judged(doubt=LIMIT + 1) for _ in inks], LIMIT)
        for segment in (segment for segment in lattice.segments if segment.digit is not None):
            segment.digit.doubt = LIMIT + (doubt if segment.end - segment.start < len(lattice.order) else 1)
        found = lattice.best(np.array([-5.0 if name == "digit" else 0 for name in MEASURES]))
        assert (len(found) > 1) == expected


def pen_lattice(text, order=None):
    """Lattice of overlapping digits, whose strokes were written in some order."""
    strokes = [np.array(s) * 150 + (40 + 60 * k, 40) for k, c in enumerate(text) for s in hand.DIGITS[int(c)]]
    ink = draw(strokes, 12, (240, 500))
    pieces = PenPieces(ink, [strokes[k] for k in order or range(len(strokes))])
    return Lattice(pieces, list(range(len(pieces.boxes))), lambda inks: [Judged() for _ in inks], LIMIT)


def test_late_strokes_are_measured():
    """5, its bar, 1: with the bar at the very end, the 1 lies between them."""
    soon, late = pen_lattice("51"), pen_lattice("51", (0, 2, 1))
    for lattice, expected in ((soon, 0), (late, 1)):
        numbers = [lattice.order.index(k) for k in ((0, 1) if lattice is soon else (0, 2))]
        found = segment_at(lattice, min(numbers), max(numbers) + 1)
        assert found["late"] == expected


# With the shipped model.


@pytest.mark.parametrize("digit", hand.DIGITS)
@pytest.mark.parametrize("brush", [8, 20, 34])
def test_a_lone_digit_stays_one(recognizer, digit, brush):
    (lattice,), _ = recognizer.lattices(hand.black_in_alpha(hand.ink(digit, brush=brush)))
    (segment,) = lattice.best(WEIGHTS)
    assert isinstance(segment, Segment)
    assert (segment.start, segment.end) == (0, len(lattice.order))
    assert segment.digit.winner == digit


def test_each_line_has_a_lattice(recognizer):
    found, place = recognizer.lattices(hand.black_in_alpha(np.concatenate([hand.row("31"), hand.row("2")])))
    assert [len(lattice.best(WEIGHTS)) for lattice in found] == [2, 1]
    assert place(found[1].best(WEIGHTS)[0].box)[0] >= 240
