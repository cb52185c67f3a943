"""datasets.py: what each kind of PATH holds, and on which side of the split its items lie."""

import gzip
import json
import pickle
import shutil
import zipfile
from collections import Counter

import numpy as np
import pytest
from PIL import Image

from number_reader.labels import CHARACTERS, MARKS
from tests.training.conftest import write_lines
from training.data import splits
from training.data.datasets import BRUSHES, NOT_A_DIGIT, SIZES, STARS
from training.data.errors import DataError
from training.data.opening import open_dataset

NUMBER = 255  # the label of what has several digits or marks
MARK = {"label": "1", "writer": "w", "strokes": [[[0, 0], [0.1, 1]]]}


@pytest.fixture(scope="module")
def kaggle(kaggle_zip):
    return open_dataset(kaggle_zip)


def sides_of(dataset):
    """{name of an item: its side}."""
    return dict(zip(dataset.names, dataset.split.tolist()))


def assert_consistent(dataset):
    n = len(dataset)
    assert n == len(dataset.texts) == len(dataset.labels) == len(dataset.groups) == len(dataset.split)
    assert set(dataset.split.tolist()) <= {splits.TRAIN, splits.VALIDATION, splits.TEST}
    picture = dataset.picture(n - 1, len(dataset.variants) - 1)
    assert picture.dtype == np.uint8
    assert picture.ndim in (2, 3)
    assert picture.size


def test_the_embedded_set_is_scikit_learns(embedded):
    assert_consistent(embedded)
    assert len(embedded) == 1797
    assert embedded.picture(0).shape == (8, 8)
    assert Counter(embedded.labels.tolist())[0] == 178
    assert embedded.picture(0).max() == 239  # 15 of 16


# Folders of pictures.


def test_a_folder_gives_its_pictures_their_folders_digit(folder, embedded):
    dataset = open_dataset(folder)
    assert_consistent(dataset)
    assert len(dataset) == 300
    for index in range(0, 300, 60):
        original = int(dataset.names[index].split()[1].split(".")[0])
        assert dataset.labels[index] == embedded.labels[original]
        np.testing.assert_array_equal(dataset.picture(index)[::3, ::3], embedded.pixels[original])
    assert any("split by file" in note for note in dataset.notes)


def test_neither_file_names_nor_places_decide_the_side(folder, tmp_path):
    before = open_dataset(folder)
    for number, name in enumerate(reversed(before.names)):
        target = tmp_path / "deeper" / name.split("/")[0] / f"{number}.PNG"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(folder / name, target)
    after = open_dataset(tmp_path)
    renamed = dict(
        zip((f"deeper/{n.split('/')[0]}/{i}.PNG" for i, n in enumerate(reversed(before.names))), reversed(before.names))
    )
    assert {renamed[name]: side for name, side in sides_of(after).items()} == sides_of(before)


def test_copies_of_a_picture_are_on_one_side(folder, tmp_path):
    copied = shutil.copytree(folder, tmp_path / "copied")
    for path in sorted(copied.rglob("*.png"))[::3]:
        shutil.copy(path, path.with_name(f"copy of {path.name}"))
    sides = sides_of(open_dataset(copied))
    for name, side in sides.items():
        digit, _, file = name.partition("/")
        assert sides.get(f"{digit}/copy of {file}", side) == side


def test_only_pictures_in_folders_of_one_digit_count(folder, tmp_path):
    for name in ("3/a.png", "3/b.txt", "10/c.png", "x/d.png", "e.png", "3/deeper/f.png", "sub/7/g.PNG"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(folder / "0" / "picture 0.png", path)
    assert open_dataset(tmp_path).names == ["3/a.png", "sub/7/g.PNG"]


def test_a_file_that_may_not_be_read_is_a_data_error(folder, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("pathlib.Path.read_bytes", refuse)
    with pytest.raises(DataError, match="picture"):
        open_dataset(folder)


# Zips.


def test_a_small_zip_is_split_by_file(small_zip, kaggle_zip):
    dataset = open_dataset(small_zip)
    assert_consistent(dataset)
    assert Counter(dataset.labels.tolist()) == dict.fromkeys(range(10), 12)
    assert (dataset.kind, set(dataset.groups.tolist())) == ("pictures", {""})
    for digit in range(10):
        sides = Counter(dataset.split[dataset.labels == digit].tolist())
        assert sides == {splits.TEST: 3, splits.VALIDATION: 2, splits.TRAIN: 7}
    with zipfile.ZipFile(kaggle_zip) as archive:
        original = np.asarray(Image.open(archive.open(dataset.names[5])))
    np.testing.assert_array_equal(dataset.picture(5), original)


def test_a_data_set_travels_to_other_processes(small_zip, folder):
    for path in (small_zip, folder):
        dataset = open_dataset(path)
        dataset.picture(0)
        np.testing.assert_array_equal(pickle.loads(pickle.dumps(dataset)).picture(3), dataset.picture(3))


def test_the_kaggle_set_is_forty_drawings(kaggle):
    assert_consistent(kaggle)
    assert len(kaggle) == 107_730
    assert kaggle.kind == "kaggle"
    sizes = Counter(kaggle.groups.tolist())
    assert len(sizes) == 40
    assert {sizes[f"{digit}a"] for digit in range(10)} == {2025}
    assert {sizes[f"{digit}{part}"] for digit in range(10) for part in "bcd"} == {2916}


def test_a_kaggle_drawing_is_on_one_side_and_whole_parts_are_test(kaggle):
    sides = {}
    for group, side in zip(kaggle.groups.tolist(), kaggle.split.tolist()):
        assert sides.setdefault(group, side) == side
    assert {group[1] for group, side in sides.items() if side == splits.TEST} == {"a"}
    assert Counter(sides.values()) == {splits.TEST: 10, splits.VALIDATION: 10, splits.TRAIN: 20}


def test_a_kaggle_drawing_is_known_by_its_number(kaggle):
    for name, label, group in list(zip(kaggle.names, kaggle.labels, kaggle.groups))[::997]:
        digit, number = int(name.split("/")[1]), int(name.split("/")[2].removesuffix(".png"))
        part = (number >= 2025) + (number >= 4941) + (number >= 7857)
        assert (label, group) == (digit, f"{digit}{'abcd'[part]}")


def test_a_kaggle_picture_is_ink_in_alpha(kaggle):
    picture = kaggle.picture(0)
    assert picture.shape == (28, 28, 4)
    assert not picture[..., :3].any()
    assert picture[..., 3].any()


def renumbered(path, target):
    """A copy of a stored zip in which the four-figure numbers of each digit are shuffled."""
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        members, position = archive.infolist(), archive.start_dir
    places = {}
    for member in members:  # the directory lists them in this order
        if len(member.filename.split("/")[-1]) == len("1234.png"):
            places.setdefault(member.filename.split("/")[-2], []).append(
                (member.filename, member.header_offset + 30, position + 46)
            )
        lengths = np.frombuffer(content, "<u2", 3, position + 28)
        position += 46 + int(lengths.sum())
    rng = np.random.default_rng(0)
    for digit in places.values():
        for name, (_, local, central) in zip(rng.permutation([name for name, _, _ in digit]), digit):
            for at in (local, central):
                content[at : at + len(name)] = str(name).encode()
    target.write_bytes(content)


def test_a_renumbered_kaggle_set_has_no_drawings_and_says_so(kaggle_zip, tmp_path):
    renumbered(kaggle_zip, tmp_path / "renumbered.zip")
    dataset = open_dataset(tmp_path / "renumbered.zip")
    (tmp_path / "renumbered.zip").unlink()
    assert len(dataset) == 107_730
    assert set(dataset.groups.tolist()) == {""}
    assert "renumbered" in dataset.notes[0]
    assert (dataset.split == splits.TEST).mean() == pytest.approx(0.2, abs=0.001)


# MNIST.


def test_mnist_keeps_its_test_set_and_its_validation_range(shared_data):
    dataset = open_dataset(shared_data / "mnist.npz")
    assert_consistent(dataset)
    assert dataset.kind == "mnist"
    assert len(dataset) == 70_000
    assert (dataset.split[60_000:] == splits.TEST).all()
    assert (dataset.split[50_000:60_000] == splits.VALIDATION).all()
    assert (dataset.split[:50_000] == splits.TRAIN).all()
    assert dataset.labels[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]


def test_a_part_of_mnist_keeps_its_test_set(small_mnist):
    dataset = open_dataset(small_mnist)
    assert (dataset.split[400:] == splits.TEST).all()
    assert (dataset.split[:400] != splits.TEST).all()
    assert 0.1 < (dataset.split[:400] == splits.VALIDATION).mean() < 0.25


@pytest.mark.parametrize("types", [(np.uint8, np.uint8), (np.int64, np.int32), (np.int64, np.uint64)])
def test_labels_of_any_whole_type_are_digits(tmp_path, types):
    pixels, labels = np.zeros((20, 8, 8), np.uint8), np.arange(20) % 10
    np.savez(
        tmp_path / "m.npz",
        x_train=pixels,
        y_train=labels.astype(types[0]),
        x_test=pixels,
        y_test=labels.astype(types[1]),
    )
    assert open_dataset(tmp_path / "m.npz").labels.tolist() == labels.tolist() * 2


# Pen strokes.


def test_strokes_are_drawn_with_each_brush(small_strokes):
    dataset = open_dataset(small_strokes)
    assert_consistent(dataset)
    assert dataset.variants == tuple(BRUSHES)
    areas = [np.count_nonzero(dataset.picture(0, variant)) for variant in range(4)]
    assert areas[0] < areas[1] < areas[2]
    assert areas[3] < areas[1]


def test_all_that_a_person_wrote_is_on_one_side(shared_data):
    sides = {}
    kinds = {}
    for name in ("digits", "numbers", "not-digits", "marks", "expressions"):
        dataset = open_dataset(shared_data / "real" / f"strokes-{name}.jsonl.gz")
        kinds[name] = set(dataset.labels.tolist())
        for writer, side in zip(dataset.groups.tolist(), dataset.split.tolist()):
            assert sides.setdefault(splits.person(writer), side) == side
    assert kinds.pop("not-digits") - set(MARKS) == {NOT_A_DIGIT}
    assert kinds == {"digits": set(range(10)), "numbers": {NUMBER}, "marks": set(MARKS), "expressions": {NUMBER}}


def test_shapes_that_could_be_digits_are_left_out_unless_they_are_marks(shared_data):
    path = shared_data / "real" / "strokes-not-digits.jsonl.gz"
    with gzip.open(path) as file:
        records = [json.loads(line) for line in file]
    marks = set(CHARACTERS[MARKS.start :]) | set(STARS)
    kept = [record for record in records if not record.get("digitlike") or record["label"] in marks]
    dataset = open_dataset(path)
    assert dataset.texts.tolist() == [
        STARS.get(record["label"], record["label"] if record["label"] in marks else "") for record in kept
    ]
    assert any(record.get("digitlike") for record in kept)
    assert len(kept) < len(records)


def test_labels_tell_digits_numbers_and_other_marks_apart(tmp_path):
    labels = {
        "7": 7,
        "2026": NUMBER,
        "a": NOT_A_DIGIT,
        "": NOT_A_DIGIT,
        "3a": NOT_A_DIGIT,
        "٣": NOT_A_DIGIT,
        "-1": NUMBER,
        "$ 1,250.50": NUMBER,
        "3*4": NUMBER,
        "3x4": NOT_A_DIGIT,
        "3?": NOT_A_DIGIT,
        "?": NOT_A_DIGIT,
        "*": CHARACTERS.index("×"),
        "x": CHARACTERS.index("×"),
        "X": NOT_A_DIGIT,
        **{CHARACTERS[label]: label for label in MARKS},
    }
    path = write_lines(tmp_path / "m.jsonl.gz", [MARK | {"label": label} for label in labels])
    assert open_dataset(path).labels.tolist() == list(labels.values())


def test_a_digit_of_another_script_is_no_digit(tmp_path):
    path = write_lines(tmp_path / "m.jsonl.gz", [MARK | {"label": "1", "kind": "omniglot"}, MARK])
    assert open_dataset(path).labels.tolist() == [NOT_A_DIGIT, 1]


def test_a_mark_among_letters_is_a_mark(tmp_path):
    path = write_lines(
        tmp_path / "m.jsonl.gz",
        [MARK | {"label": label, "kind": "symbol", "digitlike": True} for label in ("+", "/", "O", "1", "1/2")],
    )
    assert open_dataset(path).texts.tolist() == ["+", "/"]


def test_times_has_one_sign_and_spaces_stay(tmp_path):
    path = write_lines(tmp_path / "m.jsonl.gz", [MARK | {"label": label} for label in ("2 * 3*4", "x", "(1) 2")])
    assert open_dataset(path).texts.tolist() == ["2 × 3×4", "×", "(1) 2"]


def test_a_mark_without_a_size_has_that_of_the_middle_of_its_kind(tmp_path):
    point, others = MARK | {"label": "."}, [None, "0.1", -0.1, 3.1, [1], {}]
    lines = [point | {"size": size} for size in (0, 0.1, 0.2, *others)] + [point, MARK | {"label": ","}]
    sizes = open_dataset(write_lines(tmp_path / "m.jsonl.gz", lines)).sizes
    assert sizes[:3].tolist() == [0, 0.1, 0.2]
    assert sizes[3:-1].tolist() == [0.1] * (len(others) + 1)
    assert sizes[-1] == SIZES[CHARACTERS.index(",")]  # none is known


def test_a_mark_is_drawn_as_large_as_beside_digits_and_at_last_as_a_reader_of_strokes_sees_it(tmp_path):
    stroke = {"strokes": [[[0, 0], [1, 0]]]}
    lines = [MARK | stroke | {"label": "-", "size": 0.5}, MARK | stroke | {"label": "-", "size": 0.25}]
    dataset = open_dataset(write_lines(tmp_path / "m.jsonl.gz", lines))
    for variant, (size, _brush) in enumerate(list(BRUSHES.values())[:-1]):
        for item in range(2):
            assert np.ptp(dataset.pen(item, variant)[0][:, 0]) == pytest.approx(size * dataset.sizes[item], abs=1e-3)
    last = [dataset.picture(item, len(BRUSHES) - 1) for item in range(2)]
    np.testing.assert_array_equal(last[0], last[1])


def test_writers_are_split_the_same_alone_and_in_company(tmp_path):
    lines = [MARK | {"writer": f"stranger {i}"} for i in range(50)]
    together = open_dataset(write_lines(tmp_path / "all.jsonl.gz", lines))
    alone = open_dataset(write_lines(tmp_path / "some.jsonl.gz", lines[::-3]))
    sides = dict(zip(together.groups.tolist(), together.split.tolist()))
    assert all(sides[writer] == side for writer, side in zip(alone.groups.tolist(), alone.split.tolist()))
    assert set(sides.values()) == {splits.TRAIN, splits.VALIDATION, splits.TEST}
