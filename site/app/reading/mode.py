"""Which marks are read beside the digits: chosen by the person, remembered in this browser, and part of every request."""

from jsffi import JsException
from pyscript import window

from app.calm import calm
from app.dom import by_id, on
from app.symbols import MODES

NAME = "mode"
USUAL = "numbers"  # as in number_reader.Recognizer.read


class Mode:
    """`chosen` is one of MODES, `decimal` "." or ",", whichever this browser's language has before decimals, or None.
    `on_change` are functions called with no arguments when another mode is chosen."""

    def __init__(self, memory):
        self.memory = memory
        self.chosen = USUAL
        self.decimal = None
        self.by_hand = False  # chosen since the page was loaded
        self.on_change = []
        on("mode", "change", lambda event: self._choose(event.target.value))
        self._show()  # browsers that remember what was checked show it again, and know nothing of what is remembered here

    @property
    def marks(self):
        """The marks that are read, a text."""
        return MODES[self.chosen]

    async def restore(self):
        """To be called once, before anything is read."""
        remembered = await self.memory.recall(NAME)
        if self.by_hand:  # a person was quicker than the memory, which took nothing then
            self.memory.remember(NAME, self.chosen)
        elif remembered in MODES:
            self.chosen = remembered
            self._show()
            self._tell()
        self.decimal = await decimal_sign()

    def _choose(self, chosen):
        self.by_hand = True
        self.chosen = chosen
        self.memory.remember(NAME, chosen)
        self._tell()

    def _show(self):
        by_id("mode-" + self.chosen).checked = True

    def _tell(self):
        for listener in self.on_change:
            listener()


async def decimal_sign():
    """ "." or ",", whichever the browser's language has before decimals; None if it has another, or nobody knows."""
    try:
        one = await calm.then(window.Number.prototype.toLocaleString.bind(1.5, window.navigator.language))
    except JsException:  # not every browser names its language as the standard has it
        return None
    return one[1] if one in ("1.5", "1,5") else None
