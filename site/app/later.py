"""Packs of the page's own modules that are fetched when they are first used (`later` in boot/micropython.mjs)."""

from pyscript import window

_here = []


async def fetch(name):
    """Once it returns, the modules of the pack can be imported. JsException if it can't be fetched."""
    if name not in _here:
        await window.later(name)
        _here.append(name)
