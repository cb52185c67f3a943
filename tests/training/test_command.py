"""python -m training: what it prints, where it writes, and how it says what is wrong."""

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import joblib
import numpy as np
import pytest
from PIL import Image

from number_reader import Recognizer
from number_reader.labels import MARKS
from number_reader.storage import model as model_file
from tests.conftest import ROOT
from tests.training.conftest import write_lines
from training import __main__ as command
from training.__main__ import main
from training.data import splits
from training.data.folders.layout import FOLDERS
from training.data.opening import open_dataset
from training.learning import limits

MARK = {"label": "1", "writer": "w", "strokes": [[[0, 0], [0.1, 1]]]}
FIGURES = {"count", "error_percent", "refused_percent", "milliseconds_per_digit"}


def png(side=8):
    out = io.BytesIO()
    Image.fromarray(np.eye(side, dtype=np.uint8) * 255).save(out, "PNG")
    return out.getvalue()


def assert_refused(arguments, reason, capfd):
    """The command ends with status 1 and one plain line that gives the reason."""
    status = main([str(argument) for argument in arguments])
    out, err = capfd.readouterr()
    complaint = [line for line in err.splitlines() if line.startswith(f"{arguments[0]}: ")]
    assert status == 1
    assert out == ""
    assert len(complaint) == 1
    assert reason in complaint[0]
    assert "Traceback" not in err


# What can't be used as data: a name, a function that makes it in a folder and returns its path, the reason given.


def folder_of(files):
    def make(root):
        for name, content in files.items():
            path = root / "data" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return root / "data"

    return make


def zip_of(files, damage=lambda content: content):
    def make(root):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        path = root / "digits.zip"
        path.write_bytes(damage(bytearray(out.getvalue())))
        return path

    return make


def npz_of(**changes):
    pixels, labels = np.zeros((20, 8, 8), np.uint8), np.arange(20) % 10
    arrays = {"x_train": pixels, "y_train": labels, "x_test": pixels, "y_test": labels} | changes

    def make(root):
        np.savez(root / "mnist.npz", **{key: value for key, value in arrays.items() if value is not None})
        return root / "mnist.npz"

    return make


def strokes_of(*lines):
    return lambda root: write_lines(root / "marks.jsonl.gz", lines)


def bare_array(root):
    with (root / "mnist.npz").open("wb") as file:
        np.save(file, np.zeros(3))
    return root / "mnist.npz"


def file_of(name, content):
    def make(root):
        (root / name).write_bytes(content)
        return root / name

    return make


def set_byte(signature, offset, value):
    """Damage a zip: one byte of the first record with this signature."""

    def damage(content):
        content[content.index(signature) + offset] = value
        return content

    return damage


def no_unicode(content):
    at = content.index(b"PK\1\2")
    content[at + 9] |= 8  # the name is said to be UTF-8
    content[at + 46] = 0xFF
    return content


NUMBERED = {f"{digit}/{n}.png": png() for digit in range(10) for n in range(5)}
BAD_DATA = {
    "nothing there": (lambda root: root / "missing", "does not exist"),
    "an empty folder": (folder_of({"readme.txt": b""}), "no pictures in folders named 0 to 9"),
    "a folder without digits": (folder_of({"cats/1.png": png()}), "no pictures in folders named 0 to 9"),
    "a folder of other files": (folder_of({"3/notes.txt": b""}), "no pictures in folders named 0 to 9"),
    "another kind of file": (file_of("digits.csv", b"1,2"), "not a zip of pictures"),
    "a zip without pictures": (zip_of({"readme.txt": b""}), "no pictures in folders named 0 to 9"),
    "a zip that is none": (file_of("digits.zip", b"PK nonsense"), "no zip file"),
    "an empty zip file": (file_of("digits.zip", b""), "no zip file"),
    "a zip cut short": (zip_of(NUMBERED, lambda c: c[: len(c) // 2]), "no zip file"),
    "a path outside the zip": (zip_of(NUMBERED | {"../3/9.png": png()}), "../3/9.png"),
    "an absolute path in a zip": (zip_of(NUMBERED | {"/3/9.png": png()}), "outside itself"),
    "a Windows path in a zip": (zip_of(NUMBERED | {"C:/3/9.png": png()}), "outside itself"),
    "a path outside hidden by backslashes": (zip_of(NUMBERED | {"a\\..\\..\\3\\9.png": png()}), "outside itself"),
    "a damaged picture in a zip": (zip_of(NUMBERED, set_byte(b"IHDR", 9, 77)), "0/0.png (it is damaged"),
    "a zip of another version": (zip_of(NUMBERED, set_byte(b"PK\1\2", 6, 99)), "digits.zip"),
    "a zip with an encrypted picture": (zip_of(NUMBERED, set_byte(b"PK\1\2", 8, 1)), "digits.zip"),
    "a zip with a name that is no text": (zip_of(NUMBERED, no_unicode), "digits.zip"),
    "an npz that is none": (file_of("mnist.npz", b"nonsense"), "no NPZ"),
    "an empty npz file": (file_of("mnist.npz", b""), "no NPZ"),
    "an npz with a key missing": (npz_of(y_test=None), "no NPZ with x_train, y_train, x_test and y_test"),
    "an npz of pickles": (npz_of(x_train=np.array([{}] * 20, object)), "no NPZ"),
    "an npz that is one bare array": (bare_array, "no NPZ"),
    "an npz of other files": (
        lambda root: zip_of(dict.fromkeys(("x_train", "y_train", "x_test", "y_test"), b"x"))(root).rename(
            root / "m.npz"
        ),
        "m.npz",
    ),
    "pixels that are no bytes": (npz_of(x_train=np.zeros((20, 8, 8))), "must be uint8"),
    "pixels in rows": (npz_of(x_train=np.zeros((20, 64), np.uint8)), "must be uint8"),
    "fewer labels than pictures": (npz_of(y_train=np.arange(10)), "y (n,)"),
    "labels that are no whole numbers": (npz_of(y_train=np.zeros(20)), "whole numbers from 0 to 9"),
    "labels that are text": (npz_of(y_test=np.array(["1"] * 20)), "whole numbers from 0 to 9"),
    "labels beyond 9": (npz_of(y_test=np.full(20, 10)), "whole numbers from 0 to 9"),
    "labels below 0": (npz_of(y_test=np.full(20, -1)), "whole numbers from 0 to 9"),
    "no pictures in an npz": (
        npz_of(
            **{
                key: np.zeros((0, 8, 8), np.uint8) if key[0] == "x" else np.zeros(0, int)
                for key in ("x_train", "y_train", "x_test", "y_test")
            }
        ),
        "no items",
    ),
    "strokes that are no gzip": (file_of("marks.jsonl.gz", b"{}"), "gzip JSON lines"),
    "strokes cut short": (file_of("marks.jsonl.gz", b"\x1f\x8b\x08\x00"), "gzip JSON lines"),
    "an empty file of strokes": (strokes_of(b""), "no items"),
    "a line that is no JSON": (strokes_of(MARK, MARK, b"{nonsense"), "line 3"),
    "a line that is no text": (strokes_of(MARK, b"\xff\xfe\xff"), "marks.jsonl.gz"),
    "a line that is no object": (strokes_of(MARK, [1, 2]), "line 2"),
    "a label that is a number": (strokes_of(MARK | {"label": 1}), 'line 1: "label" must be a string'),
    "no writer": (strokes_of({"label": "1", "strokes": MARK["strokes"]}), '"writer" must be a string'),
    "a writer's name that can't be written": (strokes_of(MARK | {"writer": "\ud800"}), "marks.jsonl.gz"),
    "no strokes": (strokes_of(MARK, MARK | {"strokes": []}), "line 2"),
    "an empty stroke": (strokes_of(MARK | {"strokes": [[]]}), "[x, y]"),
    "points in space": (strokes_of(MARK | {"strokes": [[[0, 1, 2]]]}), "[x, y]"),
    "a point far away": (strokes_of(MARK | {"strokes": [[[0, 90]]]}), "0..1"),
    "a point nowhere": (strokes_of(b'{"label":"1","writer":"w","strokes":[[[NaN,0]]]}'), "0..1"),
    "lists without end": (strokes_of(b"[" * 100_000), "line 1"),
}


@pytest.mark.parametrize("name", BAD_DATA)
def test_bad_data_is_refused_in_one_line_that_says_why(tmp_path, capfd, name):
    make, reason = BAD_DATA[name]
    assert_refused(["evaluate", "--data", make(tmp_path)], reason, capfd)


def with_a_broken_picture(folder, root, side):
    """A copy of the folder with a file 7/torn.png that is no picture and falls on this side of the split."""
    broken = shutil.copytree(folder, root / "broken")
    torn = broken / "7" / "torn.png"
    for attempt in range(100):
        torn.write_bytes(f"no picture {attempt}".encode())
        dataset = open_dataset(broken)
        if dataset.split[dataset.names.index("7/torn.png")] == side:
            return broken
    raise AssertionError(f"nothing falls on the side {side}")


@pytest.mark.parametrize("side", [splits.TRAIN, splits.VALIDATION, splits.TEST])
def test_a_picture_that_can_not_be_read_is_named(tmp_path, folder, capfd, side):
    broken = with_a_broken_picture(folder, tmp_path, side)
    assert_refused(["evaluate", "--data", broken, "--split", side], "7/torn.png", capfd)
    assert_refused(["fit", "--data", broken, "--output", tmp_path / "m.npz"], "7/torn.png", capfd)
    assert not (tmp_path / "m.npz").exists()


@pytest.mark.parametrize("asked", [["fit", "--output", "m.npz"], ["evaluate", "--split", "train"]], ids=lambda a: a[0])
def test_all_broken_pictures_are_named_before_anything_is_made(tmp_path, folder, capfd, monkeypatch, asked):
    broken = shutil.copytree(folder, tmp_path / "broken")
    for name in ("1/a.png", "2/b.png", "9/c.png"):
        for n in range(30):  # some on every side of the split
            (broken / name).with_name(f"{n}{name[2:]}").write_bytes(f"{name} {n}".encode())
    monkeypatch.chdir(tmp_path)
    for step in ("learning.fit.prepare_all", "measuring.evaluate.observe"):
        monkeypatch.setattr(f"training.{step}", lambda *_: pytest.fail("begun"))
    command, *others = asked
    assert_refused([command, "--data", broken, *others], "pictures can't be read: 1/", capfd)
    assert [path.name for path in tmp_path.iterdir()] == ["broken"]


def test_a_digit_without_examples_is_named_and_nothing_is_written(tmp_path, folder, capfd):
    nine = shutil.copytree(folder, tmp_path / "nine")
    shutil.rmtree(nine / "4")
    output = tmp_path / "old.npz"
    output.write_bytes(b"the old model")
    assert_refused(["fit", "--data", nine, "--output", output], "examples of 4", capfd)
    assert output.read_bytes() == b"the old model"


@pytest.mark.parametrize("place", ["taken/m.npz", "."], ids=["below a file", "a folder"])
def test_an_output_that_can_not_be_written_is_said_in_one_line(tmp_path, folder, quick, capfd, place):
    (tmp_path / "taken").write_bytes(b"a file")
    assert_refused(["fit", "--data", folder, "--output", tmp_path / place], "", capfd)


def test_pictures_that_can_not_be_written_beside_it_are_said_before_the_work(tmp_path, folder, capfd):
    (tmp_path / "m.exemplars.npz").mkdir()
    assert_refused(["fit", "--data", folder, "--output", tmp_path / "m.npz"], "m.exemplars.npz can't be written", capfd)
    assert not (tmp_path / "m.npz").exists()


@pytest.mark.parametrize("content", [None, b"", b"nonsense"], ids=["missing", "empty", "nonsense"])
@pytest.mark.parametrize("arguments", [["evaluate"], ["read", "x.png"]], ids=lambda a: a[0])
def test_a_model_that_can_not_be_used_is_said_in_one_line(tmp_path, capfd, arguments, content):
    if content is not None:
        (tmp_path / "m.npz").write_bytes(content)
    assert_refused([*arguments, "--model", tmp_path / "m.npz"], "model", capfd)


def test_errors_reach_the_shell():
    asked = [sys.executable, "-m", "training", "evaluate", "--data", "no such place"]
    result = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.splitlines() == ["evaluate: no such place does not exist."]


@pytest.mark.parametrize("arguments", [[], ["teach"], ["evaluate", "--split", "all"], ["read"], ["fit", "--data"]])
def test_wrong_arguments_are_status_2_with_the_usage(capfd, arguments):
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2
    assert "usage:" in capfd.readouterr().err


# Folders as people have them.


def of_a_mac(root, folder):
    """A copy of the folder with what a Mac and Windows put into it, half of its pictures as JPEGs of other endings, names
    of every kind, and a few marks."""
    root = Path(os.fsdecode(os.fsencode(shutil.copytree(folder, root / "Zahlen für Test" / "手書き")) + b"\xff\n"))
    shutil.move(root.parent / "手書き", root)
    for number, path in enumerate(sorted(root.rglob("*.png"))):
        path.with_name(f"._{path.name}").write_bytes(bytes.fromhex("00051607") + bytes(80))
        if number % 2:
            Image.open(path).save(path.with_suffix((".jfif", ".JPE", ".JPG")[number // 2 % 3]), "JPEG")
            path.unlink()
    for digit in range(10):
        (root / str(digit) / "Thumbs.db").write_bytes(b"x")
        (root / str(digit) / "IMG_1.HEIC").write_bytes(b"x")
    os.rename(next(root.glob("3/*.png")), os.fsencode(root / "3") + "/٣ 7\n".encode() + b"\xfe.PNG")
    for number, name in enumerate(FOLDERS):
        if not name.isdecimal():
            for n in range(8):
                (root / name).mkdir(exist_ok=True)
                shape = np.zeros((20, 20), np.uint8)
                shape[5 : 6 + n, 3 : 4 + number % 7 * 2] = 255
                Image.fromarray(shape).save(root / name / f"{n}.png")
    return root


def test_a_folder_of_a_mac_with_marks_and_odd_names_makes_a_model(tmp_path, folder, quick, capfd):
    data = of_a_mac(tmp_path, folder)
    dataset = open_dataset(data)
    assert len(dataset) == 300 + 12 * 8
    assert set(dataset.texts.tolist()) == {*"0123456789.,-+/:%()$=×"}
    assert set(dataset.labels.tolist()) == {*range(10), *MARKS}
    output = tmp_path / "模型" / "m.npz"
    assert main(["fit", "--data", str(data), "--output", str(output)]) == 0
    _out, err = capfd.readouterr()
    assert "left out 10 files (10 .heic)" in err
    assert "手書き\\udcff\\n: " in err
    assert set(model_file.load(output).labels.tolist()) >= {*range(10), *MARKS}
    assert main(["evaluate", "--data", str(data), "--model", str(output)]) == 0
    out, _err = capfd.readouterr()
    assert "wrong of each digit: 0 " in out


def test_a_digit_with_few_examples_is_noted_and_its_error_shown(tmp_path, folder, embedded_model, capfd):
    few = shutil.copytree(folder, tmp_path / "few")
    ones = sorted(few.glob("1/*.png"))
    for path in ones[5:]:
        path.unlink()
    assert main(["evaluate", "--data", str(few), "--model", str(embedded_model)]) == 0
    out, err = capfd.readouterr()
    assert "few examples of some digits: 5 of 1, where a digit has 29 at the median" in err
    assert re.search(r"wrong of each digit: 0 .* of \d+, 1 \d+\.\d % of 1, 2 ", out)
    assert main(["evaluate", "--json", "--data", str(few), "--model", str(embedded_model)]) == 0
    (scores,) = json.loads(capfd.readouterr().out)["datasets"]
    assert sum(each["count"] for each in scores["by_digit"].values()) == scores["count"]
    errors = [each["error_percent"] * each["count"] for each in scores["by_digit"].values()]
    assert sum(errors) / scores["count"] == pytest.approx(scores["error_percent"], abs=0.01)


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8"])
def test_names_that_an_output_can_not_hold_are_escaped(tmp_path, folder, embedded_model, encoding):
    data = shutil.copytree(folder, tmp_path / "手書き")
    for path in sorted(data.rglob("*.png"))[::2]:
        path.unlink()
    asked = [sys.executable, "-m", "training", "evaluate", "--data", data, "--model", embedded_model]
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    result = subprocess.run(asked, cwd=ROOT, capture_output=True, check=False, env=environment)
    name = "手書き".encode(encoding, "backslashreplace")
    assert result.returncode == 0
    assert b"\n" + name + b" (test)" in result.stdout.replace(b"\r", b"")
    assert b"note: " + name in result.stderr


# Where fit writes.


def test_without_data_the_shipped_model_is_left_alone(embedded_model, tmp_path, monkeypatch, quick):
    assert embedded_model.is_file()
    assert [path.name for path in embedded_model.parent.parent.iterdir()] == ["build"]
    written = []
    monkeypatch.setattr(
        "training.learning.fit.fit",
        lambda datasets, output, **_: written.append(output) or output.write_bytes(b"") or {},
    )
    monkeypatch.setattr(command, "SHIPPED", tmp_path / "shipped.npz")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "build").mkdir()
    main(["fit"])
    main(["fit", "--output", "mine.npz"])
    assert [path.as_posix() for path in written] == ["build/embedded.npz", "mine.npz"]
    assert not (tmp_path / "shipped.npz").exists()


def test_with_data_the_shipped_model_is_made_unless_told_otherwise(tmp_path, folder, monkeypatch):
    written = []
    monkeypatch.setattr(
        "training.learning.fit.fit",
        lambda datasets, output, **_: written.append(output) or output.write_bytes(b"") or {},
    )
    monkeypatch.setattr(command, "SHIPPED", tmp_path / "shipped.npz")
    main(["fit", "--data", str(folder)])
    main(["fit", "--data", str(folder), "--output", str(tmp_path / "mine.npz")])
    assert written == [tmp_path / "shipped.npz", tmp_path / "mine.npz"]


def test_fit_says_what_it_wrote_and_how_the_data_were_split(folder, tmp_path, quick, capfd):
    output = tmp_path / "new" / "m.npz"
    assert main(["fit", "--data", str(folder), "--output", str(output)]) == 0
    out, err = capfd.readouterr()
    assert f"{output}: {output.stat().st_size:,} bytes" in out
    assert "m.exemplars.npz" in out
    assert "split by file" in err
    assert {path.name for path in output.parent.iterdir()} == {"m.npz", "m.exemplars.npz", "m.validation.json"}
    assert np.isfinite(limits.read(output))


def test_the_same_data_and_seed_give_the_same_files_on_any_number_of_processes(
    embedded_model, tmp_path, quick, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    with joblib.parallel_config(backend="loky"):
        assert main(["fit", "--output", "again.npz", "--first-pass", "first.npz"]) == 0
    for suffix in (".npz", ".exemplars.npz", ".validation.json"):
        made = embedded_model.with_suffix(suffix), tmp_path / f"again{suffix}"
        assert len({hashlib.sha256(path.read_bytes()).hexdigest() for path in made}) == 1
    assert not list(tmp_path.glob("first.*exemplars*")), "only the page shows pictures, and it has no first pass"


@pytest.mark.thorough
def test_a_fold_is_held_out_of_a_first_pass_alone(small_strokes, folder, tmp_path, quick, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    for fold in range(splits.FOLDS):
        data = ["--data", str(folder), str(small_strokes)]
        assert main(["fit", "--fold", str(fold), "--first-pass", f"{fold}.npz", *data]) == 0
    assert sorted(path.name for path in tmp_path.glob("*.npz")) == ["0.npz", "1.npz", "2.npz"]
    known = [Recognizer.load(tmp_path / f"{fold}.npz").neighbors.vectors for fold in range(splits.FOLDS)]
    assert not any(np.array_equal(known[0], each) for each in known[1:]), "others learned"
    capfd.readouterr()
    assert_refused(["fit", "--fold", "1"], "--first-pass", capfd)
    assert_refused(["fit", "--fold", "1", "--first-pass", "a.npz", "--output", "b.npz"], "--fold", capfd)


# Digits added to a model.


@pytest.fixture(scope="module")
def mine(tmp_path_factory, embedded):
    """Ten pictures each of 4 and 7 in mirror writing."""
    root = tmp_path_factory.mktemp("mine")
    for label in (4, 7):
        (root / str(label)).mkdir()
        for index in np.flatnonzero(embedded.labels == label)[:10]:
            pixels = np.kron(embedded.pixels[index, :, ::-1], np.ones((3, 3), np.uint8))
            Image.fromarray(pixels).save(root / str(label) / f"{index}.png")
    return root


def test_fit_on_a_base_says_what_it_added_and_how_kept_digits_are_read_before_and_after(
    embedded_model, mine, tmp_path, capfd
):
    output = tmp_path / "new" / "m.npz"
    assert main(["fit", "--base", str(embedded_model), "--data", str(mine), "--output", str(output)]) == 0
    out, err = capfd.readouterr()
    assert "16 examples" in out
    assert f"{mine.name}: 4 drawings of digits kept, never learned" in out
    figures = {line.split()[0]: line for line in out.splitlines() if "% wrong" in line}
    assert list(figures) == ["before", "after"]
    for when, model in (("before", embedded_model), ("after", output)):
        scores = evaluated(capfd, "--model", model, "--data", mine)["datasets"][0]
        assert scores["count"] == 4
        assert f"{scores['error_percent']:.2f} % wrong" in figures[when]
        assert f"{scores['read_error_percent']:.2f} %" in figures[when].partition(";")[2]
    assert f"wrote {output}: {output.stat().st_size:,} bytes" in out
    assert "m.exemplars.npz" in out
    assert "split by file" in err
    assert {path.name for path in output.parent.iterdir()} == {"m.npz", "m.exemplars.npz", "m.validation.json"}


def test_on_a_base_the_shipped_model_is_never_the_default_output(embedded_model, mine, tmp_path, monkeypatch, capfd):
    monkeypatch.setattr(command, "SHIPPED", tmp_path / "shipped.npz")
    monkeypatch.chdir(tmp_path)
    assert main(["fit", "--base", str(embedded_model), "--data", str(mine)]) == 0
    assert (tmp_path / "build" / "own.npz").is_file()
    assert not (tmp_path / "shipped.npz").exists()


def test_so_few_that_none_is_kept_are_added_and_it_is_said(embedded_model, mine, tmp_path, capfd):
    few = tmp_path / "few"
    (few / "7").mkdir(parents=True)
    shutil.copy(sorted((mine / "7").iterdir())[0], few / "7")
    assert main(["fit", "--base", str(embedded_model), "--data", str(few), "--output", str(tmp_path / "m.npz")]) == 0
    out, err = capfd.readouterr()
    assert "1 example" in out
    assert "no digits were kept to measure on" in out
    assert "fewer than 5 of 7" in err


def test_what_can_not_be_added_is_said_in_one_line(embedded_model, mine, tmp_path, capfd):
    before = embedded_model.read_bytes()
    (tmp_path / "damaged.npz").write_bytes(b"nonsense")
    output = ["--output", tmp_path / "m.npz"]
    for arguments, reason in (
        (["--base", tmp_path / "missing.npz", "--data", mine, *output], "no model at"),
        (["--base", tmp_path / "damaged.npz", "--data", mine, *output], "damaged"),
        (["--base", embedded_model, "--data", mine, "--output", embedded_model], "would overwrite the base"),
        (["--base", embedded_model, "--data", tmp_path / "nowhere", *output], "does not exist"),
        (["--base", embedded_model, *output], "--data"),
        (["--base", embedded_model, "--data", mine, "--first-pass", tmp_path / "f.npz", *output], "--first-pass"),
    ):
        assert_refused(["fit", *arguments], reason, capfd)
    assert embedded_model.read_bytes() == before
    assert not (tmp_path / "m.npz").exists()


# What evaluate prints.


def evaluated(capfd, *arguments):
    assert main(["evaluate", "--json", *map(str, arguments)]) == 0
    return json.loads(capfd.readouterr().out)


def test_json_has_the_figures_of_the_contract(embedded_model, embedded, capfd):
    result = evaluated(capfd, "--model", embedded_model)
    assert result["model"]["bytes"] == embedded_model.stat().st_size
    (scores,) = result["datasets"]
    assert set(scores) >= FIGURES
    assert scores["split"] == splits.TEST
    assert scores["count"] == (embedded.split == splits.TEST).sum()
    assert 0 < scores["error_percent"] < 15
    assert 0 <= scores["refused_percent"] < 10
    low, high = scores["error_interval"]
    assert low < scores["error_percent"] < high
    assert scores["milliseconds_per_digit"] > 0


def test_each_data_set_has_figures_of_its_own(embedded_model, folder, small_mnist, small_zip, small_strokes, capfd):
    paths = [folder, small_mnist, small_zip, small_strokes]
    result = evaluated(capfd, "--model", embedded_model, "--data", *paths)
    assert [scores["name"] for scores in result["datasets"]] == [path.name for path in paths]
    assert [scores["kind"] for scores in result["datasets"]] == ["pictures", "mnist", "pictures", "strokes"]
    for scores in result["datasets"]:
        assert set(scores) >= FIGURES
        assert scores["count"] > 0
    strokes = result["datasets"][3]
    assert strokes["groups"] == len(strokes["by_group"])
    assert strokes["mean_over_groups"] == pytest.approx(np.mean(list(strokes["by_group"].values())), abs=0.001)
    assert 0 <= strokes["rejected_percent"] <= 100
    assert strokes["not_digits"] > 0
    assert strokes["error_percent"] == pytest.approx(
        np.mean([each["error_percent"] for each in strokes["by_variant"].values()]), abs=0.01
    )


def test_another_side_of_the_split_can_be_asked_for(embedded_model, embedded, capfd):
    (scores,) = evaluated(capfd, "--model", embedded_model, "--split", "validation")["datasets"]
    assert scores["count"] == (embedded.split == splits.VALIDATION).sum()


def test_for_people_the_figures_come_in_words(embedded_model, capfd):
    assert main(["evaluate", "--model", str(embedded_model)]) == 0
    out, err = capfd.readouterr()
    for words in (f"{embedded_model.stat().st_size:,} bytes", "% wrong", "refused", "ms per digit"):
        assert words in out
    assert "split by picture" in err


def test_a_confusion_is_of_two_digits(shared_data, small_strokes, embedded_model, capfd):
    (scores,) = evaluated(capfd, "--model", embedded_model, "--data", small_strokes)["datasets"]
    assert scores["confusions"]
    for truth, answer, count in scores["confusions"]:
        assert truth != answer
        assert count > 0


# Reading pictures from the shell.


def test_read_prints_each_files_text(tmp_path, folder, capfd):
    files = sorted(folder.glob("0/*.png"))[:2]
    assert main(["read", *map(str, files)]) == 0
    lines = capfd.readouterr().out.splitlines()
    assert [line.split("\t")[0] for line in lines] == [str(file) for file in files]
    assert lines[0].split("\t")[1] in {"'0'", "'?'"}


def test_read_refuses_what_is_no_picture(tmp_path, capfd):
    (tmp_path / "notes.png").write_bytes(b"no picture")
    assert_refused(["read", tmp_path / "notes.png"], "notes.png", capfd)
    assert_refused(["read", tmp_path / "missing.png"], "missing.png", capfd)
    assert_refused(["read", tmp_path], str(tmp_path), capfd)


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_read_refuses_a_hundred_million_pixels(tmp_path, capfd):
    Image.new("1", (10_000, 10_000)).save(tmp_path / "huge.png")
    assert_refused(["read", tmp_path / "huge.png"], "100 million pixels", capfd)
