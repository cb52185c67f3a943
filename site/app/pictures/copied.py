"""The picture in copied HTML: what Google Docs, mail programs and web pages bring where they bring no file.

Only what the HTML itself holds is taken, as a data: address; nothing is fetched. The HTML is not made into a document either:
the page's policy would complain of each style in it. Its text may have megabytes, more than MicroPython has room for at once,
so it stays in a Blob and is looked at piece by piece.
"""

import binascii

from pyscript import window
from pyscript.ffi import to_js

LIMIT = 150_000_000  # bytes of HTML: base64 writes four for each three of a picture's, which may have 100 MB
MOST = 100  # images that are looked at
PIECE = 1 << 16  # characters that are looked at, or decoded from base64, at once
PIECE_OF_PYTHON = 1 << 12  # decoded by Python, whose binascii is written in Python: 8 µs for each
TAG = 4096  # characters of a tag in which the address of its image must begin
HEADER = 200  # characters in which a data: address says what it holds
BLANK = " \t\r\n\f"

ELSEWHERE = "That picture lies on another site: save it and open the file."
NOT_THERE = "Only the name of that picture was copied: save it and open the file."
UNUSABLE = "The picture in what was copied cannot be used: save it and open the file."


def html_in(transfer):
    """A Blob of the HTML in a DataTransfer, which tells only while its event is handled; None if there is none."""
    if not transfer.types.includes("text/html"):
        return None
    # JavaScript calls it, so that its text does not come to Python: what was bound is a function of JavaScript's own.
    ask = transfer.getData.bind(transfer)
    return window.Blob.new(getattr(window.Array, "from")(to_js(["text/html"]), ask))


async def picture_in(html):
    """(Blob, None) of the largest picture that the HTML holds, or (None, why there is none); (None, None) if it speaks of
    none."""
    if html.size > LIMIT:
        return None, UNUSABLE
    try:
        places = await _addresses(html)
        held = [(end - start, start, end) for start, end, begin in places if begin.startswith("data:image/")]
        if held:
            return await _decoded(html, *max(held)[1:]), None
    except Exception:  # JavaScript's, and any that MicroPython's binascii raises
        return None, UNUSABLE
    if any(begin.startswith(("http:", "https:", "//")) for _, _, begin in places):
        return None, ELSEWHERE
    return None, (NOT_THERE if places else None)


async def _addresses(html):
    """[(start, end, its first letters)] of what the images of the HTML name as their source."""
    found, at = [], 0
    while at < html.size and len(found) < MOST:
        text = (await _text(html, at, PIECE)).lower()
        start = text.find("<img")
        if start < 0:
            at += PIECE - 3  # the first letters of one may end it
            continue
        at += start
        tag = await _text(html, at, TAG)
        start, ends = source_in(tag)
        if start < 0:
            at += 4
            continue
        begin, at = tag[start : start + 11].lower(), at + start
        end = await _find(html, at, ends)
        found.append((at, end, begin))
        at = end
    return found


def source_in(tag):
    """(where the address begins, the characters of which one ends it) in a text that begins with "<img"; (-1, "") where it
    names none."""
    at = len("<img")
    while 0 <= at < len(tag) and tag[at] != ">":
        start = at
        at = _first(tag, BLANK + "/=>", at)
        name = tag[start:at].lower()
        at = _past(tag, at)
        if tag[at : at + 1] == "=":
            at = _past(tag, at + 1)
            is_quoted = tag[at : at + 1] in ("'", '"')
            ends = tag[at] if is_quoted else BLANK + ">"
            at += is_quoted
            if name == "src":
                return at, ends
            at = _first(tag, ends, at) + is_quoted
        at = _past(tag, at, BLANK + "/")
    return -1, ""


def _past(text, at, passed=BLANK):
    while at < len(text) and text[at] in passed:
        at += 1
    return at


def _first(text, marks, at=0):
    """Where the first of some characters stands from there on; the end, if none does."""
    return min([place for place in [text.find(mark, at) for mark in marks] if place >= 0] + [len(text)])


async def _text(blob, start, count):
    """Each byte is one character of it."""
    return window.TextDecoder.new("latin1").decode(await blob.slice(start, start + count).arrayBuffer())


async def _find(blob, start, marks):
    """Likewise in a Blob."""
    while start < blob.size:
        text = await _text(blob, start, PIECE)
        place = _first(text, marks)
        if place < len(text):
            return start + place
        start += PIECE
    return blob.size


async def _decoded(html, start, end):
    """A Blob of the bytes in the data: address that stands there. An Exception if it holds none."""
    about, comma, _ = (await _text(html, start, min(HEADER, end - start))).partition(",")
    words = about[len("data:") :].lower().split(";")
    if not comma or words[-1].strip() != "base64":
        raise ValueError
    native = hasattr(window.Uint8Array, "fromBase64")
    step, decode = (PIECE, _by_browser) if native else (PIECE_OF_PYTHON, _by_python)
    parts, rest = [], ""
    for at in range(start + len(about) + 1, end, step):
        rest += "".join((await _text(html, at, min(step, end - at))).split())
        for escaped, letter in (("%2B", "+"), ("%2F", "/"), ("%3D", "=")):
            rest = rest.replace(escaped, letter)
        ready = len(rest) if at + step >= end else (len(rest) - 2) // 4 * 4  # an escaped letter may be cut at its end
        if ready > 0:
            parts.append(await decode(rest[:ready]))
            rest = rest[ready:]
    return window.Blob.new(to_js(parts), to_js({"type": words[0].strip()}))


async def _by_browser(text):
    # In a promise, as Python can't catch what JavaScript throws at once.
    return await window.Promise.resolve(text).then(window.Uint8Array.fromBase64.bind(window.Uint8Array))


async def _by_python(text):
    """For browsers of before 2025."""
    return window.Uint8Array.new(to_js(list(binascii.a2b_base64(text.encode()))))
