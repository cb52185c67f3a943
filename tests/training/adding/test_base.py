"""A person's digits on top of a model: what stays, what is added, and what is kept to measure on."""

import copy
import os
import shutil

import numpy as np
import pytest
from PIL import Image

from number_reader import ModelError, Recognizer
from number_reader.labels import LABELS, MARKS, NOT_A_DIGIT
from number_reader.storage import exemplars, npz
from number_reader.storage import model as model_file
from tests.training.conftest import write_lines
from training.adding import base as learning
from training.adding.weight import WEIGHTS
from training.data import splits
from training.data.errors import DataError
from training.data.opening import open_dataset
from training.learning import limits, prepare

ADDED = ("version", "vectors", "counts", "about")  # what may differ from the base


def parts(path):
    return npz.read(path, model_file.KEYS, "model", ModelError)


def write_digits(root, embedded, items, change=lambda pixels: pixels):
    for index in items:
        path = root / str(embedded.labels[index]) / f"{index}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(change(np.kron(embedded.pixels[index], np.ones((3, 3), np.uint8)))).save(path)
    return root


@pytest.fixture(scope="module")
def mirrored(tmp_path_factory, embedded):
    """120 digits in mirror writing, which no base has seen."""
    return write_digits(tmp_path_factory.mktemp("mirrored"), embedded, range(120), np.fliplr)


def strokes_file(path, writers, labels="0123456789", each=6):
    """Pen strokes of straight lines: each label's own, a little different each time."""
    rng = np.random.default_rng(4)
    lines = []
    for writer in writers:
        for label in labels:
            fixed = np.random.default_rng(ord(label)).random((4, 2))
            for _ in range(each):
                points = np.clip(fixed + 0.02 * rng.random((4, 2)), 0, 1).round(3)
                lines.append({"label": label, "writer": writer, "strokes": [points.tolist()]})
    return write_lines(path, lines)


def add(paths, base, output):
    datasets = [open_dataset(path) for path in paths]
    notes = learning.keep_a_fifth(datasets)
    added = learning.add(datasets, base, output, progress=False)
    return added, notes + added.notes, datasets


@pytest.fixture(scope="module")
def grown(embedded_model, mirrored, tmp_path_factory):
    """The base with the mirrored digits: (file, Added, the data set)."""
    output = tmp_path_factory.mktemp("grown") / "mine.npz"
    added, _, (dataset,) = add([mirrored], embedded_model, output)
    return output, added, dataset


# What stays, and what is added.


def test_the_base_stays_byte_for_byte(embedded_model, grown):
    before, after = parts(embedded_model), parts(grown[0])
    for key in set(before) - set(ADDED):
        assert before[key].tobytes() == after[key].tobytes(), key
    assert int(after["version"]) == model_file.VERSION
    starts = np.concatenate([[0], np.cumsum(after["counts"])])
    for label, count in enumerate(before["counts"]):
        first = int(before["counts"][:label].sum())
        there = after["vectors"][:, starts[label] : starts[label] + count]
        assert (there == before["vectors"][:, first : first + count]).all()


def test_every_example_stands_as_often_as_the_weight_says(embedded_model, grown):
    output, added, dataset = grown
    known = dataset.split != splits.TEST
    assert added.glyphs == known.sum()
    assert added.choice.weight > 0
    more = parts(output)["counts"] - parts(embedded_model)["counts"]
    wanted = added.choice.weight * np.bincount(dataset.labels[known], minlength=LABELS)
    assert more.tolist() == wanted.tolist()


def test_examples_are_prepared_as_the_reader_does_and_named_in_the_file(grown):
    output, added, dataset = grown
    model = model_file.load(output)
    reader = Recognizer(model)
    for index in np.flatnonzero(dataset.split != splits.TEST)[::10]:
        vector = learning.on_grid(model, reader.project(prepare.glyph_of(dataset.picture(index))[None]))
        same = (model.vectors == vector).all(axis=1) & (model.labels == dataset.labels[index])
        assert same.sum() >= added.choice.weight
    assert f"{added.glyphs} of {dataset.name}" in model.about


def test_what_is_kept_takes_no_part(embedded_model, mirrored, tmp_path):
    dataset = open_dataset(mirrored)
    assert learning.keep_a_fifth([dataset]) == []
    seen, picture = [], dataset.picture
    dataset.picture = lambda index, variant=0: seen.append(index) or picture(index, variant)
    learning.add([dataset], embedded_model, tmp_path / "m.npz", progress=False)
    assert sorted(seen) == np.flatnonzero(dataset.split != splits.TEST).tolist()
    assert 0.15 < np.mean(dataset.split == splits.TEST) < 0.3


def test_kept_digits_of_the_same_hand_are_read_better(embedded_model, grown):
    output, _, dataset = grown
    kept = np.flatnonzero(dataset.split == splits.TEST)
    glyphs = prepare.glyphs(dataset, kept, jobs=1, progress=False)
    wrong = [
        sum(reader.recognize(glyph).label != label for glyph, label in zip(glyphs, dataset.labels[kept]))
        for reader in map(Recognizer.load, (embedded_model, output))
    ]
    assert wrong[1] < 0.7 * wrong[0]


def test_the_same_input_gives_the_same_bytes(embedded_model, mirrored, grown, tmp_path):
    output = tmp_path / "mine.npz"
    add([mirrored], embedded_model, output)
    for suffix in (".npz", ".exemplars.npz", ".validation.json"):
        assert output.with_suffix(suffix).read_bytes() == grown[0].with_suffix(suffix).read_bytes()


def test_it_can_be_added_to_again(grown, embedded, tmp_path):
    sevens = write_digits(tmp_path / "sevens", embedded, np.flatnonzero(embedded.labels == 7)[:8], np.flipud)
    _, first, _ = grown
    added, notes, _ = add([sevens], grown[0], tmp_path / "again.npz")
    assert added.pictures is not None
    about = model_file.load(tmp_path / "again.npz").about
    assert about.index(f"{first.glyphs} of") < about.index(f"{added.glyphs} of sevens")
    assert notes == []


def test_a_base_of_version_3_gives_version_4(embedded_model, mirrored, tmp_path):
    old = tmp_path / "old.npz"
    arrays = dict(parts(embedded_model))
    arrays |= {"version": np.int32(model_file.WITHOUT_MARKS), "counts": arrays["counts"][: MARKS.start]}
    np.savez_compressed(old, **arrays)
    add([mirrored], old, tmp_path / "new.npz")
    after = parts(tmp_path / "new.npz")
    assert (int(after["version"]), len(after["counts"])) == (model_file.VERSION, LABELS)
    assert after["linear"].tobytes() == arrays["linear"].tobytes()


def test_the_limit_that_refuses_one_percent_goes_along(embedded_model, grown, mirrored, tmp_path):
    assert limits.read(grown[0]) == limits.read(embedded_model) is not None
    alone = shutil.copy(embedded_model, tmp_path / "alone.npz")
    limits.write(tmp_path / "m.npz", 0.5)
    add([mirrored], alone, tmp_path / "m.npz")
    assert limits.read(tmp_path / "m.npz") is None


# Pictures for "Why?".


def test_each_row_has_its_picture(embedded_model, grown):
    output, added, dataset = grown
    before = exemplars.Exemplars.load(learning.exemplars_path(embedded_model), Recognizer.load(embedded_model))
    model = model_file.load(output)
    after = exemplars.Exemplars.load(added.pictures, Recognizer(model))
    assert added.pictures == learning.exemplars_path(output)
    rows = exemplars.shown(model.labels)
    assert len(after) == len(before) + added.glyphs * added.choice.weight == len(rows)
    old, counts = parts(embedded_model)["counts"], parts(output)["counts"]
    for label in range(10):
        there, here = int(old[:label].sum()), int(counts[:label].sum())
        same = range(there, there + old[label]), range(here, here + old[label])
        assert (before.glyphs(same[0]) == after.glyphs(same[1])).all()
        mine = np.flatnonzero((dataset.split != splits.TEST) & (dataset.labels == label))
        greys = np.rint(prepare.glyphs(dataset, mine, jobs=1, progress=False) / 85) * 85
        shown = after.glyphs(range(here + old[label], here + counts[label]))
        assert (shown == np.repeat(greys, added.choice.weight, axis=0)).all()


@pytest.mark.parametrize("content", [None, b"nonsense"], ids=["missing", "damaged"])
def test_without_the_pictures_of_the_base_none_are_written_and_it_is_said(embedded_model, mirrored, tmp_path, content):
    alone = shutil.copy(embedded_model, tmp_path / "alone.npz")
    if content:
        learning.exemplars_path(alone).write_bytes(content)
    added, notes, _ = add([mirrored], alone, tmp_path / "m.npz")
    assert added.pictures is None
    assert not (tmp_path / "m.exemplars.npz").exists()
    assert any("Why?" in note and "example file" in note for note in notes)
    assert Recognizer.load(tmp_path / "m.npz").known > 0


# What may be brought.


def test_one_digit_is_enough(embedded_model, embedded, tmp_path):
    sevens = write_digits(tmp_path / "sevens", embedded, np.flatnonzero(embedded.labels == 7)[:20])
    added, notes, _ = add([sevens], embedded_model, tmp_path / "m.npz")
    assert (added.glyphs, notes) == (16, [])
    more = parts(tmp_path / "m.npz")["counts"] - parts(embedded_model)["counts"]
    assert np.flatnonzero(more).tolist() in ([7], [])


def test_of_fewer_than_five_none_is_kept(embedded_model, embedded, tmp_path):
    items = [np.flatnonzero(embedded.labels == digit)[:2] for digit in range(10)]
    few = write_digits(tmp_path / "few", embedded, [*np.concatenate(items), *np.flatnonzero(embedded.labels == 3)[2:9]])
    added, notes, (dataset,) = add([few], embedded_model, tmp_path / "m.npz")
    assert set(dataset.labels[dataset.split == splits.TEST]) == {3}
    assert added.glyphs == (dataset.split != splits.TEST).sum() >= 18 + 7
    assert any("fewer than 5 of 0 1 2 4 5 6 7 8 9" in note for note in notes)


def test_strokes_of_one_writer_are_split_by_item(embedded_model, tmp_path):
    path = strokes_file(tmp_path / "mine.jsonl.gz", ["me"])
    added, notes, (dataset,) = add([path], embedded_model, tmp_path / "m.npz")
    assert added.glyphs == 60 - (dataset.split == splits.TEST).sum()
    assert [(dataset.split[dataset.labels == digit] == splits.TEST).sum() for digit in range(10)] == [2] * 10
    assert any("a fifth of the items" in note for note in notes)


def test_strokes_of_many_writers_are_split_by_writer(embedded_model, tmp_path):
    path = strokes_file(tmp_path / "ours.jsonl.gz", [f"writer {k}" for k in range(12)], each=1)
    before = copy.copy(open_dataset(path).split)
    _, notes, (dataset,) = add([path], embedded_model, tmp_path / "m.npz")
    assert (dataset.split == before).all()
    assert not any("writers" in note for note in notes)


def test_marks_are_added_with_their_pictures(embedded_model, tmp_path):
    path = strokes_file(tmp_path / "marks.jsonl.gz", ["me"], labels="17+")
    added, _, (dataset,) = add([path], embedded_model, tmp_path / "m.npz")
    plus = "0123456789???.,-+".index("+")
    known = (dataset.labels == plus) & (dataset.split != splits.TEST)
    count = parts(tmp_path / "m.npz")["counts"][plus]
    assert count == added.choice.weight * len(learning.MARK_VARIANTS) * known.sum() > 0
    reader = Recognizer.load(tmp_path / "m.npz")
    pictures = exemplars.Exemplars.load(added.pictures, reader)
    assert pictures.glyphs([len(reader.neighbors.labels) - 1]).any()


def test_what_is_no_digit_is_left_out_and_counted(embedded_model, tmp_path):
    path = strokes_file(tmp_path / "mixed.jsonl.gz", ["me"], labels="17Q")
    added, notes, (dataset,) = add([path], embedded_model, tmp_path / "m.npz")
    known = (dataset.labels < NOT_A_DIGIT) & (dataset.split != splits.TEST)
    assert added.glyphs == known.sum()
    assert any("6 items are no single digit or mark" in note for note in notes)


def test_blank_pictures_are_left_out_and_counted(embedded_model, embedded, tmp_path):
    root = write_digits(tmp_path / "some", embedded, np.flatnonzero(embedded.labels == 2)[:4])
    Image.new("L", (24, 24), 255).save(root / "2" / "blank.png")
    Image.new("L", (23, 24), 255).save(root / "2" / "blank too.png")
    added, notes, (dataset,) = add([root], embedded_model, tmp_path / "m.npz")
    blank = [name.startswith("2/blank") for name in dataset.names]
    left_out = np.array(blank) & (dataset.split != splits.TEST)
    assert added.glyphs == (dataset.split != splits.TEST).sum() - left_out.sum()
    assert any("without ink" in note for note in notes) == left_out.any()


@pytest.mark.parametrize("labels", ["Q", "?"])
def test_nothing_to_add_is_said(embedded_model, tmp_path, labels):
    path = strokes_file(tmp_path / "letters.jsonl.gz", ["me"], labels=labels)
    with pytest.raises(DataError, match="no digit and no mark"):
        add([path], embedded_model, tmp_path / "m.npz")
    assert not (tmp_path / "m.npz").exists()


def test_more_than_files_may_hold_is_refused(embedded_model, mirrored, tmp_path, monkeypatch):
    model = model_file.load(embedded_model)
    row = max(learning.PICTURE_BYTES, model.vectors.shape[1])
    monkeypatch.setattr(npz, "MAX_BYTES", learning.REST + row * (len(model.labels) + 50 * max(WEIGHTS)))
    learning.check_room(model, np.zeros(50))
    with pytest.raises(DataError, match="hold 51 digits and marks; at most 50"):
        learning.check_room(model, np.zeros(51))


# What a base may be, and where the result may go.


def test_a_base_is_never_overwritten(embedded_model, mirrored, tmp_path):
    base = shutil.copy(embedded_model, tmp_path / "base.npz")
    content = base.read_bytes()
    link = tmp_path / "link.npz"
    os.symlink(base, link)
    for output in (base, tmp_path / "." / "x" / ".." / "base.npz", link, tmp_path / "base.exemplars.npz"):
        with pytest.raises(DataError, match="would overwrite the base"):
            add([mirrored], base, output)
    assert base.read_bytes() == content


def test_a_metric_that_would_change_when_saved_is_refused(embedded_model, mirrored, tmp_path):
    arrays = dict(parts(embedded_model))
    arrays["linear"] = arrays["linear"] // 2
    np.savez_compressed(tmp_path / "odd.npz", **arrays)
    model_file.load(tmp_path / "odd.npz")
    with pytest.raises(ModelError, match=r"odd\.npz"):
        add([mirrored], tmp_path / "odd.npz", tmp_path / "m.npz")


def test_a_base_that_can_not_be_read_is_refused(mirrored, tmp_path):
    with pytest.raises(ModelError, match="no model at"):
        add([mirrored], tmp_path / "missing.npz", tmp_path / "m.npz")
    (tmp_path / "damaged.npz").write_bytes(b"nonsense")
    with pytest.raises(ModelError, match="damaged"):
        add([mirrored], tmp_path / "damaged.npz", tmp_path / "m.npz")
    assert not (tmp_path / "m.npz").exists()
