"""Files out: canvases as PNG, what is exported; saved, or in an installed app shared.

An app on the Home Screen of an iPhone has no place for a download: it opens the file over the page, without a way back. What
is shared there can be saved to Files, too.
"""

import asyncio

from jsffi import JsException
from pyscript import document, window
from pyscript.ffi import to_js

from app.dom import offer, say

PAPER = "#fff"
NAME = "number.png"
NO_SHARING = (
    "This browser lets an app on the Home Screen save no files. Open the page in the browser itself, and save it there."
)


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
    if is_installed():
        asyncio.create_task(share(window.File.new(to_js([blob]), name, to_js({"type": blob.type}))))
        return
    link = document.createElement("a")
    link.href = window.URL.createObjectURL(blob)
    link.download = name
    link.click()
    # The browser reads the blob after click() returns.
    window.setTimeout(lambda *_: window.URL.revokeObjectURL(link.href), 60_000)


def is_installed():
    """Whether the page is an app of its own, without the browser's controls."""
    standalone = getattr(window.navigator, "standalone", False) is True  # Safari's own
    return standalone or window.matchMedia("(display-mode: standalone)").matches


async def share(file):
    """Hands a File to the system's share sheet. That it was closed again needs no words."""
    navigator, what = window.navigator, to_js({"files": [file]})
    if not (hasattr(navigator, "canShare") and navigator.canShare(what)):
        say(NO_SHARING)
        return
    try:
        await navigator.share(what)
    except JsException as error:
        if "NotAllowedError" in str(error):  # too long after the tap, or another one is open
            offer(f"{file.name} is ready.", "Save it", lambda: asyncio.create_task(share(file)))
        elif "AbortError" not in str(error):
            say(f"{file.name} could not be saved: the system's sheet did not take it.")
