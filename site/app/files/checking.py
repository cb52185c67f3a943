"""A picture file looked at before it is opened."""

from jsffi import JsException
from pyscript import document, window

from app.files import formats, headers

PIXELS_LIMIT = 80_000_000  # decoded, a picture of this size takes 320 MB
SHRUNK_LIMIT = 120_000_000  # of a JPEG that is decoded in full and shrunk by the browser: 480 MB
REDUCED_LIMIT = 250_000_000  # of one that is decoded at reduced size: its full size is never in memory
REDUCED_FROM = 16_000_000  # pixels; the worker shrinks what has more than these (PIXELS_READ)
BYTES_LIMIT = 100_000_000
CHUNK = 1 << 22  # bytes of a file that are searched at once


async def objection(file):
    """Why a picture file is not to be read, as a sentence, or None."""
    if file.size > BYTES_LIMIT:
        return f"{file.name} is {round(file.size / 1e6)} MB large; at most {BYTES_LIMIT // 1_000_000} MB can be read."
    try:
        head = await _bytes(file, 0, formats.HEAD)
        header = await _header(file)
    except JsException:
        return f"{file.name} could not be read. If it is a folder, open the picture in it."
    if header.whole is False:
        return f"{file.name} did not come whole: its end is missing. Copy or download it again, then open it."
    size = header.size or await _size(file)
    if size is None or formats.kind(head) == formats.SVG:  # an image element shows SVG, the worker cannot decode it
        return formats.refusal(file.name, head)
    pixels, limit = size[0] * size[1], _limit(header)
    if pixels > limit:
        return (
            f"{file.name} has {round(pixels / 1e6)} million pixels; at most {limit // 1_000_000} million can be read here. "
            "Take it in a camera mode with fewer, crop it, or open a screenshot of it."
        )
    return None


def _limit(header):
    if not header.is_jpeg:
        return PIXELS_LIMIT
    return REDUCED_LIMIT if hasattr(window, "ImageDecoder") and not header.in_scans else SHRUNK_LIMIT


async def reduced_from(file):
    """[width, height] in px, upright, of a JPEG so large that it is better decoded at a reduced size; None of any other."""
    try:
        header = await _header(file)
    except JsException:
        return None
    if not header.is_jpeg or header.pixels <= REDUCED_FROM:
        return None
    width, height = header.size
    upright = await _size(file)  # as this browser understands the file's EXIF
    if upright and (upright[0] < upright[1]) != (width < height):
        width, height = height, width
    return [width, height]


async def _header(file):
    """The Header of a file, which is read as far as that asks for."""
    looking = headers.look(file.size)
    answer = None
    while True:
        try:
            start, wanted = looking.send(answer)
        except StopIteration as end:
            return end.value
        answer = await (_find if isinstance(wanted, bytes) else _bytes)(file, start, wanted)


async def _bytes(file, start, count):
    """MicroPython takes a microsecond for each byte."""
    return bytes(window.Uint8Array.new(await file.slice(start, start + count).arrayBuffer()))


async def _find(file, start, mark):
    """Where two or four bytes first stand in the file, -1 if they do not: JavaScript searches, as numbers of that width."""
    width = len(mark)
    numbers = window.Uint16Array if width == 2 else window.Uint32Array
    number = int.from_bytes(mark, "little")
    while start < file.size:
        chunk = await file.slice(start, start + CHUNK + width - 1).arrayBuffer()
        found = []
        for shift in range(width):
            count = (chunk.byteLength - shift) // width
            place = numbers.new(chunk.slice(shift, shift + count * width)).indexOf(number) if count > 0 else -1
            if place >= 0:
                found.append(start + shift + place * width)
        if found:
            return min(found)
        start += CHUNK
    return -1


async def _size(file):
    """Width and height in pixels, upright, or None where the browser knows no such picture.

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
