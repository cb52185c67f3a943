"""What evaluate counts beyond errors: refusals, calibration, whole numbers, pictures by sort, and time."""

import gzip
import json

import numpy as np
import pytest
from PIL import Image
from sklearn.metrics import roc_auc_score

from number_reader import Recognizer
from tests.training.conftest import write_lines
from training.data import splits
from training.data.datasets import NOT_A_DIGIT
from training.data.opening import open_dataset
from training.data.photos import DEVELOPMENT, OTHER, PAPER
from training.data.strokes import PAD
from training.learning import limits
from training.learning.prepare import glyph_of
from training.measuring import leakage
from training.measuring.evaluate import evaluate, score, summary
from training.measuring.observe import NUMBER, drawn_once, observe
from training.measuring.speed import drawings, latency


@pytest.fixture(scope="module")
def recognizer(embedded_model):
    return Recognizer.load(embedded_model)


@pytest.fixture(scope="module")
def strokes(small_strokes):
    return open_dataset(small_strokes)


@pytest.fixture(scope="module")
def observed(recognizer, strokes):
    return observe(recognizer, strokes, splits.VALIDATION, progress=False)


def test_every_drawing_of_the_split_is_observed_once(observed, strokes):
    wanted = [(i, v) for i in np.flatnonzero(strokes.split == splits.VALIDATION) for v in range(4)]
    assert list(zip(observed.item, observed.variant)) == wanted
    assert (observed.truth == strokes.labels[observed.item]).all()
    once = drawn_once(observed)
    assert (observed.variant[once] == 1).all()
    assert observed.is_digit[once].all()
    assert len(once) * 4 == observed.is_digit.sum()


def test_what_is_observed_is_what_the_recognizer_says(observed, recognizer, strokes):
    for position in range(0, len(observed.item), 37):
        picture = strokes.picture(observed.item[position], observed.variant[position])
        reading = recognizer.read(picture)
        assert observed.misread[position] == (reading.text != strokes.texts[observed.item[position]])
        single = reading.digits[0] if len(reading.digits) == 1 else recognizer.recognize(glyph_of(picture))
        assert observed.doubt[position] == single.doubt
        if observed.truth[position] == NOT_A_DIGIT:
            assert observed.refused[position] == all(digit.label is None for digit in reading.digits)
            least = min((digit.doubt for digit in reading.digits), default=np.inf)
            assert observed.doubt_as_read[position] == least
        else:
            assert (observed.answer[position], observed.confidence[position]) == single.candidates[0]
            assert (observed.glyphs[position] == single.glyph).all()


def test_auroc_and_calibration_are_of_what_was_observed(observed, recognizer, embedded_model):
    result = summary(embedded_model, recognizer, [observed])
    digit, mark = observed.is_digit, observed.truth == NOT_A_DIGIT
    (pair,) = result["refusal"]
    wanted = roc_auc_score(mark[digit | mark], np.minimum(observed.doubt[digit | mark], 1e9))
    assert pair["auroc"] == pytest.approx(wanted, abs=1e-4)
    scores = result["datasets"][0]
    right = observed.answer[digit] == observed.truth[digit]
    bins = np.minimum((observed.confidence[digit] * 15).astype(int), 14)
    gaps = [abs((observed.confidence[digit] - right)[bins == b].sum()) for b in range(15)]
    assert scores["calibration_error_percent"] == pytest.approx(100 * sum(gaps) / digit.sum(), abs=0.002)


def test_another_limit_of_doubt_is_kept_beside_the_model(observed, recognizer, embedded_model, tmp_path):
    model = tmp_path / "m.npz"
    model.write_bytes(embedded_model.read_bytes())
    assert limits.read(model) is None
    assert "refused_at_one_percent" not in summary(model, recognizer, [observed])["datasets"][0]
    limit = float(np.median(observed.doubt[observed.is_digit]))
    limits.write(model, limit)
    result = summary(model, recognizer, [observed])
    assert result["model"]["refuse_one_percent"] == pytest.approx(limit, abs=1e-6)
    assert result["datasets"][0]["refused_at_one_percent"] == pytest.approx(50, abs=1)
    marks = observed.doubt[observed.truth == NOT_A_DIGIT]
    assert result["datasets"][0]["rejected_at_one_percent"] == pytest.approx(100 * np.mean(marks > limit), abs=0.001)
    limits.path_for(model).write_text("[nonsense")
    assert limits.read(model) is None


def test_numbers_are_read_without_and_with_the_pen(recognizer, shared_data, tmp_path, embedded_model):
    with gzip.open(shared_data / "real" / "strokes-numbers.jsonl.gz") as file:
        lines = [json.loads(line) for line in file.read().splitlines()]
    dataset = open_dataset(write_lines(tmp_path / "n.jsonl.gz", lines[::15]))
    side = max((splits.TRAIN, splits.VALIDATION), key=lambda name: (dataset.split == name).sum())
    seen = observe(recognizer, dataset, side, progress=False)
    assert len(seen.item) > 3
    assert (seen.variant == 1).all()
    assert (seen.truth == NUMBER).all()
    for position, item in enumerate(seen.item):
        picture, pen = dataset.picture(item, 1), dataset.pen(item, 1)
        assert seen.misread[position] == (recognizer.read(picture).text != dataset.texts[item])
        assert seen.misread_with_pen[position] == (recognizer.read(picture, strokes=pen).text != dataset.texts[item])
    scores = score(seen)
    assert scores["exact_percent"] == pytest.approx(100 * (1 - seen.misread.mean()), abs=0.001)
    assert scores["exact_with_strokes_percent"] == pytest.approx(100 * (1 - seen.misread_with_pen.mean()), abs=0.001)


def test_digits_are_read_with_the_pen_too_where_the_pads_brush_drew_them(recognizer, shared_data, tmp_path):
    with gzip.open(shared_data / "real" / "strokes-digits.jsonl.gz") as file:
        lines = [json.loads(line) for line in file.read().splitlines()]
    dataset = open_dataset(
        write_lines(tmp_path / "d.jsonl.gz", [each for each in lines if len(each["strokes"]) > 1][::90])
    )
    seen = observe(recognizer, dataset, splits.TRAIN, progress=False)
    once = seen.variant == 1
    readings = [recognizer.read(dataset.picture(i, 1), dataset.pen(i, 1)) for i in seen.item[once]]
    misread = [reading.text != dataset.texts[i] for reading, i in zip(readings, seen.item[once])]
    assert seen.misread_with_pen[once].tolist() == misread
    answers = [r.digits[0].candidates[0][0] if len(r.digits) == 1 else None for r in readings]
    assert all(answer in (None, kept) for answer, kept in zip(answers, seen.answer_with_pen[once]))
    scores = score(seen)["with_strokes"]
    assert scores["read_error_percent"] == pytest.approx(100 * np.mean(misread), abs=0.001)
    assert scores["error_percent"] <= scores["read_error_percent"] + 100 * np.mean([a is None for a in answers])


def test_pictures_are_counted_by_sort_and_half(recognizer, tmp_path, embedded, embedded_model):
    entries = []
    for i in range(24):
        pixels = np.pad(np.kron(embedded.pixels[i], np.ones((4, 4), np.uint8)), 8)
        Image.fromarray(pixels).save(tmp_path / f"{i}.png")
        kind = "paper_photo" if i % 2 else "drawn"
        entries.append({"file": f"{i}.png", "lines": [embedded.texts[i]], "kind": kind, "source": str(i)})
    entries[0]["lines"] = ["123"]  # a mistake for certain, whichever half it falls into
    path = tmp_path / "photos.json"
    path.write_text(json.dumps(entries))
    halves = [
        evaluate(embedded_model, [open_dataset(path)], half, progress=False) for half in (splits.TEST, DEVELOPMENT)
    ]
    counted = [half["datasets"][0]["by_sort"] for half in halves]
    assert all(set(each) <= {PAPER, OTHER} for each in counted)
    for sort in (PAPER, OTHER):
        assert sum(each.get(sort, {"count": 0})["count"] for each in counted) == 12
    assert sum(each.get(OTHER, {"wrong": 0})["wrong"] for each in counted) >= 1
    assert {half["datasets"][0].get("numbers", 0) for half in halves} == {0, 1}


# Time.


def test_pads_are_drawn_with_the_digits_of_one_writer_side_by_side(strokes):
    for digits in (1, 2):
        pads = drawings(strokes, digits, 6, splits.TRAIN)
        assert len(pads) == 6
        for pad in pads:
            assert pad.shape == (PAD["height"], PAD["width"], 4)
            assert not pad[..., :3].any()
            ink = pad[..., 3] > 0
            rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
            assert not ink[0].any()
            assert not ink[-1].any()
            assert not ink[:, 0].any()
            assert not ink[:, -1].any()
            assert abs(rows[0] + rows[-1] - PAD["height"] + 1) <= 2
            assert digits == 2 or abs(columns[0] + columns[-1] - PAD["width"] + 1) <= 2
            halves = ink[:, : PAD["width"] // 2].any(), ink[:, PAD["width"] // 2 :].any()
            assert all(halves)
    again = drawings(strokes, 2, 6, splits.TRAIN)
    assert all((a == b).all() for a, b in zip(pads, again, strict=True))
    assert drawings(strokes, 10_000, 3, splits.TRAIN) == []


def test_latency_has_a_median_and_a_95th_percentile(recognizer, strokes):
    times = latency(recognizer, strokes, splits.TRAIN, count=3, progress=False)
    assert set(times) <= {"digit_milliseconds", "number_milliseconds"}
    assert times["digit_milliseconds"]["median"] > 0
    assert all(each["median"] <= each["p95"] for each in times.values())


# Leakage.


def test_leakage_holds_out_whole_drawings(kaggle_zip, recognizer, observed):
    kaggle = open_dataset(kaggle_zip)
    assert leakage.usable(kaggle)
    tests = leakage.measure(kaggle, [observed], recognizer, count=400, progress=False)
    assert [test.part for test in tests] == ["", "a", "b", "c", "d", ""]
    assert [test.unseen for test in tests] == [False, True, False, False, False, False]
    assert tests[0].count == 80
    assert sum(test.count for test in tests[1:5]) == 400
    held = [sum(test.wrong[name] for test in tests[1:5]) / 400 for name in ("pixels", "features")]
    # Few files make leaks smaller, not absent; held-out drawings are hard for plain pixels.
    assert held[0] > tests[0].wrong["pixels"] / 80
    assert held[0] > held[1]
    assert tests[5].count == len(drawn_once(observed))
    assert tests[5].wrong["shipped"] == observed.wrong[drawn_once(observed)].sum()


def test_leakage_needs_the_drawings_known(small_zip):
    assert not leakage.usable(open_dataset(small_zip))
