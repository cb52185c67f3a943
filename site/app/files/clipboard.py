"""Text to the clipboard."""

from jsffi import JsException
from pyscript import document, window


async def copy(text):
    """Copies `text`; False where the browser does not let it."""
    try:
        if hasattr(window.navigator, "clipboard"):  # only where the page came by https or from this machine
            await window.navigator.clipboard.writeText(text)
            return True
    except JsException:
        pass  # not permitted; the older way may be
    return _copy_selected(text)


def _copy_selected(text):
    focused = document.activeElement
    field = document.createElement("textarea")
    field.value = text
    field.className = "covered"
    document.body.append(field)
    field.select()
    copied = document.execCommand("copy")
    field.remove()
    focused.focus()
    return bool(copied)
