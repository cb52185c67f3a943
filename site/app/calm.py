"""Calls of JavaScript that may throw at once, as where storage is forbidden: that would end MicroPython's work, which catches
only what a promise was rejected with."""

from pyscript import window
from pyscript.ffi import create_proxy

calm = window.Promise.resolve()  # `await calm.then(function)` is a call whose error is a JsException


async def at_once(call, ask):
    """`ask(answer)` of what the JavaScript function `call` answers, before anything else happens: after an await a request
    may have had its event, and a transaction of which nothing was asked its end. JsException for what `call` throws.

    A promise's function returns nothing here: what it returns, MicroPython's garbage collector may have taken by then.
    """
    asked = []
    await calm.then(call).then(create_proxy(lambda answer: asked.append(ask(answer))))
    return asked[0]
