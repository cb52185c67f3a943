"""What the build changes in MicroPython's JavaScript: its ticks are of a clock that nobody sets.

asyncio goes by these ticks, which are Date.now() as published. When the machine's clock is put forward, every deadline
ends at once; when it is put back, what is due at that moment waits until the clock is there again, hours or days later.
"""

TICKS = b"mp_js_ticks_ms:()=>Date.now()-MP_JS_EPOCH"
STEADY = b"mp_js_ticks_ms:()=>performance.now()"


def with_steady_ticks(module: bytes) -> bytes:
    """micropython.mjs, bytes, with a clock that only goes forward. ValueError if its own does not stand there once."""
    if module.count(TICKS) != 1:
        found = module.count(TICKS)
        raise ValueError(f"micropython.mjs has {found} of what building/runtime/micropython.py looks for, not one")
    return module.replace(TICKS, STEADY)
