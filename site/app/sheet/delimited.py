"""Tables as text: what goes to a spreadsheet, and what comes from one.

In and out: rows, a list of lists of texts. Each cell goes out as it stands: `plain` writes amounts first as every
spreadsheet of the same language takes them, without groups of thousands, as these are text to one that is set otherwise,
and with the person's own sign before decimals, as a German one takes 1,5 and an American one 1.5.

A cell that a spreadsheet would take for a formula (OWASP, CSV injection) gets an apostrophe before it, which spreadsheets
hide or show, and `table_of` takes away. Amounts get none: -5 and +5 stay numbers.
"""

from app.sheet import amounts

MOST_ROWS = 2000
MOST_COLUMNS = 50
LONGEST = 200_000  # characters of a text
LONGEST_CELL = 1000
MARK = "\ufeff"  # tells Excel that a file is UTF-8
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # these are the wide ones


TOO_MANY = f"The table has more than {MOST_ROWS:,} rows."


class TableError(ValueError):
    """Why a text is no table that the page takes: a sentence."""


def plain(rows, decimal):
    """Rows with each amount written as amounts.plain writes it, and all else as it is."""
    return [[amounts.plain(cell, decimal) for cell in row] for row in rows]


def tsv(rows):
    """A text for the clipboard: tabs between cells, a line feed between rows. Each row has a cell at least.

    Quoted is what holds a tab, a quote or a new line; a single column has no tab that would tell what it is, so what
    a reader could part at its commas is quoted, too.
    """
    special = '\t\n\r"' if any(len(row) > 1 for row in rows) else '\t\n\r";,'
    return "\n".join(["\t".join([_quoted(cell, special, row) for cell in row]) for row in rows])


def csv(rows, decimal):
    """A text for a file, RFC 4180: CRLF behind each row, "," between cells, or ";" where "," stands before decimals.

    U+FEFF comes first if anything is not ASCII: Excel takes a file without it for one of its own code page, and makes a
    nonsense of × and €; in one of numbers alone it would only be in the way of other programs.
    """
    separator = ";" if decimal == "," else ","
    special = ',;\t\n\r"'
    lines = [separator.join([_quoted(cell, special, row, True) for cell in row]) for row in rows]
    # 1,5 would be one cell
    if separator == "," and _one_column([line for line, row in zip(lines, rows) if len(row) > 1]):
        for i, row in enumerate(rows):
            if len(row) > 1:
                lines[i] = separator.join(['"' + _safe(cell).replace('"', '""') + '"' for cell in row])
                break
    text = "".join([line + "\r\n" for line in lines])
    return text if len(text.encode()) == len(text) and not text.startswith(MARK) else MARK + text


def table_of(text, decimal=None):
    """The rows of a text that came from a spreadsheet's clipboard, or from a CSV file. TableError with a sentence.

    Cells are parted by tabs; without any, by ";"; without any, by ",", unless that is what stands before decimals or
    between thousands in a column of amounts. decimal: "." or ",", to know better. A quote that begins a cell and is not
    closed before a tab or a new line is a quote. The time is linear.
    """
    if len(text) > LONGEST:
        raise TableError(f"The text has more than {LONGEST:,} characters.")
    try:
        data = text.encode()
    except UnicodeError:
        raise TableError("The text is not valid Unicode.") from None
    if data[:3] == b"\xef\xbb\xbf":
        data = data[3:]
    found = _separators(data)
    if b"\t" in found or b";" in found:
        return _cells(data, b"\t" if b"\t" in found else b";")
    if b"," not in found or decimal == ",":
        return _cells(data, b"\t")
    bare = []
    try:
        rows = _cells(data, b"\t", bare)
    except TableError:  # a line of many cells is too long to be one
        return _cells(data, b",")
    return rows if _one_column(bare, decimal) else _cells(data, b",")


def _one_column(lines, decimal=None):
    """Whether each line with a comma in it is one amount."""
    for line in lines:
        if "," in line and not _is_amount(line, decimal):
            return False
    return True


def _is_amount(text, decimal=None):
    """Whether a text can be an amount; where decimal is ".", whether it is one whose commas stand between thousands."""
    amount = amounts.parse(text, ".")
    if amount is None or decimal != ".":
        return amount is not None
    return amounts.parse(text.replace(",", "'"), ".") == amount


# --- out --------------------------------------------------------------------------------------


def _begins_formula(cell):
    return cell.lstrip("' ").startswith(FORMULA)


def _safe(cell):
    """A cell that no spreadsheet takes for a formula."""
    if _begins_formula(cell) and (cell[0] == "'" or amounts.parse(cell, ".") is None):
        return "'" + cell
    return cell


def _quoted(cell, special, row, strict=False):
    """A cell as it stands in the text: quoted where one of `special` is in it, or where it would not be seen."""
    cell = _safe(cell)
    alone = len(row) == 1
    quoted = any(each in cell for each in special) or (alone and not cell) or cell.startswith(MARK)
    breaks = any([each in cell for each in '\t\n\r"'])
    if quoted and not strict and alone and "," in cell and not breaks and _is_amount(cell):
        quoted = False
    return '"' + cell.replace('"', '""') + '"' if quoted else cell


# --- in: bytes, as texts that are not ASCII are slow to index in MicroPython ------------------------


class Places:
    """Where a few bytes stand next; each is looked for once."""

    def __init__(self, data, marks):
        self.data = data
        self.next = {mark: -1 for mark in marks}

    def following(self, at):
        """(the first place from `at` on where one of them stands, the one); the end of the data and b"" if none does."""
        best, which = len(self.data), b""
        for mark, place in self.next.items():
            if place < at:
                place = self.data.find(mark, at)
                place = len(self.data) if place < 0 else place
                self.next[mark] = place
            if place < best:
                best, which = place, mark
        return best, which


def _closing(data, at, ends):
    """Where the quote at `at` is closed, before one of `ends` or the end of the data; -1 if it is not."""
    place = at + 1
    while True:
        place = data.find(b'"', place)
        if place < 0:
            return -1
        if data[place + 1 : place + 2] == b'"':
            place += 2
        elif data[place + 1 : place + 2] in ends:
            return place
        else:
            return -1


def _separators(data):
    """Which of tab, ";" and "," stand outside of quotes, up to the first tab, which decides. TableError of too many rows."""
    ends = (b"\t", b";", b",", b"\n", b"\r", b"")
    places, at, found = Places(data, ends[:-1]), 0, set()
    rows = 0
    while at < len(data) and b"\t" not in found:
        if data[at : at + 1] == b'"':
            at = max(at, _closing(data, at, ends))
        at, which = places.following(at)
        found.add(which)
        rows += which == b"\n"
        if rows > MOST_ROWS:
            raise TableError(TOO_MANY)
        at += 1
    return found


def _cells(data, separator, bare=None):
    """The rows of the data. bare: a list that gets the cells without quotes around them."""
    ends = (separator, b"\n", b"\r", b"")
    places, at, rows, row = Places(data, ends[:-1]), 0, [], []
    while at < len(data) or row:
        end = -1
        if data[at : at + 1] == b'"':
            end = _closing(data, at, ends)
        if end >= 0:
            cell = data[at + 1 : end].decode().replace('""', '"')
            at, which = end + 1, data[end + 1 : end + 2]
        else:
            end, which = places.following(at)
            cell, at = data[at:end].decode(), end
            if bare is not None:
                bare.append(cell)
        if cell[:1] == "'" and _begins_formula(cell):
            cell = cell[1:]
        _check(cell, row, rows)
        row.append(cell)
        at += 1
        if which == separator:
            continue
        at += which == b"\r" and data[at : at + 1] == b"\n"
        rows.append(row)
        row = []
    return rows


def _check(cell, row, rows):
    """TableError if the table grows too large by a cell."""
    if len(cell) > LONGEST_CELL:
        raise TableError(f"A cell has more than {LONGEST_CELL:,} characters.")
    if len(row) >= MOST_COLUMNS:
        raise TableError(f"A row has more than {MOST_COLUMNS} cells.")
    if len(rows) >= MOST_ROWS:
        raise TableError(TOO_MANY)
