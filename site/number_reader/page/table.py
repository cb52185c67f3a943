"""Readings of cells -> a table: its columns, and without words, headings and logos beside the numbers."""

from number_reader.labels import REFUSED
from number_reader.page.cells import Cell, empty

WORD, REFUSED_OF_WORD = 3, 0.5  # a cell of so many symbols, of which so large a share is refused, is a word
PRINT, REFUSED_OF_PRINT = 2, 0.25  # so many words, and so many refused symbols in what else there is: a page of print
COLUMN = 0.5  # of the cells with something in them: a column with so many words is one of words
SHARED_GAP, FULL = 0.5, 0.5  # heights of a digit between columns without a grid, and the share of places with something
ROWS = 3  # that a column needs for that


def is_word(cell: Cell) -> bool:
    """Whether a cell seems to be a word: many symbols that are no digits."""
    symbols = cell.text.replace(" ", "")
    return len(symbols) >= WORD and symbols.count(REFUSED) >= REFUSED_OF_WORD * len(symbols)


def says_nothing(cell: Cell) -> bool:
    """Whether a cell has no digit at all."""
    return bool(cell.text) and not any(each.isdigit() for each in cell.text)


def table(cells: dict[tuple[int, int], Cell]) -> tuple[list[list[Cell]], list[Cell]]:
    """Cells by (row, column) -> (rows, each with all columns; what was left out)."""
    left_out = []
    for column in {column for _, column in cells}:
        own = [at for at in cells if at[1] == column]
        words = sum(is_word(cells[at]) for at in own)
        silent = sum(says_nothing(cells[at]) for at in own)
        if len(own) >= ROWS and (words >= COLUMN * len(own) or silent > COLUMN * len(own)):
            left_out += [cells.pop(at) for at in sorted(own)]
    for at in sorted(at for at in cells if is_word(cells[at])):
        left_out.append(cells.pop(at))
    if not cells:
        return [], left_out
    rows, columns = (sorted({at[axis] for at in cells}) for axis in (0, 1))
    whole = [
        [cells.get((row, column)) or empty((0, 0, 0, 0)) for column in range(columns[0], columns[-1] + 1)]
        for row in range(rows[0], rows[-1] + 1)
    ]
    return whole, left_out


def without_words(rows: list[list[Cell]]) -> tuple[list[list[Cell]], list[Cell]]:
    """Rows of a page without a grid -> (rows without words, what was left out). On a page of print, what is left is looked at
    more closely: letters that look like digits stand beside some that don't."""
    left_out = [cell for row in rows for cell in row if is_word(cell)]
    kept = [[cell for cell in row if not is_word(cell)] for row in rows]
    if len(left_out) >= PRINT and _refused("".join(cell.text for row in kept for cell in row)) >= REFUSED_OF_PRINT:
        left_out += [cell for row in kept for cell in row if _is_print(cell)]
        kept = [[cell for cell in row if not _is_print(cell)] for row in kept]
    return [row for row in kept if row], left_out


def in_columns(rows: list[list[Cell]]) -> list[list[Cell]]:
    """Rows of a page without a grid -> the same, with empty cells where a column has nothing in a row, if gaps that all rows
    share part columns: in a mark list or ledger each row has its places."""
    if len(rows) < ROWS:
        return rows
    high = sorted(cell.box[2] - cell.box[0] for row in rows for cell in row)
    apart = SHARED_GAP * high[len(high) // 2]
    columns: list[list[int]] = []
    for _, left, _, right in sorted((cell.box for row in rows for cell in row), key=lambda box: box[1]):
        if columns and left < columns[-1][1] + apart:
            columns[-1][1] = max(columns[-1][1], right)
        else:
            columns.append([left, right])
    out = []
    for row in rows:
        own = {next(k for k, ends in enumerate(columns) if cell.box[1] < ends[1]): cell for cell in row}
        if len(own) < len(row):
            return rows  # two numbers in one place: no columns
        out.append([own.get(k) or empty((0, 0, 0, 0)) for k in range(len(columns))])
    full = sum(bool(cell.text) for row in out for cell in row)
    return out if len(columns) > 1 and full >= FULL * len(rows) * len(columns) else rows


def _is_print(cell: Cell) -> bool:
    return says_nothing(cell) or _refused(cell.text) >= REFUSED_OF_PRINT


def _refused(text: str) -> float:
    return text.count(REFUSED) / len(text) if text else 0.0
