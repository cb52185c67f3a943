"""command.py: pictures of every kind are read as `training` reads them, and what is no picture is one clear error."""

import io
import json
import os
import subprocess
import sys
from decimal import Decimal
from importlib import metadata

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

import number_reader
from number_reader import command
from number_reader.labels import CHARACTERS
from number_reader.numbers import numbers
from tests.conftest import ROOT
from training.data import pictures

SAMPLES = ROOT / "site" / "samples"
CHALK = SAMPLES / "chalk.jpg"  # 2026
SHADE = SAMPLES / "shade.jpg"  # 4096 and below it 753
LOSS = 3  # mean difference by which two decoders of JPEG may differ


@pytest.fixture(scope="module", autouse=True)
def one_model(recognizer):
    """The model is loaded once for all tests of this file."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command, "load", lambda: recognizer)
        yield


def upright(size=(150, 75)):
    """A small grey picture of "2026" with dark and light, not square."""
    return Image.open(CHALK).convert("L").resize(size)


def saved(picture, kind, **options):
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def turned(orientation, kind="JPEG"):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return saved(upright(), kind, exif=exif)


def transparent():
    picture = Image.new("RGBA", (40, 30), (255, 255, 255, 0))
    picture.paste((0, 0, 0, 255), (10, 10, 20, 20))
    return picture


def wide():
    """16 bits."""
    return Image.fromarray(np.asarray(upright()).astype(np.uint16) * 257)


KINDS = {
    "grey": saved(upright(), "PNG"),
    "one bit": saved(upright().convert("1"), "PNG"),
    "palette": saved(upright().convert("P"), "GIF"),
    "palette with transparency": saved(upright().convert("P"), "PNG", transparency=3),
    "grey with transparency": saved(upright(), "PNG", transparency=3),
    "CMYK": saved(upright().convert("CMYK"), "JPEG"),
    "CMYK TIFF": saved(upright().convert("CMYK"), "TIFF"),
    "16 bits": saved(wide(), "PNG"),
    "32 bits": saved(upright().convert("I"), "TIFF"),
    "floats": saved(upright().convert("F"), "TIFF"),
    "transparent": saved(transparent(), "PNG"),
    "transparent WebP": saved(transparent(), "WEBP", lossless=True),
    "frames": saved(upright(), "GIF", save_all=True, append_images=[transparent().convert("L").resize((150, 75))]),
    **{f"turned {orientation}": turned(orientation) for orientation in range(1, 9)},
    "turned WebP": turned(6, "WEBP"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_is_decoded_as_for_training(kind):
    ours, theirs = command.decode(KINDS[kind]), pictures.decode(KINDS[kind], kind)
    assert ours.dtype == np.uint8
    assert ours.shape == theirs.shape
    assert np.abs(ours.astype(int) - theirs).mean() <= LOSS


def test_a_turned_picture_is_put_upright():
    picture = command.decode(saved(upright().rotate(90, expand=True), "PNG", exif=exif_of(6)))
    assert np.array_equal(picture, np.asarray(upright()))


def exif_of(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def test_of_16_bits_the_upper_8_count():
    assert np.array_equal(command.decode(KINDS["16 bits"]), np.asarray(upright()))


def test_of_one_picture_the_text_alone_is_printed(capsys):
    assert command.main([str(CHALK)]) == 0
    assert capsys.readouterr() == ("2026\n", "")


def test_of_several_pictures_every_line_has_the_name(capsys):
    assert command.main([str(CHALK), str(SHADE)]) == 0
    assert capsys.readouterr().out.splitlines() == [f"{CHALK}: 2026", f"{SHADE}: 4096", f"{SHADE}: 753"]


def test_json_is_an_object_a_line_with_boxes_and_confidences(capsys):
    assert command.main(["--json", str(CHALK), str(SHADE)]) == 0
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["file"], first["text"], second["text"]) == (str(CHALK), "2026", "4096\n753")
    assert [digit["label"] for digit in first["digits"]] == [2, 0, 2, 6]
    width, height = Image.open(CHALK).size
    for digit in first["digits"]:
        assert digit.keys() == {"label", "confidence", "box"}
        assert 0 <= digit["confidence"] <= 1
        top, left, bottom, right = digit["box"]
        assert 0 <= top < bottom <= height
        assert 0 <= left < right <= width
    assert first["symbols"] == [{"character": str(digit["label"]), **digit} for digit in first["digits"]]
    assert [[(each["text"], each["value"], each["kind"]) for each in line] for line in second["numbers"]] == [
        [("4096", "4096", "number")],
        [("753", "753", "number")],
    ]


def symbol(label, confidence, candidates, box):
    return number_reader.Symbol(label, confidence, candidates, box, np.zeros((28, 28), np.uint8), [], 9.0)


def test_a_refused_symbol_has_no_label():
    mark = symbol(None, 0.123456, [], (1, 2, 3, 4))
    said = json.loads(command.as_json("x", number_reader.Reading("?", [mark], [])))
    assert said["digits"] == [{"label": None, "confidence": 0.1235, "box": [1, 2, 3, 4]}]
    assert said["symbols"] == [{"character": "?", **said["digits"][0]}]


def test_marks_are_among_the_symbols_alone_and_numbers_have_exact_values():
    comma = CHARACTERS.index(",")
    symbols = [symbol(label, 0.5, [(label, 0.5)], (0, 9 * k, 20, 9 * k + 8)) for k, label in enumerate((1, comma, 5))]
    line = numbers([(each.character, each.box) for each in symbols])
    small = [number_reader.Number(".0000001", Decimal("1E-7"), "number", (np.int64(0), 0, 1, 1)),
             number_reader.Number("?", None, "other", (0, 0, 1, 1))]  # fmt: skip
    said = json.loads(command.as_json("x", number_reader.Reading("1,5\n.0000001?", symbols, [line, small])))
    assert [digit["label"] for digit in said["digits"]] == [1, 5]
    assert [each["character"] for each in said["symbols"]] == ["1", ",", "5"]
    assert said["symbols"][1] == {"character": ",", "label": comma, "confidence": 0.5, "box": [0, 9, 20, 17]}
    assert said["numbers"][0] == [{"text": "1,5", "value": "1.5", "kind": "number", "box": [0, 0, 20, 26]}]
    assert [each["value"] for each in said["numbers"][1]] == ["0.0000001", None]


@pytest.mark.parametrize(
    ("arguments", "symbols", "decimal"),
    [
        ([], "numbers", None),
        (["--symbols", "sums", "--decimal=,"], "sums", ","),
        (["--symbols=digits"], "digits", None),
    ],
)
def test_what_is_read_is_what_the_options_say(capsys, monkeypatch, arguments, symbols, decimal):
    asked = []

    class Asked:
        def read(self, image, **options):
            asked.append(options)
            return number_reader.Reading("", [], [])

    monkeypatch.setattr(command, "load", Asked)
    assert command.main([*arguments, str(CHALK)]) == 0
    assert asked == [{"symbols": symbols, "decimal": decimal}]


PARTS = ("--json", "--symbols", "digits", "numbers", "sums", "--symbols=sums", "--symbols=", "--sym", "--decimal", ".", ",",
         "--decimal=.", "--decimal=;", "--dec=,", "--", "-", "-5", "--no", "", "no-such-file", "\x1b[2J", "\0",
         "×")  # fmt: skip


@pytest.fixture(scope="module")
def little(tmp_path_factory):
    """A picture that is read at once."""
    path = tmp_path_factory.mktemp("little") / "little.png"
    path.write_bytes(saved(upright((40, 20)), "PNG"))
    return str(path)


@given(st.lists(st.sampled_from(PARTS) | st.text(max_size=4), max_size=5), st.integers(0, 5))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
def test_any_arguments_end_in_readings_or_in_a_sentence(capsys, monkeypatch, little, arguments, at):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"no picture")))
    arguments = [*arguments[:at], little, *arguments[at:]]
    capsys.readouterr()
    try:
        status = command.main(arguments)
    except SystemExit as end:
        status = end.code
    out, err = capsys.readouterr()
    assert status in (0, 1, 2)
    if status == 2:
        assert "usage: number-reader" in err
        assert "error: " in err
    elif status == 1:
        assert all(line.startswith("number-reader: ") for line in err.splitlines())
        assert err.endswith(".\n")
    if "--json" in arguments[: arguments.index("--") if "--" in arguments else None] and status != 2:
        for line in out.splitlines():
            assert json.loads(line).keys() == {"file", "text", "digits", "symbols", "numbers"}


def test_a_blank_picture_is_a_blank_line(capsys, tmp_path):
    Image.new("L", (50, 50), 255).save(tmp_path / "blank.png")
    assert command.main([str(tmp_path / "blank.png")]) == 0
    assert capsys.readouterr().out == "\n"


def bad(tmp_path):
    """{what: (path, a part of the error)}"""
    files = {
        "text": (b"2026", "no picture"),
        "empty": (b"", "no picture"),
        "cut": (CHALK.read_bytes()[:2000], "damaged"),
        "other format": (saved(upright(), "PPM"), "no picture"),
    }
    for name, (data, _) in files.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "folder").mkdir()
    more = {"folder": (b"", "folder"), "missing": (b"", "no such file"), "nul\0": (b"", "cannot be opened")}
    return {name: (str(tmp_path / name), part) for name, (_, part) in (files | more).items()}


def test_what_is_no_picture_is_one_error_each_and_the_others_are_read(capsys, tmp_path):
    wrong = bad(tmp_path)
    assert command.main([*(path for path, _ in wrong.values()), str(CHALK)]) == 1
    out, err = capsys.readouterr()
    assert out == f"{CHALK}: 2026\n"
    lines = err.splitlines()
    assert len(lines) == len(wrong)
    for line, (path, part) in zip(lines, wrong.values()):
        assert line.startswith(f"number-reader: {command.printable(path)}: ")
        assert part in line
        assert line.endswith(".")


@pytest.mark.parametrize(("limit", "part"), [("MAX_BYTES", "larger than"), ("MAX_PIXELS", "million pixels")])
def test_what_is_too_large_is_an_error(capsys, monkeypatch, limit, part):
    monkeypatch.setattr(command, limit, 1000)
    assert command.main([str(CHALK)]) == 1
    assert part in capsys.readouterr().err


def test_what_pillow_takes_for_a_bomb_is_too_large(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    with pytest.raises(command.PictureError, match="million pixels"):
        command.decode(KINDS["grey"])


def test_a_name_that_a_terminal_would_obey_is_escaped(capsys):
    assert command.main(["\x1b[2J\udcff"]) == 1
    assert capsys.readouterr().err == "number-reader: \\x1b[2J\\udcff: There is no such file.\n"


def test_without_pillow_the_extra_is_named(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "PIL", None)
    assert command.main([str(CHALK)]) == 1
    assert 'pip install pillow (the extra "pictures" brings it, too)' in capsys.readouterr().err


def test_without_a_model_the_error_says_so(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(command, "load", number_reader.load)
    monkeypatch.setattr(number_reader, "PLACES", (tmp_path,))
    assert command.main([str(CHALK)]) == 1
    assert "number-reader: The model that comes with number_reader is missing" in capsys.readouterr().err


def test_the_version_is_that_of_the_package(capsys, monkeypatch):
    monkeypatch.setattr(metadata, "version", lambda name: "1.2.3")
    with pytest.raises(SystemExit, match="0"):
        command.main(["--version"])
    assert capsys.readouterr().out == "number-reader 1.2.3\n"


def test_help_is_printed_where_the_terminal_has_no_letters_but_ascii():
    result = subprocess_of(["-m", "number_reader.command", "--help"], more={"PYTHONIOENCODING": "ascii"})
    assert (result.returncode, result.stderr) == (0, b"")
    assert b"\\xd7" in result.stdout


def test_load_is_the_shipped_model_even_if_its_package_was_imported(recognizer):
    code = "import number_reader; number_reader.model = None; print(number_reader.load().fingerprint)"
    assert subprocess_of(["-c", code]).stdout.decode().strip() == str(recognizer.fingerprint)


def subprocess_of(arguments, more=None, **options):
    environment = os.environ | {"PYTHONPATH": str(ROOT / "site")} | (more or {})
    return subprocess.run([sys.executable, *arguments], check=False, capture_output=True, env=environment, **options)


def test_standard_input_is_read_by_a_process():
    result = subprocess_of(["-m", "number_reader.command", "-", "no-such-file"], input=CHALK.read_bytes())
    assert (result.returncode, result.stdout) == (1, b"-: 2026\n".replace(b"\n", os.linesep.encode()))
    assert b"no-such-file: There is no such file." in result.stderr


def test_a_broken_pipe_is_silent():
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as closed:
        environment = os.environ | {"PYTHONPATH": str(ROOT / "site")}
        process = [sys.executable, "-m", "number_reader.command", str(CHALK)]
        result = subprocess.run(process, check=False, stdout=closed, stderr=subprocess.PIPE, env=environment)
    assert result.stderr == b""


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("-3.14", "-3.14"),
        ("+5", "+5"),
        ("12", "12"),
        ("=1+2", "'=1+2"),
        ("-1+2", "'-1+2"),
        ("-", "'-"),
        ("-12%", "-12%"),
    ],
)
def test_csv_has_no_formulas_and_negative_numbers_stay_numbers(text, cell):
    assert command.harmless(text) == cell
