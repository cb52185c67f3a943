"""The page kept for offline use by service-worker.js: asked for once the page is ready, and told how that went.

A new version is offered, and waits for an answer. When it takes over, boot/page.js loads every tab anew, as files of two
versions must not mix; what was drawn, opened and taught outlasts that.
"""

import asyncio

from jsffi import JsException
from pyscript import document, window
from pyscript.ffi import create_proxy, to_js

from app.calm import calm
from app.dom import by_id, on

SERVICE_WORKER = "./service-worker.js"
CHECK, TAKE_OVER = {"type": "check"}, {"type": "take over"}
DAY = 24 * 60 * 60 * 1000  # ms: a page that nobody leaves looks for a new version, too
READY = "Ready to work offline"
SINGLE_FILE = "Works offline, all in this file"
FORBIDDEN = "Online only: this browser does not let the page be kept"
NO_ROOM = "Online only: there is no room to keep the page"
FAILED = "Online only: the page could not be kept this time"
SAVING = "Online only: this browser saves data, so the page is not kept"
NEW_VERSION = "A new version is there. What you drew and taught stays."


class Offline:
    def __init__(self):
        self.registration = None
        self.problem = FAILED  # or what the service worker tells of it
        self.workers = None  # the browser's
        self.reloads = False  # itself, once the new version is in use
        on("update", "click", lambda event: self._accept())
        on("later", "click", lambda event: offer(False))

    def begin(self):
        """The page is ready: what it may need later has not to be waited for by what it needs now."""
        if document.body.hasAttribute("data-single-file"):  # building/single/single.py made it
            tell(SINGLE_FILE)
        elif self.registration is None:
            self.registration = False
            asyncio.create_task(self._begin())

    async def _begin(self):
        try:
            self.workers = await service_workers()
            if saves_data() and not there(self.workers.controller):
                tell(SAVING)
                return
            on(self.workers, "message", self._told)
            registration = await self.workers.register(SERVICE_WORKER)
            on(registration, "updatefound", lambda event: self._follow_new())
        except AttributeError:
            tell(FORBIDDEN)  # and the property may be missing, too
            return
        except JsException as error:
            tell(FORBIDDEN if "SecurityError" in str(error) else FAILED)
            return
        self.registration = registration
        if there(registration.active):
            tell(READY)
            offer(there(registration.waiting))
            registration.active.postMessage(to_js(CHECK))
        self._follow_new()
        on(document, "visibilitychange", lambda event: asyncio.create_task(self._look()))
        window.setInterval(create_proxy(lambda *_: asyncio.create_task(self._look())), DAY)

    async def mend(self):
        """The page does not work: what is kept of it may be damaged and is looked through, or a new version works."""
        try:
            (await service_workers()).controller.postMessage(to_js(CHECK))
        except (JsException, AttributeError):
            return  # nothing is kept
        self.begin()

    async def _look(self):
        """Looks for a new version when the person comes back to this tab."""
        if document.visibilityState == "visible":
            try:
                await self.registration.update()
            except JsException:
                pass  # offline, or it could not be kept: next time

    def _follow_new(self):
        worker, is_update = self.registration.installing, there(self.registration.active)
        if there(worker):
            on(worker, "statechange", lambda event: self._changed(worker.state, is_update))

    def _changed(self, state, is_update):
        if state == "redundant" and not there(self.registration.active):
            tell(self.problem)
        elif state == "installed" and is_update:
            offer(True)
        elif state == "activated" and not is_update:
            tell(READY)
        elif state == "activated" and self.reloads:
            window.location.reload()

    def _told(self, event):
        if event.data.type == "not kept" and event.data.reason == "QuotaExceededError":
            self.problem = NO_ROOM
            if by_id("offline").textContent == FAILED:  # its end was heard of before its reason
                tell(NO_ROOM)

    def _accept(self):
        self.reloads = not there(self.workers.controller)  # boot/page.js hears of it only where the old one was in use
        if there(self.registration.waiting):
            self.registration.waiting.postMessage(to_js(TAKE_OVER))
        else:
            window.location.reload()  # no tab had the old one in use


async def service_workers():
    """The browser's service workers. Where they are forbidden the very property may throw, and what is thrown at once
    Python can't catch."""
    get, navigator = window.Reflect.get, window.navigator
    return await calm.then(get.bind(window.Reflect, navigator, "serviceWorker", navigator))


def saves_data():
    """Whether the person has the browser hold back what is not needed yet (Save-Data)."""
    return hasattr(window.navigator, "connection") and getattr(window.navigator.connection, "saveData", False) is True


def there(worker):
    """Whether it is one: where there is none, JavaScript says null."""
    return hasattr(worker, "state")


def tell(sentence):
    by_id("offline").textContent = sentence


def offer(shown):
    by_id("news").toggleAttribute("data-shown", shown)
    by_id("news-says").textContent = NEW_VERSION if shown else ""
