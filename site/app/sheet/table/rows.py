"""What a sheet holds: rows of entries, and what was done to them, so that it can be undone.

All that can be done is one change, rows that take the place of others, and its inverse is of the same kind. Rows and
entries are never changed themselves: another takes the place of one.
"""

STEPS = 200  # that can be undone; a visit may last for ever


class Entry:
    """One cell. picture: a small one of its ink (see crops.py), or None. is_doubtful: nobody has said that it is right, and
    the reader was not sure. source: where it was read, a file's name or ""."""

    def __init__(self, text, picture=None, is_doubtful=False, source=""):
        self.text, self.picture, self.is_doubtful, self.source = text, picture, is_doubtful, source
        self.value = None  # what column.py makes of it, once somebody asked
        self.address = None  # of its picture, once it was shown


class Row:
    """key: its own in this sheet, kept through edits. entries: a list that may have None. group: the number of the taking over
    that it came with, 0 for none. place: sorts it among the others in storage, set when it gets into the sheet. length,
    filled: how many entries there are, and how many of them say something."""

    def __init__(self, key, entries, group=0):
        self.key, self._entries, self.group = key, entries, group
        self.length, self.filled = len(entries), len(entries) - entries.count(None)
        self.place = 0
        self.kept = None  # what the entries of a row that was kept are made of: see store.py

    @property
    def entries(self):
        """Those of a row that was kept are made when they are first asked for: a sheet may have thousands."""
        if self.kept is not None:
            make, *parts = self.kept
            self.kept, self._entries = None, make(*parts)
        return self._entries

    def with_entries(self, entries):
        while entries and entries[-1] is None:
            entries.pop()
        return Row(self.key, entries, self.group)


class Rows:
    """`on_change` are functions called as f(start, old, new) after the rows `old`, from start on, gave place to `new`."""

    def __init__(self):
        self.rows = []
        self.done, self.undone = [], []  # changes (start, old, new, words), oldest first
        self.on_change = []
        self._key = self._group = 0
        self.count = 0  # entries that say something
        self._lengths = {}  # how many rows have so many entries: the width of a sheet is asked for often

    def restore(self, rows):
        """Puts rows that were kept before those that are there, which get other keys."""
        self._key = max([row.key for row in rows] + [self._key])
        self._group = max([row.group for row in rows] + [self._group])
        self._give_other_keys()
        self.done = [(start + len(rows), old, new, words) for start, old, new, words in self.done]
        self.undone = []
        had_any, self.rows = bool(self.rows), rows + self.rows
        if had_any:
            self.set_places_anew()
        self._count(rows, 1)

    def _give_other_keys(self):
        keys, seen = {}, set()
        for part in [self.rows] + [part for _, old, new, _ in self.done for part in (old, new)]:
            for row in part:
                if id(row) not in seen:
                    seen.add(id(row))
                    if row.key not in keys:
                        keys[row.key] = self._next_key()
                    row.key = keys[row.key]

    # --- to be asked ---------------------------------------------------------------------

    def __len__(self):
        return len(self.rows)

    @property
    def width(self):
        return max(self._lengths) if self._lengths else 0

    def at(self, row, column):
        """The entry there, or None."""
        entries = self.rows[row].entries if 0 <= row < len(self.rows) else []
        return entries[column] if column < len(entries) else None

    def index_of(self, key):
        """Where the row with a key is; below the last where there is none."""
        for index, row in enumerate(self.rows):
            if row.key == key:
                return index
        return len(self.rows)

    def widths(self, *bounds):
        """Of the parts between bounds, none empty: how many entries the longest row has."""
        return [max([row.length for row in self.rows[start:end]]) for start, end in zip(bounds, bounds[1:])]

    def texts(self, top, left, bottom, right):
        """Of a block of cells, which ends before bottom and right: a list of lists."""
        block = [[self.at(row, column) for column in range(left, right)] for row in range(top, min(bottom, len(self)))]
        return [[each.text if each else "" for each in row] for row in block]

    # --- to be done: each of these is one step to be undone ---------------------------------

    def add(self, table, words, is_page=False):
        """Rows of entries come at the end. is_page: they are the table of one picture."""
        self._group += is_page
        rows = [Row(self._next_key(), entries, self._group if is_page else 0) for entries in table]
        self._do(len(self), len(self), rows, words)

    def set(self, row, column, entry, words):
        """An entry, or None, in a cell; below the last row it begins another."""
        self.put(row, column, [[entry]], words)

    def put(self, row, column, table, words):
        """A block of entries from a cell on, over what is there."""
        row = min(row, len(self))
        new = []
        for i, entries in enumerate(table):
            old = self.rows[row + i] if row + i < len(self) else Row(self._next_key(), [])
            there = old.entries + [None] * (column + len(entries) - len(old.entries))
            new.append(old.with_entries(there[:column] + entries + there[column + len(entries) :]))
        self._do(row, min(row + len(table), len(self)), new, words)

    def empty(self, top, left, bottom, right, words):
        """What a block of cells says goes; the cells stay."""
        bottom = min(bottom, len(self))
        new = []
        for row in self.rows[top:bottom]:
            entries = row.entries
            new.append(row.with_entries(entries[:left] + [None] * len(entries[left:right]) + entries[right:]))
        self._do(top, bottom, new, words)

    def remove(self, top, bottom, words):
        self._do(top, min(bottom, len(self)), [], words)

    def move(self, top, bottom, by, words):
        """Rows go up (-1) or down (1) by one; False where there is no room for that."""
        bottom = min(bottom, len(self))
        if top >= bottom or (by < 0 and top == 0) or (by > 0 and bottom == len(self)):
            return False
        if by < 0:
            self._do(top - 1, bottom, self.rows[top:bottom] + self.rows[top - 1 : top], words)
        else:
            self._do(top, bottom + 1, self.rows[bottom : bottom + 1] + self.rows[top:bottom], words)
        return True

    @property
    def joined(self):
        """Where the last two pages taken over begin, and where the second ends: (first, second, end); None where the last
        rows are not those of two pages."""
        end = second = len(self)
        group = self.rows[-1].group if self.rows else 0
        while second and group and self.rows[second - 1].group == group:
            second -= 1
        first = second
        group = self.rows[second - 1].group if second < end and second else 0
        while first and group and self.rows[first - 1].group == group:
            first -= 1
        return (first, second, end) if first < second < end else None

    def join(self, words):
        """The last page taken over goes to the right of the one before: they are two pictures of one page."""
        first, second, end = self.joined
        left, right = self.rows[first:second], self.rows[second:end]
        column = max([len(row.entries) for row in left])
        new = []
        for i in range(max(len(left), len(right))):
            old = left[i] if i < len(left) else Row(self._next_key(), [], left[0].group)
            there = old.entries + [None] * (column - len(old.entries))
            new.append(old.with_entries(there + (right[i].entries if i < len(right) else [])))
        self._do(first, end, new, words)

    # --- undo ----------------------------------------------------------------------------

    def undo(self):
        """What was undone, in words; None if there is nothing."""
        if not self.done:
            return None
        start, old, new, words = step = self.done.pop()
        self.undone.append(step)
        self._replace(start, new, old)
        return words

    def redo(self):
        if not self.undone:
            return None
        start, old, new, words = step = self.undone.pop()
        self.done.append(step)
        self._replace(start, old, new)
        return words

    def _do(self, start, end, new, words):
        old = self.rows[start:end]
        if not old and not new:
            return
        self.done.append((start, old, new, words))
        self.undone = []
        if len(self.done) > STEPS:
            del self.done[0]
        self._replace(start, old, new)

    def _replace(self, start, old, new):
        end = start + len(old)
        self._set_places(start, end, old, new)
        self.rows[start:end] = new
        self._count(old, -1)
        self._count(new, 1)
        for listener in self.on_change:
            listener(start, old, new)

    # --- places ---------------------------------------------------------------------------

    def _next_key(self):
        self._key += 1
        return self._key

    def _set_places(self, start, end, old, new):
        if len(old) == len(new):
            for row, place in zip(new, [row.place for row in old]):
                row.place = place
            return
        before = self.rows[start - 1].place if start else 0
        step = 1 if end == len(self) else (self.rows[end].place - before) / (len(new) + 1)
        for i, row in enumerate(new):
            row.place = before + step * (i + 1)

    def has_no_room(self, start, count):
        """Whether places have come so close to each other that they no longer sort rows."""
        near = [row.place for row in self.rows[max(0, start - 1) : start + count + 1]]
        return any([one >= other for one, other in zip(near, near[1:])])

    def set_places_anew(self):
        for i, row in enumerate(self.rows):
            row.place = i + 1

    def _count(self, rows, by):
        for row in rows:
            self.count += by * row.filled
            self._lengths[row.length] = self._lengths.get(row.length, 0) + by
            if not self._lengths[row.length]:
                del self._lengths[row.length]
