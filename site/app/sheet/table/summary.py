"""The line under the table: count, sum, mean, smallest and largest of what is selected, or of the column of the cell that has
the keys, and what was left out. It is worked out in short pieces, so that nothing waits for it.
"""

import asyncio

from app.clock import PAUSE
from app.dom import by_id
from app.sheet import expressions
from app.sheet.amounts import parse, written
from app.sheet.column import compared, sentence
from app.sheet.table.grid import letters
from app.sheet.totals import Running, written_mean
from app.sheet.totals import compared as difference
from app.symbols import number_of

AT_ONCE, NEW = 200, 5  # entries in one piece; as how many one counts whose text is to be understood first
MOST_COMPARED = 200  # numbers of a column whose last is compared with the sum of the others
UNREAD = "not valued"  # that nothing is worth that an entry says


def value_of(entry, decimal):
    """The Amount that an entry is worth, None if there is none in it: a "?", a word, a number in two ways."""
    if entry.value is None:
        entry.value = parse(entry.text, decimal) or UNREAD
    return None if entry.value == UNREAD else entry.value


class Tally:
    """Of some entries: what the amounts come to, how many entries are worth nothing, how many of those counted are not
    sure."""

    def __init__(self, decimal):
        self.decimal = decimal
        self.running = Running()
        self.smallest = self.largest = None
        self.left_out = self.doubtful = 0

    def add(self, entry):
        value = value_of(entry, self.decimal)
        if value is None:
            self.left_out += 1
            return
        self.running.add(value)
        if self.smallest is None or difference(value, self.smallest) < 0:
            self.smallest = value
        if self.largest is None or difference(value, self.largest) > 0:
            self.largest = value
        self.doubtful += entry.is_doubtful

    def sum(self):
        """The sum as text, "" where there is none."""
        total = self.running.total()
        return "" if total is None else written(total, self.decimal)

    def words(self):
        """ "3 numbers, sum 12, mean 4, smallest 1, largest 8." and what is to be known of it."""
        said, count, decimal = [], number_of(self.running.count, "number"), self.decimal
        if self.sum():
            said.append(
                f"{count}, sum {self.sum()}, mean {written_mean(self.running.mean(), decimal)}, "
                f"smallest {written(self.smallest, decimal)}, largest {written(self.largest, decimal)}."
            )
        elif self.running.count:
            said.append(f"{count} of different units: no sum.")
        return " ".join(said + self.warnings())

    def warnings(self):
        said = [f"{self.left_out} not counted."] if self.left_out else []
        return said + ([f"{self.doubtful} not sure."] if self.doubtful else [])


async def tallied(rows, left, right, decimal, is_wanted=lambda: True):
    """The Tally of a block of some rows' entries; None if it is no longer wanted."""
    tally, done = Tally(decimal), 0
    for row in rows:
        for entry in row.entries[left:right]:
            if entry:
                done += NEW if entry.value is None else 1
                tally.add(entry)
                if done >= AT_ONCE:
                    done = 0
                    await asyncio.sleep(PAUSE)
                    if not is_wanted():
                        return None
    return tally


class Summary:
    def __init__(self, book, mode):
        self.book, self.mode = book, mode
        self.turn = 0
        book.on_show.append(self.show)

    def show(self):
        self.turn += 1
        asyncio.create_task(self._show(self.turn))

    async def _show(self, turn):
        book, decimal = self.book, self.mode.decimal
        selection = book.selection
        top, left, bottom, right = selection.block
        name = "Selected"
        if selection.is_one:  # of its column, then
            top, bottom, name = 0, len(book.rows), f"Column {letters(left)}"
        elif selection.whole == "columns":
            name = (
                f"Column {letters(left)}" if right - left == 1 else f"Columns {letters(left)} to {letters(right - 1)}"
            )
        tally = await tallied(book.rows.rows[top:bottom], left, right, decimal, lambda: turn == self.turn)
        if tally is None:
            return
        words = [tally.words()]
        if right - left == 1:
            words.append(self._of_sum(book.rows.texts(top, left, bottom, right), tally))
        if selection.is_one:
            words.append(_of_line(book.rows.at(selection.row, left), decimal))
        words = " ".join([each for each in words if each])
        by_id("sums").textContent = f"{name}: {words}" if words else ""

    def _of_sum(self, column, tally):
        """What the last number of a column is, compared with the sum of those above it."""
        if tally.left_out or tally.running.count > MOST_COMPARED:
            return ""
        comparison = compared([row[0] for row in column], self.mode.decimal)
        if not comparison:
            return ""
        said = sentence(comparison, self.mode.decimal)
        said = said[0].upper() + said[1:]
        return said + (": right." if comparison.equal else ".") + (" Not sure." if tally.doubtful else "")


def _of_line(entry, decimal):
    """What a sum in a cell comes to."""
    if not entry or "=" not in entry.text:
        return ""
    said = expressions.evaluate(entry.text, decimal).said
    return said + (" (not sure)" if said and entry.is_doubtful else "")
