"""Sheets in this browser's IndexedDB: a record for each sheet and one for each of its rows, so that one more row is one more
record however long the sheet is. What one change does is one transaction: all of it is kept, or nothing.

A sheet is {key, version, used}, `used` an ISO date. A row is {sheet, row, place, group, length, filled, entries, pictures}:
entries are JSON, null or [text, doubtful, source, whether it has a picture] for each of `length`, `filled` of which are not
null; pictures an array beside it, Uint8Arrays or null. A sheet of a later version is left as it is. All that is asked of
it here may raise app.database.Refused.
"""

import json

from pyscript import window
from pyscript.ffi import to_js

from app.database import Database
from app.sheet.table.rows import Entry, Row

VERSION = 1
SHEETS, ROWS, ORDER = "sheets", "rows", "order"
TEXTS = "row", "place", "group", "length", "filled", "entries"  # what of a record is no bytes


def _create(database):
    database.createObjectStore(SHEETS, to_js({"keyPath": "key"}))
    rows = database.createObjectStore(ROWS, to_js({"keyPath": ["sheet", "row"]}))
    rows.createIndex(ORDER, to_js(["sheet", "place"]))


_transaction = Database("number-reader-sheets", 1, [SHEETS, ROWS], _create).transaction


async def sheets():
    """(key, version) of all sheets, the one used last first."""
    [found] = await _transaction("readonly", lambda sheets, rows: [sheets.getAll()])
    found = sorted([(each.used, each.key, each.version) for each in list(found)])
    return [(key, version) for _, key, version in reversed(found)]


async def load(key):
    """The rows of a sheet, in order: MicroPython would take long to sort what is sorted.

    They come as one text: to ask JavaScript for each value of thousands of records takes longer than to parse it.
    Their pictures stay where they are until they are shown.
    """
    [records] = await _transaction("readonly", lambda sheets, rows: [rows.index(ORDER).getAll(_all_of(key))])
    found = []
    for i, record in enumerate(json.loads(window.JSON.stringify(records, to_js(list(TEXTS))))):
        row = Row(record["row"], [], record["group"])
        row.place, row.length, row.filled = record["place"], record["length"], record["filled"]
        row.kept = entries_of, record["entries"], records, i
        found.append(row)
    return found


def entries_of(text, records, i):
    return [
        each and Entry(each[0], (records, i, j) if each[3] else None, each[1], each[2])
        for j, each in enumerate(json.loads(text))
    ]


def bytes_of(picture):
    """A picture's Uint8Array; one of a row that was loaded is (records, index of row, of entry)."""
    if isinstance(picture, tuple):
        records, i, j = picture
        return records.at(i).pictures.at(j)
    return picture


def address(picture):
    """Where the page finds a picture's bytes; browsers see what kind of picture it is."""
    return window.URL.createObjectURL(window.Blob.new(window.Array.of(bytes_of(picture))))


async def write(key, used, put, delete):
    """Puts rows and deletes those of other keys, all or none of them."""

    def work(sheets, rows):
        sheets.put(to_js({"key": key, "version": VERSION, "used": used}))
        for row in put:
            rows.put(record_of(key, row))
        for each in delete:
            rows.delete(to_js([key, each]))
        return []

    await _transaction("readwrite", work)


def record_of(key, row):
    entries = [each and [each.text, each.is_doubtful, each.source, each.picture is not None] for each in row.entries]
    pictures = [each and bytes_of(each.picture) for each in row.entries]
    return to_js(
        {
            "sheet": key,
            "row": row.key,
            "place": row.place,
            "group": row.group,
            "length": row.length,
            "filled": row.filled,
            "entries": json.dumps(entries),
            "pictures": pictures if any([each is not None for each in pictures]) else [],
        }
    )


async def forget(key):
    """A sheet, all of it."""
    await _transaction("readwrite", lambda sheets, rows: [sheets.delete(key), rows.delete(_all_of(key))])


def _all_of(key):
    return window.IDBKeyRange.bound(to_js([key]), to_js([key, []]))
