"""marks.py: what is tried for a mark, where it stands, what is refused, and brackets without their fellow."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from number_reader.classification.certainty import NONE
from number_reader.classification.neighbors import FAR
from number_reader.labels import CHARACTERS, LABELS, MARKS, NOT_A_DIGIT
from number_reader.lattice import marks
from number_reader.lattice.brackets import CLOSE, OPEN, unpaired
from number_reader.lattice.marks import (
    ALL,
    LIKELY,
    LIKELY_NET,
    LITTLE,
    SLASH,
    STRANGE,
    UNPAIRED,
    MarkLattice,
    mark_doubt,
)
from number_reader.lattice.net import Net
from tests.number_reader.lattice.pieces import LIMIT, Boxes, Judged, lists_of_boxes

PLUS = CHARACTERS.index("+")
TALL = (0, 0, 40, 20), (0, 60, 40, 80)  # two digits, with room between them


@pytest.fixture(autouse=True)
def net_that_knows_nothing(monkeypatch):
    net = MarkLattice.net
    nothing = [np.zeros_like(part) for part in (net.shape, net.geometry, net.hidden)]
    monkeypatch.setattr(MarkLattice, "net", Net(*nothing, tuple(map(np.zeros_like, net.biases))))


def nearness(**characters):
    """near: 1 of digits, FAR of all else, but of the characters that are named."""
    near = np.full(LABELS, float(FAR))
    near[:NOT_A_DIGIT] = 1
    for name, value in characters.items():
        near[{"plus": PLUS, "open": OPEN, "close": CLOSE, "point": LITTLE[0], "slash": SLASH}[name]] = value
    return near


def lattice_of(boxes, near=None, winner=2):
    near = nearness() if near is None else near
    return MarkLattice(
        Boxes(boxes), range(len(boxes)), lambda inks: [Judged(near.copy(), winner=winner) for _ in inks], LIMIT
    )


def labels_of(lattice, start, end):
    return {segment.label for segment in lattice.segments if (segment.start, segment.end) == (start, end)}


some_boxes = lists_of_boxes(1, 1, 5)


@given(some_boxes, st.integers(0, 2**32 - 1))
def test_whatever_the_boxes_measures_are_finite_and_chances_are_chances(boxes, seed):
    rng = np.random.default_rng(seed)
    lattice = lattice_of(boxes, np.exp(rng.normal(0, 2, LABELS)))
    assert all(segment.measures.shape == (len(ALL),) for segment in lattice.segments)
    assert all(np.isfinite(segment.measures).all() for segment in lattice.segments)
    lattice.weights = rng.normal(size=len(ALL))
    for segment, chances in lattice.read():
        assert NOT_A_DIGIT in chances
        assert set(chances) <= {NOT_A_DIGIT, *MARKS}
        assert all(0 <= chance <= 1 for chance in chances.values())
        assert sum(chances.values()) <= 1 + 1e-9
        assert segment.label is not None


# Where a mark stands.


def test_what_stands_alone_has_no_place():
    lattice = lattice_of(TALL[:1])
    alone = [segment.measures[ALL.index("digit alone")] for segment in lattice.segments if segment.label == 2]
    assert alone == [1]


@given(some_boxes)
def test_a_place_stays_where_the_whole_line_is_moved(boxes):
    moved = [(top + 7, left + 9, bottom + 7, right + 9) for top, left, bottom, right in boxes]
    here, there = lattice_of(boxes), lattice_of(moved)
    assert [s.label for s in here.segments] == [s.label for s in there.segments]
    for a, b in zip(here.segments, there.segments):
        np.testing.assert_allclose(a.measures, b.measures, atol=1e-5)


# What is tried.


def test_a_small_piece_may_always_be_a_little_mark():
    near = nearness()
    near[MARKS.start :] = 1_000  # all are too far to be tried for their shape, and none is nearer
    small, large = (30, 38, 40, 46), (0, 36, 40, 50)
    assert labels_of(lattice_of([*TALL, small], near), 1, 2) >= {2, NOT_A_DIGIT, *LITTLE}
    assert not labels_of(lattice_of([*TALL, small], near), 1, 2) & (set(MARKS) - set(LITTLE))
    near[list(LITTLE)] = 2_000  # no longer among the nearest
    assert labels_of(lattice_of([*TALL, large], near), 1, 2) == {2, NOT_A_DIGIT}
    assert set(LITTLE) <= labels_of(lattice_of([*TALL, small], near), 1, 2)


def test_only_the_nearest_marks_are_tried_and_never_one_that_nothing_is_like():
    near = nearness()
    near[MARKS.start :] = np.linspace(1, 2, len(MARKS))
    deemed = MARKS[:LIKELY_NET]  # by a net to which all are the same
    near[list(deemed)] = 3
    assert labels_of(lattice_of(TALL, near), 0, 1) == {2, NOT_A_DIGIT, *MARKS[3 : 3 + LIKELY], *deemed}
    assert labels_of(lattice_of(TALL, nearness(plus=1.5)), 0, 1) == {2, NOT_A_DIGIT, PLUS}
    assert labels_of(lattice_of(TALL), 0, 1) == {2, NOT_A_DIGIT}


def test_what_is_surely_a_mark_is_not_cut():
    wide = [(0, 0, 40, 90)]
    lattice = lattice_of(wide, nearness(plus=0.5))
    assert lattice.pieces.cuts == []
    assert lattice_of(wide, nearness(plus=1.1)).pieces.cuts == [0]  # a digit is nearer


# What is refused.


def test_doubt_of_a_mark_is_held_against_what_is_no_symbol():
    near = nearness(plus=2.0)
    assert mark_doubt(near, PLUS) == pytest.approx(math.log(2))
    near[NOT_A_DIGIT] = 4
    assert mark_doubt(near, PLUS) == pytest.approx(math.log(2) - NONE * math.log(4))


@pytest.mark.parametrize(
    ("label", "plus", "doubt", "refused"),
    [
        (NOT_A_DIGIT, 1.0, LIMIT - 2, True),
        (LITTLE[0], 1.0, LIMIT + 2, False),
        (LITTLE[2], 1.0, LIMIT + 2, False),
        (PLUS, math.exp(LIMIT + STRANGE + 0.01), LIMIT - 2, True),
        (PLUS, math.exp(LIMIT + STRANGE - 0.01), LIMIT + 2, False),
        (3, 1.0, LIMIT + 0.01, True),
        (3, 1.0, LIMIT - 0.01, False),
    ],
)
def test_what_is_refused(label, plus, doubt, refused):
    segment = SimpleNamespace(label=label, digit=Judged(nearness(plus=plus), doubt))
    assert lattice_of(TALL).is_refused(segment) == refused


def test_a_point_alone_reads_as_nothing(monkeypatch):
    monkeypatch.setattr(MarkLattice, "weights", np.zeros(len(ALL)))  # what is cheapest plays no part
    round_one, long_one, two = [(0, 0, 40, 30)], TALL[:1], [(0, 0, 40, 30), (0, 60, 40, 90)]
    for boxes, near, count in ((round_one, 0.5, 0), (round_one, 1.5, 1), (long_one, 0.5, 1), (two, 0.5, 2)):
        assert len(lattice_of(boxes, nearness(point=near)).read()) == count


def test_strokes_of_a_line_that_look_the_same_are_the_same(monkeypatch):
    monkeypatch.setattr(marks, "STEPS", np.zeros_like(marks.STEPS))
    near = nearness(slash=1.0)

    def read_with(boxes, prices):
        lattice = lattice_of(boxes, near, winner=1)
        costs = [
            prices[segment.start].get(segment.label, 100.0) if segment.end == segment.start + 1 else 100.0
            for segment in lattice.segments
        ]
        monkeypatch.setattr(lattice, "costs", lambda weights=None: np.array(costs))
        return [segment.label for segment, _ in lattice.read()]

    alike = [(0, left, 40, left + 10) for left in (0, 60, 120)]
    taller = [*alike[:2], (-20, 120, 60, 130)]
    prices = [{1: 0, SLASH: 2}, {1: 0, SLASH: 2}, {1: 1, SLASH: 0}]
    assert read_with(alike, prices) == [1, 1, 1]
    assert read_with(taller, prices) == [1, 1, SLASH]
    assert read_with(alike, [{1: 1, SLASH: 0}, {1: 0, SLASH: 3}, {1: 4, SLASH: 0}]) == [SLASH] * 3


# Brackets.


@given(st.text("()1", max_size=12))
def test_brackets_without_their_fellow_are_found(text):
    way = [SimpleNamespace(label={"(": OPEN, ")": CLOSE}.get(c, 1)) for c in text]
    left = text.replace("1", "")
    while "()" in left:
        left = left.replace("()", "")
    lone = unpaired(way)
    assert "".join({OPEN: "(", CLOSE: ")"}[segment.label] for segment in lone) == left
    assert len({id(segment) for segment in lone}) == len(lone)
    others = [segment.label for segment in way if not any(segment is each for each in lone)]
    assert not unpaired([SimpleNamespace(label=label) for label in others])


def read_with(prices, boxes, monkeypatch):
    """Labels of the cheapest way. prices: {(start, label): cost}, 100 of what is not named."""
    lattice = lattice_of(boxes, nearness(open=1.1, close=1.1))
    monkeypatch.setattr(marks, "STEPS", np.zeros_like(marks.STEPS))
    costs = [
        prices.get((segment.start, segment.label), 100.0) if segment.end == segment.start + 1 else 100.0
        for segment in lattice.segments
    ]
    return [segment.label for segment in lattice._paired(np.array(costs))]


def test_a_bracket_without_its_fellow_costs(monkeypatch):
    less, more = {(0, OPEN): 0, (0, 2): UNPAIRED - 0.1, (1, 2): 0}, {(0, OPEN): 0, (0, 2): UNPAIRED + 0.1, (1, 2): 0}
    assert read_with(less, TALL, monkeypatch) == [2, 2]
    assert read_with(more, TALL, monkeypatch) == [OPEN, 2]


def test_brackets_with_their_fellow_cost_nothing(monkeypatch):
    prices = {(0, OPEN): 0, (0, 2): 0.1, (1, CLOSE): 0, (1, 2): 0.1}
    assert read_with(prices, TALL, monkeypatch) == [OPEN, CLOSE]
    assert read_with({(0, CLOSE): 0, (0, 2): 0.1, (1, OPEN): 0, (1, 2): 0.1}, TALL, monkeypatch) == [2, 2]
