"""The page: what a person does, wired to what reads it and what shows it."""

import asyncio

from pyscript import document, window

from app.check import Check
from app.dom import READY, by_id, on, say, stands
from app.drawing.cursor import Cursor
from app.drawing.pad import Pad, load_format
from app.drawing.pointer import Pointer
from app.drawing.recoloured import Recoloured
from app.drawing.shortcuts import Shortcuts
from app.drawing.tools import Tools
from app.files import saving
from app.guess.guess import Guess
from app.keeping.kept_drawing import KeptDrawing
from app.keeping.kept_mends import KeptMends
from app.keeping.kept_picture import KeptPicture
from app.keeping.kept_view import KeptView
from app.keeping.offline import Offline
from app.keeping.tab import Browser, Tab
from app.marks.chosen import Chosen
from app.marks.correct import Correct
from app.marks.mend import Mend
from app.marks.why import Why
from app.pictures.gestures import Gestures
from app.pictures.pictures import Pictures
from app.pictures.samples import Samples
from app.pictures.viewer import Viewer
from app.reading.copies import Copies
from app.reading.desk import Desk
from app.reading.mode import Mode
from app.reading.reader import Reader
from app.reading.view import View
from app.table import Table
from app.teaching.taught import Taught
from app.teaching.taught_panel import TaughtPanel

STEPS = {
    1: "Loading, you can draw already",
    2: "Starting, you can draw already",
}
LACK = "This needs more of Python, which is fetched first. Your drawing is kept"
LOST = "The recogniser is not working"
COUNTED = {1: 5, 2: 90}  # of the 100 that #progress counts to; boot/page.js counts what is downloaded up to 70

# --- what the page says of itself ---------------------------------------------------------


def show_step(step):
    document.body.dataset.app = "loading"
    by_id("progress").value = max(by_id("progress").value, COUNTED[step])
    by_id("retry").hidden = True
    stands("")
    say(STEPS[step])


def show_ready():
    document.body.dataset.app = "ready"
    by_id("retry").hidden = True
    stands("")
    say(READY)
    guess.end()
    taught.worker_is_new()
    if reader.latest is None:  # a failure forgets what it failed at, never the drawing
        desk.refresh()
    offline.begin()


def show_lack():
    desk.progress.end()
    desk.lose()
    begin_anew()
    say(LACK)
    asyncio.create_task(guess.begin())


def show_failure(sentence):
    document.body.dataset.app = "error"
    by_id("retry").hidden = False
    desk.progress.end()
    desk.lose()
    asyncio.create_task(offline.mend())
    stands(LOST)
    say(f"{LOST}, your drawing is kept. {sentence}")
    asyncio.create_task(guess_instead(sentence))


async def guess_instead(sentence):
    """Where there is a first guess, says so, unless something else was said by then."""
    said = by_id("status").textContent
    await guess.begin()
    if guess.reader and by_id("status").textContent == said:
        say(f"{LOST}, your drawing is kept and digits are only guessed. {sentence}")


# --- controls -----------------------------------------------------------------------------


def ink_settled():
    show_ink()
    desk.read_ink()


def ink_dropped():
    show_ink()
    desk.ink_dropped()


def show_ink():
    tools.show()
    cursor.show()
    kept_drawing.keep()


async def restore():
    """What was here before the page was loaded anew: what is read and how it was seen, the drawing, then the picture that lay
    over it."""
    await mode.restore()
    await kept_view.restore()
    await kept_drawing.restore()
    await kept_mends.restore()
    await kept_picture.restore()


def save_drawing(event):
    if pad.strokes:
        asyncio.create_task(saving.save(pad.canvas))


def begin_anew():
    window.dispatchEvent(window.Event.new("anew"))
    show_step(1)


def retry(event):
    begin_anew()
    reader.restart()


pad_format = load_format()
browser = Browser()
mode = Mode(browser)
viewer = Viewer()
gestures = Gestures(viewer)
view = View(mode, viewer)
pad = Pad(by_id("pad"), pad_format, lambda: desk.ink_changed(), ink_settled, ink_dropped)
desk = Desk(pad, view, mode)
reader = desk.reader = Reader(
    show_step, show_ready, show_lack, show_failure, lambda: window.downloaded, lambda: window.reached
)
guess = Guess(pad, desk, view)
copies = Copies(desk, view)
tab = Tab()
table = Table(desk, mode, tab, browser)
check = Check(desk, mode)
pictures = Pictures(desk, table)
samples = Samples(pictures, desk)
taught = Taught(desk, reader)
chosen = Chosen(desk, viewer)
why = Why(desk, reader, chosen, taught)
mend = Mend(desk, chosen, taught)
correct = Correct(desk, chosen, taught, mend)
taught_panel = TaughtPanel(taught)

tools = Tools(pad, pad_format, desk)
pointer = Pointer(pad)
recoloured = Recoloured(pad)
cursor = Cursor(pad, table.enter)
shortcuts = Shortcuts(pad, tools, mend.step_back)
kept_view = KeptView(pad, tools, tab)
kept_drawing = KeptDrawing(pad, tab)
kept_picture = KeptPicture(desk, tab)
kept_mends = KeptMends(desk, tab)
offline = Offline()
asyncio.create_task(restore())
asyncio.create_task(table.restore())

on("save", "click", save_drawing)
on("retry", "click", retry)

document.body.dataset.python = "up"  # tells boot/page.js that all is well
show_step(1)
reader.start()
asyncio.create_task(guess.begin())
if document.body.hasAttribute("data-trouble"):  # boot/page.js saw a file fail before Python was up
    reader.doubt(document.body.dataset.trouble)
