"""What the worker is asked to read: a request for the ink of the pad, or for a picture."""

from jsffi import JsException
from pyscript import document, window
from pyscript.ffi import to_js

from app.files import checking


def read_ink(worker, pad, mode):
    return worker.read(pad.pixels(), pad.canvas.width, pad.canvas.height, pad.pen(), mode.chosen, mode.decimal)


async def read_picture(worker, file, number, mode, rotation):
    """The worker decodes it. In the single file the page does where the worker can't: WebKit lets a worker of a file: page read
    no file."""
    size = await checking.reduced_from(file)
    answer = await worker.read_picture(file, number, mode.chosen, mode.decimal, rotation, size)
    if not hasattr(answer, "error") or not document.body.hasAttribute("data-single-file"):
        return answer
    options = {"imageOrientation": "from-image"}
    if size:  # too large to be read as it is; WebKit then holds it in memory once, not twice
        options |= {
            "resizeWidth": int(size[0] * (checking.REDUCED_FROM / (size[0] * size[1])) ** 0.5),
            "resizeQuality": "high",
        }
    try:
        bitmap = await window.createImageBitmap(file, to_js(options))
    except JsException:
        return answer
    return await worker.read_picture(bitmap, number, mode.chosen, mode.decimal, rotation)
