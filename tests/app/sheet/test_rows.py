"""Rows of a sheet: whatever is done can be undone and done again, and storage can always sort them by their places."""

from hypothesis import given, settings
from hypothesis import strategies as st

from app.sheet.table.rows import Entry, Row, Rows

SMALL = st.integers(0, 5)
ENTRIES = st.lists(st.none() | st.builds(Entry, st.sampled_from("123")), min_size=1, max_size=3)
TABLE = st.lists(ENTRIES, min_size=1, max_size=3)
CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("add"), TABLE, st.booleans()),
        st.tuples(st.just("put"), SMALL, SMALL, TABLE),
        st.tuples(st.just("empty"), SMALL, SMALL, SMALL, SMALL),
        st.tuples(st.just("remove"), SMALL, SMALL),
        st.tuples(st.just("move"), SMALL, SMALL, st.sampled_from([-1, 1])),
        st.tuples(st.just("join")),
        st.tuples(st.just("undo")),
        st.tuples(st.just("redo")),
    ),
    max_size=12,
)


class Storage:
    """What keeper.py keeps of each change: rows by their keys."""

    def __init__(self, rows):
        self.rows, self.kept = rows, {}
        rows.on_change.append(self.changed)

    def changed(self, start, old, new):
        if self.rows.has_no_room(start, len(new)):
            self.rows.set_places_anew()
        for row in old:
            self.kept.pop(row.key, None)
        for row in new:
            assert row.key not in self.kept, "keys are a row's own"
            self.kept[row.key] = row

    def in_order(self):
        return sorted(self.kept.values(), key=lambda row: row.place)


def texts(rows):
    return [[each and each.text for each in row.entries] for row in rows]


def do(rows, name, *how):
    if name == "add":
        rows.add(how[0], "Added", how[1])
    elif name == "put":
        rows.put(*how, "Put")
    elif name == "empty":
        top, left, high, wide = how
        rows.empty(min(top, len(rows)), left, top + high, left + wide, "Emptied")
    elif name == "remove":
        rows.remove(min(how[0], len(rows)), max(min(how[0], len(rows)), how[1]), "Removed")
    elif name == "move":
        rows.move(how[0], how[0] + how[1], how[2], "Moved")
    elif name == "join":
        if rows.joined:
            rows.join("Joined")
    else:
        getattr(rows, name)()


@given(CHANGES)
@settings(max_examples=300, deadline=None)
def test_storage_has_the_rows_in_their_order_and_all_can_be_undone(changes):
    rows = Rows()
    storage = Storage(rows)
    for change in changes:
        do(rows, *change)
        assert texts(storage.in_order()) == texts(rows.rows)
        assert rows.count == sum(each is not None for row in rows.rows for each in row.entries)
        assert rows.width == max([len(row.entries) for row in rows.rows], default=0)
    last = texts(rows.rows)
    steps = 0
    while rows.undo():
        steps += 1
        assert texts(storage.in_order()) == texts(rows.rows)
    assert rows.rows == []
    for _ in range(steps):
        rows.redo()
    assert texts(rows.rows) == last


def test_places_that_come_too_close_are_set_anew():
    rows = Rows()
    storage = Storage(rows)
    rows.add([[Entry("1")], [Entry("2")]], "Added")
    for i in range(200):
        rows.remove(1, 2, "Removed")
        rows.add([[Entry(str(i))]], "Added")
        rows.move(1, 2, -1, "Moved")
        rows._do(1, 1, [Row(rows._next_key(), [Entry("x")])], "Put between")
    assert texts(storage.in_order()) == texts(rows.rows)


def test_what_was_kept_comes_before_what_is_there():
    rows = Rows()
    rows.add([[Entry("new")]], "Added")
    kept = [Row(1, [Entry("old")]), Row(7, [Entry("older")])]
    rows.restore(kept)
    assert texts(rows.rows) == [["old"], ["older"], ["new"]]
    assert len({row.key for row in rows.rows}) == 3
    assert [row.place for row in rows.rows] == [1, 2, 3]
    rows.undo()
    assert texts(rows.rows) == [["old"], ["older"]]


def test_two_pages_are_joined_row_by_row():
    rows = Rows()
    rows.add([[Entry("0")]], "Added")
    assert rows.joined is None
    rows.add([[Entry("1"), None], [Entry("2"), Entry("3")]], "Added", True)
    assert rows.joined is None
    rows.add([[Entry("4")], [Entry("5")], [Entry("6")]], "Added", True)
    assert rows.joined == (1, 3, 6)
    rows.join("Joined")
    assert texts(rows.rows) == [["0"], ["1", None, "4"], ["2", "3", "5"], [None, None, "6"]]
