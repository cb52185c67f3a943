"""The first guess: what it reads, what it leaves unread, and files that are no examples."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from number_reader.pen.examples import FARTHEST, MIDDLE, Examples
from number_reader.pen.features import COUNT, features
from number_reader.pen.line import MEASURES, Line
from number_reader.pen.reader import MOST, UNREAD, PenReader, best, winner
from tests.browser.hand import DIGITS, MARKS, lay_out

DATA = (Path(__file__).parents[3] / "site" / "model" / "pen.bin").read_bytes()


@pytest.fixture(scope="module")
def reader():
    made = PenReader(DATA)
    list(made.unpack())
    return made


def said(reader, strokes):
    list(reader.read(strokes))
    return "".join(text for text, _ in reader.guess)


@pytest.mark.parametrize("text", [*"01234568", "9", "64", "2026", "90416", "35", "1183"])
def test_digits_in_a_line_are_read(reader, text):
    assert said(reader, lay_out(text)) == text


@pytest.mark.parametrize("text", [*DIGITS, "1178", "75"])
def test_no_digit_is_surely_another(reader, text):
    """The 7 of this hand, as narrow as it is, could be a 1."""
    list(reader.read(lay_out(text)))
    assert len(reader.guess) == len(text)
    assert all(found == digit for digit, (found, sure) in zip(text, reader.guess) if sure)


def test_what_was_drawn_last_may_stand_first(reader):
    assert said(reader, lay_out("824")[::-1]) == "824"


@pytest.mark.parametrize("text", ["3.14", "12,50", "-5", "3+4", "12-7", "8:30"])
def test_no_mark_is_a_sure_digit(reader, text):
    strokes = lay_out(text)
    list(reader.read(strokes))
    owners = [k for k, character in enumerate(text) for _ in (DIGITS | MARKS)[character]]
    for (_, sure), group in zip(reader.guess, reader.groups):
        assert not (sure and any(not text[owners[k]].isdigit() for k in group)), reader.guess


def test_strokes_that_stay_are_not_compared_again(reader):
    strokes = lay_out("2468")
    list(reader.read([]))
    assert len(list(reader.read(strokes))) > 0
    assert len(list(reader.read(strokes))) == 0
    first = len(list(reader.read([*strokes, [(790, 100), (790, 300)]])))
    assert 0 < first <= 4


@pytest.mark.parametrize("down", [1.0, 1.3])
@pytest.mark.parametrize("aside", [0, 0.5, 1.1])
def test_of_several_lines_nothing_is_read(reader, down, aside):
    """One digit over another looks like two beside each other where lines are staggered."""
    upper, lower = lay_out("53", height=100), lay_out("72", height=100)
    lower = [[(x + 100 * aside, y + 100 * down) for x, y in stroke] for stroke in lower]
    assert set(said(reader, upper + lower)) == {UNREAD}
    slanting = [[(x, y + 0.3 * x) for x, y in stroke] for stroke in lay_out("53", height=100)]
    assert said(reader, slanting) == "53", "a line may rise and fall"


def test_too_much_ink_is_unread_at_once(reader):
    assert list(reader.read([[(k, 0), (k, 9)] for k in range(MOST + 1)])) == []
    assert reader.guess == [(UNREAD, False)]


coordinate = st.floats(-1e6, 1e6) | st.sampled_from([0.0, 1e50, 3.0])
lines = st.lists(st.lists(st.tuples(coordinate, coordinate), min_size=1, max_size=6), max_size=7)


@settings(max_examples=60, deadline=None)
@given(lines)
def test_any_strokes_come_to_a_guess_of_all_of_them(reader, strokes):
    list(reader.read(strokes))
    assert sorted(k for group in reader.groups for k in group) == list(range(len(strokes)))
    assert len(reader.guess) == len(reader.groups)
    assert all(text == UNREAD or text in DIGITS for text, _ in reader.guess)
    assert not any(sure for text, sure in reader.guess if text == UNREAD)


def test_distances_are_those_of_the_decoded_examples():
    """Lanes of one whole number, against numpy on the file's numbers."""
    examples = Examples(DATA[: -4 * len(MEASURES)])
    list(examples.unpack())
    width, count = examples.dimensions, examples.count
    at = 8 + 2 * len(examples.bounds)
    projection = np.frombuffer(DATA, np.int8, COUNT * width, at).reshape(COUNT, width).astype(float)
    numbers = np.frombuffer(DATA, "<f4", 3 * width, at + projection.size)
    scales, shifts, squares = numbers.astype(float).reshape(width, 3).T
    packed = np.frombuffer(DATA, np.uint8, width * ((count + 1) // 2), at + projection.size + numbers.nbytes)
    packed = packed.reshape(width, -1)
    steps = np.stack([packed & 15, packed >> 4], axis=2).reshape(width, -1)[:, :count].astype(float) - MIDDLE
    for strokes in [*DIGITS.values(), *MARKS.values(), [[(0, 0)]]]:
        found = np.array(features(strokes))
        query = np.clip((found @ projection * scales - shifts) / (2 * squares), -FARTHEST, FARTHEST)
        expected = (squares[:, None] * (steps - query[:, None]) ** 2).sum(0)
        for (first, end), nearest in zip(examples.bounds, examples.nearest(found.tolist())):
            # A dimension's place and an example's square are rounded.
            assert nearest == pytest.approx(np.sort(expected[first:end])[:5], abs=0.02 * expected.max() + 20)


@pytest.mark.parametrize("cut", [0, 3, 8, 500, len(DATA) - 1])
def test_a_cut_file_is_refused(cut):
    with pytest.raises(ValueError, match="pen strokes"):
        PenReader(DATA[:cut])


def test_another_file_is_refused():
    with pytest.raises(ValueError, match="no examples"):
        PenReader(b"GIF8" + DATA[4:])


def test_the_best_parting_counts_each_pen_down():
    scores = {(0, 1): (1.0,), (1, 2): (1.0,), (0, 2): (1.5,), (2, 3): (-1.0,)}
    assert best(3, scores) == [(0, 2), (2, 3)]
    scores[0, 2] = (0.5,)
    assert best(3, scores) == [(0, 1), (1, 2), (2, 3)]
    assert best(0, {}) == []


def test_near_examples_outvote_the_nearest():
    assert winner([[1.0, 50, 60, 70, 80], [1.5, 1.6, 1.7, 1.8, 1.9]])[0] == 1
    assert winner([[1.0, 50, 60, 70, 80], [16.0, 17, 18, 19, 20]]) == (0, 4.0)


def test_a_line_is_parted_only_where_pen_downs_are_near():
    line = Line([[(0, 0), (0, 10)], [(300, 0), (300, 10)], [(302, 0), (302, 10)]])
    assert line.runs == [(0, 1), (1, 2), (1, 3), (2, 3)]
    assert line.height == 10


def test_bars_and_points_do_not_make_a_line_low():
    upright = [[(50, 0), (50, 100)], [(150, 2), (150, 99)]]
    level = [[(60 * k, 50), (60 * k + 40, 50)] for k in range(4)]
    assert Line(upright + level).height == 100
    assert Line(level).height > 0
    assert Line([]).runs == []
