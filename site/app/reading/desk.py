"""What lies before the person, the drawing or a picture, and its reading: asked for, awaited, shown."""

import asyncio

from jsffi import JsException
from pyscript import document, window
from pyscript.ffi import create_proxy, to_js

from app import files
from app.dom import READY, by_id, on, say
from app.reading.cells import rows_of
from app.reading.progress import Progress
from app.reading.reader import INK_SECONDS, PICTURE_SECONDS, Request

CANCELLED = "Cancelled."


class Desk:
    """`on_reading` are functions called with each answer that is shown (see worker.py), and with None when there is no
    longer one; `on_file` are called with the picture that lies there, and with None when it is the drawing."""

    def __init__(self, pad, view, mode):
        self.pad, self.view, self.mode = pad, view, mode
        self.reader = None  # set by main.py: the reader needs the desk, too
        self.turn = 0  # counts what a person drew or opened: only the last of it is read
        self.file = None  # the picture that is read; None for the drawing
        self.rotation = None  # degrees by which a person has it turned; None where the reader finds out
        self.asked = 0  # readings of pictures
        self.last = None, None, None  # what was read last: its file and rotation, as above, and its answer
        self.covered = None  # the picture that lay there before the stroke that is being drawn
        self.answer = None  # what is shown of it
        self.answered = 0  # the turn that it answers
        mode.on_change.append(self.read_again)
        self.on_reading = []
        self.on_file = []
        self.on_refused = []  # functions called with the sentence that says why a picture is not read
        self.progress = Progress(self._cancel)
        document.defaultView.addEventListener("stepped", create_proxy(lambda event: self._stepped(event.detail)))
        on("turn", "click", lambda event: self._rotate())

    # --- the drawing ---------------------------------------------------------------------

    def ink_changed(self):
        self.covered = self.file
        self._turn(None)
        if document.body.dataset.app == "ready":
            say(READY)
        self._show_sheet()
        self.view.reading()

    def ink_dropped(self):
        """The stroke that was begun is taken back: what lay there before is read again."""
        self.file = self.covered
        self._show_sheet()
        self.read_again()

    def read_ink(self):
        self._lay(None)
        self._show_sheet()
        if not self.pad.strokes:
            self._show_nothing()
            return
        self.reader.ask(Request(self._ask_ink, self._show_ink, INK_SECONDS))

    def _ask_ink(self, worker):
        pad, mode = self.pad, self.mode
        return worker.read(pad.pixels(), pad.canvas.width, pad.canvas.height, pad.pen(), mode.chosen, mode.decimal)

    def _show_ink(self, answer):
        if hasattr(answer, "error"):
            say(answer.error)
            self._show_nothing()
        else:
            self._show(answer, self.pad.canvas, "Your drawing")

    # --- pictures ------------------------------------------------------------------------

    def open(self, file, rotation=None):
        """Reads a picture, a File or Blob with a name; what can't be read is said, and what was read before stays.
        `rotation`: degrees clockwise by which it is turned; None where the reader finds out."""
        mine = self._turn(file)
        self.rotation = rotation
        self.view.reading()
        asyncio.create_task(self._open(file, mine))

    async def _open(self, file, mine):
        problem = await files.objection(file)
        if mine != self.turn:  # something was drawn or opened meanwhile
            return
        if problem:
            self._go_back(problem)
        else:
            self._read_picture(file)

    def close(self):
        """Goes back from a picture to what is on the pad."""
        self.ink_changed()
        self.read_ink()

    def _read_picture(self, file):
        self._lay(file)
        self.asked += 1
        number, rotation = self.asked, self.rotation

        def show(answer):
            self.progress.end()
            if hasattr(answer, "error"):
                self._go_back(answer.error)
            else:
                asyncio.create_task(self._show_page(answer, file.name))

        self.reader.ask(
            Request(
                lambda worker: read_picture(worker, file, number, self.mode, rotation),
                show,
                PICTURE_SECONDS,
                lambda worker: worker.cancel(number),
            )
        )

    async def _show_page(self, answer, name):
        """A page has hundreds of symbols: what shows them takes turns with what a person does."""
        mine, number = self.turn, self.asked
        for part in self.view.parts(answer, answer.picture, name):
            part()
            await asyncio.sleep(0)
            if (mine, number) != (self.turn, self.asked):
                return
        self.answer = answer
        by_id("sheet").toggleAttribute("data-aside", True)
        self._tell()

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
            self.answer = None  # that of what lay here before
            for listener in self.on_reading:
                listener(None)
            self.view.begin(step.picture, self.file.name, step.width)
        elif step.text:
            self.view.extend(step.text, list(step.symbols))

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
        turned = self.rotation if self.answer is None or not self.is_read else self.answer.turn
        self.rotation = ((turned or 0) + 90 + 180) % 360 - 180
        self._turn(self.file)
        self.view.reading()
        self._read_picture(self.file)

    def _go_back(self, sentence):
        """Says why, and goes back to what was read last, as it was read, or to what is on the pad."""
        for listener in self.on_refused:
            listener(sentence)
        file, rotation, answer = self.last
        if file and answer:
            self.rotation = rotation
            self._turn(file)
            self._lay(file)
            asyncio.create_task(self._show_page(answer, file.name))
        else:
            self.read_ink()
        say(sentence)

    # --- either --------------------------------------------------------------------------

    def rows(self):
        """What is read, as rows of Cells; none while there is no reading."""
        return rows_of(self.answer) if self.answer else []

    def picture(self):
        """What was read, something a canvas can draw, and how many of its pixels are one of the cells' boxes."""
        if not hasattr(self.answer, "picture"):
            return self.pad.canvas, 1
        picture = self.answer.picture
        return picture, picture.width / self.answer.width

    def read_again(self):
        """Reads what lies there once more: something was taught or forgotten, the worker is a new one, or other
        marks are to be read."""
        if self.pad.stroke:
            return  # its end asks for a reading
        if self.file:
            self.view.reading()
            self._read_picture(self.file)
        else:
            if self.pad.strokes:
                self.view.reading()
            self.read_ink()

    def _lay(self, file):
        self.file = file
        for listener in self.on_file:
            listener(file)

    def _show_sheet(self):
        """The drawing lies there, and it is told whether that is blank."""
        by_id("sheet").toggleAttribute("data-blank", not self.pad.strokes)
        by_id("sheet").toggleAttribute("data-aside", False)

    def _turn(self, file):
        self.turn += 1
        self.file = file
        self.reader.forget()
        self.progress.end()
        return self.turn

    def _show(self, answer, picture, source):
        self.answer = answer
        self.view.show(answer, picture, source)
        self._tell()

    def _show_nothing(self):
        self.answer = None
        self.view.nothing()
        self._tell()

    @property
    def is_read(self):
        """Whether what is shown answers what lies there now, even if it is being read once more."""
        return self.answered == self.turn

    def _tell(self):
        self.answered = self.turn
        self.last = self.file, self.rotation, self.answer
        for listener in self.on_reading:
            listener(self.answer)


async def read_picture(worker, file, number, mode, rotation):
    """The worker decodes it. In the single file the page does where the worker can't: WebKit lets a worker of a file: page read
    no file."""
    size = await files.reduced_from(file)
    answer = await worker.read_picture(file, number, mode.chosen, mode.decimal, rotation, size)
    if not hasattr(answer, "error") or not document.body.hasAttribute("data-single-file"):
        return answer
    options = {"imageOrientation": "from-image"}
    if size:  # too large to be read as it is; WebKit then holds it in memory once, not twice
        options |= {
            "resizeWidth": int(size[0] * (files.REDUCED_FROM / (size[0] * size[1])) ** 0.5),
            "resizeQuality": "high",
        }
    try:
        bitmap = await window.createImageBitmap(file, to_js(options))
    except JsException:
        return answer
    return await worker.read_picture(bitmap, number, mode.chosen, mode.decimal, rotation)
