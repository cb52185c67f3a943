"""python -m training report: one page that stands alone, with the figures that evaluate prints."""

import json
import math
import re
import shutil
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from number_reader.storage import model as model_file
from tests.training.conftest import make_quick
from training.__main__ import main
from training.measuring.bars import Bar, bars
from training.report.accuracy import span
from training.report.charts import Axis, Series, chart, log_ticks, ticks
from training.report.curves import stratified, write_kept
from training.report.markup import Markup, document, table, tag
from training.report.provenance import provenance, sha256
from training.report.writing import _finite, paths_in

HOSTILE = 'a<img src="http://evil.example/x.png" onerror=alert(1)>&\'".png'


def make_small(patch):
    """Fewer made-up marks, drawings to time and items to learn from; nothing else differs."""
    make_quick(patch)
    patch.setattr("training.synthesis.scribbles.COUNT", 60)
    patch.setattr("training.report.findings.COUNT", 4)
    patch.setattr("training.report.curves.LEARNING_SIZES", (100, 300))


@pytest.fixture
def small(monkeypatch):
    make_small(monkeypatch)


@pytest.fixture(scope="session")
def report(embedded_model, tmp_path_factory):
    """The report of scikit-learn's digits: the page, its root element, and the figures."""
    folder = tmp_path_factory.mktemp("report")
    with pytest.MonkeyPatch.context() as patch:
        make_small(patch)
        patch.chdir(folder)
        assert main(["report", "--model", str(embedded_model), "--json"]) == 0
    text = (folder / "build" / "report.html").read_text("utf-8")
    return text, ElementTree.fromstring(text), json.loads((folder / "build" / "report.json").read_text())


def test_the_page_is_well_formed_and_has_its_parts(report):
    _, root, _ = report
    assert root.get("lang") == "en"
    assert root.find("head/title").text
    headings = [heading.get("id") for heading in root.iter("h2")]
    links = [link.get("href") for link in root.iter("a")]
    assert links == [f"#{name}" for name in headings]
    assert len(headings) == 14
    assert len(list(root.iter("h1"))) == 1
    tables = list(root.iter("table"))
    assert len(tables) >= 8
    for each in tables:
        assert "".join(each.find("caption").itertext()).strip()
        widths = {len(row) for row in each.iter("tr")}
        assert len(widths) == 1, "rows of a table differ in length"
    for image in root.iter("img"):
        assert image.get("alt")
        assert image.get("width")
        assert image.get("height")
    for drawing in root.iter("svg"):
        assert drawing.get("aria-label") or drawing.get("aria-hidden") == "true"


def test_nothing_is_fetched(report):
    text, root, _ = report
    assert not list(root.iter("script"))
    assert not list(root.iter("link"))
    assert not list(root.iter("iframe"))
    for element in root.iter():
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            if name in ("src", "href", "srcset", "data", "action"):
                assert value.startswith(("data:image/png;base64,", "#"))
    assert "url(" not in text
    assert "@import" not in text
    (policy,) = [meta for meta in root.iter("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    assert policy.get("content").startswith("default-src 'none'")


def test_figures_are_those_of_evaluate(report, embedded_model, capfd):
    text, _, figures = report
    assert main(["evaluate", "--model", str(embedded_model), "--json"]) == 0
    wanted = json.loads(capfd.readouterr().out)["datasets"][0]
    got = figures["datasets"][0]
    for each in (wanted, got):
        each.pop("milliseconds_per_digit")
    assert got == wanted
    assert f"<td>{wanted['error_percent']:.2f}</td>" in text
    assert span(wanted["error_interval"]) in text


def test_the_curves_end_where_the_model_is(report, embedded_model):
    _, _, figures = report
    scores, kept = figures["datasets"][0], figures["frontier"]
    assert kept[-1]["size"] == figures["model"]["vectors"]
    assert kept[-1]["bytes"] == embedded_model.stat().st_size
    assert 100 * kept[-1]["wrong"]["embedded"] / kept[-1]["count"]["embedded"] == pytest.approx(
        scores["error_percent"], abs=0.6
    )
    names = {point["classifier"] for point in figures["learning_curve"]}
    assert len(names) == 4
    assert {point["size"] for point in figures["learning_curve"]} == {100, 300}


def test_what_it_was_made_from_is_told(report, embedded_model):
    text, _, figures = report
    origin = figures["provenance"]
    assert origin["files"][0]["sha256"] == sha256(embedded_model)
    assert origin["files"][0]["sha256"] in text
    assert origin["command"].startswith("python -m training report --model ")
    assert origin["machine"]
    assert re.search("numpy [0-9]", origin["software"])


def test_a_report_of_strokes_tells_writers_brushes_numbers_and_refusals(embedded_model, small_strokes, tmp_path, small):
    output = tmp_path / "strokes.html"
    arguments = ["report", "--brief", "--model", embedded_model, "--data", small_strokes, "--output", output]
    assert main(list(map(str, arguments))) == 0
    text = output.read_text("utf-8")
    root = ElementTree.fromstring(text)
    captions = ["".join(each.itertext()) for each in root.iter("caption")]
    for words in ("Error by brush", "Error by writer", "Refused at some limits", "AUROC", "one thread"):
        assert any(words in caption for caption in captions), words
    assert "Left out (--brief)" in text
    assert not output.with_suffix(".json").exists()


def test_names_can_not_become_markup(embedded_model, folder, tmp_path, small):
    hostile = tmp_path / HOSTILE.replace("/", "∕")
    shutil.copytree(folder, hostile)
    output = tmp_path / "report.html"
    arguments = ["report", "--brief", "--model", embedded_model, "--data", hostile, "--output", output]
    assert main(list(map(str, arguments))) == 0
    root = ElementTree.fromstring(output.read_text("utf-8"))
    assert all(image.get("src").startswith("data:") for image in root.iter("img"))
    assert hostile.name in "".join(root.itertext())


@given(st.text(alphabet=st.characters(), max_size=20))
def test_any_text_stays_text(value):
    page = document(value, tag("p", value), [("name", value, table(value, [value], [(value, value)]))])
    root = ElementTree.fromstring(page.encode())
    shown = "".join(c if c.isprintable() or c in "\n\u00a0" else "\ufffd" for c in value)
    assert root.find("head/title").text == (shown or None)
    assert len(root.findall(".//td")) == 1
    assert not isinstance(value, Markup)


def test_a_bad_place_for_the_report_is_said_before_anything_is_measured(tmp_path, capfd):
    (tmp_path / "taken").write_bytes(b"")
    assert main(["report", "--output", str(tmp_path / "taken" / "report.html")]) == 1
    out, err = capfd.readouterr()
    assert out == ""
    assert err.startswith("report: ")
    assert len(err.splitlines()) == 1


def test_a_folder_of_data_sets_is_taken_apart_and_a_folder_of_digits_is_not(tmp_path, folder):
    (tmp_path / "real").mkdir()
    for name in ("mnist.npz", "real/photos.json", "real/a.jsonl.gz", "b.zip", "notes.txt"):
        (tmp_path / name).touch()
    names = {path.relative_to(tmp_path).as_posix() for path in paths_in([tmp_path])}
    assert names == {"mnist.npz", "real/photos.json", "real/a.jsonl.gz", "b.zip"}
    assert paths_in([folder]) == [folder]
    assert [path.name for path in paths_in(["nothing", "mnist.npz"])] == ["nothing", "mnist.npz"]


# Charts.


@given(st.floats(-1e4, 1e4), st.floats(1e-3, 1e5))
def test_ticks_are_few_even_and_inside(low, size):
    found = ticks(low, low + size)
    assert 1 <= len(found) <= 8
    assert all(low - 1e-6 * size <= value <= low + size * (1 + 1e-6) for value in found)
    steps = np.diff(found)
    assert np.allclose(steps, steps[0] if len(steps) else 0)


@given(st.floats(0.01, 1e5), st.floats(1.5, 1e6))
def test_log_ticks_are_few_and_inside(low, times):
    found = log_ticks(low, low * times)
    assert len(found) <= 13
    assert all(low * 0.99 <= value <= low * times * 1.01 for value in found)


@given(st.lists(st.tuples(st.floats(-50, 200), st.floats(-50, 200)), min_size=1, max_size=12), st.booleans())
def test_a_chart_stays_inside_its_frame(points, log):
    x = Axis("size", 1, 100, log)
    series = Series("a", points, [(a - 1, a + 1) for _, a in points])
    drawing = ElementTree.fromstring(chart("title", x, Axis("wrong", 0, 100), [series, series])).find("svg")
    _, _, width, height = map(float, drawing.get("viewBox").split())
    for line in drawing.iter("polyline"):
        for pair in line.get("points").split():
            a, b = map(float, pair.split(","))
            assert 0 <= a <= width
            assert 0 <= b <= height
    assert all(math.isfinite(float(line.get(key))) for line in drawing.iter("line") for key in ("x1", "x2", "y1", "y2"))


# Vectors kept.


def test_keeping_every_vector_gives_the_same_file(embedded_model, tmp_path):
    loaded = model_file.load(embedded_model)
    write_kept(tmp_path / "kept.npz", loaded, np.arange(len(loaded.labels)))
    again = model_file.load(tmp_path / "kept.npz")
    assert (again.vectors == loaded.vectors).all()
    for name in ("linear", "kernels", "mixing", "bias"):
        assert np.allclose(getattr(again.embedding, name), getattr(loaded.embedding, name), rtol=1e-5), name
    assert (again.labels == loaded.labels).all()
    assert again.refuse_above == loaded.refuse_above


@given(st.lists(st.integers(0, 5), min_size=1, max_size=60).map(sorted), st.floats(0.02, 1))
def test_a_stratified_choice_has_every_label_in_its_share(labels, share):
    labels = np.array(labels)
    kept = stratified(labels, share * len(labels))
    assert (np.diff(kept) > 0).all()
    for label in np.unique(labels):
        own, left = (labels == label).sum(), (labels[kept] == label).sum()
        assert left >= 1
        assert abs(left - share * own) <= 1


# Bars.


@pytest.mark.parametrize(
    ("bar", "verdict"),
    [
        (Bar("a", 0.5, 0.5, "%"), "met"),
        (Bar("a", 0.51, 0.5, "%"), "missed"),
        (Bar("a", 90.0, 90, "%", at_least=True), "met"),
        (Bar("a", 89.9, 90, "%", at_least=True), "missed"),
        (Bar("a", None, 90, "%"), "not measured"),
    ],
)
def test_a_bar_is_met_at_its_limit(bar, verdict):
    assert bar.verdict == verdict
    assert bar.met == (verdict == "met")


def test_bars_take_their_figures_from_the_scores():
    result = {
        "model": {"bytes": 1_100_000},
        "datasets": [
            {"name": "m", "kind": "mnist", "error_percent": 0.4, "calibration_error_percent": 0.3},
            {
                "name": "s",
                "kind": "strokes",
                "error_percent": 9,
                "calibration_error_percent": 1.2,
                "by_variant": {
                    "thin brush": {"error_percent": 1, "read_error_percent": 1.5},
                    "pad's brush": {"error_percent": 2, "read_error_percent": 2.5},
                    "thick brush": {"error_percent": 3, "read_error_percent": 3.5},
                    "small, pad's brush": {"error_percent": 50},
                },
                "with_strokes": {"error_percent": 0.9, "read_error_percent": 1.3},
            },
            {"name": "n", "kind": "strokes", "exact_percent": 91, "exact_with_strokes_percent": 94},
            {"name": "x", "kind": "strokes", "rejected_percent": 10, "rejected_at_one_percent": 80},
            {"name": "scribbles", "kind": "scribbles", "rejected_percent": 99, "rejected_at_one_percent": 99},
            {
                "name": "p",
                "kind": "photos",
                "error_percent": 5,
                "by_sort": {
                    "paper photographs": {"count": 20, "wrong": 2},
                    "other pictures": {"count": 12, "wrong": 1},
                },
            },
        ],
        "refusal": [
            {"digits": "m", "not_digits": "x", "auroc": 0.5},
            {"digits": "s", "not_digits": "x", "auroc": 0.97},
        ],
    }
    latency = {"digit_milliseconds": {"median": 2}, "number_milliseconds": {"median": 26}}
    expressions = {
        "real expressions, strokes known": {"symbols": 93.0, "short_exact": 84.9},
        "real expressions, pixels only": {"symbols": 88.0},
        "made strings, strokes known": {
            "marks": {".": (95, 9), ",": (89.9, 9), "+": (99, 9)},
            "gained": 1,
            "lost": 1.1,
        },
        "made sums, strokes known": {"exact": 80},
    }
    found = bars(result, latency, expressions)
    others = [0.4, 1.1, 2.0, 0.9, 2.5, 1.3, 91, 94, 2, 1, 80, 0.97, 0.3, 1.2, 2, 26]
    assert [bar.measured for bar in found] == [*others, 93.0, 84.9, 88.0, 89.9, 1, 1.1, 80]
    missed = {bar.name for bar in found if not bar.met}
    assert len(missed) == 13
    assert "other pictures, test half, wrong of 12" in missed
    assert "made strings, the mark least often read (,)" in missed
    poor = {
        "real expressions, strokes known": {"symbols": 92.9, "short_exact": None},
        "real expressions, pixels only": {"symbols": 87.9},
        "made strings, strokes known": {"marks": {".": (0, 9)}, "gained": 1.1, "lost": 1.1},
        "made sums, strokes known": {"exact": 79.9},
    }
    assert not any(bar.met for bar in bars({"model": {"bytes": 9e9}, "datasets": [], "refusal": []}, {}, poor))


def test_json_has_null_for_what_is_no_number():
    assert _finite({"a": [1.5, math.inf, (math.nan, "x")]}) == {"a": [1.5, None, [None, "x"]]}


def test_files_are_named_by_their_hash(tmp_path):
    (tmp_path / "a b").write_bytes(b"abc")
    origin = provenance(["report", "--data", "a b"], [tmp_path / "a b", tmp_path])
    assert origin["command"] == "python -m training report --data 'a b'"
    assert [each["bytes"] for each in origin["files"]] == [3]
    assert origin["files"][0]["sha256"].startswith("ba7816bf")
