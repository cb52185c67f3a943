# ruff: noqa: F821 -- it goes on where site/worker.py ends
# What test_policy.py adds to the page's worker: a door through which its Python tries to reach another host, and one
# that says by what it was refused.

from js import XMLHttpRequest, addEventListener, fetch
from pyodide.code import run_js
from pyodide.ffi import create_proxy

_refused = []
addEventListener("securitypolicyviolation", create_proxy(lambda event: _refused.append(event.effectiveDirective)))


async def _fetched(url):
    await fetch(url)


async def _posted(url):
    await fetch(url, method="POST", mode="no-cors", body="a drawing")


async def _requested(url):
    request = XMLHttpRequest.new()
    request.open("GET", url, False)
    request.send()


async def _script(url):
    await run_js(f"import({url!r})")


async def _socket(url):
    await run_js(f"new Promise(end => {{ new WebSocket({url.replace('http', 'ws')!r}).onerror = end; }})")


async def _events(url):
    await run_js(f"new Promise(end => {{ new EventSource({url!r}).onerror = end; }})")


async def _worker(url):
    script = f"fetch({url!r}).catch(() => {{}}).then(() => postMessage('tried'))"
    worker = f"new Worker(URL.createObjectURL(new Blob([{script!r}], {{type: 'text/javascript'}})), {{type: 'module'}})"
    await run_js(f"new Promise(end => {{ {worker}.onmessage = end; }})")


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


def refused():
    return list(_refused)


__export__ += ["attempt", "attempts", "refused"]
