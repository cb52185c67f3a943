"""Files in and out: canvases kept as PNG files, a picture file looked at before it is opened."""

from jsffi import JsException
from pyscript import document, window

from app import formats

PAPER = "#fff"
NAME = "number.png"
PIXELS_LIMIT = 80_000_000  # decoded, a picture of this size takes 320 MB
BYTES_LIMIT = 100_000_000


async def save(canvas, name=NAME, zoom=1):
    """Offers a canvas as a PNG, each pixel `zoom` wide; what is transparent becomes white paper."""
    sheet = document.createElement("canvas")
    sheet.width = canvas.width * zoom
    sheet.height = canvas.height * zoom
    context = sheet.getContext("2d")
    context.fillStyle = PAPER
    context.fillRect(0, 0, sheet.width, sheet.height)
    context.imageSmoothingEnabled = False
    context.drawImage(canvas, 0, 0, sheet.width, sheet.height)
    blob = await window.Promise.new(lambda resolve, reject: sheet.toBlob(resolve, "image/png"))
    download(blob, name)


def download(blob, name):
    """Offers a Blob as a file to keep."""
    link = document.createElement("a")
    link.href = window.URL.createObjectURL(blob)
    link.download = name
    link.click()
    # The browser reads the blob after click() returns.
    window.setTimeout(lambda *_: window.URL.revokeObjectURL(link.href), 60_000)


async def objection(file):
    """Why a picture file is not to be read, as a sentence, or None."""
    if file.size > BYTES_LIMIT:
        return f"{file.name} is {round(file.size / 1e6)} MB large; at most {BYTES_LIMIT // 1_000_000} MB can be read."
    try:
        head = bytes(window.Uint8Array.new(await file.slice(0, formats.HEAD).arrayBuffer()))
    except JsException:
        return f"{file.name} could not be read. If it is a folder, open the picture in it."
    size = await _size(file)
    if size is None or formats.kind(head) == formats.SVG:  # an image element shows SVG, the worker cannot decode it
        return formats.refusal(file.name, head)
    pixels = size[0] * size[1]
    if pixels > PIXELS_LIMIT:
        millions, limit = round(pixels / 1e6), PIXELS_LIMIT // 1_000_000
        return f"{file.name} has {millions} million pixels; at most {limit} million can be read."
    return None


async def _size(file):
    """Width and height in pixels, or None where the browser knows no such picture.

    An image element that is never shown reads them from the file's header and decodes nothing, so that a picture too
    large for the device's memory never fills it.
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
        return None
    finally:
        window.URL.revokeObjectURL(image.src)
    return image.naturalWidth, image.naturalHeight
