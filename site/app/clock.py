"""Waiting by the browser's timers, which do not know what time it is.

MicroPython's asyncio.sleep and wait_for go by the wall clock: where that is put forward, or the machine slept, they end at
once, and where it is put back, not for as long.
"""

import asyncio

from pyscript import window

SLICE = 1  # s; a machine that slept loses one of these, not all of a deadline


async def sleep(seconds):
    def begin(resolve, reject):
        window.setTimeout(resolve, 1000 * seconds)

    await window.Promise.new(begin)


async def within(seconds, work):
    """What a coroutine comes to. asyncio.TimeoutError if it takes longer; it is cancelled then."""
    task = asyncio.create_task(work)
    watch = asyncio.create_task(_cancel(task, seconds))
    try:
        return await task
    except asyncio.CancelledError:
        raise asyncio.TimeoutError from None  # noqa: UP041, MicroPython has no other name for it
    finally:
        watch.cancel()


async def _cancel(task, seconds):
    for _ in range(seconds // SLICE):
        await sleep(SLICE)
    task.cancel()
