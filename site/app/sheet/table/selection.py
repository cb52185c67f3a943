"""What is selected in the sheet: a block of cells, from a first one to the one that has the keys."""


class Selection:
    """row, column: the cell that has the keys. whole: "" for a block of cells, "rows" or "columns" where it reaches over all
    columns or all rows, "all"."""

    def __init__(self, rows):
        self.rows = rows
        self.row = self.column = 0
        self.from_row = self.from_column = 0
        self.whole = ""

    @property
    def last_row(self):
        """Below the last row there is an empty one to write in."""
        return len(self.rows)

    @property
    def last_column(self):
        return max(0, self.rows.width - 1)

    def go(self, row, column, extend=False, whole=""):
        """To a cell, within what there is; `extend` leaves the first cell of the block where it is."""
        self.row = max(0, min(row, self.last_row))
        self.column = max(0, min(column, self.last_column))
        if not extend:
            self.from_row, self.from_column = self.row, self.column
        self.whole = whole

    def stay(self):
        """Within what there is, after a change."""
        self.from_row, self.from_column = min(self.from_row, self.last_row), min(self.from_column, self.last_column)
        self.row, self.column = min(self.row, self.last_row), min(self.column, self.last_column)

    def select(self, top, left, bottom, right):
        """A block, which ends before bottom and right."""
        self.go(top, left)
        self.from_row, self.from_column = max(top, bottom - 1), max(left, right - 1)

    @property
    def block(self):
        """(top, left, bottom, right), which ends before the last two."""
        top, bottom = sorted([self.row, self.from_row])
        left, right = sorted([self.column, self.from_column])
        if self.whole in ("rows", "all"):
            left, right = 0, self.last_column
        if self.whole in ("columns", "all"):
            top, bottom = 0, max(0, len(self.rows) - 1)
        return top, left, bottom + 1, right + 1

    @property
    def is_one(self):
        top, left, bottom, right = self.block
        return not self.whole and bottom - top == right - left == 1
