"""strokes.py: what a line of the file may hold, and strokes drawn against scikit-image."""

import gzip
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage.draw import disk, polygon
from skimage.transform import downscale_local_mean

from tests.number_reader import hand
from training.data.errors import DataError
from training.data.strokes import MAX_POINTS, MAX_STROKES, PAD, draw, parse_record, picture, read_strokes

FINE = 8  # samples per pixel and axis of the drawing that ours is compared with
ALIKE = 0.97  # least intersection over union of the inked pixels
COVERAGE_TOLERANCE = 0.1  # mean difference of coverage, over the pixels that either inks
GOOD = {"label": "7", "writer": "somebody", "strokes": [[[0, 0], [0.5, 1]], [[0.2, 0.4]]]}

numbers = st.integers() | st.floats() | st.sampled_from([10**400, 1e300, -0.0, 2, 2.0001])
json_values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=15,
)
points = st.lists(st.lists(numbers | st.floats(-2, 2), min_size=1, max_size=3), max_size=4)
near_records = st.fixed_dictionaries(
    {"label": st.text(max_size=3) | json_values, "writer": st.text(max_size=3) | json_values},
    optional={"strokes": st.lists(points | json_values, max_size=4) | json_values, "digitlike": json_values},
)


def assert_record_or_value_error(value):
    try:
        record = parse_record(value)
    except ValueError as error:
        assert str(error)
        return
    assert isinstance(record["label"], str)
    assert isinstance(record["writer"], str)
    assert 0 < len(record["strokes"]) <= MAX_STROKES
    for stroke in record["strokes"]:
        assert stroke.dtype == np.float32
        assert stroke.ndim == 2
        assert stroke.shape[1] == 2
        assert 0 < len(stroke) <= MAX_POINTS
        assert np.abs(stroke).max() <= 2


# Reading.


def test_a_good_record_keeps_its_points_and_all_else_it_says():
    record = parse_record(GOOD | {"digitlike": True})
    assert (record["label"], record["writer"], record["digitlike"]) == ("7", "somebody", True)
    assert [stroke.tolist() for stroke in record["strokes"]] == [
        [[0, 0], [0.5, 1]],
        [[pytest.approx(0.2), pytest.approx(0.4)]],
    ]


@pytest.mark.filterwarnings("error")
@given(json_values | near_records)
def test_any_json_is_a_record_or_a_value_error(value):
    assert_record_or_value_error(value)


@pytest.mark.parametrize(
    "strokes",
    [
        [[[0, 0]]] * (MAX_STROKES + 1),
        [[[0, 0]] * (MAX_POINTS + 1)],
        [],
        {},
        "strokes",
        None,
        [[[0]]],
        [[[0, 0], [1]]],
        [0, 0],
    ],
    ids=["too many strokes", "too many points", "none", "object", "text", "null", "one number", "ragged", "flat"],
)
def test_what_is_no_list_of_strokes_is_a_value_error(strokes):
    with pytest.raises(ValueError, match="pen-down"):
        parse_record(GOOD | {"strokes": strokes})


def test_a_file_is_read_in_order_and_empty_lines_are_passed_over(tmp_path):
    lines = [json.dumps(GOOD | {"label": label}) for label in "314"]
    (tmp_path / "m.jsonl.gz").write_bytes(gzip.compress("\n\n".join(["", *lines, " "]).encode()))
    assert [record["label"] for record in read_strokes(tmp_path / "m.jsonl.gz")] == ["3", "1", "4"]


def test_the_line_of_an_error_counts_empty_lines_too(tmp_path):
    (tmp_path / "m.jsonl.gz").write_bytes(gzip.compress(b"\n" + json.dumps(GOOD).encode() + b"\n\n[]\n"))
    with pytest.raises(DataError, match="m.jsonl.gz, line 4: not a JSON object"):
        read_strokes(tmp_path / "m.jsonl.gz")


@given(content=st.binary(max_size=200), packed=st.booleans())
def test_any_bytes_are_records_or_a_data_error(tmp_path_factory, content, packed):
    path = tmp_path_factory.getbasetemp() / "any.jsonl.gz"
    path.write_bytes(gzip.compress(content) if packed else content)
    try:
        assert all(isinstance(record, dict) for record in read_strokes(path))
    except DataError as error:
        assert "any.jsonl.gz" in str(error)


def test_a_file_cut_short_anywhere_is_a_data_error(tmp_path):
    content = gzip.compress("\n".join([json.dumps(GOOD)] * 20).encode())
    for size in range(len(content)):
        (tmp_path / "m.jsonl.gz").write_bytes(content[:size])
        if size:  # gzip takes an empty file for an empty text
            with pytest.raises(DataError):
                read_strokes(tmp_path / "m.jsonl.gz")


def test_the_real_files_are_read_whole(shared_data):
    counts = {"digits": 8571, "numbers": 311, "not-digits": 1373}
    for name, count in counts.items():
        records = read_strokes(shared_data / "real" / f"strokes-{name}.jsonl.gz")
        assert len(records) == count
        for record in records:
            everything = np.concatenate(record["strokes"])
            assert np.ptp(everything, axis=0).max() == pytest.approx(1, abs=0.01) or len(everything) == 1


# Drawing.


def fine_drawing(strokes, brush, shape):
    """The same by scikit-image: disks at the points and rectangles between them, on a finer grid."""
    canvas = np.zeros((shape[0] * FINE, shape[1] * FINE))
    for stroke in strokes:
        fine = stroke[:, ::-1].astype(float) * FINE - 0.5  # (row, column); pixel centres are whole numbers here
        for centre in fine:
            canvas[disk(centre, brush / 2 * FINE, shape=canvas.shape)] = 1
        for a, b in zip(fine[:-1], fine[1:]):
            length = np.hypot(*(b - a))
            if length:
                side = np.array([-(b - a)[1], (b - a)[0]]) / length * brush / 2 * FINE
                corners = np.stack([a + side, b + side, b - side, a - side])
                canvas[polygon(*corners.T, shape=canvas.shape)] = 1
    return downscale_local_mean(canvas, (FINE, FINE))


def assert_alike(ours, theirs):
    a, b = ours > 0.5, theirs > 0.5
    assert (a & b).sum() / (a | b).sum() >= ALIKE
    assert np.abs(ours - theirs)[(ours > 0) | (theirs > 0)].mean() <= COVERAGE_TOLERANCE


@pytest.mark.parametrize("brush", [12, 20, 34])
@pytest.mark.parametrize("digit", hand.DIGITS)
def test_a_drawing_is_scikit_images(digit, brush):
    strokes = [np.array(stroke) * 150 + 30 for stroke in hand.DIGITS[digit]]
    assert_alike(draw(strokes, brush, (210, 190)), fine_drawing(strokes, brush, (210, 190)))


def test_drawings_of_real_strokes_are_scikit_images(shared_data):
    records = read_strokes(shared_data / "real" / "strokes-digits.jsonl.gz")[::700]
    for record in records:
        strokes = [stroke * 160 + 20 for stroke in record["strokes"]]
        assert_alike(draw(strokes, 20, (200, 200)), fine_drawing(strokes, 20, (200, 200)))


def test_a_single_point_is_a_round_dot():
    dot = draw([np.array([[30.5, 20.5]])], 21, (60, 60))
    assert_alike(dot, fine_drawing([np.array([[30.5, 20.5]])], 21, (60, 60)))
    np.testing.assert_allclose(dot[:41, 10:51], dot[:41, 10:51].T, atol=1e-6)


def test_a_point_drawn_twice_is_the_same_dot():
    once, twice = (draw([np.full((n, 2), 30.0)], 20, (60, 60)) for n in (1, 2))
    np.testing.assert_array_equal(once, twice)


def test_strokes_over_the_edge_are_cut_off():
    stroke = np.array([[-40.0, 20.0], [100.0, 30.0]])
    whole = draw([stroke + 50], 14, (160, 220))
    np.testing.assert_allclose(draw([stroke], 14, (60, 80)), whole[50:110, 50:130], atol=1e-5)
    assert not draw([stroke - 500], 14, (60, 80)).any()


def test_order_and_direction_do_not_matter():
    strokes = [np.array(stroke) * 100 + 20 for stroke in hand.DIGITS[5]]
    there = draw(strokes, 12, (140, 140))
    back = draw([stroke[::-1] for stroke in strokes[::-1]], 12, (140, 140))
    np.testing.assert_allclose(there, back, atol=1e-4)


@pytest.mark.parametrize(("size", "brush"), [(260, 12), (260, PAD["brush"]), (130, 34)])
def test_a_picture_is_black_ink_in_alpha_with_a_clear_margin(size, brush):
    image = picture([np.array(stroke, np.float32) for stroke in hand.DIGITS[3]], size, brush)
    assert image.dtype == np.uint8
    assert image.shape[2] == 4
    alpha = image[..., 3]
    assert not image[..., :3].any()
    assert alpha.max() == 255
    assert not (alpha[0].any())
    assert not (alpha[-1].any())
    assert not (alpha[:, 0].any())
    assert not (alpha[:, -1].any())
    rows = np.flatnonzero((alpha > 127).any(axis=1))
    assert rows[-1] + 1 - rows[0] == pytest.approx(size + brush, abs=2)


def test_a_picture_of_one_point_is_a_dot():
    image = picture([np.array([[0.3, 0.3]], np.float32)], 260, 20)
    assert (image[..., 3] > 127).sum() == pytest.approx(np.pi * 100, rel=0.05)
