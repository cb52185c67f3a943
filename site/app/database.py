"""IndexedDB: one transaction at a time, of a database that is opened for it and closed after it, so that nobody who deletes
the database has to wait for this page.
"""

import asyncio

from jsffi import JsException
from pyscript import window
from pyscript.ffi import create_proxy

from app.calm import at_once, calm
from app.clock import within

READ_SECONDS = 5  # somebody waits for what is loaded
WRITE_SECONDS = 30  # nothing waits; a busy machine may need more than a few
AGAIN_AFTER = 0.3  # s


class Refused(Exception):
    """The browser does not let this page keep anything, or has no room, or does not answer."""


class Database:
    """`create(database)` makes the stores of one that is new; the first of `stores` is handed to the work of a
    transaction, or all of them where there are several."""

    def __init__(self, name, version, stores, create):
        self.name, self.version, self.stores, self.create = name, version, stores, create

    async def transaction(self, mode, work):
        """The results of the requests that `work(*stores)` returns, once they are safe; Refused."""
        try:
            return await within(READ_SECONDS if mode == "readonly" else WRITE_SECONDS, self._twice(mode, work))
        except (JsException, asyncio.TimeoutError):  # noqa: UP041, MicroPython has no other name for it
            raise Refused() from None

    async def _twice(self, mode, work):
        """One failure is forgiven: an iPhone's first transaction after the page lay in the background may fail."""
        try:
            return await self._unhurried(mode, work)
        except (JsException, Refused):
            await asyncio.sleep(AGAIN_AFTER)
            return await self._unhurried(mode, work)

    async def _unhurried(self, mode, work):
        database = await self._opened()
        begin = database.transaction.bind(database, window.Array.of(*self.stores), mode)

        def ask(transaction):
            return work(*[transaction.objectStore(name) for name in self.stores]), _end(transaction, "complete")

        try:
            requests, done = await at_once(begin, ask)
            if (await done).type != "complete":
                raise Refused()
            return [request.result for request in requests]
        finally:
            database.close()

    async def _opened(self):
        factory = await calm.then(window.Reflect.get.bind(window.Reflect, window, "indexedDB"))
        if not hasattr(factory, "open"):
            raise Refused()

        def listen(request):
            request.addEventListener("upgradeneeded", create_proxy(lambda event: self.create(event.target.result)))
            return request, _end(request, "success")

        request, opened = await at_once(factory.open.bind(factory, self.name, self.version), listen)
        if (await opened).type != "success":
            raise Refused()
        return request.result


async def ask_to_be_spared():
    """Asks the browser not to clear this when room is short, unless that would ask the person (Firefox)."""
    if window.CSS.supports("-moz-appearance", "none"):
        return
    try:
        navigator = window.navigator  # whose getter may throw
        storage = await calm.then(window.Reflect.get.bind(window.Reflect, navigator, "storage", navigator))
        if hasattr(storage, "persist"):
            await storage.persist()
    except JsException:
        pass  # the same as no


def _end(target, good):
    """A promise of the event that ends a request or a transaction, `good` or not. It is never rejected: a rejection that
    is not awaited yet would be taken for a fault of the page."""

    def listen(resolve, reject):
        for name in (good, "error", "abort"):
            target.addEventListener(name, resolve)

    return window.Promise.new(listen)
