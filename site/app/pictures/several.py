"""Several pictures in one go: read one after the other, each taken over into the sheet. What cannot be read is named at the
end, and the others go on; Cancel, or whatever else a person draws or opens, ends it.
"""

import asyncio

from app.dom import say
from app.reading.desk import CANCELLED


class Several:
    def __init__(self, desk, table):
        self.desk, self.table = desk, table
        self.file = None  # the one that is being read
        self.outcome = None  # of it: "read", "left", or the sentence that says why not
        self.heard = asyncio.Event()
        desk.on_reading.append(self._read)
        desk.on_refused.append(self._refused)
        desk.on_file.append(self._laid)

    def begin(self, files):
        asyncio.create_task(self._go_through(files))

    async def _go_through(self, files):
        count, taken, failed = len(files), 0, []
        for i, file in enumerate(files):
            say(f"Picture {i + 1} of {count}: {file.name}.")
            outcome = await self._outcome_of(file)
            if outcome == "read" and await self.table.add(quietly=True):
                taken += 1
            elif outcome in ("left", CANCELLED):
                break
            else:
                failed.append(f"Nothing was found in {file.name}." if outcome == "read" else outcome)
        self.file = None
        say(in_words(count, taken, failed))

    async def _outcome_of(self, file):
        self.file, self.outcome = file, None
        self.heard.clear()
        self.desk.open(file)
        await self.heard.wait()
        return self.outcome

    def _tell(self, outcome):
        if self.file is not None and self.outcome is None:
            self.outcome = outcome
            self.heard.set()

    def _read(self, reading):
        if reading and reading.file is self.file:  # what lay there before may be shown once more
            self._tell("read")

    def _refused(self, sentence):
        self._tell(sentence)

    def _laid(self, file):
        if file is not self.file:
            self._tell("left")


def in_words(count, taken, failed):
    """What became of so many pictures."""
    left = count - taken - len(failed)
    said = [
        f"{taken} of {count} pictures are in the sheet." if taken < count else f"All {count} pictures are in the sheet."
    ]
    if left:
        said.append(f"{left} not read.")
    return " ".join(said + failed)
