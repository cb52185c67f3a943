"""The page's own MicroPython makes of strokes what CPython makes of them: features, and first guesses."""

import gzip
import json
from itertools import islice
from pathlib import Path

from building.common import ROOT
from building.page.assembly import pen_of
from building.page.making import files_of
from tests.app.pen.answers import answers

DIGITS, LINES = 1000, 40


def strokes_of(path, count):
    with gzip.open(path) as lines:
        return [json.loads(line)["strokes"] for line in islice(lines, count)]


def test_micropython_makes_the_same_of_strokes(in_micropython, shared_data):
    files = pen_of(files_of(ROOT / "site"))
    data = files.pop("pen/pen.bin")
    sources = {path: source.decode() for path, source in files.items()}
    sources["answers.py"] = Path(__file__).with_name("answers.py").read_text("utf-8")
    cases = [
        strokes_of(shared_data / "real" / "strokes-digits.jsonl.gz", DIGITS),
        strokes_of(shared_data / "real" / "strokes-numbers.jsonl.gz", LINES),
        data.hex(),
    ]
    found, expected = in_micropython(sources, cases), json.loads(json.dumps(answers(cases)))
    assert [len(each) for each in found] == [DIGITS, LINES]
    assert max(abs(a - b) for there, here in zip(found[0], expected[0]) for a, b in zip(there, here)) < 1e-3
    assert {len(each) for each in found[0]} == {154}
    assert found[1] == expected[1]
