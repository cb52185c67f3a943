"""What lies before the person, the drawing or a picture, and its reading: asked for, awaited, shown, mended."""

import asyncio

from pyscript import document
from pyscript.ffi import create_proxy, to_js

from app.dom import READY, by_id, offer, on, say
from app.files import checking
from app.reading.asking import read_ink, read_picture
from app.reading.progress import Progress
from app.reading.reader import INK_SECONDS, PICTURE_SECONDS, Request
from app.reading.reading import Reading

DRAWING, CANCELLED = "Your drawing", "Cancelled."
PAD, PICTURE = "pad", "picture"  # what stands in the one place: <body data-place>


class Desk:
    """`on_reading` are functions called with each Reading that is shown or was mended, and with None when there is no longer
    one; `on_file` are called with the picture that lies there, and with None when it is the drawing."""

    def __init__(self, pad, view, mode):
        self.pad, self.view, self.mode = pad, view, mode
        self.reader = None  # set by main.py: the reader needs the desk, too
        self.turn = 0  # counts what a person drew or opened: only the last of it is read
        self.file = None  # the picture that is read; None for the drawing
        self.rotation = None  # degrees by which a person has it turned; None where the reader finds out
        self.asked = 0  # readings of pictures
        self.covered = None  # the picture that was awaited before the stroke that is being drawn
        self.coming = None  # the Reading of a picture whose rows are coming
        self.reading = None  # the Reading that is shown
        self.answered = 0  # the turn that it answers
        self.last = None  # the Reading that was shown last of all
        mode.on_change.append(self.read_again)
        self.on_reading = []
        self.on_ink = []  # functions called when the ink on the pad is to be read
        self.on_file = []
        self.on_refused = []  # functions called with the sentence that says why a picture is not read
        self.progress = Progress(self._cancel)
        document.defaultView.addEventListener("stepped", create_proxy(lambda event: self._stepped(event.detail)))
        on("turn", "click", lambda event: self._rotate())

    # --- for who shows or keeps what was read ---------------------------------------------

    def rows(self):
        """What is read, as it was mended: lists of Cells (cells.py), top first; [] where nothing is."""
        return self.reading.rows if self.reading else []

    def picture(self):
        """(what shows it, drawable; its pixels for each pixel that boxes are in), or None where nothing is read."""
        return (self.reading.picture, self.reading.scale) if self.reading else None

    # --- the drawing ---------------------------------------------------------------------

    def ink_changed(self):
        self.covered = self.file
        self._turn(None)
        if document.body.dataset.app == "ready":
            say(READY)
        self._show_pad()
        self.view.reading()

    def ink_dropped(self):
        """The stroke that was begun is taken back: what was awaited before is read again."""
        self.file = self.covered
        self.read_again()

    def read_ink(self):
        self._lay(None)
        self._show_pad()
        if not self.pad.strokes:
            self._show_nothing()
            return
        if document.body.dataset.app != "ready":
            self.lose()
        self.reader.ask(Request(lambda worker: read_ink(worker, self.pad, self.mode), self._show_ink, INK_SECONDS))
        for listener in self.on_ink:
            listener()

    def _show_ink(self, answer):
        if hasattr(answer, "error"):
            say(answer.error)
            self._show_nothing()
            return
        reading = Reading(DRAWING)
        list(reading.fill(answer, self.pad.canvas))
        for part in self.view.parts(reading):
            part()
        self._shown(reading)

    def lose(self):
        """Nobody reads just now: what was read of other ink must not stand here as if it were this one's, nor the first rows
        of a page as if they were all."""
        if (self.reading or self.coming) and not self.is_read:
            self.coming = None
            self._tell(None)
            self.view.lose()

    # --- pictures ------------------------------------------------------------------------

    def open(self, file, rotation=None):
        """Reads a picture, a File or Blob with a name; what can't be read is said, and what was read before stays.
        `rotation`: degrees clockwise by which it is turned; None where the reader finds out."""
        mine = self._turn(file)
        self.rotation = rotation
        self.view.reading()
        asyncio.create_task(self._open(file, mine))

    async def _open(self, file, mine):
        problem = await checking.objection(file)
        if mine != self.turn:  # something was drawn or opened meanwhile
            return
        if problem:
            self._go_back(problem)
        else:
            self._read_picture(file)

    def close(self):
        """Goes back from a picture to what is on the pad; one tap brings the picture back."""
        reading = self.last if self.is_read else None
        self.ink_changed()
        self.read_ink()
        if reading and reading.file:
            offer("The picture is closed.", "Bring it back", lambda: self._bring(reading))

    def _read_picture(self, file):
        self._lay(file)
        if document.body.dataset.app != "ready":
            say(f"{file.name} is read once the recogniser is there.")
        self.asked += 1
        number, rotation = self.asked, self.rotation

        def show(answer):
            self.progress.end()
            if hasattr(answer, "error"):
                self._go_back(answer.error)
            else:
                asyncio.create_task(self._show_page(Reading(file.name, file, rotation), answer))

        self.reader.ask(
            Request(
                lambda worker: read_picture(worker, file, number, self.mode, rotation),
                show,
                PICTURE_SECONDS,
                lambda worker: worker.cancel(number),
            )
        )

    async def _show_page(self, reading, answer=None):
        """A page has hundreds of marks: what shows them takes turns with what a person does. `answer`: of the worker, where
        the Reading has none yet."""
        if reading.file is not self.file:
            return  # something else was opened before its turn came
        mine = self.turn, self.asked
        for _ in reading.fill(answer, answer.picture) if answer else ():
            await asyncio.sleep(0)
        self._place(PICTURE)
        for part in self.view.parts(reading):
            part()
            await asyncio.sleep(0)
            if mine != (self.turn, self.asked):
                return
        self._shown(reading)

    def _stepped(self, step):
        """The worker tells how far the reading of a picture is."""
        if not self.file or step.number != self.asked or self.reader.latest is None:
            return  # it is read no more
        if step.stage == "sheet":
            self.progress.begin()
        self.progress.show(step.stage, step.k, step.n)
        if self.is_read:
            return  # it is read once more: what was read before stays until then
        if hasattr(step, "picture"):
            self._tell(None)  # what lay here before is read no more
            self.coming = Reading(self.file.name, self.file)
            self.coming.picture, self.coming.width = step.picture, step.width
            self._place(PICTURE)
            self.view.begin(self.coming)
        elif step.text and self.coming:
            self.view.extend(self.coming, self.coming.add_row(step))

    def _cancel(self):
        self.reader.forget()
        self.progress.end()
        if self.is_read:  # it was being read once more: what was read before stays
            self.view.stay()
            say("Cancelled. What was read before is shown.")
        else:
            self._go_back(CANCELLED)

    def _rotate(self):
        """Turns the picture a quarter on from how it was read."""
        if not self.file:
            return
        turned = self.reading.answer.turn if self.is_read and self.reading else self.rotation
        self.rotation = ((turned or 0) + 90 + 180) % 360 - 180
        self._turn(self.file)
        self.view.reading()
        self._read_picture(self.file)

    def _go_back(self, sentence):
        """Says why, and goes back to what was read last, as it was read, or to what is on the pad."""
        for listener in self.on_refused:
            listener(sentence)
        if self.last and self.last.file:
            self._bring(self.last)
        else:
            self.read_ink()
        say(sentence)

    def _bring(self, reading):
        """Shows what was read of a picture before, as it was read and mended."""
        self.rotation = reading.rotation
        self._turn(reading.file)
        self._lay(reading.file)
        say(READY)
        asyncio.create_task(self._show_page(reading))

    # --- mended --------------------------------------------------------------------------

    def mended(self, cell):
        """A person has mended a cell of what is shown."""
        self.view.show_mended(self.reading, cell)
        self._tell(self.reading)

    # --- either --------------------------------------------------------------------------

    def read_again(self):
        """Reads what lies there once more: the worker is a new one, other marks
        are to be read, or a person asks for it."""
        if self.pad.stroke:
            return  # its end asks for a reading
        if self.file:
            self.view.reading()
            self._read_picture(self.file)
        else:
            if self.pad.strokes:
                self.view.reading()
            self.read_ink()

    def refresh(self):
        """Likewise where nobody asked for it, as something was taught or forgotten: what a person mended stays."""
        if not (self.is_read and self.reading and self.reading.is_mended):
            self.read_again()

    def _lay(self, file):
        self.file = file
        for listener in self.on_file:
            listener(file)

    def _show_pad(self):
        """The drawing lies there, and it is told whether that is blank."""
        by_id("sheet").toggleAttribute("data-blank", not self.pad.strokes)
        self._place(PAD)

    def _place(self, name):
        if document.body.dataset.place == name:
            return
        focused = document.activeElement
        is_lost = bool(focused.closest(".of-" + document.body.dataset.place))  # what goes had the focus
        is_seen = focused.matches(":focus-visible")
        document.body.dataset.place = name
        if is_lost:
            by_id(name).focus(to_js({"preventScroll": True, "focusVisible": is_seen}))
        self.view.viewer.lay_out()

    def _turn(self, file):
        self.turn += 1
        self.file = file
        self.reader.forget()
        self.progress.end()
        return self.turn

    def _show_nothing(self):
        self.view.nothing()
        self._shown(None)

    @property
    def is_read(self):
        """Whether what is shown answers what lies there now, even if it is being read once more."""
        return self.answered == self.turn

    def _shown(self, reading):
        before, self.last = self.last, reading
        self.coming = None
        self.answered = self.turn
        self._tell(reading)
        is_lost = before and before.is_mended and before is not reading and before.file is self.file
        if is_lost and before.file:
            offer("Read anew, not mended.", "Bring it back", lambda: self._bring(before))
        elif is_lost:
            say("The drawing was read anew: what you typed is gone.")

    def _tell(self, reading):
        self.reading = reading
        for listener in self.on_reading:
            listener(reading)
