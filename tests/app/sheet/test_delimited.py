"""Tables go to spreadsheets and come back the same; what spreadsheets give is taken; no cell becomes a formula."""

import csv as python_csv
import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.sheet import delimited
from app.sheet.delimited import TableError, csv, plain, table_of, tsv

CELLS = st.text("0123456789.,-+%=@;'\"\t\n\r a€\ufeff", max_size=5) | st.text(max_size=5)
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=3), max_size=4)
SIGNS = st.sampled_from([".", ",", None])


@given(ROWS)
@example([["1,5"], ["Milk, 2"]])
@example([["\ufeff"]])
@example([["a,b"], ["c;d"]])
@settings(max_examples=200)
def test_what_goes_to_the_clipboard_comes_back(rows):
    assert table_of(tsv(rows)) == rows


@given(ROWS, SIGNS)
@example([["1", "234"], ["1,5"]], ".")
@example([["1", "5"], ["2", "7"]], None)
@settings(max_examples=200)
def test_what_goes_to_a_file_comes_back(rows, decimal):
    text = csv(rows, decimal)
    assert table_of(text, decimal) == table_of(text) == rows


@given(ROWS, SIGNS)
def test_others_read_the_file_the_same(rows, decimal):
    text = csv(rows, decimal).removeprefix("\ufeff")
    read = list(python_csv.reader(io.StringIO(text, newline=""), delimiter=";" if decimal == "," else ","))
    assert read == [[delimited._safe(cell) for cell in row] for row in rows]


@given(CELLS)
@example("=1")
@example(" =1")
@example("''=1")
def test_no_cell_can_become_a_formula(cell):
    for text, delimiter in ((tsv([[cell, "x"]]), "\t"), (csv([[cell, "x"]], "."), ",")):
        reader = python_csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter)
        [[shown, _]] = reader
        assert delimited._is_amount(cell) or not shown.lstrip(" ").startswith(delimited.FORMULA)


@pytest.mark.parametrize("cell", ["-5", "+5", "-1,234.50", "-$5", "+.5", "-1.234", " -5", "(12)", "5", "12+7=19"])
def test_numbers_stay_numbers(cell):
    assert tsv([[cell, "x"]]) == f"{cell}\tx"


@pytest.mark.parametrize("cell", ["=1+1", "+1+1", "-2+3=", "@SUM(A1)", "- 5", " =1", "'=1", "'-5", "\uff1d1"])
def test_what_looks_like_a_formula_gets_an_apostrophe(cell):
    assert tsv([[cell, "x"]]) == f"'{cell}\tx"
    assert csv([[cell]], ".").removeprefix("\ufeff") == f"'{cell}\r\n"


def test_files_are_as_spreadsheets_of_the_language_take_them():
    rows = [["1.5", "2"], ["a,b", 'say "x"'], ["", "y"], [""]]
    assert csv(rows, ".") == '1.5,2\r\n"a,b","say ""x"""\r\n,y\r\n""\r\n'
    assert csv([["1,5", "2"]], ",") == '"1,5";2\r\n'
    assert csv([["3×4"]], ".") == "\ufeff3×4\r\n"
    assert csv([["a,b", "c"]], None)[0] == '"'
    assert csv([], ".") == tsv([]) == ""


def test_a_file_of_numbers_is_quoted_once_where_it_could_be_one_column():
    assert csv([["1", "5"], ["2", "7"]], ".") == '"1","5"\r\n2,7\r\n'
    assert csv([["1", "5", "3"], ["2", "7"]], ".") == "1,5,3\r\n2,7\r\n"


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", []), ("5", [["5"]]), ("5\n", [["5"]]), ("\n", [[""]]), ("1\t2\r\n3\t4\r\n", [["1", "2"], ["3", "4"]]),  # Excel
        ("1\t2\n3\t4", [["1", "2"], ["3", "4"]]), ("1\t2\r3\t4\r", [["1", "2"], ["3", "4"]]),  # Google; an old Macintosh
        ('"a\nb"\t2\r\n', [["a\nb", "2"]]), ('"a\tb"\t""', [["a\tb", ""]]), ('"say ""x"""\t2', [['say "x"', "2"]]),
        ('5" pipe\t2\n', [['5" pipe', "2"]]), ('"5\t2', [['"5', "2"]]), ('"5" pipe\t"2', [['"5" pipe', '"2']]),
        ("1\t\n\t2\n", [["1", ""], ["", "2"]]), ("1\n\n2", [["1"], [""], ["2"]]), ("\ufeff1\t2", [["1", "2"]]),
        ("1;2,5\n3;4", [["1", "2,5"], ["3", "4"]]), ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]), ("1,2,3", [["1", "2", "3"]]),
        ('"1,5";"2"\r\n', [["1,5", "2"]]), ('"a;b",c\r\n', [["a;b", "c"]]), ('x,"a\tb"\r\n', [["x", "a\tb"]]),
        ("1,5\n2,5\n", [["1,5"], ["2,5"]]), ("1,234\n5,678", [["1,234"], ["5,678"]]), ("'=1\t2", [["=1", "2"]]),
        ("'tis\t'5", [["'tis", "'5"]]), ("1\t2\n\n", [["1", "2"], [""]]), ("=A1\t2", [["=A1", "2"]]),
    ],
)  # fmt: skip
def test_what_spreadsheets_give(text, rows):
    assert table_of(text) == rows


def test_the_sign_before_decimals_tells_columns_from_commas():
    assert table_of("1,2\n3,4", ".") == [["1", "2"], ["3", "4"]]
    assert table_of("1,2\n3,4", ",") == [["1,2"], ["3,4"]]
    assert table_of("1,234\n5,678", ".") == [["1,234"], ["5,678"]]
    assert table_of("Milk, bread", ",") == [["Milk, bread"]]


@pytest.mark.parametrize(
    ("text", "why"),
    [("x" * 200_001, "The text has more than 200,000 characters."), ("x" * 1001, "A cell has more than 1,000 characters."),
     ("\t" * 50, "A row has more than 50 cells."), ("1\n" * 2001, "The table has more than 2,000 rows."),
     ("\ud800", "The text is not valid Unicode.")],
)  # fmt: skip
def test_what_is_too_much_is_refused_with_a_sentence(text, why):
    with pytest.raises(TableError) as refused:
        table_of(text)
    assert str(refused.value) == why


def test_what_is_just_not_too_much_is_taken():
    assert len(table_of("1\n" * 2000)) == 2000
    assert len(table_of("\t" * 49)[0]) == 50
    assert table_of("x" * 1000) == [["x" * 1000]]


def test_amounts_go_plain():
    rows = [["1,234.50", "Milk", "(12)"], ["\u22125", "12:30", "1?"]]
    assert plain(rows, ".") == [["1234.50", "Milk", "-12"], ["-5", "12:30", "1?"]]
    assert plain([["1.234", "1.234,5"]], ",") == [["1234", "1234,5"]]
    assert plain([["1.234"]], None) == [["1.234"]]


@given(st.text("1,;\"\t\r\n'=a", max_size=30), SIGNS)
@settings(max_examples=200)
def test_any_text_is_a_table(text, decimal):
    rows = table_of(text, decimal)
    assert all(rows)
    assert sum(map(len, rows)) <= len(text) + 1


@pytest.mark.parametrize("rows", [[["\n1,5"]], [["\r\n,5"]], [["1,5\n"]], [["2,5", "x" * 999, "y" * 20]]])
@pytest.mark.parametrize("decimal", [None, "."])
def test_what_broke_once_comes_back(rows, decimal):
    """An amount with a line break in it went out without quotes; a line of many cells was too long to be one cell."""
    assert delimited.table_of(delimited.csv(rows, decimal)) == rows
    assert delimited.table_of(delimited.tsv(rows)) == rows
