"""What the build changes in MicroPython's JavaScript: its ticks are of a clock that nobody sets.

asyncio goes by these ticks, which are Date.now() as published. Where the machine's clock is put forward, every deadline
ends at once; where it is put back, what is due at that moment is left until the clock is there again, an hour later or a day.
"""

TICKS = b"mp_js_ticks_ms:()=>Date.now()-MP_JS_EPOCH"
STEADY = b"mp_js_ticks_ms:()=>performance.now()"


def with_steady_ticks(module):
    """micropython.mjs, bytes, with a clock that only goes forward. ValueError if its own does not stand there once."""
    if module.count(TICKS) != 1:
        raise ValueError(f"micropython.mjs has {module.count(TICKS)} of what building/runtime/micropython.py looks for, not one")
    return module.replace(TICKS, STEADY)
