"""Keyboard shortcuts. Single keys work only where the focus is on the pad; its digits are correct's, its arrows cursor's."""

from pyscript import document

from app.dom import on
from app.drawing.cursor import tell

# Here the keys are the element's own.
TYPING = (
    "textarea, select, [contenteditable], "
    "input:not([type=range], [type=file], [type=button], [type=checkbox], [type=radio])"
)
BRACKETS = "[", "]"
STEP = 4  # px that a key makes the brush wider


class Shortcuts:
    """`step_back()` takes back what was mended last: over a picture that is what there is to undo."""

    def __init__(self, pad, tools, step_back):
        self.pad = pad
        self.tools = tools
        self.step_back = step_back
        on(document, "keydown", self._anywhere)
        on(pad.canvas, "keydown", self._on_pad)

    def _anywhere(self, event):
        if event.altKey or not (event.ctrlKey or event.metaKey) or event.target.matches(TYPING):
            return
        key = letter(event)
        if document.body.dataset.place == "picture":
            if key != "z" or event.shiftKey:
                return
            self.step_back()
        elif key == "z":
            (self.pad.redo if event.shiftKey else self.pad.undo)()
        elif key == "y" and event.ctrlKey and not event.shiftKey:
            self.pad.redo()
        else:
            return
        event.preventDefault()

    def _on_pad(self, event):
        # On many keyboards the brackets need AltGr, which is told as Ctrl and Alt.
        held = event.ctrlKey or event.metaKey or event.altKey
        if held and not (event.key in BRACKETS and event.getModifierState("AltGraph")):
            return
        if event.key in ("Delete", "Backspace"):
            self.tools.clear()
            tell("Cleared")
        elif event.key in BRACKETS:
            self.tools.widen(STEP if event.key == "]" else -STEP)
            tell(f"Brush {round(self.pad.brush)}")
        elif letter(event) == "e":
            self.tools.choose_eraser(not self.pad.erasing)
            tell("Eraser on" if self.pad.erasing else "Eraser off")
        else:
            return
        event.preventDefault()


def letter(event):
    """The Latin letter of a key, in other scripts that of its place on the keyboard; or else its name."""
    key = event.key.lower()
    if len(key) == 1 and ord(key) > 127 and event.code.startswith("Key"):
        return event.code[3:].lower()
    return key
