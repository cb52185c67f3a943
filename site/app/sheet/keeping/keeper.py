"""Keeps the sheet of this tab in the browser: which one it is, and that it is brought up to date with each change.

A tab holds its sheet by a lock of the browser's, so that no two tabs write one. A tab that has none takes the one used last
that no tab holds, or begins another; where a tab was duplicated, the second has a copy. Where nothing can be kept, the
sheet lasts as long as the page, and all of it is tried again with the next change. So it is where what is kept could not
be read: it is read before anything is written, or the tab would go on with another sheet and leave that one behind.
"""

import asyncio

from jsffi import JsException
from pyscript import window
from pyscript.ffi import create_proxy, to_js

from app.database import Refused, ask_to_be_spared
from app.sheet.keeping import store

NAME = "sheet"  # which one, for the tab; and for all tabs whether there is any
LOCK = "number-reader sheet "
TRIES, PAUSE = 4, 0.15  # s: the page that a reload ends lets go of its lock a moment later


class Keeper:
    """`on_change()` is called when `is_kept` or `is_later`, whether there is a sheet of a later version, has changed;
    `on_late(count)` when so many rows came that could not be read at first."""

    def __init__(self, rows, tab, browser, on_change, on_late):
        self.rows, self.tab, self.browser = rows, tab, browser
        self.on_change, self.on_late = on_change, on_late
        self.is_unread = False  # open() could not find one
        self.key = None  # None until open() has found one
        self.is_kept = True
        self.is_later = False
        self.put, self.delete = {}, {}  # what is not written yet: {key: row}
        self.is_whole = False  # all of the sheet is to be written
        self.busy = False
        self.has_asked = False
        self._never = window.Promise.new(lambda resolve, reject: None)  # a lock is held until it is settled
        self._hearing = []  # functions that JavaScript has still to call
        rows.on_change.append(self._changed)

    async def open(self):
        """Finds this tab's sheet, and puts what is kept of it into the rows. Whether there was anything."""
        kept = await self._find()
        self.on_change()
        self._begin()
        return bool(kept)

    async def _find(self):
        """The rows that were kept, which are in the sheet now."""
        mine = await self.tab.recall(NAME)
        try:
            known = await store.sheets()
            versions = dict(known)
            self.is_later = any([version > store.VERSION for version in versions.values()])
            if mine and versions.get(mine, store.VERSION) == store.VERSION and await self._hold(mine, TRIES):
                self.key = mine
                kept = await store.load(mine)
            else:
                kept = await self._others(mine if versions.get(mine) == store.VERSION else None, known)
        except Refused:
            self.key = None
            self.is_unread, self.is_kept = True, False
            return []
        if self.key is None:
            self.key = await self._new_key()
        self.is_unread = False
        self.tab.remember(NAME, self.key)
        if kept:
            self._restore(kept)
        return kept

    async def _find_late(self):
        """Whether what is kept is read by now."""
        kept = await self._find() if self.is_unread else []
        if kept:
            self.on_late(len(kept))
        return not self.is_unread

    async def _others(self, copied, known):
        """The rows of a copy of the sheet that another tab holds, or of the last one that no tab does."""
        if copied:
            self.is_whole = True
            return await store.load(copied)
        for key, version in known:
            if version == store.VERSION and await self._hold(key, 1):
                self.key = key
                return await store.load(key)
        return []

    def _restore(self, kept):
        if (
            len(self.rows) or self.delete
        ):  # something was done meanwhile: it comes after what was kept, under other keys
            self.put, self.delete = {}, {}
            self.is_whole = True
        self.rows.restore(kept)

    async def _new_key(self):
        key = f"{window.Date.new().toISOString()} {window.Math.random()}"
        await self._hold(key, 1)
        return key

    async def _hold(self, key, tries):
        """Whether this tab now holds that sheet; without locks only its own tab ever asks for it."""
        try:
            locks = window.navigator.locks
            if not hasattr(locks, "request"):
                return tries > 1
            for i in range(tries):
                if i:
                    await asyncio.sleep(PAUSE)
                if await self._try(locks, key):
                    return True
        except (JsException, AttributeError):
            return tries > 1
        return False

    def _try(self, locks, key):
        """A promise of whether the lock is had."""

        def listen(resolve, reject):
            def got(lock):
                there = hasattr(lock, "mode")  # null where another tab has it
                resolve(there)
                return self._never if there else None

            hear = create_proxy(got)
            self._hearing.append(hear)
            locks.request(LOCK + key, to_js({"ifAvailable": True}), hear).catch(create_proxy(lambda *_: resolve(True)))

        return window.Promise.new(listen)

    # --- what is written -------------------------------------------------------------------

    def _changed(self, start, old, new):
        if self.rows.has_no_room(start, len(new)):
            self.rows.set_places_anew()
            self.is_whole = True
        for row in old:
            self.put.pop(row.key, None)
            self.delete[row.key] = row
        for row in new:
            self.delete.pop(row.key, None)
            self.put[row.key] = row
        self._begin()

    def _begin(self):
        is_found = self.key is not None or self.is_unread
        if is_found and not self.busy and (self.put or self.delete or self.is_whole):
            self.busy = True
            asyncio.create_task(self._follow())

    async def _follow(self):
        while (self.put or self.delete or self.is_whole) and await self._find_late():
            put, delete, is_whole = self.put, self.delete, self.is_whole
            self.put, self.delete, self.is_whole = {}, {}, False
            was_kept, self.is_kept = self.is_kept, True
            try:
                await self._write(put, delete, is_whole)
            except Refused:  # later changes go over these, and with the next one all are tried again
                self.is_kept = False
                self.delete = {key: row for key, row in delete.items() if key not in self.put} | self.delete
                self.put = {key: row for key, row in put.items() if key not in self.delete} | self.put
                self.is_whole = is_whole or self.is_whole
            if was_kept != self.is_kept:
                self.on_change()
            if not self.is_kept:
                break
        self.busy = False

    async def _write(self, put, delete, is_whole):
        if not len(self.rows):
            await store.forget(self.key)
            if not [version for _, version in await store.sheets()]:
                self.browser.remember(NAME, None)
            return
        now = window.Date.new().toISOString()
        await store.write(self.key, now, self.rows.rows if is_whole else put.values(), delete)
        self.browser.remember(NAME, "kept")
        if not self.has_asked:
            self.has_asked = True
            asyncio.create_task(ask_to_be_spared())
