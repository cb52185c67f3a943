# ruff: noqa: F821 -- it goes on where site/worker.py ends
# What test_policy.py adds to the page's worker: a door through which its Python tries to reach another host, one that
# tries to make code of texts, and one that says by what it was refused.

import js
from pyodide.ffi import JsException, create_proxy, to_js

_refused = []
js.addEventListener("securitypolicyviolation", create_proxy(lambda event: _refused.append(event.effectiveDirective)))


async def _fetched(url):
    await js.fetch(url)


async def _posted(url):
    await js.fetch(url, method="POST", mode="no-cors", body="a drawing")


async def _requested(url):
    request = js.XMLHttpRequest.new()
    request.open("GET", url, False)
    request.send()


async def _script(url):
    await js.importing(url)  # test_policy.py adds it: Python has no word for it


async def _end_of(thing, *events):
    end = asyncio.Event()
    told = create_proxy(lambda _: end.set())
    for event in events:
        thing.addEventListener(event, told)
    await end.wait()


async def _socket(url):
    await _end_of(js.WebSocket.new(url.replace("http", "ws")), "error")


async def _events(url):
    await _end_of(js.EventSource.new(url), "error")


async def _worker(url):
    script = f"fetch({url!r}).catch(() => {{}}).then(() => postMessage('tried'))"
    blob = js.Blob.new(to_js([script]), type="text/javascript")
    await _end_of(js.Worker.new(js.URL.createObjectURL(blob), type="module"), "message")


ATTEMPTS = {
    "fetched": _fetched,
    "posted": _posted,
    "requested": _requested,
    "imported": _script,
    "socket-of-worker": _socket,
    "events-of-worker": _events,
    "worker-of-worker": _worker,
}


async def attempt(name, url):
    """Tries one of them; what the browser says of it does not matter, only what the server hears."""
    try:
        await ATTEMPTS[name](url)
    except Exception as error:
        return {"error": str(error)}
    return {}


def attempts():
    return list(ATTEMPTS)


def made_of_texts():
    """What comes of it where Python has JavaScript make code of a text: "ran", or the error's name."""
    outcomes = []
    for make in (lambda: js.eval("1"), lambda: js.Function.new("return 1")()):
        try:
            make()
            outcomes.append("ran")
        except JsException as error:
            outcomes.append(error.name)
    return outcomes


def refused():
    return list(_refused)


__export__ += ["attempt", "attempts", "made_of_texts", "refused"]
