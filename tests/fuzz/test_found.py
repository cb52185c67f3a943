"""What broke, once: each was found by `python -m tests.fuzz`, or by looking for it."""

import gzip
import io
import itertools
import json
import os
import struct
import tracemalloc
import zipfile

import numpy as np
import pytest
from PIL import Image

from number_reader import ImageError, ModelError, Recognizer
from number_reader.classification.embedding import CELLS
from number_reader.classification.features import FEATURES
from number_reader.ink import frames, image
from number_reader.labels import LABELS
from number_reader.lattice.lattice import Lattice
from number_reader.segmentation import effort
from number_reader.segmentation.dots import gap_of
from number_reader.segmentation.pen import MAX_POINTS, MAX_STROKES, PenPieces
from number_reader.segmentation.pieces import InkPieces
from number_reader.segmentation.segment import MAX_MARKS, MAX_MINOR, lines
from number_reader.storage import model, npz, taught
from tests.fuzz import pictures, zips
from tests.fuzz.recognizers import DOORS, SHIPPED, shipped, small
from tests.fuzz.work import made
from tests.number_reader import hand
from tests.number_reader.damage import members, npy
from training.__main__ import main
from training.data.errors import DataError
from training.data.opening import open_dataset
from training.data.pictures import MAX_PICTURE_BYTES, MAX_SCANS, decode, read_picture
from training.data.strokes import (
    MAX_LENGTH,
    MAX_LINE,
    MAX_NAME,
    parse_record,
    read_strokes,
)
from training.data.strokes import (
    MAX_POINTS as MAX_RECORD_POINTS,
)

LITTLE = 100_000_000  # bytes
SEVEN = hand.black_in_alpha(hand.ink(7))
PEN = [np.array(stroke) * 200 + (50, 40) for stroke in hand.DIGITS[7]]
MARK = {"label": "1", "writer": "w", "strokes": [[[0, 0], [0.1, 1]]]}


@pytest.fixture
def little_memory():
    """A function: from when it is called, no more than LITTLE, or what it is told, may be taken."""
    limits = []

    def begin(limit=LITTLE):
        tracemalloc.start()
        limits.append(limit)

    yield begin
    if limits:
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert most < limits[0]


# --- pictures -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "shape", [(1, 30_000_000), (30_000_000, 1), (2, 9_000_000, 4), (9, 3_000_000, 3), (40, 60_000)]
)
def test_a_picture_far_longer_than_wide_reads_as_nothing_and_takes_no_memory(shape, little_memory):
    """It was read at full length, as it could not be scaled down: 28 s and 5 GB."""
    noise = np.resize(np.frombuffer(np.random.default_rng(0).bytes(1_000_003), np.uint8), shape)
    little_memory()
    assert shipped().read(noise).text == ""


@pytest.mark.parametrize("channels", [(), (3,), (4,)])
def test_a_long_picture_is_turned_grey_piece_by_piece(channels, little_memory):
    """Strips went from side to side: one was the whole picture."""
    picture = np.resize(
        np.random.default_rng(0).integers(0, 256, 1_000_003).astype(np.uint8), (300, 100_000, *channels)
    )
    little_memory()
    found = image.grey(picture, 84)
    tracemalloc.stop()
    tracemalloc.start()
    strip = image.grey(np.ascontiguousarray(picture[: 84 * 2, 84 * 500 : 84 * 600]), 84)
    if channels != (4,):  # the paper under what is transparent is guessed from all of the picture
        np.testing.assert_allclose(found[:2, 500:600], strip, atol=1e-6)


def squares(side, share, size=1200):
    few = np.random.default_rng(0).random((size // side, size // side)) < share
    return np.kron(few, np.ones((side, side), np.uint8)).astype(np.uint8) * 255


@pytest.mark.parametrize("side", [3, 8])
def test_thousands_of_marks_are_a_pattern(side, monkeypatch):
    """Only high marks were counted: 28 s for a reading of 1,400 characters."""
    looks = []
    spend = effort.Effort.spend
    monkeypatch.setattr(effort.Effort, "spend", lambda self, some: (looks.append(some), spend(self, some)))
    assert shipped().read(squares(side, 0.05)).text == ""
    assert sum(looks) < effort.MOST + 100


def test_as_many_minor_marks_as_are_allowed_are_sorted_into_lines():
    high = [(0, 0, 100, 50)]
    dots = [(50, 60 + 10 * k, 60, 65 + 10 * k) for k in range(MAX_MINOR)]
    assert sum(map(len, lines(high + dots))) == 1 + MAX_MINOR
    assert lines(high + dots + dots[:1]) == []
    assert lines(dots * (MAX_MARKS // 10)) == []


def test_a_number_is_far_from_too_much(monkeypatch):
    """Eight digits that touch take a tenth of what may be spent."""
    spent = []
    spend = effort.Effort.spend
    monkeypatch.setattr(effort.Effort, "spend", lambda self, some: (spent.append(some), spend(self, some)))
    assert len(shipped().read(hand.black_in_alpha(hand.row("20261984", 120, 14, shape=(200, 1300)))).text) == 8
    assert 0 < sum(spent) < effort.MOST / 5


def test_where_strokes_are_too_much_to_look_at_the_pixels_are_read(monkeypatch):
    looked = []
    look = PenPieces.ink

    def spend_all(self, numbers):
        looked.append(numbers)
        self._effort.spend(effort.MOST / 2 + 1)
        return look(self, numbers)

    both = np.maximum(hand.ink(7, shape=(280, 500)), hand.ink(1, at=(40, 300), shape=(280, 500)))
    strokes = PEN + [np.array(stroke) * 200 + (300, 40) for stroke in hand.DIGITS[1]]
    assert shipped().read(hand.black_in_alpha(both), strokes).text == "71"
    monkeypatch.setattr(PenPieces, "ink", spend_all)
    assert shipped().read(hand.black_in_alpha(both), strokes).text == "71"
    assert looked


def test_crops_are_cut_out_one_by_one():
    """A few thousand crops of a large picture filled the memory before the first was judged."""
    recognizer, pieces = shipped(), InkPieces(hand.row("71", 120, 14, shape=(200, 400)))
    cut_out, look = [], pieces.ink
    pieces.ink = lambda numbers: (cut_out.append(numbers), look(numbers))[1]

    def judge(inks):
        before, judged = len(cut_out), []
        for count, ink in enumerate(inks, 1):
            assert len(cut_out) == before + count
            judged += recognizer._judge([ink])
        return judged

    assert len(Lattice(pieces, [0, 1], judge, recognizer.refuse_above).segments) >= 2
    assert cut_out


def test_frames_within_frames_without_end_are_looked_at_no_more_than_a_few_times(monkeypatch):
    calls = []
    frame = frames.frame
    monkeypatch.setattr(frames, "frame", lambda values: (calls.append(1), frame(values))[1])
    depth = np.minimum(*np.meshgrid(*[np.minimum(np.arange(1000), np.arange(1000)[::-1])] * 2))
    frames.find_sheet(np.where(depth % 5 < 2, 0, 1).astype(np.float32))
    assert len(calls) == frames.FRAMES


def test_dots_at_the_ends_of_a_picture_are_no_dotted_line():
    """Closing gaps of hundreds of pixels took seconds."""
    ink = np.zeros((1200, 1200), np.float32)
    boxes = [(y, x, y + 100, x + 100) for y, x in ((0, 0), (0, 1100), (1100, 0), (1100, 1100), (550, 550), (0, 550))]
    for top, left, bottom, right in boxes:
        ink[top:bottom, left:right] = 1
    assert gap_of(ink, boxes) == 0


@pytest.mark.parametrize("kind", [np.matrix, np.ma.masked_array, lambda a: a.view(np.recarray)])
def test_an_array_of_another_class_is_its_pixels(kind):
    grey = hand.dark_on_light(hand.ink(7))
    assert shipped().read(kind(grey)).text == shipped().read(grey).text == "7"


# --- strokes --------------------------------------------------------------------------------

ENDLESS = {
    "numbers": (itertools.count, ImageError),
    "strokes": (lambda: itertools.repeat(PEN[0]), None),
    "empty strokes": (lambda: itertools.repeat([]), None),
    "too many": (lambda: [PEN[0]] * (MAX_STROKES + 1), None),
    "too many points": (lambda: [np.zeros((MAX_POINTS + 1, 2))], None),
    "a trillion points": (lambda: [np.broadcast_to(3.0, (10**12, 2))], None),
    "a list of too many": (lambda: [[[0, 0]] * (MAX_POINTS + 1)], None),
    "a range": (lambda: [range(10**10)], ImageError),
    "ranges in a list": (lambda: [[range(10**10), range(10**10)]], ImageError),
    "ranges as points": (lambda: [[[range(10**10), 1]]], ImageError),
    "beyond all floats": (lambda: [np.full((3, 2), np.longdouble("1e4000"))], None),
    "to and fro": (lambda: [np.tile([[-1e9, 0], [1e9, 280]], (40_000, 1))], None),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_strokes_without_end_are_refused_or_passed_over(name, little_memory):
    make, error = ENDLESS[name]
    shipped().read(SEVEN)
    little_memory()
    if error:
        with pytest.raises(error, match="Strokes must be"):
            shipped().read(SEVEN, make())
    else:
        assert shipped().read(SEVEN, make()).text == shipped().read(SEVEN).text


def test_strokes_that_fail_in_their_own_way_are_an_image_error():
    class Torn:
        def __array__(self, *_, **__):
            raise RuntimeError("torn")

    with pytest.raises(ImageError, match="Strokes must be"):
        shipped().read(SEVEN, [Torn()])


# --- teaching -------------------------------------------------------------------------------


@pytest.mark.parametrize("labels", [None, 5, [np.array([1, 2])], [[1]], ["1"], [float("nan")]])
def test_labels_that_are_none_are_a_value_error(labels):
    with pytest.raises(ValueError, match="0 to 9"):
        Recognizer.load(io.BytesIO(small())).teach_all(np.zeros((1, 28, 28), np.uint8), labels)


@pytest.mark.parametrize("row", [[1], {}, None, "0", np.zeros(2)])
def test_rows_that_are_none_are_a_key_error(row):
    with pytest.raises(KeyError):
        Recognizer.load(io.BytesIO(small())).forget(row)


# --- NPZ files ------------------------------------------------------------------------------


def parts(**changes):
    return members(small()) | {key + ".npy": data for key, data in changes.items()}


def load(entries, **options):
    return Recognizer.load(io.BytesIO(zips.assembled(entries, **options)))


def entries(**changes):
    return [zips.Member(name.encode(), data) for name, data in parts(**changes).items()]


def test_a_model_put_together_by_hand_is_loaded():
    """So that those below are refused for what is wrong with them."""
    assert load(entries()).known > 0


def test_lzma_could_ask_for_any_memory():
    for method in (zips.BZIP2, zips.LZMA):
        packed = entries()
        packed[1].method = method
        with pytest.raises(ModelError, match="packed in a way"):
            load(packed)


def test_all_arrays_of_a_file_share_one_limit(little_memory):
    """Each might have been as large as the limit: 13 times as much in a model."""
    large = npy(np.zeros(npz.MAX_BYTES // 3, np.uint8))
    packed = entries(about=large, vectors=large, counts=large, step=large)
    little_memory()
    with pytest.raises(ModelError, match="too large"):
        load(packed)


def test_the_largest_model_is_loaded_in_the_memory_that_is_promised(little_memory):
    """Its vectors become floats, four times as large, and more than once."""
    d, n = 31, model.MOST
    counts = np.zeros(LABELS, np.int64)
    counts[0] = n
    arrays = {
        "linear": np.zeros((FEATURES, d), np.int8), "linear_scale": np.ones(d, np.float32),
        "mixing": np.zeros((2 * CELLS, d), np.int8),
        "mixing_scale": np.ones(d, np.float32), "vectors": np.ones((d, n), np.int8), "counts": counts,
    }  # fmt: skip
    packed = entries(**{key: npy(array) for key, array in arrays.items()})
    content = io.BytesIO(zips.assembled(packed))
    little_memory(400_000_000)
    assert Recognizer.load(content).known == n


def test_a_directory_that_lists_thousands_is_not_read():
    many = [zips.Member(b"%d" % k, b"", directory_only=True, offset=0) for k in range(3_000)]
    with pytest.raises(ModelError, match="directory is too large"):
        load(entries() + many)


@pytest.mark.parametrize("options", [{"comment": b"hello"}, {"zip64": True}])
def test_a_zip_that_ends_as_no_npz_does_is_an_error(options):
    with pytest.raises(ModelError, match="does not end as an NPZ"):
        load(entries(), **options)


def test_a_reason_does_not_repeat_all_that_a_file_says():
    with pytest.raises(ModelError) as refused:
        load([*entries(), zips.Member(b"x" * 60_000, b"")])
    assert len(str(refused.value)) < 500


def test_a_shape_with_a_zero_in_it_may_not_be_huge():
    text = "{'descr': '|u1', 'fortran_order': False, 'shape': (0, 30000000, 30000000), }\n"
    header = b"\x93NUMPY\1\0" + struct.pack("<H", len(text)) + text.encode()
    with pytest.raises(taught.TaughtError):
        taught.unpack(io.BytesIO(zips.assembled([
            zips.Member(b"version.npy", npy(np.int32(1))), zips.Member(b"glyphs.npy", header),
            zips.Member(b"labels.npy", npy(np.zeros(0, np.uint8))),
        ])))  # fmt: skip


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.npz")
    with pytest.raises(ModelError, match="no file"):
        Recognizer.load(tmp_path / "pipe.npz")


def test_a_file_of_taught_digits_is_as_large_as_its_digits_can_be(little_memory):
    assert taught.MOST * 785 + 1_000 < taught.MAX_BYTES
    glyphs = npy(np.zeros((taught.MAX_BYTES // 784 + 200, 28, 28), np.uint8))
    content = zips.assembled([zips.Member(b"glyphs.npy", glyphs)])
    little_memory()
    with pytest.raises(taught.TaughtError, match="too large"):
        taught.unpack(io.BytesIO(content))
    with pytest.raises(taught.TaughtError, match="too large"):
        taught.unpack(io.BytesIO(bytes(taught.MAX_FILE + 1)))


def test_the_page_asks_for_no_larger_file_than_is_taken():
    page = SHIPPED.parents[1] / "app" / "teaching" / "taught_panel.py"
    assert f"FILE_LIMIT = {taught.MAX_FILE:_}" in page.read_text("utf-8")


# --- data sets ------------------------------------------------------------------------------


def strokes_file(folder, content):
    (folder / "some.jsonl.gz").write_bytes(content)
    return folder / "some.jsonl.gz"


def test_a_line_without_end_takes_no_memory(tmp_path, little_memory):
    path = strokes_file(tmp_path, gzip.compress(bytes(300_000_000), 1))
    little_memory()
    with pytest.raises(DataError, match="line 1.*too long"):
        read_strokes(path)


@pytest.mark.parametrize("line", [b"\n", json.dumps(MARK).encode() + b"\n"], ids=["empty lines", "the same record"])
def test_strokes_that_unpack_to_far_more_are_refused(tmp_path, line):
    path = strokes_file(tmp_path, gzip.compress(line * (3_000_000 // len(line))))
    with pytest.raises(DataError, match="line .*too long, or the file unpacks to far more"):
        read_strokes(path)


def test_a_line_may_be_long_but_not_endless(tmp_path):
    path = strokes_file(tmp_path, gzip.compress(json.dumps(MARK | {"x": "y" * MAX_LINE}).encode()))
    with pytest.raises(DataError, match="line 1"):
        read_strokes(path)


@pytest.mark.parametrize("key", ["label", "writer"])
def test_one_long_name_would_make_room_for_itself_in_every_row(key):
    assert parse_record(MARK | {key: "7" * MAX_NAME})
    with pytest.raises(ValueError, match="at most"):
        parse_record(MARK | {key: "7" * (MAX_NAME + 1)})


def test_strokes_that_would_take_minutes_to_draw_are_refused():
    with pytest.raises(ValueError, match="longer"):
        parse_record(MARK | {"strokes": [[[0, 0], [1, 1]] * MAX_LENGTH]})
    with pytest.raises(ValueError, match="points"):
        parse_record(MARK | {"strokes": [[[0, 0]] * (MAX_RECORD_POINTS // 2), [[0, 0]] * (MAX_RECORD_POINTS // 2 + 1)]})


def zip_of(folder, packed, **options):
    (folder / "digits.zip").write_bytes(zips.assembled(packed, **options))
    return folder / "digits.zip"


def test_a_member_that_says_it_is_small_is_not_unpacked_whole(tmp_path, little_memory):
    bomb = zips.Member(b"3/0.png", pictures.right(0), stream=zips.zeros(300_000_000))
    path = zip_of(tmp_path, [bomb])
    little_memory()
    with pytest.raises(DataError, match="3/0.png"):
        open_dataset(path)


def test_members_that_lie_over_one_another_are_counted_each(tmp_path):
    one = zips.Member(b"3/0.png", b"", stream=zips.zeros(MAX_PICTURE_BYTES // 2), unpacked=MAX_PICTURE_BYTES // 2)
    others = [
        zips.Member(b"3/%d.png" % k, b"", directory_only=True, over=one, stream=one.stream, unpacked=one.unpacked)
        for k in range(1, 9)
    ]
    with pytest.raises(DataError, match="unpacks to far more"):
        open_dataset(zip_of(tmp_path, [one, *others]))


@pytest.mark.parametrize("name", [b"7" * 5_000, "\u0663".encode()])
def test_a_name_of_a_thousand_figures_is_no_number(tmp_path, monkeypatch, name):
    monkeypatch.setattr("training.data.picture_sets.KAGGLE_DRAWN", 3)
    named = [zips.Member(b"%d/%d.png" % (digit, k), b"") for digit in range(10) for k in range(3)]
    assert open_dataset(zip_of(tmp_path, named)).kind == "kaggle"
    named[0].name = b"0/" + name + b".png"
    assert open_dataset(zip_of(tmp_path, named)).kind == "pictures"


def test_arrays_of_nothing_are_not_looked_at_one_by_one(tmp_path):
    arrays = {
        key: np.zeros((900_000, 0, 0) if key[0] == "x" else 900_000, np.uint8)
        for key in ("x_train", "y_train", "x_test", "y_test")
    }
    np.savez(tmp_path / "m.npz", **arrays)
    with pytest.raises(DataError, match="at least 4 pixels"):
        open_dataset(tmp_path / "m.npz")


def test_an_array_that_unpacks_to_far_more_is_refused(tmp_path, little_memory):
    header = npy(np.zeros((1, 100, 100), np.uint8)).replace(b"(1, 100, 100)", b"(30000,100,100)")
    bomb = zips.Member(b"x_train.npy", header, unpacked=300_000_000, stream=zips.zeros(300_000_000))
    path = tmp_path / "m.npz"
    path.write_bytes(zips.assembled([bomb]))
    little_memory()
    with pytest.raises(DataError, match="too large"):
        open_dataset(path)


def test_an_mnist_file_may_have_its_arrays_in_either_order(tmp_path):
    pixels = np.asfortranarray(np.arange(20 * 64).reshape(20, 8, 8).astype(np.uint8))
    np.savez(tmp_path / "m.npz", x_train=pixels, y_train=np.arange(20) % 10, x_test=pixels, y_test=np.arange(20) % 10)
    np.testing.assert_array_equal(open_dataset(tmp_path / "m.npz").picture(3), pixels[3])


def test_a_jpeg_of_scans_over_scans_is_refused():
    """Each scan of a large picture takes as long as all of it, and may have next to no bytes."""
    out = io.BytesIO()
    Image.new("RGB", (40, 40), (200, 30, 10)).save(out, "JPEG", progressive=True)
    content = out.getvalue()
    last = content[content.rindex(b"\xff\xda") : -2]
    assert decode(content, "x").shape == (40, 40, 3)
    with pytest.raises(DataError, match="scans"):
        decode(content[:-2] + last * MAX_SCANS + content[-2:], "x")


def test_kinds_that_other_programs_would_have_to_read_are_refused():
    out = io.BytesIO()
    Image.new("RGB", (9, 9)).save(out, "EPS")
    with pytest.raises(DataError, match="can't be read as a picture"):
        decode(out.getvalue(), "x")


def test_a_picture_file_is_not_read_before_its_size_is_known(tmp_path):
    (tmp_path / "3").mkdir()
    (tmp_path / "3" / "a.png").write_bytes(pictures.right(0))
    os.truncate(tmp_path / "3" / "a.png", 10**12)
    os.mkfifo(tmp_path / "pipe.png")
    for read in (lambda: open_dataset(tmp_path), lambda: read_picture(tmp_path / "3" / "a.png")):
        with pytest.raises(DataError, match="larger than 50 MB"):
            read()
    with pytest.raises(DataError, match="no file"):
        read_picture(tmp_path / "pipe.png")


@pytest.mark.parametrize("suffix", [".npz", ".zip", ".jsonl.gz", ".json"])
def test_a_data_set_that_is_a_pipe_is_not_waited_for(tmp_path, suffix):
    os.mkfifo(tmp_path / f"pipe{suffix}")
    with pytest.raises(DataError, match="no file"):
        open_dataset(tmp_path / f"pipe{suffix}")


@pytest.mark.parametrize("path", ["n" * 5_000, "n" * 300 + ".zip", "a\0.npz"])
def test_a_path_that_no_file_can_have_is_a_data_error(path):
    with pytest.raises(DataError):
        open_dataset(path)


@pytest.mark.parametrize(
    "entry",
    [
        {"file": "a\0.png"}, {"file": "\ud800.png"}, {"source": "\ud800"}, {"source": "x" * 201},
        {"lines": ["7" * 150] * 2},
        {"file": "../" + "x" * 10_000},
    ],
    ids=str,
)  # fmt: skip
def test_a_list_of_what_no_file_is_named_is_refused(tmp_path, entry):
    (tmp_path / "list.json").write_text(json.dumps([{"file": "a.png", "lines": ["1"]} | entry]))
    with pytest.raises(DataError, match="list.json, picture 1"):
        open_dataset(tmp_path / "list.json")


def test_a_name_does_nothing_to_the_terminal(tmp_path, capfd):
    with zipfile.ZipFile(tmp_path / "digits.zip", "w") as archive:
        archive.writestr("../\x1b[2J/3/0.png", b"")
    assert main(["evaluate", "--data", str(tmp_path / "digits.zip")]) == 1
    said = capfd.readouterr().err
    assert "\x1b" not in said
    assert r"\x1b[2J" in said


@pytest.mark.timeout(60)
def test_lines_missed_among_specks_are_looked_for_once():
    door = next(door for door in DOORS if door.name == "page")
    assert door.enter(made(door, "0", 104)).startswith("read")  # a plateau of lines that were looked for never ended
