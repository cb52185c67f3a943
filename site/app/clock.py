"""Deadlines that a machine which slept, or a tab that was frozen, does not use up.

Time went by, but nobody could answer in it. That the clock was set is no matter: building/runtime/micropython.py.
"""

import asyncio

SLICE = 1  # s; this much of a deadline is lost at most
PAUSE = 0.001  # s in which the browser may do something else; 0 would not let it


async def within(seconds, work, heard=lambda: None, is_vain=lambda: False):
    """What a coroutine comes to. asyncio.TimeoutError if it takes longer, or so long after the last change of what `heard()`
    returns, or once `is_vain()`; it is cancelled then."""
    task = asyncio.create_task(work)
    watch = asyncio.create_task(_cancel(task, seconds, heard, is_vain))
    try:
        return await task
    except asyncio.CancelledError:
        raise asyncio.TimeoutError from None  # noqa: UP041, MicroPython has no other name for it
    finally:
        watch.cancel()


async def _cancel(task, seconds, heard, is_vain):
    last, silence = heard(), 0
    while silence < seconds and not is_vain():
        await asyncio.sleep(SLICE)
        last, before = heard(), last
        silence = silence + SLICE if last == before else 0
    task.cancel()
