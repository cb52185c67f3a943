"""What was taught, kept in this browser's IndexedDB: one record per example, whose key is the glyph itself.

A record of a digit is {glyph, label, time}: a Uint8Array of 28 x 28 bytes, 0..9, and an ISO date. That of a mark has its
label as `mark`: pages of before there were marks take every `label` for a digit, and pass over a record that has none. So
does this page with a label that it does not know; it leaves such records where they are.

The database is opened for each transaction and closed after it, so that nobody who deletes it has to wait for this page.
"""

import asyncio

from jsffi import JsException
from pyscript import window
from pyscript.ffi import create_proxy, to_js

from app.clock import within
from app.symbols import DIGITS, is_known

DATABASE = "number-reader-taught"
VERSION = 1
RECORDS = "examples"
READ_SECONDS = 5  # readings wait for what is loaded
AGAIN_AFTER = 0.3  # s
WRITE_SECONDS = 30  # nothing waits; a busy machine may need more than a few


class Refused(Exception):
    """The browser does not let this page keep anything, or has no room, or does not answer."""


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


async def ask_to_be_spared():
    """Asks the browser not to clear this when room is short, unless that would ask the person (Firefox)."""
    if window.CSS.supports("-moz-appearance", "none"):
        return
    try:
        # Its getter may throw at once: see _opened.
        navigator, calm = window.navigator, window.Promise.resolve()
        storage = await calm.then(window.Reflect.get.bind(window.Reflect, navigator, "storage", navigator))
        if hasattr(storage, "persist"):
            await storage.persist()
    except JsException:
        pass  # the same as no


async def _transaction(mode, work):
    """The results of the requests that `work(records)` returns, once they are safe."""
    try:
        return await within(READ_SECONDS if mode == "readonly" else WRITE_SECONDS, _twice(mode, work))
    except (JsException, asyncio.TimeoutError):  # noqa: UP041, MicroPython has no other name for it
        raise Refused() from None


async def _twice(mode, work):
    """One failure is forgiven: an iPhone's first transaction after the page lay in the background may fail."""
    try:
        return await _unhurried(mode, work)
    except (JsException, Refused):
        await asyncio.sleep(AGAIN_AFTER)
        return await _unhurried(mode, work)


async def _unhurried(mode, work):
    database = await _opened()
    try:
        transaction = database.transaction(RECORDS, mode)
        requests = work(transaction.objectStore(RECORDS))
        if (await _end(transaction, "complete")).type != "complete":
            raise Refused()
        return [request.result for request in requests]
    finally:
        database.close()


async def _opened():
    # Where storage is forbidden, these throw at once, and MicroPython catches only what a promise was rejected with.
    calm = window.Promise.resolve()
    factory = await calm.then(window.Reflect.get.bind(window.Reflect, window, "indexedDB"))
    if not hasattr(factory, "open"):
        raise Refused()
    opening = []

    def listen(request):  # before the request is answered: an await would come too late
        request.addEventListener("upgradeneeded", create_proxy(lambda event: _create(event.target.result)))
        opening.extend((request, _end(request, "success")))

    await calm.then(factory.open.bind(factory, DATABASE, VERSION)).then(create_proxy(listen))
    request, opened = opening
    if (await opened).type != "success":
        raise Refused()
    return request.result


def _create(database):
    database.createObjectStore(RECORDS, to_js({"keyPath": "glyph"}))


def _end(target, good):
    """A promise of the event that ends a request or a transaction, `good` or not. It is never rejected: a rejection that
    is not awaited yet would be taken for a fault of the page."""

    def listen(resolve, reject):
        for name in (good, "error", "abort"):
            target.addEventListener(name, resolve)

    return window.Promise.new(listen)
