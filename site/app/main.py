"""The page: what a person does, wired to what reads it and what shows it."""

import asyncio

from app import files
from app.pad import Pad, load_format
from app.reader import INK_SECONDS, PICTURE_SECONDS, Reader, Request
from app.view import View
from pyscript import document
from pyscript.ffi import create_proxy

STEPS = {
    1: "Loading Python, you can draw already",
    2: "Loading digits, you can draw already",
}
READY = "Ready"


def by_id(name):
    return document.getElementById(name)


def on(name, event, handler):
    by_id(name).addEventListener(event, create_proxy(handler))


# --- what the page says of itself ---------------------------------------------------------


def say(sentence):
    by_id("status").textContent = sentence


def show_step(step):
    document.body.dataset.app = "loading"
    by_id("progress").value = step
    by_id("retry").hidden = True
    say(STEPS[step])


def show_ready():
    document.body.dataset.app = "ready"
    by_id("retry").hidden = True
    say(READY)
    if reader.latest is None:  # a failure forgets what it failed at, never the drawing
        read_ink()


def show_failure(sentence):
    document.body.dataset.app = "error"
    by_id("retry").hidden = False
    say("The recogniser is not working, your drawing is kept. " + sentence)


# --- reading ------------------------------------------------------------------------------


def ink_changed():
    global turn
    turn += 1
    reader.forget()
    if document.body.dataset.app == "ready":
        say(READY)
    by_id("sheet").toggleAttribute("data-blank", not pad.strokes)
    by_id("sheet").toggleAttribute("data-aside", False)
    view.reading()


def read_ink():
    show_actions()
    by_id("sheet").toggleAttribute("data-aside", False)
    if not pad.strokes:
        view.nothing()
        return
    reader.ask(
        Request(
            lambda worker: worker.read(pad.pixels(), pad.canvas.width, pad.canvas.height, pad.pen()),
            show_ink,
            INK_SECONDS,
        )
    )


def show_ink(answer):
    if hasattr(answer, "error"):
        say(answer.error)
        view.nothing()
    else:
        view.show(answer, pad.canvas, "Your drawing")


async def read_file(file):
    global turn
    turn += 1
    mine = turn
    reader.forget()
    view.reading()
    problem = await files.objection(file)
    if mine != turn:  # something was drawn or opened meanwhile
        return
    if problem:
        refuse_picture(problem)
        return

    def show_picture(answer):
        if hasattr(answer, "error"):
            refuse_picture(answer.error)
        else:
            view.show(answer, answer.picture, file.name)
            by_id("sheet").toggleAttribute("data-aside", True)

    reader.ask(Request(lambda worker: worker.read_picture(file), show_picture, PICTURE_SECONDS))


def refuse_picture(sentence):
    """Says why, and goes back to what is on the pad."""
    read_ink()
    say(sentence)


# --- controls -----------------------------------------------------------------------------


def show_actions():
    """Greys what would do nothing. The buttons stay enabled: a disabled one loses the focus."""
    for name, possible in (
        ("undo", pad.actions),
        ("redo", pad.undone),
        ("clear", pad.strokes),
        ("save", pad.strokes),
    ):
        by_id(name).toggleAttribute("data-idle", not possible)


def choose_brush(event):
    pad.brush = float(by_id("brush").value)
    show_brush()


def show_brush():
    by_id("brush-dot").style.setProperty("--brush", str(pad.brush / pad.canvas.width))


def save_drawing(event):
    if pad.strokes:
        asyncio.create_task(files.save(pad.canvas))


def choose_picture(event):
    picked = by_id("image").files
    if picked.length:
        file = picked[0]
        by_id("image").value = ""  # the same file can be chosen again
        asyncio.create_task(read_file(file))


def retry(event):
    show_step(1)
    reader.restart()


turn = 0  # counts what a person drew or opened: only the last of it is read

pad_format = load_format()
view = View()
pad = Pad(by_id("pad"), pad_format, ink_changed, read_ink)
reader = Reader(show_step, show_ready, show_failure)

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
on("image", "change", choose_picture)
on("retry", "click", retry)

document.body.dataset.python = "up"  # tells boot.js that all is well
show_step(1)
reader.start()
if document.body.hasAttribute("data-trouble"):  # boot.js saw a file fail before Python was up
    reader.doubt(document.body.dataset.trouble)
