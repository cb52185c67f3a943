"""How far the reading of a picture has come: a bar, a few words and a way to end it.

Only the bar changes while rows come: the status line, which screen readers announce, keeps what it says.
"""

from pyscript import document

from app.dom import by_id, on

STAGES = {
    "sheet": (0, "Looking for the sheet"),
    "turn": (10, "Looking which way is up"),
    "lines": (25, "Looking for lines"),
}
ALL = 100
LABEL, LABEL_OF_START = "Reading the picture", "Loading"


class Progress:
    """`on_cancel()` is called where a person ends it."""

    def __init__(self, on_cancel):
        on("cancel", "click", lambda event: on_cancel())

    def begin(self):
        self._show(0, "")
        document.body.toggleAttribute("data-picture", True)
        by_id("cancel").hidden = False
        by_id("progress").setAttribute("aria-label", LABEL)

    def show(self, stage, k, n):
        """`stage` begins or, with `k` above 0, row k of n is read."""
        share, words = STAGES[stage]
        if k:
            share, words = share + (ALL - share) * k / n, f"Line {k} of {n}"
        self._show(share, words)

    def end(self):
        document.body.toggleAttribute("data-picture", False)
        by_id("cancel").hidden = True
        by_id("remaining").textContent = ""
        by_id("progress").setAttribute("aria-label", LABEL_OF_START)

    def _show(self, share, words):
        by_id("progress").value = share
        by_id("remaining").textContent = words
