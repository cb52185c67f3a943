"""The pictures of the examples: their file is fetched when first asked for, and kept by the browser."""

import asyncio
import io

import js
from pyodide.ffi import JsException

from number_reader import ModelError
from number_reader.storage.exemplars import Exemplars

CACHE = "exemplars"  # that keeps them in the browser
MILLISECONDS = 120_000  # to fetch three megabytes: a slow line needs a minute

_loading = None  # the task that fetches them, or has


async def glyphs(rows, url, recognizer):
    """{"glyphs": 784 bytes for each of these rows of the model}, or {"error": why there are none just now}.

    rows: list of int. url: of their file. A failure is not for ever.
    """
    global _loading
    if _loading is None:
        _loading = asyncio.ensure_future(_load(url, recognizer))
    try:
        known = await _loading
    except (JsException, OSError):
        _loading = None
        return {"error": "The pictures of the examples could not be fetched. Check the connection."}
    except ModelError as error:
        _loading = None
        return {"error": f"The pictures of the examples could not be used: {error}"}
    return {"glyphs": known.glyphs(rows).tobytes()}


async def _load(url, recognizer):
    """The Exemplars, from the browser's cache if those there fit the model, or else fetched, and then kept there."""

    def load(data):
        return Exemplars.load(io.BytesIO(data.to_bytes()), recognizer)

    kept = await _kept(url)
    if kept:
        try:
            return load(kept)
        except ModelError:
            pass  # damaged, or of another version
    answer = await js.fetch(url, cache="no-cache", signal=js.AbortSignal.timeout(MILLISECONDS))
    if not answer.ok:
        raise OSError(f"status {answer.status}")
    copy = answer.clone()
    loaded = load(await answer.arrayBuffer())
    await _keep(url, copy)
    return loaded


async def _kept(url):
    """What the browser's cache has of `url`, or None: it may be empty, forbidden, or missing altogether."""
    try:
        found = await (await js.caches.open(CACHE)).match(url)
        return await found.arrayBuffer() if found else None
    except (AttributeError, JsException):
        return None


async def _keep(url, answer):
    """Keeps it, and nothing else: what another version of the page kept has another address."""
    try:
        await js.caches.delete(CACHE)
        await (await js.caches.open(CACHE)).put(url, answer)
    except (AttributeError, JsException):
        pass  # no room or no right: they are fetched again at the next visit
