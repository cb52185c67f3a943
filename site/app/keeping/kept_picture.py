"""The picture that was opened is kept over a reload: its file in IndexedDB, and in its tab which file that is.

It is forgotten when something is drawn, or the pad is cleared. What closed tabs left is thrown away after a day. Where
storage is forbidden or full, the page goes on without.
"""

import asyncio

from jsffi import JsException
from pyscript import window
from pyscript.ffi import create_proxy, to_js

from app.calm import at_once, calm
from app.dom import say_once_ready

NAME, ROTATION, TRIES = "picture", "turned", "tries"
MOST_TRIES = 2  # of a picture whose reading the page never lived to see: where memory is short it would end it for ever
DATABASE = "number-reader-pictures"
FILES = "files"  # their keys begin with the time
DAY = 24 * 60 * 60 * 1000  # ms


class KeptPicture:
    def __init__(self, desk, tab):
        self.desk = desk
        self.tab = tab
        self.key = None  # of what is kept
        self.file = None  # what is kept
        self.wanted = None  # what is to be kept
        self.busy = False

    async def restore(self):
        """Opens what is kept; from then on, what lies on the desk is kept."""
        turn = self.desk.turn
        self.key = await self.tab.recall(NAME)
        file = await copy(await use(lambda files: files.get(self.key))) if self.key else None
        rotation = await self.tab.recall(ROTATION)
        tries = int(await self.tab.recall(TRIES) or 0)
        self.desk.on_file.append(self.keep)
        self.desk.on_reading.append(lambda answer: answer and self.tab.remember(TRIES, None))
        if file and turn == self.desk.turn and tries < MOST_TRIES:
            self.tab.remember(TRIES, str(tries + 1))
            self.desk.open(file, float(rotation) if rotation else None)  # which keeps it under a new time
        else:
            self.file = file  # so that it is deleted
            self.keep(self.desk.file)
            if file and tries >= MOST_TRIES:
                sentence = f"{file.name} was not opened again: the page has ended while it was read."
                asyncio.create_task(say_once_ready(sentence + " Try it cropped or smaller."))
        await use(lambda files: files.delete(window.IDBKeyRange.upperBound(time(-DAY))))

    def keep(self, file):
        """Keeps the file of a picture, and how a person has it turned; with None forgets them."""
        self.wanted = file
        rotation = self.desk.rotation if file else None
        self.tab.remember(ROTATION, None if rotation is None else str(rotation))
        if file is None:
            self.tab.remember(TRIES, None)
            self.tab.remember(NAME, None)  # at once: what comes next may be a reload
        if not self.busy:
            asyncio.create_task(self._follow())

    async def _follow(self):
        self.busy = True
        while self.file is not self.wanted:
            self.file, old = self.wanted, self.key
            self.key = None if self.file is None else f"{time()} {window.Math.random()}"
            self.tab.remember(NAME, self.key)
            await use(replace, old, await in_bytes(self.file) if self.file else None, self.key)
        self.busy = False


def replace(files, old, record, key):
    if old is not None:
        files.delete(old)
    if record is not None:
        files.put(record, key)


def time(offset=0):
    """When it is so many ms from now, as a text that sorts by time."""
    moment = window.Date.new()  # its number of ms is more than MicroPython gets to see
    moment.setMilliseconds(moment.getMilliseconds() + offset)
    return moment.toISOString()


async def in_bytes(file):
    """A record that holds what a File does, or None where that can't be read. In a private window WebKit stores no File, and a
    transaction that tries may never end."""
    try:
        return to_js({"bytes": await file.arrayBuffer(), "name": file.name, "type": file.type})
    except JsException:
        return None


async def copy(stored):
    """A File of the record that is stored, or None where nothing is. Earlier versions stored the File itself, which Firefox
    can't read any more once its record is deleted."""
    record = await in_bytes(stored) if hasattr(stored, "arrayBuffer") else stored
    if not hasattr(record, "bytes"):  # None, or JavaScript's undefined
        return None
    return window.File.new(to_js([record.bytes]), record.name, to_js({"type": record.type}))


async def use(work, *arguments):
    """What `work(files, *arguments)` asked for in a transaction, once that is done; None where it could not be."""
    try:
        factory = await calm.then(window.Reflect.get.bind(window.Reflect, window, "indexedDB"))
        request, opened = await at_once(factory.open.bind(factory, DATABASE), listen)
        if not await opened:
            return None
        database = request.result

        def ask(transaction):
            return work(transaction.objectStore(FILES), *arguments), ended(transaction, "complete", "abort")

        try:
            request, done = await at_once(database.transaction.bind(database, FILES, "readwrite"), ask)
            return request.result if await done and request else None
        finally:
            database.close()
    except (JsException, AttributeError):
        return None


def listen(request):
    """A request for the database, and the promise of whether it is open."""
    request.addEventListener("upgradeneeded", create_proxy(lambda event: event.target.result.createObjectStore(FILES)))
    return request, ended(request, "success", "error", "blocked")


def ended(target, good, *bad):
    """A promise of whether the event `good` comes first. It is never rejected, which would be taken for a fault of the
    page."""

    def listen(resolve, reject):
        target.addEventListener(good, create_proxy(lambda event: resolve(True)))
        for name in bad:
            target.addEventListener(name, create_proxy(lambda event: resolve(False)))

    return window.Promise.new(listen)
