"""expressions.py: strings of one writer's own glyphs, each mark where people put it."""

import numpy as np
import pytest

from number_reader.labels import CHARACTERS, MARKS, NOT_A_DIGIT
from tests.training.conftest import write_lines
from training.data import splits
from training.data.opening import open_dataset
from training.synthesis import expressions
from training.synthesis.expressions import PLACES, MadeExpressions, compose

SIGNS = CHARACTERS[MARKS.start :]
# Who wrote which marks; the last one is on the other side.
OWN = {"ann": SIGNS, "bob": ".-", "cid": SIGNS}
FIRST = 3  # points of the first record: each record has a number of its own, by which it is known again
STRANGE = 1_000


def line(points):
    return [[0.5 * k / (points - 1), k / (points - 1)] for k in range(points)]


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    """(digits, marks, others, {number of points: (person, character)})."""
    folder, known, sets = tmp_path_factory.mktemp("sources"), {}, []
    for name, source, characters in (("digits", "a", dict.fromkeys(OWN, "0123456789")), ("marks", "b", OWN)):
        records = []
        for person, own in characters.items():
            for character in own:
                points = FIRST + len(known)
                known[points] = person, character
                records.append({"label": character, "writer": f"{source}/{person}", "strokes": [line(points)]})
        sets.append(open_dataset(write_lines(folder / f"{name}.jsonl.gz", records)))
    strange = {"label": "a", "writer": "c/dee", "strokes": [line(STRANGE)]}
    sets.append(open_dataset(write_lines(folder / "others.jsonl.gz", [strange])))
    for each in sets:
        people = [splits.person(writer) for writer in each.groups.tolist()]
        each.split = np.array([splits.TEST if person == "cid" else splits.TRAIN for person in people])
    assert sets[2].labels.tolist() == [NOT_A_DIGIT]
    return (*sets, known)


@pytest.fixture(autouse=True)
def no_specks(monkeypatch):
    monkeypatch.setattr(expressions, "TAPPED", 0)


def test_a_string_is_of_one_writers_own_glyphs_and_of_one_side(sources):
    digits, marks, _, known = sources
    made = MadeExpressions(digits, marks, splits.TRAIN, 60, 3)
    assert len(made) == 60
    assert set(made.split.tolist()) == {splits.TRAIN}
    assert set(made.groups.tolist()) == {"ann", "bob"}
    for text, person, strokes in zip(made.texts.tolist(), made.groups.tolist(), made.strokes):
        assert [known[len(stroke)] for stroke in strokes] == [(person, c) for c in text if c != " "]
    assert set("".join(made.texts)) >= set(SIGNS)
    assert set(MadeExpressions(digits, marks, splits.TEST, 5, 3).groups.tolist()) == {"cid"}


def test_a_writer_is_lent_only_the_marks_that_they_lack(sources):
    digits, marks, _, known = sources
    made = MadeExpressions(digits, marks, splits.TRAIN, 60, 3, borrow=True)
    lent = 0
    for text, person, strokes in zip(made.texts.tolist(), made.groups.tolist(), made.strokes):
        wrote = [known[len(stroke)] for stroke in strokes]
        assert [character for _, character in wrote] == [c for c in text if c != " "]
        for owner, character in wrote:
            assert owner == (
                person if character in "0123456789" + OWN[person] else "ann"
            )  # of this side, she has them all
            lent += owner != person
    assert lent


def test_the_same_seed_makes_the_same_strings_and_another_others(sources):
    first, again, other = (MadeExpressions(*sources[:2], splits.TRAIN, 12, seed) for seed in (1, 1, 2))
    assert first.texts.tolist() == again.texts.tolist() != other.texts.tolist()
    for ours, theirs in zip(first.strokes, again.strokes):
        np.testing.assert_array_equal(np.concatenate(ours), np.concatenate(theirs))


def test_what_is_neither_reads_as_a_question_mark(sources, monkeypatch):
    monkeypatch.setattr(expressions, "FOREIGN", 1)
    digits, marks, others, known = sources
    made = MadeExpressions(digits, marks, splits.TRAIN, 60, 4, others=others)
    kinds = set()
    for text, person, strokes in zip(made.texts.tolist(), made.groups.tolist(), made.strokes):
        written = text.replace(" ", "")
        assert written.count("?") == (len(text) > 1)
        for character, stroke in zip(written, strokes, strict=True):
            if character == "?":
                kinds.add(known.get(len(stroke), (person, len(stroke)))[1])
            else:
                assert known[len(stroke)] == (person, character)
    assert kinds == {STRANGE, ",", 2}  # a letter, a comma for an apostrophe, and a stroke where there is no comma


def test_without_others_nothing_is_foreign(sources, monkeypatch):
    monkeypatch.setattr(expressions, "FOREIGN", 1)
    assert not any("?" in text for text in MadeExpressions(*sources[:2], splits.TRAIN, 20, 5).texts.tolist())


@pytest.mark.parametrize("kind", sorted(expressions.KINDS))
def test_every_kind_of_text_is_of_digits_marks_and_single_spaces(kind):
    rng = np.random.default_rng(6)
    for _ in range(50):
        text = expressions.text(rng, (kind,))
        assert set(text) <= set("0123456789 " + SIGNS)
        assert text.strip() == text
        assert "  " not in text
        assert any(c.isdecimal() for c in text)


@pytest.mark.parametrize("mark", sorted(PLACES))
@pytest.mark.parametrize("size", [0.0, 0.7, 9.0])
def test_a_mark_stands_where_people_put_it(mark, size, monkeypatch):
    for name in ("SLOPE", "HEIGHT", "BASELINE"):
        monkeypatch.setattr(expressions, name, 0)
    digit, shape, place = [np.float32([[0, 0], [0.4, 1]])], [np.float32([[0, 0], [1, 0.5]])], PLACES[mark]
    rng = np.random.default_rng(7)
    for _ in range(40):
        strokes, unit = compose([("1", digit, 1.0), (mark, shape, size), ("2", digit, 1.0)], rng, False)
        before, found, after = (stroke * unit for stroke in strokes)
        base = before[:, 1].max()
        assert np.ptp(before[:, 1]) == pytest.approx(1, abs=1e-4)
        low, high = found.min(axis=0), found.max(axis=0)
        longer = (high - low).max()
        assert longer == pytest.approx(np.clip(size, *place.size), abs=1e-3)
        y = (low[1] if place.hangs else (low[1] + high[1]) / 2) - (base - 1)
        assert abs(y - place.y) < 5 * place.spread
        assert place.gap[0] - 1e-3 <= low[0] - before[:, 0].max() <= place.gap[1] + 1e-3
        assert after[:, 0].min() - max(high[0], before[:, 0].max()) <= max(place.gap[1], 0.45) + 1e-3


def test_a_space_leaves_the_gap_that_the_text_says():
    digit = [np.float32([[0, 0], [0.4, 1]])]
    rng = np.random.default_rng(8)
    for _ in range(20):
        strokes, unit = compose([("1", digit, 1.0), (" ", [], 0.0), ("2", digit, 1.0)], rng, False)
        gap = (strokes[1][:, 0].min() - strokes[0][:, 0].max()) * unit
        assert expressions.SPACE[0] + 0.08 - 1e-3 <= gap <= expressions.SPACE[1] + 0.45 + 1e-3
