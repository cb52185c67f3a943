"""What was taught, kept in this browser's IndexedDB: one record per example, whose key is the glyph itself.

A record of a digit is {glyph, label, time}: a Uint8Array of 28 x 28 bytes, 0..9, and an ISO date. That of a mark has its
label as `mark`: pages of before there were marks take every `label` for a digit, and pass over a record that has none. So
does this page with a label that it does not know; it leaves such records where they are. All that is asked of it here may
raise app.database.Refused.
"""

from pyscript.ffi import to_js

from app.database import Database
from app.symbols import DIGITS, is_known

RECORDS = "examples"


def _create(database):
    database.createObjectStore(RECORDS, to_js({"keyPath": "glyph"}))


_transaction = Database("number-reader-taught", 1, [RECORDS], _create).transaction


async def load():
    """All records, a JavaScript array."""
    return (await _transaction("readonly", lambda records: [records.getAll()]))[0]


async def get(glyphs):
    """The records of these glyphs; what stands for a record that there is none of has no label."""
    return await _transaction("readonly", lambda records: [records.get(glyph) for glyph in glyphs])


def label_of(record):
    """The label of a record; None if it has none that this page knows."""
    label = getattr(record, "label", None)
    if label is None:
        label = getattr(record, "mark", None)
    return label if is_known(label) else None


async def write(put, delete):
    """Puts examples and deletes glyphs, all or none of them."""

    def work(records):
        for each in put:
            kind = "label" if each.label in DIGITS else "mark"
            records.put(to_js({"glyph": each.glyph, kind: each.label, "time": each.time}))
        for glyph in delete:
            records.delete(glyph)
        return []

    await _transaction("readwrite", work)


async def clear():
    await _transaction("readwrite", lambda records: [records.clear()])
