"""The page: what a person does, wired to what reads it and what shows it."""

import asyncio

from app import files
from app.correct import Correct
from app.desk import READY, Desk
from app.dom import by_id, enable, on, say
from app.history import History
from app.pad import Pad, load_format
from app.pictures import Pictures
from app.reader import Reader
from app.samples import Samples
from app.taught import Taught
from app.taught_panel import TaughtPanel
from app.view import View
from app.why import Why
from pyscript import document

STEPS = {
    1: "Loading Python, you can draw already",
    2: "Loading digits, you can draw already",
}

# --- what the page says of itself ---------------------------------------------------------


def show_step(step):
    document.body.dataset.app = "loading"
    by_id("progress").value = step
    by_id("retry").hidden = True
    say(STEPS[step])


def show_ready():
    document.body.dataset.app = "ready"
    by_id("retry").hidden = True
    say(READY)
    taught.worker_is_new()
    if reader.latest is None:  # a failure forgets what it failed at, never the drawing
        desk.read_again()


def show_failure(sentence):
    document.body.dataset.app = "error"
    by_id("retry").hidden = False
    say("The recogniser is not working, your drawing is kept. " + sentence)


# --- controls -----------------------------------------------------------------------------


def ink_settled():
    show_actions()
    desk.read_ink()


def show_actions():
    for name, possible in (
        ("undo", pad.actions),
        ("redo", pad.undone),
        ("clear", pad.strokes),
        ("save", pad.strokes),
    ):
        enable(name, possible)


def choose_brush(event):
    pad.brush = float(by_id("brush").value)
    show_brush()


def show_brush():
    by_id("brush-dot").style.setProperty("--brush", str(pad.brush / pad.canvas.width))


def save_drawing(event):
    if pad.strokes:
        asyncio.create_task(files.save(pad.canvas))


def retry(event):
    show_step(1)
    reader.restart()


pad_format = load_format()
view = View()
pad = Pad(by_id("pad"), pad_format, lambda: desk.ink_changed(), ink_settled)
desk = Desk(pad, view)
reader = desk.reader = Reader(show_step, show_ready, show_failure)
history = History(desk, view)
pictures = Pictures(desk)
samples = Samples(pictures, desk)
taught = Taught(desk, reader)
why = Why(desk, reader, taught)
correct = Correct(desk, why, taught)
taught_panel = TaughtPanel(taught)

brush = by_id("brush")
brush.min = pad_format["brush_min"]
brush.max = pad_format["brush_max"]
brush.value = pad_format["brush"]
show_brush()
show_actions()

on("undo", "click", lambda event: pad.undo())
on("redo", "click", lambda event: pad.redo())
on("clear", "click", lambda event: pad.clear())
on("save", "click", save_drawing)
on("brush", "input", choose_brush)
on("retry", "click", retry)

document.body.dataset.python = "up"  # tells boot.js that all is well
show_step(1)
reader.start()
if document.body.hasAttribute("data-trouble"):  # boot.js saw a file fail before Python was up
    reader.doubt(document.body.dataset.trouble)
