"""Files in and out: the drawing kept as a PNG, a picture file opened."""

from jsffi import JsException
from pyscript import document, window

PAPER = "#fff"
NAME = "number.png"
PIXELS_LIMIT = 80_000_000  # decoded, a picture of this size takes 320 MB


async def save(canvas):
    """Offers the drawing as a PNG: what is transparent on the canvas becomes white paper."""
    sheet = document.createElement("canvas")
    sheet.width = canvas.width
    sheet.height = canvas.height
    context = sheet.getContext("2d")
    context.fillStyle = PAPER
    context.fillRect(0, 0, sheet.width, sheet.height)
    context.drawImage(canvas, 0, 0)
    blob = await window.Promise.new(lambda resolve, reject: sheet.toBlob(resolve, "image/png"))
    link = document.createElement("a")
    link.href = window.URL.createObjectURL(blob)
    link.download = NAME
    link.click()
    # The browser reads the blob after click() returns.
    window.setTimeout(lambda *_: window.URL.revokeObjectURL(link.href), 60_000)


async def objection(file):
    """Why a picture file is not to be read, as a sentence, or None.

    An image element knows the size from the file's header, so that a picture too large for the
    device's memory is never decoded.
    """
    image = document.createElement("img")
    image.src = window.URL.createObjectURL(file)
    try:
        await window.Promise.new(
            lambda resolve, reject: (
                image.addEventListener("load", resolve),
                image.addEventListener("error", reject),
            )
        )
    except JsException:
        return f"This browser cannot open {file.name} as a picture."
    finally:
        window.URL.revokeObjectURL(image.src)
    pixels = image.naturalWidth * image.naturalHeight
    if not pixels:
        return f"{file.name} is an empty picture."
    if pixels > PIXELS_LIMIT:
        millions, limit = round(pixels / 1e6), PIXELS_LIMIT // 1_000_000
        return f"{file.name} has {millions} million pixels; at most {limit} million can be read."
    return None
