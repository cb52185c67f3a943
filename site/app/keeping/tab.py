"""What a tab remembers over a reload, and what the browser remembers for all tabs and later visits: texts.

Where storage is forbidden or full, nothing is remembered, and the page goes on without.
"""

from jsffi import JsException
from pyscript import window
from pyscript.ffi import create_proxy

from app.calm import calm

ignore = create_proxy(lambda *_: None)


class Tab:
    """In sessionStorage, which other tabs don't see and which ends with the tab."""

    STORAGE = "sessionStorage"

    def __init__(self):
        self._storage = None
        self._place = " of " + window.location.pathname  # other pages of this host share the storage

    async def recall(self, name):
        """The text remembered under a name, or None. Before the first call nothing can be remembered."""
        try:
            self._storage = await calm.then(window.Reflect.get.bind(window.Reflect, window, self.STORAGE))
            return await calm.then(self._storage.getItem.bind(self._storage, name + self._place))
        except (JsException, AttributeError):
            return None

    def remember(self, name, text):
        """Remembers a text; with None forgets it. It is done even if the page is being left."""
        storage, name = self._storage, name + self._place
        if storage:
            work = storage.removeItem.bind(storage, name) if text is None else storage.setItem.bind(storage, name, text)
            calm.then(work).catch(ignore)


class Browser(Tab):
    """In localStorage, which all tabs share."""

    STORAGE = "localStorage"
