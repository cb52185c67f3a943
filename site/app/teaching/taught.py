"""What was taught: glyphs and their labels, here, in the worker, in this browser's storage, and in its other tabs.

The examples here are the truth of this tab. Worker and storage are brought up to date with them one step at a time,
whatever happened meanwhile; where storage is refused, they last as long as this page. Other tabs are told which glyphs
were written and look them up.
"""

import asyncio

from pyscript import document, window
from pyscript.ffi import create_proxy, to_js

from app.clock import PAUSE
from app.database import Refused, ask_to_be_spared
from app.reading.glyphs import join, split
from app.reading.reader import Request, Trouble
from app.teaching import store

CHANNEL = "number-reader-taught"
EVERYTHING = "everything"  # is forgotten
LIMIT = 2_000  # examples, as in the file (number_reader/storage/taught.py): all are taught at each start
SECONDS = 60  # for the worker to learn them
PACK_SECONDS = 20
AT_ONCE = 20  # records looked at before the page may do something else


class Example:
    """A glyph, a JavaScript Uint8Array, with its label and the ISO date when it was taught.

    row: where the worker has it. key: the glyph as text, which a dict can find.
    """

    def __init__(self, glyph, label, time, key):
        self.glyph, self.label, self.time, self.key = glyph, label, time, key
        self.row = None


class Taught:
    """`on_change` are functions that are called with no arguments."""

    def __init__(self, desk, reader):
        self.desk, self.reader = desk, reader
        self.examples = {}  # by key
        self.gone = []  # rows that the worker has to forget
        self.unsaved = {}  # glyphs by key, to be written
        self.is_kept = True  # as far as is known
        self.on_change = []
        self.loaded = asyncio.Event()
        self.saving = asyncio.Lock()
        self.has_asked = False  # the browser not to clear what is kept
        self.decoder = window.TextDecoder.new("latin1")  # as many different texts as there are glyphs
        self.channel = None
        if hasattr(window, "BroadcastChannel"):
            self.channel = window.BroadcastChannel.new(CHANNEL)
            self.channel.addEventListener("message", create_proxy(self._told))
        document.defaultView.addEventListener("pageshow", create_proxy(self._shown))
        asyncio.create_task(self._load())

    def __len__(self):
        return len(self.examples)

    @property
    def room(self):
        """How many more can be taught."""
        return LIMIT - len(self.examples)

    def newest_first(self):
        return sorted(self.examples.values(), key=lambda example: example.time, reverse=True)

    def find(self, glyph):
        """The example with this glyph, or None."""
        return self.examples.get(self._key(glyph))

    def at_row(self, row):
        """The example that the worker has there, or None."""
        for example in self.examples.values():
            if example.row == row:
                return example

    # --- changes -------------------------------------------------------------------------

    def teach(self, *examples):
        """Pairs of a glyph and its label; one that was taught before gets the new label. Returns a task whose result says
        whether they are kept."""
        time = now()
        return self._add([Example(glyph, label, time, self._key(glyph)) for glyph, label in examples])

    def forget(self, glyph):
        key = self._key(glyph)
        self._drop(key)
        self.unsaved[key] = glyph
        self._changed()
        return asyncio.create_task(self._save())

    async def forget_everything(self):
        """Forgets all that was ever taught, in all tabs; False where storage keeps it."""
        self._drop_all()
        self._changed()
        try:
            async with self.saving:
                await store.clear()
        except Refused:
            return False
        self._post(EVERYTHING)
        return True

    async def export(self):
        """The bytes of a file of all examples, or Trouble."""
        examples = self.newest_first()
        glyphs, labels = join([each.glyph for each in examples]), to_js([each.label for each in examples])
        return await self.reader.call(lambda worker: worker.pack(glyphs, labels), PACK_SECONDS)

    async def import_(self, content):
        """Teaches what a file holds, its bytes a Uint8Array: (the labels of new ones, how many were here), or Trouble."""
        answer = await self.reader.call(lambda worker: worker.unpack(content), PACK_SECONDS)
        if hasattr(answer, "error"):
            return answer
        new, count, time = [], 0, now()
        for glyph, label in zip(split(answer.glyphs), answer.labels):
            key = self._key(glyph)
            if key not in self.examples:
                new.append(Example(glyph, label, time, key))
            count += 1
            if count % AT_ONCE == 0:
                await asyncio.sleep(PAUSE)
        if len(self) + len(new) > LIMIT:
            return Trouble(f"With its {len(new):,} new examples there would be more than {LIMIT:,}. Forget some first.")
        if new:
            self._add(new)
        return [each.label for each in new], count - len(new)

    def _add(self, examples):
        for example in examples:
            self._drop(example.key)
            self.examples[example.key] = example
            self.unsaved[example.key] = example.glyph
        self._changed()
        return asyncio.create_task(self._save())

    def _drop(self, key):
        example = self.examples.pop(key, None)
        if example and example.row is not None:
            self.gone.append(example.row)

    def _drop_all(self):
        for key in list(self.examples):
            self._drop(key)
        self.unsaved = {}

    def _key(self, glyph):
        return self.decoder.decode(glyph)

    def _changed(self):
        self.reader.tell(Request(self._inform, lambda answer: None, SECONDS))
        if self.desk.is_read or self.reader.latest:  # what is being drawn is read when the pen is up
            self.desk.refresh()
        self._announce()

    def _announce(self):
        for listener in self.on_change:
            listener()

    # --- the worker ----------------------------------------------------------------------

    def worker_is_new(self):
        """It knows nothing of what was taught, and has to before it reads."""
        self.gone = []
        for example in self.examples.values():
            example.row = None
        self.reader.tell(Request(self._inform, lambda answer: None, SECONDS))

    async def _inform(self, worker):
        """Teaches the worker what it does not know, and takes from it what is gone."""
        await self.loaded.wait()
        while True:
            gone, self.gone = self.gone, []
            new = [example for example in self.examples.values() if example.row is None]
            if gone:
                await worker.forget(to_js(gone))
            if new:
                rows = await worker.teach(join([each.glyph for each in new]), to_js([each.label for each in new]))
                for example, row in zip(new, rows):
                    example.row = row
                    if self.examples.get(example.key) is not example:  # it went meanwhile
                        self.gone.append(row)
            if not self.gone:
                return

    # --- storage -------------------------------------------------------------------------

    async def _load(self):
        try:
            async with self.saving:
                await self._merge(await store.load())
        except Refused:
            self.is_kept = False
        self.loaded.set()
        self._announce()

    async def _merge(self, records):
        """Takes over what storage has; True if any of it is news."""
        changed = False
        for i, record in enumerate(records):
            changed = self._adopt(record.glyph, record) or changed
            if i % AT_ONCE == 0:
                await asyncio.sleep(PAUSE)
        return changed

    def _adopt(self, glyph, record):
        """Takes over what storage has of one glyph; True if that is news."""
        key = self._key(glyph)
        mine = self.examples.get(key)
        label = store.label_of(record)
        if key in self.unsaved or label == (mine.label if mine else None):
            return False
        if label is None:
            self._drop(key)
        else:
            self._drop(key)
            self.examples[key] = Example(glyph, label, record.time, key)
        return True

    async def _save(self):
        """Writes what is unsaved; whether it is kept."""
        async with self.saving:  # what is written last is what was said last
            unsaved, self.unsaved = self.unsaved, {}
            if not unsaved:  # another task has written it
                return self.is_kept
            put = [self.examples[key] for key in unsaved if key in self.examples]
            delete = [glyph for key, glyph in unsaved.items() if key not in self.examples]
            was_kept, self.is_kept = self.is_kept, True
            try:
                await store.write(put, delete)
                self._post(to_js(list(unsaved.values())))
                if put and not self.has_asked:
                    self.has_asked = True
                    asyncio.create_task(ask_to_be_spared())
            except Refused:
                self.is_kept = False
                unsaved.update(self.unsaved)
                self.unsaved = unsaved  # they are tried again with the next change
        if was_kept != self.is_kept:
            self._announce()
        return self.is_kept

    # --- other tabs ----------------------------------------------------------------------

    def _post(self, message):
        if self.channel:
            self.channel.postMessage(message)

    def _told(self, event):
        asyncio.create_task(self._follow(event.data))

    async def _follow(self, message):
        """Does here what another tab did."""
        await self.loaded.wait()
        if message == EVERYTHING:
            async with self.saving:  # what was being written here may be all that storage has now
                self._drop_all()
                try:
                    await self._merge(await store.load())
                except Refused:
                    pass
            self._changed()
            return
        glyphs = list(message)
        try:
            async with self.saving:  # what is being written would be taken for old, and the tabs differ from then on
                records = await store.get(glyphs)
                news = [self._adopt(glyph, record) for glyph, record in zip(glyphs, records)]
        except Refused:
            return
        if any(news):
            self._changed()

    def _shown(self, event):
        """Back from the browser's cache of pages, where nothing was heard."""
        if event.persisted:
            asyncio.create_task(self._catch_up())

    async def _catch_up(self):
        try:
            async with self.saving:
                records = list(await store.load())
                there = {self._key(record.glyph) for record in records}
                gone = [key for key in self.examples if key not in there and key not in self.unsaved]
                for key in gone:
                    self._drop(key)
                changed = await self._merge(records) or gone
        except Refused:
            return
        if changed:
            self._changed()


def now():
    return window.Date.new().toISOString()
