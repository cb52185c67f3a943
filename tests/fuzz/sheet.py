"""The doors of the page's own Python that a text comes in by: tables that are pasted, sums, and files of a kept sheet."""

import json
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "site"))  # the page's Python is in no package

from app.sheet import amounts, column, delimited, expressions
from app.sheet.keeping import own_file
from tests.fuzz.door import Door

CELLS = (
    "", "1", "-5", "1,5", "1.234,50", "(12)", "=1+1", "+1+2", "@x", "'=1", "5%", "$3", "12/27/93", "Milk, 2", "a;b", "é",
    "\U0001f4a3", 'say "x"', "a\nb", "a\tb", "\r", "\ufeff", "x" * 999, "9" * 60, "\ud800", "\0",
)  # fmt: skip
PIECES = ("\t", "\n", "\r", "\r\n", ",", ";", '"', '""', '"\t', '\t"', "'", "=", "1", "a", "é", " ")
SYMBOLS = (
    *"0123456789.,-+/:%()$=×?' ",
    "12",
    "1,234",
    "0.5",
    "(",
    ")",
    "×9999999",
    "/9999999",
    "+1/7",
    "-",
    "\u2212",
    "*",
    "a",
    "\n",
)


def table(rng):
    """(a text, the sign before decimals): one that went out, one that was damaged, or none of either."""
    sign, way = rng.choice((None, ".", ",")), rng.randrange(8)
    if way < 4:
        width, height = rng.choice((1, 2, 3, 49, 52)), rng.choice((0, 1, 3, 30, 2_001))
        height = height if width < 4 else min(height, 30)
        rows = [[rng.choice(CELLS) for _ in range(rng.choice((width, width, 1)))] for _ in range(height)]
        text = delimited.tsv(rows) if way < 2 or any("\ud800" in row for row in rows) else delimited.csv(rows, sign)
        for _ in range(rng.choice((0, 0, 1, 5))):
            at = rng.randrange(len(text) + 1)
            text = text[:at] + rng.choice(PIECES) + text[at + rng.randrange(3) :]
        return text, sign
    some = rng.sample(PIECES, rng.randint(1, 4))
    if way == 4:
        return "".join(some) * rng.choice((1, 100, 50_000, 200_000)), sign
    return "".join(rng.choices(some, k=rng.choice((0, 3, 30, 3_000)))), sign


def paste(made):
    text, decimal = made
    rows = delimited.table_of(text, decimal)
    assert len(rows) <= delimited.MOST_ROWS
    assert all(0 < len(row) <= delimited.MOST_COLUMNS for row in rows)
    for again in (delimited.tsv(rows), delimited.csv(rows, decimal)):
        if len(again) <= delimited.LONGEST:
            assert delimited.table_of(again) == rows
    column.compared([row[-1] for row in rows], decimal)
    return "a table" if rows else "an empty table"


def line(rng):
    """(a text, the sign before decimals): symbols in any order, more or less like sums."""
    some = rng.sample(SYMBOLS, rng.randint(1, len(SYMBOLS)))
    text = "".join(rng.choices(some, k=rng.choice((0, 1, 3, 8, 20, 60, 300, 100_000))))
    return text + rng.choice(("", "=", "=", "=1")), rng.choice((None, ".", ","))


def calculate(made):
    text, decimal = made
    verdict = expressions.evaluate(text, decimal)
    assert ("?" in text) <= (verdict.value is None)
    assert ("=" in text) or verdict.kind in ("nothing", "offered")
    assert len(verdict.shown) <= 2 * expressions.LARGEST
    assert len(verdict.said) <= 2 * expressions.LONGEST + 100
    assert (amounts.parse(text, decimal) is None) == bool(amounts.why_not(text, decimal))
    return verdict.kind


def sheet_file(rng):
    """The bytes of a saved sheet, whole, damaged, or of other JSON."""

    def entry():
        return rng.choice((None, [rng.choice(CELLS[:-2]), rng.random() < 0.5, "a.jpg", rng.choice((0, 0, 7, 900))]))

    width, height = rng.choice((0, 1, 4, 60)), rng.choice((0, 1, 30, 25_000))
    rows = [[entry() for _ in range(width)] for _ in range(min(height, 2_000) if width else height)]
    if rng.random() < 0.2:
        text = json.dumps(rng.choice((None, {}, [[["1", 0, 0, 0]]], [[[]]], [[["1", False, "", -1]]], "x" * 99)))
        data = f"{own_file.MAGIC} {own_file.VERSION} {len(text)}\n{text}".encode()
    else:
        size = sum(each[3] for row in rows for each in row if each)
        data = own_file.first_part(rows).encode() + bytes(size)
    if rng.random() < 0.2:
        data = data.split(b"\n")[0] + b"\n" + b"[" * rng.choice((10, 100_000))
    for _ in range(rng.choice((0, 0, 1, 5))):
        at = rng.randrange(len(data) + 1)
        data = data[:at] + rng.randbytes(rng.choice((0, 1, 3))) + data[at + rng.randrange(3) :]
    return data[: rng.randrange(len(data) + 1)] if rng.random() < 0.2 else data


def open_sheet(data):
    start, end = own_file.start_of(data[: own_file.HEAD], len(data))
    table = own_file.table_of(data[start:end].decode("utf-8", "replace"), len(data) - end)
    assert len(table) <= own_file.MOST_ROWS
    assert all(each is None or 0 <= each[3] <= each[4] <= len(data) for row in table for each in row)
    return "a sheet" if table else "an empty sheet"


DOORS = (
    Door("table", table, paste, (delimited.TableError,), 30),
    Door("expression", line, calculate, (), 30),
    Door("sheet-file", sheet_file, open_sheet, (own_file.FileError,), 200),
)
